"""A chat model with a queue of answers, for the logic around it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from assistant.errors import Stopped


class FakeChat(BaseChatModel):
    """Streams the next of `replies` word by word; keeps the prompts it was given.

    With a `gate`, it waits for that event before each word.
    """

    replies: list[str] = Field(default_factory=list)
    prompts: list[list[BaseMessage]] = Field(default_factory=list)
    options: list[dict[str, Any]] = Field(default_factory=list)
    gate: Any = None

    @property
    def _llm_type(self) -> str:
        return "fake"

    def get_num_tokens(self, text: str) -> int:
        return len(text.split())

    def _generate(self, messages: list[BaseMessage], *_: Any, **kwargs: Any) -> ChatResult:
        text = "".join(str(c.message.content) for c in self._stream(messages, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: Any = None,
        stop_event: threading.Event | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.prompts.append(messages)
        self.options.append(kwargs)
        for word in re.findall(r"\S+\s*", self.replies.pop(0)) or [""]:
            if self.gate is not None:
                self.gate.wait(5)
            if stop_event is not None and stop_event.is_set():
                raise Stopped
            yield ChatGenerationChunk(message=AIMessageChunk(content=word))
