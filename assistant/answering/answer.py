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
from assistant.answering.second_look import Verdict, look_again
from assistant.config import Settings
from assistant.errors import Stopped
from assistant.library.library import Library
from assistant.prompts import Prompt
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
NO_ARTICLES = "There are no articles yet. Add some, then ask again."
_NEAREST = 3  # sentences shown with a refusal


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one library with one model, one answer at a time."""

    library: Library
    model: BaseChatModel
    model_name: str
    prompt: Prompt
    settings: Settings
    verdict: Verdict | None = None
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
        if not evidence or choosing.strength(weighed, hits) < self.settings.refuse_below:
            now = time.monotonic() - begun
            yield Done(self._refusal(question, evidence, Seconds(searched, now, now)))
            return
        ticket = self.queue.join()
        try:
            for ahead in self.queue.places(ticket, stop):
                yield Waiting(ahead)
            first, raw = 0.0, ""
            for piece in self._written(asked, evidence, stop):
                first = first or time.monotonic() - begun
                raw += piece
                yield Token(piece)
            sentences = self._checked(raw, weighed, evidence, stop)
        except Stopped:
            return
        finally:
            self.queue.leave(ticket)
        seconds = Seconds(searched, first, time.monotonic() - begun)
        if any(sentence.supported for sentence in sentences):
            yield Done(_answer(question, sentences, evidence, self.model_name, seconds))
        else:
            yield Done(self._refusal(question, evidence, seconds))

    def _search(self, question: str) -> tuple[choosing.Question, list[Hit]]:
        search = self.library.search(
            question, passages=self.settings.passages, candidates=self.settings.candidates
        )
        passages = self.library.counts().passages
        weighed = choosing.weigh(question, search.vector, passages, self.library.passages_with)
        return weighed, search.hits

    def _written(
        self, question: str, evidence: Sequence[Evidence], stop: threading.Event
    ) -> Iterator[str]:
        """The model's words. Raises Stopped."""
        if stop.is_set():
            raise Stopped
        messages = self.prompt.template.format_messages(
            evidence=choosing.shown(evidence), question=question
        )
        for chunk in self.model.stream(
            messages,
            stop_event=stop,
            max_tokens=self.settings.answer_tokens,
            marks=len(evidence),
            bias={self.prompt.words["refusal"]: self.settings.refusal_bias},
        ):
            yield str(chunk.content)

    def _checked(
        self,
        raw: str,
        question: choosing.Question,
        evidence: Sequence[Evidence],
        stop: threading.Event,
    ) -> list[Checked]:
        """The sentences of the model's text, checked; none where it refuses. Raises Stopped."""
        if self._refuses(raw):
            return []
        check = Check(question, evidence, self.settings.support_below)
        written = (each for each in parse(raw, len(evidence)) if not self._refuses(each.text))
        sentences = [check(each) for each in written]
        if self.verdict is None or question.ease:
            return sentences
        floor = self.settings.doubt_below
        return look_again(question.text, sentences, evidence, self.verdict, floor, stop)

    def _refuses(self, text: str) -> bool:
        return text.strip().casefold().startswith(self.prompt.words["refusal"].casefold())

    def _refusal(self, question: str, evidence: Sequence[Evidence], seconds: Seconds) -> Answer:
        nearest = choosing.nearest(evidence, _NEAREST)
        closest = tuple(_citation(n, item) for n, item in enumerate(nearest, start=1))
        text = NOT_FOUND if evidence else NO_ARTICLES
        return Answer(question, text, True, (), (), closest, self.model_name, seconds)


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
