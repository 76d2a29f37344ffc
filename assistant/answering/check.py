"""Checks each sentence of an answer against the evidence, and moves its citation where it is due.

A small model often points one sentence off, and states the question's own details (the year, the
place, the role) as if the sentence it cites said them. So the numbers and names of an answer must
stand in the evidence, and a sentence counts as supported where what it cites is near enough to the
question and holds enough of the sentence's words:

    support = similarity of question and citation (more where an overview is asked for)
              + share of the sentence's words that the citation holds
              - 0.15 for each name or number of the question that the citation lacks
              - 0.2 for each that even the rest of the evidence from that article lacks
              - 0.8 for each turn of the question into its opposite (see `opposites`)
              - 2 where the sentence only says the question's own words again (see `repeats`)
              - 1.2 where it is of another kind than the question asks for (see `kind`)

Of sentences that support it nearly alike, the one is cited that holds the answer's own words, those
that are not the question's.

Shares are weighted by rarity; an article's title and date count as part of each of its sentences,
and so does what its evidence says of a follow-up's words that come from the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering.evidence import Question, heading
from assistant.answering.kind import differs
from assistant.answering.numbers import numbers, numbers_stated
from assistant.answering.opposites import turned
from assistant.answering.parse import Written
from assistant.answering.repeats import says_nothing
from assistant.answering.words import NAME, content_stems, stems, unaccented
from assistant.records import Evidence

# Of words and vectors alone no less is enough; a second look can still speak for a sentence with
# this much. (None of 91 right answers over encyclopaedia articles had less.)
LEAST, LEAST_TO_LOOK = 1.1, 0.8
# A citation of the model's own stays unless another supports the sentence by this much more.
_BETTER = 0.25
# Two sentences must support by this much more than one.
_PAIR = 0.1
# A citation is put back by as much as this where it holds none of what the sentence adds to the
# question: an article's best sentence about its subject often does not state the answer.
_UNSAID = 0.6
# In an overview, which mostly repeats the articles, a name or number from elsewhere is a mistake.
_LACKED_IN_OVERVIEW = 0.5
_LACKED, _UNKNOWN, _TURNED, _EMPTY, _DIFFERS = 0.15, 0.2, 0.8, 2.0, 1.2
_GAP = 3  # characters between two neighbouring sentences


@dataclass(frozen=True)
class Checked:
    """An answer sentence with the evidence numbers that support it, or with none, and how well.

    `moved`: they are others than the model had named. `tried` are the numbers that come nearest to
    supporting it, also where that is not enough.
    """

    text: str
    marks: tuple[int, ...]
    supported: bool
    support: float
    moved: bool = False
    tried: tuple[int, ...] = ()

    def unsupported(self) -> Checked:
        """The sentence when nothing that it cites is held to support it."""
        return replace(self, marks=(), supported=False, moved=False)


class Check:
    """Checks the sentences of one answer."""

    def __init__(
        self, question: Question, evidence: Sequence[Evidence], least: float = LEAST
    ) -> None:
        """With less support than `least` a sentence is unsupported."""
        self._question = question
        self._evidence = evidence
        self._least = least
        self._asked = facts_of(question.text, evidence)
        self._held = {item.number: _Held(item) for item in evidence}
        self._groups = _groups(list(self._held.values()))

    def __call__(self, written: Written) -> Checked:
        """The sentence with its citation kept, moved or, where nothing supports it, taken away."""
        cited = tuple(self._held[mark] for mark in written.marks)
        claim = self._claim(written.text)
        own = self._support(claim, cited)
        best, found = max(
            ((self._support(claim, group), group) for group in self._groups),
            key=lambda pair: pair[0] - _PAIR * len(pair[1]) - self._unsaid(claim, pair[1]),
            default=(0.0, ()),
        )
        behind = self._unsaid(claim, cited) - self._unsaid(claim, found)
        if own >= self._least and own - behind >= best - _BETTER:
            best, found = own, cited
        best = self._support(claim, found, self._question.told)
        if best < self._least:
            # Of a number or name from nowhere no sentence is nearer: the model's own is at fault.
            near = found if best > 0 or claim.empty else cited
            tried = tuple(each.item.number for each in near)
            return Checked(written.text, (), False, best, tried=tried)
        marks = self._needed(claim, found)
        moved = not set(marks) <= set(written.marks)
        return Checked(written.text, marks, True, best, moved, marks)

    def _claim(self, text: str) -> _Claim:
        facts = facts_of(text, self._evidence)
        new = facts_beyond(self._question.text, facts, self._asked)
        said = tuple(content_stems(text))
        asked = stems(self._question.text)
        own = tuple(stem for stem in said if stem not in asked)
        empty = says_nothing(self._question.text, text)
        return _Claim(text, facts, new, said, own, empty)

    def _support(
        self, claim: _Claim, group: Sequence[_Held], told: frozenset[str] = frozenset()
    ) -> float:
        """How well a group of sentences supports one, 0 to 2; see the head of this module."""
        if not group:
            return 0.0
        held = _all_facts(group)
        articles = {each.article for each in group}
        known = _all_facts([h for h in self._held.values() if h.article in articles])
        if {fact for fact in claim.new if fact[0].isdigit()} - held or claim.new - known:
            return 0.0  # a number or name from nowhere
        held |= told & known
        share = self._question.share(claim.stems, held)
        similarity = sum(each.item.similarity for each in group) / len(group)
        lacked, unknown = len((claim.facts - claim.new) - held), len(self._asked - known)
        against = turned(self._question.text, " ".join(each.text for each in group))
        each_lacked = _LACKED_IN_OVERVIEW if self._question.overview else _LACKED
        lost = each_lacked * lacked + _UNKNOWN * unknown + _TURNED * against
        lost += _EMPTY * claim.empty
        said = " ".join(each.item.text for each in group)
        lost += _DIFFERS * differs(self._question.text, claim.text, said)
        return similarity + self._question.ease + share - lost

    def _unsaid(self, claim: _Claim, group: Sequence[_Held]) -> float:
        """What a citation is to be put back for lacking of the answer's own words."""
        return _UNSAID * (1 - self._question.share(claim.own, _all_facts(group)))

    def _needed(self, claim: _Claim, cited: Sequence[_Held]) -> tuple[int, ...]:
        """The cited numbers, less those without which the sentence is supported as well."""
        kept = tuple(cited)
        for held in reversed(cited):
            rest = tuple(each for each in kept if each is not held)
            if rest and self._support(claim, rest) >= self._support(claim, kept):
                kept = rest
        return tuple(each.item.number for each in kept)


