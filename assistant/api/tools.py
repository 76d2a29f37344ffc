"""What other assistants may do here: search, read, ask and add."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from threading import Event as Stop
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from assistant.api import articles, shapes
from assistant.api.asking import answer_of, found
from assistant.api.completions import said
from assistant.api.work import followed
from assistant.errors import SourceError
from assistant.records import Event, Found, Searching, Token, Turn, Waiting

if TYPE_CHECKING:
    from assistant.api.client import Page
    from assistant.app import App

Tell = Callable[[float, float | None, str | None], Awaitable[None]]
"""(how far, of how much, what is being done): whoever waits sees that something is."""

_AT_WORK = {
    Waiting: "waiting for the model",
    Searching: "searching",
    Found: "reading what was found",
    Token: "writing",
}


@dataclass(frozen=True)
class Given:
    """What a tool gives: for a program, and as a text for a model to read."""

    values: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Tool:
    does: Callable[[Tools, Any, Tell], Awaitable[Given]]
    description: str
    takes: type[BaseModel]
    gives: type[BaseModel]
    reads_only: bool = True


@dataclass(frozen=True)
class Tools:
    """The tools over one library; `asker` is whoever answers its questions."""

    app: App
    asker: Callable[[], App | Page]

    async def search(self, wanted: shapes.Search, tell: Tell) -> Given:
        scope = wanted.scope.record()
        return _plain(await run_in_threadpool(found, self.app, wanted.question, scope))

    async def read(self, wanted: shapes.Read, tell: Tell) -> Given:
        article = await run_in_threadpool(articles.article, self.app, wanted.id)
        text = article.text[wanted.start : wanted.start + wanted.length]
        place = {"start": wanted.start, "end": wanted.start + len(text)}
        return _plain(article.as_json() | {"text": text, **place, "length": len(article.text)})

    async def ask(self, wanted: shapes.Ask, tell: Tell) -> Given:
        history = [Turn(turn.question, turn.answer) for turn in wanted.history]
        scope = await run_in_threadpool(articles.known, self.app, wanted.scope.record())

        def begin(stop: Stop) -> Iterator[Event]:
            return self.asker().ask(wanted.question, history, stop, scope)

        answer = await answer_of(_telling(followed(None, begin), tell))
        return Given(answer.as_json(), said(answer).content)

    async def add(self, wanted: shapes.NewArticle, tell: Tell) -> Given:
        results = await articles.added(self.app, wanted)
        if error := articles.refusal(results):
            raise SourceError(error)
        return _plain(articles.all_of(results))


TOOLS = {
    "search": Tool(
        Tools.search,
        "Find the passages of the person's saved articles that bear on a question, best first, and"
        " the sentences in them that do. Quick: no language model is at work.",
        shapes.Search,
        shapes.Found,
    ),
    "read": Tool(
        Tools.read,
        "Read one of the person's saved articles, or a stretch of it, by its id.",
        shapes.Read,
        shapes.Stretch,
    ),
    "ask": Tool(
        Tools.ask,
        "Have a question answered from the person's saved articles alone, by the language model on"
        " their machine, which takes some seconds. Every sentence is cited with a verbatim quote"
        " and checked against it; where the articles do not hold the answer, that is what it says.",
        shapes.Ask,
        shapes.Answer,
    ),
    "add": Tool(
        Tools.add,
        "Add an article to the person's saved ones: a text, or the address of a page or feed.",
        shapes.NewArticle,
        shapes.AddedAll,
        reads_only=False,
    ),
}


async def _telling(made: AsyncGenerator[Event], tell: Tell) -> AsyncGenerator[Event]:
    """The same, told as it comes: a client waits longer where it hears something."""
    count = 0
    async with aclosing(made):
        async for event in made:
            if doing := _AT_WORK.get(type(event)):
                count += 1
                await tell(count, None, doing)
            yield event


def _plain(values: dict[str, Any]) -> Given:
    return Given(values, json.dumps(values, ensure_ascii=False))
