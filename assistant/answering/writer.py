"""What the model writes from evidence, and what of it stands after the check."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from assistant.answering import disagreement, overview
from assistant.answering import evidence as choosing
from assistant.answering.check import LEAST, LEAST_TO_LOOK, Check, Checked
from assistant.answering.parse import parse
from assistant.answering.part import part_of
from assistant.answering.quoted import quoted
from assistant.answering.search import Looked
from assistant.answering.second_look import Verdict, look_again
from assistant.config import Settings
from assistant.prompts import Prompt
from assistant.records import Evidence

_SENTENCES_OF_OVERVIEW = 6
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
class Writer:
    """Writes with the model and checks what was written; without a verdict, by words alone."""

    model: BaseChatModel
    prompts: Prompts
    settings: Settings
    verdict: Verdict | None = None

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
        """
        sentences = self._supported(raw, looked, looked.evidence, stop)
        if looked.question.overview:
            return sentences
        if not holds(sentences):
            again = sentences and self._tried_again(sentences, looked, stop)
            return again or self._quoted(looked, stop) or sentences
        found = disagreement.rival(looked.question, looked.evidence, sentences)
        if found is None:
            return sentences
        other = "".join(self.words(looked, found.evidence, stop))
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
        if not tried or not rest.evidence:
            return []  # of the same evidence the model would write the same
        raw = "".join(self.words(looked, rest.evidence, stop))
        again = self._supported(raw, looked, rest.evidence, stop, more=_SECOND_TRY)
        return rest.numbered_back(again) if holds(again) else []

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
            return disagreement.without_others(sentences, evidence)
        floor = self.settings.support_below + more
        seen = look_again(looked.judged, sentences, evidence, self.verdict, floor, stop)
        seen = disagreement.without_others(seen, evidence)
        if looked.judged == looked.asked:
            return seen
        # What answers the earlier question only is not told again.
        return [sentence for sentence in seen if sentence.supported] or seen


def holds(sentences: Sequence[Checked]) -> bool:
    return any(sentence.supported for sentence in sentences)


def _refuses(text: str, word: str) -> bool:
    return text.strip().casefold().startswith(word.casefold())
