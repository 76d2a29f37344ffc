"""The command line as a page, from click's own data."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click
from tables import code, joined, table

from assistant.cli import cli

_ABOUT = """
# Command line

In a checkout the command is `.venv/bin/assistant`. Every command shows its options with `--help`.
"""
_ALIKE = {"--help", "--version"}  # of every command, and told above


def page() -> str:
    [top, *others] = _walk("assistant", cli)
    return joined([_ABOUT, *_told(*top, level=0), *(p for each in others for p in _told(*each))])


def _walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for each in sorted(command.commands):
            yield from _walk(f"{name} {each}", command.commands[each])


def _told(name: str, command: click.Command, level: int = 2) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    if level:
        yield f"{'#' * level} {name}"
    yield f"```text\n{' '.join([name, *command.collect_usage_pieces(context)])}\n```"
    yield from _paragraphs(command.help)
    yield table(("option", "what it does"), _options(command, context))
    yield from _paragraphs(command.epilog)


def _options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(context):
        if not isinstance(parameter, click.Option) or _ALIKE.intersection(parameter.opts):
            continue
        if record := parameter.get_help_record(context):
            yield code(record[0]), record[1]


def _paragraphs(text: str | None) -> Iterator[str]:
    """As click shows them: one that begins with a line of \\b keeps its lines."""
    for paragraph in inspect.cleandoc(text or "").split("\n\n"):
        if paragraph.strip().startswith("\b"):
            yield f"```text\n{paragraph.replace(chr(8), '').strip()}\n```"
        else:
            yield paragraph
