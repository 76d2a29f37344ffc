"""`follow`, `unfollow`, `update` and `watch`."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli import door, text
from assistant.cli.articles import followed_through, told
from assistant.errors import UsageError


@click.command()
@click.argument("places", metavar="PLACE...", nargs=-1)
def follow(places: tuple[str, ...]) -> int:
    """Follow folders and feeds, which `update` reads again.

    PLACE is a folder, the address of a feed, or that of a page that names its feed. Without one,
    what is followed is listed.
    """
    with door.open_app() as app:
        for place in places:
            followed = app.follow(place)
            click.echo(f"following {text.line(followed.title)}  ({text.line(followed.place)})")
        if not places:
            rows = [
                (text.line(each.title), text.line(each.place)) for each in app.library.followed()
            ]
            click.echo(text.columns(rows)) if rows else door.note("Nothing is followed yet.")
    return door.DONE


@click.command()
@click.argument("place")
def unfollow(place: str) -> int:
    """Follow PLACE no more; its articles stay."""
    with door.open_app() as app:
        folder = str(Path(place).expanduser().resolve())
        if not (app.library.unfollow(place) or app.library.unfollow(folder)):
            raise UsageError(f"{place} is not followed; see: assistant follow")
    return door.DONE


@click.command()
@click.option("--quiet", is_flag=True, help="Print nothing but what was refused.")
def update(quiet: bool) -> int:
    """Read what is followed again, as far as it has changed."""
    with door.open_app() as app, door.logged(app, "update"), door.stop_on_ctrl_c() as stop:
        results = followed_through(app.update(stop), quiet)
    return told(results, quiet, stop.is_set())


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(file_okay=False, exists=True))
@click.option(
    "--every", default=60.0, show_default=True, help="Seconds from one look to the next.",
    type=click.FloatRange(min=1),
)  # fmt: skip
def watch(folders: tuple[str, ...], every: float) -> int:
    """Add what comes into FOLDERS, until Ctrl-C.

    Whatever else is followed is looked at, too.
    """
    with door.open_app() as app, door.logged(app, "watch"), door.stop_on_ctrl_c() as stop:
        for folder in folders:
            app.follow(folder)
        if not app.library.followed():
            raise UsageError("nothing is followed; name a folder, or see: assistant follow --help")
        door.note("Watching; Ctrl-C ends it.")
        refused: set[tuple[str, str]] = set()
        while True:
            for result in app.update(stop):
                if result.error and (result.source, result.error) not in refused:
                    refused.add((result.source, result.error))
                    door.tell(result.error)
                elif result.outcome in ("added", "updated") and result.article is not None:
                    click.echo(f"{result.outcome} {text.line(result.article.title)}")
            if stop.wait(every):
                return door.DONE


COMMANDS = (follow, unfollow, update, watch)
