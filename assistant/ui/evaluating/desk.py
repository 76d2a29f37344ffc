"""The handlers behind the tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import config
from assistant.errors import AssistantError, UsageError
from assistant.evaluation import feedback, questions
from assistant.evaluation.shape import ANSWERS, RETRIEVAL
from assistant.ui import words
from assistant.ui.evaluating import home, plan
from assistant.ui.evaluating.kept import Runs, runs_of, whose
from assistant.ui.evaluating.plan import FEEDBACK, FILE, SAMPLE, Plan
from assistant.ui.evaluating.work import Work
from assistant.ui.parts import trouble
from assistant.ui.running import Running, page_of, reader_of
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App

_Step = tuple[Any, Any, Any]


@dataclass
class Desk:
    app: App
    running: Running
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        self.work = Work(self.app)

    @property
    def runs(self) -> Runs:
        return runs_of(self.app)

    def say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)

    # What there is

    def look(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Returns (heading, sources, buttons) and what `look_on` returns."""
        say = self.say(request)
        chosen = str(event.chosen or SAMPLE)
        try:
            judged = len(self._judged(request))
        except AssistantError:
            judged = 0  # to run them says why
        sources = home.sources(chosen, _sample(), judged, say)
        return home.head(say), sources, home.buttons(say), *self._looked(request, afresh=True)

    def look_on(self, request: gr.Request) -> _Step:
        """Returns (how far another page's evaluation is, the runs, whether to look again)."""
        return self._looked(request, afresh=False)

    def _looked(self, request: gr.Request, *, afresh: bool) -> _Step:
        now, say = self.work.now, self.say(request)
        if now and self.work.by == page_of(request):
            return gr.skip(), gr.skip(), gr.Timer(active=False)
        said = home.progress(now, say, own=False) if now else ""
        runs = self._listed(request) if afresh or not now else gr.skip()
        return said, runs, gr.Timer(active=now is not None)

    def _listed(self, request: gr.Request) -> str:
        return home.listed(self.runs.all(whose(request)), self.say(request))

    def _judged(self, request: gr.Request) -> list[dict[str, Any]]:
        judged = self.app.library.conversations.judged(reader_of(request))
        return feedback.questions(judged)

    # Measuring

    def run(
        self,
        file: str | None,
        limit: float | None,
        quick: bool,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[_Step]:
        """Yields (how far it has come, the runs, whether to look on)."""
        source, mode = str(event.source), RETRIEVAL if quick else ANSWERS
        yield from self._measured(lambda: self._plan(source, file, mode, limit, request), request)

    def resume(self, event: gr.EventData, request: gr.Request) -> Iterator[_Step]:
        name = str(event.name)
        make = lambda: plan.going_on(self.runs, name, whose(request))  # noqa: E731
        yield from self._measured(make, request)

    def _plan(
        self, source: str, file: str | None, mode: str, limit: float | None, request: gr.Request
    ) -> Plan:
        if limit is not None and limit < 1:
            raise UsageError("ask at least one question, or leave the number empty to ask all")
        most = None if limit is None else int(limit)
        if source == FEEDBACK:
            rows = self._judged(request)
            return plan.of_feedback(self.runs, rows, mode, most, whose(request))
        if source == FILE:
            if not file:
                raise UsageError("choose a question file first: JSON lines, CSV or SQuAD")
            return plan.of_file(self.runs, Path(file), mode, most)
        return plan.of_sample(self.runs, mode, most)

    def _measured(self, make: Callable[[], Plan], request: gr.Request) -> Iterator[_Step]:
        say, here = self.say(request), page_of(request)
        if self.work.now:
            yield self._looked(request, afresh=False)
            return
        try:
            planned = make()
            with (
                self.running.task(_task(request)) as stop,
                closing(self.work.measure(planned, stop, here)) as steps,
            ):
                for step in steps:
                    yield home.progress(step, say, own=True), gr.skip(), gr.skip()
        except AssistantError as error:
            yield trouble(say.error(error)), self._listed(request), gr.skip()
            return
        found = [each for each in self.runs.all(whose(request)) if each.name == planned.name]
        yield home.ended(found[0] if found else None, say), self._listed(request), gr.skip()

    def stop(self, request: gr.Request) -> None:
        self.running.stop(_task(request))

    def remove(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Returns (what to say, the runs)."""
        name, now = str(event.name), self.work.now
        try:
            if now and now.plan.name == name:
                raise UsageError("this run is under way; stop it first")
            self.runs.remove(name, whose(request))
        except AssistantError as error:
            return trouble(self.say(request).error(error)), self._listed(request)
        return "", self._listed(request)


def _task(request: gr.Request) -> str:
    return f"evaluate {page_of(request)}"


def _sample() -> tuple[int, int]:
    """How many questions and articles come along."""
    folder = config.resource("seeds") / "articles"
    return len(questions.read(plan.sample())), sum(1 for path in folder.iterdir() if path.is_file())
