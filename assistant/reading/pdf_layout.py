"""The order in which the words of a page are read: column after column, line after line."""

from __future__ import annotations

from bisect import bisect
from math import inf, isfinite
from statistics import median

from assistant.reading.pdf_lines import Line, Word, in_lines, with_initials

_GUTTER = 0.8  # letter sizes between columns, at least; the spaces of a line are narrower
_CELL_LETTERS = 16  # columns of shorter lines, side by side, are a table
_MOST_BANDS = 1_000  # no printed page has more
_MOST_GUTTERS = 9  # more are those of a table
_DEEPEST = 4  # columns within columns

Gap = tuple[float, float]


def blocks(words: list[Word]) -> list[list[Line]]:
    """The lines of a page in reading order, parted where a column begins or ends."""
    return _blocks(with_initials(words), 0)


def _blocks(words: list[Word], depth: int) -> list[list[Line]]:
    bands = _bands(words)
    if len(bands) > _MOST_BANDS or depth == _DEEPEST:
        return [in_lines(words)] if words else []
    gaps = [_gaps(band) for band in bands]
    found: list[list[Line]] = []
    begun = start = retry = 0
    while start < len(bands):
        end, gutters = _run(bands, gaps, start) if start >= retry else (start, [])
        gutters = gutters if len(gutters) <= _MOST_GUTTERS else []
        top = _raised(gaps, gutters, begun, start) if gutters else start
        columns = _columns(_flat(bands[top:end]), gutters) if gutters else []
        if len(columns) < 2:
            # Starting anew at every line of a long table would take long.
            retry = max(retry, start + (end - start) // 4)
            start += 1
            continue
        found += [in_lines(_flat(bands[begun:top]))] if begun < top else []
        found += [block for column in columns for block in _blocks(column, depth + 1)]
        begun = start = end
    return found + ([in_lines(_flat(bands[begun:]))] if begun < start else [])


def _flat(bands: list[list[Word]]) -> list[Word]:
    return [word for band in bands for word in band]


def _bands(words: list[Word]) -> list[list[Word]]:
    """The words from top to bottom, parted wherever a blank strip goes across all of them."""
    bands: list[list[Word]] = []
    bottom = inf
    for word in sorted(words, key=lambda word: -word.top):
        if word.top < bottom:
            bands.append([])
            bottom = inf
        bands[-1].append(word)
        bottom = min(bottom, word.bottom)
    return bands


def _gaps(band: list[Word]) -> list[Gap]:
    """The stretches from left to right that a band leaves free; the margins are without end."""
    gaps: list[Gap] = []
    edge, size = -inf, 0.0
    for word in sorted(band, key=lambda word: word.x0):
        if word.x0 - edge >= _GUTTER * max(size, word.size):
            gaps.append((edge, word.x0))
        if word.x1 > edge:
            edge, size = word.x1, word.size
    return [*gaps, (edge, inf)]


def _run(bands: list[list[Word]], gaps: list[list[Gap]], start: int) -> tuple[int, list[Gap]]:
    """How far down, from a band on, a gap goes through, and the gaps that do."""
    free, end = gaps[start], start + 1
    narrowest = _GUTTER * median(word.size for word in bands[start])
    while end < len(bands):
        narrowed = _shared(free, gaps[end], narrowest)
        if not _inner(narrowed):
            break
        free, end = narrowed, end + 1
    gutters = _inner(free)
    if end < len(bands):
        end = _without_tail(bands, gutters, start, end)
    return end, gutters


def _raised(gaps: list[list[Gap]], gutters: list[Gap], begun: int, start: int) -> int:
    """The first band of columns of which one begins above the others, as beside a picture."""
    top = start
    for i in range(start - 1, begun - 1, -1):
        if len(_shared(gutters, gaps[i], 0)) < len(gutters):
            break
        if gaps[i][0][1] > gutters[0][0]:
            top = i
    return top


def _without_tail(bands: list[list[Word]], gutters: list[Gap], start: int, end: int) -> int:
    """Before something that crosses the columns, a line set off below them belongs to it."""
    beside = [i for i in range(start, end) if len(_parted(bands[i], gutters)) > 1]
    for i in range(max(beside, default=end) + 1, end):
        size = max(word.size for word in bands[i])
        space = min(word.bottom for word in bands[i - 1]) - max(word.top for word in bands[i])
        if space > 0.8 * size or size > 1.15 * max(word.size for word in bands[i - 1]):
            return i
    return end


def _shared(one: list[Gap], other: list[Gap], narrowest: float) -> list[Gap]:
    shared: list[Gap] = []
    i = j = 0
    while i < len(one) and j < len(other):
        left, right = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if right - left >= narrowest:
            shared.append((left, right))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return shared


def _inner(gaps: list[Gap]) -> list[Gap]:
    return [gap for gap in gaps if isfinite(gap[0]) and isfinite(gap[1])]


def _parted(words: list[Word], gutters: list[Gap]) -> list[list[Word]]:
    """The words between the gutters, from left to right; empty columns are left out."""
    edges = [left for left, _ in gutters]
    columns: list[list[Word]] = [[] for _ in range(len(gutters) + 1)]
    for word in words:
        columns[bisect(edges, word.x0)].append(word)
    return [column for column in columns if column]


def _columns(words: list[Word], gutters: list[Gap]) -> list[list[Word]]:
    columns: list[list[Word]] = []
    for column in _parted(words, gutters):
        if columns and not _are_columns(columns[-1], column):
            columns[-1] = columns[-1] + column
        else:
            columns.append(column)
    return columns


def _are_columns(left: list[Word], right: list[Word]) -> bool:
    """Whether two heaps of words are text beside text, not the cells of a table."""
    one, other = in_lines(left), in_lines(right)
    fewer, more = sorted((one, other), key=len)
    width = min(word.x0 for word in right) - max(word.x1 for word in left)
    letters = min(median(len(line.text) for line in lines) for lines in (one, other))
    plain = width > 1.5 * fewer[0].size or letters > 2 * _CELL_LETTERS
    if len(fewer) < (2 if plain else 3):
        return False
    heights = sorted(line.y for line in more)
    level = 0
    for line in fewer:
        i = bisect(heights, line.y)
        level += any(abs(y - line.y) < 0.15 * line.size for y in heights[max(i - 1, 0) : i + 1])
    return not (letters < _CELL_LETTERS and level >= 0.8 * len(fewer))
