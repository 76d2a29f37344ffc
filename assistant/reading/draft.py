"""An article on its way: what its form said of it, and the text that is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form takes out of a file; `clean` makes it fit for the library.

    `url` is the address that the article gives itself (a canonical link, a column of an export),
    `part` what tells it from the others of the same file. `pages` are the offsets in `text` at
    which its second, third, … page begins.
    """

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    tags: tuple[str, ...] = ()
    site: str | None = None
    language: str | None = None
    url: str | None = None
    part: str | None = None
    pages: tuple[int, ...] = ()
