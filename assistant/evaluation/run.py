"""Puts the questions to the assistant, one after the other, through the same events as the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, ModelFileError, StoreError
from assistant.evaluation.metrics import Result
from assistant.evaluation.questions import Question
from assistant.records import Answer, Done, Evidence, Found

if TYPE_CHECKING:
    from assistant.app import App

_FIRST = 5


@dataclass(slots=True)
class Run:
    """What has been asked so far; `seconds` is wall-clock time since `started`."""

    questions: Sequence[Question]
    results: list[Result] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        return len(self.results) == len(self.questions)


def evaluate(
    app: App,
    questions: Sequence[Question],
    on_progress: Callable[[Run], None],
    stop: threading.Event,
) -> Run:
    """Ask every question; `on_progress` is called after each with the run so far.

    A question that fails is counted as failed. After `stop` is set, the run ends with what is
    there. Raises ModelFileError and StoreError, with which no question could be answered.
    """
    app.warm()  # so that the first question is timed like the others
    run = Run(questions)
    begin = time.monotonic()
    for question in questions:
        result = _result(app, question, stop)
        if result is None:
            break
        run.results.append(result)
        run.seconds = time.monotonic() - begin
        on_progress(run)
    return run


def _result(app: App, question: Question, stop: threading.Event) -> Result | None:
    """None where the answer was stopped."""
    try:
        found = _found(app, question.question)
        evidence, answer = _ask(app, question.question, stop)
    except (ModelFileError, StoreError):
        raise
    except AssistantError as error:
        return Result(question, None, error=str(error))
    if answer is None:
        return None
    return Result(
        question=question,
        answer=answer,
        found=found,
        evidence=tuple(e.text for e in evidence),
        verbatim=_verbatim(app, answer),
    )


def _ask(
    app: App, question: str, stop: threading.Event
) -> tuple[tuple[Evidence, ...], Answer | None]:
    evidence: tuple[Evidence, ...] = ()
    for event in app.ask(question, stop=stop):
        if isinstance(event, Found):
            evidence = event.evidence
        elif isinstance(event, Done):
            return evidence, event.answer
    return evidence, None


def _found(app: App, question: str) -> tuple[str, ...]:
    search = app.library.search(question, passages=_FIRST, candidates=app.settings.candidates)
    return tuple(dict.fromkeys(hit.article.title for hit in search.hits[:_FIRST]))


def _verbatim(app: App, answer: Answer) -> tuple[bool, ...]:
    def stands(article_id: str, start: int, end: int, quote: str) -> bool:
        article = app.library.get(article_id)
        return article is not None and article.text[start:end] == quote

    shown = (*answer.citations, *answer.nearest)
    return tuple(stands(c.article.id, c.start, c.end, c.quote) for c in shown)
