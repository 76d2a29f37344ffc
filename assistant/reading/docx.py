"""A Word document (.docx) → a draft.

Before mammoth sees a document it is cut down to the parts and elements that text comes from:
mammoth believes what a file says, and some small files would make it write a very large page.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from xml.parsers.expat import ExpatError

from assistant.errors import SourceError
from assistant.reading import dates
from assistant.reading.archive import Archive, parse_xml
from assistant.reading.draft import Draft
from assistant.reading.html import text_of

_OLE = b"\xd0\xcf\x11\xe0"
_CORE = "docProps/core.xml"
_PARTS = re.compile(
    r"(?:[^/]+/)?(?:_rels/[^/]*\.rels|[^/]*(?:document|styles|numbering|footnotes|endnotes)\d*\.xml)"
)
_MOST_ELEMENTS = 300_000  # some 1,000 pages
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name^='toc '] => !
p[style-name^='contents '] => !
"""
_UNTITLED = re.compile(r"microsoft word - .*|untitled.*|(?:word )?document\s?\d*|\W*", re.I | re.S)
_LIBRARY = "python-docx"  # its template brings an author, a title and a day of its own

# Fields say where a link leads, over and over; the rest would be looked for, and may not be there.
_DROPPED = {"Choice", "instrText", "imagedata", "blip", "bookmarkStart", "commentReference", "rPr"}
_OFF = ("false", "0", "off")
_WHITE = re.compile("(?:fff){1,2}", re.I)
_NO_FILL = re.compile("auto|(?:fff){1,2}", re.I)


def read(data: bytes) -> Draft:
    """Text with headings, lists, tables and notes; what the document says of itself.

    Raises SourceError for what is no readable .docx file.
    """
    if data.startswith(_OLE):
        raise SourceError("is encrypted or an old .doc; save it as .docx without a password")
    archive = Archive(data)
    said = _properties(archive)
    page = _tree(_converted(_trimmed(archive)))
    heading = page.find(".//h1[@class='title']")
    title = heading.text_content().strip() if heading is not None else ""
    return replace(said, text=text_of(page), title=title or said.title)


def _properties(archive: Archive) -> Draft:
    if _CORE not in archive.names:
        return Draft(text="")
    core = parse_xml(archive.read(_CORE))

    def value(name: str) -> str:
        return "".join(core.xpath(f"string(*[local-name()='{name}'])")).strip()

    if value("creator") == _LIBRARY:
        return Draft(text="")
    return Draft(
        text="",
        title=None if _UNTITLED.fullmatch(value("title")) else value("title"),
        authors=tuple(value("creator").split(";")),
        published=dates.parse(value("created")),
        modified=dates.parse(value("modified")),
        tags=(value("keywords"),),
        language=value("language") or None,
    )


def _converted(document: bytes) -> str:
    import mammoth

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(document),
            style_map=_STYLES,
            convert_image=lambda image: [],
            include_embedded_style_map=False,
            external_file_access=False,
        )
    except RecursionError as error:
        raise SourceError("is nested too deeply; save its text as a .txt file") from error
    except OSError as error:  # so it says that there is no main part
        raise SourceError("holds no Word document; save it as .docx again") from error
    except (
        *(LookupError, ValueError, TypeError, AttributeError, NotImplementedError, OverflowError),
        ExpatError,
    ) as error:  # mammoth does not look whether what it reads is there and of the right kind
        raise SourceError("is no Word document or damaged; save it as .docx again") from error
    return str(result.value)


def _tree(page: str) -> Any:
    """The page without the marks that lead to its notes and back."""
    from lxml import html

    tree = html.fragment_fromstring(page, create_parent="div")
    for mark in tree.xpath("//sup | //a[contains(@href, 'note-ref-')]"):
        mark.drop_tree()
    return tree


# --- Cutting the document down --------------------------------------------------------------------


