"""Makes a follow-up question stand by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.words import content_stems
from assistant.records import Turn

# Words that point back at what was said before: at somebody or something, and at a whole matter.
_SOMEBODY = re.compile(r"\b(he|she|it|they|him|her|them|his|hers|its|their|theirs)\b", re.I)
_MATTER = re.compile(r"\b(that|those|these|this|then|former|latter|others?|else|more)\b", re.I)
_GOES_ON = re.compile(r"^\W*(and|but|or|also|what about|how about)\b", re.I)
_NAME = re.compile(r"(?<=\w )[A-ZÀ-ÖØ-Þ]\w")
# Content words: a question with more of them names its subject itself. A pronoun among some of them
# mostly points inside the question.
_FEW_WITH_PRONOUN, _FEW = 2, 4


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with the one that it leans on in front, if it leans on one; else unchanged."""
    if not leans(question):
        return question
    for turn in reversed(history):
        if not leans(turn.question):
            return f"{turn.question} {question}"
    return question


def leans(question: str) -> bool:
    """Whether a question is hardly understood without the one before it."""
    stems = content_stems(question)
    if len(stems) > _FEW:
        return False
    if not stems or _GOES_ON.match(question):
        return True
    if len(stems) > _FEW_WITH_PRONOUN:
        return False
    named = _NAME.search(question) is not None
    return bool(_SOMEBODY.search(question) or (not named and _MATTER.search(question)))
