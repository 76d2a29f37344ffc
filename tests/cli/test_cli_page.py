"""`ask` and `chat` where the page is served from the same library."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "browser"))

import fake_app
from serving import serving

from assistant import config
from assistant.api import client
from assistant.api import serving as announced
from assistant.cli import door
from assistant.errors import EngineError, QuestionError
from assistant.records import Done, Found, Turn
from assistant.ui import users


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is slow, not without a page."""
    monkeypatch.setattr(client, "_PATIENCE", 20.0)


@pytest.fixture
def page(app, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake_app.FakeApp]:  # type: ignore[no-untyped-def]
    """Served from the library of the command line, which must not open its own."""
    served = fake_app.FakeApp(app.settings.store, pause=0.005)
    served.settings = app.settings
    monkeypatch.setattr(door, "open_app", lambda: pytest.fail("the page was to answer"))
    with serving(served):
        yield served


def test_the_page_answers_where_it_runs(run, page) -> None:
    ran = run("ask", "How long?", "--json", "--article", "call")
    assert ran.code == 0 and len(json.loads(ran.out)["citations"]) == 3
    assert page.scopes[0].articles == ("call0001",)
    assert run("ask", "Who won the hockey match?").code == 3


def test_errors_are_those_of_the_page(run, page) -> None:
    for question, code in (("x" * 3000, 2), ("the model", 1), ("crash", 1)):
        ran = run("ask", question)
        told = [line for line in ran.err.splitlines() if "/logs/serve.log" not in line]
        assert (
            ran.code == code and len(told) == 1 and ran.out == ""
        )  # the page has its own terminal
    assert run("ask", "Q", "--article", "none").code == 2


def test_chat_hands_the_history_on(run, page, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("How long?\nAnd then?\n"))
    assert run("chat").code == 0
    assert [len(history) for history in page.histories] == [0, 1]
    assert page.histories[1][0].question == "How long?"


def test_ctrl_c_stops_the_answer_at_the_page(run, page) -> None:
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert run("ask", "slow queue").code == 130
    [stop] = page.stops
    assert stop.wait(5)


def test_it_is_asked_as_an_app_is(app) -> None:
    users.add(app.settings.store, "Bo", "a long secret")  # a login stands before the page
    served = fake_app.FakeApp(app.settings.store, pause=0.005)
    served.settings = app.settings
    with serving(served):
        page = client.running(app.settings)
        assert page is not None
        with page:
            page.warm()
            made = list(page.ask("How long?", [Turn("Who?", "Both.")]))
            assert isinstance(made[1], Found) and made[1].evidence[0].article.authors
            assert isinstance(made[-1], Done)
            with pytest.raises(QuestionError):
                list(page.ask("x" * 3000))
            assert page.library.get("none") is None
    with pytest.raises(EngineError, match="has ended"):
        list(page.ask("How long?"))


def test_other_settings_are_not_the_pages(app) -> None:
    served = fake_app.FakeApp(app.settings.store, pause=0.005)
    served.settings = app.settings
    with serving(served):
        assert client.running(app.settings)
        assert client.running(app.settings.model_copy(update={"port": 1, "threads": 2}))
        assert client.running(app.settings.model_copy(update={"model": "another"})) is None
        file = app.settings.store / "serving.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {"secret": "made up"}))
        assert client.running(app.settings) is None


def _says(answer: bytes) -> Callable[[socket.socket], None]:
    def serve(held: socket.socket) -> None:
        with contextlib.suppress(OSError), held.accept()[0] as connection:
            connection.recv(10_000)
            connection.sendall(answer)
            connection.recv(10_000)

    return serve


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", b"SSH-2.0\r\n", b"HTTP/"]
)
def test_whoever_else_is_at_the_port_is_told_nothing(
    app, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as held:
        threading.Thread(target=_says(answer), args=(held,)).start()
        port = held.getsockname()[1]
        announced.announce(app.settings.store, f"http://127.0.0.1:{port}", "secret")
        assert client.running(app.settings) is None
    assert client.running(app.settings) is None  # and where nobody is


def test_without_a_page_the_command_opens_its_own(run, app) -> None:
    assert client.running(config.load()) is None
    app.script = [[]]
    assert run("ask", "How long?").code == 130 and app.asked
