"""The tools as the protocol's own client uses them, without a wire between the two."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from fake_app import CALL, FROST, FakeApp
from mcp import Client, MCPError
from mcp.types import CallToolResult

from assistant.api import protocol, shapes
from assistant.records import Scope, Turn


def talk(app: FakeApp, said: Callable[[Client], Awaitable[Any]], **how: Any) -> Any:
    async def run() -> Any:
        async with Client(protocol.server(app), **how) as client:  # type: ignore[arg-type]
            return await said(client)

    return asyncio.run(run())


def use(app: FakeApp, tool: str, **arguments: Any) -> CallToolResult:
    return talk(app, lambda client: client.call_tool(tool, arguments))  # type: ignore[no-any-return]


def text_of(result: CallToolResult) -> str:
    [part] = result.content
    return str(part.text)  # type: ignore[union-attr]


def test_four_tools_are_offered_and_described(app: FakeApp) -> None:
    tools = {tool.name: tool for tool in talk(app, lambda c: c.list_tools()).tools}
    assert set(tools) == {"search", "read", "ask", "add"}
    assert all(tool.description and tool.output_schema for tool in tools.values())
    reading = {name for name, tool in tools.items() if tool.annotations.read_only_hint}
    assert reading == {"search", "read", "ask"}
    assert tools["ask"].input_schema["required"] == ["question"]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_an_answer_comes_with_marks_and_verbatim_quotes(app: FakeApp, mode: str) -> None:
    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool("ask", {"question": "How long?"})

    result = talk(app, ask, mode=mode)
    answer = shapes.Answer.model_validate(result.structured_content)
    assert not result.is_error and len(answer.citations) == 3
    assert all(CALL.text[each.start : each.end] == each.quote for each in answer.citations)
    text = text_of(result)
    assert "leaders in years. [1]" in text and "(not supported by the articles)" in text
    assert all(f"[{each.number}] {CALL.title}" in text for each in answer.citations)
    assert all(each.quote in text for each in answer.citations)


def test_history_and_scope_are_handed_on(app: FakeApp) -> None:
    scope = {"articles": ["frost"], "since": "2026-01-02"}
    history = [{"question": "Who?", "answer": "Both."}]
    assert not use(app, "ask", question="How long?", history=history, scope=scope).is_error
    assert app.histories == [(Turn("Who?", "Both."),)]
    assert app.scopes == [Scope(("frost002",), (), (), date(2026, 1, 2))]


def test_a_refusal_is_no_error(app: FakeApp) -> None:
    result = use(app, "ask", question="Who won the hockey match?")
    assert not result.is_error and result.structured_content["refused"]  # type: ignore[index]
    assert text_of(result) == "The articles do not say who won a hockey match."


def test_a_search_shows_passages_whose_articles_can_be_read(app: FakeApp) -> None:
    found = use(app, "search", question="Wholesale prices rose").structured_content
    best = shapes.Found.model_validate(found).passages[0]
    assert best.article.id == FROST.id and "14%" in best.text
    read = use(app, "read", id=best.article.id).structured_content
    whole = shapes.Stretch.model_validate(read)
    assert (whole.text, whole.start, whole.end) == (FROST.text, 0, len(FROST.text))
    result = use(app, "read", id="frost", start=best.start, length=10)
    part = shapes.Stretch.model_validate(result.structured_content)
    assert part.text == FROST.text[part.start : part.end] and part.length == len(FROST.text)
    assert part.end - part.start == 10
    assert json.loads(text_of(result)) == result.structured_content


def test_a_text_is_added_and_no_path_of_the_machine(app: FakeApp) -> None:
    added = use(app, "add", text="Moss has no roots. It drinks with its leaves.", title="Moss")
    [result] = shapes.AddedAll.model_validate(added.structured_content).results
    assert result.status == "added" and result.article and result.article.title == "Moss"
    for url in ("/etc/passwd", "file:///etc/passwd"):
        assert "no web address" in text_of(use(app, "add", url=url))


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "x" * 3000}, "too long"),
        ("ask", {"question": "the model"}, "assistant models pull"),
        ("ask", {"question": "crash"}, "the logs"),
        ("ask", {"question": "Q", "scope": {"articles": ["none"]}}, "“none”"),
        ("ask", {"question": "Q", "scope": {"since": "soon"}}, "scope.since"),
        ("ask", {}, "question"),
        ("search", {"question": "Q", "more": 1}, "more"),
        ("read", {"id": "none"}, "“none”"),
        ("read", {"id": "call", "start": -1}, "start"),
        ("add", {}, "either a text or a url"),
        ("add", {"text": " "}, "empty"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_model(
    app: FakeApp, tool: str, arguments: dict[str, Any], said: str
) -> None:
    result = use(app, tool, **arguments)
    assert result.is_error and said in text_of(result)
    assert "secret detail" not in text_of(result) and result.structured_content is None


def test_there_is_no_other_tool(app: FakeApp) -> None:
    async def remove(client: Client) -> None:
        with pytest.raises(MCPError, match="search, read, ask, add"):
            await client.call_tool("remove", {"id": "call0001"})

    talk(app, remove)


def test_whoever_waits_hears_what_is_being_done(app: FakeApp) -> None:
    heard: list[tuple[float, str | None]] = []

    async def hear(done: float, total: float | None, doing: str | None) -> None:
        heard.append((done, doing))

    async def ask(client: Client) -> None:
        await client.call_tool("ask", {"question": "queue"}, progress_callback=hear)

    talk(app, ask, mode="legacy")
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    said = dict.fromkeys(doing for _, doing in heard)
    assert list(said)[:3] == ["searching", "reading what was found", "waiting for the model"]


def test_another_may_answer(app: FakeApp) -> None:
    class Page:
        def ask(self, *asked: Any) -> Any:
            return app.ask("frost", *asked[1:])

    async def run() -> CallToolResult:
        async with Client(protocol.server(None, Page)) as client:  # type: ignore[arg-type]
            return await client.call_tool("ask", {"question": "How long?"})

    answer = asyncio.run(run()).structured_content
    assert answer and answer["citations"][0]["article_id"] == FROST.id
