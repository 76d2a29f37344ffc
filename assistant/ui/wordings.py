"""Errors in German: finds which wording of `german/errors*.toml` a message was made from.

Errors come from the rooms below as finished English texts. A line in those files holds such a text
with gaps and the same in German. What a gap holds stays as it is, but for two kinds: `_SAID` may
hold another such text, and `_NUMBERS` are written as in German.
"""

from __future__ import annotations

import re
import string
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_FILES = Path(__file__).parent / "german"
_SAID = {"reason", "also", "where", "what"}
_NUMBERS = {"n", "most", "size"}
_GERMAN_SIGNS = str.maketrans(",.", ".,")
_DEEP = 5  # texts within texts


@dataclass(frozen=True)
class Wording:
    """What stands before, between and after the gaps, the names of the gaps, and the German."""

    literals: tuple[str, ...]
    gaps: tuple[str, ...]
    german: str

    @classmethod
    def of(cls, english: str, german: str) -> Wording:
        parts = [*string.Formatter().parse(english)]
        gaps = tuple(gap for _, gap, *_ in parts if gap is not None)
        literals = tuple(literal for literal, *_ in parts)
        return cls(literals if len(literals) > len(gaps) else (*literals, ""), gaps, german)

    def values(self, message: str, start: int) -> dict[str, str] | None:
        """What the gaps hold, if the message from `start` on has this wording.

        No regular expression: whatever somebody calls a file, this goes through it once.
        """
        (first, *others), end = self.literals, len(message)
        if not message.startswith(first, start):
            return None
        at, found = start + len(first), dict[str, str]()
        for number, (gap, literal) in enumerate(zip(self.gaps, others, strict=True), start=1):
            last = number == len(others)
            stop = end - len(literal) if last else message.find(literal, at)
            if stop < at or not message.startswith(literal, stop):
                return None
            if found.setdefault(gap, message[at:stop]) != message[at:stop]:
                return None
            at = stop + len(literal)
        return found if at == end else None


@lru_cache(maxsize=1000)  # a report is shown again and again while it grows
def in_german(message: str, deep: int = _DEEP) -> str:
    """A message of an error; as it is where it is none of ours.

    The name of a source may stand before it: “notes.pdf is empty”, “https://…: is empty”.
    """
    starts = [0, *(space.end() for space in re.finditer(" ", message))]
    for start in starts if deep else ():
        german = _rest_in_german(message, start, deep)
        if german is not None:
            return message[:start] + german
    return message


def _rest_in_german(message: str, start: int, deep: int) -> str | None:
    if start and not message.startswith(_beginnings(), start):
        return None
    for wording in _wordings():
        if start and not wording.literals[0]:
            break  # only those follow that begin with a gap: it has room for the name itself
        values = wording.values(message, start)
        if values is not None:
            said = {gap: _said(gap, value, deep) for gap, value in values.items()}
            return wording.german.format(**said)
    return None


def _said(gap: str, value: str, deep: int) -> str:
    if gap in _NUMBERS:
        return value.translate(_GERMAN_SIGNS)
    return in_german(value, deep - 1) if gap in _SAID else value


@cache
def _beginnings() -> tuple[str, ...]:
    return tuple(filter(None, (wording.literals[0] for wording in _wordings())))


@cache
def _wordings() -> list[Wording]:
    """Those that begin with words first, for a gap at the beginning takes in anything; of both
    those with the most words first.
    """
    lines = [
        line
        for path in sorted(_FILES.glob("errors*.toml"))
        for line in tomllib.loads(path.read_text("utf-8")).items()
    ]
    found = [Wording.of(english, german) for english, german in lines]
    return sorted(found, key=lambda each: (not each.literals[0], -len("".join(each.literals))))
