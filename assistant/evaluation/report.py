"""A run as a table for people and as JSON for comparing."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import __version__
from assistant.errors import UsageError
from assistant.evaluation import metrics
from assistant.evaluation.metrics import Rate, Result, Times
from assistant.evaluation.run import Run

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.app import App


def about(app: App) -> dict[str, Any]:
    """What a run's figures depend on. Reads the whole model file for its checksum.

    Raises ModelFileError if the model is missing.
    """
    from assistant import assets

    counts = app.library.counts()
    model = assets.resolve_llm(app.settings.model, app.settings.models)
    return {
        "version": __version__,
        "model": {"name": app.model_name, "sha256": assets.sha256_of(model)},
        "settings": app.settings.model_dump(mode="json"),
        "library": {
            "articles": counts.articles,
            "passages": counts.passages,
            "sentences": counts.sentences,
        },
    }


def as_json(run: Run, about: dict[str, Any]) -> dict[str, Any]:
    return {
        **about,
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 1),
        "complete": run.complete,
        "asked": len(run.results),
        "questions": len(run.questions),
        "metrics": {
            **{name: _rate_json(rate) for name, rate in metrics.rates(run.results).items()},
            **{
                f"seconds: {name}": asdict(times)
                for name, times in metrics.times(run.results).items()
            },
        },
        "answers": [_result_json(result) for result in run.results],
    }


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {"rate": rate.value, "hits": rate.hits, "n": rate.n}


def _result_json(result: Result) -> dict[str, Any]:
    answer, answerable = result.answer, result.question.answerable
    return {
        "id": result.question.id,
        "kind": result.question.kind,
        "golds": list(result.question.answers),
        "article": result.question.article,
        "found": list(result.found),
        "right": metrics.right(result) if answerable else None,
        "cited_right": metrics.cited_right(result) if answerable else None,
        "verbatim": all(result.verbatim),
        "evidence": list(result.evidence),
        "error": result.error,
        **(answer.as_json() if answer else {"question": result.question.question}),
    }


def write(path: Path, run: Run, about: dict[str, Any]) -> None:
    """Write the run as JSON, whole or not at all. Raises UsageError where that cannot be done."""
    partial = path.with_name(path.name + ".partial")
    try:
        text = json.dumps(as_json(run, about), ensure_ascii=False, indent=1)
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise UsageError(
            f"cannot write {path} ({error.strerror}); name a file in a folder that can be written"
        ) from error


def table(run: Run) -> Table:
    from rich.table import Table
    from rich.text import Text

    title = f"{len(run.results)} of {len(run.questions)} questions in {run.seconds:.0f} s"
    table = Table("", "share", "count", title=title, title_justify="left")
    for name, rate in metrics.rates(run.results).items():
        if rate.n:
            table.add_row(Text(name), f"{rate.value:.2f}", f"{rate.hits} of {rate.n}")
    table.add_section()
    for name, times in metrics.times(run.results).items():
        if times.n:
            table.add_row(f"seconds: {name}", _seconds(times), f"of {times.n}")
    return table


def _seconds(times: Times) -> str:
    return f"median {times.median:.1f}, p95 {times.p95:.1f}"
