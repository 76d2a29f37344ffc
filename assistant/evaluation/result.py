"""One question and what became of it, and what is to be thought of that. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.evaluation.questions import Question
from assistant.evaluation.wording import answered_right, normalise, states, token_f1
from assistant.records import Answer


@dataclass(frozen=True, slots=True)
class Result:
    """One question and what became of it.

    `answer` is None where an error came instead, whose message is in `error`, and where only the
    search was run. `asked` is the question as it was searched for.

    `found` are the titles of the articles that the first five passages come from, `rank` is the
    place of the first right passage among ten, from 1. `kept` says whether the evidence holds the
    answer: None where that cannot be told. `verbatim` says of each quote shown whether it stands in
    its article where the citation says.
    """

    question: Question
    answer: Answer | None = None
    error: str | None = None
    asked: str = ""
    found: tuple[str, ...] = ()
    rank: int | None = None
    evidence: tuple[str, ...] = ()
    kept: bool | None = None
    verbatim: tuple[bool, ...] = ()
    strength: float | None = None
    search_seconds: float | None = None

    @property
    def given(self) -> bool:
        """An answer was given, neither refused nor failed."""
        return self.answer is not None and not self.answer.refused

    @property
    def refused(self) -> bool:
        return self.answer is not None and self.answer.refused

    @property
    def answering(self) -> bool:
        """An answer was wanted, whether or not it came."""
        return self.answer is not None or self.error is not None


def right(result: Result) -> bool:
    """An answer was given and holds an accepted wording.

    That of an overview cites as many different sentences as it must, and all of it is supported.
    """
    question, answer = result.question, result.answer
    if answer is None or answer.refused:
        return False
    if question.cites is not None and not _well_cited(answer, question.cites):
        return False
    return not question.answers or answered_right(answer.text, question.answers)


def _well_cited(answer: Answer, least: int) -> bool:
    cited = {(c.article.id, c.start, c.end) for c in answer.citations}
    return len(cited) >= least and all(s.supported is True for s in answer.sentences)


def cited_right(result: Result) -> bool:
    """An answer was given, and a sentence of it that holds an accepted wording itself cites a quote
    that states it.
    """
    question, answer = result.question, result.answer
    if answer is None or answer.refused:
        return False
    quotes = {c.number: c.quote for c in answer.citations}
    return any(
        states(quotes[number], question.answers, question.evidence)
        for sentence in answer.sentences
        if answered_right(sentence.text, question.answers)
        for number in sentence.citations
        if number in quotes
    )


def f1(result: Result) -> float:
    """Of the words; 0 where no answer was given."""
    if result.answer is None or result.answer.refused:
        return 0.0
    return token_f1(result.answer.text, result.question.answers)


def article_found(result: Result) -> bool:
    title = normalise(result.question.article or "")
    return any(normalise(found) == title for found in result.found)
