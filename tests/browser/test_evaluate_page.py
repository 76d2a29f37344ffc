"""A person measures the answers: asks, stops, goes on, reads a run, compares two."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evaluate_fakes import HOCKEY, NEVER, ROOTS, THREE, StubApp, stub_app
from fake_app import EVIL
from playwright.sync_api import Page, expect
from serving import serving
from visitor import (
    ask_file,
    each_width,  # noqa: F401 (the width of `page`)
)

from assistant.ui.server import Server

WAIT = {"id": "wait", "question": "How long did moss wait and grow?", "answers": ["2300 seconds"]}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, models: Path
) -> Iterator[tuple[StubApp, Server]]:
    store = tmp_path_factory.mktemp("store")
    with stub_app(store, models, model="smollm2-135m") as app, serving(app) as server:
        yield app, server


@pytest.fixture
def app(served: tuple[StubApp, Server]) -> Iterator[StubApp]:
    app = served[0]
    app.reset()
    for path in (app.settings.store / "evaluations").glob("*"):
        path.unlink()
    yield app
    app.free.set()


@pytest.fixture
def page(open_page, width: int) -> Page:  # type: ignore[no-untyped-def]
    return at_tab(open_page(viewport={"width": width, "height": 880}))


def at_tab(page: Page) -> Page:
    page.goto(page.url.split("#")[0] + "#evaluate")
    expect(page.locator("#ev-head h1")).to_be_visible()
    return page


def ask(page: Page, folder: Path, rows: list[dict[str, Any]], name: str = "my.jsonl") -> None:
    """Choose a file of these questions and start."""
    (folder / name).write_text("\n".join(map(json.dumps, rows)))
    ask_file(page, folder / name)


def done(page: Page, count: str = "Done: 3 questions asked.") -> None:
    expect(page.locator("#ev-said .ev-done")).to_contain_text(count, timeout=180_000)


def opened(page: Page) -> None:
    page.locator("#ev-said [data-open]").click()
    expect(page.locator("#ev-paper h1")).to_be_visible()


def questions(page: Page) -> list[str]:
    return page.locator(
        "#ev-asked .questions > details > summary > span:not(.badge)"
    ).all_inner_texts()


def test_the_sample_questions_are_searched_for_in_a_library_of_their_own(
    page: Page, app: StubApp
) -> None:
    expect(page.locator("#ev-choice")).to_contain_text("98 questions about 18 articles")
    expect(page.locator("#ev-list")).to_contain_text("None yet")
    page.get_by_label("Questions at most").fill("25")
    page.get_by_label("Search only").check()
    page.locator("[data-run]").click()
    expect(page.locator("#ev-said progress")).to_be_visible()
    done(page, "Done: 25 questions asked.")
    assert app.asked == [] and app.library.counts().articles == 2
    row = page.locator("#ev-list tbody tr")
    expect(row).to_contain_text("Sample questions")
    expect(row).to_contain_text("search only")
    opened(page)
    expect(page.locator("#ev-home")).to_be_hidden()
    expect(page.locator("#ev-paper h1")).to_be_focused()
    expect(page.locator(".ev-key")).to_contain_text("had their answer in what the model would be")
    page.get_by_text("Thresholds of refusal").click()
    curve = page.locator("#ev-more svg", has_text="recommended")
    expect(curve).to_be_visible()
    page.locator("[data-back]").click()
    expect(page.locator("#ev-home")).to_be_visible()
    expect(page.locator("#ev-run")).to_be_hidden()


def test_a_run_shows_its_figures_and_every_question(page: Page, tmp_path: Path) -> None:
    ask(page, tmp_path, THREE)
    done(page)
    cells = page.locator("#ev-list tbody tr td[data-label]").all_inner_texts()
    assert cells == ["50%", "0%", "100%", "100%", "1.5\u00a0s"]
    opened(page)
    expect(page.locator("#ev-paper h1")).to_have_text("my.jsonl")
    right = page.locator(".ev-key li").first
    expect(right).to_contain_text("50%")
    expect(right).to_contain_text("of the questions that the articles answer were answered right")
    expect(page.locator(".ev-waited")).to_contain_text("Half of the answers took 1.5 s at most")
    assert questions(page) == [row["question"] for row in THREE]
    first = page.locator("#ev-asked .questions > details").first
    first.locator("summary").first.click()
    for text in ("no roots", "Moss has no roots.", "Withdrawn words", "all 1.5 s"):
        expect(first).to_contain_text(text)
    first.locator(".evidence summary").click()
    expect(first.locator(".evidence li").first).to_be_visible()
    first.locator("sup a").click()
    expect(first.locator(".quotes li")).to_be_focused()
    expect(page.locator("#view-evaluate")).to_be_visible()  # the mark leads to no other view


def test_questions_are_found_by_outcome_and_by_words(page: Page, tmp_path: Path) -> None:
    ask(page, tmp_path, THREE)
    done(page)
    opened(page)
    page.locator(".ev-filters button[value=wrong]").click()
    expect(page.locator("#ev-asked [role=status]")).to_have_text("1 of 3 questions")
    assert questions(page) == [HOCKEY["question"]]
    expect(page.locator(".ev-filters button[value=wrong]")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator(".ev-filters button[value='']").click()
    expect(page.locator("#ev-asked .questions > details")).to_have_count(3)
    page.locator("#ev-search input").fill("MOSS lack")
    expect(page.locator("#ev-asked .questions > details")).to_have_count(1)
    assert questions(page) == [ROOTS["question"]]


def test_many_questions_come_a_part_at_a_time(page: Page, tmp_path: Path) -> None:
    many = [{**NEVER, "id": f"n{i}", "question": f"What was never told, {i}?"} for i in range(40)]
    page.get_by_label("Questions at most").fill("")
    ask(page, tmp_path, many)
    done(page, "Done: 40 questions asked.")
    opened(page)
    rows = page.locator("#ev-asked .questions > details")
    expect(rows).to_have_count(30)
    rows.nth(2).locator("summary").first.click()
    page.locator("[data-more]").click()
    expect(rows).to_have_count(40)
    expect(rows.nth(2)).to_have_attribute("open", "")
    expect(rows.nth(30).locator("summary").first).to_be_focused()


def test_a_run_is_stopped_and_goes_on(page: Page, app: StubApp, tmp_path: Path) -> None:
    ask(page, tmp_path, [ROOTS, WAIT, NEVER])
    expect(page.locator("#ev-said")).to_contain_text("Asking: 1 of 3")
    expect(page.locator("#ev-said")).to_contain_text("1 right")
    expect(page.locator("[data-run]")).to_be_hidden()
    page.locator("[data-stop]").click()
    done(page, "Stopped after 1 of 3 questions. It can go on later.")
    row = page.locator("#ev-list tbody tr")
    expect(row).to_contain_text("1 of 3 questions")
    app.free.set()
    row.get_by_role("button", name="Go on").click()
    done(page)
    expect(page.locator("#ev-list tbody tr")).to_have_count(1)
    assert [question for question in app.asked if question == ROOTS["question"]] == [
        ROOTS["question"]
    ]
    expect(row.get_by_role("button", name="Go on")).to_have_count(0)
    kept = sorted(path.suffix for path in (app.settings.store / "evaluations").iterdir())
    assert kept == [".json"]  # the copy of the questions is gone


def test_a_second_page_sees_the_progress_of_the_first(
    page: Page,
    open_page,
    app: StubApp,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    ask(page, tmp_path, [ROOTS, WAIT])
    expect(page.locator("#ev-said")).to_contain_text("Asking: 1 of 2")
    other = at_tab(open_page())
    expect(other.locator("#ev-said")).to_contain_text("Asking: 1 of 2")
    expect(other.locator("#ev-said")).to_contain_text("started on another page")
    expect(other.locator("[data-run]")).to_be_hidden()
    expect(other.locator("[data-stop]")).to_be_hidden()
    app.free.set()
    done(page, "Done: 2 questions asked.")
    expect(other.locator("#ev-list tbody tr")).to_have_count(1)
    expect(other.locator("[data-run]")).to_be_visible()


def test_the_chat_answers_while_questions_are_asked(
    page: Page, app: StubApp, tmp_path: Path
) -> None:
    ask(page, tmp_path, [WAIT])
    expect(page.locator("#ev-said")).to_contain_text("Asking: 0 of 1")
    page.goto(page.url.split("#")[0] + "#chat")
    page.locator("#question textarea").fill("What does moss lack?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#live .turn.done")).to_contain_text("Moss has no roots.")
    app.free.set()
    page.goto(page.url.split("#")[0] + "#evaluate")
    expect(page.locator("#ev-list tbody tr")).to_have_count(1)


def test_closing_the_page_stops_the_evaluation(open_page, app: StubApp, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = at_tab(open_page())
    ask(page, tmp_path, [ROOTS, WAIT])
    expect(page.locator("#ev-said")).to_contain_text("Asking: 1 of 2")
    page.close()
    (file,) = (app.settings.store / "evaluations").glob("*.json")
    end = time.monotonic() + 8
    again = at_tab(open_page())
    while again.locator("#ev-said .progress").count() and time.monotonic() < end:
        time.sleep(0.1)
    expect(again.locator("#ev-said .progress")).to_have_count(0)
    assert json.loads(file.read_text())["asked"] == 1


def test_two_runs_are_compared_in_words(page: Page, app: StubApp, tmp_path: Path) -> None:
    ask(page, tmp_path, THREE)
    done(page)
    app.silent = True
    time.sleep(1.1)  # so that the second run is the later one
    page.locator("[data-run]").click()
    expect(page.locator("#ev-list tbody tr")).to_have_count(2)
    compare = page.locator("[data-compare]")
    expect(compare).to_be_disabled()
    for box in page.locator("#ev-list .pick input").all():
        box.check()
    compare.click()
    told = page.locator(".ev-spoken")
    expect(told).to_contain_text("Answered right: 0.50 in the first run, 0.00 in the second (−0.50")
    expect(told).to_contain_text("That may be chance.")
    expect(page.locator("#ev-paper")).to_contain_text("Newly refused: 2")
    expect(page.locator("#ev-paper")).to_contain_text(str(ROOTS["question"]))
    expect(page.locator("#ev-search")).to_be_hidden()


def test_a_run_is_taken_along(page: Page, tmp_path: Path) -> None:
    ask(page, tmp_path, THREE)
    done(page)
    opened(page)
    with page.expect_download() as got:
        page.locator("[data-download=json]").click()
    assert got.value.suggested_filename.endswith(".json")
    assert json.loads(got.value.path().read_text())["asked"] == 3
    with page.expect_download() as got:
        page.locator("[data-download=html]").click()
    assert got.value.suggested_filename.endswith(".html")
    report = got.value.path().read_text()
    assert "What became of the questions" in report and "What does moss lack?" in report


def test_removing_a_run_asks_once_more(page: Page, app: StubApp, tmp_path: Path) -> None:
    ask(page, tmp_path, THREE)
    done(page)
    button = page.locator("#ev-list [data-remove]")
    button.click()
    expect(button).to_have_text("Really remove?")
    assert list((app.settings.store / "evaluations").iterdir())
    button.click()
    expect(page.locator("#ev-list")).to_contain_text("None yet")
    assert not list((app.settings.store / "evaluations").iterdir())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("bad.jsonl", '{"question": "a?", "answers": []}\n{oops', "bad.jsonl, line 2: not valid"),
        ("bad.csv", "name;age\nx;1", "bad.csv, line 1: no table of questions"),
        ("empty.jsonl", "", "holds no question"),
    ],
)
def test_a_bad_file_is_told_in_one_line(
    page: Page, app: StubApp, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text or "\n")
    ask_file(page, tmp_path / name)
    trouble = page.locator("#ev-said .trouble")
    expect(trouble).to_contain_text(said)
    expect(trouble).not_to_contain_text("/tmp")
    expect(page.locator("[data-run]")).to_be_visible()
    assert app.asked == []


def test_what_is_missing_is_told(page: Page, app: StubApp, tmp_path: Path) -> None:
    page.locator("input[name=ev-source][value=file]").check()
    page.locator("[data-run]").click()
    expect(page.locator("#ev-said .trouble")).to_contain_text("choose a question file first")
    page.locator("input[name=ev-source][value=feedback]").check()
    page.locator("[data-run]").click()
    expect(page.locator("#ev-said .trouble")).to_contain_text("no answer has been judged yet")
    app.settings = app.settings.model_copy(update={"model": str(tmp_path / "none.gguf")})
    ask(page, tmp_path, THREE)
    expect(page.locator("#ev-said .trouble")).to_contain_text("none.gguf")
    expect(page.locator("#ev-list")).to_contain_text("None yet")
    kept = app.settings.store / "evaluations"
    assert not list(kept.iterdir())


def test_questions_from_anywhere_stay_text(page: Page, tmp_path: Path) -> None:
    evil = {"question": f"Evil {EVIL}?", "answers": [EVIL], "kind": EVIL, "article": EVIL}
    ask(page, tmp_path, [evil], "evil.jsonl")
    done(page, "Done: 1 question asked.")
    opened(page)
    expect(page.locator("#ev-asked")).to_contain_text(f"Evil {EVIL}?")
    page.locator("#ev-asked summary").first.click()
    expect(page.locator("#ev-asked dd").first).to_have_text(EVIL)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src*=evil]").count() == 0


def test_the_tab_speaks_german(open_page, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = at_tab(open_page(locale="de-DE"))
    expect(page.locator("#ev-head h1")).to_have_text("Messen")
    expect(page.get_by_label("Höchstens so viele Fragen")).to_be_visible()
    ask(page, tmp_path, THREE)
    done(page, "Fertig: 3 Fragen gestellt.")
    expect(page.locator("#ev-list")).to_contain_text("1,5 s")
    opened(page)
    expect(page.locator(".ev-key")).to_contain_text("wurden richtig beantwortet")
    expect(page.locator(".ev-filters")).to_contain_text("zu Recht abgelehnt")
    expect(page.locator("#ev-more")).to_contain_text("Kennzahlen")


@pytest.mark.parametrize("width", [360, 390, 1280, 1920])
def test_it_fits_every_screen(open_page, tmp_path: Path, width: int) -> None:  # type: ignore[no-untyped-def]
    page = at_tab(open_page(viewport={"width": width, "height": 844}))
    ask(page, tmp_path, THREE)
    done(page)
    fits = "(() => { const p = document.querySelector('#view-evaluate');"
    fits += " return p.scrollWidth <= p.clientWidth })()"
    assert page.evaluate(fits)
    opened(page)
    page.locator("#ev-asked summary").first.click()
    page.get_by_text("Settings of this run").click()
    assert page.evaluate(fits)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
