"""Ten things that people come for, on a phone and on two screens, and the clicks that each takes.

The library is the real one; the answers are its best sentences, without a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pdf_files
import pytest
from evaluate_fakes import MOSS, StubApp, stub_app
from hand import Hand
from playwright.sync_api import expect
from serving import serving
from visitor import WIDTHS
from web_server import Reply, Site, site

from assistant.ui.server import Server

ROOTS = "What does moss lack?"
HOCKEY = "What did they speak of in the call?"


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, models: Path
) -> Iterator[tuple[StubApp, Server]]:
    store = tmp_path_factory.mktemp("store")
    more = {"model": "smollm2-135m", "allow_private_addresses": True}
    with stub_app(store, models, **more) as app, serving(app) as server:
        yield app, server


@pytest.fixture
def app(served: tuple[StubApp, Server]) -> Iterator[StubApp]:
    app = served[0]
    app.reset()
    yield app
    app.free.set()


@pytest.fixture
def web() -> Iterator[Site]:
    text = "The tower of Kolm was finished in 1904. " * 3
    with site({"/tower": Reply(f"<title>Tower</title><article><p>{text}".encode())}) as running:
        yield running


@pytest.fixture(params=WIDTHS)
def hand(request: pytest.FixtureRequest, open_page) -> Hand:  # type: ignore[no-untyped-def]
    return Hand(open_page(viewport={"width": request.param, "height": 900}))


def test_ask(hand: Hand) -> None:
    expect(hand.answered(ROOTS)).to_contain_text("Moss has no roots.")
    assert hand.clicks == 0


def test_open_a_citation(hand: Hand) -> None:
    hand.answered(ROOTS)
    hand.click("#live .cite[data-n='1']")
    mark = hand.page.locator("#reader mark.on")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_text(MOSS.split(". ")[0] + ".")
    assert hand.clicks == 1


def test_add_an_address_and_a_pdf(hand: Hand, app: StubApp, web: Site, tmp_path: Path) -> None:
    file = tmp_path / "ferry.pdf"
    file.write_bytes(pdf_files.write([pdf_files.column(pdf_files.FERRY)], {"Title": "The ferry"}))
    page = hand.page
    hand.go("articles")
    page.locator("#add-address textarea").fill(web.url("/tower"))
    hand.click(page.get_by_role("button", name="Add", exact=True))
    expect(page.locator("#add-report")).to_contain_text("1 added")
    with page.expect_file_chooser() as chooser:
        hand.click("#upload button")
    chooser.value.set_files(file)
    expect(page.locator("#article-table [data-open]", has_text="The ferry")).to_be_visible()
    expect(page.locator("#article-table [data-open]", has_text="Tower")).to_be_visible()
    assert hand.clicks == (4 if hand.on_a_phone else 3)
    for info in app.library.articles():
        if info.title in ("The ferry", "Tower"):
            app.library.remove(info.id)


def test_limit_to_one_article(hand: Hand) -> None:
    hand.answered(ROOTS)
    if hand.on_a_phone:
        hand.click("#live .cite[data-n='1']")
    hand.click("#reader .only")
    expect(hand.page.locator("#limits .chip")).to_contain_text("Moss")
    hand.answered(HOCKEY)
    expect(hand.page.locator("#reader h2")).to_have_text("Moss")
    assert hand.clicks == (2 if hand.on_a_phone else 1)


def test_ask_a_follow_up(hand: Hand, app: StubApp) -> None:
    hand.answered(ROOTS)
    hand.answered("How long did it grow?")
    assert [turn.question for turn in app.histories[-1]] == [ROOTS]
    assert hand.clicks == 0


def test_stop(hand: Hand) -> None:
    hand.ask("How long did moss wait and grow?")
    expect(hand.page.locator("#live .steps")).to_contain_text("Found")
    hand.click("#stop")
    expect(hand.page.locator("#live .stopped")).to_have_text("Stopped")
    assert hand.clicks == 1


def test_export(hand: Hand, tmp_path: Path) -> None:
    hand.answered(ROOTS)
    hand.click("#head summary")
    with hand.page.expect_download() as download:
        hand.click(hand.page.locator("#head").get_by_role("button", name="Markdown"))
    download.value.save_as(tmp_path / "taken.md")
    text = (tmp_path / "taken.md").read_text("utf-8")
    assert ROOTS in text and "Moss has no roots." in text
    assert hand.clicks == 2


def test_find_an_old_conversation(hand: Hand) -> None:
    hand.answered(ROOTS)
    hand.page.evaluate("assistantChat.begin()")
    hand.answered(HOCKEY)
    hand.to_the_rail()
    hand.click("#find")
    hand.page.keyboard.type("roots")
    expect(hand.page.locator("#talks li")).to_have_count(1)
    hand.click("#talks li a")
    expect(hand.page.locator("#past .q")).to_contain_text(ROOTS)
    assert hand.clicks == (3 if hand.on_a_phone else 2)


def test_run_an_evaluation(hand: Hand) -> None:
    hand.go("evaluate")
    hand.page.get_by_label("Questions at most").fill("3")
    hand.click("[data-run]")
    expect(hand.page.locator("#ev-said .ev-done")).to_be_visible(timeout=120_000)
    hand.click("#ev-said [data-open]")
    expect(hand.page.locator(".ev-key li").first).to_contain_text("%")
    expect(hand.page.locator("#ev-paper h1")).to_have_text("Sample questions")
    assert hand.clicks == (4 if hand.on_a_phone else 3)


def test_change_the_model(hand: Hand, app: StubApp) -> None:
    hand.go("settings")
    row = hand.page.locator(".models li", has_text="qwen2.5-coder-1.5b")
    hand.click(row.get_by_role("button"))
    expect(hand.page.locator("#models-said")).to_contain_text("answers from now on")
    assert app.settings.model == "qwen2.5-coder-1.5b"
    assert hand.clicks == (3 if hand.on_a_phone else 2)
