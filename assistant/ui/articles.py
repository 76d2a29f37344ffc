"""The tab with the articles: add them, find them, read them, put them right, remove them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.ui import following, intake, pane, words
from assistant.ui.adding import Adding
from assistant.ui.following import Following
from assistant.ui.intake import Intake
from assistant.ui.listing import Listing
from assistant.ui.opened import Opened
from assistant.ui.parts import IN_TURN, QUIET, box, listening, part
from assistant.ui.running import Running
from assistant.ui.table import Choice, Shelf
from assistant.ui.watcher import Watcher
from assistant.ui.words import label

if TYPE_CHECKING:
    from assistant.app import App

SECONDS_BETWEEN_LOOKS = 2.0  # at the index while it is being built

# Gradio knows an event of our own by its name in such a script.
_OF_ROWS = ("open", "remove", "more", "clear", "samples")
_SEEN = "assistantArticles.whenSeen(() => trigger('refresh'));"
_FILTERS = "assistantArticles.filters(element, (values) => trigger('filter', {values}), watch);"
_PANE = "assistantArticles.pane(element, (data) => trigger('save', data), watch);"


def build(
    page: gr.Blocks, app: App, running: Running, count: gr.HTML, watcher: Watcher, shelf: Shelf
) -> None:
    """Lay the tab out; `count` shows how many articles there are.

    `watcher` is the one that the server has started: it tells when it looked last.
    """
    with gr.Column(elem_id="articles-main"):
        heading = part("articles-head")
        state = part("library-state", live=True)
        with gr.Column(elem_id="add"):
            ways = intake.lay_out()
            place = following.lay_out()
        said = part("add-report", live=True)
        stop = gr.Button(label("Stop"), elem_id="stop-adding")
        search = box("Search titles, sources, authors, tags", "Search articles", "article-search")
        filters = part("article-filters", js=_FILTERS)
        undone = part("article-said", live=True, js=listening("undo"))
        rows = part("article-table", js=listening(*_OF_ROWS) + _SEEN)
    with gr.Column(elem_id="articles-reader", elem_classes="reader"):
        paper = part("article-paper", js=listening("edit", "cancel", "version") + _PANE)
    choice, clock = gr.State(Choice()), gr.Timer(SECONDS_BETWEEN_LOOKS, active=False)
    adds, follows = Intake(app, Adding(running), watcher), Following(app, watcher)
    lists = Listing(app, shelf)

    # One after the other, so that no older list comes after a newer one.
    listing: dict[str, Any] = {"concurrency_id": "list", "concurrency_limit": 1, **QUIET}

    def begin(request: gr.Request) -> tuple[str, str]:
        say = words.of(request, app.settings.language)
        return f"<h1>{escape(say('Articles'))}</h1>", pane.nothing(say)

    def then_look_again(*events: Any) -> None:
        for event in events:
            looked = event.then(lists.look_again, choice, [rows, count, filters], **listing)
            looked.then(lists.state, None, [state, clock], **QUIET)

    then_look_again(
        *intake.wire(ways, adds, said),
        *following.wire(place, follows, adds.look_now, said),
        rows.samples(adds.samples, None, said, **QUIET),
        *_wire_article(Opened(app), rows, paper, undone),
        rows.refresh(follows.list, None, place.followed, **QUIET),
        page.load(follows.list, None, place.followed, **QUIET),
    )
    page.load(begin, None, [heading, paper], **QUIET)
    stop.click(adds.stop, queue=False, **QUIET)
    page.unload(adds.stop)
    clock.tick(lists.state, None, [state, clock], **QUIET)
    # "always_last": while the server looks for what was typed, it is asked once more at most.
    seek = [search, choice]
    search.change(lists.search, seek, [rows, choice], trigger_mode="always_last", **listing)
    # Of the filters Gradio would forget then what the last event had to tell.
    filters.filter(lists.filter, choice, [rows, choice], trigger_mode="multiple", **listing)
    rows.more(lists.more, choice, [rows, choice], **listing)
    rows.clear(lists.clear, None, [rows, count, filters, search, choice], **listing)


def _wire_article(does: Opened, rows: gr.HTML, paper: gr.HTML, undone: gr.HTML) -> list[Any]:
    """The events after which the list may look different."""
    read, removed = gr.State(""), gr.State(None)
    rows.open(does.open, None, [paper, read], **IN_TURN)
    paper.version(does.open, None, [paper, read], **IN_TURN)
    paper.cancel(does.open, None, [paper, read], **IN_TURN)
    paper.edit(does.edit, None, paper, **QUIET)
    return [
        paper.save(does.save, None, paper, **QUIET),
        rows.remove(does.remove, [read, removed], [removed, undone, paper], **QUIET),
        undone.undo(does.undo, removed, [removed, undone], **QUIET),
    ]
