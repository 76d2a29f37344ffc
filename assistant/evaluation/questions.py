"""Question sets: what a question is, reading a file of them, and choosing some."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.evaluation import formats
from assistant.evaluation.formats import OwnArticle, Row

ANSWERABLE = "answerable"
NOT_ANSWERABLE = "not answerable"
OVERVIEW = "overview"


@dataclass(frozen=True, slots=True)
class Question:
    """`answers` are the accepted wordings: none where the articles do not hold the answer.

    `article` is the title of the article that holds it, if known. `kind` groups questions in the
    report. `before` are the earlier questions of a conversation whose last turn this is. `cites`
    makes it a request for an overview: how many different sentences its answer must cite at least.
    `evidence` are verbatim stretches of the article, each of which states the answer.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article: str | None
    kind: str
    before: tuple[str, ...] = ()
    cites: int | None = None
    evidence: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return bool(self.answers) or self.cites is not None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """`articles` are those that the file carries itself, as SQuAD's do."""

    questions: list[Question]
    articles: tuple[OwnArticle, ...] = ()


def read(path: Path) -> list[Question]:
    """The questions of a file; see `load`."""
    return load(path).questions


def load(path: Path) -> QuestionSet:
    """The questions of a JSONL, CSV or SQuAD file, in its order.

    Raises UsageError, naming file and place, for what is not a question set.
    """
    content = formats.read(path)
    questions = [_question(row) for row in content.rows]
    if not questions:
        raise UsageError(f"{path} holds no question; write one JSON object a line, or a table")
    seen: set[str] = set()
    for row, question in zip(content.rows, questions, strict=True):
        if question.id in seen:
            raise UsageError(f"{row.where}: a second question with the id “{question.id}”")
        seen.add(question.id)
    return QuestionSet(questions, content.articles)


def choose(
    questions: Sequence[Question],
    *,
    last: int | None = None,
    kinds: Collection[str] = (),
    seed: int | None = None,
    limit: int | None = None,
) -> list[Question]:
    """The last so many, of them those of some kinds, shuffled by a seed, of them the first so many.

    Raises UsageError where none is left.
    """
    chosen = list(questions[-last:] if last else questions)
    if kinds:
        there = sorted({question.kind for question in chosen})
        chosen = [question for question in chosen if question.kind in kinds]
        if not chosen:
            raise UsageError(f"no question of that kind; there are: {', '.join(there)}")
    if seed is not None:
        random.Random(seed).shuffle(chosen)
    return chosen[:limit]


def _question(row: Row) -> Question:
    fields, where = row.fields, row.where
    if not isinstance(fields, dict):
        raise UsageError(f"{where}: not a JSON object")
    cites = _cites(fields, where)
    if "answers" not in fields and cites is None:
        _missing("answers", where)
    answers = _texts(fields, "answers", where)
    usual = ANSWERABLE if answers else NOT_ANSWERABLE if cites is None else OVERVIEW
    return Question(
        id=str(fields.get("id") or row.number),
        question=_text(fields, "question", where) or _missing("question", where),
        answers=answers,
        article=_text(fields, "article", where),
        kind=_text(fields, "kind", where) or usual,
        before=_texts(fields, "before", where),
        cites=cites,
        evidence=_texts(fields, "evidence", where),
    )


def _text(fields: dict[str, Any], key: str, where: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{where}: “{key}” must be a text")
    return value.strip() if value else None


def _texts(fields: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = fields.get(key)
    if value is None and (key != "answers" or key not in fields):
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        hint = " (empty: not answerable)" if key == "answers" else ""
        raise UsageError(f"{where}: “{key}” must be a list of texts{hint}")
    return tuple(value)


def _cites(fields: dict[str, Any], where: str) -> int | None:
    value = fields.get("cites")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise UsageError(f"{where}: “cites” must be a whole number, 1 or more")
    return value


def _missing(key: str, where: str) -> Any:
    raise UsageError(f"{where}: “{key}” is missing")
