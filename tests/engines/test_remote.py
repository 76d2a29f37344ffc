"""A language model on a server: what it is sent, how it is stopped, and what can go wrong."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage
from model_server import ModelServer, model_server

from assistant.engines.remote import RemoteChat
from assistant.engines.server import Server
from assistant.errors import EngineError, Stopped

ASKED = [SystemMessage("Answer briefly."), HumanMessage("What is the capital of France?")]
WORDS = ["Paris ", "it ", "is, ", "I ", "am ", "sure."]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        server.write = lambda body: WORDS
        yield server


@pytest.fixture
def chat(server: ModelServer) -> RemoteChat:
    given: dict[str, Any] = {"name": "tiny", "key": "secret", "seconds_silent": 0.5}
    return RemoteChat(server=Server("llm", server.url, **given))


def _text(chat: RemoteChat, **options: Any) -> str:
    return "".join(str(chunk.content) for chunk in chat.stream(ASKED, **options))


def test_words_come_one_by_one_and_the_server_is_told_what_counts(
    chat: RemoteChat, server: ModelServer
) -> None:
    server.key = "secret"
    options: dict[str, Any] = {"marks": 3, "bias": {"NOT": -3.0}, "context": "answer"}
    pieces = [str(c.content) for c in chat.stream(ASKED, max_tokens=7, stop=["\n"], **options)]
    assert [piece for piece in pieces if piece] == WORDS
    assert chat.invoke(ASKED).content == "".join(WORDS)
    path, _, body = server.seen[0]
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "tiny",
        "temperature": 0,
        "max_tokens": 7,
        "stop": ["\n"],
        "stream": True,
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": "What is the capital of France?"},
        ],
    }


def test_nothing_is_sent_of_the_machine_or_of_what_is_kept_for_others(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "not-yours")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Own: not-yours")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://192.0.2.1/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    _text(RemoteChat(server=Server("llm", server.url)))
    _, headers, _ = server.seen[0]
    assert "not-yours" not in str(server.seen)
    assert set(headers) == {
        *("accept", "authorization", "connection", "content-length", "content-type", "host")
    }


def test_its_key_is_in_no_description(chat: RemoteChat) -> None:
    assert "secret" not in repr(chat) + str(chat)


@pytest.mark.parametrize("fault", ["stall", "hang"])
def test_stop_reaches_the_server_whatever_it_is_busy_with(
    chat: RemoteChat, server: ModelServer, fault: str
) -> None:
    server.fault, stop = fault, threading.Event()
    patient = RemoteChat(server=Server("llm", server.url))
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped):
        _text(patient, stop_event=stop)
    assert server.left.wait(10)


def test_stop_between_two_words(chat: RemoteChat) -> None:
    stop = threading.Event()
    with pytest.raises(Stopped):
        for chunk in chat.stream(ASKED, stop_event=stop):
            if chunk.content:
                stop.set()


def test_leaving_the_stream_frees_the_server(chat: RemoteChat, server: ModelServer) -> None:
    server.fault = "stall"
    stream = chat.stream(ASKED)
    next(iter(stream))
    stream.close()  # type: ignore[attr-defined]
    assert server.left.wait(10)


def test_several_are_answered_at_once(server: ModelServer) -> None:
    together = threading.Barrier(3)

    def write(body: Any) -> list[str]:
        together.wait(30)
        return WORDS

    server.write = write
    chat, said = RemoteChat(server=Server("llm", server.url)), []
    threads = [threading.Thread(target=lambda: said.append(_text(chat))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert said == ["".join(WORDS)] * 3


def test_it_is_asked_from_within_an_event_loop_too(chat: RemoteChat) -> None:
    async def notebook() -> tuple[str, str]:
        return _text(chat), str((await chat.ainvoke(ASKED)).content)

    with ThreadPoolExecutor(1) as aside:  # the browser of other tests has a loop in this thread
        assert aside.submit(asyncio.run, notebook()).result() == ("".join(WORDS), "".join(WORDS))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("hang", "gives no answer in time; .*llm_url"),
        ("stall", "gives no answer in time"),
        ("die", "broke off in the middle of the answer; ask again"),
        ("unended", "broke off in the middle"),
        ("garbage", "does not answer as OpenAI's API does; correct llm_url"),
        ("page", "does not answer as OpenAI's API does"),
        ("error", r"has failed \(out of memory\)"),
        (307, "does not answer as OpenAI's API does"),
        (400, r"answers 400 \(the reason, in words\)"),
        (403, "refuses the key; .*llm_key"),
        (404, "knows no model “tiny”.*llm_name"),
        (503, "answers 503"),
    ],
)
def test_what_goes_wrong_is_told(
    chat: RemoteChat, server: ModelServer, fault: str | int, told: str
) -> None:
    server.fault = fault
    with pytest.raises(EngineError, match=told) as caught:
        _text(chat)
    assert server.url in str(caught.value)
    server.fault = ""
    assert _text(chat) == "".join(WORDS)


def test_a_wrong_key_and_a_server_that_is_away(chat: RemoteChat, server: ModelServer) -> None:
    server.key = "other"
    with pytest.raises(EngineError, match="llm_key"):
        _text(chat)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(EngineError, match=r"cannot be reached \(.+\); start it"):
        _text(RemoteChat(server=Server("llm", away)))


# A second look


def _prefers(chat: RemoteChat, stop: threading.Event | None = None) -> float:
    return chat.preference(ASKED, "yes", "no", stop, "second_look")


def test_preference_is_told_by_the_odds_of_the_first_word(
    chat: RemoteChat, server: ModelServer
) -> None:
    server.odds = {" Yes": -0.1, "yes": -2.0, "No": -3.1, "Maybe": -5.0}
    assert _prefers(chat) == pytest.approx(3.0)
    server.odds = {"Maybe": -0.1, "no": -3.0, "So": -7.0}  # “yes” is even less likely than these
    assert _prefers(chat) == pytest.approx(-4.0)
    assert server.last["logprobs"] is True and "stream" not in {
        key for key, value in server.last.items() if value
    }


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.parametrize(
    ("said", "sign"), [("Yes.", 1), ("no", -1), ("**No**, it", -1), ("The passage", 0)]
)
def test_without_odds_the_plain_answer_counts(
    chat: RemoteChat, server: ModelServer, refuses: bool, said: str, sign: int
) -> None:
    server.refuses_odds = refuses
    server.write = lambda body: [said]
    assert _prefers(chat) == sign * 2.0
    asked = len(server.seen)
    assert _prefers(chat) == sign * 2.0
    assert len(server.seen) == asked + 1  # it is not asked for odds again where it refused them


def test_a_second_look_is_stopped_and_fails_like_an_answer(
    chat: RemoteChat, server: ModelServer
) -> None:
    server.fault = "hang"
    with pytest.raises(EngineError, match="no answer in time"):
        _prefers(chat)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        _prefers(chat, stop)
    server.fault = 503
    with pytest.raises(EngineError, match="503"):
        _prefers(chat)
