"""Canned answers about one article."""

from __future__ import annotations

from typing import Any

from assistant.evaluation.metrics import Result
from assistant.evaluation.questions import Question
from assistant.records import Answer, AnswerSentence, Article, Citation, Seconds

ARTICLE = Article(
    id="a1", title="The Long Call", source="call.txt", text="It lasted 2,300 seconds. They talked."
)
HOW_LONG = Question("1", "How long?", ("2300 seconds",), "the long call", "answerable")
WHO_WON = Question("2", "Who won?", (), None, "near miss")
WHERE = Question("3", "Where?", (), None, "absent article")


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


def result(question: Question, given: Answer | None, **changes: Any) -> Result:
    return Result(question, given, **changes)
