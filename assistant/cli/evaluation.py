"""`evaluate` and `calibrate`: measuring the answers on questions with known answers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assistant.cli import door
from assistant.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from assistant.app import App
    from assistant.evaluation.questions import Question, QuestionSet
    from assistant.evaluation.run import Run

_Command = TypeVar("_Command", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)
_COUNT = click.IntRange(min=1)
# So that no threshold refuses: what each one would refuse can then be read off the answers.
_OPEN = {"refuse_below": 0.0, "support_below": 0.0}


@dataclass(frozen=True)
class _Task:
    """What both commands are given: which questions, of which articles, and where the run goes."""

    file: Path | None
    articles: tuple[Path, ...]
    last: int | None
    kinds: tuple[str, ...]
    seed: int | None
    limit: int | None
    out: Path | None
    made: Path | None


def _asking(command: _Command) -> _Command:
    """The parameters of a _Task."""
    parameters = (
        click.argument("file", required=False, type=_PATH),
        click.option(
            "--articles",
            multiple=True,
            type=_PATH,
            help="Ask a throwaway library of these files and folders instead of yours.",
        ),
        click.option("--limit", type=_COUNT, help="Ask only the first N questions."),
        click.option("--seed", type=int, help="Shuffle the questions; a seed, one order."),
        click.option("--last", type=_COUNT, help="Take only the last N questions of FILE."),
        click.option("--kind", "kinds", multiple=True, help="Take only questions of this kind."),
        click.option(
            "--out",
            type=_PATH,
            help="Write figures, settings and every answer there, as JSON; an unfinished run "
            "there goes on.",
        ),
        click.option(
            "--from", "made", type=_PATH, help="Show a run made before instead of asking FILE."
        ),
    )
    for parameter in reversed(parameters):
        command = parameter(command)
    return command


@click.command()
@_asking
@click.option("--retrieval", is_flag=True, help="Score the search alone, without the model.")
@click.option("--report", type=_PATH, help="Write a page with charts and every answer (HTML).")
@click.option(
    "--compare", nargs=2, type=_PATH, metavar="A B", help="Compare two runs (JSON); no FILE then."
)
def evaluate(
    retrieval: bool, report: Path | None, compare: tuple[Path, Path] | None, **choice: Any
) -> int:
    """Measure the answers to the questions of FILE.

    Counts right answers, right citations and refusals, and takes the time.

    Each line of FILE is a JSON object with "question", "answers" (accepted wordings; none if the
    articles do not hold the answer), "article" (a title, or null) and, if you like, "id" and
    "kind". A table (CSV) with such columns does as well, its wordings parted by "|", and so does
    a SQuAD file, which brings its own articles. With --out, Ctrl-C keeps what is there, and the
    same command goes on.
    """
    from assistant.evaluation import report as reporting
    from assistant.evaluation import run

    task = _Task(**choice)
    _can_write(report)
    if compare:
        return _compared(task, compare, report)
    mode = run.RETRIEVAL if retrieval else run.ANSWERS
    with door.stop_on_ctrl_c() as stop:
        data = _data(task, mode, {}, stop)
    if data is None:
        return door.STOPPED
    _print(reporting.table(data))
    if report:
        from assistant.evaluation import page

        page.write(data, report)
        click.echo(f"The report is in {report}.")
    if task.out:
        click.echo(_how_to_see(task.out, report))
    return door.STOPPED if stop.is_set() else door.DONE


def _compared(task: _Task, runs: tuple[Path, Path], report: Path | None) -> int:
    from assistant.evaluation import compare, page

    if task.file or task.made:
        raise UsageError("--compare takes two runs and nothing to ask; leave out FILE and --from")
    a, b = (compare.read(path) for path in runs)
    _print(compare.table(a, b))
    if report:
        page.write_comparison(a, b, report)
        click.echo(f"The comparison is in {report}.")
    return door.DONE


@click.command()
@_asking
@click.option("--report", type=_PATH, help="Write a page with the curves (HTML).")
def calibrate(report: Path | None, **choice: Any) -> int:
    """Find the thresholds of refusal that fit your articles.

    Asks the questions of FILE with the thresholds open, and shows what each value would refuse,
    rightly and wrongly. FILE is as for evaluate, and needs questions without an answer as well.
    """
    from assistant.evaluation import calibrate as calibrating
    from assistant.evaluation import run

    task = _Task(**choice)
    _can_write(report)
    with door.stop_on_ctrl_c() as stop:
        data = _data(task, run.ANSWERS, _OPEN, stop)
    if data is None or stop.is_set():
        return door.STOPPED
    _print(calibrating.table(data))
    if report:
        from assistant.evaluation import page_calibration

        page_calibration.write(data, report)
        click.echo(f"The curves are in {report}.")
    return door.DONE


COMMANDS = (evaluate, calibrate)


def _data(
    task: _Task, mode: str, changes: dict[str, float], stop: threading.Event
) -> dict[str, Any] | None:
    """The run's JSON, made now or read; None where it was stopped before it began."""
    from assistant.evaluation import questions, shape

    if (task.file is None) == (task.made is None):
        raise UsageError("name a FILE of questions, or a run made before with --from")
    if task.made:
        return shape.read(task.made)
    assert task.file
    asked = questions.load(task.file)
    chosen = questions.choose(
        asked.questions, last=task.last, kinds=task.kinds, seed=task.seed, limit=task.limit
    )
    with _library(task, asked, stop) as app:
        if changes:
            app.apply(app.settings.model_copy(update=changes))
        return None if stop.is_set() else _run(app, task, chosen, mode, stop)


