"""What many tests do: ask, and wait for the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

CALL_QUESTION = "How long was the call, and what did Putin offer?"
FROST_QUESTION = "What did the frost do to prices?"
HOCKEY_QUESTION = "Who won the hockey match?"


WIDTHS = (390, 1280, 1920)  # pixels: a phone, a laptop, a large screen


@pytest.fixture(name="width", params=WIDTHS)
def each_width(request: pytest.FixtureRequest) -> int:
    """Imported by a module, has the tests with its `page` run at all of them."""
    return int(request.param)


def go(page: Page, view: str) -> None:
    to_the_rail(page)
    page.locator(f"#nav [data-view={view}]").click()


def to_the_rail(page: Page) -> None:
    """Where a menu opens it, open it."""
    if page.locator("#menu").is_visible():
        page.locator("#menu").click()


def to_the_source(page: Page) -> None:
    """The reader stands beside the answer; on a phone a citation opens it."""
    if not page.locator("#reader").is_visible():
        page.locator("#live .cite").first.click()


def to_the_chat(page: Page) -> None:
    """Away from the reader, where it lies over the chat."""
    if page.locator("body.drawn").count():
        page.get_by_role("button", name="Close the article").click()


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def answered(page: Page, question: str) -> None:
    ask(page, question)
    expect(page.locator("#live .turn.done .q")).to_contain_text(question)


def ask_file(page: Page, file: Path) -> None:
    """Have the questions of a file asked, on the tab of evaluation."""
    page.locator("input[name=ev-source][value=file]").check()
    page.locator("#ev-file input[type=file]").set_input_files(file)
    expect(page.locator("#ev-file")).to_contain_text(file.stem)
    page.locator("[data-run]").click()


def inside(page: Page, mark: str, pane: str) -> bool:
    """Whether the first `mark` is wholly within what is seen of `pane`."""
    return page.evaluate(
        """([mark, pane]) => {
          const a = document.querySelector(mark).getBoundingClientRect();
          const b = document.querySelector(pane).getBoundingClientRect();
          return a.top >= b.top && a.bottom <= Math.min(b.bottom, innerHeight) && a.height > 0;
        }""",
        [mark, pane],
    )


def comes_true(holds: Callable[[], bool]) -> None:
    """Waits for what the server does after the page has gone on."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, "it has not come true"
        time.sleep(0.05)
