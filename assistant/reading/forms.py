"""Which form a file or a page has, and how it becomes articles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urlsplit

from assistant.errors import SourceError
from assistant.reading import docx, epub, exports, html, mail, markdown, pdf
from assistant.reading.clean import clean
from assistant.reading.decoding import decode
from assistant.reading.draft import Draft
from assistant.reading.pages import pages_after
from assistant.records import Article

Form = Callable[[bytes], list[Draft]]


def _one(read: Callable[[bytes], Draft]) -> Form:
    return lambda data: [read(data)]


def _plain(data: bytes) -> Draft:
    return Draft(text=decode(data))


def _pdf(data: bytes) -> Draft:
    draft = pdf.read(data)
    return replace(draft, pages=(0, *draft.pages))


def _markdown(data: bytes) -> Draft:
    return markdown.read(decode(data))


FORMS: dict[str, Form] = {
    ".txt": _one(_plain),
    **dict.fromkeys((".md", ".markdown"), _one(_markdown)),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _one(html.read)),
    **dict.fromkeys((".mhtml", ".mht"), _one(mail.read_mhtml)),
    ".pdf": _one(_pdf),
    ".docx": _one(docx.read),
    ".epub": _one(epub.read),
    ".eml": _one(mail.read_mail),
    ".json": exports.read_json,
    **dict.fromkeys((".jsonl", ".ndjson"), exports.read_jsonl),
    **dict.fromkeys((".csv", ".tsv"), exports.read_csv),
}
"""By the ending of a file's name, in lower case."""

_OF_TYPE = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "multipart/related": ".mhtml",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/json": ".json",
    "text/csv": ".csv",
}


def form_of_page(url: str, content_type: str) -> Form:
    """By what its server calls it; else by its address; else it is a web page."""
    kind = content_type.partition(";")[0].strip().lower()
    ending = PurePath(urlsplit(url).path).suffix.lower()
    return FORMS.get(_OF_TYPE.get(kind, ending)) or FORMS[".html"]


def articles(drafts: Iterable[Draft], source: str, name: str) -> Iterator[Article | SourceError]:
    """Each draft cleaned, as an article; an error, which names it, for one that holds no text.

    `source` is where all of them were read, `name` stands in for a missing title.
    """
    for draft in drafts:
        cleaned = clean(draft)
        part = draft.part
        if not cleaned.text:
            yield SourceError(f"{source}, {part}, holds no text" if part else "holds no text")
            continue
        own = draft.url if part and draft.url else f"{source}#{part}" if part else source
        pages = pages_after(draft, cleaned.text)
        yield article(replace(cleaned, pages=pages), own, name)


def article(cleaned: Draft, source: str, name: str) -> Article:
    """The article of a draft that has been cleaned; `name` stands in for a missing title."""
    return Article(
        id=digest(source),
        title=cleaned.title or name,
        source=source,
        authors=cleaned.authors,
        published=cleaned.published,
        modified=cleaned.modified,
        tags=cleaned.tags,
        site=cleaned.site,
        language=cleaned.language,
        url=cleaned.url,
        pages=cleaned.pages,
        text=cleaned.text,
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()[:12]
