"""The login around a page that says who is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.ui import login, users
from assistant.ui.login import Login
from assistant.ui.tries import FREE, LONGEST_WAIT, Tries

SECRET = "a long secret"


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"in: {scope.get('user')}")(scope, receive, send)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(tmp_path: Path, clock: Clock) -> Login:
    users.add(tmp_path, "Bo", SECRET)
    return Login(page, tmp_path, lambda: "auto", "the secret", Tries(clock))


@pytest.fixture
def client(door: Login) -> TestClient:
    return TestClient(door, base_url="http://127.0.0.1:7860", follow_redirects=False)


def enter(client: TestClient, name: str = "Bo", password: str = SECRET) -> Response:
    return client.post("/login", data={"name": name, "password": password})


@pytest.mark.parametrize(
    "path", ["/config", "/page/page.css", "/gradio_api/queue/join", "/login/x"]
)
def test_nothing_is_to_be_had_without_a_login(client: TestClient, path: str) -> None:
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 401 and "in:" not in answer.text
    to_login = client.get("/")
    assert (to_login.status_code, to_login.headers["location"]) == (303, "/login")


def test_whether_it_runs_can_be_asked_without(client: TestClient) -> None:
    assert client.get("/healthz").text == "in: None"


def test_who_signs_in_is_known_until_signing_out(client: TestClient) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    set_cookie = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_cookie)
    assert client.get("/config").text == "in: Bo"
    assert client.get("/login").headers["location"] == "/"
    token = dict(client.cookies)
    assert client.post("/logout").headers["location"] == "/login"
    client.cookies.update(token)
    assert client.get("/config").status_code == 401


@pytest.mark.parametrize(
    ("name", "password"),
    [("Bo", "wrong password"), ("Bo", ""), ("bo", SECRET), ("Nobody", SECRET), ("", "")],
)
def test_a_wrong_name_or_password_gets_no_session(
    client: TestClient, name: str, password: str
) -> None:
    answer = enter(client, name, password)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    assert "do not belong together" in answer.text
    assert client.get("/config").status_code == 401


def test_a_made_up_session_is_none(client: TestClient) -> None:
    client.cookies.set("session-7860", "x" * 43)
    assert client.get("/config").status_code == 401


def test_a_session_ends_with_the_password_the_person_and_the_month(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client)
    users.add(tmp_path, "Bo", "quite another")
    assert client.get("/config").status_code == 401
    enter(client, password="quite another")
    assert client.get("/config").text == "in: Bo"
    later = login.time.monotonic() + 31 * 24 * 3600
    session = {"cookie": f"session-7860={client.cookies['session-7860']}"}
    with monkeypatch.context() as patched:
        patched.setattr(login.time, "monotonic", lambda: later)
        assert client.get("/config", headers=session).status_code == 401
    assert client.get("/config", headers=session).text == "in: Bo"
    enter(client, password="quite another")
    users.users_file(tmp_path).write_text("damaged")
    assert client.get("/config").status_code == 401
    users.users_file(tmp_path).unlink()
    assert client.get("/config").status_code == 401


def test_guessing_is_slowed_also_with_the_right_password(client: TestClient, clock: Clock) -> None:
    for _ in range(FREE):
        assert enter(client, password="wrong password").status_code == 403
    refused = enter(client)
    assert refused.status_code == 429 and "Wait 3 seconds" in refused.text
    clock.now += 2
    assert enter(client).status_code == 303
    assert enter(client, password="wrong password").status_code == 403  # the count began anew


def test_the_pause_doubles_up_to_a_limit_and_is_forgotten() -> None:
    clock = Clock()
    tries = Tries(clock)
    pauses = []
    for _ in range(FREE + 12):
        tries.begin("10.0.0.1")
        pauses.append(tries.wait("10.0.0.1"))
        clock.now += pauses[-1]
    assert pauses[: FREE + 2] == [0] * (FREE - 1) + [2, 4, 8]
    assert max(pauses) == LONGEST_WAIT
    assert tries.wait("10.0.0.2") == 0
    clock.now += 3601
    tries.begin("10.0.0.1")
    assert tries.wait("10.0.0.1") == 0


def test_all_of_a_machines_ipv6_addresses_count_as_one() -> None:
    tries = Tries(Clock())
    for i in range(FREE):
        tries.begin(f"fd00::{i}")
    assert tries.wait("fd00::ffff") > 0
    assert tries.wait("fd00:0:0:1::1") == 0


def test_the_form_speaks_german_and_escapes(client: TestClient) -> None:
    text = client.get("/login", headers={"accept-language": "de"}).text
    assert '<html lang="de">' in text and "Anmelden" in text and "$" not in text


def test_a_huge_form_is_not_read(client: TestClient) -> None:
    assert enter(client, password="x" * 100_000).status_code == 413
