"""The figures of two runs and how far their difference may be chance.

A figure counts the questions that it concerns in both runs: seconds those that both answered, right
citations those that both answered right. Its interval is the percentile interval of a paired
bootstrap: the questions are drawn anew with replacement, and the difference is taken each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.outcomes import found_within
from assistant.evaluation.shape import Answer

RESAMPLES = 10_000
_SEED = 20_240_229
_AT_ONCE = 4_000_000  # counts held at a time
# Six changes all one way are rarer than 5 in 100 by chance, five are not; the bootstrap of a
# handful of questions does not know that.
_FEWEST = 6
_SAME = 1e-9  # values nearer than this are the same

_Value = Callable[[Answer], float | None]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of both runs: `a`, `b`, and the 95% interval of b − a.

    `n` questions count for it; for `changed` of them it is not the same in both.
    """

    name: str
    a: float
    b: float
    low: float
    high: float
    n: int
    changed: int
    seconds: bool = False
    more_is_better: bool = True

    @property
    def value(self) -> float:
        return self.b - self.a

    @property
    def sure(self) -> bool:
        """More than chance: the interval excludes 0, and enough questions changed to say so."""
        return (self.low > 0 or self.high < 0) and self.changed >= _FEWEST

    @property
    def better(self) -> bool | None:
        """Whether b is better, or worse; None where the difference may be chance."""
        return (self.value > 0) == self.more_is_better if self.sure else None


@dataclass(frozen=True, slots=True)
class _Figure:
    name: str
    value: _Value
    seconds: bool = False
    more_is_better: bool = True


def _figures(answers: Iterable[Answer]) -> list[_Figure]:
    """What is compared; the kinds are those that there are."""
    seen = list(answers)
    kinds = sorted({answer.kind for answer in seen if answer.answerable})
    others = sorted({answer.kind for answer in seen if not answer.answerable})
    return [
        _Figure("answered right", _right),
        *(_Figure(f"answered right: {k}", _of(k, _right)) for k in kinds if len(kinds) > 1),
        _Figure("citation right, of answers right in both", _cited),
        _Figure("token F1", lambda a: a.f1),
        _Figure("wrongly refused", _wrongly_refused, more_is_better=False),
        _Figure("rightly refused", _rightly_refused),
        *(_Figure(f"rightly refused: {k}", _of(k, _rightly_refused)) for k in others if others[1:]),
        _Figure("right passage in the first 5", lambda a: _number(found_within(a, 5))),
        _Figure("MRR@10", _reciprocal),
        _Figure("evidence holds the answer", lambda a: _number(a.kept)),
        _Figure("failed with an error", lambda a: float(a.error is not None), more_is_better=False),
        _Figure("seconds: first word of an answer (mean)", _first_word, True, False),
        _Figure("seconds: whole answer (mean)", _total, True, False),
    ]


def _number(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _right(answer: Answer) -> float | None:
    return _number(answer.right)


def _cited(answer: Answer) -> float | None:
    return _number(answer.cited_right) if answer.right and answer.golds else None


def _reciprocal(answer: Answer) -> float | None:
    return (1 / answer.rank if answer.rank else 0.0) if answer.golds else None


def _wrongly_refused(answer: Answer) -> float | None:
    return _number(answer.refused) if answer.answerable else None


def _rightly_refused(answer: Answer) -> float | None:
    return None if answer.answerable else _number(answer.refused)


def _first_word(answer: Answer) -> float | None:
    return answer.seconds.first_token if answer.given and answer.seconds else None


def _total(answer: Answer) -> float | None:
    return answer.seconds.total if answer.given and answer.seconds else None


def _of(kind: str, value: _Value) -> _Value:
    return lambda answer: value(answer) if answer.kind == kind else None


def differences(pairs: Sequence[tuple[Answer, Answer]]) -> Iterator[Difference]:
    """The figures that concern any of the common questions, in the order of the report."""
    for figure in _figures(answer for pair in pairs for answer in pair):
        values = ((figure.value(a), figure.value(b)) for a, b in pairs)
        both = [(a, b) for a, b in values if a is not None and b is not None]
        if both:
            yield _difference(figure, np.array(both, dtype=np.float64))


def _difference(figure: _Figure, both: _Floats) -> Difference:
    """`both` holds a row for each question: the figure in the first run and in the second."""
    changes = both[:, 1] - both[:, 0]
    low, high = _interval(changes)
    a, b = both.mean(axis=0)
    return Difference(
        name=figure.name,
        a=float(a),
        b=float(b),
        low=low,
        high=high,
        n=len(both),
        changed=int(np.sum(np.abs(changes) > _SAME)),
        seconds=figure.seconds,
        more_is_better=figure.more_is_better,
    )


def _interval(changes: _Floats) -> tuple[float, float]:
    """The 95% interval of the mean, by the bootstrap."""
    means = np.concatenate(
        [counts @ changes / len(changes) for counts in _draws(len(changes))], dtype=np.float64
    )
    # Rounded, so that the last bits of a sum do not make a difference of none.
    low, high = np.percentile(np.round(means, 12), [2.5, 97.5])
    return float(low), float(high)


def _draws(size: int) -> Iterator[_Floats]:
    """How often each question was drawn, a row for each resample, in blocks that memory holds."""
    random = np.random.default_rng(_SEED)
    rows = max(1, _AT_ONCE // size)
    for done in range(0, RESAMPLES, rows):
        block = min(rows, RESAMPLES - done)
        yield random.multinomial(size, np.full(size, 1 / size), size=block).astype(np.float64)