@dataclass(frozen=True)
class _Claim:
    """What a sentence says: its numbers and names, those of them that the question does not hold,
    the stems that carry its subject, those of them that are its own, and whether it only repeats
    the question.
    """

    text: str
    facts: frozenset[str]
    new: frozenset[str]
    stems: tuple[str, ...]
    own: tuple[str, ...]
    empty: bool


def facts_beyond(question: str, facts: frozenset[str], asked: frozenset[str]) -> frozenset[str]:
    """Those of the facts that are neither among the question's nor any of its words."""
    return facts - asked - stems(question)


def facts_of(text: str, evidence: Sequence[Evidence]) -> frozenset[str]:
    """The numbers and names of a sentence, as stems and plain digits."""
    plain = unaccented(text)  # an accent written by itself would part a word in two
    first = re.match(r"\W*(\w[\w’'-]*)", plain)
    names = set()
    for match in NAME.finditer(plain):
        opens = first is not None and match.start() == first.start(1)
        if opens and not _is_name(match[0], evidence):
            continue
        names |= stems(match[0])  # "ABC-DuMont" is written in parts elsewhere
    return frozenset(numbers_stated(text) | names)


def _is_name(word: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a word that opens a sentence is a name: the evidence writes it large elsewhere."""
    inside = re.compile(rf"(?<=[\w,;’”\")] ){re.escape(word)}\b")
    return any(inside.search(unaccented(item.text)) for item in evidence)


def facts_in(item: Evidence) -> set[str]:
    """What an evidence sentence holds, with its article's title and date: words and numbers."""
    text = f"{heading(item.article)} {item.text}"
    return stems(text) | numbers(text)


class _Held:
    def __init__(self, item: Evidence) -> None:
        self.item = item
        self.article = item.article.id
        self.facts = facts_in(item)
        self.text = f"{item.article.title}: {item.text}"


def _all_facts(group: Sequence[_Held]) -> set[str]:
    return set[str]().union(*(held.facts for held in group))


def _groups(held: Sequence[_Held]) -> list[tuple[_Held, ...]]:
    """Single sentences, and two of which one follows the other in the article."""
    pairs = [(a, b) for a, b in pairwise(held) if a.article == b.article and _follows(a, b)]
    return [*((h,) for h in held), *pairs]


def _follows(a: _Held, b: _Held) -> bool:
    return 0 <= b.item.span.start - a.item.span.end <= _GAP
