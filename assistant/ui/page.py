"""The whole page: a rail on the left, one view in the middle, a reader on the right."""

from __future__ import annotations

import json
import logging
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.ui import articles, chat_view, evaluate, settings, words
from assistant.ui.chat import Chat
from assistant.ui.parts import QUIET, part
from assistant.ui.table import Shelf
from assistant.ui.watcher import Watcher
from assistant.ui.words import Words, label

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

TITLE = "Ask your articles"
AT_ONCE = 8  # of each kind of request, but for questions, which wait in the app's own queue

# Texts marked with data-say, and those in say("…") of the scripts, are put into the reader's
# language by page.js, which is told the translations below.
_BAR = """
<button type="button" id="menu" aria-expanded="false" aria-controls="rail"
  data-say-label="Conversations and views"><i></i><i></i><i></i></button>
<a class="brand" href="#chat" data-say>Ask your articles</a>
<button type="button" id="new-too" data-say-label="New conversation">+</button>
"""
_BRAND = """
<a class="brand" href="#chat" data-say>Ask your articles</a>
<button type="button" class="close" data-say-label="Close" data-say>Close</button>
"""
_FIND = """
<h2 data-say>Conversations</h2>
<input type="search" id="find" autocomplete="off" data-say-label="Search conversations">
"""
_NAV = """
<nav aria-label="Views" data-say-label="Views">
  <a href="#chat" data-view="chat"><span data-say>Chat</span></a>
  <a href="#articles" data-view="articles"><span data-say>Articles</span>
    <span class="count" data-count="${value}">${value}</span></a>
  <a href="#evaluate" data-view="evaluate"><span data-say>Evaluate</span></a>
  <a href="#settings" data-view="settings"><span data-say>Settings</span></a>
</nav>
"""
_FOOT = """
<p><span data-say>Runs on this machine.</span><br>
<span data-say>Nothing is sent anywhere.</span></p>
"""

# reader.js puts the article into #reader-paper; while that is empty, the note below it is seen.
_READER = """
<div id="reader-paper"></div>
<p class="reader-empty" data-say>
  The article behind an answer appears here, the cited sentence marked.
</p>
"""


class _Page(gr.Blocks):
    """Gradio prints what no handler has caught; the log is to say it, too."""

    async def process_api(self, *args: Any, **options: Any) -> dict[str, Any]:
        try:
            return await super().process_api(*args, **options)
        except Exception:
            log.exception("a request of the page failed")
            raise


def build(app: App, watcher: Watcher) -> tuple[gr.Blocks, Chat]:
    """The page and its chat, whose `running` can stop everything at the end."""
    chat, shelf = Chat(app), Shelf(app.library)
    with _Page(
        title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as page:
        spoken = part("spoken")
        with gr.Row(elem_id="frame"):
            _fixed(_BAR, "bar")
            with gr.Column(elem_id="rail"):
                _fixed(_BRAND, "brand")
                new = gr.Button(label("New conversation"), elem_id="new")
                _fixed(_FIND, "finding")
                talks = part("talks")
                choosing = chat_view.scope()
                count = gr.HTML("", html_template=_NAV, **_plain("nav"))
                _fixed(_FOOT, "foot")
            with gr.Column(elem_id="view-chat", elem_classes="view"):
                seen = chat_view.lay_out(new, talks, choosing)
            with gr.Column(elem_id="reader", elem_classes="reader"):
                _fixed(_READER, "reading")
            with gr.Row(elem_id="view-articles", elem_classes="view"):
                articles.build(page, app, chat.running, count, watcher, shelf)
            with gr.Column(elem_id="view-evaluate", elem_classes="view"):
                evaluate.build(page, app, chat.running)
            with gr.Column(elem_id="view-settings", elem_classes="view"):
                settings.build(page, app, chat.running)
        chat_view.wire(page, chat, seen, shelf)

        def speak(request: gr.Request) -> str:
            return translations(words.of(request, app.settings.language))

        page.load(speak, None, spoken, **QUIET)
    page.queue(default_concurrency_limit=AT_ONCE, api_open=False)
    return page, chat


def translations(say: Words) -> str:
    """For page.js: what the frame and the scripts say, in another language."""
    wanted = _translated() if say.language == "de" else {}
    told = escape(json.dumps({"language": say.language, "words": wanted}))
    return f"<pre>{told}</pre>"


@cache
def _translated() -> dict[str, str]:
    static = sorted((Path(__file__).parent / "static").glob("*.js"))
    texts = [_BAR, _BRAND, _FIND, _NAV, _FOOT, _READER]
    texts += [path.read_text("utf-8") for path in static]
    all_of_them = " ".join("\n".join(texts).split())
    return {english: text for english, text in words.german().items() if english in all_of_them}


def _plain(name: str) -> dict[str, Any]:
    return {"elem_id": name, "apply_default_css": False, "js_on_load": None}


def _fixed(html: str, name: str) -> gr.HTML:
    return gr.HTML(html, html_template="${value}", **_plain(name))
