"""Takes boxes with other things than the article out of a page's tree, before its text is sought.

A box is told by its class or by its heading. It goes only where it is small beside the page: sites
name whole articles "ad-free" or "subscriber".
"""

from __future__ import annotations

import re
from typing import Any

from assistant.reading import noise

_SHARE = 0.25  # of the page's letters in a box, at most
_COLUMN = 0.2  # of the main column's letters in one with a menu, at most
_SHORT = 160  # letters in a line beside a picture or above a title

_WORDS = r"""
    cookies? consent gdpr newsletters? signup recirc outbrain taboola sponsored sponsors?
    advert(?:isement)?s? ads? anzeige share sharing social sharedaddy breadcrumbs? subscribe promo
    upsell cta comments? disqus trending recommended
    recommendations related(?!-?work) pagination navbox hatnote ambox catlinks editsection
    references reflist printfooter noprint author-?bio author-?card about-?author contributor
    most-?read most-?viewed read-?next up-?next jump-?link feedback sidebar toc table-of-contents
"""
_LINES = r"""
    (?:photo|image|img|picture)?-?credits? bildnachweis bildquelle copyright kicker eyebrow overline
    dachzeile surtitre antetitulo rubric rubrik overtitle credit-?line
"""
_CAPTION = re.compile(r"caption|legende|bildunterschrift|thumbcaption", re.I)
_HEADS = {"h2", "h3", "h4", "h5", "h6"}
_HEADINGS = {"h1", *_HEADS}
_BOXES = {"div", "section", "aside", "nav", "ul", "ol", "dl", "table", "figure", "p", "header"}
_BOXES |= {"footer", "details", "form", "span", "li", "small", "blockquote"}
_BLOCKS = _BOXES - {"span", "small"} | _HEADINGS | {"pre", "br", "hr", "main", "article"}
_MATTER = re.compile(  # what stands behind an article, by its heading
    r"references|bibliography|see also|external links|about this article|author information"
    r"|contents|table of contents|notes and references|literatur|einzelnachweise|weblinks"
    r"|siehe auch|références|notes et références|referencias|véase también",
    re.I,
)
_ADVERT = re.compile(
    r"(?:sponsored|promoted|paid|partner|branded)(?: content| posts?)?|advertisements?|anzeige"
    r"|werbung|publicité|publicidad|from our partners?|a message from our sponsors?",
    re.I,
)


def _named(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?=$|[\s_]|-(?!free))", re.I)


_BOX, _LINE = _named(_WORDS), _named(_LINES)


def drop_boxes(tree: Any) -> None:
    """Take them out of an lxml tree; captions of pictures and tables of data stay."""
    _unroll_tables(tree)
    sizes = _sizes(tree)
    for element in [e for e in sizes if e.tag in _BOXES]:
        name = element.get("class") or ""
        small = sizes[element] <= _SHARE * sizes[tree] and not _holds(element, "h1")
        # Single paragraphs are told by their words, and code has spans for its comments.
        box = element.tag not in ("p", "span") and _BOX.search(name)
        if (small and box) or (sizes[element] <= _SHORT and _LINE.search(name)):
            _drop(element)
    for element in sizes:
        if element.tag in _HEADS or element.tag in ("p", "div", "span", "strong", "b"):
            _drop_box_of(element, sizes, tree)
    _keep_captions(tree)
    _mark_paragraphs(tree)


def _sizes(tree: Any) -> dict[Any, int]:
    """The number of letters and signs in each element."""
    elements = list(tree.iter("*"))
    sizes = dict.fromkeys(elements, 0)
    for element in reversed(elements):
        if element.tag in ("script", "style", "noscript", "head"):
            continue
        sizes[element] += _size(element.text)
        parent = element.getparent()
        if parent is not None:
            sizes[parent] += sizes[element] + _size(element.tail)
    return sizes


def _size(text: str | None) -> int:
    return len("".join((text or "").split()))


def _drop(element: Any) -> None:
    if element.getparent() is not None and element.tag not in ("html", "body", "main", "article"):
        element.drop_tree()


def _holds(element: Any, tag: str) -> bool:
    return next(element.iter(tag), None) is not None


