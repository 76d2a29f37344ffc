"""What pages repeat at their head and foot: running titles, page numbers, a printer's address."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import takewhile

from assistant.reading.pdf_lines import Line

_EDGE = 3  # rows at the head and at the foot of a page that are looked at
_NEAR = 3.0  # points by which the height may differ
_ENOUGH = 20  # of the same rows are looked at
_NUMBER = re.compile(r"\W*(?:(?:page|seite|p\.) ?)?#(?: ?(?:of|von|/) ?#)?\W*|\W*[ivxlc]+\W*")
_BROWSER = re.compile(  # what it prints around a page, of its own
    r"#[/.-]#[/.-]#,? #:#(?: [ap]m)?\b.*|(?:https?|file)://\S+(?: #/#)?|#/#"
)

Pages = list[list[list[Line]]]
Row = list[Line]


def without_margins(pages: Pages) -> Pages:
    """The pages without what several of them show at the same height.

    Numbers in it may differ. Pages that hold nothing else stay as they are.
    """
    edges = [_edges(page) for page in pages]
    heights: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, rows in enumerate(edges):
        for row, _ in rows:
            heights[_key(row)].append((row[0].y, number))
    for found in heights.values():
        found.sort()
    few = sum(map(bool, pages)) <= 5
    left = []
    for page, rows in zip(pages, edges, strict=True):
        dropped = {
            id(line)
            for row, outermost in rows
            if _repeats(row, heights[_key(row)]) >= (2 if few or outermost else 3)
            or (outermost and _BROWSER.fullmatch(_key(row)))
            for line in row
        }
        blocks = [[line for line in block if id(line) not in dropped] for block in page]
        left.append([block for block in blocks if block])
    return left if any(left) else pages


def _repeats(row: Row, heights: list[tuple[float, int]]) -> int:
    """How many pages have it, those included where it stands a little higher or lower."""
    low = bisect_left(heights, (row[0].y - _NEAR, 0))
    near = takewhile(lambda found: found[0] <= row[0].y + _NEAR, heights[low : low + _ENOUGH])
    return len({page for _, page in near})


def _edges(page: list[list[Line]]) -> list[tuple[Row, bool]]:
    """The highest and lowest rows, over all columns, each with whether nothing is beyond it."""
    rows: list[Row] = []
    for line in sorted((line for block in page for line in block), key=lambda line: -line.y):
        if not rows or rows[-1][0].y - line.y > 1:
            rows.append([])
        rows[-1].append(line)
    last = len(rows) - 1
    return [(row, i in (0, last)) for i, row in enumerate(rows) if i < _EDGE or i > last - _EDGE]


def _key(row: Row) -> str:
    """The same for rows that count as repeated; rows of nothing but numbers are text."""
    text = " ".join(line.text for line in sorted(row, key=lambda line: line.x0))
    like = re.sub(r"\d+", "#", text.casefold())
    if _NUMBER.fullmatch(like):
        return "#"
    return like if re.search(r"[^\W\d_]|^#/#$", like) else text
