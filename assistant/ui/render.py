"""Turns of a conversation as HTML. What comes from a person, an article or a model is escaped here.

No Markdown and no HTML of others is ever passed on, so an article cannot bring in an image, a link
or a script. The scripts of the page find their way by the `data-…` attributes written here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from assistant.evaluation.markup import decimal
from assistant.records import (
    EVERYTHING,
    Answer,
    AnswerSentence,
    Citation,
    Done,
    Event,
    Exchange,
    Found,
    Scope,
    Searching,
    Token,
    Waiting,
)
from assistant.ui import controls, paper, refused, scope
from assistant.ui.parts import trouble
from assistant.ui.scope import Title
from assistant.ui.words import ENGLISH, Words

UNSUPPORTED = "Not found in the articles: none of their sentences states this."

_MARK = re.compile(r"\s*\[\d+\]")
_OPEN_MARK = re.compile(r"\s*(\[\d*)?\Z")


@dataclass(frozen=True, slots=True)
class TurnView:
    """A question and what is known of its answer so far; `limited`: a person chose the scope.

    `number` is 0 where it is not kept.
    """

    number: int
    question: str
    conversation: str = ""
    limited: bool = False
    asked: str = ""
    scope: Scope = EVERYTHING
    ahead: int | None = None
    found: Found | None = None
    words: str = ""
    answer: Answer | None = None
    stopped: bool = False
    trouble: str = ""
    error: str = ""  # the kind of error behind the trouble
    liked: bool | None = None
    remark: str = ""

    def after(self, event: Event) -> TurnView:
        match event:
            case Waiting(ahead):
                return replace(self, ahead=ahead)
            case Searching(asked, within):
                return replace(self, ahead=None, asked=asked, scope=within)
            case Found():
                return replace(self, ahead=None, found=event)
            case Token(text):
                return replace(self, ahead=None, words=self.words + text)
            case Done(answer):
                return replace(self, answer=answer, asked=answer.asked, scope=answer.scope)

    @property
    def running(self) -> bool:
        return self.answer is None and not self.trouble and not self.stopped

    def exchange(self) -> Exchange:
        """What is kept of it; what is still running has been stopped."""
        words = "" if self.answer else self.words
        return Exchange(self.number, self.question, self.answer, words, self.trouble)


def of_exchange(kept: Exchange, conversation: str = "", limited: bool = False) -> TurnView:
    answer = kept.answer
    view = TurnView(kept.number, kept.question, conversation, limited, words=kept.words)
    view = view.after(Done(answer)) if answer else view
    stopped = answer is None and not kept.trouble
    return replace(
        view, stopped=stopped, trouble=kept.trouble, liked=kept.liked, remark=kept.remark
    )


def turn(view: TurnView, say: Words = ENGLISH, title: Title = lambda id: "") -> str:
    """One question and answer; `title` names the articles that it was limited to."""
    state = "running" if view.running else "done"
    return (
        f'<section class="turn {state}" data-turn="{view.number}"'
        f' data-conversation="{escape(view.conversation)}"'
        f' aria-busy="{"true" if view.running else "false"}">'
        f'<div class="q" dir="auto"><span class="unseen">{say("You asked: ")}</span>'
        f"<span>{escape(view.question)}</span></div>"
        f"{_understood(view, say, title)}{_steps(view, say)}{_body(view, say)}</section>"
    )


def growing(words: str) -> str:
    """Unchecked words as they come; their marks count evidence, so no number is shown yet.

    As the words grow at their end, so does this: then little is sent to the page.
    """
    text = escape(_OPEN_MARK.sub("", words))
    return _MARK.sub('<sup><span class="cite pending" aria-hidden="true">·</span></sup>', text)


def _understood(view: TurnView, say: Words, title: Title) -> str:
    """How a follow-up was understood, and which articles were looked in, where not all were."""
    parts = []
    if view.asked and view.asked != " ".join(view.question.split()):
        parts.append(say("Understood as: {question}", question=view.asked))
    if view.scope != EVERYTHING:
        where = scope.told(view.scope, say, title)
        parts.append(say("Looked in articles {where}", where=where))
    return "".join(f'<div class="asked" dir="auto">{escape(part)}</div>' for part in parts)


def _steps(view: TurnView, say: Words) -> str:
    if not view.found:
        searching = view.running and not view.ahead
        return f'<div class="steps">{say("Searching the articles…")}</div>' if searching else ""
    evidence = view.found.evidence
    sentences = say.count(len(evidence), "{n} sentence", "{n} sentences")
    articles = len({piece.article.id for piece in evidence})
    found = say("Found {sentences} {articles}", sentences=sentences,
                articles=say.count(articles, "in {n} article", "in {n} articles"))  # fmt: skip
    text = f"{found} · {seconds(view.found.seconds, say)}"
    if not evidence:
        return f'<div class="steps">{text}</div>'
    return (
        f'<details class="looked"><summary class="steps">{text}</summary>{_evidence(view.found)}'
        "</details>"
    )


def _evidence(found: Found) -> str:
    shown = []
    for _, pieces in groupby(found.evidence, key=lambda piece: piece.article.id):
        together = list(pieces)
        rows = "".join(
            f'<li><button type="button" data-e="{piece.number}" dir="auto">'
            f"{escape(paper.short(piece.text, 240))}</button></li>"
            for piece in together
        )
        title = escape(together[0].article.title)
        shown.append(f'<p dir="auto">{title}</p><ul>{rows}</ul>')
    return f'<div class="evidence">{"".join(shown)}</div>'


def _body(view: TurnView, say: Words) -> str:
    if view.answer:
        time = f"<span>{seconds(view.answer.seconds.total, say)}</span>"
        if view.answer.refused:
            done = refused.refusal(view.answer, say, view.limited)
        else:
            done = _answer(view.answer, say)
            time = _support(view.answer, say) + time
        said = controls.controls(say, liked=view.liked, remark=view.remark, answered=True)
        return f'{done}<div class="meta">{time}</div>{said}'
    if view.trouble:
        return trouble(say.error(view.trouble)) + controls.controls(say)
    if view.stopped:
        words = f'<div class="a" dir="auto">{growing(view.words)}</div>' if view.words else ""
        stopped = f'<div class="meta"><span class="stopped">{say("Stopped")}</span></div>'
        return words + stopped + controls.controls(say)
    if view.ahead:
        return _patience(
            say.count(
                view.ahead,
                "Waiting: {n} question ahead of yours",
                "Waiting: {n} questions ahead of yours",
            )
        )
    return _patience(say("Reading them")) if view.found else ""


def _patience(text: str) -> str:
    return f'<div class="reading"><i></i><i></i><i></i><span>{text}</span></div>'


def _answer(answer: Answer, say: Words) -> str:
    cited = {citation.number: citation for citation in answer.citations}
    sentences = " ".join(_sentence(sentence, cited, say) for sentence in answer.sentences)
    return f'<div class="a" dir="auto">{sentences or escape(answer.text)}</div>'


def _sentence(sentence: AnswerSentence, cited: dict[int, Citation], say: Words) -> str:
    buttons = "".join(_cite(cited[number], say) for number in sentence.citations if number in cited)
    text = escape(sentence.text)
    if sentence.supported is False:
        why = say(UNSUPPORTED)
        text = (
            f'<span class="un" tabindex="0" data-why="{why}">{text}'
            f'<span class="unseen"> ({why})</span></span>'
        )
        return f'{text}<sup class="cites">{buttons}</sup>' if buttons else text
    # The last word and its citations stay on one line.
    head, space, last = text.rpartition(" ")
    return f'{head}{space}<span class="nobr">{last}<sup class="cites">{buttons}</sup></span>'


def _cite(citation: Citation, say: Words) -> str:
    info, page = citation.article, citation.article.page(citation.start)
    by = paper.day(info.published, say) if info.published else ""
    if page:
        by += (" · " if by else "") + say("page {n}", n=page)
    name = say("Citation {n}: {title}", n=citation.number, title=info.title)
    quote = escape(paper.short(citation.quote, 360))
    return (
        f'<button type="button" class="cite" data-n="{citation.number}" data-quote="{quote}"'
        f' data-title="{escape(info.title)}" data-by="{escape(by)}"'
        f' aria-label="{escape(name)}">{citation.number}</button>'
    )


def _support(answer: Answer, say: Words) -> str:
    checked = [sentence for sentence in answer.sentences if sentence.supported is not None]
    supported = sum(1 for sentence in checked if sentence.supported)
    parts = []
    if missing := len(checked) - supported:
        several = "{n} of {all} sentences supported"
        text = several if len(checked) > 1 else "{n} of {all} sentence supported"
        parts.append(f"<b>{say(text, n=supported, all=len(checked))}</b>")
        dotted = say.count(
            missing,
            "One is not in the articles: shown dotted",
            "{n} are not in the articles: shown dotted",
        )
        parts.append(f"<span>{dotted}</span>")
    if moved := sum(sentence.moved for sentence in answer.sentences):
        corrected = say.count(
            moved,
            "{n} citation corrected by the check",
            "{n} citations corrected by the check",
        )
        parts.append(f"<span>{corrected}</span>")
    return "".join(parts)


def seconds(duration: float, say: Words) -> str:
    return f"{decimal(f'{duration:.1f}', say)} s"
