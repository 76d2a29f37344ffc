"""Puts the questions to the assistant, one after the other, through the same events as the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, ModelFileError, StoreError
from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result
from assistant.evaluation.shape import ANSWERS as ANSWERS
from assistant.evaluation.shape import RETRIEVAL as RETRIEVAL
from assistant.evaluation.wording import holds, normalise
from assistant.records import (
    Answer,
    Article,
    ArticleInfo,
    Citation,
    Done,
    Evidence,
    Found,
    Hit,
    Searching,
    Turn,
)

if TYPE_CHECKING:
    from assistant.app import App

_FIRST = 5  # passages that count for `found`
_RANKED = 10  # passages among which the first right one is looked for


@dataclass(slots=True)
class Run:
    """What has been asked so far; `seconds` is the time that it took, breaks aside."""

    questions: Sequence[Question]
    results: list[Result] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        return len(self.results) == len(self.questions)


def evaluate(
    app: App,
    run: Run,
    on_progress: Callable[[Run], None],
    stop: threading.Event,
    mode: str = ANSWERS,
) -> None:
    """Ask what the run has not asked yet; `on_progress` is called after each question.

    A question that fails is counted as failed. After `stop` is set, the run ends with what is
    there. Raises ModelFileError and StoreError, with which no question could be answered.
    """
    one = searched if mode == RETRIEVAL else answered
    _warm(app, run, mode)
    begin = time.monotonic() - run.seconds
    for question in run.questions[len(run.results) :]:
        result = None if stop.is_set() else one(app, question, stop)
        if result is None:
            return
        run.results.append(result)
        run.seconds = time.monotonic() - begin
        on_progress(run)


def _warm(app: App, run: Run, mode: str) -> None:
    """So that the first question is timed like the others."""
    if mode == ANSWERS:
        app.warm()
    elif not run.complete:
        _ranked(app, run.questions[0].question)


def answered(app: App, question: Question, stop: threading.Event) -> Result | None:
    """Ask one question, after those that come before it; None where `stop` was set meanwhile.

    Raises ModelFileError and StoreError; any other failure is in the result.
    """
    told = _Told()
    error = None
    try:
        history: list[Turn] = []
        for earlier in question.before:
            turn = _Told().ask(app, earlier, history, stop)
            if turn is None:
                return None
            history.append(Turn(earlier, turn.text))
        if told.ask(app, question.question, history, stop) is None:
            return None
    except (ModelFileError, StoreError):
        raise
    except AssistantError as failure:
        error = str(failure)
    result = Result(question, told.answer, error, told.asked or question.question)
    return _weighed(app, replace(result, verbatim=_verbatim(app, told.answer)), told.evidence)


@dataclass(slots=True)
class _Told:
    """What the events of one answer have told so far."""

    asked: str = ""
    evidence: tuple[Evidence, ...] | None = None
    answer: Answer | None = None

    def ask(
        self, app: App, question: str, history: Sequence[Turn], stop: threading.Event
    ) -> Answer | None:
        """None where it was stopped."""
        for event in app.ask(question, tuple(history), stop):
            if isinstance(event, Searching):
                self.asked = event.question
            elif isinstance(event, Found):
                self.evidence = event.evidence
            elif isinstance(event, Done):
                self.answer = event.answer
        return self.answer


def searched(app: App, question: Question, stop: threading.Event) -> Result | None:
    """Search for one question, without the language model.

    Raises StoreError; any other failure is in the result.
    """
    asked = _by_itself(question)
    try:
        looked = app.find(asked)
    except (ModelFileError, StoreError):
        raise
    except AssistantError as failure:
        return Result(question, error=str(failure), asked=asked)
    result = Result(question, asked=asked, strength=looked.strength, search_seconds=looked.seconds)
    return _weighed(app, result, looked.evidence)


def _by_itself(question: Question) -> str:
    """A follow-up with the last question that does not lean on others in front.

    The model, which would write it anew, is not at hand.
    """
    from assistant.answering.conversation import in_front, leans

    leant = leans(question.question)
    return in_front(question.question, question.before) if leant else question.question


def _weighed(app: App, result: Result, evidence: Sequence[Evidence] | None) -> Result:
    """The result with what the search and the choice of evidence were worth."""
    question, hits = result.question, _ranked(app, result.asked)
    worded = bool(question.answers)
    return replace(
        result,
        found=tuple(dict.fromkeys(hit.article.title for hit in hits[:_FIRST])),
        rank=_rank(question, hits) if worded else None,
        evidence=tuple(item.text for item in evidence or ()),
        kept=_kept(question, evidence) if worded and evidence is not None else None,
    )


def _ranked(app: App, asked: str) -> Sequence[Hit]:
    found = app.library.search(asked, passages=_RANKED, candidates=app.settings.candidates)
    return found.hits[:_RANKED]


def _rank(question: Question, hits: Sequence[Hit]) -> int | None:
    ranks = (n for n, hit in enumerate(hits, 1) if _answers(question, hit.article, hit.text))
    return next(ranks, None)


def _kept(question: Question, evidence: Sequence[Evidence]) -> bool:
    return any(_answers(question, item.article, item.text) for item in evidence)


def _answers(question: Question, article: ArticleInfo, text: str) -> bool:
    """Whether a text of an article holds an accepted wording, and is of the right article."""
    title = question.article
    return (title is None or normalise(article.title) == normalise(title)) and any(
        holds(text, wording) for wording in question.answers
    )


def _verbatim(app: App, answer: Answer | None) -> tuple[bool, ...]:
    def stands(citation: Citation) -> bool:
        article: Article | None = app.library.get(citation.article.id)
        return article is not None and article.text[citation.start : citation.end] == citation.quote

    return tuple(stands(c) for c in (*answer.citations, *answer.nearest)) if answer else ()
