"""Whether a text says what was to be said. Pure functions.

A text holds an accepted wording if, both normalised, it stands there between word borders.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

_MARK = re.compile(r"\[\d+\]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A point between digits is part of the number; everything else but letters and digits parts words.
_BETWEEN_WORDS = re.compile(r"(?<=\d)(\.)(?=\d)|[\W_]+")
_DROPPED = {"a", "an", "the"}
_NUMBERS = re.findall(
    r"\w+",
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty""",
)
_SPELLED = {str(n): word for n, word in enumerate(_NUMBERS, 1)}
_OTHER_FORM = {**_SPELLED, **{word: digits for digits, word in _SPELLED.items()}}
_SHARED = 4  # words: fewer are shared by chance, as "in the middle of" nearly shows


@lru_cache(maxsize=2048)  # the same passages and quotes come again and again
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
    text = without_marks(answer)
    return any(holds(text, gold) for gold in golds)


def without_marks(answer: str) -> str:
    return _MARK.sub(" ", answer)


def states(quote: str, golds: Sequence[str], evidence: Sequence[str]) -> bool:
    """Whether a quote states the answer.

    Where it is known which stretches state it, the quote must overlap one of them; else it must
    hold one of the accepted wordings.
    """
    if evidence:
        return any(overlap(quote, stretch) for stretch in evidence)
    return any(holds(quote, gold) for gold in golds)


def overlap(one: str, other: str) -> bool:
    """Whether one holds the other, or ends with the four words or more that begin the other."""
    first, second = normalise(one), normalise(other)
    return (
        _within(first, second)
        or _within(second, first)
        or _goes_on(first.split(), second.split())
        or _goes_on(second.split(), first.split())
    )


def _goes_on(first: list[str], second: list[str]) -> bool:
    shortest = min(len(first), len(second))
    return any(first[-n:] == second[:n] for n in range(_SHARED, shortest + 1))


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """SQuAD's F1: how far the answer's words are those of the gold that they fit best."""
    words = _counted(without_marks(answer))
    return max((_f1(words, _counted(gold)) for gold in golds), default=0.0)


def _counted(text: str) -> Counter[str]:
    return Counter(normalise(text).split() or _words(text))


def _f1(words: Counter[str], gold: Counter[str]) -> float:
    shared = (words & gold).total()
    return 2 * shared / (words.total() + gold.total()) if shared else 0.0
