"""What surrounds every command: opening the application, stopping, and how errors are told."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from assistant.cli.text import line
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.api.client import Page
    from assistant.app import App
    from assistant.config import Settings

DONE, FAILED, NOT_IN_ARTICLES, PARTLY, STOPPED = 0, 1, 3, 4, 130


def settings() -> Settings:
    from assistant import config

    return config.load()


def open_app() -> App:
    from assistant import app

    return app.open_app(settings())


def logged(app: App, command: str) -> AbstractContextManager[bool]:
    """What a command that takes long logs meanwhile is kept in a file of its own."""
    from assistant import logs

    return logs.kept(app.settings.store, command)


def open_asker() -> App | Page:
    """The page that is served from the same library, whose model is loaded; else the application.

    Both answer questions and give articles; see `assistant.api.client`.
    """
    from assistant.api import client

    return client.running(settings()) or open_app()


@contextmanager
def stop_on_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; a second one interrupts at once.

    The model stops by the event. An interrupt would be swallowed where it meets C code's callback.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def run(cli: click.Group, args: Sequence[str] | None) -> int:
    """Run a command and return its exit code; tell what went wrong on one line of stderr."""
    _print_anything()
    try:
        code = cli.main(args, prog_name="assistant", standalone_mode=False)
        sys.stdout.flush()
        return code or DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
        hint = f" (see {where} --help)" if where else ""
        return _fail(f"{error.format_message()}{hint}", error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except AssistantError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        _close_stdout()
        return FAILED
    except Exception as error:
        if os.environ.get("ASSISTANT_DEBUG"):
            raise
        what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return _fail(f"unexpected error, {what}; {_traceback(error)}", FAILED)


def _fail(message: str, code: int) -> int:
    tell(message)
    return code


def _traceback(error: Exception) -> str:
    """Where it is to be found."""
    from assistant import logs

    try:
        kept = logs.keep_error(settings().store, "commands", error)
    except AssistantError:  # settings that cannot be read
        kept = None
    return f"the traceback is in {kept}" if kept else "ASSISTANT_DEBUG=1 shows the traceback"


def tell(message: str) -> None:
    """One line on stderr."""
    click.echo(f"assistant: {line(message)}", err=True)


def note(message: str) -> None:
    """A dim line on stderr for whoever watches; nothing where nobody does."""
    if sys.stderr.isatty():
        click.secho(line(message), err=True, dim=True)


def _print_anything() -> None:
    """No text or file name can fail to be printed, whatever the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _close_stdout() -> None:
    """Nobody reads on (`| head`): let the flush at exit go nowhere, quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
