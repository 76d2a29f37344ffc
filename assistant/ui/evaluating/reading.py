"""The handlers behind a run, or two, being read."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from assistant.errors import AssistantError
from assistant.evaluation import page
from assistant.ui import words
from assistant.ui.evaluating import paper, versus
from assistant.ui.evaluating.kept import Kept, Runs, runs_of, whose
from assistant.ui.parts import trouble
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App

Opened = tuple[str, str, str, str, str, "Open"]


@dataclass(frozen=True)
class Open:
    """What a page shows: a run, or one against another, and which of its questions."""

    name: str = ""
    against: str = ""
    outcome: str = ""
    rows: int = paper.ROWS


@dataclass
class Reading:
    app: App

    @property
    def runs(self) -> Runs:
        return runs_of(self.app)

    def say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)

    def open(self, event: gr.EventData, request: gr.Request) -> Opened:
        """Returns (head, filters, search, questions, figures, what is open)."""
        say, owner, name = self.say(request), whose(request), str(event.name)
        try:
            raw, run = self.runs.read(name, owner), self.runs.run(name, owner)
        except AssistantError as error:
            return _nothing(paper.bar((), say) + trouble(say.error(error)))
        known = next((each for each in self.runs.all(owner) if each.name == name), Kept(name, run))
        return (
            paper.head(known, run, say),
            paper.filters(run, say),
            "",
            paper.asked(run, "", "", paper.ROWS, say),
            paper.more(raw, run, self.app.settings, say),
            Open(name),
        )

    def compare(self, event: gr.EventData, request: gr.Request) -> Opened:
        """The later of two runs against the earlier; returns what `open` does."""
        say, owner = self.say(request), whose(request)
        try:
            both = [(self.runs.read(name, owner), name) for name in map(str, event.names)]
            (a, first), (b, second) = sorted(both, key=lambda each: str(each[0]["started"]))
            shown = versus.page(a, b, say)
        except AssistantError as error:
            return _nothing(paper.bar((), say) + trouble(say.error(error)))
        return shown, "", "", "", "", Open(second, first)

    def back(self) -> Opened:
        return _nothing("")

    def find(self, search: str, seen: Open, request: gr.Request) -> tuple[str, Open]:
        """Returns (questions, what is open), as the two below do."""
        return self._asked(search, replace(seen, rows=paper.ROWS), request)

    def choose(
        self, search: str, seen: Open, event: gr.EventData, request: gr.Request
    ) -> tuple[str, Open]:
        wanted = replace(seen, outcome=str(event.outcome), rows=paper.ROWS)
        return self._asked(search, wanted, request)

    def more(self, search: str, seen: Open, request: gr.Request) -> tuple[str, Open]:
        return self._asked(search, replace(seen, rows=seen.rows + paper.ROWS), request)

    def _asked(self, search: str, seen: Open, request: gr.Request) -> tuple[str, Open]:
        if not seen.name or seen.against:
            return "", seen
        say = self.say(request)
        try:
            run = self.runs.run(seen.name, whose(request))
        except AssistantError as error:
            return trouble(say.error(error)), seen
        return paper.asked(run, seen.outcome, search, seen.rows, say), seen

    # Taking along

    @cached_property
    def _downloads(self) -> Path:
        """A folder that goes with the page."""
        folder = tempfile.mkdtemp(prefix="assistant-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def download(self, seen: Open, event: gr.EventData, request: gr.Request) -> str:
        """The file to be saved."""
        say, owner, folder = self.say(request), whose(request), self._downloads
        try:
            raw = self.runs.read(seen.name, owner)
            if seen.against:
                out = folder / f"{seen.name}-against-{seen.against}.html"
                page.write_comparison(self.runs.read(seen.against, owner), raw, out, say)
            elif event.kind == "json":
                out = folder / f"{seen.name}.json"
                shutil.copyfile(self.runs.path(seen.name), out)
            else:
                out = folder / f"{seen.name}.html"
                page.write(raw, out, say)
        except AssistantError as error:
            raise gr.Error(say.error(error), print_exception=False) from error
        return str(out)


def _nothing(said: str) -> Opened:
    return said, "", "", "", "", Open()
