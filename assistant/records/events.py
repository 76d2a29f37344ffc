"""What an answer in the making tells whoever waits for it, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.records.answers import Answer, Evidence
from assistant.records.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another answer is being written; `ahead` questions come first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Searching:
    """The search has begun. `question` stands by itself, also where a follow-up did not; `scope`
    holds the time that it names.
    """

    question: str
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences that the model will be shown (or would have been, before a refusal)."""

    evidence: tuple[Evidence, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer as the model writes it, citation marks included, not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The checked answer; always the last event unless the person stopped it."""

    answer: Answer


Event = Waiting | Searching | Found | Token | Done


def as_json(event: Event) -> dict[str, Any]:
    """An event with its name as "event"."""
    match event:
        case Waiting(ahead):
            return {"event": "waiting", "ahead": ahead}
        case Searching(question, scope):
            return {"event": "searching", "question": question, "scope": scope.as_json()}
        case Found(evidence, seconds):
            told = [each.as_json() for each in evidence]
            return {"event": "found", "evidence": told, "seconds": round(seconds, 3)}
        case Token(text):
            return {"event": "token", "text": text}
        case Done(answer):
            return {"event": "done", "answer": answer.as_json()}


def from_json(values: dict[str, Any]) -> Event:
    """The event that `as_json` gave. Raises KeyError, ValueError for what is none."""
    match values["event"]:
        case "waiting":
            return Waiting(values["ahead"])
        case "searching":
            return Searching(values["question"], Scope.from_json(values["scope"]))
        case "found":
            return Found(tuple(map(Evidence.from_json, values["evidence"])), values["seconds"])
        case "token":
            return Token(values["text"])
        case "done":
            return Done(Answer.from_json(values["answer"]))
        case other:
            raise ValueError(f"no event: {other}")
