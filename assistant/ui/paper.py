"""Articles as HTML, with marks where they are cited. Every text of an article is escaped here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from itertools import pairwise

from assistant.records import Article, ArticleInfo, Citation
from assistant.ui.words import ENGLISH, Words

WHOLE_ARTICLE = 30_000  # characters; of a longer article only the surroundings are shown
AROUND = 3  # paragraphs before and after a cited one, where the article is not shown whole

_HEADING = 80  # a paragraph no longer than this that does not end like a sentence is a heading
_ENDS = ".!?…:;,”’\"')»"
_PARAGRAPH = re.compile(r"\S.*?(?=\n\s*\n|\s*\Z)", re.DOTALL)
_GAP = '<p class="gap">…</p>'


def article(
    found: Article, cites: Sequence[Citation] = (), say: Words = ENGLISH, note: str = ""
) -> str:
    """An article to read, its cited sentences marked; `note` is HTML to stand above its text."""
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(found.text)]
    shown = _window(paragraphs, cites) if len(found.text) > WHOLE_ARTICLE else set(paragraphs)
    parts: list[str] = []
    for span in paragraphs:
        if span in shown:
            parts.append(_paragraph(found.text, span, cites))
        elif not parts or parts[-1] != _GAP:
            parts.append(_GAP)
    return _paper(found, note + "".join(parts), say)


def gone(cites: Sequence[Citation], say: Words, why: str) -> str:
    """The cited sentences alone, where their article cannot be shown."""
    quotes = "".join(
        f'<p dir="auto"><mark data-n="{cite.number}">{escape(cite.quote)}</mark></p>'
        for cite in cites
    )
    return _paper(cites[0].article, f'<p class="note">{escape(why)}</p>{quotes}', say)


def _paper(info: ArticleInfo, inside: str, say: Words) -> str:
    return (
        f'<article class="paper" data-article="{escape(info.id)}"'
        f' data-title="{escape(info.title)}"><h2 dir="auto">{escape(info.title)}</h2>'
        f'<div class="by">{byline(info, say, source=True)}</div>{inside}</article>'
    )


def _paragraph(text: str, span: tuple[int, int], cites: Sequence[Citation]) -> str:
    start, end = span
    heading = end - start <= _HEADING and text[end - 1] not in _ENDS
    kind = ' class="heading"' if heading else ""
    return f'<p dir="auto"{kind}>{marked(text, start, end, cites)}</p>'


def _window(paragraphs: list[tuple[int, int]], cites: Sequence[Citation]) -> set[tuple[int, int]]:
    if not cites:
        return set(paragraphs)
    shown: set[tuple[int, int]] = set()
    for i, (start, end) in enumerate(paragraphs):
        if any(cite.start < end and start < cite.end for cite in cites):
            shown.update(paragraphs[max(0, i - AROUND) : i + AROUND + 1])
    return shown


def marked(text: str, start: int, end: int, cites: Iterable[Citation]) -> str:
    """`text[start:end]`, escaped, with a <mark> around what is cited; citations may overlap."""
    inside = [cite for cite in cites if cite.start < end and start < cite.end]
    cuts = {start, end}
    for cite in inside:
        cuts |= {max(start, cite.start), min(end, cite.end)}
    return "".join(_pieces(text, sorted(cuts), inside))


def _pieces(text: str, cuts: list[int], cites: list[Citation]) -> Iterator[str]:
    for a, b in pairwise(cuts):
        around = [c for c in cites if c.start <= a and b <= c.end]
        numbers = " ".join(str(c.number) for c in around)
        piece = escape(text[a:b])
        yield f'<mark data-n="{numbers}">{piece}</mark>' if numbers else piece


def byline(
    info: ArticleInfo, say: Words = ENGLISH, *, source: bool = False, page: int | None = None
) -> str:
    """Date, authors and, where asked for, the source; for a card the title and page instead."""
    parts = [day(info.published, say)] if info.published else []
    if source:
        parts += [", ".join(info.authors), origin(info.source)]
    else:
        parts.insert(0, info.title)
        parts += [say("page {n}", n=page)] if page else []
    return " · ".join(f"<bdi>{escape(part)}</bdi>" for part in parts if part)


def origin(source: str) -> str:
    """Where an article came from, as a person would say it."""
    kind, _, rest = source.partition(":")
    return rest if kind == "upload" and rest else source


def day(date: date, say: Words = ENGLISH) -> str:
    return say("{day} {month} {year}", day=date.day, month=say(f"{date:%B}"), year=date.year)


def short(text: str, length: int) -> str:
    """`text` on one line, cut at a word where it is longer than `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + "…"
