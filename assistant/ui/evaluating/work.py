"""The evaluation under way: one at a time, beside the page, telling how far it has come."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, Stopped, UsageError
from assistant.evaluation import library, questions, report, resume, shape
from assistant.evaluation.outcomes import outcome
from assistant.evaluation.questions import Question, QuestionSet
from assistant.evaluation.run import Run, evaluate
from assistant.evaluation.stored import result_json
from assistant.ui.evaluating.plan import Plan

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

PREPARING, ADDING, ASKING = "preparing", "adding", "asking"
BUSY = "an evaluation is under way already; wait for its end, or stop it where it was started"


@dataclass(frozen=True)
class Progress:
    """How far an evaluation has come; `left` are seconds, where they can be told.

    `outcomes` say how often each outcome came about so far, the most frequent first.
    """

    plan: Plan
    phase: str = PREPARING
    done: int = 0
    total: int = 0
    left: float | None = None
    outcomes: tuple[tuple[str, int], ...] = ()


_Tell = Callable[[Progress], None]


@dataclass
class Work:
    """Runs one evaluation at a time for everybody.

    `now` is the one under way, `by` the page that it was started from.
    """

    app: App
    now: Progress | None = None
    by: str = ""
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def measure(self, plan: Plan, stop: threading.Event, by: str) -> Generator[Progress]:
        """Ends with the run in its file, whole or, after `stop`, in part.

        Raises UsageError where one is under way already, and whatever keeps the run from being
        made, as one AssistantError.
        """
        if not self._alone.acquire(blocking=False):
            plan.forget()
            raise UsageError(BUSY)
        self.now, self.by = (begun := Progress(plan)), by
        told: SimpleQueue[Progress | AssistantError | None] = SimpleQueue()
        threading.Thread(target=self._work, args=(plan, stop, told)).start()
        try:
            yield begun
            while (news := _latest(told)) is not None:
                if isinstance(news, AssistantError):
                    raise news
                yield news
        finally:
            stop.set()

    def _work(
        self,
        plan: Plan,
        stop: threading.Event,
        told: SimpleQueue[Progress | AssistantError | None],
    ) -> None:
        def tell(progress: Progress) -> None:
            self.now = progress
            told.put(progress)

        end: AssistantError | None = None
        try:
            self._measured(plan, stop, tell)
        except Stopped:
            pass
        except AssistantError as error:
            end = error
        except Exception:
            log.exception("an evaluation broke off")
            end = AssistantError("the evaluation broke off; the server's log says more")
        finally:
            if not plan.out.exists():
                plan.forget()
            self.now = None
            self._alone.release()
            told.put(end)

    def _measured(self, plan: Plan, stop: threading.Event, tell: _Tell) -> None:
        asked = questions.load(plan.asked)
        chosen = questions.choose(asked.questions, limit=plan.limit)
        with self._library(plan, asked, stop, tell) as app:
            if not stop.is_set():
                self._asked(app, plan, chosen, stop, tell)

    @contextmanager
    def _library(
        self, plan: Plan, asked: QuestionSet, stop: threading.Event, tell: _Tell
    ) -> Iterator[App]:
        """The library of the page, or one made of the articles that come with the questions."""
        if not plan.articles() and not asked.articles:
            if not self.app.library.counts().articles:
                raise UsageError("the library is empty; add articles, or ask the sample questions")
            yield self.app
            return
        tell(Progress(plan, ADDING))
        with library.throwaway(self.app.settings, self.app) as app:
            for result in library.add(app, plan.articles(), asked.articles, stop):
                tell(Progress(plan, ADDING, result.done, result.total))
            yield app

    def _asked(
        self, app: App, plan: Plan, chosen: list[Question], stop: threading.Event, tell: _Tell
    ) -> None:
        about = {**report.about(app, Path(plan.file), plan.mode), **plan.about()}
        try:
            run = resume.begin(plan.out, about, chosen)
        except resume.AnotherRun as error:
            raise UsageError(f"this run cannot go on ({error.why}); start a new one") from error
        outcomes = _Outcomes(plan.mode, about["settings"])

        def told(run: Run) -> None:
            done, total = len(run.results), len(run.questions)
            left = run.seconds / done * (total - done) if done else None
            tell(Progress(plan, ASKING, done, total, left, outcomes.of(run)))

        def on_progress(run: Run) -> None:
            keep()
            told(run)

        with report.kept(plan.out, run, about) as keep:
            told(run)
            evaluate(app, run, on_progress, stop, plan.mode)
        if run.complete:
            plan.forget()


class _Outcomes:
    """Counts the outcomes of a run as it grows."""

    def __init__(self, mode: str, settings: dict[str, object]) -> None:
        self._run = shape.Run(
            version="", answers=[], metrics={}, mode=mode, settings=settings, asked=0, questions=0
        )
        self._counts: Counter[str] = Counter()

    def of(self, run: Run) -> tuple[tuple[str, int], ...]:
        for result in run.results[self._counts.total() :]:
            answer = shape.Answer.model_validate(result_json(result))
            self._counts[outcome(answer, self._run)] += 1
        return tuple(self._counts.most_common())


def _latest(
    told: SimpleQueue[Progress | AssistantError | None],
) -> Progress | AssistantError | None:
    """The newest of what has been told, once something has; the end is never passed over."""
    news = told.get()
    while isinstance(news, Progress) and not told.empty():
        news = told.get()
    return news
