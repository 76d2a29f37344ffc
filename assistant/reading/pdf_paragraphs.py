"""From the lines of a PDF's pages to one text of whole paragraphs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from assistant.reading import hyphens
from assistant.reading.pdf_lines import Line

Pages = list[list[list[Line]]]  # of each page its blocks, of each block its lines

_FLOATS = 10  # captions and notes that may stand between two parts of a paragraph
_FULL = 20  # letters of a line that may be full
_LEADING = 1.2  # letter sizes from line to line, where nothing tells

_ENDS = re.compile(
    r"(?:[.!?…:;][\"'”’»)\]]*|(?<=[^\W\d])[.!?][\"'”’»)\]]*\d{1,3})$"  # or a note's number
)
_BULLET = re.compile(r"[•‣▪◦●○■□➢✓]|[–—*·-] \S")
_ITEM = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)\]] ")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line in its place: `right` is where others end, `leading` how far below it they stand."""

    line: Line
    page: int
    block: int
    right: float
    leading: float
    large: bool

    @property
    def ends(self) -> bool:
        return bool(_ENDS.search(self.line.text))

    def left_room(self, following: Line) -> bool:
        """Whether the next line's first word would have fitted."""
        broken = hyphens.is_broken(self.line.text)
        return not broken and self.right - self.line.x1 > following.head + 0.6 * self.line.size


Paragraph = list[_Placed]


def join(pages: Pages) -> tuple[str, tuple[int, ...]]:
    """The text, a line for each paragraph, and where in it the second, third, … page begins."""
    placed = list(_place(pages, body_size(pages)))
    paragraphs = _continued(_paragraphs(placed))
    compounds = hyphens.compounds(line.text for line in _every(pages))
    parts: list[str] = []
    begins: dict[int, int] = {}
    length, reached = 0, -1
    for paragraph in paragraphs:
        for page, piece in _pieces(paragraph, compounds):
            if page > reached:
                begins[page], reached = length, page
            parts.append(piece)
            length += len(piece)
        parts.append("\n\n")
        length += 2
    text = "".join(parts[:-1])
    offsets = [len(text)]
    for page in range(len(pages) - 1, 0, -1):
        offsets.append(begins.get(page, offsets[-1]))
    return text, tuple(reversed(offsets[1:]))


def body_size(pages: Pages) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for line in _every(pages):
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def headline(pages: Pages) -> str | None:
    """The largest text in the upper half of page one, if clearly larger than most."""
    lines = [line for line in _every(pages[:1]) if sum(map(str.isalpha, line.text)) > 3]
    middle = (max(line.y for line in lines) + min(line.y for line in lines)) / 2 if lines else 0
    upper = [line for line in lines if line.y >= middle]
    largest = max(upper, key=lambda line: line.size, default=None)
    body = body_size(pages)
    if largest is None or largest.size < 1.2 * body:
        return None
    for paragraph in _paragraphs(list(_place(pages[:1], body))):
        if any(placed.line is largest for placed in paragraph):
            return "".join(piece for _, piece in _pieces(paragraph, set()))
    return None


def _every(pages: Pages) -> Iterator[Line]:
    return (line for blocks in pages for block in blocks for line in block)


# --- Lines to paragraphs --------------------------------------------------------------------------


def _place(pages: Pages, body: float) -> Iterator[_Placed]:
    steps = [step / line.size for page in pages for block in page for line, step in _steps(block)]
    usual = _low(steps) if steps else _LEADING
    widths = {
        size: median_low(line.x1 - line.x0 for line in lines)
        for size, lines in _by_size(_every(pages)).items()
    }
    every = [(page, block) for page, blocks in enumerate(pages) for block in blocks]
    for number, (page, block) in enumerate(every):
        right, leadings = _right_ends(block, widths), _leadings(block, usual)
        for line in block:
            size = round(line.size)
            leading = leadings.get(size, usual * line.size)
            yield _Placed(line, page, number, right[size], leading, line.size > 1.1 * body)


def _right_ends(block: list[Line], widths: dict[int, float]) -> dict[int, float]:
    """How far to the right lines go, by their size."""
    ends: dict[int, float] = {}
    for size, lines in _by_size(block).items():
        ends[size] = max(line.x1 for line in lines)
        if len(lines) < 3:  # too few to show how wide the column is
            ends[size] = max(ends[size], min(line.x0 for line in lines) + widths[size])
    return ends


def _leadings(block: list[Line], usual: float) -> dict[int, float]:
    """How far it is from a line to the next, by their size, where enough of them tell."""
    steps: defaultdict[int, list[float]] = defaultdict(list)
    for line, step in _steps(block):
        steps[round(line.size)].append(min(step, 1.5 * usual * line.size))
    return {size: _low(found) for size, found in steps.items() if len(found) >= 3}


