"""The list of conversations: find, rename and delete them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.records import Conversation
from assistant.ui import head
from assistant.ui.chat import SAME, Chat
from assistant.ui.parts import trouble
from assistant.ui.running import page_of, reader_of
from assistant.ui.words import Words

ROWS = 60  # conversations shown at once; the search finds the others


def listed(conversations: Sequence[Conversation], search: str, say: Words) -> str:
    """The conversations, each a link; rail.js marks the one that is open."""
    if not conversations:
        none = say("No conversation holds these words.") if search.strip() else ""
        return f'<p class="empty">{none}</p>'
    rows = "".join(_row(each, say) for each in conversations[:ROWS])
    left = len(conversations) - ROWS
    more = say.count(left, "{n} older one: search for it", "{n} older ones: search for them")
    return f"<ul>{rows}</ul>" + (f'<p class="empty">{more}</p>' if left > 0 else "")


def _row(conversation: Conversation, say: Words) -> str:
    id, title = escape(conversation.id), escape(conversation.title or say("Untitled"))
    label = escape(say("Rename or delete “{title}”", title=conversation.title))
    return (
        f'<li data-id="{id}"><a href="#chat/{id}" dir="auto" title="{title}">{title}</a>'
        f'<button type="button" class="more" aria-label="{label}" aria-expanded="false">⋯</button>'
        "</li>"
    )


@dataclass(frozen=True)
class Rail:
    """The handlers behind the list."""

    chat: Chat
    _sent: dict[str, str] = field(default_factory=dict)  # to each open page

    def list(self, search: Any, request: gr.Request) -> Any:
        """What has not changed since it was last sent is not sent again."""
        say, page = self.chat.words(request), page_of(request)
        search = search if isinstance(search, str) else ""
        try:
            found = self.chat.app.library.conversations.list(reader_of(request), search)
            shown = listed(found, search, say)
        except AssistantError as error:
            shown = trouble(say.error(error))
        if self._sent.get(page) == shown:
            return SAME
        self._sent[page] = shown
        return shown

    def rename(self, search: Any, request: gr.Request, event: gr.EventData) -> tuple[Any, Any]:
        """Returns (the list, the head of the conversation)."""
        reader, id = reader_of(request), str(event._data.get("id", ""))
        say, above = self.chat.words(request), SAME
        try:
            conversations = self.chat.app.library.conversations
            conversations.rename(reader, id, str(event._data.get("title", ""))[:300])
            kept, talk = conversations.get(reader, id), self.chat.talks.at(page_of(request))
            if kept and talk and talk.id == id:
                above = head.head(id, kept.title, say)
        except AssistantError as error:
            return trouble(say.error(error)), above
        return self.list(search, request), above

    def forget(self, search: Any, request: gr.Request, event: gr.EventData) -> Any:
        """Deletes a conversation; returns the list."""
        id, talk = str(event._data.get("id", "")), self.chat.talks.at(page_of(request))
        try:
            self.chat.talks.forget(reader_of(request), id)
            if talk and talk.id == id:
                self.chat.closed(request)
        except AssistantError as error:
            return trouble(self.chat.words(request).error(error))
        return self.list(search, request)

    def closed(self, request: gr.Request) -> None:
        self._sent.pop(page_of(request), None)