def _trimmed(archive: Archive) -> bytes:
    """A new .docx with nothing in it but the text and how it is laid out."""
    from lxml import etree

    parts = {
        name: parse_xml(archive.read(name))
        for name in sorted(archive.names)
        if _PARTS.fullmatch(name)
    }
    looks = _Looks(parts.values())
    packed = io.BytesIO()
    room = _MOST_ELEMENTS
    with zipfile.ZipFile(packed, "w") as document:
        for name, root in parts.items():
            _trim(root, looks)
            room -= sum(1 for _ in root.iter())
            if room < 0:
                raise SourceError("is longer than can be read; save its text as a .txt file")
            document.writestr(name, etree.tostring(root))
    return packed.getvalue()


def _trim(root: Any, looks: _Looks) -> None:
    noted = set()
    for element in list(root.iter("{*}*")):
        name, parent = _local(element.tag), element.getparent()
        if parent is None:
            continue
        if name == "r" and looks.hide(element):
            element.clear()
        elif name == "hyperlink":
            element.attrib.clear()
        elif name in ("footnoteReference", "endnoteReference"):
            # A note is written out anew for each of its marks.
            mark = (name, _value(element, "id"))
            if mark in noted:
                parent.remove(element)
            noted.add(mark)
        elif name in _DROPPED and _local(parent.tag) not in ("pPr", "style"):
            parent.remove(element)
        elif name == "fldSimple" or "/math}" in element.tag:
            # Mammoth passes over formulas and simple fields, and over the words in them.
            element.tag = root.tag.replace(_local(root.tag), name if name in "rt" else "smartTag")


class _Looks:
    """Which runs of text nobody sees: marked as hidden, next to no size, or white on white."""

    def __init__(self, parts: Iterable[Any]) -> None:
        self._hidden: set[str | None] = set()
        self._shaded: set[str | None] = set()
        self._page_is_white = True
        for root in parts:
            for style in root.iter("{*}style"):
                if _is_hidden(style.find("{*}rPr")):
                    self._hidden.add(_value(style, "styleId"))
                if _is_shaded(style):
                    self._shaded.add(_value(style, "styleId"))
            self._page_is_white &= root.find("{*}background") is None

    def hide(self, run: Any) -> bool:
        properties = run.find("{*}rPr")
        paragraph = next(run.iterancestors("{*}p"), None)
        styles = {_value(style, "val") for style in run.iterfind("{*}rPr/{*}rStyle")}
        if paragraph is not None:
            styles |= {_value(style, "val") for style in paragraph.iterfind("{*}pPr/{*}pStyle")}
        if _is_hidden(properties) or styles & self._hidden:
            return True
        colour = None if properties is None else properties.find("{*}color")
        if colour is None or not _WHITE.fullmatch(_value(colour, "val") or ""):
            return False
        around = next(run.iterancestors("{*}tbl", "{*}txbxContent"), None)
        dark = around is not None or _is_shaded(run) or bool(styles & self._shaded)
        dark = dark or (paragraph is not None and _is_shaded(paragraph.find("{*}pPr")))
        return self._page_is_white and not dark


def _is_hidden(properties: Any) -> bool:
    if properties is None:
        return False
    vanish, size = properties.find("{*}vanish"), properties.find("{*}sz")
    marked = vanish is not None and _value(vanish, "val") not in _OFF
    return marked or (size is not None and _value(size, "val") in ("0", "1", "2"))


def _is_shaded(element: Any) -> bool:
    if element is None:
        return False
    fills = (_value(shade, "fill") or "" for shade in element.iter("{*}shd"))
    lit = next(element.iter("{*}highlight"), None) is not None
    return lit or any(not _NO_FILL.fullmatch(fill) for fill in fills)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _value(element: Any, name: str) -> str | None:
    """An attribute, of whichever of the two namespaces of Word documents."""
    return next((value for key, value in element.attrib.items() if _local(key) == name), None)
