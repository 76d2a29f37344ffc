"""A saved web page → a draft: its article without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from assistant.errors import SourceError
from assistant.reading import facts
from assistant.reading.boxes import drop_boxes
from assistant.reading.decoding import decode
from assistant.reading.draft import Draft
from assistant.reading.hidden import drop_hidden
from assistant.reading.lines import is_prose, letters
from assistant.reading.markup import parsable

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.I
)
_NEVER_CLOSED = re.compile(
    r"</?(?:b|i|u|em|strong|big|small|center|tt|s|strike)\s*>"
    r"|<font(?:\s+(?:size|face)=[\"']?[^\"'>]*[\"']?)*\s*>|</font\s*>",
    re.I,
)
_TINY = 250  # characters
_MANY = 50_000  # elements; the extractor would take minutes
_NEAR = 40  # elements behind a title in which the lead is sought
_LONGEST_LEAD = 800  # characters
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:standfirst|dek|deck|sub-?title|sub-?heading|sub-?headline|lead|lede|intro"
    r"|excerpt|summary|bullets|vorspann|chapo|subtitulo|entradilla)(?=$|[\s_-])",
    re.I,
)
_SKIPPED = set(re.findall(r"\w+", "script style noscript nav footer form button svg head title"))
# The extractor's own names for blocks stand beside those of HTML.
_BLOCKS = set(
    re.findall(
        r"\w+",
        """p div section article main blockquote quote pre code list ul ol dl table figure caption
        figcaption header aside hr ab h1 h2 h3 h4 h5 h6""",
    )
)
_ITEMS = {"li", "item"}
_ROWS = {"tr", "row", "dt", "dd"}
_CELLS = {"td", "th", "cell"}


def read(data: bytes) -> Draft:
    """Text, title, authors, days, tags, site, language and address of a page.

    Raises SourceError for bytes that are no text.
    """
    from lxml import etree

    declared = _CHARSET.search(data[:4096])
    page = decode(data, declared[1].decode("ascii") if declared else None)
    page = parsable(re.sub(r"\A\s*<\?xml[^>]*>", "", page))
    try:
        tree = _tree(page)
    except (etree.ParserError, ValueError) as error:
        raise SourceError("holds no text") from error
    said = facts.said(tree)
    drop_hidden(tree)
    return _with_text(said, tree)


def _tree(page: str) -> Any:
    """The tree of a page; where marks such as <b> are never closed, without them.

    The parser leaves out what is nested too deeply. Marks with a style stay, as it may hide words.
    """
    from lxml import html

    parser = html.HTMLParser(remove_comments=True)
    tree = html.document_fromstring(page, parser=parser)
    if any("depth" in entry.message for entry in parser.error_log):
        parser = html.HTMLParser(remove_comments=True)
        tree = html.document_fromstring(_NEVER_CLOSED.sub("", page), parser=parser)
    return tree


def text_of(element: Any) -> str:
    """Blocks parted by blank lines; list items, table rows and line breaks begin a line."""
    return re.sub(r"\n[ \n]*\n", "\n\n", _render(element)).strip()


# --- Its text -------------------------------------------------------------------------------------


def _with_text(said: Draft, tree: Any) -> Draft:
    import trafilatura

    shown = text_of(tree).split("\n")
    headings = [text_of(heading) for heading in islice(tree.iter("h1", "h2", "h3"), _NEAR)]
    drop_boxes(tree)
    main = tree.xpath("//article | //main") or tree.xpath("//body") or [tree]
    fallback, title = text_of(main[0]), said.title
    if sum(1 for _ in tree.iter()) > _MANY:
        return replace(said, text=fallback)
    leads = _leads(tree)
    found = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict):
        return replace(said, text=fallback)
    text = text_of(found.body)
    # On a tiny page the extractor gives up and glues all words together.
    text = fallback if max(len(text), len(fallback)) < _TINY else text or fallback
    title = facts.title(found.title, said.title, headings)
    authors = tuple((found.author or "").split(";"))
    near = facts.near(shown, title)
    return replace(
        said,
        text="\n\n".join([*(lead for lead in leads if letters(lead) not in letters(text)), text]),
        title=title,
        authors=authors if any(authors) else near.authors,
        published=date.fromisoformat(found.date[:10]) if found.date else near.published,
        tags=tuple(found.tags or ()),
        site=said.site or found.sitename,
    )


def _leads(tree: Any) -> list[str]:
    """What stands between the title and the text, and is often no part of what is extracted."""
    title = next(tree.iter("h1"), None)
    if title is None:
        return []
    leads: list[Any] = []
    for element in islice(title.xpath("following::*"), _NEAR):
        inside = any(lead in leads for lead in element.iterancestors())
        if not inside and _LEAD.search(element.get("class") or ""):
            leads.append(element)
        elif (
            not inside and element.tag == "p" and is_prose(" ".join(element.text_content().split()))
        ):
            break  # the text has begun
    texts = map(text_of, leads)
    return [text for text in texts if text and len(text) < _LONGEST_LEAD]


# --- Its layout -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """An element whose text is being put together; without recursion, as pages nest deeply."""

    element: Any
    name: str
    raw: bool
    parts: list[str]
    children: Iterator[Any]


def _render(top: Any) -> str:
    stack = [_opened(top, False)]
    while True:
        last = stack[-1]
        if (child := next(last.children, None)) is not None:
            name = child.tag if isinstance(child.tag, str) else ""
            if name in ("br", "lb"):
                last.parts += ["\n", _words(child.tail, last.raw)]
            elif not name or (name in _SKIPPED and not (name == "head" and child.get("rend"))):
                last.parts.append(_words(child.tail, last.raw))
            else:
                stack.append(_opened(child, last.raw))
            continue
        stack.pop()
        text = _closed(last)
        if not stack:
            return text
        stack[-1].parts += [text, _words(last.element.tail, stack[-1].raw)]


def _opened(element: Any, raw: bool) -> _Open:
    name = element.tag if isinstance(element.tag, str) else ""
    raw = raw or name in ("pre", "code")
    return _Open(element, name, raw, [_words(element.text, raw)], iter(element))


def _closed(done: _Open) -> str:
    inner = "".join(done.parts)
    if done.name in _ITEMS:
        return f"\n- {inner.strip()}"
    if done.name in _CELLS:
        return f"{' '.join(inner.split())} | "
    if done.name in _ROWS:
        return f"\n{inner.strip().removesuffix('|').strip()}"
    block = done.name in _BLOCKS or done.name == "head"
    if done.name == "code" and "\n" not in inner.strip():
        block = False  # a word within a sentence
    return f"\n\n{inner}\n\n" if block else inner


def _words(text: str | None, raw: bool) -> str:
    return (text or "") if raw else re.sub(r"\s+", " ", text or "")
