"""question → Answer, as a stream of events: search, evidence, the model's words, the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from langchain_core.language_models import BaseChatModel

from assistant.answering import disagreement, overview, refusal
from assistant.answering import evidence as choosing
from assistant.answering.check import Check, Checked
from assistant.answering.conversation import Rewriter, needs_rewriting
from assistant.answering.parse import parse
from assistant.answering.part import part_of
from assistant.answering.queue import Queue
from assistant.answering.quoted import quoted
from assistant.answering.search import Looked, look, scope_of
from assistant.answering.second_look import Verdict, look_again
from assistant.config import Settings
from assistant.errors import Stopped
from assistant.library.library import Library
from assistant.prompts import Prompt
from assistant.records import (
    EVERYTHING,
    Answer,
    AnswerSentence,
    Citation,
    Done,
    Event,
    Evidence,
    Found,
    Scope,
    Searching,
    Seconds,
    Token,
    Turn,
    Waiting,
)

_SENTENCES_OF_OVERVIEW = 6
_NEAREST = 3  # sentences shown with a refusal
# What is asked of a second try beyond the threshold: measured on 25 of them, it keeps five of six
# right answers, and lets none of eleven pass that no article states.
_SECOND_TRY = 0.2


@dataclass(frozen=True)
class Prompts:
    """For a fact, for an overview and, where there is one, for follow-up questions."""

    answer: Prompt
    overview: Prompt
    rewrite: Prompt | None = None


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one library with one model, one answer at a time."""

    library: Library
    model: BaseChatModel
    model_name: str
    prompts: Prompts
    settings: Settings
    verdict: Verdict | None = None
    speed: Callable[[], float] = lambda: 0.0  # tokens that the model reads a second, 0: unknown
    queue: Queue = field(default_factory=Queue)
    today: Callable[[], date] = date.today

    def ask(
        self,
        question: str,
        history: Sequence[Turn],
        stop: threading.Event,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        """The events of one answer; ends without `Done` once `stop` is set."""
        begun = time.monotonic()
        scope = scope_of(question, scope, self.today())
        try:
            asked = yield from self._by_itself(question, history, stop, scope)
            yield Searching(asked, scope)
            looked = self.look(asked, scope)
            found = time.monotonic() - begun
            yield Found(looked.evidence, found)
            if not looked.evidence or looked.strength < self.settings.refuse_below:
                now = time.monotonic() - begun
                report = self._report(Seconds(found, now, now))
                yield Done(_refusal(question, looked, [], report))
                return
            with self.queue.ticket() as ticket:
                yield from self._waiting(ticket, stop)
                raw, first = "", 0.0
                for piece in self._written(looked, looked.evidence, stop):
                    first = first or time.monotonic() - begun
                    raw += piece
                    yield Token(piece)
                written = time.monotonic() - begun
                sentences = self._checked(raw, looked, stop)
        except Stopped:
            return
        seconds = Seconds(found, first, total := time.monotonic() - begun, total - written)
        report = self._report(seconds, sentences)
        if _holds(sentences):
            yield Done(_answer(question, looked, sentences, report))
        else:
            yield Done(_refusal(question, looked, sentences, report))

    def look(self, question: str, scope: Scope = EVERYTHING) -> Looked:
        """What the articles hold for a question; takes no turn of the model."""
        return look(self.library, self.settings, question, self.speed(), scope)

    def _by_itself(
        self, question: str, history: Sequence[Turn], stop: threading.Event, scope: Scope
    ) -> Generator[Event, None, str]:
        """Returns the question as it can be searched for. Raises Stopped."""
        if self.prompts.rewrite is None:
            return question
        if not needs_rewriting(question, history, lambda text: self.look(text, scope).strength):
            return question
        with self.queue.ticket() as ticket:
            yield from self._waiting(ticket, stop)
            return Rewriter(self.model, self.prompts.rewrite)(question, history, stop)

    def _waiting(self, ticket: object, stop: threading.Event) -> Iterator[Event]:
        """Returns when it is this ticket's turn. Raises Stopped."""
        for ahead in self.queue.places(ticket, stop):
            yield Waiting(ahead)
        if stop.is_set():
            raise Stopped

    def _written(
        self, looked: Looked, evidence: Sequence[Evidence], stop: threading.Event
    ) -> Iterator[str]:
        """The model's words. Raises Stopped."""
        prompt, several = self._prompt(looked), looked.question.overview
        messages = prompt.template.format_messages(
            evidence=choosing.shown(evidence), question=looked.asked
        )
        cited = 0
        for chunk in self.model.stream(
            messages,
            stop_event=stop,
            max_tokens=self.settings.answer_tokens,
            marks=len(evidence),
            bias={prompt.words["refusal"]: self.settings.refusal_bias},
            context=prompt.name,
        ):
            if chunk.content:
                yield str(chunk.content)
            cited += str(chunk.content).count("]")
            if several and cited >= _SENTENCES_OF_OVERVIEW:
                break

    def _checked(self, raw: str, looked: Looked, stop: threading.Event) -> list[Checked]:
        """The sentences of the answer, checked, with those of an article that states something
        else; none where the model refuses. Raises Stopped.
        """
        sentences = self._supported(raw, looked, looked.evidence, stop)
        if looked.question.overview:
            return sentences
        if not _holds(sentences):
            again = sentences and self._tried_again(sentences, looked, stop)
            return again or self._quoted(looked, stop) or sentences
        found = disagreement.rival(looked.question, looked.evidence, sentences)
        if found is None:
            return sentences
        other = "".join(self._written(looked, found.evidence, stop))
        others = self._supported(other, looked, found.evidence, stop)
        told = disagreement.both(looked.question, looked.evidence, sentences, found, others)
        return told or sentences

    def _tried_again(
        self, sentences: list[Checked], looked: Looked, stop: threading.Event
    ) -> list[Checked]:
        """The model's answer from the evidence that it has not leant on yet, where that is
        supported; else none. Raises Stopped.

        A small model that has gone wrong has mostly taken the wrong sentence of the right ones.
        """
        tried = {mark for sentence in sentences for mark in sentence.tried}
        rest = part_of(looked.evidence, lambda item: item.number not in tried)
        if not rest.evidence:
            return []
        raw = "".join(self._written(looked, rest.evidence, stop))
        again = self._supported(raw, looked, rest.evidence, stop, more=_SECOND_TRY)
        return rest.numbered_back(again) if _holds(again) else []

    def _quoted(self, looked: Looked, stop: threading.Event) -> list[Checked]:
        """The nearest sentence itself, where it states the answer; else none. Raises Stopped."""
        if self.verdict is None:
            return []
        floor = self.settings.support_below
        return quoted(looked.question, looked.evidence, self.verdict, floor, stop)

    def _supported(
        self,
        raw: str,
        looked: Looked,
        evidence: Sequence[Evidence],
        stop: threading.Event,
        more: float = 0.0,
    ) -> list[Checked]:
        """The sentences of a text, checked against evidence; none where it refuses.

        `more` is what they must be supported by beyond the threshold of the settings.
        """
        refusal_word = self._prompt(looked).words["refusal"]
        if _refuses(raw, refusal_word):
            return []
        check = Check(looked.question, evidence)
        parsed = parse(raw, len(evidence))
        written = (each for each in parsed if not _refuses(each.text, refusal_word))
        sentences = [check(each) for each in written]
        if looked.question.overview:
            return overview.completed(looked.question, sentences, evidence)
        if self.verdict is None:
            return sentences
        floor = self.settings.support_below + more
        return look_again(looked.asked, sentences, evidence, self.verdict, floor, stop)

    def _prompt(self, looked: Looked) -> Prompt:
        return self.prompts.overview if looked.question.overview else self.prompts.answer

    def _report(self, seconds: Seconds, sentences: Sequence[Checked] = ()) -> _Report:
        support = max((sentence.support for sentence in sentences), default=None)
        return _Report(self.model_name, seconds, support)


@dataclass(frozen=True)
class _Report:
    """What an answer or a refusal says of its making."""

    model: str
    seconds: Seconds
    support: float | None


def _holds(sentences: Sequence[Checked]) -> bool:
    return any(sentence.supported for sentence in sentences)


def _refuses(text: str, word: str) -> bool:
    return text.strip().casefold().startswith(word.casefold())


def _refusal(
    question: str, looked: Looked, withdrawn: Sequence[Checked], report: _Report
) -> Answer:
    nearest = choosing.nearest(looked.evidence, _NEAREST)
    lacking = refusal.missing(looked.asked, looked.evidence) if looked.evidence else ()
    return Answer(
        question=question,
        text=refusal.text(looked.evidence, lacking, bool(withdrawn), looked.scope),
        refused=True,
        sentences=(),
        citations=(),
        nearest=tuple(_citation(n, item) for n, item in enumerate(nearest, start=1)),
        model=report.model,
        seconds=report.seconds,
        asked=looked.asked,
        scope=looked.scope,
        missing=lacking,
        withdrawn=tuple(sentence.text for sentence in withdrawn),
        strength=looked.strength,
        support=report.support,
    )


def _answer(question: str, looked: Looked, sentences: Sequence[Checked], report: _Report) -> Answer:
    """Number the citations in the order in which they appear and cut the quotes out."""
    order = dict.fromkeys(mark for sentence in sentences for mark in sentence.marks)
    number = {mark: n for n, mark in enumerate(order, start=1)}
    by_mark = {item.number: item for item in looked.evidence}
    final = tuple(
        AnswerSentence(s.text, tuple(number[m] for m in s.marks), s.supported, s.moved)
        for s in sentences
    )
    return Answer(
        question=question,
        text=" ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in final),
        refused=False,
        sentences=final,
        citations=tuple(_citation(number[mark], by_mark[mark]) for mark in order),
        nearest=(),
        model=report.model,
        seconds=report.seconds,
        asked=looked.asked,
        scope=looked.scope,
        strength=looked.strength,
        support=report.support,
    )


def _citation(number: int, item: Evidence) -> Citation:
    return Citation(number, item.article, item.span.start, item.span.end, item.text)
