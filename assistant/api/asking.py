"""/api/ask and /api/search."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from threading import Event as Stop
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from assistant.api import problems, shapes
from assistant.api.articles import Limits, known
from assistant.api.work import begun, followed
from assistant.errors import EngineError
from assistant.records import Answer, Done, Event, Hit, Scope, Turn, events

if TYPE_CHECKING:
    from assistant.app import App


def streamed(lines: AsyncGenerator[str]) -> StreamingResponse:
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(lines, media_type="text/event-stream", headers=headers)


def data(values: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(values, ensure_ascii=False)}\n\n"


async def answer_of(made: AsyncGenerator[Event]) -> Answer:
    """The answer at the end. Raises EngineError where there is none."""
    async with aclosing(made):
        async for event in made:
            if isinstance(event, Done):
                return event.answer
    raise EngineError("the answer was stopped before it was done; ask again")


@dataclass(frozen=True)
class Asking:
    """The handlers."""

    app: App

    async def ask(self, asked: shapes.Question, request: Request) -> Response:
        """Answer a question from the articles, every sentence with its citations.

        With `stream`, server-sent events whose data are the objects waiting, searching, found,
        token (not checked yet) and, last, done with the answer, or error. Whoever leaves stops it.
        """
        history = [Turn(turn.question, turn.answer) for turn in asked.history]
        scope = await run_in_threadpool(known, self.app, asked.scope.record())

        def begin(stop: Stop) -> Iterator[Event]:
            return self.app.ask(asked.question, history, stop, scope)

        made = await begun(followed(request, begin))
        if asked.stream:
            return streamed(_told(made))
        return JSONResponse((await answer_of(made)).as_json())

    def search(
        self, q: Annotated[str, Query(description="a question, or words")], scope: Limits
    ) -> JSONResponse:
        """What the articles hold for a question; no language model is at work."""
        return JSONResponse(found(self.app, q, scope))


def found(app: App, question: str, scope: Scope) -> dict[str, Any]:
    """As `shapes.Found`. Raises QuestionError, and Missing for an article that is not there."""
    looked = app.find(question, known(app, scope))
    return {
        "question": looked.asked,
        "scope": looked.scope.as_json(),
        "strength": round(looked.strength, 3),
        "passages": [_passage(hit) for hit in looked.hits],
        "evidence": [each.as_json() for each in looked.evidence],
        "seconds": round(looked.seconds, 3),
    }


async def _told(made: AsyncGenerator[Event]) -> AsyncGenerator[str]:
    try:
        async with aclosing(made):
            async for event in made:
                yield data(events.as_json(event))
    except Exception as error:
        message, status, kind = problems.told(error)
        yield data({"event": "error", **problems.plain(message, status, kind)})


def _passage(hit: Hit) -> dict[str, Any]:
    span = hit.passage.span
    return {
        "article": hit.article.as_json(),
        "start": span.start,
        "end": span.end,
        "page": hit.article.page(span.start),
        "text": hit.text,
        "similarity": round(float(hit.similarity), 3),
        "score": round(float(hit.score), 5),
    }
