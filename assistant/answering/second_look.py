"""A second look by the model at a sentence that the cheap checks leave in doubt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from langchain_core.messages import BaseMessage

from assistant.answering.check import Checked
from assistant.answering.evidence import LEANS
from assistant.prompts import Prompt
from assistant.records import Evidence

# From (passage, question, answer, stop): how sure the model is that the passage says so, in logits.
Verdict = Callable[[str, str, str, threading.Event], float]

# With more support than SURE the model's view changes nothing; with less, the two are added up in
# this ratio. Chosen on 260 answers over encyclopaedia articles: looking at all below 1.7 instead
# tells right answers from others no better, and takes twice as many looks.
SURE = 1.5
_WEIGHT = 0.2
_LONGEST = 1200  # characters of a passage
_SENTENCES = 3  # of an answer; each look takes about a second on two cores


class Chooser(Protocol):
    """A model that tells which of two answers it would rather give."""

    def preference(
        self,
        messages: Sequence[BaseMessage],
        one: str,
        other: str,
        stop_event: threading.Event | None = None,
        context: str = ...,
    ) -> float: ...


@dataclass(frozen=True)
class ModelVerdict:
    """A `Verdict` by a model, with the prompt for it."""

    model: Chooser
    prompt: Prompt

    def __call__(self, passage: str, question: str, answer: str, stop: threading.Event) -> float:
        messages = self.prompt.template.format_messages(
            passage=passage, question=question, answer=answer
        )
        words = self.prompt.words
        return self.model.preference(messages, words["yes"], words["no"], stop, self.prompt.name)


def look_again(
    question: str,
    sentences: Sequence[Checked],
    evidence: Sequence[Evidence],
    verdict: Verdict,
    sure: float,
    stop: threading.Event,
) -> list[Checked]:
    """The sentences with the model's view added to the support of those that have less than `sure`.

    Only the first few of those are looked at. Raises Stopped.
    """

    def view(sentence: Checked, passage: str) -> float:
        return _WEIGHT * verdict(passage, question, sentence.text, stop)

    return weighed(sentences, evidence, sure, view)


def weighed(
    sentences: Sequence[Checked],
    evidence: Sequence[Evidence],
    sure: float,
    more: Callable[[Checked, str], float],
) -> list[Checked]:
    """The sentences with `more`, told of a sentence and the passage that it cites, added to the
    support of the first few that have less than `sure`.
    """
    by_number = {item.number: item for item in evidence}
    found: list[Checked] = []
    left = _SENTENCES
    for sentence in sentences:
        if left and sentence.supported and sentence.support < sure:
            left -= 1
            passage = passage_of(sentence.marks, by_number)
            sentence = replace(sentence, support=sentence.support + more(sentence, passage))
        found.append(sentence)
    return found


def held(sentences: Sequence[Checked], floor: float) -> list[Checked]:
    """The sentences, unsupported those that have less support than `floor`."""
    return [each if each.support >= floor else each.unsupported() for each in sentences]


def passage_of(marks: Sequence[int], evidence: Mapping[int, Evidence]) -> str:
    """The cited sentences under their article's title, with those that they point back to."""
    shown = {number for mark in marks for number in with_what_it_leans_on(mark, evidence)}
    text = " ".join(" ".join(evidence[number].text.split()) for number in sorted(shown))
    return f"{evidence[marks[0]].article.title}: {text}"[:_LONGEST]


def with_what_it_leans_on(mark: int, evidence: Mapping[int, Evidence]) -> tuple[int, ...]:
    """The numbers of a sentence and of the one before it, where it points back."""
    item, last = evidence[mark], evidence.get(mark - 1)
    same = last is not None and last.article.id == item.article.id
    return (mark - 1, mark) if same and LEANS.match(item.text) else (mark,)
