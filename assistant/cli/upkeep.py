"""`doctor`, `export` and `import`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from assistant.cli import door


@click.command()
@click.option("--repair", is_flag=True, help="Mend what is wrong.")
def doctor(repair: bool) -> int:
    """Say what is wrong with the library; mend it if asked to.

    Exits with 1 where something is wrong and stays so.
    """
    with door.open_app() as app:
        findings = app.library.examine()
        for finding in findings:
            click.echo(finding.told)
        if repair and findings:
            app.library.mend(findings)
            findings = app.library.examine()
            click.echo("mended" if not findings else "not everything could be mended")
            for finding in findings:
                click.echo(finding.told)
        counts = app.library.counts()
    if findings:
        if not repair:
            door.note("assistant doctor --repair mends it.")
        return door.FAILED
    click.echo(f"{counts.articles:,} articles, {counts.passages:,} passages: all is well")
    return door.DONE


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> int:
    """Copy the whole library into one FILE, for `import`."""
    with door.open_app() as app:
        app.library.save(file)
        count = app.library.counts().articles
    click.echo(f"{count:,} articles in {file}")
    return door.DONE


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def import_(file: Path) -> int:
    """Add all articles of a library that `export` wrote."""
    from assistant.cli.progress import bar

    outcomes: Counter[str] = Counter()
    with door.open_app() as app, door.stop_on_ctrl_c() as stop, bar("Adding", "articles") as show:
        for done, (_, outcome, total) in enumerate(app.library.take_in(file, stop), 1):
            outcomes[outcome] += 1
            show(done, total)
    click.echo(", ".join(f"{kind} {outcomes[kind]}" for kind in ("added", "updated", "same")))
    return door.STOPPED if stop.is_set() else door.DONE


COMMANDS = (doctor, export, import_)
