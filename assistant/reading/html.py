"""A saved web page → a draft: its article without what stands around it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from assistant.errors import SourceError
from assistant.reading.clean import Draft
from assistant.reading.decoding import decode
from assistant.reading.hidden import drop_hidden

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.I
)
_TINY = 250  # characters
_SKIPPED = {
    "script",
    "style",
    "noscript",
    "nav",
    "footer",
    "form",
    "button",
    "svg",
    "head",
    "title",
}
# The extractor's own names for blocks stand beside those of HTML.
_BLOCKS = {"p", "div", "section", "article", "main", "blockquote", "quote", "pre", "code", "list"}
_BLOCKS |= {"ul", "ol", "dl", "table", "figure", "figcaption", "header", "aside", "hr", "ab"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6"}
_ITEMS = {"li", "item"}
_ROWS = {"tr", "row", "dt", "dd"}
_CELLS = {"td", "th", "cell"}


def read(data: bytes) -> Draft:
    """Text, title, authors, day and tags of a page.

    Raises SourceError for bytes that are no text.
    """
    import trafilatura
    from lxml import etree, html

    declared = _CHARSET.search(data[:4096])
    page = decode(data, declared[1].decode("ascii") if declared else None)
    page = re.sub(r"\A\s*<\?xml[^>]*>", "", page)
    try:
        tree = html.document_fromstring(page, parser=html.HTMLParser(remove_comments=True))
    except (etree.ParserError, ValueError) as error:
        raise SourceError("holds no text") from error
    drop_hidden(tree)
    title = tree.findtext(".//title")
    fallback = _text((tree.xpath("//article | //main") or tree.xpath("//body") or [tree])[0])
    found = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict):
        return Draft(text=fallback, title=title)
    text = _text(found.body)
    return Draft(
        # On a tiny page the extractor gives up and glues all words together.
        text=fallback if max(len(text), len(fallback)) < _TINY else text or fallback,
        title=found.title or title,
        authors=tuple((found.author or "").split(";")),
        published=date.fromisoformat(found.date[:10]) if found.date else None,
        tags=tuple(found.tags or ()),
    )


def _text(element: Any) -> str:
    """Blocks parted by blank lines; list items, table rows and line breaks begin a line."""
    return re.sub(r"\n[ \n]*\n", "\n\n", _render(element, top=True)).strip()


def _render(element: Any, top: bool = False) -> str:
    name = element.tag if isinstance(element.tag, str) else ""
    if not name or (name in _SKIPPED and not (name == "head" and element.get("rend"))):
        return ""
    if name in ("br", "lb"):
        return "\n"
    raw = name in ("pre", "code")
    parts = [_words(element.text, raw)]
    for child in element:
        parts += [_render(child), _words(child.tail, raw)]
    inner = "".join(parts)
    if name in _ITEMS:
        return f"\n- {inner.strip()}"
    if name in _CELLS:
        return f"{' '.join(inner.split())} | "
    if name in _ROWS:
        return f"\n{inner.strip().removesuffix('|').strip()}"
    return f"\n\n{inner}\n\n" if top or name in _BLOCKS or name == "head" else inner


def _words(text: str | None, raw: bool) -> str:
    return (text or "") if raw else re.sub(r"\s+", " ", text or "")
