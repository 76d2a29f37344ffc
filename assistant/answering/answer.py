"""question → Answer, as a stream of events: search, evidence, the model's words, the answer."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant.answering import evidence as choosing
from assistant.answering.ahead import Ahead
from assistant.answering.asked_of import Likelihood
from assistant.answering.check import Checked
from assistant.answering.conversation import Rewriter, Understood, needs_rewriting
from assistant.answering.outcome import Report, answered, refused
from assistant.answering.planted import Planted
from assistant.answering.queue import Queue, Ticket
from assistant.answering.search import Looked, look, scope_of
from assistant.answering.second_look import Verdict
from assistant.answering.writer import Prompts, Writer, holds
from assistant.config import Settings
from assistant.errors import Stopped
from assistant.library.library import Library
from assistant.records import (
    EVERYTHING,
    Done,
    Event,
    Found,
    Scope,
    Searching,
    Seconds,
    Token,
    Turn,
    Waiting,
)

# From (messages, context, stop): reads a prompt's beginning into the model's cache. Raises Stopped.
Read = Callable[[Sequence[BaseMessage], str, threading.Event], None]


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one library with one model, one answer at a time."""

    library: Library
    model: BaseChatModel
    model_name: str
    prompts: Prompts
    settings: Settings
    verdict: Verdict | None = None
    likelihood: Likelihood | None = None
    planted: Planted | None = None
    speed: Callable[[], float] = lambda: 0.0  # tokens that the model reads a second, 0: unknown
    queue: Queue = field(default_factory=Queue)
    read: Read | None = None
    ahead: Ahead = field(default_factory=Ahead)
    today: Callable[[], date] = date.today

    def ask(
        self,
        question: str,
        history: Sequence[Turn],
        stop: threading.Event,
        scope: Scope = EVERYTHING,
        reader: str | None = None,
    ) -> Iterator[Event]:
        """The events of one answer; ends without `Done` once `stop` is set.

        Raises BusyError where too many wait, or this question for too long. A `reader` takes turns
        with others; without one, as for an evaluation, nothing is too many or too long.
        """
        most = None if reader is None else self.settings.max_waiting
        with self.queue.ticket(reader, most) as ticket:
            yield from self._answered(question, history, stop, scope, ticket)

    def _answered(
        self,
        question: str,
        history: Sequence[Turn],
        stop: threading.Event,
        scope: Scope,
        ticket: Ticket,
    ) -> Iterator[Event]:
        begun = time.monotonic()
        writer = self._writer()
        scope = scope_of(question, scope, self.today())
        try:
            understood = yield from self._by_itself(question, history, stop, scope, ticket)
            asked = understood.asked
            scope = scope_of(asked, scope, self.today())  # of what a follow-up leaves out
            yield Searching(asked, scope)
            looked = self.look(asked, scope).following(question, understood.judged)
            looked = self._in_the_order_read(looked)
            found = time.monotonic() - begun
            yield Found(looked.evidence, found)
            if not looked.evidence or looked.strength < self.settings.refuse_below:
                now = time.monotonic() - begun
                report = self._report(Seconds(found, now, now))
                yield Done(refused(question, looked, [], report))
                return
            yield from self._waiting(ticket, stop)
            raw, first = "", 0.0
            for piece in writer.words(looked, looked.evidence, stop):
                first = first or time.monotonic() - begun
                raw += piece
                yield Token(piece)
            written = time.monotonic() - begun
            sentences = writer.checked(raw, looked, stop)
        except Stopped:
            return
        seconds = Seconds(found, first, total := time.monotonic() - begun, total - written)
        report = self._report(seconds, sentences)
        if holds(sentences):
            yield Done(answered(question, looked, sentences, report))
        else:
            yield Done(refused(question, looked, sentences, report))

    def read_ahead(self, question: str, history: Sequence[Turn], scope: Scope = EVERYTHING) -> None:
        """Read what a question will need that is still being typed, unless anybody waits.

        Ends as soon as a question is asked, or more of this one is to be read.
        """
        ends = self.ahead.ends
        if self.read is None or self.queue.busy:
            return
        if needs_rewriting(question, history, lambda text: self.look(text, scope).strength):
            return
        looked = self.look(question, scope_of(question, scope, self.today()))
        if looked.question.overview or looked.strength < self.settings.refuse_below:
            return
        evidence = self.ahead.arranged(looked.evidence)
        prompt = self._writer().prompt(looked)
        with suppress(Stopped):
            for part, abandon in self.ahead.parts(evidence, ends):
                self.read(prompt.until(choosing.shown(part)), prompt.name, abandon)

    def _in_the_order_read(self, looked: Looked) -> Looked:
        evidence = self.ahead.taken(looked.evidence)
        return looked if looked.question.overview else replace(looked, evidence=evidence)

    def look(self, question: str, scope: Scope = EVERYTHING) -> Looked:
        """What the articles hold for a question; takes no turn of the model."""
        return look(self.library, self.settings, question, self.speed(), scope)

    def _by_itself(
        self,
        question: str,
        history: Sequence[Turn],
        stop: threading.Event,
        scope: Scope,
        ticket: Ticket,
    ) -> Generator[Event, None, Understood]:
        """Returns the question as it can be searched for. Raises Stopped."""
        as_it_is = Understood(question, question)
        if self.prompts.rewrite is None:
            return as_it_is
        if not needs_rewriting(question, history, lambda text: self.look(text, scope).strength):
            return as_it_is
        self.ahead.end()
        yield from self._waiting(ticket, stop)
        return Rewriter(self.model, self.prompts.rewrite)(question, history, stop)

    def _waiting(self, ticket: Ticket, stop: threading.Event) -> Iterator[Event]:
        """Returns when it is this ticket's turn. Raises Stopped, BusyError."""
        longest = math.inf if ticket.reader is None else self.settings.max_wait_seconds
        for ahead in self.queue.places(ticket, stop, longest):
            yield Waiting(ahead)
        if stop.is_set():
            raise Stopped

    def _writer(self) -> Writer:
        # What an answer cites, and what is written anew from, is weighed again among all sentences.
        likelihood = cache(self.likelihood) if self.likelihood else None
        return Writer(
            self.model, self.prompts, self.settings, self.verdict, likelihood, self.planted
        )

    def _report(self, seconds: Seconds, sentences: Sequence[Checked] = ()) -> Report:
        support = max((sentence.support for sentence in sentences), default=None)
        return Report(self.model_name, seconds, support)
