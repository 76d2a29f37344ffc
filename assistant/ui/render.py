"""Records as HTML. Every text that comes from a person, an article or a model is escaped here.

No Markdown and no HTML of others is ever passed on, so an article cannot bring in an image, a link
or a script. page.js finds its way by the `data-…` attributes that are written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

from assistant.records import (
    Answer,
    AnswerSentence,
    Article,
    ArticleInfo,
    Citation,
    Done,
    Event,
    Found,
    Searching,
    Token,
    Waiting,
)

WHOLE_ARTICLE = 30_000  # characters; of a longer article only the surroundings are shown
AROUND = 3  # paragraphs before and after a cited one, where the article is not shown whole

UNSUPPORTED = "Not found in the articles: none of their sentences states this."

_HEADING = 80  # a paragraph no longer than this that does not end like a sentence is a heading
_ENDS = ".!?…:;,”’\"')»"

_PARAGRAPH = re.compile(r"\S.*?(?=\n\s*\n|\s*\Z)", re.DOTALL)
_MARK = re.compile(r"\s*\[\d+\]")
_OPEN_MARK = re.compile(r"\s*\[\d*\Z")

Lookup = Callable[[str], Article | None]


@dataclass(frozen=True, slots=True)
class TurnView:
    """A question and what is known of its answer so far."""

    number: int
    question: str
    asked: str = ""
    ahead: int | None = None
    found: Found | None = None
    words: str = ""
    answer: Answer | None = None
    stopped: bool = False
    trouble: str | None = None

    def after(self, event: Event) -> TurnView:
        match event:
            case Waiting(ahead):
                return replace(self, ahead=ahead)
            case Searching(asked):
                return replace(self, ahead=None, asked=asked)
            case Found():
                return replace(self, ahead=None, found=event)
            case Token(text):
                return replace(self, ahead=None, words=self.words + text)
            case Done(answer):
                return replace(self, answer=answer)

    @property
    def running(self) -> bool:
        return self.answer is None and self.trouble is None and not self.stopped


def turn(view: TurnView, lookup: Lookup) -> str:
    """One question and answer; `lookup` gives the articles that its citations are shown in."""
    state = "running" if view.running else "done"
    return (
        f'<section class="turn {state}" data-turn="{view.number}" aria-busy="{_yes(view.running)}">'
        f'<div class="q"><span class="unseen">You asked: </span>{escape(view.question)}</div>'
        f"{_understood(view)}{_steps(view)}{_body(view, lookup)}</section>"
    )


def _understood(view: TurnView) -> str:
    """How a follow-up was understood, where it was not searched for as it was written."""
    if not view.asked or view.asked == " ".join(view.question.split()):
        return ""
    return f'<div class="asked">Understood as: {escape(view.asked)}</div>'


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _steps(view: TurnView) -> str:
    if view.found:
        evidence = view.found.evidence
        articles = len({piece.article.id for piece in evidence})
        text = (
            f"Found {counted(len(evidence), 'sentence')} in {counted(articles, 'article')}"
            f" · {view.found.seconds:.1f} s"
        )
    else:
        text = "" if view.ahead or not view.running else "Searching the articles…"
    return f'<div class="steps">{text}</div>' if text else ""


def _body(view: TurnView, lookup: Lookup) -> str:
    if view.answer:
        return (
            _refusal(view.answer, lookup) if view.answer.refused else _answer(view.answer, lookup)
        )
    if view.trouble:
        return f'<div class="trouble" role="alert">{escape(view.trouble)}</div>'
    if view.stopped:
        return f'{_words(view.words)}<div class="meta"><span class="stopped">Stopped</span></div>'
    if view.ahead:
        return _patience(f"Waiting: {counted(view.ahead, 'question')} ahead of yours")
    if view.words:
        return _words(view.words, '<span class="caret" aria-hidden="true"></span>')
    if view.found:
        return _patience("Reading them")
    return ""


def _patience(text: str) -> str:
    return f'<div class="reading"><i></i><i></i><i></i><span>{text}</span></div>'


def _words(words: str, tail: str = "") -> str:
    """Unchecked words as they come; their marks count evidence, so no number is shown yet."""
    if not words.strip():
        return tail
    text = escape(_OPEN_MARK.sub("", words))
    pills = _MARK.sub('<sup><span class="cite pending" aria-hidden="true">·</span></sup>', text)
    return f'<div class="a">{pills}{tail}</div>'


def _answer(answer: Answer, lookup: Lookup) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    sentences = " ".join(_sentence(sentence, cited) for sentence in answer.sentences)
    return (
        f'<div class="a">{sentences or escape(answer.text)}</div>{_meta(answer)}'
        f"{sources(answer.citations, lookup)}"
    )


def _sentence(sentence: AnswerSentence, cited: dict[int, Citation]) -> str:
    buttons = "".join(_cite(cited[number]) for number in sentence.citations if number in cited)
    text = escape(sentence.text)
    if sentence.supported is False:
        text = (
            f'<span class="un" tabindex="0" title="{UNSUPPORTED}">{text}'
            f'<span class="unseen"> ({UNSUPPORTED})</span></span>'
        )
        return f'{text}<sup class="cites">{buttons}</sup>' if buttons else text
    # The last word and its citations stay on one line.
    head, space, last = text.rpartition(" ")
    return f'{head}{space}<span class="nobr">{last}<sup class="cites">{buttons}</sup></span>'


def _cite(citation: Citation) -> str:
    title = escape(citation.article.title)
    return (
        f'<button type="button" class="cite" data-n="{citation.number}"'
        f' aria-label="Citation {citation.number}: {title}"'
        f' title="“{escape(_short(citation.quote, 180))}” — {title}">{citation.number}</button>'
    )


def _meta(answer: Answer) -> str:
    checked = [sentence for sentence in answer.sentences if sentence.supported is not None]
    supported = sum(1 for sentence in checked if sentence.supported)
    missing = len(checked) - supported
    parts = []
    if missing:
        parts.append(f"<b>{supported} of {counted(len(checked), 'sentence')} supported</b>")
        what = "One is" if missing == 1 else f"{missing} are"
        parts.append(f"<span>{what} not in the articles: shown dotted</span>")
    if moved := sum(sentence.moved for sentence in answer.sentences):
        parts.append(f"<span>{counted(moved, 'citation')} corrected by the check</span>")
    parts.append(f"<span>{answer.seconds.total:.1f} s</span>")
    return f'<div class="meta">{"".join(parts)}</div>'


def _refusal(answer: Answer, lookup: Lookup) -> str:
    nearest = [replace(near, number=i) for i, near in enumerate(answer.nearest, start=1)]
    cards = "".join(
        f'<button type="button" class="near cite-card" data-n="{near.number}">'
        f"<span>“{escape(_short(near.quote, 280))}”</span>"
        f"<small>{byline(near.article, page=near.article.page(near.start))}</small>"
        "</button>"
        for near in nearest
    )
    closest = f"<h3>{'The closest passages' if len(nearest) > 1 else 'The closest passage'}</h3>"
    return (
        f'<div class="no">{escape(answer.text)}</div>'
        f"{closest + cards if nearest else ''}"
        f'<div class="meta"><span>{answer.seconds.total:.1f} s</span></div>'
        f"{sources(nearest, lookup)}"
    )


def sources(citations: Sequence[Citation], lookup: Lookup) -> str:
    """The cited articles, marked; kept unseen in the turn, from where page.js shows them."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    shown = "".join(
        article(found, cites) if (found := lookup(key)) else _gone(cites)
        for key, cites in by_article.items()
    )
    return f'<div class="sources" hidden>{shown}</div>' if shown else ""


