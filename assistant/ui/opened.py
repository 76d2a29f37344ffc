"""The handlers behind one article: read it, put right what it says of itself, remove it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError, UsageError
from assistant.ui import pane, words
from assistant.ui.parts import clipped, isolated, trouble
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App


@dataclass(frozen=True)
class Opened:
    app: App

    def open(self, request: gr.Request, event: gr.EventData) -> tuple[str, str]:
        """Returns (what is read, its id); the event may name one of its versions, too."""
        return self._reading(str(event.id), self._say(request))

    def edit(self, request: gr.Request, event: gr.EventData) -> str:
        say = self._say(request)
        try:
            found = self.app.library.get(str(event.id))
        except AssistantError as error:
            return trouble(say.error(error))
        return pane.editing(found, say) if found else _gone(say)

    def save(self, request: gr.Request, event: gr.EventData) -> str:
        say, key, values = self._say(request), str(event.id), dict(event.values)
        try:
            self.app.library.edit(
                key, title=str(values.get("title") or ""), published=_day(values.get("published")),
                tags=str(values.get("tags") or "").split(","),
            )  # fmt: skip
        except UsageError as error:
            found = self.app.library.get(key)
            return pane.editing(found, say, say.error(error)) if found else _gone(say)
        except AssistantError as error:
            return trouble(say.error(error))
        return self._reading(key, say)[0]

    def remove(
        self, read: str, kept: Any, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, str, Any]:
        """Returns (what can be undone, what is said, what is read)."""
        say, key = self._say(request), str(event.id)
        try:
            removed = self.app.library.take_out(key)
        except AssistantError as error:
            return kept, trouble(say.error(error)), gr.skip()
        if removed is None:
            return None, _said(say("It was no longer here.")), gr.skip()
        told = say("Removed “{title}”.", title=_in_a_sentence(removed.article.title))
        undo = f'<button type="button" data-undo="1">{escape(say("Undo"))}</button>'
        return removed, _said(told, undo), pane.nothing(say) if key == read else gr.skip()

    def undo(self, removed: Any, request: gr.Request) -> tuple[Any, str]:
        """Returns (what can be undone: nothing more, what is said)."""
        if removed is None:
            return None, ""
        say = self._say(request)
        try:
            back = self.app.library.put_back(removed)
        except AssistantError as error:
            return removed, trouble(say.error(error))
        return None, _said(say("“{title}” is back.", title=_in_a_sentence(back.title)))

    def _reading(self, wanted: str, say: Words) -> tuple[str, str]:
        key, _, version = wanted.partition(" ")
        library = self.app.library
        try:
            found = library.get(key)
            if found is None:
                return _gone(say), ""
            shown = library.version(key, int(version)) if version.isdecimal() else found
            if shown is None:
                return trouble(say("This version was not kept.")), key
            return pane.reading(shown, found.version, library.sources(key), say), key
        except AssistantError as error:
            return trouble(say.error(error)), ""

    def _say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)


def _gone(say: Words) -> str:
    return trouble(say("It is no longer here."))


def _said(text: str, button: str = "") -> str:
    return f'<p class="undo"><span>{escape(text)}</span>{button}</p>'


def _in_a_sentence(title: str) -> str:
    return isolated(clipped(title, 120))


def _day(value: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(str(value or ""))
    return None
