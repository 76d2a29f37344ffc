"""The real server and Gradio page over a fake App, in Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_app import FakeApp
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import ARGS, CHROMIUM, OF_LEAVING, serving

from assistant.ui.server import Server

expect.set_options(timeout=10_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM.exists(), f"{CHROMIUM} is needed for these tests: apt install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeApp, Server]]:
    app = FakeApp(tmp_path_factory.mktemp("store"))
    with serving(app) as server:
        yield app, server


@pytest.fixture
def app(served: tuple[FakeApp, Server]) -> FakeApp:
    served[0].reset()
    return served[0]


@pytest.fixture
def url(served: tuple[FakeApp, Server]) -> str:
    return served[1].url


class Log:
    """All that a page asked for, and all it complained of."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message) -> None:  # type: ignore[no-untyped-def]
        if message.type == "error" and not message.text.startswith(OF_LEAVING):
            self.errors.append(message.text)


@pytest.fixture
def open_page(browser: Browser, app: FakeApp, url: str) -> Iterator:  # type: ignore[type-arg]
    """Opens the page with the options of Playwright's new_context; closes it after the test.

    Fails the test where the page wrote an error or asked another host for anything.
    """
    pages: list[tuple[Page, Log]] = []

    def opened(**options) -> Page:  # type: ignore[no-untyped-def]
        context = browser.new_context(**({"viewport": {"width": 1400, "height": 880}} | options))
        page = context.new_page()
        page.set_default_timeout(10_000)
        pages.append((page, Log(page)))
        page.goto(url)
        page.locator("body.ready").wait_for()
        return page

    yield opened
    for page, log in pages:
        page.context.close()
        assert log.errors == []
        assert {request for request in log.requests if not _local(request)} == set()


def _local(request: str) -> bool:
    return request.startswith(("http://127.0.0.1:", "data:", "blob:"))


@pytest.fixture
def width() -> int:
    """Of the page, in pixels; a module that overrides it has its tests run at several."""
    return 1400


@pytest.fixture
def page(open_page, width: int) -> Page:  # type: ignore[no-untyped-def]
    return open_page(viewport={"width": width, "height": 880})
