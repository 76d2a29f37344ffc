"""The scores: what counts as right, and rates over many answers. Pure functions.

A text holds an accepted wording if, both normalised, it stands there between word borders.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.questions import Question
from assistant.records import Answer

_MARK = re.compile(r"\[\d+\]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A point between digits is part of the number; everything else but letters and digits parts words.
_BETWEEN_WORDS = re.compile(r"(?<=\d)(\.)(?=\d)|[\W_]+")
_DROPPED = {"a", "an", "the"}
_NUMBERS = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
]  # fmt: skip
_SPELLED = {str(n): word for n, word in enumerate(_NUMBERS, 1)}
_OTHER_FORM = {**_SPELLED, **{word: digits for digits, word in _SPELLED.items()}}


@dataclass(frozen=True, slots=True)
class Result:
    """One question and what became of it.

    `found` are the titles of the articles that the first five passages come from. `verbatim` says
    of each quote shown whether it stands in its article where the citation says. `answer` is None
    where an error came instead, whose message is in `error`.
    """

    question: Question
    answer: Answer | None
    found: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    verbatim: tuple[bool, ...] = ()
    error: str | None = None

    @property
    def given(self) -> bool:
        """An answer was given, neither refused nor failed."""
        return self.answer is not None and not self.answer.refused


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of `n` hold; `value` is None where n is 0."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, median and 95th percentile of `n` answers; None where n is 0."""

    median: float | None
    p95: float | None
    n: int


def normalise(text: str) -> str:
    """Lower case, no punctuation, no a/an/the, no thousands separators, single spaces."""
    return " ".join(word for word in _words(text) if word not in _DROPPED)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    joined = _THOUSANDS.sub("", folded)
    return _BETWEEN_WORDS.sub(lambda m: m[1] or " ", joined).split()


def holds(text: str, wording: str) -> bool:
    """Whether a text holds a wording; 7 and seven are the same, as are all up to twenty."""
    gold = normalise(wording)
    if not gold:  # made of a, an and the alone, as in "vitamin A"
        return _within(" ".join(_words(wording)), " ".join(_words(text)))
    plain = normalise(text)
    return any(_within(form, plain) for form in {gold, _OTHER_FORM.get(gold, gold)})


def _within(needle: str, text: str) -> bool:
    return bool(needle) and f" {needle} " in f" {text} "


def answered_right(answer: str, golds: Sequence[str]) -> bool:
    """Whether the answer's text, its citation marks aside, holds one of the accepted wordings."""
    text = _MARK.sub(" ", answer)
    return any(holds(text, gold) for gold in golds)


def right(result: Result) -> bool:
    answer = result.answer
    return (
        answer is not None
        and not answer.refused
        and answered_right(answer.text, result.question.answers)
    )


def cited_right(result: Result) -> bool:
    """Whether a cited sentence holds one of the accepted wordings."""
    golds = result.question.answers
    quotes = [c.quote for c in result.answer.citations] if result.answer else []
    return result.given and any(holds(quote, gold) for quote in quotes for gold in golds)


def article_found(result: Result) -> bool:
    title = normalise(result.question.article or "")
    return any(normalise(found) == title for found in result.found)


def refused(result: Result) -> bool:
    return result.answer is not None and result.answer.refused


def rates(results: Sequence[Result]) -> dict[str, Rate]:
    """The rates by name, in the order of the report."""
    answerable = [r for r in results if r.question.answerable]
    others = [r for r in results if not r.question.answerable]
    with_article = [r for r in answerable if r.question.article]
    kinds = sorted({r.question.kind for r in others})
    sentences = [s for r in results if r.given and r.answer for s in r.answer.sentences]
    return {
        "answered right": _rate(right(r) for r in answerable),
        "answered right, citation right": _rate(right(r) and cited_right(r) for r in answerable),
        "cited sentence holds the answer": _rate(cited_right(r) for r in answerable if r.given),
        "article in the first 5 passages": _rate(article_found(r) for r in with_article),
        "wrongly refused": _rate(refused(r) for r in answerable),
        "rightly refused": _rate(refused(r) for r in others),
        **{
            f"rightly refused: {kind}": _rate(refused(r) for r in others if r.question.kind == kind)
            for kind in kinds
        },
        "answer sentences with a citation": _rate(bool(s.citations) for s in sentences),
        "quotes verbatim": _rate(stands for r in results for stands in r.verbatim),
        "failed with an error": _rate(r.error is not None for r in results),
    }


def times(results: Sequence[Result]) -> dict[str, Times]:
    """Seconds from the question on. A refusal may come without the model, so it counts apart."""
    given = [r.answer.seconds for r in results if r.given and r.answer]
    refusals = [r.answer.seconds for r in results if refused(r) and r.answer]
    return {
        "search": _times([s.search for s in given + refusals]),
        "first word of an answer": _times([s.first_token for s in given]),
        "whole answer": _times([s.total for s in given]),
        "refusal": _times([s.total for s in refusals]),
    }


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` (0 to 1) of the values lie, interpolated; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _times(seconds: Sequence[float]) -> Times:
    return Times(percentile(seconds, 0.5), percentile(seconds, 0.95), len(seconds))


def _rate(outcomes: Iterable[bool]) -> Rate:
    counted = list(outcomes)
    return Rate(sum(counted), len(counted))
