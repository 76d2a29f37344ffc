"""Runs of lines → paragraphs: lines broken by hand are joined, breaks that mean something stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import groupby, pairwise

WRAP = range(55, 133)  # the widths, in characters, at which texts are wrapped by hand
_SLACK = 6  # characters by which a wrapped line may fall short

ITEM = re.compile(r"(?:[-*+•‣▪◦·–—]|\(?(?:\d{1,3}|[a-z])[.)])\s+\S")
ENDS = re.compile(r"(?:[.!?…:]|(?<=[.!?…,])[\"'”’»)\]]+)$")


def split(block: list[str]) -> list[list[str]]:
    """Part a run of lines into paragraphs, each of one line unless its line breaks mean something.

    Lines are joined where a wrapper broke them: the next word would not have fitted. In verse,
    lists and tables the breaks stay; where lines are long, each is a paragraph.
    """
    width = max(map(len, block))
    if width >= WRAP.stop:
        return _apart(_joined(block, _runs_on))
    pairs = [(a, b) for a, b in pairwise(block) if not _fixed(a, b)]
    explained = sum(_is_full(a, b, width) or bool(ENDS.search(a)) for a, b in pairs)
    if width in WRAP and pairs and explained >= 0.75 * len(pairs):
        return _apart(_joined(block, partial(_wraps, width=width)))
    return [block]


def _joined(block: list[str], goes_on: Callable[[str, str], bool]) -> list[str]:
    lines = [block[:1]]
    for above, line in pairwise(block):
        if not goes_on(above, line):
            lines.append([line])
        elif re.search(r"\S-$", above) and line[:1].islower():
            lines[-1] += [line]
        else:
            lines[-1] += [" ", line]
    return ["".join(pieces) for pieces in lines]


def _wraps(line: str, following: str, width: int) -> bool:
    full = _is_full(line, following, width) or following[:1].islower()
    return full and not _fixed(line, following)


def _runs_on(line: str, following: str) -> bool:
    """Whether a stray line break stands within a sentence, as where a page had "CO₂" or a link."""
    if ENDS.search(line) or ITEM.match(line) or _fixed(line, following):
        return False
    return following[:1].islower() or (following[:1].isdigit() and len(line) >= WRAP.start)


def _apart(lines: list[str]) -> list[list[str]]:
    """Each line a paragraph of its own; neighbouring list items and table rows stay together."""
    return [
        paragraph
        for listed, run in groupby(lines, key=_is_listed)
        for paragraph in ([list(run)] if listed else [[line] for line in run])
    ]


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width - _SLACK


def _is_listed(line: str) -> bool:
    return bool(ITEM.match(line)) or is_row(line)


def is_row(line: str) -> bool:
    return " | " in line


def _fixed(line: str, following: str) -> bool:
    """Whether the break between two lines means something, whatever their lengths."""
    if not ITEM.match(following):
        return is_row(line) or is_row(following)
    first = following.startswith(("1.", "1)")) or not following[0].isdigit()
    return first or bool(ENDS.search(line) or ITEM.match(line))  # else "… on\n12. May"
