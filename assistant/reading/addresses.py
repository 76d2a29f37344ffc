"""Lists of web addresses: bookmarks, feed subscriptions, saved links, plain lists."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Any
from xml.parsers.expat import ExpatError

from assistant.errors import SourceError
from assistant.reading import exports, fields, values
from assistant.reading.decoding import decode

_MOST = 100_000
_MOST_TAGS = 50
_MOST_MARKS = 2_000_000  # elements take far more memory than their text
_TABLES = (".csv", ".json", ".jsonl")
_LINES = ("", ".txt", ".list", ".urls")
LISTS = (".list", ".urls", ".url", ".webloc", ".opml")
"""Endings of files that hold addresses and nothing else."""
_OPML = re.compile(r"<opml[\s>]", re.IGNORECASE)
_SHORTCUT = re.compile(r"\s*\[InternetShortcut\]", re.IGNORECASE)
_SHORTCUT_URL = re.compile(r"^URL=(.*)$", re.IGNORECASE | re.MULTILINE)
# Where a browser keeps everything that nobody sorted: no word on what a page is about.
_UNSORTED = {
    *("bookmarks", "bookmarks bar", "bookmarks menu", "bookmarks toolbar", "bookmarksbar"),
    *("other bookmarks", "mobile bookmarks", "bookmarksmenu", "imported", "mozilla firefox"),
    *("favorites", "favorites bar", "other favorites", "favourites", "favourites bar"),
    *("other favourites", "reading list", "com.apple.readinglist", "unsorted bookmarks"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """One entry of a list; `added` is the day on which somebody put it there."""

    url: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    added: date | None = None


def read(data: bytes, name: str) -> list[Address] | None:
    """The addresses in a file, each once; None for a file that is no list of addresses.

    Raises SourceError for a list that holds no address of the web, or too many.
    """
    form = _form(data, PurePath(name).suffix.lower())
    entries = form(data) if form else None
    if entries is None:
        return None
    found: dict[str, Address] = {}
    for entry in entries:
        found.setdefault(entry.url, entry)
        if len(found) > _MOST:
            raise SourceError(f"holds more than {_MOST:,} addresses; split it")
    if not found:
        raise SourceError("holds no address of the web (http or https)")
    return list(found.values())


def _form(data: bytes, ending: str) -> Callable[[bytes], Iterator[Address] | None] | None:
    head = data[:2048].decode("latin-1").lower()
    if "<!doctype netscape-bookmark-file-1" in head:
        return _bookmarks
    if ending == ".opml" or (ending in (".xml", "") and _OPML.search(head)):
        return _subscriptions
    if ending in _TABLES:
        return lambda data: _table(data, ending)
    forms = {".url": _shortcut, ".webloc": _web_location, **dict.fromkeys(_LINES, _lines)}
    return forms.get(ending)


def _address(
    url: str | None, title: str | None, tags: Iterable[str], added: date | None
) -> Iterator[Address]:
    """Nothing for what is no address of the web: javascript:, file:, place: and the like."""
    if url and (web := values.web_address(url)):
        named = " ".join((title or "").split())
        shown = named if not values.web_address(named) else None
        yield Address(web, shown or None, tuple(dict.fromkeys(tags))[:_MOST_TAGS], added)


# --- Browsers -------------------------------------------------------------------------------------


def _bookmarks(data: bytes) -> Iterator[Address]:
    """What every browser exports: lists within lists, each folder's name before its list."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(_marked(data).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise SourceError("holds no bookmarks") from error
    folders: list[str] = []
    heading = ""
    for event, element in etree.iterwalk(page, events=("start", "end"), tag=("dl", "h3", "a")):
        match event, element.tag:
            case "start", "dl":
                folders.append(heading)
                heading = ""
            case "end", "dl":
                folders.pop()
            case "start", "h3":
                heading = _folder(element)
            case "start", "a":
                tags = [*filter(None, folders), *values.tags(element.get("tags"))]
                added = values.day(element.get("add_date"))
                yield from _address(element.get("href"), _words(element), tags, added)


def _folder(heading: Any) -> str:
    """The name of a folder that somebody made; empty for those that the browser came with."""
    name = _words(heading)
    roots = ("personal_toolbar_folder", "unfiled_bookmarks_folder")
    own = not any(root in heading.attrib for root in roots) and name.casefold() not in _UNSORTED
    return name if own else ""


def _words(element: Any) -> str:
    # Not the whole of it: in a damaged file, all that follows may stand within.
    return " ".join("".join(islice(element.itertext(), 100))[:1000].split())


def _shortcut(data: bytes) -> Iterator[Address] | None:
    """A .url file as Windows saves it, or a plain list under that name."""
    text = _text(data)
    if not text or not _SHORTCUT.match(text):
        return _lines(data)
    found = _SHORTCUT_URL.search(text)
    return _address(found[1] if found else None, None, [], None)


def _web_location(data: bytes) -> Iterator[Address] | None:
    """A .webloc file as macOS saves it, or a plain list under that name."""
    try:
        value = plistlib.loads(data)
    except (ExpatError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _lines(data)
    url = value.get("URL") if isinstance(value, dict) else None
    return _address(url if isinstance(url, str) else None, None, [], None)


# --- Other tools ----------------------------------------------------------------------------------


def _subscriptions(data: bytes) -> Iterator[Address]:
    """The feeds of an OPML list; the outlines around a feed are its folders."""
    from lxml import etree

    text = _marked(data)
    root = _OPML.search(text)
    if not root:
        raise SourceError("is not an OPML list")
    # Without what stands before the root there is no document type and no entity of its own.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    tree = etree.fromstring(text[root.start() :].encode("utf-8", "replace"), parser)
    if tree is None:
        raise SourceError("is a damaged OPML list")
    folders: list[str] = []
    for event, outline in etree.iterwalk(tree, events=("start", "end"), tag="outline"):
        if event == "end":
            folders.pop()
            continue
        title = outline.get("title") or outline.get("text") or ""
        tags = [*filter(None, folders), *values.tags(outline.get("category"))]
        yield from _address(outline.get("xmlUrl") or outline.get("url"), title, tags, None)
        folders.append("" if outline.get("xmlUrl") else " ".join(title.split()))


def _table(data: bytes, ending: str) -> Iterator[Address] | None:
    """An export with addresses, and no text in any of its records."""
    try:
        records = [row.record for row in exports.rows(data, ending)]
    except SourceError:
        return None  # what is wrong with it is said where its articles are read
    if any(map(fields.has_text, records)) or not any(map(fields.address, records)):
        return None
    return (
        address
        for record in records
        for address in _address(
            fields.address(record),
            fields.title(record),
            fields.tags_of(record),
            fields.added(record),
        )
    )


def _lines(data: bytes) -> Iterator[Address] | None:
    """A list in which every line that is not empty or a remark begins with an address."""
    text = _text(data)
    filled = (line.strip() for line in (text or "").splitlines())
    parted = [line.split(None, 1) for line in filled if line and not line.startswith("#")]
    if not parted or not all(values.web_address(parts[0]) for parts in parted):
        return None
    return (
        address for url, *title in parted for address in _address(url, "".join(title), [], None)
    )


def _marked(data: bytes) -> str:
    text = decode(data)
    if text.count("<") > _MOST_MARKS:
        raise SourceError("holds too many entries; split it")
    return text


def _text(data: bytes) -> str | None:
    try:
        return decode(data)
    except SourceError:
        return None  # another form may know what it is
