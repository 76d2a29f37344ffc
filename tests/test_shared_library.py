"""Two machines, here two processes with a folder each, and one library on servers."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from chroma_server import chroma_server
from postgres_server import PASSWORD, PostgresServer, database

from assistant import config
from assistant.app import open_app
from assistant.config import Settings
from assistant.errors import SettingsError
from assistant.evaluation.library import throwaway
from assistant.records import Exchange

MOSS = "Moss drinks rain through its leaves, for it has no roots. It grows where it is wet."
CALL = "The call went on for more than two hours. It was the longest of all their calls."
_ROOT = Path(__file__).resolve().parents[1]
_SECONDS = 60.0
_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    with closing(PostgresServer()) as server:
        yield server


@pytest.fixture
def servers(tmp_path: Path, postgres: PostgresServer) -> Iterator[dict[str, str]]:
    (tmp_path / "chroma").mkdir()
    with chroma_server(tmp_path / "chroma") as chroma:
        yield {"CATALOG_URL": database(postgres.url(), "shared"), "CHROMA_URL": chroma}


def _variables(store: Path, models: Path, servers: dict[str, str]) -> dict[str, str]:
    given = {"STORE": str(store), "MODELS": str(models), **servers}
    return {f"ASSISTANT_{key}": value for key, value in given.items()}


@contextmanager
def _served(variables: dict[str, str]) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "serve", "--no-browser", "--port", str(port)]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(_ROOT), **variables},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=_SECONDS
            ) as client:
                _until(lambda: process.poll() is None and _is_up(client))
                yield client
        finally:
            process.terminate()


def _is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").text == "ok"
    except httpx.TransportError:
        return False


def _is_indexed(client: httpx.Client) -> bool:
    return "assistant_index_behind_passages 0" in client.get("/metrics").text


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + _SECONDS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def _get(client: httpx.Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_two_pages_share_one_library(
    models: Path, tmp_path: Path, servers: dict[str, str], postgres: PostgresServer
) -> None:
    stores = [tmp_path / "one", tmp_path / "two"]
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(_served(_variables(store, models, servers))) for store in stores
        )
        for client, title, text in ((one, "Moss", MOSS), (two, "The long call", CALL)):
            sent = client.post("/api/articles", json={"title": title, "text": text})
            assert sent.status_code == 200, sent.text
        for client in (one, two):
            assert _get(client, "/api/articles")["total"] == 2
            for question, title in (("Does moss have roots?", "Moss"), ("the call", "call")):
                found = _get(client, f"/api/search?q={question}")
                assert title in json.dumps(found["passages"][0]), found
        for client in (one, two):
            _until(partial(_is_indexed, client))
        [collection] = _get(one, f"{servers['CHROMA_URL']}{_COLLECTIONS}")
        assert _get(one, f"{servers['CHROMA_URL']}{_COLLECTIONS}/{collection['id']}/count") == 2
        [gone] = [
            each for each in _get(one, "/api/articles")["articles"] if each["title"] == "Moss"
        ]
        assert two.delete(f"/api/articles/{gone['id']}").status_code < 300
        assert _get(one, "/api/articles")["total"] == 1
        assert one.get(f"/api/articles/{gone['id']}").status_code == 404
        assert "roots" not in json.dumps(_get(one, "/api/search?q=moss"))
        _a_conversation_is_seen(_variables(tmp_path / "three", models, servers), stores[1], servers)
        postgres.stop()
        for client in (one, two):
            refused = client.get("/api/articles")
            assert refused.status_code >= 500 and "cannot be reached" in refused.json()["error"]
            assert PASSWORD not in refused.text
        postgres.start()
        for client in (one, two):
            assert _get(client, "/api/articles")["total"] == 1
    for store in stores:
        written = [path for path in store.rglob("*") if path.is_file()]
        assert written and not [path for path in written if "sqlite" in path.name]
        assert not [path for path in written if PASSWORD.encode() in path.read_bytes()]
        assert not [
            path for path in written if servers["CATALOG_URL"].encode() in path.read_bytes()
        ]


def _a_conversation_is_seen(mine: dict[str, str], theirs: Path, servers: dict[str, str]) -> None:
    settings = config.load(mine)
    with open_app(settings) as app:
        kept = app.library.conversations
        kept.keep("", kept.begin(""), Exchange(1, "Who called so long?", None, "Nobody knows."))
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "conversations"],
        env={
            **os.environ, "PYTHONPATH": str(_ROOT), **_variables(theirs, settings.models, servers)
        },
        capture_output=True, text=True, timeout=_SECONDS,
    )  # fmt: skip
    assert "Who called so long?" in ran.stdout, ran.stderr


def test_a_shared_catalog_wants_a_shared_index(models: Path, tmp_path: Path) -> None:
    url = "postgresql://ann:secret@db.example/articles"
    settings = config.load(_variables(tmp_path, models, {"CATALOG_URL": url}))
    assert "secret" not in repr(settings)
    assert config.without_password(url) == "postgresql://ann@db.example/articles"
    with pytest.raises(SettingsError, match="chroma_url"):
        open_app(settings)
    with throwaway(settings) as aside:  # of this machine, whatever is shared
        assert aside.add_text(MOSS, "Moss").outcome == "added"


@pytest.mark.parametrize(
    "url", ["articles", "http://a/b", "postgresql://host/name", "postgresql://me@host", "x://a@b/c"]
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match=r"catalog_url.*postgresql://"):
        config.load(_variables(tmp_path, tmp_path, {"CATALOG_URL": url}))


def test_a_run_says_nothing_of_the_database() -> None:
    from assistant.evaluation.shape import PRIVATE

    assert "catalog_url" in PRIVATE and "catalog_url" in Settings.model_fields
