"""What the reader shows: the articles behind an answer, as they were when it cited them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.records import Citation, Exchange, Found
from assistant.ui import paper
from assistant.ui.chat import Chat
from assistant.ui.parts import trouble
from assistant.ui.running import page_of, reader_of
from assistant.ui.words import Words


@dataclass(frozen=True)
class Cited:
    """The handlers behind the reader."""

    chat: Chat

    def read(self, request: gr.Request, event: gr.EventData) -> str:
        """The articles of one exchange with what it cites, or found, marked; or one article as it
        is now. `key` comes back with it, so that the page knows what it got.
        """
        say, data = self.chat.words(request), event._data
        try:
            inside = self._inside(data, page_of(request), reader_of(request), say)
        except AssistantError as error:
            inside = f'<article class="paper">{trouble(say.error(error))}</article>'
        return f'<div class="sources" data-key="{escape(str(data.get("key", "")))}">{inside}</div>'

    def _inside(self, data: Any, page: str, reader: str, say: Words) -> str:
        if id := data.get("article"):
            found = self.chat.app.library.get(str(id))
            return paper.article(found, (), say) if found else ""
        talk = self.chat.talks.enter(page, reader, str(data.get("conversation", "")))
        number = data.get("number")
        if talk is None or not isinstance(number, int):
            return ""
        if data.get("kind") == "found":
            cites = _of_evidence(talk.found.get(number))
        else:
            cites = cited_by(talk.exchange(number))
        return sources(cites, self.chat.app.library, say)


def cited_by(exchange: Exchange | None) -> list[Citation]:
    """What an answer cites; of a refusal the nearest passages, numbered as they are shown."""
    if exchange is None or exchange.answer is None:
        return []
    answer = exchange.answer
    if not answer.refused:
        return list(answer.citations)
    return [replace(near, number=i) for i, near in enumerate(answer.nearest, start=1)]


def _of_evidence(found: Found | None) -> list[Citation]:
    return [
        Citation(piece.number, piece.article, piece.span.start, piece.span.end, piece.text)
        for piece in (found.evidence if found else ())
    ]


def sources(citations: Sequence[Citation], library: Any, say: Words) -> str:
    """The cited articles, each in the version that was cited, with the quotes marked."""
    by_article: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        by_article.setdefault((citation.article.id, citation.article.version), []).append(citation)
    return "".join(_source(cites, library, say) for cites in by_article.values())


def _source(cites: list[Citation], library: Any, say: Words) -> str:
    info = cites[0].article
    now = library.get(info.id)
    if now is None:
        return paper.gone(cites, say, say("This article is no longer in the library."))
    then = now if now.version == info.version else library.version(info.id, info.version)
    if then is None or any(then.text[c.start : c.end] != c.quote for c in cites):
        changed = say("The article has changed since, and what was cited is shown alone.")
        return paper.gone(cites, say, changed)
    if now.version == then.version:
        return paper.article(then, cites, say)
    old = say("This is version {n}, as cited; the article has changed since.", n=then.version)
    button = (
        f'<button type="button" class="plain" data-current="{escape(info.id)}">'
        f"{say('Show the current text')}</button>"
    )
    return paper.article(then, cites, say, f'<p class="note">{old} {button}</p>')
