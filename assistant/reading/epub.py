"""An electronic book (.epub) → a draft: its chapters in the order in which they are read."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

from assistant.errors import SourceError
from assistant.reading import dates
from assistant.reading.archive import Archive, decode_xml, parse_xml, refuse_bloat
from assistant.reading.draft import Draft
from assistant.reading.hidden import drop_hidden
from assistant.reading.html import text_of
from assistant.reading.markup import parsable

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_SCRAMBLED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml")
_OPF = "{http://www.idpf.org/2007/opf}"

_AROUND = re.compile(r"(?:cover|(?:html)?toc|nav|contents|table-?of-?contents)(?:-?page)?", re.I)
_LISTS = {"toc", "cover", "landmarks", "page-list", "pagebreak", "noteref", "loi", "lot"}
_NOTE_MARK = re.compile(r"\W*(?:\d{1,4}|[*†‡])\W*")
_WEB = re.compile(r"https?://\S+")


def read(data: bytes) -> Draft:
    """Text of all chapters, without cover and table of contents; what the book says of itself.

    Raises SourceError for what is no readable book, or a protected one.
    """
    archive = Archive(data)
    place = _package(archive)
    package = parse_xml(archive.read(place))
    chapters = _chapters(package, posixpath.dirname(place), archive)
    if not chapters:
        raise SourceError("is no EPUB book or damaged: none of its chapters is there")
    _refuse_protected(archive, chapters)
    pages = [_page(archive.read(name)) for name in chapters]
    refuse_bloat(*pages)
    text = "\n\n".join(filter(None, map(_text, pages)))
    return _with_properties(text, package)


def _package(archive: Archive) -> str:
    """The name of the member that says what the book is made of."""
    container = parse_xml(archive.read(_CONTAINER))
    for root in container.iter("{*}rootfile"):
        if place := root.get("full-path"):
            return posixpath.normpath(str(place))
    raise SourceError("is no EPUB book or damaged: it does not say where it begins")


def _chapters(package: Any, folder: str, archive: Archive) -> list[str]:
    """The members with text in reading order, each once; those around the text only if alone."""
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    around = {
        _joined(folder, mark.get("href", ""))
        for mark in package.iterfind("{*}guide/{*}reference")
        if mark.get("type") in ("cover", "toc")
    }
    found: dict[str, bool] = {}
    for mark in package.iterfind("{*}spine/{*}itemref"):
        item = items.get(mark.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        name = _joined(folder, item.get("href", ""))
        if name in archive.names:
            found[name] = name in around or _stands_around(item, name)
    return [name for name, outside in found.items() if not outside] or list(found)


def _joined(folder: str, link: str) -> str:
    """The member that a link leads to; one to a place within a page is left as it is."""
    return posixpath.normpath(posixpath.join(folder, unquote(link)))


def _stands_around(item: Any, name: str) -> bool:
    stem = posixpath.splitext(posixpath.basename(name))[0]
    named = _AROUND.fullmatch(stem) or _AROUND.fullmatch(item.get("id", ""))
    return bool(named) or "nav" in item.get("properties", "").split()


def _refuse_protected(archive: Archive, chapters: list[str]) -> None:
    if _ENCRYPTION not in archive.names:
        return
    for entry in parse_xml(archive.read(_ENCRYPTION)).iter("{*}EncryptedData"):
        method = next(entry.iter("{*}EncryptionMethod"), None)
        if method is not None and method.get("Algorithm") in _SCRAMBLED_FONTS:
            continue
        for target in entry.iter("{*}CipherReference"):
            if _joined("", target.get("URI", "")) in chapters:
                raise SourceError("is protected (DRM); ask its seller for a copy without")


# --- A chapter ------------------------------------------------------------------------------------


def _page(data: bytes) -> str:
    try:
        return re.sub(r"\A\s*<\?xml[^>]*>", "", parsable(decode_xml(data)))
    except SourceError as error:
        raise SourceError(f"is damaged: a chapter of it {error}") from error


def _text(page: str) -> str:
    from lxml import etree, html

    try:
        tree = html.document_fromstring(page, parser=html.HTMLParser(remove_comments=True))
    except (etree.ParserError, ValueError):  # a page without anything on it
        return ""
    drop_hidden(tree)
    for element in dict.fromkeys(_beside_the_text(tree)):
        if element.tag in ("html", "body"):
            return ""
        element.drop_tree()
    body = tree.find("body")
    return text_of(tree if body is None else body)


def _beside_the_text(tree: Any) -> Iterator[Any]:
    """Tables of contents, page numbers and the marks of notes, which would stick to the words."""
    for element in tree.iter("*"):
        if _LISTS & set((element.get("epub:type") or "").split()):
            yield element
    for mark in tree.xpath("//a[sup] | //sup[a]"):
        if _NOTE_MARK.fullmatch(mark.text_content()):
            yield mark


# --- What the book says of itself -----------------------------------------------------------------


def _with_properties(text: str, package: Any) -> Draft:
    titles, languages = _values(package, "title"), _values(package, "language")
    publishers = _values(package, "publisher")
    links = [*_values(package, "source"), *_values(package, "identifier")]
    return Draft(
        text=text,
        title=titles[0] if titles else None,
        authors=tuple(_values(package, "creator", "role", (None, "aut"))),
        published=_day(_values(package, "date", "event", (None, "publication"))),
        modified=_day(_modified(package)),
        tags=tuple(_values(package, "subject")),
        site=publishers[0] if publishers else None,
        language=languages[0] if languages else None,
        url=next(filter(_WEB.fullmatch, links), None),
    )


def _values(
    package: Any, name: str, mark: str = "event", wanted: tuple[str | None, ...] = (None,)
) -> list[str]:
    """The texts of the elements with a name whose attribute `mark` has one of the wanted values."""
    elements = package.iterfind(f"{{*}}metadata//{{http://purl.org/dc/elements/1.1/}}{name}")
    return [
        text
        for element in elements
        if element.get(_OPF + mark) in wanted
        and (text := " ".join("".join(element.itertext()).split()))
    ]


def _modified(package: Any) -> list[str]:
    return [
        meta.text or ""
        for meta in package.iterfind("{*}metadata/{*}meta")
        if meta.get("property") == "dcterms:modified"
    ] + _values(package, "date", "event", ("modification",))


def _day(values: list[str]) -> date | None:
    return next((day for value in values if (day := dates.parse(value))), None)
