"""`conversations` and `feedback`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli import door, text
from assistant.errors import UsageError
from assistant.records import Conversation, Exchange

if TYPE_CHECKING:
    from assistant.library.conversations import Conversations


@click.group(invoke_without_command=True)
@click.pass_context
def conversations(context: click.Context) -> int:
    """List the conversations of the page, latest first."""
    if context.invoked_subcommand is None:
        with door.open_app() as app:
            found = app.library.conversations.list(None)
        if found:
            click.echo(
                text.columns([(each.id, _when(each), text.line(each.title)) for each in found])
            )
        else:
            door.note("No conversations yet; they begin on the page: assistant serve")
    return door.DONE


def _when(conversation: Conversation) -> str:
    return f"{conversation.changed.astimezone():%Y-%m-%d %H:%M}"


@conversations.command()
@click.argument("id_", metavar="ID")
def show(id_: str) -> int:
    """Show a conversation, found by its ID or beginning of it."""
    with door.open_app() as app:
        kept = app.library.conversations
        found = _find(kept, id_)
        exchanges = kept.exchanges(None, found.id)
    click.echo(f"{text.line(found.title)} · {_when(found)}")
    for exchange in exchanges:
        click.echo(f"\n> {text.line(exchange.question)}\n")
        click.echo(_told(exchange))
    return door.DONE


def _find(kept: Conversations, id_: str) -> Conversation:
    found = [each for each in kept.list(None) if each.id.startswith(id_)]
    if len(found) != 1:
        raise UsageError(
            f"no single conversation has an id beginning with “{id_}”; see: assistant conversations"
        )
    return found[0]


def _told(exchange: Exchange) -> str:
    answer = exchange.answer
    if answer is not None:
        return "\n\n".join(filter(None, [text.body(answer), text.sources(answer)]))
    if exchange.trouble:
        return text.clean(exchange.trouble)
    return f"{text.clean(exchange.words)} (stopped)".lstrip()


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, one JSON object a line.",
)
def feedback(out: Path) -> int:
    """Write the judged answers as questions for `evaluate`.

    A refusal judged good becomes a question without an answer, a good answer one with its own
    words as the accepted ones, a bad one with a short remark one with the remark's.
    """
    from assistant.evaluation import feedback

    with door.open_app() as app:
        judged = app.library.conversations.judged()
    rows = feedback.questions(judged)
    if not rows:
        raise UsageError(
            f"{text.plural(len(judged), 'verdict')}, none of which makes a question; judge some"
            " answers on the page"
        )
    try:
        with out.open("x", encoding="utf-8", errors="replace") as file:
            file.write(feedback.jsonl(rows))
    except FileExistsError as error:
        raise UsageError(f"{out} is there already; choose another name or delete it") from error
    except OSError as error:
        raise UsageError(
            f"cannot write {out} ({error.strerror}); name a file in a folder that can be written"
        ) from error
    verdicts = text.plural(len(judged), "verdict")
    click.echo(f"{text.plural(len(rows), 'question')} of {verdicts} in {out}")
    return door.DONE


COMMANDS = (conversations, feedback)
