"""PDFs written by hand: words at places, in Courier, whose letters are all 0.6 of the size wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import NamedTuple

LEADING = 12.0

BRIDGE = (
    "The bridge over the river was opened on Monday after three years of work, and some thousand "
    "people walked across it on the first day. It cost thirty million, more than was planned."
)
FERRY = (
    "The ferry goes on to run in summer, when the road along the river is full of visitors. Its "
    "captain has steered it for forty years and will not stop before he is seventy."
)
MARKET = (
    "On the market square the mayor thanked all who had taken part, and then a band from the "
    "next town played until the rain came. Nobody went home before the evening had begun."
)


class Piece(NamedTuple):
    """Text that begins at a place, counted in points from the page's lower left corner."""

    x: float
    y: float
    text: str
    size: float = 10.0
    turned: bool = False


def column(
    text: str | list[str], x: float = 60, y: float = 700, width: int = 80, size: float = 10
) -> list[Piece]:
    """Lines one under the other; a string is broken into lines of at most so many letters."""
    lines = textwrap.wrap(text, width) if isinstance(text, str) else text
    return [Piece(x, y - i * LEADING * size / 10, line, size) for i, line in enumerate(lines)]


def write(
    pages: Iterable[Iterable[Piece]],
    info: Mapping[str, str] | None = None,
    trailer: bytes = b"",
    kids: int = 1,
) -> bytes:
    """A PDF of these pages, each as often as `kids` says; fi and fl are drawn as ligatures."""
    streams = [_stream(page) for page in pages]
    numbers = [5 + 2 * i for i in range(len(streams)) for _ in range(kids)]
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding<</Type/Encoding"
        b"/BaseEncoding/WinAnsiEncoding/Differences[1/fi/fl]>>>>"
    )
    said = b"".join(
        b"/%s%s" % (key.encode(), _string(value)) for key, value in (info or {}).items()
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>"
        % (b" ".join(b"%d 0 R" % number for number in numbers), len(numbers)),
        font,
        b"<<%s>>" % said,
    ]
    for i, stream in enumerate(streams):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (6 + 2 * i),
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        ]
    return _file(objects, trailer)


def _stream(page: Iterable[Piece]) -> bytes:
    return b"\n".join(
        b"BT /F1 %g Tf %s %g %g Tm %s Tj ET"
        % (p.size, b"0 1 -1 0" if p.turned else b"1 0 0 1", p.x, p.y, _string(p.text))
        for p in page
    )


def _string(text: str) -> bytes:
    data = text.encode("cp1252").replace(b"fi", b"\x01").replace(b"fl", b"\x02")
    for special in (b"\\", b"(", b")"):
        data = data.replace(special, b"\\" + special)
    return b"(%s)" % data


def _file(objects: list[bytes], trailer: bytes) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info 4 0 R%s>>\n"
        b"startxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, trailer, len(data))
    )
