"""Makes a follow-up question stand by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.words import content_stems
from assistant.records import Turn

# Words that point back at what was said before, and openings that go on from it.
_POINTS_BACK = re.compile(
    r"\b(he|she|it|they|him|her|them|his|hers|its|their|theirs|that|those|these|this|there|then|"
    r"one|ones|former|latter|same|other|others|more|else)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^\W*(and|but|so|or|what about|how about|why|also)\b", re.IGNORECASE)
_FEW = 4  # content words; a question with more of them names its subject itself


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with the one before it in front, if it leans on it; else unchanged."""
    if not history or not leans(question):
        return question
    return f"{history[-1].question} {question}"


def leans(question: str) -> bool:
    """Whether a question is hardly understood without the one before it."""
    few = len(content_stems(question)) <= _FEW
    goes_on = _GOES_ON.match(question) is not None
    return (few and (goes_on or _POINTS_BACK.search(question) is not None)) or _bare(question)


def _bare(question: str) -> bool:
    return not content_stems(question)
