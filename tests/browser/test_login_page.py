"""The page where people log in."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from fake_app import FakeApp
from playwright.sync_api import Browser, Page, expect
from serving import OF_LEAVING, serving

from assistant.ui import users, words
from assistant.ui.running import reader_of
from assistant.ui.server import Server

SECRET = "a long secret"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeApp, Server]]:
    app = FakeApp(tmp_path_factory.mktemp("locked"))
    for name in ("Ada", "Bo"):
        users.add(app.settings.store, name, SECRET)
    with serving(app) as server:
        yield app, server


def entered(browser: Browser, url: str, name: str = "Bo", password: str = SECRET) -> Page:
    page = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{url}/#settings")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").press("Enter")
    return page


def test_a_person_signs_in_asks_and_signs_out(
    browser: Browser, locked: tuple[FakeApp, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: set[str] = set()
    of = words.of

    def noting(request: gr.Request | None, setting: str = "auto") -> words.Words:
        if request is not None and request.session_hash:
            readers.add(reader_of(request))
        return of(request, setting)

    monkeypatch.setattr(words, "of", noting)
    complaints: list[str] = []
    page = entered(browser, locked[1].url)
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.locator("body.ready").wait_for()
    page.goto(f"{locked[1].url}/#chat")
    page.locator("#question textarea").fill("What did the frost do to prices?")
    page.keyboard.press("Enter")
    expect(page.locator("#live .a")).to_contain_text("14%")
    page.goto(f"{locked[1].url}/#settings")
    expect(page.locator("#facts")).to_contain_text("Signed in as Bo")
    assert readers == {"Bo"}
    assert not [c for c in page.context.cookies() if c["name"] == "reader"]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(locked[1].url)
    expect(page.get_by_label("Password")).to_be_visible()
    assert [each for each in complaints if not each.startswith(OF_LEAVING)] == []
    page.context.close()


def test_a_wrong_password_is_told_and_opens_nothing(
    browser: Browser, locked: tuple[FakeApp, Server]
) -> None:
    page = entered(browser, locked[1].url, password="wrong password")
    expect(page.get_by_role("alert")).to_have_text("That name and password do not belong together.")
    page.goto(locked[1].url)
    expect(page.get_by_label("Password")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(
    "path",
    ["config", "page/page.js", "theme.css", "gradio_api/info", "gradio_api/app_id",
     "gradio_api/heartbeat/x", "gradio_api/token", "assets/index.js", "manifest.json"],
)  # fmt: skip
def test_nothing_of_the_page_is_served_before(locked: tuple[FakeApp, Server], path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{locked[1].url}/{path}", timeout=5)
    assert refused.value.code == 401
    refused.value.close()


def test_a_page_for_the_network_is_reached_there_by_address_alone(
    tmp_path: Path, browser: Browser
) -> None:
    app = FakeApp(tmp_path)
    users.add(tmp_path, "Bo", SECRET)
    app.settings = app.settings.model_copy(update={"host": "0.0.0.0", "hosts": ("nas.local",)})
    with serving(app) as server:
        assert server.url.startswith("http://127.0.0.1:")
        page = entered(browser, server.url.replace("127.0.0.1", "127.0.0.2"))
        page.locator("body.ready").wait_for()
        expect(page.locator("#facts")).to_contain_text("This page is open to the network")
        page.context.close()
        for host, code in (("nas.local", 200), ("evil.example", 403)):
            asked = urllib.request.Request(f"{server.url}/healthz", headers={"Host": host})
            assert _code(asked) == code


def _code(asked: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code
