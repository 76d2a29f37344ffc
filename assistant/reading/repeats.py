"""Lines that come again: those of a table of contents, the heads and feet of printed sheets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from assistant.reading import noise
from assistant.reading.lines import is_prose, letters
from assistant.reading.paragraphs import ITEM, is_row

_LONGEST = 60  # lines of a table of contents

_LISTED = re.compile(
    r"(?:table of )?contents|on this page|in this article|toc|inhalt(?:sverzeichnis)?"
    r"|sommaire|índice"
)
_PAGE = re.compile(r"\b(?:page|seite|página)\b", re.I)
_COUNTED = re.compile(
    r"(?:chapter|part|step|day|week|year|question|figure|fig|table|lesson|section|item|round|game"
    r"|episode|rule|note|kapitel|teil|tag|schritt|frage|abbildung|tabelle|chapitre|partie|étape"
    r"|capítulo|parte|paso)\b",
    re.I,
)


def contents(lines: list[str], filled: list[int]) -> Iterator[int]:
    """A table of contents: lines that come again as headings further down."""
    for n, i in enumerate(filled):
        if not _LISTED.fullmatch(lines[i].split(" [")[0].strip(" :").casefold()):
            continue
        later: dict[str, int] = defaultdict(int)
        for j in filled[n + 1 :]:
            later[_entry(lines[j])] += 1
        listed = []
        for j in filled[n + 1 : n + 1 + _LONGEST]:
            again = later[_entry(lines[j])] >= 2 or noise.is_menu(lines[j][2:])
            if is_prose(lines[j]) or not again:
                break
            listed.append(j)
            later[_entry(lines[j])] -= 1
        if listed:
            yield from (i, *listed)
        return


def _entry(line: str) -> str:
    return letters(re.sub(r"^(?:[-*•]|\d+(?:\.\d+)*[.)]?)\s+", "", line))


def running_heads(lines: list[str], filled: list[int]) -> Iterator[int]:
    """Lines at the foot or head of printed pages: the same words with a number that counts on."""
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for i in filled:
        line = lines[i]
        number = re.search(r"^\d{1,4}\b|\b\d{1,4}$", line) if len(line) <= 80 else None
        if number and not ITEM.match(line) and not is_row(line) and not _COUNTED.match(line):
            words = line[: number.start()] + line[number.end() :]
            if len(re.findall(r"\w+", words)) > 1 or _PAGE.search(words):
                seen[letters(words)].append((i, int(number[0])))
    for run in seen.values():
        if not _counts_on(run):
            continue
        feet = [i for i, _ in run]
        beside = Counter(lines[j] for i in feet for j in _neighbours(filled, i))
        heads = {line for line, n in beside.items() if n >= 3 and len(line) <= 80}
        heads = {line for line in heads if not is_prose(line)}
        if heads or _PAGE.search(lines[feet[0]]):
            yield from feet
            yield from (i for i in filled if lines[i] in heads)


def _neighbours(filled: list[int], i: int) -> list[int]:
    at = bisect_left(filled, i)
    return filled[max(at - 1, 0) : at] + filled[at + 1 : at + 2]


def _counts_on(run: list[tuple[int, int]]) -> bool:
    numbers = [number for _, number in run]
    return len(run) >= 3 and all(0 < b - a <= 2 for a, b in pairwise(numbers))