@contextmanager
def _library(task: _Task, asked: QuestionSet, stop: threading.Event) -> Iterator[App]:
    """The person's own library, or one made of the articles that come with the questions."""
    from assistant.evaluation import library

    if not task.articles and not asked.articles:
        with door.open_app() as app:
            yield app
        return
    with library.throwaway(door.settings()) as app:
        _fill(app, task, asked, stop)
        yield app


def _fill(app: App, task: _Task, asked: QuestionSet, stop: threading.Event) -> None:
    """Tells what cannot be read, and goes on without it."""
    from assistant.cli.progress import bar
    from assistant.evaluation import library

    errors = []
    with bar("Adding", "articles") as advance:
        for result in library.add(app, task.articles, asked.articles, stop):
            advance(result.done, result.total)
            if result.error:
                errors.append(result.error)
    for error in errors:
        door.tell(error)
    if not app.library.counts().articles and not stop.is_set():
        raise UsageError("there is no article to ask; name files or folders with --articles")


def _run(
    app: App, task: _Task, chosen: list[Question], mode: str, stop: threading.Event
) -> dict[str, Any]:
    from assistant.cli.progress import bar
    from assistant.evaluation import report, resume
    from assistant.evaluation.run import evaluate

    assert task.file
    about = report.about(app, task.file, mode)
    run = resume.begin(task.out, about, chosen)
    if run.results:
        door.tell(f"{task.out} goes on after {len(run.results)} of {len(chosen)} questions")
    with report.kept(task.out, run, about) as keep, bar("Asking", "questions") as advance:

        def on_progress(run: Run) -> None:
            advance(len(run.results), len(run.questions))
            keep()

        advance(len(run.results), len(chosen))
        evaluate(app, run, on_progress, stop, mode)
    return report.as_json(run, about)


def _can_write(path: Path | None) -> None:
    """Told before hours of asking, not after."""
    if path and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise UsageError(f"cannot write {path}; name a file in a folder that can be written")


def _how_to_see(out: Path, report: Path | None) -> str:
    written = f"The run is in {out}."
    see = f"assistant evaluate --from {out} --report {out.with_suffix('.html')}"
    return written if report else f"{written} As a page: {see}"


def _print(figures: RenderableType) -> None:
    from rich.console import Console

    Console().print(figures)
