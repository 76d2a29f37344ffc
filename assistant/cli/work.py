"""`serve` and `mcp`, and `users`: who may open the page where it asks for a login."""

from __future__ import annotations

import signal
import sys

import click

from assistant.cli import door, text


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port of the page, instead of the one in the settings.",
)
@click.option(
    "--host",
    help="Address of the page, instead of the one in the settings; 0.0.0.0: for the whole network.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the page in a browser.")
def serve(port: int | None, host: str | None, no_browser: bool) -> int:
    """Serve the page; Ctrl-C ends it.

    On this machine alone, unless the setting host says otherwise. A page in a network asks for a
    login: give each person one with `assistant users add NAME` first.
    """
    from assistant.ui import server

    with door.open_app() as app:
        if host:
            app.apply(app.settings.model_copy(update={"host": host}))
        server.serve(app, port or app.settings.port, not no_browser)
    return door.DONE


@click.command()
def mcp() -> int:
    """Serve other assistants the tools search, read, ask and add.

    They start this command themselves, and speak the Model Context Protocol with it on its standard
    input and output. Those that speak it over HTTP find it at /mcp of the page.
    """
    from assistant.api import protocol

    # Ctrl-C ends it at once: what waits for standard input cannot be interrupted otherwise.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with door.open_app() as app, door.logged(app, "mcp"):
        protocol.speak(app)
    return door.DONE


@click.group()
def users() -> None:
    """Say who may open the page with a password.

    Where there is anybody, everybody logs in; it takes effect when the page is next started.
    Their programs need a token.
    """


@users.command("list")
def list_() -> int:
    """List the names."""
    from assistant.ui import users as kept

    for name in kept.users(door.settings().store):
        click.echo(text.line(name))
    return door.DONE


@users.command()
@click.argument("name")
def add(name: str) -> int:
    """Let NAME in with a password, or give a new one.

    The password is asked for, or read as the first line of standard input.
    """
    from assistant.ui import users as kept

    kept.add(door.settings().store, name, _password())
    click.echo(f"{text.line(name)} may sign in")
    return door.DONE


@users.command()
@click.argument("name")
def remove(name: str) -> int:
    """Let NAME in no more."""
    from assistant.errors import UsageError
    from assistant.ui import users as kept

    if not kept.remove(door.settings().store, name):
        raise UsageError(f"nobody is named {name}; see `assistant users list`")
    click.echo(f"{text.line(name)} may no longer sign in")
    return door.DONE


@users.command()
@click.argument("name")
def token(name: str) -> int:
    """Print a token with which NAME's programs may use the API.

    It is shown this once; one given before no longer holds, nor this one after another password.
    """
    from assistant.ui import tokens

    click.echo(tokens.give(door.settings().store, name))
    return door.DONE


def _password() -> str:
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
        return asked
    return sys.stdin.readline().rstrip("\r\n")


COMMANDS = (serve, mcp, users)
