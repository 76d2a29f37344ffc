"""The chat model dies in the middle of an answer: told, kept, and the next question is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from answering.fake_chat import FakeChat
from browser.fake_app import FROST, FakeApp

from assistant import config, prompts
from assistant.answering.answer import Answerer
from assistant.answering.writer import Prompts
from assistant.errors import EngineError
from assistant.ui.chat import Chat

QUESTION = "By how much did wholesale prices rise within ten days?"
REPLY = "Wholesale prices rose by 14% within ten days [1]."


class DyingChat(FakeChat):
    """Fails after the second word of the first answer."""

    error: Any = None

    def _stream(self, *given: Any, **options: Any) -> Iterator[Any]:
        for number, chunk in enumerate(super()._stream(*given, **options)):
            if number == 2 and self.error is not None:
                error, self.error = self.error, None
                raise error
            yield chunk


class RealAnswers(FakeApp):
    """Answers as the product does, with this model."""

    def answer_with(self, model: FakeChat) -> None:
        folder = config.resource("prompts")
        wording = Prompts(prompts.answer(folder), prompts.overview(folder), None)
        settings = self.settings.model_copy(update={"refuse_below": 0.0, "support_below": 0.1})
        self.answerer = Answerer(self.library, model, "fake", wording, settings)

    def ask(self, *asked: Any) -> Any:
        return self.answerer.ask(*asked)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[RealAnswers]:
    app = RealAnswers(tmp_path)
    app.begin_with(FROST)
    yield app
    app.library.close()


def _asked(chat: Chat, page: str = "page") -> str:
    request: Any = SimpleNamespace(
        session_hash=page, username=None, cookies={"reader": "me"}, headers={}
    )
    shown = [live.turn for live in chat.ask(QUESTION, {}, request) if isinstance(live.turn, str)]
    return shown[-1]


@pytest.mark.parametrize(
    "error, told",
    [
        (EngineError("the model failed while reading (-3); ask again"), "ask again"),
        (RuntimeError("a secret detail"), "log says more; ask again"),
        (MemoryError(), "log says more; ask again"),
        (OSError(28, "No space left on device"), "log says more; ask again"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_it_is_told_and_kept_and_the_next_question_works(
    app: RealAnswers, error: Exception, told: str
) -> None:
    model = DyingChat(replies=[REPLY, REPLY], error=error)
    app.answer_with(model)
    chat = Chat(app)  # type: ignore[arg-type]
    shown = _asked(chat)
    assert told in shown and "secret" not in shown
    assert "14%" in _asked(chat)
    [conversation] = app.conversations()
    first, second = app.exchanges(conversation)
    assert first.answer is None and first.words.startswith("Wholesale") and told in first.trouble
    assert second.answer is not None and second.answer.citations
    assert not app.answerer.queue.busy


def test_others_who_wait_get_their_turn(app: RealAnswers) -> None:
    app.answer_with(DyingChat(replies=[REPLY, REPLY], error=RuntimeError("dead")))
    chat = Chat(app)  # type: ignore[arg-type]
    with app.answerer.queue.ticket():
        pass
    assert "ask again" in _asked(chat, "one")
    assert "14%" in _asked(chat, "other")
    assert not chat.running._stops
