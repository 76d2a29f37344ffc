"""Reads a question set: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import UsageError

ANSWERABLE = "answerable"
NOT_ANSWERABLE = "not answerable"


@dataclass(frozen=True, slots=True)
class Question:
    """`answers` are the accepted wordings: none where the articles do not hold the answer.

    `article` is the title of the article that holds it, if known. `kind` groups questions in the
    report.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article: str | None
    kind: str

    @property
    def answerable(self) -> bool:
        return bool(self.answers)


def read(path: Path) -> list[Question]:
    """The questions of a JSONL file; blank lines are skipped.

    Raises UsageError, naming file and line, for what is not a question set.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text; save it as UTF-8") from error
    questions = [
        _question(line, number, f"{path}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not questions:
        raise UsageError(f"{path} holds no question; write one JSON object a line")
    return questions


def _question(line: str, number: int, where: str) -> Question:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deeply nested"
        raise UsageError(f"{where}: not valid JSON ({reason})") from error
    if not isinstance(fields, dict):
        raise UsageError(f"{where}: not a JSON object")
    answers = _answers(fields, where)
    return Question(
        id=str(fields.get("id") or number),
        question=_text(fields, "question", where) or _missing("question", where),
        answers=answers,
        article=_text(fields, "article", where),
        kind=_text(fields, "kind", where) or (ANSWERABLE if answers else NOT_ANSWERABLE),
    )


def _text(fields: dict[str, Any], key: str, where: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{where}: “{key}” must be a text")
    return value.strip() if value else None


def _answers(fields: dict[str, Any], where: str) -> tuple[str, ...]:
    value = fields["answers"] if "answers" in fields else _missing("answers", where)
    texts = isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)
    if not texts:
        raise UsageError(f"{where}: “answers” must be a list of texts (empty: not answerable)")
    return tuple(value)


def _missing(key: str, where: str) -> Any:
    raise UsageError(f"{where}: “{key}” is missing")
