"""Checks each sentence of an answer against the evidence, and moves its citation where it is due.

A small model often points one sentence off, and states the question's own details (the year, the
place, the role) as if the sentence it cites said them. So every number, date and name of an answer
sentence must stand in the evidence it cites, its article's title and date included, and most of
its other words too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.answering.evidence import heading
from assistant.answering.parse import Written
from assistant.answering.words import content_stems, stem, stems, words
from assistant.records import Evidence

# The share of a sentence's content words that its citation must hold.
_ENOUGH = 0.5
# A citation of the model's own stays unless another sentence holds this much more.
_BETTER = 0.25

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]*")
_SPELLED = {
    word: str(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}


@dataclass(frozen=True)
class Checked:
    """An answer sentence with the evidence numbers that support it, or with none."""

    text: str
    marks: tuple[int, ...]
    supported: bool


def check(written: Written, evidence: Sequence[Evidence]) -> Checked:
    """The sentence with its citation kept, moved or, where nothing supports it, taken away."""
    facts = facts_of(written.text, evidence)
    about = set(content_stems(written.text))
    held = {item.number: _Held(item) for item in evidence}
    cited = [held[mark] for mark in written.marks]
    own = _score(facts, about, cited) if cited else 0.0
    best, found = max(
        ((_score(facts, about, group), group) for group in _groups(list(held.values()))),
        key=lambda pair: pair[0],
        default=(0.0, ()),
    )
    if own >= _ENOUGH and own >= best - _BETTER:
        return Checked(written.text, _needed(facts, about, cited), True)
    if best >= _ENOUGH:
        return Checked(written.text, tuple(h.item.number for h in found), True)
    return Checked(written.text, (), False)


def facts_of(text: str, evidence: Sequence[Evidence]) -> frozenset[str]:
    """The numbers and names of a sentence, in the form in which `_Held` keeps them."""
    numbers = {_plain_number(n) for n in _NUMBER.findall(text)}
    spelled = {_SPELLED[w] for w in words(text) if w in _SPELLED and w != "one"}
    first = re.match(r"\W*(\w[\w’'-]*)", text)
    names = set()
    for match in _NAME.finditer(text):
        opens = first is not None and match.start() == first.start(1)
        if opens and not _is_name(match[0], evidence):
            continue
        names |= {stem(w) for w in words(match[0])}
    return frozenset(numbers | spelled | names)


def _is_name(word: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a word that opens a sentence is a name: the evidence writes it large elsewhere."""
    inside = re.compile(rf"(?<=[\w,;’”\")] ){re.escape(word)}\b")
    return any(inside.search(item.text) for item in evidence)


class _Held:
    """What one evidence sentence holds, with its article's title and date."""

    def __init__(self, item: Evidence) -> None:
        self.item = item
        text = f"{heading(item.article)} {item.text}"
        found = words(text)
        self.stems = stems(text)
        self.facts = (
            self.stems
            | {_plain_number(n) for n in _NUMBER.findall(text)}
            | {_SPELLED[w] for w in found if w in _SPELLED}
        )


def _score(facts: frozenset[str], about: set[str], group: Sequence[_Held]) -> float:
    """The share of the words in `about` that the group holds; 0 where it lacks a fact."""
    if not facts <= set().union(*(held.facts for held in group)):
        return 0.0
    if not about:
        return 1.0
    return len(about & set().union(*(held.stems | held.facts for held in group))) / len(about)


def _groups(held: Sequence[_Held]) -> list[tuple[_Held, ...]]:
    """Single sentences first, then neighbours of one article: the simplest support wins ties."""
    pairs = [
        (a, b)
        for a, b in combinations(held, 2)
        if b.item.number == a.item.number + 1 and a.item.article.id == b.item.article.id
    ]
    return [*((h,) for h in held), *pairs]


def _needed(facts: frozenset[str], about: set[str], cited: Sequence[_Held]) -> tuple[int, ...]:
    """The cited numbers, less those without which the sentence is supported as well."""
    kept = list(cited)
    for held in reversed(cited):
        rest = [h for h in kept if h is not held]
        if rest and _score(facts, about, rest) >= _score(facts, about, kept):
            kept = rest
    return tuple(h.item.number for h in kept)


def _plain_number(number: str) -> str:
    return re.sub(r"(?<=\d)[,.](?=\d{3}(?:\D|$))", "", number).rstrip(".,:")
