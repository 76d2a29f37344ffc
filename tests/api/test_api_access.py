"""Who may ask: the guard before the page, the login, tokens, and the programs of this machine."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fake_app import FakeApp
from serving import serving

from assistant.api import serving as announced
from assistant.errors import UsageError
from assistant.ui import tokens, users
from assistant.ui.server import Server

SECRET = "a long secret"
PATHS = ("/api/articles", "/v1/models")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    store = tmp_path_factory.mktemp("guarded")
    users.add(store, "Bo", SECRET)
    with serving(FakeApp(store, pause=0.005)) as server:
        yield store, server


@pytest.fixture
def stranger(guarded: tuple[Path, Server]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=guarded[1].url, timeout=30, trust_env=False) as client:
        yield client


def bearing(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_another_sites_script_is_refused_and_a_plain_program_is_not(client: httpx.Client) -> None:
    for path in PATHS:
        assert client.get(path).status_code == 200
        for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"},
                        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}):  # fmt: skip
            assert client.get(path, headers=headers).status_code == 403


def test_without_a_token_nothing_answers(stranger: httpx.Client) -> None:
    for path in (*PATHS, "/api/openapi.json", "/api/nothing"):
        for headers in ({}, bearing("x" * 43), {"authorization": "Bearer ä".encode()}):
            refused = stranger.get(path, headers=headers)
            assert refused.status_code == 401 and "users token" in refused.text
    assert stranger.get("/healthz").text == "ok"
    assert stranger.post("/v1/chat/completions").json()["error"]["code"] == "invalid_api_key"


def test_a_token_opens_the_apis_and_not_the_page(
    guarded: tuple[Path, Server], stranger: httpx.Client
) -> None:
    token = tokens.give(guarded[0], "Bo")
    for path in PATHS:
        assert stranger.get(path, headers=bearing(token)).status_code == 200
    assert "assistant_articles" in stranger.get("/metrics", headers=bearing(token)).text
    assert stranger.get("/metrics").status_code == 401
    assert stranger.get("/config", headers=bearing(token)).status_code == 401
    stranger.post("/login", data={"name": "Bo", "password": SECRET})
    assert stranger.get("/api/articles").status_code == 200  # by the page's own login


def test_who_can_read_the_secret_needs_no_token(
    guarded: tuple[Path, Server], stranger: httpx.Client
) -> None:
    found = announced.find(guarded[0])
    assert found is not None and found.url == guarded[1].url
    assert stat.S_IMODE((guarded[0] / "serving.json").stat().st_mode) == 0o600
    assert stranger.get("/api/articles", headers=bearing(found.secret)).status_code == 200


def test_a_token_ends_with_the_next_the_password_and_the_person(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="users add"):
        tokens.give(tmp_path, "Bo")
    users.add(tmp_path, "Bo", SECRET)
    users.add(tmp_path, "Ada", SECRET)
    first, hers = tokens.give(tmp_path, "Bo"), tokens.give(tmp_path, "Ada")
    assert tokens.holder(tmp_path, first) == "Bo" and tokens.holder(tmp_path, hers) == "Ada"
    file = tokens.tokens_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and first not in file.read_text()
    second = tokens.give(tmp_path, "Bo")
    assert tokens.holder(tmp_path, first) is None and tokens.holder(tmp_path, second) == "Bo"
    users.add(tmp_path, "Bo", "quite another")
    assert tokens.holder(tmp_path, second) is None
    users.remove(tmp_path, "Ada")
    assert tokens.holder(tmp_path, hers) is None


def test_what_is_served_is_written_down_while_it_is(tmp_path: Path) -> None:
    app = FakeApp(tmp_path)
    with serving(app) as server:
        assert announced.find(tmp_path).url == server.url  # type: ignore[union-attr]
        announced.announce(tmp_path, "http://127.0.0.1:1", "of another page")
    assert announced.find(tmp_path).secret == "of another page"  # type: ignore[union-attr]
    announced.withdraw(tmp_path, "of another page")
    assert announced.find(tmp_path) is None
    (tmp_path / "serving.json").write_text("damaged")
    assert announced.find(tmp_path) is None
