"""What is to be asked, of which articles, and where the run is kept."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import config
from assistant.errors import StoreError, UsageError
from assistant.evaluation import feedback, questions, whole
from assistant.ui.evaluating.kept import Runs

SAMPLE, FILE, FEEDBACK = "sample", "file", "feedback"
_FEEDBACK = "feedback.jsonl"


@dataclass(frozen=True)
class Plan:
    """One evaluation.

    `asked` holds the questions until the run is complete, so that it can go on another day;
    `file` is what the person calls them. `owner` is whose run it is, empty: everybody's.
    """

    name: str
    out: Path
    asked: Path
    file: str
    source: str
    mode: str
    limit: int | None
    owner: str = ""

    def about(self) -> dict[str, Any]:
        """What the run's file says of the plan."""
        return {"source": self.source, "limit": self.limit, "owner": self.owner}

    def articles(self) -> list[Path]:
        """The articles that the questions are about, where they come along as files."""
        return [config.resource("seeds") / "articles"] if self.source == SAMPLE else []

    def forget(self) -> None:
        """Give up the copy of the questions."""
        if self.source != SAMPLE:
            self.asked.unlink(missing_ok=True)


def sample() -> Path:
    return config.resource("seeds") / "questions.jsonl"


def of_sample(runs: Runs, mode: str, limit: int | None) -> Plan:
    """Raises StoreError where no run can be kept, as the two below do."""
    name = runs.new_name("sample")
    return Plan(name, runs.path(name), sample(), sample().name, SAMPLE, mode, limit)


def of_file(runs: Runs, given: Path, mode: str, limit: int | None) -> Plan:
    """Raises UsageError, naming the place, where the file holds no questions."""
    try:
        questions.load(given)
    except UsageError as error:
        raise UsageError(str(error).replace(f"{given.parent}/", "")) from error
    name = runs.new_name(given.name)
    asked = runs.folder / f"{name}.questions{given.suffix.lower()}"
    try:
        shutil.copyfile(given, asked)
    except OSError as error:
        raise StoreError(
            f"cannot write {asked} ({error.strerror}); check that the folder is writable"
        ) from error
    return Plan(name, runs.path(name), asked, given.name, FILE, mode, limit)


def of_feedback(
    runs: Runs, rows: Sequence[dict[str, Any]], mode: str, limit: int | None, owner: str
) -> Plan:
    """Raises UsageError where nothing has been judged yet."""
    if not rows:
        raise UsageError("no answer has been judged yet; mark some in the chat as good or bad")
    name = runs.new_name(_FEEDBACK)
    asked = runs.folder / f"{name}.questions.jsonl"
    whole.write(asked, feedback.jsonl(rows))
    return Plan(name, runs.path(name), asked, _FEEDBACK, FEEDBACK, mode, limit, owner)


def going_on(runs: Runs, name: str, owner: str) -> Plan:
    """The plan of an unfinished run. Raises UsageError where it cannot go on."""
    written = runs.read(name, owner)
    source = written.get("source")
    found = [sample()] if source == SAMPLE else sorted(runs.folder.glob(f"{name}.questions.*"))
    if not found or source not in (SAMPLE, FILE, FEEDBACK):
        raise UsageError("this run cannot go on, for its questions are gone; start a new one")
    return Plan(
        name, runs.path(name), found[0], str(written.get("file", "")), str(source),
        str(written.get("mode")), written.get("limit"), str(written.get("owner", "")),
    )  # fmt: skip