def _by_size(lines: Iterable[Line]) -> dict[int, list[Line]]:
    groups: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        groups[round(line.size)].append(line)
    return groups


def _steps(block: list[Line]) -> Iterator[tuple[Line, float]]:
    """Each line that has one of its size beneath it, and how far it is to that."""
    for a, b in pairwise(block):
        if _alike(a, b) and 0 < a.y - b.y < 3 * a.size:
            yield a, a.y - b.y


def _low(values: list[float]) -> float:
    return sorted(values)[len(values) // 4]


def _alike(a: Line, b: Line) -> bool:
    return max(a.size, b.size) <= 1.06 * min(a.size, b.size)


def _paragraphs(lines: list[_Placed]) -> list[Paragraph]:
    indents = sum(_is_indented(a, b) for a, b in pairwise(lines)) >= 3
    paragraphs: list[Paragraph] = [lines[:1]] if lines else []
    for i in range(1, len(lines)):
        above, line, below = lines[i - 1], lines[i], lines[min(i + 1, len(lines) - 1)]
        if above.block == line.block:
            apart = _are_apart(above, line, below, len(paragraphs[-1]))
        else:
            apart = not _goes_on(above, line, below, indents)
        if apart:
            paragraphs.append([])
        paragraphs[-1].append(line)
    return paragraphs


def _is_indented(above: _Placed, line: _Placed) -> bool:
    deeper = 0.8 * line.line.size < line.line.x0 - above.line.x0 < 5 * line.line.size
    return deeper and above.ends and above.block == line.block


def _are_apart(a: _Placed, b: _Placed, c: _Placed, lines: int) -> bool:
    """Whether a paragraph of so many lines ends between a line and the one below it."""
    above, line, em = a.line, b.line, b.line.size
    step = above.y - line.y
    if not _alike(above, line) or not 0 < step <= 1.25 * a.leading + 0.1 * em:
        return True
    ended, room = a.ends, a.left_room(line)
    if _BULLET.match(line.text) or (_ITEM.match(line.text) and (ended or room)):
        return True
    if line.row and (above.row or ended or room):
        return True
    returns = c.block == b.block and _alike(c.line, line) and c.line.x0 < line.x0 - 0.8 * em
    deeper = line.x0 > above.x0 + 0.8 * em or (returns and lines > 1)
    outer = line.x0 < above.x0 - 0.8 * em and lines > 1
    if (deeper and (ended or (room and lines > 1))) or (outer and ended):
        return True
    if not room or (b.large and not ended):
        return False
    share = (above.x1 - above.x0) / (a.right - above.x0)
    return share < 0.5 or (not line.text[0].islower() and (ended or share < 0.75))


def _goes_on(a: _Placed, b: _Placed, c: _Placed, indents: bool) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    above, line = a.line, b.line
    if not _alike(above, line) or _BULLET.match(line.text) or line.row or b.page > a.page + 1:
        return False
    if line.text[0].islower() and not a.ends:
        return True
    if len(above.text) < _FULL or a.left_room(line) or _ITEM.match(line.text):
        return False
    plain = b.block == c.block and abs(line.x0 - c.line.x0) < 0.3 * line.size
    return not a.ends or (indents and plain and not b.left_room(c.line))


def _continued(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Paragraphs whole again that captions or notes had parted; those stand before or after."""
    whole: list[Paragraph] = []
    for paragraph in paragraphs:
        at = _beginning(whole, paragraph)
        if at is None:
            whole.append(paragraph)
            continue
        begun, floats, page = whole[at], whole[at + 1 :], paragraph[0].page
        before = [p for p in floats if p[-1].page < page and begun[0].page == begun[-1].page]
        after = [p for p in floats if p not in before]
        whole[at:] = [*before, begun + paragraph, *after]
    return whole


def _beginning(whole: list[Paragraph], paragraph: Paragraph) -> int | None:
    """Which paragraph breaks off before others, and goes on here."""
    first = paragraph[0]
    if not first.line.text[0].islower() or _ITEM.match(first.line.text):
        return None
    for at in range(len(whole) - 2, max(len(whole) - 2 - _FLOATS, -1), -1):
        last = whole[at][-1]
        below = whole[at + 1][0]
        ends_block = last.block != below.block or not _alike(last.line, below.line)
        open_end = not last.ends and not last.left_room(first.line)
        if ends_block and open_end and last.block != first.block and _alike(last.line, first.line):
            return at if first.page <= last.page + 1 else None
    return None


def _pieces(paragraph: Paragraph, compounds: set[str]) -> Iterator[tuple[int, str]]:
    """Of each line the page and the text, with what comes between it and the next."""
    for a, b in pairwise(paragraph):
        yield a.page, hyphens.before(b.line.text, a.line.text, compounds)
    yield paragraph[-1].page, paragraph[-1].line.text
