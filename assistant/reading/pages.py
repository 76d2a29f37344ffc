"""Where the pages of a draft begin in its text once that has been cleaned."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import NamedTuple

from assistant.reading.clean import normalise
from assistant.reading.draft import Draft

_WORDS = (12, 6, 3)  # of a page's beginning, looked for where a paragraph was changed
_TRIES = 20  # paragraphs looked at, where several running were changed or left out
_FAR = 200_000  # characters in which they are looked for


class _Paragraph(NamedTuple):
    start: int
    end: int
    text: str


def pages_after(raw: Draft, cleaned: str) -> tuple[int, ...]:
    """For each of `raw.pages` where its first words that were kept stand in `cleaned`.

    `cleaned` is the text of `clean(raw)`. A page of which nothing was kept begins where the next
    one does. Offsets never fall, and are at most the length of `cleaned`.
    """
    walk = _Walk(raw.text, cleaned) if raw.pages else None
    offsets = [0]
    for page in raw.pages:
        offsets.append(max(offsets[-1], walk.offset(page, offsets[-1]) if walk else 0))
    return tuple(offsets[1:])


class _Walk:
    """The paragraphs of both texts side by side: those kept as they are, in the same order."""

    def __init__(self, raw: str, cleaned: str) -> None:
        self._raw, self._cleaned = raw, cleaned
        self._before = [p._replace(text=normalise(p.text)) for p in _paragraphs(raw)]
        self._after = _paragraphs(cleaned)
        self._kept = _kept(self._before, self._after)
        self._order = list(self._kept)

    def offset(self, page: int, least: int) -> int:
        """Where a page begins, which is not before `least`."""
        here = bisect_right(self._before, page, key=lambda p: p.end)  # the first not yet over
        for number in range(here, min(here + _TRIES, len(self._before))):
            paragraph = self._before[number]
            rest = paragraph.text
            if page > paragraph.start:
                rest = normalise(self._raw[page : paragraph.end])
            if not rest:
                continue
            if number in self._kept:
                return self._inside(paragraph, page, rest, self._after[self._kept[number]])
            if (offset := self._changed(number, rest, least)) is not None:
                return offset
        return self._gap(here)[1]

    def _inside(self, before: _Paragraph, page: int, rest: str, after: _Paragraph) -> int:
        if before.text.endswith(rest):
            return after.end - len(rest)
        return after.start + len(normalise(self._raw[before.start : page]))

    def _gap(self, number: int) -> tuple[int, int]:
        """From where to where in the cleaned text there is what became of a paragraph not kept."""
        at = bisect_left(self._order, number)
        left = self._after[self._kept[self._order[at - 1]]].end if at else 0
        if at == len(self._order):
            return left, len(self._cleaned)
        return left, self._after[self._kept[self._order[at]]].start

    def _changed(self, number: int, rest: str, least: int) -> int | None:
        """Where the words of a paragraph stand that was changed; None if it was left out."""
        left, right = self._gap(number)
        left = max(left, least)
        words = rest.split(None, max(_WORDS))
        for count in _WORDS:
            found = self._cleaned.find(" ".join(words[:count]), left, min(right, left + _FAR))
            if found >= 0:
                return found
        return None


def _paragraphs(text: str) -> list[_Paragraph]:
    found = re.finditer(r"[^\n]+(?:\n[^\n]+)*", text)
    return [_Paragraph(match.start(), match.end(), match[0]) for match in found]


def _kept(before: list[_Paragraph], after: list[_Paragraph]) -> dict[int, int]:
    """Which paragraph stands where in the cleaned text, of those that were not changed."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, paragraph in enumerate(before):
        places[paragraph.text].append(number)
    kept: dict[int, int] = {}
    least = 0
    for number, paragraph in enumerate(after):
        same = places.get(paragraph.text, [])
        at = bisect_left(same, least)
        if at < len(same):
            kept[same[at]] = number
            least = same[at] + 1
    return kept
