"""A run as JSON for comparing and going on, and as a table for people."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import __version__
from assistant.evaluation import metrics, whole
from assistant.evaluation.metrics import Figure, Mean, Rate
from assistant.evaluation.run import RETRIEVAL, Run
from assistant.evaluation.shape import PRIVATE
from assistant.evaluation.stored import result_json

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.app import App

_WRITING = 20  # times as long as writing took, it is left alone


def about(app: App, file: Path, mode: str) -> dict[str, Any]:
    """What a run's figures depend on. Reads the whole model file for its checksum, if it is used.

    Raises ModelFileError if the model is missing.
    """
    counts = app.library.counts()
    return {
        "version": __version__,
        "model": {
            "name": app.model_name,
            "sha256": "" if mode == RETRIEVAL else _checksum(app),
        },
        "settings": app.settings.model_dump(mode="json", exclude=PRIVATE),
        "library": {
            "articles": counts.articles,
            "passages": counts.passages,
            "sentences": counts.sentences,
        },
        "file": file.name,
        "mode": mode,
    }


def _checksum(app: App) -> str:
    """Empty for a model on a server, whose file is not here."""
    from assistant import assets

    if app.settings.llm_url:
        return ""
    return assets.sha256_of(assets.resolve_llm(app.settings.model, app.settings.models))


def as_json(run: Run, about: dict[str, Any]) -> dict[str, Any]:
    return {
        **about,
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 1),
        "complete": run.complete,
        "asked": len(run.results),
        "questions": len(run.questions),
        "metrics": {name: _figure(figure) for name, figure in _figures(run, about).items()},
        "answers": [result_json(result) for result in run.results],
    }


def _figures(run: Run, about: dict[str, Any]) -> dict[str, Figure]:
    if about["mode"] == RETRIEVAL:
        return metrics.of_retrieval(run.results, about["settings"]["refuse_below"])
    return metrics.of_answers(run.results)


def _figure(figure: Figure) -> dict[str, Any]:
    if isinstance(figure, Rate):
        low, high = figure.interval or (None, None)
        return {
            "rate": figure.value,
            "hits": figure.hits,
            "n": figure.n,
            "low": low,
            "high": high,
        }
    if isinstance(figure, Mean):
        return {"mean": figure.value, "n": figure.n}
    return {"median": figure.median, "p95": figure.p95, "n": figure.n}


@contextmanager
def kept(out: Path | None, run: Run, about: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """Keep the run in a file: written now, at the end however it comes, and at calls meanwhile.

    Calls that would make up more than a twentieth of the time are passed over.
    """
    if out is None:
        yield lambda: None
        return
    due = 0.0

    def keep() -> None:
        nonlocal due
        begin = time.monotonic()
        if begin >= due:
            write(out, run, about)
            now = time.monotonic()
            due = now + _WRITING * (now - begin)

    keep()
    try:
        yield keep
    finally:
        write(out, run, about)


def write(path: Path, run: Run, about: dict[str, Any]) -> None:
    """Write the run as JSON, whole or not at all. Raises UsageError where that cannot be done."""
    whole.write(path, json.dumps(as_json(run, about), ensure_ascii=False, indent=1) + "\n")


def table(run: dict[str, Any]) -> Table:
    """The figures of a run's JSON."""
    from rich.table import Table
    from rich.text import Text

    title = f"{run['asked']} of {run['questions']} questions in {run['seconds']:.0f} s"
    table = Table("", "", "95%", "count", title=title, title_justify="left")
    times = False
    for name, figure in run["metrics"].items():
        if figure["n"]:
            if "median" in figure and not times:
                table.add_section()
                times = True
            table.add_row(Text(name), *_cells(figure))
    return table


def _cells(figure: dict[str, Any]) -> tuple[str, str, str]:
    if "median" in figure:
        median, p95 = (_seconds(figure[key]) for key in ("median", "p95"))
        return f"median {median}", f"p95 {p95}", f"of {figure['n']}"
    if "mean" in figure:
        return f"{figure['mean']:.2f}", "", f"of {figure['n']}"
    interval = f"{figure['low']:.2f}–{figure['high']:.2f}"
    return f"{figure['rate']:.2f}", interval, f"{figure['hits']} of {figure['n']}"


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 0.1 else f"{value:.3f}"
