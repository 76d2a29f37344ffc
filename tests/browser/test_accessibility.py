"""axe-core looks at every state of the page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import states
from axe_playwright_python.sync_playwright import Axe
from evaluate_fakes import stub_app
from fake_app import FakeApp
from playwright.sync_api import Browser, Page
from serving import serving

from assistant.ui import users

# Minor in axe's eyes: Gradio wraps all panes in a <main>, which is none here, for each view is one.
PUT_UP_WITH = {"aria-allowed-role"}
# What an open drawer covers cannot be reached, and so is not there for axe.
COVERED = {"landmark-one-main", "page-has-heading-one"}

Looks = Callable[[Page], states.Seen]

WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
SCREENS = pytest.mark.parametrize(
    "screen",
    [
        pytest.param({"viewport": WIDE, "color_scheme": "light"}, id="wide, light"),
        pytest.param({"viewport": WIDE, "color_scheme": "dark"}, id="wide, dark"),
        pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone, light"),
        pytest.param({"viewport": PHONE, "color_scheme": "dark"}, id="phone, dark"),
    ],
)


@pytest.fixture
def looks() -> Iterator[Looks]:
    """Looks at each state, and fails the test in the end where anybody is kept out by one."""
    found: dict[str, set[str]] = {}

    def at(page: Page) -> states.Seen:
        def seen(name: str) -> None:
            time.sleep(0.3)  # what fades in has no contrast yet
            covered = page.locator("#frame > [inert]").count() > 0
            for each in Axe().run(page).response["violations"]:
                if each["id"] in PUT_UP_WITH | (COVERED if covered else set()):
                    continue
                for node in each["nodes"]:
                    line = f"{each['impact']} {each['id']}: {' '.join(map(str, node['target']))}"
                    found.setdefault(line, set()).add(name)

        return seen

    yield at
    assert not found, "\n".join(f"{line} ({', '.join(found[line])})" for line in found)


@SCREENS
def test_chat_articles_and_settings(
    open_page: Any, looks: Looks, screen: dict[str, Any], tmp_path: Path
) -> None:
    page = open_page(**screen, reduced_motion="reduce")
    seen = looks(page)
    states.of_the_chat(page, seen)
    states.of_articles(page, seen, tmp_path)
    states.of_settings(page, seen)


@SCREENS
def test_conversations_and_scope(
    open_page: Any, app: FakeApp, looks: Looks, screen: dict[str, Any]
) -> None:
    app.tag_all()
    page = open_page(**screen, reduced_motion="reduce")
    states.of_conversations(page, looks(page))


@SCREENS
def test_evaluation(
    browser: Browser,
    models: Path,
    looks: Looks,
    screen: dict[str, Any],
    tmp_path: Path,
) -> None:
    store, files = tmp_path / "store", tmp_path / "files"
    files.mkdir()
    with stub_app(store, models, model="smollm2-135m") as app, serving(app) as server:
        page = browser.new_page(**screen, reduced_motion="reduce")
        page.goto(server.url)
        page.locator("body.ready").wait_for()
        states.of_evaluation(page, looks(page), files)
        page.close()


@SCREENS
def test_signing_in(browser: Browser, looks: Looks, screen: dict[str, Any], tmp_path: Path) -> None:
    app = FakeApp(tmp_path)
    users.add(app.settings.store, "Ada", "a long secret")
    with serving(app) as server:
        page = browser.new_page(**screen, reduced_motion="reduce")
        page.goto(server.url)
        states.of_signing_in(page, looks(page))
        page.close()
