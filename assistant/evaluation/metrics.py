"""The scores: rates, means and times over many results. Pure functions.

What counts as right stands in `wording` and `result`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.result import Result, article_found, cited_right, f1, right
from assistant.evaluation.wording import answered_right as answered_right
from assistant.evaluation.wording import holds as holds
from assistant.evaluation.wording import normalise as normalise

_RANKS = (1, 3, 5, 10)
_Z = 1.959964  # of a normal distribution: 95% lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of `n` hold; `value` is None where n is 0."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's, at 95%; None where n is 0."""
        if not self.n:
            return None
        share, spread = self.hits / self.n, _Z * _Z / self.n
        middle = (share + spread / 2) / (1 + spread)
        half = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values; None where n is 0."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, median and 95th percentile of `n` answers; None where n is 0."""

    median: float | None
    p95: float | None
    n: int


Figure = Rate | Mean | Times


def of_answers(results: Sequence[Result]) -> dict[str, Figure]:
    """The figures of a run by name, in the order of the report."""
    return {
        **_answering(results),
        **_citing(results),
        **_finding(results),
        "failed with an error": _rate(r.error is not None for r in results),
        **_times(results),
    }


def of_retrieval(results: Sequence[Result], refuse_below: float) -> dict[str, Figure]:
    """The figures of a run without the language model.

    `refuse_below` is the threshold of the refusal that comes before it.
    """
    searched = [r.search_seconds for r in results if r.search_seconds is not None]
    weak = {id(r) for r in results if r.strength is not None and r.strength < refuse_below}
    return {
        **_finding(results),
        **_refusing(results, lambda r: id(r) in weak, " before the model"),
        "failed with an error": _rate(r.error is not None for r in results),
        "seconds: search": _spread(searched),
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


def _answering(results: Sequence[Result]) -> dict[str, Figure]:
    answerable = [r for r in results if r.question.answerable]
    worded = _worded(results)
    kinds = _kinds(answerable)
    return {
        "answered right": _rate(right(r) for r in answerable),
        **{
            f"answered right: {kind}": _rate(
                right(r) for r in answerable if r.question.kind == kind
            )
            for kind in (kinds if len(kinds) > 1 else ())
        },
        "token F1": _mean(f1(r) for r in worded),
        **_refusing(results, lambda r: r.refused),
    }


def _refusing(
    results: Sequence[Result], refused: Callable[[Result], bool], when: str = ""
) -> dict[str, Figure]:
    answerable = [r for r in results if r.question.answerable]
    others = [r for r in results if not r.question.answerable]
    return {
        f"wrongly refused{when}": _rate(refused(r) for r in answerable),
        f"rightly refused{when}": _rate(refused(r) for r in others),
        **{
            f"rightly refused{when}: {kind}": _rate(
                refused(r) for r in others if r.question.kind == kind
            )
            for kind in _kinds(others)
        },
    }


def _citing(results: Sequence[Result]) -> dict[str, Figure]:
    worded = _worded(results)
    sentences = [s for r in results if r.given and r.answer for s in r.answer.sentences]
    marked = (bool(s.citations) or s.supported is False for s in sentences)
    return {
        "answered right, citation right": _rate(right(r) and cited_right(r) for r in worded),
        "right answers whose citation is right": _rate(cited_right(r) for r in worded if right(r)),
        "answer sentences with a citation": _rate(bool(s.citations) for s in sentences),
        "answer sentences with a citation or a mark": _rate(marked),
        "quotes verbatim": _rate(stands for r in results for stands in r.verbatim),
    }


def _finding(results: Sequence[Result]) -> dict[str, Figure]:
    worded = _worded(results)
    ranks = [r.rank for r in worded]
    with_article = [r for r in results if r.question.answerable and r.question.article]
    return {
        **{f"recall@{k}": _rate(rank is not None and rank <= k for rank in ranks) for k in _RANKS},
        "MRR@10": _mean(1 / rank if rank else 0.0 for rank in ranks),
        "article in the first 5 passages": _rate(article_found(r) for r in with_article),
        "evidence kept": _rate(bool(r.kept) for r in worded),
    }


def _times(results: Sequence[Result]) -> dict[str, Figure]:
    """Seconds from the question on. A refusal may come without the model, so it counts apart."""
    given = [r.answer.seconds for r in results if r.given and r.answer]
    refusals = [r.answer.seconds for r in results if r.refused and r.answer]
    return {
        "seconds: search": _spread([s.search for s in given + refusals]),
        "seconds: first word of an answer": _spread([s.first_token for s in given]),
        "seconds: check of an answer": _spread([s.check for s in given]),
        "seconds: whole answer": _spread([s.total for s in given]),
        "seconds: refusal": _spread([s.total for s in refusals]),
    }


def _worded(results: Sequence[Result]) -> list[Result]:
    """Those with accepted wordings: all that are answerable but overviews."""
    return [r for r in results if r.question.answers]


def _kinds(results: Sequence[Result]) -> list[str]:
    return sorted({r.question.kind for r in results})


def _spread(seconds: Sequence[float]) -> Times:
    return Times(percentile(seconds, 0.5), percentile(seconds, 0.95), len(seconds))


def _rate(outcomes: Iterable[bool]) -> Rate:
    counted = list(outcomes)
    return Rate(sum(counted), len(counted))


def _mean(values: Iterable[float]) -> Mean:
    counted = list(values)
    return Mean(math.fsum(counted) / len(counted) if counted else None, len(counted))
