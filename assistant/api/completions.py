"""/v1/chat/completions and /v1/models, for programs that speak OpenAI's API.

The last message is the question, those of the person and of the assistant before it are the
history; system messages and the wishes for a model or a temperature change nothing. What is sent
back is the checked answer, also where it is streamed: words cannot be taken back there.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from threading import Event as Stop
from typing import TYPE_CHECKING, Any

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.requests import Request

from assistant.api import problems
from assistant.api.asking import answer_of, data, streamed
from assistant.api.problems import Missing
from assistant.api.work import begun, followed
from assistant.chains import conversation
from assistant.errors import EngineError
from assistant.records import Answer, Citation, Done, Event

if TYPE_CHECKING:
    from assistant.app import App

_UNSUPPORTED = " (not supported by the articles)"
_SOURCES = "\n\nSources:"
_SELF = "assistant"
_LETTERS_A_TOKEN = 4  # about; nobody pays by the token here


class Part(BaseModel):
    type: str
    text: str = ""


class Message(BaseModel):
    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""

    @property
    def turn(self) -> tuple[str, str]:
        """As a part of the conversation: without the sources under an earlier answer."""
        return self.role, self.text.partition(_SOURCES)[0] if self.role == _SELF else self.text


class StreamOptions(BaseModel):
    include_usage: bool = False


class Wanted(BaseModel):
    """What is asked of a completion here; whatever else is sent is passed over."""

    messages: list[Message]
    stream: bool | None = False
    stream_options: StreamOptions | None = None


@dataclass(frozen=True)
class Said:
    """An answer as the pieces of a message, and where in it which quotes are cited."""

    answer: Answer
    pieces: Sequence[str]
    annotations: Sequence[dict[str, Any]]

    @property
    def content(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True)
class Reply:
    """What all that is sent of one completion has in common."""

    model: str
    asked: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, said: Said) -> dict[str, Any]:
        message = {
            "role": _SELF,
            "content": said.content,
            "refusal": None,
            "annotations": list(said.annotations),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        about = {"usage": self.usage(said), "answer": said.answer.as_json()}
        return {**self._head("chat.completion"), "choices": [choice], **about}

    def chunk(self, delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def last_of_all(self, said: Said) -> dict[str, Any]:
        """The chunk that tells the usage, where it is wanted."""
        return {
            **self._head("chat.completion.chunk"), "choices": [], "usage": self.usage(said),
        }  # fmt: skip

    def usage(self, said: Said) -> dict[str, int]:
        prompt, written = (len(text) // _LETTERS_A_TOKEN for text in (self.asked, said.content))
        return {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
        }

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


@dataclass(frozen=True)
class Completions:
    """The handlers."""

    app: App

    async def complete(self, wanted: Wanted, request: Request) -> Response:
        """Answer the last message from the articles."""
        question, history = conversation([each.turn for each in wanted.messages])

        def begin(stop: Stop) -> Iterator[Event]:
            return self.app.ask(question, history, stop)

        made = await begun(followed(request, begin))
        asked = "\n".join(message.text for message in wanted.messages)
        reply = Reply(self.app.model_name, asked)
        if wanted.stream:
            usage = bool(wanted.stream_options and wanted.stream_options.include_usage)
            return streamed(_chunks(made, reply, usage))
        return JSONResponse(reply.whole(said(await answer_of(made))))

    def models(self) -> JSONResponse:
        """The model that answers now."""
        return JSONResponse({"object": "list", "data": [_model(self.app.model_name)]})

    def model(self, name: str) -> JSONResponse:
        if name != self.app.model_name:
            raise Missing(f"the model {name} is not in use; {self.app.model_name} is")
        return JSONResponse(_model(name))


def said(answer: Answer) -> Said:
    """The answer as any client shows it: many drop the annotations, so the quotes stand below."""
    if answer.refused:
        return Said(answer, [answer.text], [])
    by_number = {citation.number: citation for citation in answer.citations}
    pieces: list[str] = []
    annotations = []
    length = 0
    for sentence in answer.sentences:
        piece = f" {sentence.text}" if pieces else sentence.text
        for number in sentence.citations:
            mark = f"[{number}]"
            start = length + len(piece) + 1
            annotations.append(_annotation(by_number[number], start, start + len(mark)))
            piece += f" {mark}"
        piece += _UNSUPPORTED if sentence.supported is False else ""
        pieces.append(piece)
        length += len(piece)
    if answer.citations:
        pieces.append("\n".join([_SOURCES, *map(_source, answer.citations)]))
    return Said(answer, pieces, annotations)


def _source(citation: Citation) -> str:
    article = citation.article
    return f"[{citation.number}] {article.title} ({article.source}): “{citation.quote}”"


def _annotation(citation: Citation, start: int, end: int) -> dict[str, Any]:
    """A citation in the message's own offsets; `quote` and `article_id` are no part of OpenAI's."""
    article = citation.article
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "url": article.url or article.source,
            "title": article.title,
            "quote": citation.quote,
            "article_id": article.id,
        },
    }


async def _chunks(made: AsyncGenerator[Event], reply: Reply, usage: bool) -> AsyncGenerator[str]:
    try:
        yield data(reply.chunk({"role": _SELF, "content": ""}))
        async with aclosing(made):
            async for event in made:
                if isinstance(event, Done):
                    break
                yield ": at work\n\n"  # a comment, which keeps the connection alive
            else:
                raise EngineError("the answer was stopped before it was done; ask again")
        all_said = said(event.answer)
        for piece in all_said.pieces:
            yield data(reply.chunk({"content": piece}))
        yield data(reply.chunk({"annotations": list(all_said.annotations)}))
        yield data({**reply.chunk({}, "stop"), "answer": event.answer.as_json()})
        if usage:
            yield data(reply.last_of_all(all_said))
    except Exception as error:
        yield data(problems.openai(*problems.told(error)))
    yield "data: [DONE]\n\n"


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "assistant"}
