"""With how many threads a machine reads and writes fastest: measured once, and kept.

One thread a core is not always best: cores that share their parts, slow ones beside fast ones, and
containers that may use fewer than they see make more threads slower than fewer.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from assistant.engines.reader import Reader

_READ, _WRITTEN = 64, 8  # tokens of one try
_WORTH = 0.9  # fewer threads than one a core are chosen where they take so much of its time
_HOPELESS = 1.5  # times the best: still fewer threads are not tried then
_QUIET = 1.2  # the same takes no longer the second time, nor was it that much longer the first time
_KEPT = 30 * 24 * 3600  # seconds; the machine may have been busy with something else


class Threads(NamedTuple):
    reading: int
    writing: int


def every_core() -> Threads:
    cores = os.cpu_count() or 1
    return Threads(cores, cores)


def measured(
    reader: Reader, tokens: Sequence[int], give_up: Callable[[], bool] = lambda: False
) -> Threads | None:
    """What is fastest here, from some seconds of reading and writing; None if given up, or where
    other work came between.

    `tokens` are at least 72 that the reader holds; it holds no others afterwards.
    """
    cores = every_core().reading
    reading: dict[int, float] = {}
    writing: dict[int, float] = {}
    for count in _counts(cores):
        if give_up():
            return None
        if not (_is_hopeless(reading) and _is_hopeless(writing)):
            reading[count], writing[count] = _timed(reader, tokens, count)
    again, _ = _timed(reader, tokens, cores)
    reader.logits(tokens)
    if not 1 / _QUIET < again / reading[cores] < _QUIET:
        return None
    return Threads(fastest(reading), fastest(writing))


def fastest(seconds: Mapping[int, float]) -> int:
    """The number of threads with the fewest seconds; the highest where that is little slower."""
    best = min(seconds, key=lambda count: seconds[count])
    return best if seconds[best] <= _WORTH * seconds[max(seconds)] else max(seconds)


def kept(file: Path) -> Threads | None:
    """What was measured here before, unless that is long ago."""
    with suppress(OSError, ValueError, TypeError):
        if time.time() - file.stat().st_mtime < _KEPT:
            reading, writing = json.loads(file.read_text("utf-8"))
            if all(isinstance(each, int) and each > 0 for each in (reading, writing)):
                return Threads(reading, writing)
    return None


def keep(file: Path, threads: Threads) -> None:
    """For the next start. Where that cannot be, it is measured again."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(threads), "utf-8")


def _counts(cores: int) -> Iterator[int]:
    """All, three quarters of them, half, three eighths and so on, down to one."""
    while cores >= 1:
        yield cores
        if cores >= 4:
            yield cores * 3 // 4
        cores //= 2


def _is_hopeless(seconds: Mapping[int, float]) -> bool:
    return bool(seconds) and seconds[min(seconds)] > _HOPELESS * min(seconds.values())


def _timed(reader: Reader, tokens: Sequence[int], count: int) -> tuple[float, float]:
    """Seconds of reading, and of writing as if token after token came from the model."""
    reader.use(count, count)
    reader.logits(tokens)  # the threads are made
    more = [*tokens, *tokens[: _READ + _WRITTEN]]
    begun = time.monotonic()
    reader.logits(more[: len(tokens) + _READ])
    read = time.monotonic()
    for end in range(len(tokens) + _READ, len(more)):
        reader.logits(more[: end + 1])
    return read - begun, time.monotonic() - read
