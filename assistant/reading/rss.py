"""RSS and Atom → entries, element by element.

Not by the usual library for feeds: that opens a file where the bytes happen to be the name of one,
and one long line in a feed can keep it busy for hours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from assistant.errors import SourceError
from assistant.reading import values

_MOST_MARKS = 2_000_000  # angle brackets and ampersands: elements take far more memory than text
_CDATA = r"(?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))"
_LOOSE = re.compile(
    rf"{_CDATA}|(?P<void></?(?:br|hr|img|wbr)\b[^<>]*>)"
    r"|&(?:(?P<name>#\d+|#[xX][\da-fA-F]+|\w+);)?",
    re.DOTALL,
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in no XML
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LOCAL = re.compile(r"\{[^}]*\}([a-zA-Z]\w*)")  # damaged feeds also have names like ":"
_CORE = re.compile(r"2005/atom|purl\.org/atom/ns|purl\.org/rss/1\.0/?$|netscape\.com|userland\.com")
_MODULES = {
    "//purl.org/rss/1.0/modules/content/": "content:",
    "//purl.org/dc/elements/1.1/": "dc:",
    "//purl.org/dc/terms/": "dcterms:",
}
_ENTRIES = ("item", "entry")
_PAGES = ("html", "xhtml", "text/html", "application/xhtml+xml")

Parts = dict[str, list[Any]]  # the elements within one, by their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article that a feed tells of.

    `html` is its whole content where `full` says so, else the summary; None where there is neither.
    `url` is absolute; `id` is what the feed calls it, or the address.
    """

    url: str | None
    id: str | None
    title: str | None
    authors: tuple[str, ...] = ()
    published: date | None = None
    updated: date | None = None
    tags: tuple[str, ...] = ()
    html: str | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    title: str | None
    entries: tuple[Entry, ...]


def read(text: str, url: str) -> Feed:
    """The feed whose root begins `text`: what stands before it, a document type above all, is gone.

    Raises SourceError for one that is too large, or so damaged that no entry is left.
    """
    from lxml import etree

    if text.count("<") + text.count("&") > _MOST_MARKS:
        raise SourceError("is too large a feed")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    source = _UNFIT.sub("", _LOOSE.sub(_mended, text)).encode("utf-8", "replace")
    root = etree.fromstring(source, parser, base_url=url)
    found = [] if root is None else _apart([e for e in root.iter() if _name(e) in _ENTRIES])
    if root is None or (parser.error_log and not found):
        raise SourceError("is a damaged feed; not one of its entries can be read")
    channel = next((element for element in root.iter() if _name(element) == "channel"), root)
    head = _parts(channel)
    authors = _authors(head) if _name(root) == "feed" else ()
    return Feed(_line(head.get("title", [])), tuple(_entry(item, authors) for item in found))


def _mended(match: re.Match[str]) -> str:
    """What feeds have of HTML, as XML knows it: entities, bare ampersands, tags without an end."""
    whole, name = match[0], match["name"]
    if match["cdata"]:
        return whole
    if match["void"]:
        return "" if whole.startswith("</") else f"{whole[:-1].rstrip('/')}/>"
    if name and (name.startswith("#") or name in ("amp", "lt", "gt", "quot", "apos")):
        return whole
    character = html.unescape(whole) if name else whole
    return html.escape(character) if character != whole else f"&amp;{whole[1:]}"


def _apart(entries: list[Any]) -> list[Any]:
    """In a damaged feed entries end up within others, and would be read once for each of them."""
    for entry in entries:
        if any(_name(around) in _ENTRIES for around in entry.iterancestors()):
            entry.getparent().remove(entry)
    return entries


def _name(element: Any) -> str:
    """ "title" for the feed's own elements, "dc:title" for a module's, "?" for any other."""
    if not isinstance(element.tag, str):
        return "?"
    namespace, _, local = element.tag.rpartition("}")
    namespace = namespace[1:].lower().removeprefix("https:").removeprefix("http:")
    local = local.lower()
    if not namespace or _CORE.search(namespace):
        return local  # of a prefix that the feed forgot to declare: as it stands, "dc:title"
    return f"{_MODULES[namespace]}{local}" if namespace in _MODULES else "?"


