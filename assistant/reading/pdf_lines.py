"""Words that stand on a page, and the lines that they form."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

HYPHEN = "\x02"  # how PDFium writes the hyphen of a broken word

_CELL = 1.2  # letter sizes between the cells of a row, at least
_LEADER = re.compile(r"(?:[.…] ?){4}")  # as in a table of contents


class Word(NamedTuple):
    """Letters without a space between them; `y` is the height of the line they stand on."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def top(self) -> float:
        return self.y + 0.7 * self.size

    @property
    def bottom(self) -> float:
        return self.y - 0.2 * self.size


@dataclass(frozen=True, slots=True)
class Line:
    """Words beside each other; `head` is the width of the first, a `row` has cells."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    head: float
    row: bool


def with_initials(words: list[Word]) -> list[Word]:
    """Large initials as part of the words that they begin."""
    usual = median(word.size for word in words) if words else 0.0
    large = [w for w in words if w.size > 1.8 * usual and len(w.text) == 1 and w.text.isupper()]
    if not large or len(large) > 20:
        return words
    known = Counter(word.text.casefold() for word in words)
    words = [word for word in words if word not in large]
    for initial in large:
        at = next((i for i, w in enumerate(words) if _goes_on(initial, w, usual)), None)
        if at is None:
            words.append(initial)
            continue
        rest = words[at].text
        alone = initial.text in "AI" and known[rest.casefold()] > 1
        text = f"{initial.text} {rest}" if alone else initial.text + rest
        words[at] = words[at]._replace(text=text, x0=initial.x0)
    return words


def _goes_on(initial: Word, word: Word, usual: float) -> bool:
    beside = -0.2 * usual < word.x0 - initial.x1 < 1.5 * usual
    return beside and word.size < 1.3 * usual and abs(word.top - initial.top) < 0.5 * word.size


def in_lines(words: list[Word]) -> list[Line]:
    """The words line by line; what is raised or lowered a little belongs to its neighbours."""
    rows: list[list[Word]] = []
    y = size = 0.0
    for word in sorted(words, key=lambda word: -word.y):
        near = min(0.5 * max(size, word.size), 0.75 * min(size, word.size))
        if rows and y - word.y < near:
            rows[-1].append(word)
        else:
            rows.append([word])
            size = 0.0
        if word.size > size:
            y, size = word.y, word.size
    return [_line(sorted(row, key=lambda word: word.x0)) for row in rows]


def _line(row: list[Word]) -> Line:
    sizes: Counter[float] = Counter()
    for word in row:
        sizes[word.size] += len(word.text)
    size = sizes.most_common(1)[0][0]
    spaces = [right.x0 - left.x1 for left, right in pairwise(row)]
    text = row[0].text
    for word, space in zip(row[1:], spaces, strict=True):
        broken = text.endswith(HYPHEN) and space < 0.05 * size
        text = text[:-1] + "-" + word.text if broken else f"{text} {word.text}"
    return Line(
        text=text.replace(HYPHEN, "-"),
        x0=row[0].x0,
        x1=max(word.x1 for word in row),
        y=next(word.y for word in row if word.size == size),
        size=size,
        head=row[0].x1 - row[0].x0,
        row=_has_cells(spaces, row[0], size) or bool(_LEADER.search(text)),
    )


def _has_cells(spaces: list[float], first: Word, size: float) -> bool:
    """Whether some words stand apart; the first may be the mark of a list item.

    In a line stretched to the width of its column all spaces are wide alike.
    """
    spaces = spaces[1:] if len(first.text) <= 4 and not first.text.isalnum() else spaces
    widest = max(spaces, default=0.0)
    uneven = widest > _CELL * size and widest - min(spaces) > 0.3 * size
    return uneven or widest > 2 * _CELL * size


def with_steady_sizes(pages: list[list[list[Line]]]) -> list[list[list[Line]]]:
    """The lines with one size for most, if text recognition has guessed it anew for each line."""
    pairs = [pair for blocks in pages for block in blocks for pair in pairwise(block)]
    changes = sum(1.06 < max(a.size, b.size) / min(a.size, b.size) < 1.4 for a, b in pairs)
    if changes < max(5, 0.3 * len(pairs)):
        return pages
    usual = median(line.size for blocks in pages for block in blocks for line in block)

    def steady(line: Line) -> Line:
        return replace(line, size=usual) if 0.7 < line.size / usual < 1.4 else line

    return [[[steady(line) for line in block] for block in blocks] for blocks in pages]
