"""Canned answers about one article, and an application that gives them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from assistant.config import Settings
from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result
from assistant.records import (
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Done,
    Evidence,
    Found,
    Searching,
    Seconds,
    Span,
    Token,
    Turn,
)

ARTICLE = Article(
    id="a1", title="The Long Call", source="call.txt", text="It lasted 2,300 seconds. They talked."
)
MOSS = Article(id="b2", title="Moss", source="moss.txt", text="It grew for 2300 seconds.")
HOW_LONG = Question("1", "How long?", ("2300 seconds",), "the long call", "answerable")
WHO_WON = Question("2", "Who won?", (), None, "near miss")
WHERE = Question("3", "Where?", (), None, "absent article")
QUESTIONS = [HOW_LONG, WHO_WON, WHERE]
EVIDENCE = (Evidence(1, ARTICLE, Span(0, 24), "It lasted 2,300 seconds."),)


def answer(text: str, quote: str = "It lasted 2,300 seconds.", **changes: Any) -> Answer:
    start = max(ARTICLE.text.find(quote), 0)
    fields: dict[str, Any] = {
        "question": "How long?",
        "text": f"{text} [1]",
        "refused": False,
        "sentences": (AnswerSentence(text, (1,), True),),
        "citations": (Citation(1, ARTICLE, start, start + len(quote), quote),),
        "nearest": (),
        "model": "fake",
        "seconds": Seconds(0.1, 1.0, 2.0),
    }
    return Answer(**{**fields, **changes})


def refusal() -> Answer:
    return answer("No.", refused=True, sentences=(), citations=())


def result(question: Question, given: Answer | None = None, **changes: Any) -> Result:
    return Result(question, given, **changes)


def hits(*texts: str, article: Article = ARTICLE) -> list[Any]:
    return [SimpleNamespace(article=article, text=text) for text in texts]


class FakeApp:
    """Gives each question in turn an answer, an error, or nothing where it is to be stopped."""

    model_name = "fake"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.settings = Settings(candidates=17)
        self.library: Any = self
        self.warmed = False
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []
        self.searched: list[str] = []
        self.hits = hits(*["Nothing."] * 2, "It lasted 2,300 seconds.", *["Nothing."] * 9)
        self.strength = 1.0

    def warm(self, stop: threading.Event | None = None, aside: bool = False) -> None:
        self.warmed = True

    def ask(
        self, question: str, history: Sequence[Turn] = (), stop: threading.Event | None = None
    ) -> Iterator[Any]:
        self.asked.append((question, tuple(history)))
        given = self.answers.pop(0)
        if isinstance(given, Exception):
            raise given
        yield Searching(f"{question} (by itself)")
        yield Found(EVIDENCE, 0.1)
        yield Token("It")
        if given is None:
            assert stop
            stop.set()
            return
        yield Done(given)

    def find(self, question: str) -> Any:
        self.searched.append(question)
        given = self.answers.pop(0) if self.answers else None
        if isinstance(given, Exception):
            raise given
        return SimpleNamespace(evidence=EVIDENCE, strength=self.strength, seconds=0.25)

    def search(self, question: str, passages: int, candidates: int) -> Any:
        assert (passages, candidates) == (10, 17)
        return SimpleNamespace(hits=self.hits)

    def get(self, article_id: str) -> Any:
        return ARTICLE if article_id == ARTICLE.id else None

    def counts(self) -> Any:
        return SimpleNamespace(articles=1, passages=1, sentences=2)