def _unroll_tables(tree: Any) -> None:
    """Tables that only arrange a page become blocks; of their columns the widest text counts."""
    for table in list(tree.iter("table")):
        if not any(_holds(table, tag) for tag in ("p", "div", "h1", "h2", "h3", "table")):
            continue
        if _is_data(table):
            continue
        for row in table.xpath("./tr | ./tbody/tr | ./thead/tr"):
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            sizes = [_size(cell.text_content()) for cell in cells]
            for cell, size in zip(cells, sizes, strict=True):
                cell.tag = "div"
                if size < _COLUMN * max(sizes) and _is_linked(cell):
                    _drop(cell)
            row.tag = "div"
        for body in table.xpath("./tbody | ./thead"):
            body.tag = "div"
        table.tag = "div"


def _is_linked(cell: Any) -> bool:
    """Whether a good part of a cell is links, as in a menu."""
    links = list(cell.iter("a"))
    linked = sum(_size(link.text_content()) for link in links)
    return len(links) >= 2 and linked >= 0.4 * _size(cell.text_content())


def _is_data(table: Any) -> bool:
    """Whether the cells of a table are short, with paragraphs in them or not."""
    cells = table.xpath("./tr/* | ./tbody/tr/*")
    return max((_size(cell.text_content()) for cell in cells), default=0) < 400


def _drop_box_of(heading: Any, sizes: dict[Any, int], tree: Any) -> None:
    """The box that a heading such as "Most read" stands over: its container, or the lists next."""
    if sizes[heading] > 60 or heading.getparent() is None:
        return
    text = " ".join(heading.text_content().split())
    label = noise.is_label(text)
    headed = heading.tag in _HEADS and (
        label or noise.is_noise(text) or _MATTER.fullmatch(text.split("[")[0].strip(" :"))
    )
    advert = bool(_ADVERT.fullmatch(text))
    if not (label or headed or advert):
        return
    while (
        (box := heading.getparent()) is not None
        and box.tag in (*_BOXES, "strong", "b", "em", "i", "a")
        and sizes[box] == sizes[heading]
    ):
        heading = box
    if _is_box(heading, box, sizes, tree):
        _drop(box)
        return
    if advert:
        return
    following = heading.getnext()
    while following is not None and _is_listing(following, sizes):
        following, listing = following.getnext(), following
        _drop(listing)
        _drop(heading)


def _is_box(heading: Any, box: Any, sizes: dict[Any, int], tree: Any) -> bool:
    first = box is not None and not (box.text or "").strip() and heading.getprevious() is None
    return (
        first
        and box.tag in _BOXES
        and sizes[box] <= _SHARE * sizes[tree]
        and not _holds(box, "h1")
        and sum(element.tag == heading.tag for element in box if element.tag in _HEADINGS) <= 1
    )


def _is_listing(element: Any, sizes: dict[Any, int]) -> bool:
    """Whether it is a list or a line made of links."""
    if element.tag in ("ul", "ol"):
        return True
    linked = sum(sizes.get(link, 0) for link in element.iter("a"))
    return element.tag in ("p", "div") and 0 < sizes[element] <= linked / 0.9


def _mark_paragraphs(tree: Any) -> None:
    """Write sentences in blocks of their own as paragraphs, which the extractor keeps."""
    for element in list(tree.iter("div")):
        if any(child.tag in _BLOCKS for child in element):
            continue
        text = element.text_content().strip()
        if text.count(" ") >= 5 and text[-1] in '.!?”"':
            element.tag = "p"


def _keep_captions(tree: Any) -> None:
    """Write captions as paragraphs: with their pictures, the extractor would drop them."""
    for element in list(tree.iter("figcaption")):
        element.tag = "p"
        element.attrib.pop("class", None)
    for element in list(tree.iter("figure")):
        if not _holds(element, "table"):
            element.tag = "div"
            element.attrib.pop("class", None)
    for element in list(tree.iter("p", "div", "span")):
        if _CAPTION.search(element.get("class") or ""):
            element.attrib.pop("class")
            if element.tag == "span":
                element.tag = "p"
