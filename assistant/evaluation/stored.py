"""A result as JSON, and back."""

from __future__ import annotations

from typing import Any

from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result, cited_right, f1, right
from assistant.records import Answer, AnswerSentence, Citation, Seconds

_OF_ANSWER = (
    "text",
    "refused",
    "sentences",
    "citations",
    "nearest",
    "missing",
    "withdrawn",
    "strength",
    "support",
    "seconds",
)


def result_json(result: Result) -> dict[str, Any]:
    question = result.question
    return {
        "id": question.id,
        "kind": question.kind,
        "question": question.question,
        "before": list(question.before),
        "golds": list(question.answers),
        "article": question.article,
        "cites": question.cites,
        "gold_evidence": list(question.evidence),
        **_scores(result),
        "kept": result.kept,
        "rank": result.rank,
        "found": list(result.found),
        "evidence": list(result.evidence),
        "verbatim": list(result.verbatim),
        "error": result.error,
        "asked": result.asked,
        **_answer_json(result),
    }


def _scores(result: Result) -> dict[str, Any]:
    wanted = result.answering and result.question.answerable
    worded = wanted and bool(result.question.answers)
    return {
        "right": right(result) if wanted else None,
        "f1": round(f1(result), 4) if worded else None,
        "cited_right": cited_right(result) if worded else None,
    }


def _answer_json(result: Result) -> dict[str, Any]:
    if result.answer:
        written = result.answer.as_json()
        return {key: written[key] for key in _OF_ANSWER}
    empty: dict[str, Any] = dict.fromkeys(_OF_ANSWER)
    if result.strength is not None and result.search_seconds is not None:
        search = round(result.search_seconds, 4)
        seconds = {"search": search, "first_token": None, "total": None}
        return {**empty, "strength": round(result.strength, 3), "seconds": seconds}
    return empty


def read_result(written: dict[str, Any]) -> Result:
    """What `result_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    seconds = written["seconds"] or {}
    answer = _answer(written) if written["text"] is not None else None
    return Result(
        question=_question(written),
        answer=answer,
        error=written["error"],
        asked=written["asked"],
        found=tuple(written["found"]),
        rank=written["rank"],
        evidence=tuple(written["evidence"]),
        kept=written["kept"],
        verbatim=tuple(written["verbatim"]),
        strength=None if answer else written["strength"],
        search_seconds=None if answer else seconds.get("search"),
    )


def _question(written: dict[str, Any]) -> Question:
    return Question(
        id=written["id"],
        question=written["question"],
        answers=tuple(written["golds"]),
        article=written["article"],
        kind=written["kind"],
        before=tuple(written["before"]),
        cites=written["cites"],
        evidence=tuple(written["gold_evidence"]),
    )


def _answer(written: dict[str, Any]) -> Answer:
    return Answer(
        question=written["question"],
        text=written["text"],
        refused=written["refused"],
        sentences=tuple(map(AnswerSentence.from_json, written["sentences"])),
        citations=tuple(map(_citation, written["citations"])),
        nearest=tuple(map(_citation, written["nearest"])),
        model="",  # stands once, at the head of the run
        seconds=Seconds(**written["seconds"]),
        asked=written["asked"],
        missing=tuple(written["missing"]),
        withdrawn=tuple(written["withdrawn"]),
        strength=written["strength"],
        support=written["support"],
    )


def _citation(written: dict[str, Any]) -> Citation:
    # Runs of earlier days do not know version and page.
    return Citation.from_json({"version": 1, "page": None, **written})
