from __future__ import annotations

import gzip
import threading
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SourceError, Stopped
from assistant.reading.wire import Watch, unpacked

TEXT = b"The bridge was opened on Monday. " * 5000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


PACKED = {
    "gzip": gzip.compress(TEXT),
    "X-GZIP": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "deflate, identity": raw_deflate(TEXT),
    "": TEXT,
    "identity": TEXT,
}


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_unpacked(encoding: str, size: int) -> None:
    assert b"".join(unpacked(pieces(PACKED[encoding], size), encoding)) == TEXT


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.integers(1, 50))
def test_several_gzip_files_in_a_row(parts: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts) + b"rubbish"
    assert b"".join(unpacked(pieces(packed, size), "gzip")) == b"".join(parts)


def test_a_little_at_a_time() -> None:
    largest = max(len(block) for block in unpacked([gzip.compress(bytes(50_000_000))], "gzip"))
    assert largest <= 1 << 16


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("keep", [1, 5, 100, -1])
def test_cut_short(encoding: str, keep: int) -> None:
    with pytest.raises(SourceError, match="broke off half-way"):
        list(unpacked([PACKED[encoding][:keep]], encoding))


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "%$"])
def test_what_was_not_asked_for(encoding: str) -> None:
    with pytest.raises(SourceError, match="came packed in a way that cannot be unpacked"):
        list(unpacked([b"x"], encoding))


@given(st.lists(st.binary(max_size=60)), st.sampled_from(["gzip", "deflate"]))
def test_damaged(blocks: list[bytes], encoding: str) -> None:
    try:
        list(unpacked([b"\x1f\x8b\x08", *blocks], encoding))
    except SourceError as error:
        assert "came damaged" in str(error) or "broke off" in str(error)


def test_pauses_do_not_count() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    watch = Watch(10, clock=lambda: now[0], sleep=sleep)
    part = watch.part(8)
    assert part.left() == 5
    now[0] += 4
    part.pause(100)
    assert part.left() == pytest.approx(1) and watch.left() == pytest.approx(6)
    now[0] += 2
    with pytest.raises(TimeoutError):
        part.left()
    assert watch.left() == pytest.approx(4)


def test_a_part_of_no_time_is_none() -> None:
    part = Watch(0).part(5)
    with pytest.raises(TimeoutError):
        part.left()


def test_what_cannot_be_interrupted_is_left_behind() -> None:
    stop, hanging = threading.Event(), threading.Event()
    watch = Watch(0.3)
    assert watch.over(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        watch.over(lambda: 1 // 0)
    with pytest.raises(TimeoutError):
        watch.over(hanging.wait)
    threading.Timer(0.2, stop.set).start()
    begin = time.monotonic()
    with pytest.raises(Stopped):
        Watch(60, [stop]).over(hanging.wait)
    assert time.monotonic() - begin < 5
    hanging.set()
