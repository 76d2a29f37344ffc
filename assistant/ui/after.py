"""What a person does with answers afterwards: judge them, copy one, take a conversation along."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.records import ArticleInfo
from assistant.ui import export, head
from assistant.ui.chat import SAME, Chat
from assistant.ui.running import page_of, reader_of
from assistant.ui.talks import Talk

_LONGEST_REMARK = 2000  # characters
_MADE = count(1)  # two letters are never the same, so that the page notices the second, too


def letter(kind: str, **values: Any) -> str:
    """Something for the scripts of the page, which read it as text."""
    return f"<pre>{escape(json.dumps({'kind': kind, 'at': next(_MADE), **values}))}</pre>"


@dataclass(frozen=True)
class After:
    """The handlers behind the controls of an answer and the export; each returns a letter."""

    chat: Chat

    def judge(self, request: gr.Request, event: gr.EventData) -> str:
        say, data = self.chat.words(request), event._data
        liked = data.get("liked") if isinstance(data.get("liked"), bool) else None
        remark = str(data.get("remark") or "")[:_LONGEST_REMARK]
        id, reader = str(data.get("conversation")), reader_of(request)
        try:
            number = int(data["number"])
            there = self.chat.app.library.conversations.judge(reader, id, number, liked, remark)
        except (AssistantError, KeyError, TypeError, ValueError) as error:
            return letter("said", text=say.error(error))
        lost = say("This conversation is no longer here.")
        if not there:
            return letter("said", text=lost)
        return letter("judged", remarked="remark" in data)

    def copy(self, request: gr.Request, event: gr.EventData) -> Any:
        """One answer with its sources as footnotes."""
        say = self.chat.words(request)
        try:
            talk = self._talk(request, event)
        except AssistantError as error:
            return letter("said", text=say.error(error))
        exchange = talk.exchange(event._data.get("number", 0)) if talk else None
        if exchange is None or exchange.answer is None:
            return SAME
        wording = export.COPIES.get(str(event._data.get("form")), export.answer_plain)
        return letter("copy", text=wording(exchange.answer, say, self._info))

    def export(self, request: gr.Request, event: gr.EventData) -> Any:
        say = self.chat.words(request)
        try:
            talk = self._talk(request, event)
        except AssistantError as error:
            return letter("said", text=say.error(error))
        kind = str(event._data.get("form"))
        if talk is None or kind not in head.KINDS:
            return SAME
        made = export.export(kind, talk.conversation, talk.exchanges, say, self._info)
        return letter("file", name=made.name, type=made.type, text=made.text)

    def _talk(self, request: gr.Request, event: gr.EventData) -> Talk | None:
        id = str(event._data.get("conversation", ""))
        return self.chat.talks.enter(page_of(request), reader_of(request), id)

    def _info(self, article_id: str) -> ArticleInfo | None:
        return self.chat.app.library.get(article_id)
