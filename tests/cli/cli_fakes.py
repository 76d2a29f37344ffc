"""An application with canned answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from assistant.records import (
    EVERYTHING,
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Done,
    Event,
    Evidence,
    Found,
    Scope,
    Searching,
    Seconds,
    Span,
    Token,
    Turn,
)

CALL = Article(
    id="aaaaaaaa1111",
    title="The long call",
    source="https://example.org/call",
    authors=("Ann Writer",),
    published=date(2025, 3, 19),
    tags=("diplomacy",),
    text="The call lasted over two hours. They spoke of hockey.",
)
MOSS = Article(id="bbbbbbbb2222", title="Moss", source="moss.txt", text="Moss has no roots.")
QUOTES = ((0, 31), (32, 53))


def citation(number: int) -> Citation:
    start, end = QUOTES[number - 1]
    return Citation(number, CALL, start, end, CALL.text[start:end])


def answer_of(*sentences: AnswerSentence, question: str = "How long?", **changes: Any) -> Answer:
    marks = sorted({n for s in sentences for n in s.citations})
    text = " ".join(f"{s.text} {''.join(f'[{n}]' for n in s.citations)}".strip() for s in sentences)
    fields: dict[str, Any] = {
        "question": question,
        "text": text,
        "refused": False,
        "sentences": sentences,
        "citations": tuple(map(citation, marks)),
        "nearest": (),
        "model": "fake",
        "seconds": Seconds(0.1, 1.0, 2.0),
    }
    return Answer(**{**fields, **changes})


HOURS = AnswerSentence("The call lasted over two hours.", (1,), True)
ANSWER = answer_of(HOURS)
REFUSAL = answer_of(text="The articles do not say.", refused=True, nearest=(citation(1),))


def events(answer: Answer, *tokens: str) -> list[Event]:
    evidence = (
        Evidence(1, MOSS, Span(0, 18), MOSS.text),
        Evidence(2, CALL, Span(0, 31), CALL.text[:31]),
    )
    words = [Token(token) for token in tokens]
    return [Searching(answer.question), Found(evidence, 0.1), *words, Done(answer)]


class FakeLibrary:
    def __init__(self) -> None:
        self.kept = {article.id: article for article in (CALL, MOSS)}

    def articles(self, scope: Scope = EVERYTHING) -> list[Article]:
        self.scope = scope
        return list(self.kept.values())

    def get(self, prefix: str) -> Article | None:
        found = [a for a in self.kept.values() if a.id.startswith(prefix)]
        return found[0] if len(found) == 1 else None

    def remove(self, article_id: str) -> bool:
        return self.kept.pop(article_id, None) is not None

    def counts(self) -> Any:
        return SimpleNamespace(articles=2, passages=2, sentences=3)

    def search(self, question: str, passages: int, candidates: int) -> Any:
        return SimpleNamespace(hits=[SimpleNamespace(article=CALL)])


@dataclass
class FakeApp:
    """`script` holds what the next questions give: events, errors to raise, or a call to make."""

    settings: Any
    script: list[Any] = field(default_factory=list)
    added: list[Any] = field(default_factory=list)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    stop: threading.Event | None = None
    library: FakeLibrary = field(default_factory=FakeLibrary)
    model_name: str = "fake"
    closed: bool = False
    scope: Scope = EVERYTHING

    def __enter__(self) -> FakeApp:
        return self

    def __exit__(self, *error: object) -> None:
        self.closed = True

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        self.asked.append((question, tuple(history)))
        self.scope = scope
        for item in self.script.pop(0):
            if isinstance(item, BaseException):
                raise item
            if callable(item):
                item()
                if stop and stop.is_set():
                    return
                continue
            yield item

    def add(self, sources: Sequence[str], stop: threading.Event | None = None) -> Iterator[Any]:
        for number, (source, outcome, error) in enumerate(self.added, 1):
            if callable(source):
                source()
                return
            yield SimpleNamespace(
                source=source, outcome=outcome, error=error, done=number, total=len(self.added)
            )

    def warm(self, stop: threading.Event | None = None, aside: bool = False) -> None:
        pass
