"""Questions and answers that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.records.answers import Answer
from assistant.records.scope import Scope


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without what was said; `changed` is when it was last (UTC).

    `title` is its first question, shortened, or what a person called it; empty before that.
    """

    id: str
    title: str
    changed: datetime
    scope: Scope


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and what became of it; `number` is its place there.

    Without an answer it was stopped, and `words` is what had come by then, or it failed, and
    `trouble` says why. `liked` is a person's verdict, `remark` what they said of it.
    """

    number: int
    question: str
    answer: Answer | None
    words: str = ""
    trouble: str = ""
    liked: bool | None = None
    remark: str = ""
