"""The words of a PDF's pages and where they stand, as PDFium sees them."""

from __future__ import annotations

import ctypes
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from math import atan2, hypot, inf, isfinite, pi
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from assistant.errors import SourceError
from assistant.reading.pdf_lines import HYPHEN, Word

_MOST_ON_A_PAGE = 1_000_000  # characters; no page that a person reads holds so many
_LOCK = threading.Lock()  # PDFium works for one thread at a time

_NOT_SHOWN = ("Cc", "Cf", "Cn", "Co", "Cs")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """PDFium's document, for `words` and `info`, one at a time.

    Raises SourceError for what cannot be opened.
    """
    with _LOCK:
        document = raw.FPDF_LoadMemDocument64(data, len(data), None)
        if not document:
            raise _refusal(raw.FPDF_GetLastError())
        with pypdfium2.PdfDocument(document) as pdf:
            yield pdf


def _refusal(code: int) -> SourceError:
    if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return SourceError("is encrypted; save a copy without a password")
    return SourceError("is damaged, or no PDF at all; save or download it anew")


def info(document: Any, key: str) -> str:
    """What the document says of itself under a key like "Title"; empty if nothing."""
    name = key.encode() + b"\0"
    size = raw.FPDF_GetMetaText(document, name, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_GetMetaText(document, name, buffer, size)
    return buffer.raw[:-2].decode("utf-16-le", errors="ignore")


def words(document: Any, number: int) -> list[Word] | None:
    """The words of a page, counted from 0, as they stand before a reader; None if it is broken.

    Left out is what stands outside the page or across the direction of the rest.
    """
    try:
        with closing(document.get_page(number)) as page, closing(page.get_textpage()) as letters:
            count = letters.count_chars()
            if count > _MOST_ON_A_PAGE:
                return None
            return _upright(list(_marks(_Letters(letters.raw), count, page.get_bbox())))
    except pypdfium2.PdfiumError:
        return None


class _Box(NamedTuple):
    left: float
    low: float
    right: float
    high: float


class _Mark(NamedTuple):
    """A word as it stands when the page is turned a few quarters, so that it can be read."""

    turns: int
    word: Word


class _Letters:
    """Typed access to the letters of a page."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._rect, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def codes(self, count: int) -> list[int]:
        return [raw.FPDFText_GetUnicode(self._page, i) for i in range(count)]

    def box(self, i: int) -> _Box:
        raw.FPDFText_GetLooseCharBox(self._page, i, self._rect)
        return _Box(self._rect.left, self._rect.bottom, self._rect.right, self._rect.top)

    def origin(self, i: int) -> tuple[float, float]:
        raw.FPDFText_GetCharOrigin(self._page, i, self._x, self._y)
        return self._x.value, self._y.value

    def size_and_angle(self, i: int) -> tuple[float, float]:
        """The height of the letters, and in quarter turns where they lead."""
        raw.FPDFText_GetMatrix(self._page, i, self._matrix)
        m = self._matrix
        size = raw.FPDFText_GetFontSize(self._page, i) * hypot(m.c, m.d)
        return round(size, 1), atan2(m.b, m.a) / (pi / 2)


def _upright(marks: list[_Mark]) -> list[Word]:
    """The words that can be read when the page is held as for most of them, from left to right."""
    letters: Counter[int] = Counter()
    for mark in marks:
        letters[mark.turns] += len(mark.word.text)
    turns = letters.most_common(1)[0][0] if letters else 0
    words = [mark.word for mark in marks if mark.turns == turns]
    leftward = sum(unicodedata.bidirectional(word.text[0]) in ("R", "AL") for word in words)
    if leftward * 2 > len(words):
        words = [word._replace(x0=-word.x1, x1=-word.x0) for word in words]
    return words


def _marks(letters: _Letters, count: int, page: tuple[float, ...]) -> Iterator[_Mark]:
    codes = letters.codes(count)
    left, low, right, high = page
    for run in _runs(codes):
        for mark, box in _measured(letters, codes, *run):
            x, y = (box.left + box.right) / 2, (box.low + box.high) / 2
            if left <= x <= right and low <= y <= high:
                yield mark


def _runs(codes: list[int]) -> Iterator[tuple[int, int]]:
    """First and last places of letters with neither a space nor a line end between them."""
    first = 0
    for i, code in enumerate([*codes, 32]):
        hyphen = code == ord(HYPHEN)
        if hyphen or code <= 32 or code in (0xA0, 0x3000) or 0x2000 <= code <= 0x200A:
            last = i if hyphen else i - 1
            if first <= last:
                yield first, last
            first = i + 1


def _measured(
    letters: _Letters, codes: list[int], first: int, last: int
) -> Iterator[tuple[_Mark, _Box]]:
    """The word in a run of letters, or the words, where PDFium took several for one."""
    box, (size, angle) = letters.box(first), letters.size_and_angle(first)
    whole = _around(box, letters.box(last))
    numbers = (*whole, *(origin := letters.origin(first)), angle)
    if not 0 < size < inf or not all(map(isfinite, numbers)):
        return
    if _is_scattered(box, whole, size, last - first + 1):
        parts = list(_parts(letters, first, last, size))
        if len(parts) > 1:
            for part in parts:
                yield from _measured(letters, codes, *part)
            return
    text, turns = _text(codes[first : last + 1]), round(angle)
    if text and abs(angle - turns) < 0.1:
        yield _Mark(turns % 4, _turned(text, whole, origin, size, turns % 4)), whole


def _is_scattered(first: _Box, whole: _Box, size: float, count: int) -> bool:
    sides = sorted((whole.right - whole.left, whole.high - whole.low))
    letter = max(first.right - first.left, first.high - first.low)
    return sides[0] > 1.6 * letter or sides[1] > 1.6 * max(size, letter) * count


def _parts(letters: _Letters, first: int, last: int, size: float) -> Iterator[tuple[int, int]]:
    """The run, parted between letters that are far from each other."""
    before = letters.box(first)
    for i in range(first + 1, last + 1):
        box = letters.box(i)
        across = max(box.left - before.right, before.left - box.right)
        along = max(box.low - before.high, before.low - box.high)
        if max(across, along) > 0.5 * size:
            yield first, i - 1
            first = i
        before = box
    yield first, last


def _around(one: _Box, other: _Box) -> _Box:
    return _Box(
        min(one.left, other.left),
        min(one.low, other.low),
        max(one.right, other.right),
        max(one.high, other.high),
    )


def _turned(text: str, box: _Box, origin: tuple[float, float], size: float, turns: int) -> Word:
    x0, x1, y = (
        (box.left, box.right, origin[1]),
        (box.low, box.high, -origin[0]),
        (-box.right, -box.left, -origin[1]),
        (-box.high, -box.low, origin[0]),
    )[turns]
    return Word(text, x0, x1, y, size)


def _text(codes: list[int]) -> str:
    """Composed letters, nothing invisible, and HYPHEN for a hyphen that only breaks the word."""
    text = "".join(chr(code) if code < 0x110000 else "" for code in codes)
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    broken = HYPHEN if text.endswith((HYPHEN, "\u00ad")) else ""
    shown = "".join(c for c in text if c != "\ufffd" and unicodedata.category(c) not in _NOT_SHOWN)
    text = unicodedata.normalize("NFC", shown.translate(_LIGATURES))
    return text + broken if text else ""
