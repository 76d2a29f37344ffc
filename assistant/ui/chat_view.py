"""The chat as it is laid out, and which handler does what there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.ui import scope as scopes
from assistant.ui import suggest
from assistant.ui.after import After
from assistant.ui.chat import Chat
from assistant.ui.cited import Cited
from assistant.ui.parts import IN_TURN, QUIET, part, trouble
from assistant.ui.rail import Rail
from assistant.ui.table import Shelf
from assistant.ui.words import label

# Gradio knows an event of our own by its name in such a script.
_WIRE = """
assistantPage.connect(trigger, [
  'enter', 'above', 'limit', 'seek', 'read', 'judge', 'take', 'file', 'rename', 'forget',
  'find', 'refresh', 'likely',
]);
"""
# As scope.chips says it, before anything is known of the reader.
_EVERYWHERE = """
<div class="limits all" data-scope="{}">
  <button type="button" class="where" data-say>Looking in all articles</button>
</div>
"""
# chat.js moves a finished turn there when the next one begins, so that it need not be sent again.
_MOVED = '<div id="moved"></div>'
_GROWING = """
{{#if value}}<div class="running growing"><div class="a" dir="auto">${value}</div></div>{{/if}}
"""
_STATUS = '<div id="status" role="status" class="unseen"></div>'


@dataclass(frozen=True)
class Seen:
    """The parts of the chat that handlers change."""

    box: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    new: gr.Button
    wire: gr.HTML
    wish: gr.HTML
    welcome: gr.HTML
    past: gr.HTML
    live: gr.HTML
    words: gr.HTML
    head: gr.HTML
    limits: gr.HTML
    sources: gr.HTML
    letter: gr.HTML
    talks: gr.HTML
    editor: gr.HTML
    matches: gr.HTML


def scope() -> tuple[gr.HTML, gr.HTML]:
    """The part of the rail that says what is looked in, and the articles found there by title."""
    with gr.Column(elem_id="looking"):
        return part("scope"), part("seek-found", live=True)


def lay_out(new: gr.Button, talks: gr.HTML, choosing: tuple[gr.HTML, gr.HTML]) -> Seen:
    head = part("head")
    with gr.Column(elem_id="talk"):
        welcome, past = part("welcome"), part("past")
        gr.HTML(_MOVED, html_template="${value}", apply_default_css=False, js_on_load=None)
        with gr.Column(elem_id="live"):
            live = part("turn")
            words = gr.HTML(
                "", html_template=_GROWING, elem_id="words", apply_default_css=False,
                js_on_load=None,
            )  # fmt: skip
    with gr.Row(elem_id="composer"):
        limits = gr.HTML(
            _EVERYWHERE, html_template="<div>${value}</div>", elem_id="limits",
            apply_default_css=False, js_on_load=None,
        )  # fmt: skip
        box = gr.Textbox(
            placeholder=label("Ask about your articles…"), label=label("Question"),
            show_label=False, container=False, lines=1, max_lines=8, autofocus=True,
            elem_id="question",
        )  # fmt: skip
        ask = gr.Button(label("Ask"), elem_id="ask", variant="primary")
        stop = gr.Button(label("Stop"), elem_id="stop")
        gr.HTML(_STATUS, apply_default_css=False, js_on_load=None)
    with gr.Column(elem_id="unseen-parts"):
        wire, wish = part("wire", js=_WIRE), part("wish")
        sources, letter = part("sources"), part("letter")
    editor, matches = choosing
    return Seen(box, ask, stop, new, wire, wish, welcome, past, live, words, head, limits, sources,
                letter, talks, editor, matches)  # fmt: skip


def wire(page: gr.Blocks, chat: Chat, seen: Seen, shelf: Shelf) -> None:
    """Say which handler answers what a person does."""
    rail, cited, after, on = Rail(chat), Cited(chat), After(chat), seen.wire
    shown = [seen.past, seen.live, seen.words, seen.head, seen.limits]
    searched = "(_) => [assistantRail.search()]"
    asked = gr.on(
        [seen.box.submit, seen.ask.click], chat.ask, [seen.box, seen.wish], [seen.live, seen.words],
        js="async (typed, _) => [typed, await assistantChat.wish()]",
        trigger_mode="multiple", concurrency_limit=None, **QUIET,
    )  # fmt: skip
    # One after another: a list is sent only where it differs from the one that was sent before it.
    listing: dict[str, Any] = {**IN_TURN, "concurrency_id": "talks", "js": searched}
    asked.then(rail.list, seen.wish, seen.talks, **listing)
    seen.stop.click(chat.stop, queue=False, **QUIET)
    often = {"queue": False, "trigger_mode": "multiple", **QUIET}
    on.likely(chat.likely, None, None, **often)
    on.enter(chat.open, None, shown, **often)
    on.above(chat.above, None, [seen.head, seen.limits], **often)
    on.seek(_Matches(chat, shelf).find, None, seen.matches, **IN_TURN)
    on.limit(chat.limit, None, seen.limits, **IN_TURN)
    on.read(cited.read, None, seen.sources, **often)
    on.judge(after.judge, None, seen.letter, **IN_TURN)  # a verdict, then its remark
    on.take(after.copy, None, seen.letter, **often)
    on.file(after.export, None, seen.letter, **often)
    on.rename(rail.rename, seen.wish, [seen.talks, seen.head], **listing)
    on.forget(rail.forget, seen.wish, seen.talks, **listing)
    on.find(rail.list, seen.wish, seen.talks, **listing | {"trigger_mode": "always_last"})
    greeting = Greeting(chat, shelf)
    on.refresh(greeting.said, None, [seen.welcome, seen.editor], **often)
    page.load(greeting.said, None, [seen.welcome, seen.editor], **QUIET)
    page.load(rail.list, seen.wish, seen.talks, **listing | {"js": None})
    page.unload(chat.closed)
    page.unload(rail.closed)


@dataclass(frozen=True)
class _Matches:
    chat: Chat
    shelf: Shelf

    def find(self, request: gr.Request, event: gr.EventData) -> str:
        """The articles whose titles hold the words, to choose from."""
        say = self.chat.words(request)
        try:
            articles = self.shelf.articles()
        except AssistantError as error:
            return trouble(say.error(error))
        return scopes.matches(articles, str(event._data.get("text", "")), say)


@dataclass(frozen=True)
class Greeting:
    """What an empty chat says, and what can be looked in; both go by what the library holds."""

    chat: Chat
    shelf: Shelf

    def said(self, request: gr.Request) -> tuple[str, str]:
        say, library = self.chat.words(request), self.chat.app.library
        try:
            questions = suggest.questions(self.shelf.articles(), say)
            tags = library.tags()
        except AssistantError as error:
            return trouble(say.error(error)), ""
        asked = "".join(
            f'<li><button type="button" data-suggest dir="auto">{escape(each)}</button></li>'
            for each in questions
        )
        usual = say(
            "Every sentence of an answer carries its source. Where your articles do not hold the"
            " answer, you are told so."
        )
        first = say("Your library is empty.")
        add, then = say("Add your first articles"), say("then ask about them here.")
        welcome = (
            f'<div class="welcome"><h1>{say("What would you like to know?")}</h1>'
            f'<p class="usual">{usual}</p>'
            f'<p class="first">{first} <a href="#articles">{add}</a>, {then}</p>'
            f'<ul class="suggested">{asked}</ul></div>'
        )
        return welcome, scopes.editor(tags, say, date.today())
