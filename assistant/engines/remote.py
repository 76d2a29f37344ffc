"""A language model on a server that speaks OpenAI's API, as a LangChain `BaseChatModel`.

The server is talked to in an event loop beside: only so does a stop reach it at once, whatever it
is busy with.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, suppress
from functools import partial
from typing import Any, TypeVar

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.engines.server import Server
from assistant.errors import EngineError, Stopped

_SECONDS_TO_STOP = 0.1
_ODDS = 10  # of the likeliest first words
_FIRST_WORDS = 4  # tokens in which a plain yes or no is said
# What a plain yes or no counts for in logits: enough to decide a doubt either way.
_PLAIN = 2.0

T = TypeVar("T")

_starting = threading.Lock()
_running: asyncio.AbstractEventLoop | None = None


class RemoteChat(BaseChatModel):
    """One model of a server. Calls do not wait for each other.

    Of the keywords of `LocalChat`, `stop_event` and `max_tokens` hold. A server cannot be kept from
    writing citation marks that do not exist, so `marks` is passed over, as are `bias` and
    `context`.

    Raises EngineError where the server is away, refuses, breaks off or answers nonsense.
    """

    server: Server

    _model: Any = PrivateAttr(default=None)
    _tells_odds: bool = PrivateAttr(default=True)

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    def close(self) -> None:
        """Nothing stays open between two calls."""

    def preference(
        self,
        messages: Sequence[BaseMessage],
        one: str,
        other: str,
        stop_event: threading.Event | None = None,
        context: str = "",
    ) -> float:
        """By how much the model would rather answer with `one` than with `other`, in logits.

        Where the server does not tell, its plain answer counts; 0 where that is neither.
        """
        with self.server.translated():
            reply = self._reply(messages, stop_event)
        odds = _odds(reply, one, other)
        if odds is not None:
            return odds
        said = str(reply.content).strip(" \n\"'*.").casefold()
        return _PLAIN * (said.startswith(one.casefold()) - said.startswith(other.casefold()))

    def _reply(self, messages: Sequence[BaseMessage], stop: threading.Event | None) -> AIMessage:
        """The first words of an answer, with their odds where the server tells them."""
        import openai

        ask = partial(self._loaded().ainvoke, list(messages), max_tokens=_FIRST_WORDS)
        if self._tells_odds:
            with suppress(openai.APIStatusError):  # some servers refuse whoever asks for odds
                return _waited(partial(ask, logprobs=True, top_logprobs=_ODDS), stop)
        reply = _waited(ask, stop)
        self._tells_odds = False
        return reply

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(
            str(chunk.message.content) for chunk in self._stream(messages, stop, None, **kwargs)
        )
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        stop_event: threading.Event | None = None,
        max_tokens: int = 256,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._write(messages, stop, stop_event, max_tokens):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
            if run_manager:
                run_manager.on_llm_new_token(piece, chunk=chunk)
            yield chunk

    def _write(
        self,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        stop_event: threading.Event | None,
        max_tokens: int,
    ) -> Iterator[str]:
        import openai

        written = ended = False
        with self.server.translated():
            try:
                pieces = self._loaded().astream(list(messages), stop=stop, max_tokens=max_tokens)
                for piece in _taken(pieces, stop_event):
                    ended = ended or "finish_reason" in piece.response_metadata
                    written = True
                    yield str(piece.content)
            except openai.APIConnectionError as error:
                if isinstance(error, openai.APITimeoutError) or not written:
                    raise
                raise self._broken_off() from error
        if not ended:
            raise self._broken_off()

    def _broken_off(self) -> EngineError:
        return EngineError(
            f"the server {self.server.url} broke off in the middle of the answer; ask again, and"
            " look into its log"
        )

    def _loaded(self) -> Any:
        """LangChain's own model of such a server."""
        if self._model is None:
            from langchain_openai.chat_models.base import BaseChatOpenAI

            # Not ChatOpenAI, which calls max_tokens by a name that some servers do not know.
            self._model = BaseChatOpenAI(
                **self.server.options(),
                temperature=0,
                max_retries=0,
                use_responses_api=False,
                http_socket_options=(),
                stream_chunk_timeout=None,
            )
        return self._model


def _odds(reply: AIMessage, one: str, other: str) -> float | None:
    """The difference of the two words' log-probabilities; None where neither is told."""
    try:
        told = reply.response_metadata["logprobs"]["content"][0]["top_logprobs"]
        odds: dict[str, float] = {}
        for each in told:
            word = each["token"].strip().casefold()
            odds[word] = max(each["logprob"], odds.get(word, each["logprob"]))
    except (KeyError, IndexError, TypeError, AttributeError):
        return None
    if not odds.keys() & {one.casefold(), other.casefold()}:
        return None
    least = min(odds.values())  # a word that is not told has less
    return odds.get(one.casefold(), least) - odds.get(other.casefold(), least)


# --- Between threads and the event loop -----------------------------------------------------------


def _taken(pieces: AsyncGenerator[T, None], stop: threading.Event | None) -> Iterator[T]:
    """The pieces of a stream as they come. Leaving it ends it. Raises Stopped."""
    came: queue.SimpleQueue[T | None] = queue.SimpleQueue()

    async def pump() -> None:
        async with aclosing(pieces):
            async for piece in pieces:
                came.put(piece)

    pumping = asyncio.run_coroutine_threadsafe(pump(), _loop())
    pumping.add_done_callback(lambda _: came.put(None))
    try:
        while True:
            if stop is not None and stop.is_set():
                raise Stopped
            try:
                piece = came.get(timeout=_SECONDS_TO_STOP)
            except queue.Empty:
                continue
            if piece is None:
                pumping.result()
                return
            yield piece
    finally:
        pumping.cancel()


def _waited(work: Callable[[], Awaitable[AIMessage]], stop: threading.Event | None) -> AIMessage:
    async def alone() -> AsyncGenerator[AIMessage, None]:
        yield await work()

    [reply] = _taken(alone(), stop)
    return reply


def _loop() -> asyncio.AbstractEventLoop:
    global _running
    with _starting:
        if _running is None:
            _running = asyncio.new_event_loop()
            threading.Thread(target=_running.run_forever, name="remote", daemon=True).start()
        return _running
