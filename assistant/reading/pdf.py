"""A Draft from a PDF: its text in the order it is read, without what only pages need."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from assistant.errors import SourceError
from assistant.reading import pdf_layout, pdf_margins, pdf_paragraphs
from assistant.reading.draft import Draft
from assistant.reading.pdf_lines import Line, with_steady_sizes

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 20_000_000
_LONGEST = 60.0  # seconds

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|excel|powerpoint|publisher)|powerpoint presentation|untitled)\b.*"
    r"|(?:(?:document|layout|page|slide|draft) ?)?\d*|(?:(?:https?|file|about):|www\.).*"
    r"|.*\.(?:docx?|dotx?|odt|rtf|txt|md|tex|dvi|e?ps|pdf|ind[dbt]|qx[dpb]|pmd|p65|fm|ai|cdr|pub"
    r"|pptx?|xlsx?|html?|aspx?|php|wp[ds]?|pages|tmp)",
    re.I,
)
_LONGEST_TITLE = 300  # characters
_DAY = re.compile(r"(?:D:)?\s*(\d{4})-?(\d\d)-?(\d\d)")


def read(data: bytes) -> Draft:
    """Its paragraphs, a line each, with a blank line between them, and what it says of itself.

    Raises SourceError, with a message that goes on from the name of the file.
    """
    from assistant.reading import pdf_words  # PDFium takes long to load

    with pdf_words.opened(data) as document:
        pages = pdf_margins.without_margins(with_steady_sizes(list(_pages(document))))
        said = {key: pdf_words.info(document, key) for key in ("Title", "Author", "CreationDate")}
    text, begins = pdf_paragraphs.join(pages)
    if not text:
        raise SourceError("is a scan without text; run text recognition (OCR) on it first")
    return Draft(
        text=text,
        title=_title(said["Title"]) or _title(pdf_paragraphs.headline(pages) or ""),
        authors=_authors(said["Author"]),
        published=_day(said["CreationDate"]),
        pages=begins,
    )


def _pages(document: Any) -> Iterator[list[list[Line]]]:
    """Of each page its lines in blocks; a page that cannot be read has none."""
    from assistant.reading import pdf_words

    if len(document) > _MOST_PAGES:
        raise SourceError(f"has {len(document):,} pages, more than {_MOST_PAGES:,}; split it")
    end, characters, broken = time.monotonic() + _LONGEST, 0, 0
    for number in range(len(document)):
        words = pdf_words.words(document, number)
        broken += words is None
        characters += sum(len(word.text) + 1 for word in words or ())
        if characters > _MOST_CHARACTERS:
            raise SourceError(f"holds more than {_MOST_CHARACTERS:,} characters; split it")
        yield pdf_layout.blocks(words or [])
        if time.monotonic() > end:
            raise SourceError(f"takes longer than {_LONGEST:.0f} seconds to read; split it")
    if broken == len(document):
        raise SourceError("is damaged: none of its pages can be read; save or download it anew")


def _title(said: str) -> str | None:
    title = " ".join(said.split())
    return None if _NO_TITLE.fullmatch(title) or len(title) > _LONGEST_TITLE else title


def _authors(said: str) -> tuple[str, ...]:
    names = re.split(r";|\sand\s|\s&\s", " ".join(said.split()))
    return tuple(name.strip(" ,") for name in names if name.strip(" ,"))


def _day(said: str) -> date | None:
    found = _DAY.match(said)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and date(1990, 1, 1) <= day <= date.today() else None
