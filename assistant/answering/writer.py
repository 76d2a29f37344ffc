"""What the model writes from evidence, and what of it stands after the check."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel

from assistant.answering import disagreement, overview
from assistant.answering import evidence as choosing
from assistant.answering.asked_of import Likelihood, asked_of, weigh
from assistant.answering.check import LEAST, LEAST_TO_LOOK, Check, Checked
from assistant.answering.orders import asks_about_orders
from assistant.answering.parse import parse
from assistant.answering.part import Part, part_of
from assistant.answering.planted import Planted, cited_planted
from assistant.answering.quoted import nearest, quoted
from assistant.answering.search import Looked
from assistant.answering.second_look import SURE, Verdict, held, look_again
from assistant.config import Settings
from assistant.prompts import Prompt
from assistant.records import Evidence

_SENTENCES_OF_OVERVIEW = 6
# What is asked of a second try beyond the threshold: measured on 25 of them, it keeps five of six
# right answers, and lets none of eleven pass that no article states.
_SECOND_TRY = 0.2


@dataclass(frozen=True)
class Prompts:
    """For a fact, for an overview and, where there are some, for follow-up questions, for doubts,
    for what a question is asked of and for paragraphs, planted ones and those for readers.
    """

    answer: Prompt
    overview: Prompt
    rewrite: Prompt | None = None
    second_look: Prompt | None = None
    asked_of: Prompt | None = None
    planted: tuple[Prompt, Prompt] | None = None


@dataclass(frozen=True)
class Writer:
    """Writes with the model and checks what was written; without a verdict, by words alone."""

    model: BaseChatModel
    prompts: Prompts
    settings: Settings
    verdict: Verdict | None = None
    likelihood: Likelihood | None = None
    planted: Planted | None = None

    def prompt(self, looked: Looked) -> Prompt:
        return self.prompts.overview if looked.question.overview else self.prompts.answer

    def words(
        self, looked: Looked, evidence: Sequence[Evidence], stop: threading.Event
    ) -> Iterator[str]:
        """The model's words. Raises Stopped."""
        prompt, several = self.prompt(looked), looked.question.overview
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

    def checked(self, raw: str, looked: Looked, stop: threading.Event) -> list[Checked]:
        """The sentences of the answer, checked, with those of an article that states something
        else; none where the model refuses. Raises Stopped.

        Where they cite what was planted to steer the answer, they are written anew without that.
        """
        sentences = self._checked(raw, looked, stop)
        if self.planted is None or asks_about_orders(looked.asked):
            return sentences
        planted = cited_planted(sentences, looked.evidence, self.planted, stop)
        if not planted:
            return sentences
        rest = part_of(looked.evidence, lambda item: item not in planted)
        if not rest.evidence:
            return []
        looked = replace(looked, evidence=rest.evidence)
        anew = "".join(self.words(looked, looked.evidence, stop))
        return rest.numbered_back(self.checked(anew, looked, stop))

    def _checked(self, raw: str, looked: Looked, stop: threading.Event) -> list[Checked]:
        """The same, whatever the evidence is. Raises Stopped."""
        written = self._weighed(raw, looked, looked.evidence, stop)
        if looked.question.overview:
            return written
        sentences = self._held(written, looked)
        if not holds(sentences):
            return self._otherwise(written, looked, stop) or sentences
        found = disagreement.rival(looked.question, looked.evidence, sentences)
        if found is None:
            return sentences
        others = self._held(self._from(found, looked, stop), looked)
        told = disagreement.both(looked.question, looked.evidence, sentences, others)
        return told or sentences

    def _otherwise(
        self, written: Sequence[Checked], looked: Looked, stop: threading.Event
    ) -> list[Checked]:
        """What stands in for an answer that is not supported: one from other evidence, or a
        sentence of an article itself; else none. Raises Stopped.
        """
        if self.likelihood is None:
            marks = nearest(looked.evidence)
            again = self._tried_again(written, looked, stop)
        else:
            marks = asked_of(looked.judged, looked.evidence, self.likelihood, stop)
            alone = part_of(looked.evidence, lambda item: item.number in marks)
            again = self._held(self._from(alone, looked, stop), looked)
        if holds(again):
            return again
        if self.verdict is None:
            return []
        return quoted(looked.question, looked.evidence, marks, self.verdict, self._floor, stop)

    def _tried_again(
        self, sentences: Sequence[Checked], looked: Looked, stop: threading.Event
    ) -> list[Checked]:
        """The model's answer from the evidence that it has not leant on yet. Raises Stopped.

        A small model that has gone wrong has mostly taken the wrong sentence of the right ones.
        """
        tried = {mark for sentence in sentences for mark in sentence.tried}
        rest = part_of(looked.evidence, lambda item: item.number not in tried)
        if not tried or not rest.evidence:
            return []  # of the same evidence the model would write the same
        return self._held(self._from(rest, looked, stop), looked, more=_SECOND_TRY)

    def _from(self, part: Part, looked: Looked, stop: threading.Event) -> list[Checked]:
        """What the model writes from a part of the evidence, weighed. Raises Stopped."""
        raw = "".join(self.words(looked, part.evidence, stop))
        return part.numbered_back(self._weighed(raw, looked, part.evidence, stop))

    def _weighed(
        self, raw: str, looked: Looked, evidence: Sequence[Evidence], stop: threading.Event
    ) -> list[Checked]:
        """The sentences of a text, checked against evidence and looked at once more; none where it
        refuses. Raises Stopped.
        """
        refusal_word = self.prompt(looked).words["refusal"]
        if _refuses(raw, refusal_word):
            return []
        several = looked.question.overview
        doubted = self.verdict is not None and not several
        check = Check(looked.question, evidence, LEAST_TO_LOOK if doubted else LEAST)
        parsed = parse(raw, len(evidence))
        written = (each for each in parsed if not _refuses(each.text, refusal_word))
        sentences = [check(each) for each in written]
        if several:
            return overview.completed(looked.question, sentences, evidence)
        if self.verdict is None:
            return sentences
        sure = max(SURE, self._floor)
        sentences = look_again(looked.judged, sentences, evidence, self.verdict, sure, stop)
        if self.likelihood is None:
            return sentences
        return weigh(looked.judged, sentences, evidence, self.likelihood, stop)

    def _held(
        self, sentences: Sequence[Checked], looked: Looked, more: float = 0.0
    ) -> list[Checked]:
        """The sentences, unsupported those that are not supported enough or contradict another.

        `more` is what they must be supported by beyond the threshold of the settings.
        """
        if self.verdict is not None:
            sentences = held(sentences, self._floor + more)
        kept = disagreement.without_others(sentences, looked.evidence)
        if looked.judged == looked.asked:
            return kept
        # What answers the earlier question only is not told again.
        return [sentence for sentence in kept if sentence.supported] or kept

    @property
    def _floor(self) -> float:
        return self.settings.support_below


def holds(sentences: Sequence[Checked]) -> bool:
    return any(sentence.supported for sentence in sentences)


def _refuses(text: str, word: str) -> bool:
    return text.strip().casefold().startswith(word.casefold())
