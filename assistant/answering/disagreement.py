"""Finds where another article, or a sentence of the answer itself, states something else.

A small model asked with both articles before it picks one. So where an article that is not cited
speaks of the question as clearly as the one that is, but with other numbers or names, the model is
asked again with that article alone, and if it has another answer both are given, newest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.check import Checked, facts_beyond, facts_in, facts_of
from assistant.answering.days import MONTHS, WEEKDAYS
from assistant.answering.evidence import Question, heading
from assistant.answering.part import Part, part_of
from assistant.answering.second_look import with_what_it_leans_on
from assistant.answering.words import content_stems, stems
from assistant.records import Evidence

# As clearly: at most so much less likeness to the question, and less of its words.
_LESS_LIKE, _LESS_SHARED = 0.12, 0.1
# A question that shares fewer of its words with the article is another article's.
_SHARED = 0.6
# Written large like names, but they name nothing that a number is stated of.
_CALENDAR = stems(" ".join([*MONTHS, *WEEKDAYS]))


def rival(
    question: Question, evidence: Sequence[Evidence], sentences: Sequence[Checked]
) -> Part | None:
    """The article that may disagree with the supported sentences of an answer, if there is one."""
    supported = [sentence for sentence in sentences if sentence.supported]
    cited = [item for item in evidence if any(item.number in s.marks for s in supported)]
    stated = _stated(question, supported, evidence)
    if not cited or not stated:
        return None
    likeness = max(item.similarity for item in cited)
    shared = max(_shared(question, item) for item in cited)
    for item in sorted(evidence, key=lambda each: -each.similarity):
        if (
            item.article.id not in {each.article.id for each in cited}
            and item.similarity >= likeness - _LESS_LIKE
            and _shared(question, item) >= max(_SHARED, shared - _LESS_SHARED)
            and _states_another(question, item, evidence, stated)
        ):
            return part_of(evidence, _is_of(item.article.id))
    return None


def _is_of(article_id: str) -> Callable[[Evidence], bool]:
    return lambda item: item.article.id == article_id


def both(
    question: Question,
    evidence: Sequence[Evidence],
    sentences: Sequence[Checked],
    others: Sequence[Checked],
) -> list[Checked] | None:
    """Both answers, each sentence under its article's title and date, newest first.

    None where the second says nothing supported or nothing else.
    """
    theirs = [sentence for sentence in others if sentence.supported]
    ours = [sentence for sentence in sentences if sentence.supported]
    one, other = _stated(question, ours, evidence), _stated(question, theirs, evidence)
    if not theirs or not other or one & other:
        return None
    by_number = {item.number: item for item in evidence}
    told = [
        (by_number[sentence.marks[0]].article, sentence)
        for sentence in (ours[0], theirs[0])
        if sentence.marks
    ]
    told.sort(key=lambda pair: pair[0].published or date.min, reverse=True)
    return [replace(s, text=f"{heading(article)}: {s.text}") for article, s in told]


def without_others(sentences: Sequence[Checked], evidence: Sequence[Evidence]) -> list[Checked]:
    """The sentences, unsupported those that tell of one thing what is said of another.

    After "The Svartsengi power station was built in 1976" that is "The power station was built in
    1969", where what it cites names another station: in its short form it reads as the same one.
    """
    by_number = {item.number: item for item in evidence}
    stated = [_Statement.of(each, by_number, evidence) for each in sentences if each.supported]
    mistaken = [one.sentence for one in stated if any(one.reads_as(other) for other in stated)]
    return [each.unsupported() if each in mistaken else each for each in sentences]


@dataclass(frozen=True)
class _Statement:
    """A sentence of an answer: its words and numbers, its names, and all that it cites holds."""

    sentence: Checked
    words: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    held: frozenset[str]

    @classmethod
    def of(
        cls, sentence: Checked, by_number: Mapping[int, Evidence], evidence: Sequence[Evidence]
    ) -> _Statement:
        facts = facts_of(sentence.text, evidence)
        numbers = frozenset(fact for fact in facts if fact[0].isdigit())
        cited = (n for mark in sentence.marks for n in with_what_it_leans_on(mark, by_number))
        return cls(
            sentence,
            frozenset(content_stems(sentence.text)) - numbers,
            numbers,
            facts - numbers - _CALENDAR,
            frozenset[str]().union(*(facts_in(by_number[number]) for number in cited)),
        )

    def reads_as(self, other: _Statement) -> bool:
        """Whether it says in fewer words another number of what only the other names."""
        return bool(
            self.numbers
            and other.numbers
            and self.words < other.words
            and other.names - self.names
            and not self.numbers & other.numbers
            and not other.names & self.held
        )


def _stated(
    question: Question, sentences: Sequence[Checked], evidence: Sequence[Evidence]
) -> frozenset[str]:
    """The numbers and names of sentences that the question does not hold itself."""
    facts = frozenset[str]().union(*(facts_of(s.text, evidence) for s in sentences))
    return facts_beyond(question.text, facts, facts_of(question.text, evidence))


def _states_another(
    question: Question, item: Evidence, evidence: Sequence[Evidence], stated: frozenset[str]
) -> bool:
    """Whether an item states none of what was stated, but something of the same kind."""
    if stated & facts_in(item):
        return False
    own = facts_of(item.text, evidence) - stems(question.text)
    numbers = any(fact[0].isdigit() for fact in stated)
    return any(fact[0].isdigit() == numbers for fact in own)


def _shared(question: Question, item: Evidence) -> float:
    return question.held_by(f"{item.article.title} {item.text}")
