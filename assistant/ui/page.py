"""The whole page: a rail on the left, one view in the middle, a reader on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.ui import articles, settings
from assistant.ui.articles import Articles
from assistant.ui.chat import Chat, Talk

if TYPE_CHECKING:
    from assistant.app import App

TITLE = "Ask your articles"
QUESTIONS_AT_ONCE = 8  # each holds a thread while it waits; the app answers them one by one

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

_NAV = """
<nav aria-label="Views">
  <a href="#chat" data-view="chat">Chat</a>
  <a href="#articles" data-view="articles">Articles
    <span class="count" data-count="${value}">${value}</span></a>
  <a href="#settings" data-view="settings">Settings</a>
</nav>
"""

_FOOT = "<p>Runs on this machine.<br>Nothing is sent anywhere.</p>"

_WELCOME = """
<div class="welcome">
  <h1>What would you like to know?</h1>
  <p class="usual">Every sentence of an answer carries its source. Where your articles do not hold
  the answer, you are told so.</p>
  <p class="first">Your library is empty. <a href="#articles">Add your first articles</a>, then ask
  about them here.</p>
</div>
"""

# page.js puts the article into #reader-paper; while that is empty, the note below it is seen.
_READER = """
<div id="reader-paper"></div>
<p class="reader-empty">The article behind an answer appears here, the cited sentence marked.</p>
"""


def build(app: App) -> tuple[gr.Blocks, Chat]:
    """The page and its chat, whose `running` can stop everything at the end."""
    chat = Chat(app)
    tab = Articles(app, chat.running)
    with gr.Blocks(
        title=TITLE, analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as page:
        with gr.Row(elem_id="frame"):
            with gr.Column(elem_id="rail"):
                gr.HTML(f'<a class="brand" href="#chat">{TITLE}</a>', **_plain("brand"))
                new = gr.Button("New conversation", elem_id="new")
                count = gr.HTML(tab.count(), html_template=_NAV, **_plain("nav"))
                gr.HTML(_FOOT, **_plain("foot"))
            with gr.Column(elem_id="view-chat", elem_classes="view"):
                _chat(chat, new)
            with gr.Column(elem_id="reader", elem_classes="reader"):
                gr.HTML(_READER, **_plain("reading"))
            with gr.Row(elem_id="view-articles", elem_classes="view"):
                rows = articles.build(tab, count)
            with gr.Column(elem_id="view-settings", elem_classes="view"):
                settings.build(app)

        page.load(lambda: (tab.count(), tab.table()), None, [count, rows], **_QUIET)

        def closed(request: gr.Request) -> None:
            chat.stop(request)
            tab.stop_adding(request)

        page.unload(closed)
    page.queue(default_concurrency_limit=QUESTIONS_AT_ONCE, api_open=False)
    return page, chat


def _plain(name: str) -> dict[str, Any]:
    return {"elem_id": name, "apply_default_css": False, "js_on_load": None}


def _chat(chat: Chat, new: gr.Button) -> None:
    with gr.Column(elem_id="talk"):
        gr.HTML(_WELCOME, **_plain("welcome"))
        past = gr.HTML("", html_template="<div>${value}</div>", **_plain("past"))
        live = gr.HTML("", html_template='<div aria-live="polite">${value}</div>', **_plain("live"))
    with gr.Row(elem_id="composer"):
        box = gr.Textbox(
            placeholder="Ask about your articles…", label="Question", show_label=False,
            container=False, lines=1, max_lines=8, autofocus=True, elem_id="question",
        )  # fmt: skip
        ask = gr.Button("Ask", elem_id="ask", variant="primary")
        stop = gr.Button("Stop", elem_id="stop")
    talk = gr.State(Talk())
    gr.on([box.submit, ask.click], chat.ask, [box, talk], [box, past, live], **_QUIET)
    stop.click(chat.stop, queue=False, **_QUIET)
    new.click(chat.begin_anew, talk, [past, live, talk], **_QUIET)
