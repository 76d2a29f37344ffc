"""Sees where an answer only says its question's own words again."""

from __future__ import annotations

import re
from collections import Counter

from assistant.answering.kind import QUESTION_WORD
from assistant.answering.words import content_stems, every_stem, stems

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)(?:n?[’']t)?\b"
)
_YES_OR_NO = re.compile(rf"^\W*{_AUXILIARY}|\bor\b", re.I)
_YES_OR_NO_LATER = re.compile(rf", {_AUXILIARY}", re.I)
# The last word of one and the first of the other.
_ONE_OF_TWO = re.compile(
    r"\b(?:between|of)\b[^,;?]*?([\w’'-]+) and (?:(?:the|an?) )?([\w’'-]+)", re.I
)


def says_nothing(question: str, text: str) -> bool:
    """Whether a sentence holds no word of its own beside a question that asks for more than yes."""
    if _asks_yes_or_no(question) or _chooses(question, text):
        return False
    return stems(question).issuperset(content_stems(text))


def _asks_yes_or_no(question: str) -> bool:
    """Whether yes or no, or one of what it names, answers a question."""
    if _YES_OR_NO.search(question):
        return True
    return not QUESTION_WORD.search(question) and _YES_OR_NO_LATER.search(question) is not None


def _chooses(question: str, text: str) -> bool:
    """Whether a sentence names one of two that the question is about more often than the other."""
    two = _ONE_OF_TWO.search(question)
    if two is None:
        return False
    more = Counter(every_stem(text))
    more.subtract(every_stem(question))
    one, other = ("".join(every_stem(name)[-1:]) for name in two.groups())
    return more[one] != more[other]
