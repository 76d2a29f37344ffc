"""The handlers behind the list of the articles.

The table stands first in what each of them returns: Gradio's page writes the parts of an answer
one after the other, so a part that stands later could overwrite what a newer answer has written.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import AssistantError
from assistant.ui import table, words
from assistant.ui.filters import filters
from assistant.ui.parts import number, trouble
from assistant.ui.table import Choice, Shelf
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App


@dataclass(frozen=True)
class Listing:
    app: App
    shelf: Shelf

    def look_again(self, choice: Choice, request: gr.Request) -> tuple[str, str, str]:
        """Returns (table, count, filters) as the library is now."""
        say = self._say(request)
        self.shelf.forget()
        try:
            lines = self.shelf.lines()
            tags = self.app.library.tags() if lines else []
        except AssistantError as error:
            return trouble(say.error(error)), "", ""
        narrow = filters(lines, tags, choice, say)
        return table.table(lines, choice, say), f"{len(lines):,}", narrow

    def search(self, text: str, choice: Choice, request: gr.Request) -> tuple[str, Choice]:
        choice = replace(choice, search=text.strip(), rows=table.ROWS)
        return self._table(choice, request), choice

    def filter(
        self, choice: Choice, request: gr.Request, event: gr.EventData
    ) -> tuple[str, Choice]:
        choice = choice.chosen(dict(event.values))
        return self._table(choice, request), choice

    def more(self, choice: Choice, request: gr.Request, event: gr.EventData) -> tuple[str, Choice]:
        with suppress(ValueError):
            choice = replace(choice, rows=max(table.ROWS, int(str(event.id))))
        return self._table(choice, request), choice

    def clear(self, request: gr.Request) -> tuple[str, str, str, str, Choice]:
        """Returns (table, count, filters, search, choice) with nothing left out."""
        return *self.look_again(Choice(), request), "", Choice()

    def state(self, request: gr.Request) -> tuple[str, gr.Timer]:
        """Returns (a line on the library, the clock that asks for it again while it changes)."""
        say = self._say(request)
        try:
            counts, index = self.app.library.counts(), self.app.library.index_state()
        except AssistantError as error:
            return trouble(say.error(error)), gr.Timer(active=False)
        facts = [
            say.count(counts.articles, "{n} article", "{n} articles"),
            say.count(counts.passages, "{n} passage", "{n} passages"),
            _found_by(index.state, number(index.behind, say), say),
        ]
        line = escape(" · ".join(facts)) if counts.articles else ""
        return f'<p class="state">{line}</p>', gr.Timer(active=index.state == "building")

    def _table(self, choice: Choice, request: gr.Request) -> str:
        say = self._say(request)
        try:
            return table.table(self.shelf.lines(), choice, say)
        except AssistantError as error:
            return trouble(say.error(error))

    def _say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)


def _found_by(state: str, behind: str, say: Words) -> str:
    if state == "building":
        return say("the index is being built, {n} to go", n=behind)
    if state == "words only":
        return say("found by their words alone: assistant doctor --repair mends the index")
    return say("found by meaning and by words")
