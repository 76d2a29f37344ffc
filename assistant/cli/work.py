"""`serve`."""

from __future__ import annotations

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


COMMANDS = (serve,)
