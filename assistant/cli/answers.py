"""`ask` and `chat`."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from assistant.cli import door, text
from assistant.cli.scope import known, scoped
from assistant.errors import AssistantError, EngineError, QuestionError
from assistant.records import Answer, Done, Event, Found, Scope, Searching, Token, Turn, Waiting

if TYPE_CHECKING:
    from assistant.api.client import Page
    from assistant.app import App


@click.command()
@click.argument("question")
@click.option("--json", "json_", is_flag=True, help="Print the answer as one JSON object.")
@scoped
def ask(question: str, json_: bool, scope: Scope) -> int:
    """Answer QUESTION from the articles, citing them.

    Where the page is served from the same library, it answers: its model is loaded already.
    Exits with 3 where the articles do not hold the answer.
    """
    words = text.Stream() if sys.stdout.isatty() and not json_ else None
    with door.open_asker() as app:
        answer = _follow(app, question, (), words, known(app, scope))
    if answer is None:
        return door.STOPPED
    if json_:
        click.echo(text.as_json(answer.as_json()))
    else:
        _show(answer, words)
    return door.NOT_IN_ARTICLES if answer.refused else door.DONE


@click.command()
@scoped
def chat(scope: Scope) -> int:
    """Ask one question after another.

    Each may lean on what was said before.
    An empty line or Ctrl-D ends the chat; Ctrl-C stops a running answer.
    """
    history: list[Turn] = []
    with door.open_asker() as app, _warming(app):
        scope = known(app, scope)
        while question := _question():
            words = text.Stream() if sys.stdout.isatty() else None
            try:
                answer = _follow(app, question, history, words, scope)
            except (QuestionError, EngineError) as error:
                door.tell(str(error))
                continue
            if answer:
                _show(answer, words)
                history.append(Turn(answer.asked or question, answer.text))
    return door.DONE


COMMANDS = (ask, chat)


def _question() -> str:
    """The next question; empty at the end."""
    watched = sys.stdin.isatty()
    if watched:
        import readline  # noqa: F401 (gives input() its history and line editing)

        click.echo()
    try:
        return input("> " if watched else "").strip()
    except EOFError:
        return ""


@contextlib.contextmanager
def _warming(app: App | Page) -> Iterator[None]:
    """Load the model while the person writes the first question, which will tell what fails."""

    def load() -> None:
        with contextlib.suppress(AssistantError):
            app.warm()

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()  # the application cannot be closed under it


def _follow(
    app: App | Page, question: str, history: Sequence[Turn], words: text.Stream | None, scope: Scope
) -> Answer | None:
    """Ask, telling how it goes and printing what comes into `words`; None if Ctrl-C stopped it."""
    with door.stop_on_ctrl_c() as stop:
        for event in app.ask(question, history, stop, scope):
            _note(event, question, scope)
            if isinstance(event, Token) and words:
                click.echo(words.feed(event.text), nl=False)
            elif isinstance(event, Done):
                return event.answer
    if words and words.printed:
        click.echo()
    door.note("Stopped.")
    return None


def _show(answer: Answer, words: text.Stream | None) -> None:
    """Print what the person has not seen yet of the checked answer."""
    final = text.body(answer)
    if words and words.printed:
        click.echo()
    if not (words and words.agrees_with(final)):
        if words and words.printed:
            door.note("After the check against the articles:")
        click.echo(final)
    if sources := text.sources(answer):
        click.echo(f"\n{sources}")
    if moved := sum(sentence.moved for sentence in answer.sentences):
        door.note(f"The check corrected {text.plural(moved, 'citation')}.")


def _note(event: Event, question: str, scope: Scope) -> None:
    if isinstance(event, Waiting):  # for _warming, or for others who ask the page
        door.note("Waiting for the model")
    elif isinstance(event, Searching):
        if event.question != " ".join(question.split()):
            door.note(f"Searching for: {event.question}")
        if event.scope != scope:
            from assistant.answering.refusal import told

            door.note(f"Searching articles {told(event.scope)}")
    elif isinstance(event, Found):
        articles = len({evidence.article.id for evidence in event.evidence})
        sentences = text.plural(len(event.evidence), "sentence")
        where = text.plural(articles, "article")
        door.note(f"Found {sentences} in {where} ({event.seconds:.1f} s)")
