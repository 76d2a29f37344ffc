"""Goes on with a run that was broken off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.errors import UsageError
from assistant.evaluation import shape
from assistant.evaluation.questions import Question
from assistant.evaluation.run import Run
from assistant.evaluation.stored import read_result


class AnotherRun(UsageError):
    """The unfinished run is of something else; `why` says in what."""

    def __init__(self, out: Path, why: str) -> None:
        super().__init__(
            f"{out} holds an unfinished run of something else ({why}); "
            "name another file with --out, or delete it"
        )
        self.why = why


def begin(out: Path | None, about: dict[str, Any], questions: Sequence[Question]) -> Run:
    """A new run, or the unfinished one in `out`, if it is of the same and asks the same.

    Raises AnotherRun where there is an unfinished run of something else, UsageError where there is
    no run at all: what cost hours is not written over.
    """
    if out is None or not out.exists():
        return Run(questions)
    written = shape.read(out)
    if written.get("complete", True):
        return Run(questions)
    for part, now in about.items():
        if part != "file" and written.get(part) != now:
            raise AnotherRun(out, f"its {part} {_be(part)} not the same")
    return _going_on(out, written, questions)


def _going_on(out: Path, written: dict[str, Any], questions: Sequence[Question]) -> Run:
    try:
        results = [read_result(answer) for answer in written["answers"]]
        started, seconds = datetime.fromisoformat(written["started"]), float(written["seconds"])
        count = written["questions"]
    except (KeyError, TypeError, ValueError) as error:
        raise AnotherRun(out, "it was written by another version") from error
    asked = [result.question for result in results]
    if count != len(questions) or asked != list(questions[: len(asked)]):
        raise AnotherRun(out, "its questions are not the same")
    return Run(questions, results, started, seconds)


def _be(part: str) -> str:
    return "are" if part == "settings" else "is"