def _parts(element: Any) -> Parts:
    found: Parts = {}
    for child in element:
        found.setdefault(_name(child), []).append(child)
    return found


def _entry(element: Any, authors: tuple[str, ...]) -> Entry:
    parts = _parts(element)
    about = next((v for k, v in element.attrib.items() if k.endswith("}about")), "")
    named = _first(parts, "guid", "id") or about
    content = _first_markup(parts, "content:encoded", "content")
    summary = _first_markup(parts, "description", "summary", "dc:description")
    link = next(_links(parts), None) or values.web_address(about)
    return Entry(
        url=link,
        id=values.string(named) or link,
        title=_line(parts.get("title", []) + parts.get("dc:title", [])),
        authors=_authors(parts) or authors,
        published=values.day(
            _first(parts, "pubdate", "published", "issued", "dc:date", "dcterms:issued", "created")
        ),
        updated=values.day(_first(parts, "updated", "modified", "dcterms:modified")),
        tags=_tags(parts),
        html=content or summary,
        full=bool(content),
    )


def _links(parts: Parts) -> Iterator[str]:
    """Where the article stands; a page rather than anything else, a permanent id at last."""
    links = [link for link in parts.get("link", []) if link.get("rel") in (None, "alternate")]
    links.sort(key=lambda link: link.get("type") not in (None, *_PAGES))
    for element in links:
        link = element.get("href") or _whole(element)
        if link and (found := values.absolute(element.base or "", link)):
            yield found
    for element in parts.get("guid", []):
        if element.get("isPermaLink") != "false" and (web := values.web_address(_whole(element))):
            yield web


def _authors(parts: Parts) -> tuple[str, ...]:
    found: list[str] = []
    for element in (parts.get("dc:creator", []) + parts.get("author", []))[:100]:
        name = _first(_parts(element), "name") or _whole(element)
        named = re.search(r"@[^()]*\(([^()]+)\)", name[:500])  # jane@example.org (Jane Doe)
        found += values.names(named[1] if named else name)
    return tuple(dict.fromkeys(name for name in found if "@" not in name))


def _tags(parts: Parts) -> tuple[str, ...]:
    elements = (parts.get("category", []) + parts.get("dc:subject", []))[:1000]
    texts = (e.get("label") or e.get("term") or _whole(e) for e in elements)
    return tuple(dict.fromkeys(tag for text in texts for tag in values.tags(text)))


def _first(parts: Parts, *names: str) -> str:
    texts = (_whole(element) for name in names for element in parts.get(name, []))
    return next((text for text in texts if text), "")


def _whole(element: Any) -> str:
    # Not without end: in a damaged feed, all that follows may stand within.
    return "".join(islice(element.itertext(), 1000))[:10_000].strip()


def _line(elements: list[Any]) -> str | None:
    """A title, which most feeds give as HTML, as plain text."""
    for element in elements:
        text = _whole(element)
        if element.get("type") != "text":
            text = html.unescape(_TAG.sub("", html.unescape(text)))
        if words := " ".join(text.split()):
            return words
    return None


def _first_markup(parts: Parts, *names: str) -> str | None:
    elements = (element for name in names for element in parts.get(name, []))
    return next((found for element in elements if (found := _markup(element))), None)


def _markup(element: Any) -> str | None:
    """The content as HTML, whether it was escaped, embedded as elements or plain text."""
    from lxml import etree

    kind = (element.get("type") or "text").lower()
    if "/" in kind and not kind.startswith("text/") and not kind.endswith("xml"):
        return None  # an image or the like
    if len(element):
        for child in element.iter():
            if isinstance(child.tag, str) and (local := _LOCAL.fullmatch(child.tag)):
                child.tag = local[1]
        inner = [etree.tostring(child, method="html", encoding="unicode") for child in element]
        return html.escape(element.text or "") + "".join(inner)
    text = (element.text or "").strip()
    if element.get("type") in ("text", "text/plain") or not text:
        return paragraphs(text)
    return text if _TAG.search(text) else paragraphs(html.unescape(text))


def paragraphs(text: str) -> str | None:
    blocks = (html.escape(block) for block in re.split(r"\n\s*\n", text) if block.strip())
    return "".join(f"<p>{block}</p>" for block in blocks) or None
