"""The tab that measures the answers: ask questions with known answers, and see what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from assistant.ui.evaluating.desk import Desk
from assistant.ui.evaluating.reading import Open, Reading
from assistant.ui.parts import IN_TURN, QUIET, part
from assistant.ui.running import Running
from assistant.ui.words import label

if TYPE_CHECKING:
    from assistant.app import App

ONLOOKING = 2.0  # seconds between looks at an evaluation that was started on another page
USUAL = 20  # questions asked where nothing else is said

# The events of our own; evaluate.js says what sets them off.
_HOME_JS = "assistantEvaluate.home(element, trigger, ['seen', 'run', 'stop'])"
_LIST_JS = "assistantEvaluate.list(element, trigger, ['open', 'compare', 'resume', 'remove'])"
_PAPER_JS = "assistantEvaluate.paper(element, trigger, ['back', 'download', 'choose', 'more'])"
_SAVE_JS = "() => assistantEvaluate.save()"


def build(page: gr.Blocks, app: App, running: Running) -> None:
    """Lay the tab out."""
    desk, reading = Desk(app, running), Reading(app)
    seen, onlooking = gr.State(Open()), gr.Timer(ONLOOKING, active=False)
    with gr.Column(elem_id="ev-home"):
        head = part("ev-head")
        sources = part("ev-choice")
        file = gr.File(
            label=label("Question file: JSON lines, CSV or SQuAD"), show_label=False,
            elem_id="ev-file", height=104,
        )  # fmt: skip
        with gr.Row(elem_id="ev-how"):
            limit = gr.Number(
                USUAL, label=label("Questions at most"), placeholder=label("all"),
                precision=0, elem_id="ev-limit",
            )  # fmt: skip
            quick = gr.Checkbox(
                label=label("Search only, without the model (quick)"), elem_id="ev-quick"
            )
        start = part("ev-start", js=_HOME_JS)
        said = part("ev-said", live=True, js=_LIST_JS)
        runs = part("ev-list", js=_LIST_JS)
    with gr.Column(elem_id="ev-run"):
        paper = part("ev-paper", js=_PAPER_JS)
        filters = part("ev-filters", js=_PAPER_JS)
        search = gr.Textbox(
            placeholder=label("Search the questions"), label=label("Search the questions"),
            max_lines=1, container=False, show_label=False, elem_id="ev-search",
        )  # fmt: skip
        asked = part("ev-asked", js=_PAPER_JS)
        more = part("ev-more", js=_PAPER_JS)
    saved = gr.DownloadButton("Download", visible="hidden", elem_id="ev-save")

    state = [said, runs, onlooking]
    opened = [paper, filters, search, asked, more, seen]
    start.seen(desk.look, None, [head, sources, start, *state], **QUIET)
    start.run(desk.run, [file, limit, quick], state, **QUIET)
    start.stop(desk.stop, queue=False, **QUIET)
    onlooking.tick(desk.look_on, None, state, **QUIET)
    for place in (runs, said):
        place.open(reading.open, None, opened, **IN_TURN)
        place.compare(reading.compare, None, opened, **IN_TURN)
        place.resume(desk.resume, None, state, **QUIET)
        place.remove(desk.remove, None, [said, runs], **QUIET)
    search.change(reading.find, [search, seen], [asked, seen], trigger_mode="always_last", **QUIET)
    for place in (paper, filters, asked):
        place.choose(reading.choose, [search, seen], [asked, seen], **IN_TURN)
        place.more(reading.more, [search, seen], [asked, seen], **IN_TURN)
        place.back(reading.back, None, opened, **IN_TURN)
        written = place.download(reading.download, seen, saved, **QUIET)
        written.success(None, None, None, js=_SAVE_JS)
    page.unload(desk.stop)
