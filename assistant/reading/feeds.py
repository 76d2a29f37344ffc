"""Feeds → their entries, whichever kind they are, and the feeds that a web page names."""

from __future__ import annotations

import re
from typing import Any

from assistant.errors import SourceError
from assistant.reading import exports, rss, values
from assistant.reading.decoding import decode
from assistant.reading.rss import Entry, Feed

__all__ = ["Entry", "Feed", "find_feeds", "is_feed", "parse"]

_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json"}
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)(?=[\s/>])", re.IGNORECASE)
_JSON_FEED = re.compile(r"jsonfeed\.org\\?/version\\?/1", re.IGNORECASE)
# What may stand before the root of a feed, and roots that say which kind of feed follows.
_PROLOG = r"\A\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>\[]*>\s*)*"
_FEED = re.compile(
    rf"{_PROLOG}<(?:[\w.-]+:)?"
    r"(?:rss\b|feed\b[^>]*\b(?:atom|purl)\b|rdf\b[^>]*(?:/rss/|/rdf/simple/))",
    re.IGNORECASE | re.DOTALL,
)


def is_feed(data: bytes, content_type: str) -> bool:
    """Whether `data` is a feed, by what its server calls it or by how it begins."""
    head = _head(data)
    kind = content_type.partition(";")[0].strip().lower()
    if head.lstrip().startswith("{"):
        return kind == "application/feed+json" or bool(_JSON_FEED.search(head))
    return bool(_FEED.match(head)) or (kind in _TYPES and bool(_ROOT.search(head)))


def parse(data: bytes, url: str) -> Feed:
    """The entries of the feed that `url` gave; a damaged one is read as far as it goes.

    Raises SourceError for what is no feed, declares entities, or is damaged and holds no entry.
    """
    declared = _DECLARED.search(data[:1000])
    text = decode(data, declared[1].decode("ascii") if declared else None)
    if text.lstrip().startswith("{"):
        return _json_feed(exports.loads(text), url)
    root = _ROOT.search(text)
    if not root:
        raise SourceError("is not a feed (RSS, Atom or JSON Feed)")
    if "<!ENTITY" in text[: root.start()]:
        raise SourceError("is a feed that declares entities, which is not safe to read")
    return rss.read(text[root.start() :], url)


def find_feeds(page: bytes, url: str) -> list[str]:
    """The addresses of the feeds that a web page names, those of comments last."""
    from lxml import etree
    from lxml import html as pages

    try:
        parser = pages.HTMLParser(encoding="utf-8")
        tree = pages.document_fromstring(decode(page).encode("utf-8", "replace"), parser=parser)
    except (SourceError, etree.ParserError, ValueError):
        return []
    base = values.absolute(url, next(iter(tree.xpath("//base/@href")), "")) or url
    found: dict[str, bool] = {}
    for link in tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if kind in _TYPES and "alternate" in (link.get("rel") or "").lower().split():
            address = values.absolute(base, link.get("href") or "")
            about = f"{link.get('title') or ''} {address}".lower()
            if address:
                found.setdefault(address, "comment" in about)
    return sorted(found, key=lambda address: found[address])


def _head(data: bytes) -> str:
    wide = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data[:4096].decode(wide, "ignore").lstrip("\ufeff")


# --- JSON Feed ------------------------------------------------------------------------------------


def _json_feed(value: Any, url: str) -> Feed:
    if not isinstance(value, dict) or not _JSON_FEED.search(values.string(value.get("version"))):
        raise SourceError("is not a feed (RSS, Atom or JSON Feed)")
    items = value.get("items")
    if not isinstance(items, list):
        raise SourceError("is a damaged feed; not one of its entries can be read")
    authors = values.names(value.get("authors") or value.get("author"))
    entries = (_json_entry(item, url, authors) for item in items if isinstance(item, dict))
    return Feed(values.string(value.get("title")) or None, tuple(entries))


def _json_entry(item: dict[str, Any], url: str, authors: tuple[str, ...]) -> Entry:
    links = (values.string(item.get(key)) for key in ("url", "external_url"))
    link = next((found for text in links if text and (found := values.absolute(url, text))), None)
    link = link or values.web_address(values.string(item.get("id")))
    content = values.string(item.get("content_html"))
    content = content or rss.paragraphs(values.string(item.get("content_text"))) or ""
    return Entry(
        url=link,
        id=values.string(item.get("id")) or link,
        title=values.string(item.get("title")) or None,
        authors=values.names(item.get("authors") or item.get("author")) or authors,
        published=values.day(item.get("date_published")),
        updated=values.day(item.get("date_modified")),
        tags=values.tags(item.get("tags")),
        html=content or rss.paragraphs(values.string(item.get("summary"))),
        full=bool(content),
    )
