"""The protocol on its two wires: HTTP at the page's address, and standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from fake_app import FakeApp
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from serving import serving

from assistant.api import serving as announced
from assistant.ui import tokens, users
from assistant.ui.server import Server

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}
MODES = pytest.mark.parametrize("mode", ["legacy", "auto"])  # of the protocol, older and newer


@asynccontextmanager
async def connected(url: str, mode: str, token: str = "") -> AsyncIterator[Client]:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as http:
        wire = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(wire, mode=mode) as client:
            yield client


@MODES
def test_a_question_is_answered_over_http(
    app: FakeApp, api_served: tuple[FakeApp, Server], mode: str
) -> None:
    async def run() -> Any:
        async with connected(api_served[1].url, mode) as client:
            assert len((await client.list_tools()).tools) == 4
            return await client.call_tool("ask", {"question": "How long?"})

    answer = asyncio.run(run())
    assert len(answer.structured_content["citations"]) == 3


@MODES
def test_a_client_that_gives_up_stops_the_answer(
    app: FakeApp, api_served: tuple[FakeApp, Server], mode: str
) -> None:
    async def run() -> None:
        async with connected(api_served[1].url, mode) as client:
            asked = asyncio.create_task(client.call_tool("ask", {"question": "slow queue"}))
            while not app.stops:
                await asyncio.sleep(0.02)
            asked.cancel()
            assert await asyncio.to_thread(app.stops[0].wait, 5)
            # and the connection goes on
            assert not (await client.call_tool("search", {"question": "frost"})).is_error

    asyncio.run(run())


def test_another_sites_script_is_refused(client: httpx.Client) -> None:
    assert client.post("/mcp", json=HELLO, headers=ACCEPT).status_code == 200
    for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
        assert client.post("/mcp", json=HELLO, headers={**ACCEPT, **headers}).status_code == 403


def test_too_much_is_refused(client: httpx.Client) -> None:
    sent = client.post("/mcp", content=b" " * 41_000_000, headers={**ACCEPT})
    assert sent.status_code == 413


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    store = tmp_path_factory.mktemp("guarded")
    users.add(store, "Bo", "a long secret")
    with serving(FakeApp(store, pause=0.005)) as server:
        yield store, server


def test_where_there_is_a_login_it_takes_a_token(guarded: tuple[Path, Server]) -> None:
    store, server = guarded
    with httpx.Client(base_url=server.url, trust_env=False) as stranger:
        for headers in ({}, {"authorization": "Bearer " + "x" * 43}):
            refused = stranger.post("/mcp", json=HELLO, headers={**ACCEPT, **headers})
            assert refused.status_code == 401 and "users token" in refused.json()["error"]
    found = announced.find(store)
    assert found is not None

    async def run(token: str) -> int:
        async with connected(server.url, "auto", token) as client:
            return len((await client.list_tools()).tools)

    assert [asyncio.run(run(each)) for each in (tokens.give(store, "Bo"), found.secret)] == [4, 4]


@pytest.fixture
def environment(models: Path, tmp_path: Path) -> dict[str, str]:
    own = {"ASSISTANT_STORE": str(tmp_path / "store"), "ASSISTANT_MODELS": str(models)}
    return {**os.environ, **own, "ASSISTANT_MODEL": "smollm2-135m"}


def test_whoever_starts_the_command_speaks_with_it(environment: dict[str, str]) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "assistant", "mcp"], env=environment
    )
    strange: list[object] = []  # what came on standard output and was no message

    async def keep(message: object) -> None:
        if isinstance(message, Exception):
            strange.append(message)

    async def run() -> list[dict[str, Any]]:
        async with Client(command, message_handler=keep) as client:
            assert len((await client.list_tools()).tools) == 4
            moss = "Moss has no roots. It drinks with its leaves, whenever the rain comes."
            calls = [
                ("add", {"text": moss, "title": "Moss"}),
                ("search", {"question": "What drinks with its leaves?"}),
                ("ask", {"question": "Who won the football world cup in 1954?"}),
                ("ask", {"question": "What does moss drink with?"}),
            ]
            results = [await client.call_tool(*call) for call in calls]
            assert not any(result.is_error for result in results)
            return [result.structured_content or {} for result in results]

    _, found, refused, answer = asyncio.run(run())
    assert "drinks with its leaves" in found["passages"][0]["text"]
    assert refused["refused"] and answer["model"] == "smollm2-135m"
    assert strange == []


def test_only_the_protocol_is_on_standard_output(environment: dict[str, str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "mcp"],
        input=json.dumps(HELLO) + "\n",
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
    )
    [line] = ran.stdout.splitlines()
    answered = json.loads(line)
    assert ran.returncode == 0 and answered["result"]["serverInfo"]["name"] == "article-assistant"


def test_what_the_command_lacks_is_said_on_the_other_stream(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "mcp"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**environment, "ASSISTANT_MODELS": str(tmp_path)},
        timeout=120,
    )
    assert (ran.returncode, ran.stdout) == (1, "") and "assistant models pull" in ran.stderr


def test_ctrl_c_ends_the_command(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as speaking:
        assert speaking.stdin and speaking.stdout
        speaking.stdin.write(json.dumps(HELLO) + "\n")
        speaking.stdin.flush()
        assert "article-assistant" in speaking.stdout.readline()
        speaking.send_signal(signal.SIGINT)
        assert speaking.wait(30) == -signal.SIGINT  # while its input is still open
