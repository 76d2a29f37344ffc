"""What a page may ask: the chat over a fake App, without a browser."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from fake_app import FakeApp

from assistant.errors import BusyError, StoreError
from assistant.ui.chat import Chat, Live


@pytest.fixture
def app(tmp_path: Path) -> FakeApp:
    return FakeApp(tmp_path, pause=0.001)


def request(reader: str = "bo", page: str = "1") -> gr.Request:
    return gr.Request(
        username=reader, session_hash=page, headers={"accept-language": "en"}, cookies={}
    )


def last(lives: Iterator[Live]) -> str:
    """The turn as it was shown at the end."""
    *_, shown, _ = lives
    return str(shown.turn)


def bounded(app: FakeApp, **settings: int) -> Chat:
    app.settings = app.settings.model_copy(update=settings)
    return Chat(app)  # type: ignore[arg-type]


def test_a_conversation_has_an_end_which_is_said_and_kept_from_growing(app: FakeApp) -> None:
    chat = bounded(app, max_turns=2)
    for _ in range(2):
        assert "turn done" in last(chat.ask("frost", {}, request()))
    said = last(chat.ask("frost", {}, request()))
    assert "has 2 questions" in said and "max_turns" in said and "new conversation" in said
    assert 'data-turn="0"' in said, "asking it again must not replace what was kept"
    [conversation] = app.conversations()
    assert len(app.exchanges(conversation)) == 2
    talk = chat.talks.at("1")
    assert talk is not None
    wish = {"conversation": talk.id, "replaces": 2}
    assert "max_turns" not in last(chat.ask("frost", wish, request()))
    assert [each.number for each in app.exchanges(conversation)] == [1, 2]


def test_a_failure_before_the_question_is_kept_can_be_asked_again(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(app)  # type: ignore[arg-type]
    last(chat.ask("frost", {}, request()))

    def busy(*_: object) -> None:
        raise StoreError("another process keeps the library busy")

    with monkeypatch.context() as patched:
        patched.setattr(app.library.conversations, "get", busy)
        talk = chat.talks.at("1")
        assert talk is not None
        said = last(chat.ask("frost", {"conversation": talk.id}, request()))
    assert "keeps the library busy" in said and 'data-turn="0"' in said


def test_readers_are_told_apart_and_a_page_is_told_why_it_is_turned_away(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(app)  # type: ignore[arg-type]
    last(chat.ask("frost", {}, request("bo", "1")))
    last(chat.ask("frost", {}, request("bo", "2")))
    last(chat.ask("frost", {}, request("al", "3")))
    assert app.readers == ["bo", "bo", "al"]

    def full(*_: object) -> Iterator[None]:
        raise BusyError("8 questions wait already; try again in a minute")
        yield

    monkeypatch.setattr(app, "ask", full)
    assert "8 questions wait already" in last(chat.ask("frost", {}, request()))
    assert chat.meter.outcomes["busy"] == 1 and chat.meter.outcomes["answered"] == 3


def test_leaving_the_page_stops_the_question(app: FakeApp) -> None:
    chat = Chat(app)  # type: ignore[arg-type]
    lives = chat.ask("queue up", {}, request())
    next(lives)
    next(lives)
    [stop] = app.stops
    assert not stop.is_set()
    chat.closed(request())
    assert stop.is_set()
    list(lives)
    assert chat.meter.outcomes["stopped"] == 1 and len(app.ended) == 1


def test_a_setting_lets_the_log_have_the_words(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "assistant"):
        last(Chat(app).ask("frost and oats", {}, request()))  # type: ignore[arg-type]
        last(bounded(app, log_questions=True).ask("frost and oats", {}, request()))
    without, with_words = [record.facts for record in caplog.records]  # type: ignore[attr-defined]
    assert "oats" not in str(without).lower()
    assert with_words["question"] == "frost and oats" and "14%" in with_words["answer"]
