from __future__ import annotations

import json
from datetime import date

import httpx
import pytest
from fake_app import FakeApp

from assistant.api import shapes
from assistant.records import (
    Answer,
    Done,
    Event,
    Found,
    Scope,
    Searching,
    Token,
    Turn,
    Waiting,
    events,
)


def stream(client: httpx.Client, question: str) -> list[dict]:  # type: ignore[type-arg]
    told = client.post("/api/ask", json={"question": question, "stream": True})
    assert told.headers["content-type"].startswith("text/event-stream")
    return [json.loads(line.removeprefix("data: ")) for line in told.text.split("\n\n") if line]


def test_an_answer_is_the_whole_record(client: httpx.Client, app: FakeApp) -> None:
    answered = client.post("/api/ask", json={"question": "How long?"})
    assert answered.status_code == 200
    shapes.Answer.model_validate(answered.json())
    answer = Answer.from_json(answered.json())
    assert answer.as_json() == answered.json() and len(answer.citations) == 3


def test_history_and_scope_are_handed_on(client: httpx.Client, app: FakeApp) -> None:
    asked = {
        "question": "How long?",
        "history": [{"question": "Who?", "answer": "Both."}],
        "scope": {"articles": ["frost"], "tags": ["Farming"], "since": "2026-01-02"},
    }
    assert client.post("/api/ask", json=asked).status_code == 200
    assert app.histories == [(Turn("Who?", "Both."),)]
    assert app.scopes == [Scope(("frost002",), ("Farming",), (), date(2026, 1, 2))]


def test_the_events_can_be_made_again_of_the_stream(client: httpx.Client, app: FakeApp) -> None:
    made = [events.from_json(each) for each in stream(client, "queue")]
    kinds = list(dict.fromkeys(type(event) for event in made))
    assert kinds == [Searching, Found, Waiting, Token, Done]
    assert [events.as_json(event) for event in made] == stream(client, "queue")


def test_every_event_comes_back_as_it_was(app: FakeApp) -> None:
    made: list[Event] = [e for e in app.ask("How long?") if not isinstance(e, Done)]
    assert [events.from_json(json.loads(json.dumps(events.as_json(e)))) for e in made] == made


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"question": "x" * 3000}, 400, "too long"),
        ({"question": "the model"}, 503, "assistant models pull"),
        ({"question": "crash"}, 500, "the log"),
        ({}, 422, "question"),
        ({"question": "Q", "scope": {"articles": ["none"]}}, 404, "“none”"),
        ({"question": "Q", "scope": {"since": "soon"}}, 422, "scope.since"),
        ({"question": "Q", "more": 1}, 422, "more"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_what_cannot_be_done_is_said_in_json(
    client: httpx.Client,
    app: FakeApp,
    asked: dict,
    status: int,
    said: str,
    streamed: bool,  # type: ignore[type-arg]
) -> None:
    answered = client.post("/api/ask", json={**asked, "stream": streamed})
    assert answered.status_code == status
    assert said in answered.json()["error"]
    assert "secret detail" not in answered.text and "Traceback" not in answered.text


def test_unknown_paths_and_methods_are_json_too(client: httpx.Client) -> None:
    assert client.get("/api/nothing").json()["error"] == "Not Found"
    assert client.get("/api/ask").status_code == 405 and client.get("/api/ask").json()["error"]


@pytest.mark.parametrize("streamed", [False, True])
def test_whoever_leaves_stops_the_answer(
    client: httpx.Client, app: FakeApp, streamed: bool
) -> None:
    asked = {"question": "slow queue", "stream": streamed}
    with pytest.raises(httpx.ReadTimeout):  # noqa: SIM117
        with client.stream("POST", "/api/ask", json=asked, timeout=0.3) as told:
            for _ in told.iter_lines():
                raise httpx.ReadTimeout("the first event is enough")
    [stop] = app.stops
    assert stop.wait(5)


def test_search_shows_passages_and_sentences_without_a_model(
    client: httpx.Client, app: FakeApp
) -> None:
    found = client.get("/api/search", params={"q": "Wholesale prices rose"}).json()
    shapes.Found.model_validate(found)
    best = found["passages"][0]
    assert best["article"]["id"] == "frost002" and best["article"]["published"] == "2026-04-30"
    assert "14%" in best["text"]
    quoted = [each["text"] for each in found["evidence"]]
    assert "Wholesale prices rose by 14% within ten days." in quoted
    params = {"q": "Wholesale prices rose", "until": "2025-12-31"}
    within = client.get("/api/search", params=params).json()
    assert {each["article"]["id"] for each in within["passages"]} == {"call0001"}
    assert client.get("/api/search").status_code == 422
