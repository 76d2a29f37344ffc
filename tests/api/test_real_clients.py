"""The clients that other programs use: OpenAI's own package and LangChain's ChatOpenAI."""

from __future__ import annotations

import asyncio
from typing import Any

import openai
import pytest
from fake_app import CALL, FakeApp
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionMessageParam

from assistant.ui.server import Server

QUOTE = "Putin offered to halt attacks on energy sites for a limited time."


@pytest.fixture
def base(api_served: tuple[FakeApp, Server], app: FakeApp) -> dict[str, Any]:
    return {"base_url": f"{api_served[1].url}/v1", "api_key": "none", "max_retries": 0}


def test_openais_client_holds_a_conversation_with_citations(
    base: dict[str, Any], app: FakeApp
) -> None:
    with openai.OpenAI(**base) as client:
        messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "How long?"}]
        first = client.chat.completions.create(model="any", messages=messages)
        said = first.choices[0].message
        assert said.content and said.annotations
        for each in said.annotations:
            cited = each.url_citation
            assert said.content[cited.start_index : cited.end_index] in ("[1]", "[2]", "[3]")
            assert cited.title == CALL.title
            assert cited.model_extra and cited.model_extra["quote"] in CALL.text
        messages += [
            {"role": "assistant", "content": said.content},
            {"role": "user", "content": "What did he offer?"},
        ]
        client.chat.completions.create(model="any", messages=messages)
    [turn] = app.histories[-1]
    assert turn.question == "How long?"
    assert turn.answer.endswith("(not supported by the articles)")  # without the quotes below it


def test_openais_client_streams_an_answer(base: dict[str, Any]) -> None:
    with openai.OpenAI(**base) as client:
        made = client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "How long?"}], stream=True
        )
        deltas = [chunk.choices[0].delta for chunk in made]
    assert f"“{QUOTE}”" in "".join(delta.content or "" for delta in deltas)
    [told] = [delta.model_extra for delta in deltas if delta.model_extra]
    assert [each["url_citation"]["quote"] for each in told["annotations"]][1] == QUOTE


def test_openais_client_sees_models_and_errors(base: dict[str, Any], app: FakeApp) -> None:
    with openai.OpenAI(**base) as client:
        assert [model.id for model in client.models.list()] == [app.model_name]
        with pytest.raises(openai.BadRequestError, match="the question"):
            client.chat.completions.create(model="any", messages=[])
        with pytest.raises(openai.InternalServerError, match="models pull"):
            client.chat.completions.create(
                model="any", messages=[{"role": "user", "content": "the model"}]
            )


def test_leaving_openais_stream_stops_the_answer(base: dict[str, Any], app: FakeApp) -> None:
    with openai.OpenAI(**base) as client:
        made = client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "slow"}], stream=True
        )
        next(iter(made))
        made.close()
    assert app.stops[0].wait(5)


def test_langchains_chat_model_holds_a_conversation_with_citations(
    base: dict[str, Any], app: FakeApp
) -> None:
    """It drops annotations, so the quotes have to stand in the text."""
    model = ChatOpenAI(model="any", **base)
    first = model.invoke("How long?")
    assert isinstance(first.content, str)
    assert "hours" in first.content and "[2] [3]" in first.content
    assert f"[2] {CALL.title} ({CALL.source}): “{QUOTE}”" in first.content
    asked = [HumanMessage("How long?"), AIMessage(first.content), HumanMessage("What offer?")]
    streamed = "".join(str(chunk.content) for chunk in model.stream(asked))
    assert streamed == first.content
    [turn] = app.histories[-1]
    assert turn.question == "How long?" and QUOTE not in turn.answer


def test_langchains_chat_model_works_asynchronously(base: dict[str, Any]) -> None:
    async def ask() -> AIMessage:
        return await ChatOpenAI(model="any", **base).ainvoke("How long?")

    assert QUOTE in asyncio.run(ask()).content