def article(found: Article, cites: Sequence[Citation] = ()) -> str:
    """An article to read, its cited sentences marked."""
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(found.text)]
    shown = _window(paragraphs, cites) if len(found.text) > WHOLE_ARTICLE else set(paragraphs)
    parts: list[str] = []
    for span in paragraphs:
        if span in shown:
            start, end = span
            heading = end - start <= _HEADING and found.text[end - 1] not in _ENDS
            kind = ' class="heading"' if heading else ""
            parts.append(f"<p{kind}>{marked(found.text, start, end, cites)}</p>")
        elif not parts or parts[-1] != _GAP:
            parts.append(_GAP)
    return f'<article class="paper">{_head(found)}{"".join(parts)}</article>'


_GAP = '<p class="gap">…</p>'


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
        page = around[0].article.page(a) if around else None
        where = f' title="page {page}"' if page else ""
        piece = escape(text[a:b])
        yield f'<mark data-n="{numbers}"{where}>{piece}</mark>' if numbers else piece


def _gone(cites: list[Citation]) -> str:
    quotes = "".join(
        f'<p><mark data-n="{cite.number}">{escape(cite.quote)}</mark></p>' for cite in cites
    )
    note = '<p class="gap">This article is no longer in the library.</p>'
    return f'<article class="paper">{_head(cites[0].article)}{note}{quotes}</article>'


def _head(info: ArticleInfo) -> str:
    return f'<h2>{escape(info.title)}</h2><div class="by">{byline(info, source=True)}</div>'


def byline(info: ArticleInfo, *, source: bool = False, page: int | None = None) -> str:
    """Date, authors and, where asked for, the source; for a card the title and page instead."""
    parts = [day(info)] if info.published else []
    if source:
        parts += [escape(", ".join(info.authors)), escape(origin(info.source))]
    else:
        parts.insert(0, escape(info.title))
        parts += [f"page {page}"] if page else []
    return " · ".join(f"<span>{part}</span>" for part in parts if part)


def origin(source: str) -> str:
    """Where an article came from, as a person would say it."""
    kind, _, rest = source.partition(":")
    return rest if kind == "upload" and rest else source


def day(info: ArticleInfo) -> str:
    date = info.published
    return f"{date.day} {date:%B %Y}" if date else ""


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _short(text: str, length: int) -> str:
    """`text` on one line, cut at a word where it is longer than `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + "…"
