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
    if not _readable(repair):
        return door.FAILED
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
    click.echo(f"what went wrong before stands in the logs in {_logs()}")
    if findings:
        if not repair:
            door.note("assistant doctor --repair mends it.")
        return door.FAILED
    click.echo(f"{counts.articles:,} articles, {counts.passages:,} passages: all is well")
    return door.DONE


def _logs() -> Path:
    from assistant import logs

    return logs.path(door.settings().store).parent


def _readable(repair: bool) -> bool:
    """Whether the library's file can be used; if asked to, what it still holds is saved before."""
    from assistant.library import salvage

    if door.settings().catalog_url:
        return True  # a server's own business
    folder = door.settings().store
    found = salvage.damage(folder)
    if found is None:
        return True
    click.echo(f"the file of the library is damaged: {found}")
    if not repair:
        door.note("assistant doctor --repair reads out of it what can still be read.")
        return False
    saved = salvage.salvage(folder)
    lost = f", at least {saved.lost:,} lost" if saved.lost else ""
    click.echo(f"{saved.articles:,} articles read{lost}; the damaged file is kept in {saved.kept}")
    door.note("Their passages are embedded anew, which takes as long as adding them did.")
    return True


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
