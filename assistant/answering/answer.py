"""question → Answer, as a stream of events: search, evidence, the model's words, the answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from langchain_core.language_models import BaseChatModel

from assistant.answering import evidence as choosing
from assistant.answering.check import Check, Checked
from assistant.answering.conversation import standalone
from assistant.answering.parse import parse
from assistant.answering.queue import Queue
from assistant.config import Settings
from assistant.errors import Stopped
from assistant.library.library import Library
from assistant.prompts import AnswerPrompt
from assistant.records import (
    Answer,
    AnswerSentence,
    Citation,
    Done,
    Event,
    Evidence,
    Found,
    Hit,
    Searching,
    Seconds,
    Token,
    Turn,
    Waiting,
)

NOT_FOUND = "The articles do not answer this."
_NEAREST = 3  # sentences shown with a refusal


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one library with one model, one answer at a time."""

    library: Library
    model: BaseChatModel
    model_name: str
    prompt: AnswerPrompt
    settings: Settings
    queue: Queue = field(default_factory=Queue)

    def ask(self, question: str, history: Sequence[Turn], stop: threading.Event) -> Iterator[Event]:
        """The events of one answer; ends without `Done` once `stop` is set."""
        begun = time.monotonic()
        asked = standalone(question, history)
        yield Searching(asked)
        weighed, hits = self._search(asked)
        evidence = choosing.choose(weighed, hits, self.settings.evidence_tokens)
        searched = time.monotonic() - begun
        yield Found(evidence, searched)
        weak = choosing.strength(weighed, hits) < self.settings.refuse_below
        first, raw = searched, self.prompt.refusal
        if evidence and not weak:
            raw = ""
            try:
                for event in self._written(asked, evidence, stop):
                    if isinstance(event, Token):
                        first = time.monotonic() - begun if not raw else first
                        raw += event.text
                    yield event
            except Stopped:
                return
        if stop.is_set():
            return
        seconds = Seconds(searched, first, time.monotonic() - begun)
        yield Done(self._checked(question, raw, evidence, weighed, seconds))

    def _search(self, question: str) -> tuple[choosing.Question, list[Hit]]:
        search = self.library.search(
            question, passages=self.settings.passages, candidates=self.settings.candidates
        )
        passages = self.library.counts().passages
        weighed = choosing.weigh(question, search.vector, passages, self.library.passages_with)
        return weighed, search.hits

    def _written(
        self, question: str, evidence: Sequence[Evidence], stop: threading.Event
    ) -> Iterator[Event]:
        """The model's words, once it is this question's turn."""
        messages = self.prompt.template.format_messages(
            evidence=choosing.shown(evidence), question=question
        )
        ticket = self.queue.join()
        try:
            for ahead in self.queue.places(ticket, stop):
                yield Waiting(ahead)
            if stop.is_set():
                raise Stopped
            chunks = self.model.stream(
                messages,
                stop_event=stop,
                max_tokens=self.settings.answer_tokens,
                marks=len(evidence),
                bias={self.prompt.refusal: self.settings.refusal_bias},
            )
            for chunk in chunks:
                yield Token(str(chunk.content))
        finally:
            self.queue.leave(ticket)

    def _refuses(self, text: str) -> bool:
        return text.strip().casefold().startswith(self.prompt.refusal.casefold())

    def _checked(
        self,
        question: str,
        raw: str,
        evidence: Sequence[Evidence],
        weighed: choosing.Question,
        seconds: Seconds,
    ) -> Answer:
        sentences: list[Checked] = []
        if not self._refuses(raw):
            check = Check(weighed, evidence, self.settings.support_below)
            written = (w for w in parse(raw, len(evidence)) if not self._refuses(w.text))
            sentences = [check(each) for each in written]
        if not any(sentence.supported for sentence in sentences):
            nearest = choosing.nearest(evidence, _NEAREST)
            closest = tuple(_citation(n, item) for n, item in enumerate(nearest, start=1))
            return Answer(question, NOT_FOUND, True, (), (), closest, self.model_name, seconds)
        return _answer(question, sentences, evidence, self.model_name, seconds)


def _answer(
    question: str,
    sentences: Sequence[Checked],
    evidence: Sequence[Evidence],
    model: str,
    seconds: Seconds,
) -> Answer:
    """Number the citations in the order in which they appear and cut the quotes out."""
    order = dict.fromkeys(mark for sentence in sentences for mark in sentence.marks)
    number = {mark: n for n, mark in enumerate(order, start=1)}
    by_mark = {item.number: item for item in evidence}
    final = tuple(
        AnswerSentence(s.text, tuple(number[m] for m in s.marks), s.supported) for s in sentences
    )
    return Answer(
        question=question,
        text=" ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in final),
        refused=False,
        sentences=final,
        citations=tuple(_citation(number[mark], by_mark[mark]) for mark in order),
        nearest=(),
        model=model,
        seconds=seconds,
    )


def _citation(number: int, item: Evidence) -> Citation:
    return Citation(number, item.article, item.span.start, item.span.end, item.text)
