"""One whole conversation in the browser with nothing faked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from serving import serving

from assistant import config
from assistant.app import App, open_app
from assistant.ui.server import Server

PIXEL = "https://example.com/pixel.png"
MINUTES = 60_000


@pytest.fixture(scope="module")
def served(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Server]]:
    store = tmp_path_factory.mktemp("store")
    env = {"ASSISTANT_STORE": str(store), "ASSISTANT_MODELS": str(models)}
    env["ASSISTANT_EVIDENCE_SECONDS"] = "600"  # a busy machine is asked the same
    with open_app(config.load(env)) as app:
        list(app.add([config.resource("seeds") / "articles"]))
        app.warm()
        with serving(app) as server:
            yield app, server


@pytest.fixture
def app(served: tuple[App, Server]) -> App:
    return served[0]


def _ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#live .q")).to_contain_text(question, timeout=MINUTES)


def _done(page: Page) -> None:
    expect(page.locator("#live .turn.done")).to_be_visible(timeout=2 * MINUTES)


def test_a_conversation_from_adding_to_stopping(page: Page, app: App) -> None:
    """Asked, streamed, cited, marked, refused, stopped; the fixture looks at all requests."""
    # An article that would fetch an image from elsewhere.
    text = f"<p>The lighthouse of Kelm was lit in 1874.</p><img src='{PIXEL}'> ![x]({PIXEL})"
    added = app.add_text(
        f"{text}\n\nIts keeper, Ada Holm, served there for 41 years.", "Kelm light"
    )
    assert added.outcome == "added"

    _ask(page, "How long did Trump and Putin talk on the telephone?")
    expect(page.locator("#live .steps")).to_contain_text("Found", timeout=MINUTES)
    lengths = set()
    while page.locator("#live .turn.done").count() == 0:
        lengths.add(
            page.evaluate("document.querySelector('#live .running .a')?.textContent.length ?? 0")
        )
    assert len(lengths) > 3, "the words did not arrive one after the other"
    expect(page.locator("#live .a")).to_contain_text("two hours")
    page.locator("#live .cite[data-n='1']").click()
    marked = page.locator("#reader mark.on")
    expect(marked).to_be_visible()
    quote = marked.inner_text()
    assert any(quote in _text(app, info.id) for info in app.library.articles())

    _ask(page, "When was the lighthouse of Kelm lit?")
    _done(page)
    expect(page.locator("#live .a")).to_contain_text("1874")
    expect(page.locator("#reader")).to_contain_text("Kelm light")
    assert page.locator("#reader img").count() == 0

    _ask(page, "Which enzyme unwinds the double helix of DNA?")
    _done(page)
    expect(page.locator("#live .no")).to_be_visible()

    _ask(page, "Why was the Montreal Protocol agreed, and what did it achieve?")
    expect(page.locator("#live .turn.running")).to_be_visible(timeout=MINUTES)
    page.locator("#stop").click()
    expect(page.locator("#live .stopped")).to_have_text("Stopped", timeout=5_000)


def _text(app: App, article_id: str) -> str:
    article = app.library.get(article_id)
    return article.text if article else ""
