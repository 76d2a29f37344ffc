"""`serve` and `evaluate`: what runs for long."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli import door


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port of the page, instead of the one in the settings.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the page in a browser.")
def serve(port: int | None, no_browser: bool) -> int:
    """Serve the page, on this machine alone; Ctrl-C ends it."""
    from assistant.ui import server

    with door.open_app() as app:
        server.serve(app, port or app.settings.port, not no_browser)
    return door.DONE


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), help="Ask only the first N questions.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write figures, settings and every answer there, as JSON.",
)
def evaluate(file: Path, limit: int | None, out: Path | None) -> int:
    """Measure the answers to the questions of FILE.

    Counts right answers, right citations and refusals, and takes the time.

    Each line of FILE is a JSON object with "question", "answers" (accepted wordings; none if the
    articles do not hold the answer), "article" (a title, or null) and, if you like, "id" and
    "kind". The run is written to --out after every question, so Ctrl-C keeps what is there.
    """
    from rich.console import Console

    from assistant.cli.progress import bar
    from assistant.evaluation import questions, report
    from assistant.evaluation.run import Run, evaluate

    chosen = questions.read(file)[:limit]
    with door.open_app() as app, door.stop_on_ctrl_c() as stop:
        about = report.about(app)

        def on_progress(run: Run) -> None:
            advance(len(run.results), len(run.questions))
            if out:
                report.write(out, run, about)

        with bar("Asking", "questions") as advance:
            on_progress(Run(chosen))
            run = evaluate(app, chosen, on_progress, stop)
    Console().print(report.table(run))
    return door.STOPPED if stop.is_set() else door.DONE


COMMANDS = (serve, evaluate)
