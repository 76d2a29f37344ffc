"""Tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows under a head; nothing where there is no row."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(head), "|---" * len(head) + "|", *lines]) if lines else ""


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"


def joined(parts: Iterable[str]) -> str:
    """The parts of a page, parted by one blank line, with a line end at its end."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
