"""The log and the figures of the real server over a fake App, without a browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fake_app import FakeApp
from serving import serving

from assistant import logs
from assistant.ui import users

SECRET = "a long secret"


class Page:
    """What an open page asks of the server."""

    def __init__(self, client: httpx.Client, name: str = "one") -> None:
        self.client = client
        self._name = name
        self.client.get("/")
        config = self.client.get("/config").json()
        ids = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
        self._ask = next(
            each["id"]
            for each in config["dependencies"]
            if ("ask", "click") in [(ids.get(id), event) for id, event in each["targets"]]
        )

    def begin(self, question: str, wish: Any = None) -> None:
        data = {"data": [question, wish], "fn_index": self._ask, "session_hash": self._name}
        assert self.client.post("/gradio_api/queue/join", json=data).status_code == 200

    def ask(self, question: str, wish: Any = None) -> str:
        self.begin(question, wish)
        told = ""
        where = "/gradio_api/queue/data"
        with self.client.stream("GET", where, params={"session_hash": self._name}) as events:
            for line in events.iter_lines():
                told += line
                if "process_completed" in line:
                    break
        return told

    @contextmanager
    def open(self) -> Iterator[None]:
        with self.client.stream("GET", f"/gradio_api/heartbeat/{self._name}") as answer:
            beats = answer.iter_lines()  # given up, it would end the connection
            next(beats)
            yield


@contextmanager
def opened(app: FakeApp) -> Iterator[Page]:
    with serving(app) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield Page(client)


@pytest.fixture
def app(tmp_path: Path) -> FakeApp:
    return FakeApp(tmp_path)


def lines(app: FakeApp) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logs.path(app.store).read_text().splitlines()]


def test_every_question_is_counted_and_logged_without_its_words(app: FakeApp) -> None:
    questions = {
        "How did the frost hit oats?": "answered",
        "Who won a hockey match?": "refused",
        "Which model is it?": "failed",
        "Will it crash?": "failed",
    }
    with opened(app) as page:
        for question in questions:
            page.ask(question, {})
        metrics = page.client.get("/metrics")
        assert page.client.get("/healthz").text == "ok"
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "assistant_questions_asked_total 4\n" in metrics.text
    assert 'assistant_questions_total{outcome="failed"} 2\n' in metrics.text
    asked = [line for line in lines(app) if line["message"] == "question"]
    assert [line["outcome"] for line in asked] == list(questions.values())
    whole = logs.path(app.store).read_text()
    secrets = [*questions, "14%", "Oats became", "Oat prices", page.client.cookies["reader"]]
    assert not [each for each in secrets if each in whole]


def test_what_went_wrong_stands_in_the_log_with_its_traceback(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(app) as page:
        shown = page.ask("Will it crash?", {})
        assert "log says more" in shown and "secret detail" not in shown
    [failure] = [line for line in lines(app) if "traceback" in line]
    assert failure["level"] == "error" and "RuntimeError: secret detail" in failure["traceback"]
    told = capsys.readouterr().err
    assert f"assistant: a question could not be answered; see {logs.path(app.store)}\n" in told
    assert "Traceback" not in told


@pytest.mark.usefixtures("no_other_log")
def test_a_server_without_a_log_says_so_and_goes_on(
    app: FakeApp, capsys: pytest.CaptureFixture[str]
) -> None:
    (app.store / "logs").write_text("in the way")
    with opened(app) as page:
        assert "process_completed" in page.ask("How did the frost hit oats?", {})
    told = capsys.readouterr().err
    assert told == f"assistant: no log can be kept: {logs.path(app.store)} is not writable\n"


def test_what_no_handler_has_caught_stands_there_too(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("nobody thought of this")

    with opened(app) as page:
        monkeypatch.setattr(app.library.conversations, "begin", broken)
        page.ask("How did the frost hit oats?", {})
    [failure] = [line for line in lines(app) if "traceback" in line]
    assert failure["message"] == "a request of the page failed"
    assert "nobody thought of this" in failure["traceback"]


def test_a_page_that_is_left_stops_its_question(app: FakeApp) -> None:
    begun = threading.Event()
    app.stops = _Watched(begun)
    with opened(app) as page:
        with page.open():
            page.begin("a slow one", {})
            assert begun.wait(10)
            [stop] = app.stops
            assert not stop.is_set()
        assert stop.wait(10)


class _Watched(list[threading.Event]):
    def __init__(self, begun: threading.Event) -> None:
        super().__init__()
        self._begun = begun

    def append(self, stop: threading.Event) -> None:
        super().append(stop)
        self._begun.set()


def test_the_figures_are_for_this_machine_and_for_who_is_in(app: FakeApp) -> None:
    with serving(app) as server:
        for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
            assert httpx.get(f"{server.url}/metrics", headers=headers).status_code == 403
    users.add(app.store, "Bo", SECRET)
    with serving(app) as server, httpx.Client(base_url=server.url) as client:
        assert client.get("/healthz").text == "ok"
        refused = client.get("/metrics")
        assert refused.status_code == 401 and "assistant_" not in refused.text
        client.post("/login", data={"name": "Bo", "password": "wrong " + SECRET})
        assert client.get("/metrics").status_code == 401
        client.post("/login", data={"name": "Bo", "password": SECRET})
        assert "assistant_articles 3\n" in client.get("/metrics").text
    whole = logs.path(app.store).read_text()
    assert "a wrong name or password from 127.0.0.1" in whole and SECRET not in whole
