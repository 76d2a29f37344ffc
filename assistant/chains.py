"""The library as parts of LangChain chains."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import pairwise
from typing import Any, cast

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict, Field

from assistant.app import App
from assistant.errors import QuestionError, Stopped
from assistant.records import EVERYTHING, Answer, Done, Hit, Scope, Turn

_ROLES = {"human": "user", "ai": "assistant"}

Asked = str | Mapping[str, Any] | PromptValue | BaseMessage | Sequence[BaseMessage]


class Retriever(BaseRetriever):
    """Passages as documents, best first: `k` of them, or as many as the setting `passages` says."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    app: App = Field(exclude=True, repr=False)
    scope: Scope = EVERYTHING
    k: int | None = Field(default=None, ge=1)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        hits = self.app.find(query, self.scope, k or self.k).hits
        return [_document(hit) for hit in hits]


class Answering(Runnable[Asked, Answer]):
    """Question → checked answer.

    The question is a text, what a prompt template or a chat gives (its last message; those before
    are the history), or a mapping with `question` and, if wanted, `history` and `scope`. Streaming
    gives the one answer: words are not given away before they are checked. Where an asynchronous
    call is cancelled, the model stops.
    """

    def __init__(self, app: App, scope: Scope = EVERYTHING) -> None:
        self._app = app
        self._scope = scope

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        return self._call_with_config(self._answered, input, config)

    async def ainvoke(
        self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Answer:
        return await self._acall_with_config(self._answered_aside, input, config)

    def _answered(self, asked: Asked) -> Answer:
        return answered(self._app, *self._read(asked), threading.Event())

    async def _answered_aside(self, asked: Asked) -> Answer:
        stop = threading.Event()
        try:
            return await asyncio.to_thread(answered, self._app, *self._read(asked), stop)
        finally:
            stop.set()

    def _read(self, asked: Asked) -> tuple[str, Sequence[Turn], Scope]:
        if isinstance(asked, str):
            return asked, (), self._scope
        if isinstance(asked, Mapping):
            if not isinstance(asked.get("question"), str):
                raise QuestionError("the mapping holds no question; give one under “question”")
            return asked["question"], asked.get("history", ()), asked.get("scope", self._scope)
        if isinstance(asked, PromptValue):
            asked = asked.to_messages()
        messages = [asked] if isinstance(asked, BaseMessage) else asked
        said = [(_ROLES.get(message.type, ""), message.text) for message in messages]
        return *conversation(said), self._scope


def answered(
    app: App, question: str, history: Sequence[Turn], scope: Scope, stop: threading.Event
) -> Answer:
    """The answer at the end. Raises QuestionError, ModelFileError, Stopped."""
    with closing(cast(Any, app.ask(question, history, stop, scope))) as events:
        for event in events:
            if isinstance(event, Done):
                return event.answer
    raise Stopped


def conversation(said: Sequence[tuple[str, str]]) -> tuple[str, list[Turn]]:
    """The question and the history of a talk, given by (role, text), oldest first.

    Roles but “user” and “assistant” are passed over. Raises QuestionError where none is last.
    """
    talk = [(role, text) for role, text in said if role in ("user", "assistant")]
    if not talk or talk[-1][0] != "user":
        raise QuestionError("the last message must be the question, with the role user")
    turns = [
        Turn(question, answer)
        for (one, question), (other, answer) in pairwise(talk)
        if (one, other) == ("user", "assistant")
    ]
    return talk[-1][1], turns


def _document(hit: Hit) -> Document:
    article, span = hit.article, hit.passage.span
    return Document(
        id=hit.passage.id,
        page_content=hit.text,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "source": article.source,
            "published": article.published.isoformat() if article.published else None,
            "start": span.start,
            "end": span.end,
            "page": article.page(span.start),
            "similarity": round(float(hit.similarity), 3),
        },
    )
