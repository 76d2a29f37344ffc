"""The ways in for articles: files, addresses, a pasted text, samples, what is followed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import config
from assistant.errors import AssistantError
from assistant.ui import words
from assistant.ui.adding import Adding, Tally, Work
from assistant.ui.parts import QUIET, box, trouble
from assistant.ui.reasons import addresses, named, refused
from assistant.ui.running import page_of
from assistant.ui.watcher import Watcher
from assistant.ui.words import Words, label

if TYPE_CHECKING:
    from assistant.adding import AddResult
    from assistant.app import App


@dataclass(frozen=True)
class Intake:
    """The handlers; what they yield ends with the progress or report to show."""

    app: App
    adding: Adding
    watcher: Watcher

    def files(self, chosen: list[str] | None, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        """Yields (chosen files, report)."""
        paths = [Path(file) for file in chosen or ()]
        names = {path: f"upload:{path.name}" for path in paths}

        def work(stop: threading.Event) -> Iterator[AddResult]:
            return named(self.app.add(paths, stop, names), paths)

        if paths:
            yield from self._given(work, None, request)

    def addresses(self, text: str, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        """Yields (what is in the box, report); what is no address stays in the box."""
        good, bad = addresses(text)

        def work(stop: threading.Event) -> Iterator[AddResult]:
            yield from refused(bad, self._say(request))
            if good:
                yield from self.app.add(good, stop)

        if good or bad:
            yield from self._given(work, "\n".join(bad), request)

    def text(self, title: str, text: str, request: gr.Request) -> tuple[Any, Any, str]:
        """Returns (title, text, report); what was typed stays where it failed."""
        say = self._say(request)
        try:
            result = self.app.add_text(text, title.strip() or None)
        except AssistantError as error:
            return gr.skip(), gr.skip(), trouble(say.error(error))
        kept = gr.skip() if result.error else ""
        return kept, kept, Tally(say).all([result]).report()

    def samples(self, request: gr.Request) -> Iterator[str]:
        folder = config.resource("seeds") / "articles"
        yield from self._shown(lambda stop: self.app.add([folder], stop), request)

    def look_now(self, request: gr.Request) -> Iterator[str]:
        if self.app.library.followed():
            yield from self._shown(self.watcher.look, request)

    def stop(self, request: gr.Request) -> None:
        self.adding.stop(page_of(request))

    def _given(self, work: Work, stays: Any, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        """At once what stays in the place that the work was given in, then what to show of it."""
        yield stays, gr.skip()
        yield from ((gr.skip(), shown) for shown in self._shown(work, request))

    def _shown(self, work: Work, request: gr.Request) -> Iterator[str]:
        yield from self.adding.run(work, page_of(request), self._say(request))

    def _say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)


@dataclass(frozen=True)
class Ways:
    """What stands on the page for it."""

    files: gr.File
    address: gr.Textbox
    add: gr.Button
    title: gr.Textbox
    text: gr.Textbox
    paste: gr.Button


def lay_out() -> Ways:
    files = gr.File(
        file_count="multiple", label=label("Add article files"), show_label=False,
        elem_id="upload", height=104,
    )  # fmt: skip
    with gr.Row(elem_id="add-address", elem_classes="line"):
        address = box("Web addresses, one a line", "Addresses", lines=8)
        add = gr.Button(label("Add"), variant="primary", elem_id="add-go")
    with gr.Accordion(label("Paste a text"), open=False, elem_id="paste", elem_classes="fold"):
        title = gr.Textbox(label=label("Title"), max_lines=1, elem_id="paste-title")
        text = gr.Textbox(label=label("Text"), lines=6, max_lines=16, elem_id="paste-text")
        paste = gr.Button(label("Add article"), elem_id="paste-add", variant="primary")
    return Ways(files, address, add, title, text, paste)


def wire(ways: Ways, does: Intake, said: gr.HTML) -> list[Any]:
    """The events after which the library may hold more; what became of it is shown in `said`."""
    # "multiple": what comes while something is added waits for its turn and is not lost.
    more: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
    address, pasted = ways.address, [ways.title, ways.text]
    return [
        ways.files.upload(does.files, ways.files, [ways.files, said], **more),
        gr.on([address.submit, ways.add.click], does.addresses, address, [address, said], **more),
        ways.paste.click(does.text, pasted, [*pasted, said], **QUIET),
    ]
