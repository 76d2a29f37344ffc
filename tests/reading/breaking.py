"""Documents with bytes that were changed, and how reading them may end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from assistant.errors import SourceError


@contextmanager
def read_or_told_in_a_line() -> Iterator[None]:
    """What is inside ends well, or with a SourceError of one line."""
    try:
        yield
    except SourceError as error:
        assert "\n" not in str(error)


def changed(data: bytes, changes: Iterable[tuple[int, int]]) -> bytes:
    """With other bytes at some places; a place beyond the end counts from the beginning again."""
    other = bytearray(data)
    for place, byte in changes:
        other[place % len(other)] = byte
    return bytes(other)
