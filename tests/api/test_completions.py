"""OpenAI's wire format, as its own clients read it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fake_app import CALL, FakeApp

from assistant.records import Answer, Turn

QUESTION = {"messages": [{"role": "user", "content": "How long?"}]}


def complete(client: httpx.Client, **wanted: Any) -> httpx.Response:
    return client.post("/v1/chat/completions", json={"model": "any", **QUESTION, **wanted})


def test_an_answer_is_a_completion_with_its_citations(client: httpx.Client, app: FakeApp) -> None:
    made = complete(client, temperature=0.2, user="somebody").json()
    assert made["id"].startswith("chatcmpl-") and made["object"] == "chat.completion"
    assert type(made["created"]) is int and made["model"] == app.model_name
    [choice] = made["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    message = choice["message"]
    assert message["role"] == "assistant" and message["refusal"] is None
    text, _, below = message["content"].partition("\n\nSources:\n")
    assert text.endswith("Kyiv welcomed the offer. (not supported by the articles)")
    cited = [each["url_citation"] for each in message["annotations"]]
    marks = [message["content"][each["start_index"] : each["end_index"]] for each in cited]
    assert marks == ["[1]", "[2]", "[3]"]
    assert all(each["quote"] in CALL.text and each["title"] == CALL.title for each in cited)
    assert below.splitlines()[1] == f"[2] {CALL.title} ({CALL.source}): “{cited[1]['quote']}”"
    usage = made["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
    assert Answer.from_json(made["answer"]).citations[0].quote == cited[0]["quote"]


def test_a_stream_is_chunks_and_ends_with_done(client: httpx.Client, app: FakeApp) -> None:
    told = complete(client, stream=True, stream_options={"include_usage": True})
    assert told.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in told.text.split("\n\n") if line and not line.startswith(":")]
    assert lines.pop() == "data: [DONE]"
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    usage = chunks.pop()
    assert usage["choices"] == [] and usage["usage"]["completion_tokens"] > 0
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert reasons == [None] * (len(chunks) - 1) + ["stop"]
    whole = complete(client).json()["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    [annotations] = [delta["annotations"] for delta in deltas if "annotations" in delta]
    assert annotations == whole["annotations"]
    assert chunks[-1]["answer"]["text"].startswith("The call lasted")


def test_a_refusal_is_a_message_that_says_so(client: httpx.Client, app: FakeApp) -> None:
    messages = [{"role": "user", "content": "Who won the hockey match?"}]
    message = complete(client, messages=messages).json()["choices"][0]["message"]
    assert message["content"] == "The articles do not say who won a hockey match."
    assert message["annotations"] == []


def test_earlier_messages_are_the_history(client: httpx.Client, app: FakeApp) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Never answered"},
        {"role": "user", "content": "Who called?"},
        {"role": "assistant", "content": "Both."},
        {"role": "user", "content": [{"type": "text", "text": "How long?"}]},
    ]
    made = complete(client, messages=messages).json()
    assert made["answer"]["question"] == "How long?"
    assert app.histories == [(Turn("Who called?", "Both."),)]


@pytest.mark.parametrize(
    ("messages", "status"),
    [([], 400), ([{"role": "assistant", "content": "x"}], 400), ("x", 400),
     ([{"role": "user", "content": "the model"}], 503),
     ([{"role": "user", "content": "crash"}], 500)],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_errors_have_the_form_of_openai(
    client: httpx.Client, app: FakeApp, messages: Any, status: int, stream: bool
) -> None:
    refused = complete(client, messages=messages, stream=stream)
    assert refused.status_code == status
    error = refused.json()["error"]
    assert set(error) == {"message", "type", "param", "code"} and error["message"]
    assert error["type"] == ("server_error" if status >= 500 else "invalid_request_error")


def test_the_model_in_use_is_listed(client: httpx.Client, app: FakeApp) -> None:
    listed = client.get("/v1/models").json()
    assert listed["object"] == "list"
    [model] = listed["data"]
    assert (model["id"], model["object"]) == (app.model_name, "model")
    assert client.get(f"/v1/models/{app.model_name}").json() == model
    assert "error" in client.get("/v1/models/gpt-4").json()


def test_leaving_stops_the_answer(client: httpx.Client, app: FakeApp) -> None:
    messages = [{"role": "user", "content": "slow"}]
    wanted = {"messages": messages, "stream": True}
    with client.stream("POST", "/v1/chat/completions", json=wanted) as told:
        next(told.iter_lines())
    assert app.stops[0].wait(5)
