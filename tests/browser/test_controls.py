"""What can be done with an answer: ask again, edit, copy, judge, take along; first questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_app import CALL, FROST, FakeApp
from playwright.sync_api import Page, expect
from visitor import (
    CALL_QUESTION,
    FROST_QUESTION,
    answered,
    ask,
    comes_true,
    each_width,  # noqa: F401 (the width of `page`)
    go,
)


def test_asking_again_replaces_the_last_answer(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    ask(page, "a slow one")
    expect(page.locator("#live .growing")).to_be_visible()
    page.locator("#stop").click()
    expect(page.locator("#live .stopped")).to_be_visible()
    page.locator("#question textarea").fill("half a thought")
    page.locator("#live").get_by_role("button", name="Ask again").click()
    expect(page.locator("#live .growing")).to_be_visible()
    expect(page.locator("#talk .turn")).to_have_count(2)
    expect(page.locator("#question textarea")).to_have_value("half a thought")
    page.locator("#stop").click()
    expect(page.locator("#live .stopped")).to_be_visible()
    [conversation] = app.conversations()
    assert [e.question for e in app.exchanges(conversation)] == [FROST_QUESTION, "a slow one"]


def test_asking_an_earlier_question_again_asks_it_anew(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    answered(page, CALL_QUESTION)
    page.locator("#moved").get_by_role("button", name="Ask again").click()
    expect(page.locator("#live .turn.done .q")).to_contain_text(FROST_QUESTION)
    expect(page.locator("#talk .turn")).to_have_count(3)


def test_editing_the_last_question_replaces_it(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    answered(page, "What ws said?")
    expect(page.locator("#moved").get_by_role("button", name="Edit")).to_be_hidden()
    page.locator("#live").get_by_role("button", name="Edit").click()
    expect(page.locator("#question textarea")).to_have_value("What ws said?")
    expect(page.locator("#editing")).to_contain_text("asked anew")
    answered(page, "What was said?")
    expect(page.locator("#editing")).to_have_count(0)
    expect(page.locator("#talk .turn")).to_have_count(2)
    [conversation] = app.conversations()
    assert [e.question for e in app.exchanges(conversation)] == [FROST_QUESTION, "What was said?"]
    assert [turn.question for turn in app.histories[-1]] == [FROST_QUESTION]


def test_editing_can_be_left(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    page.reload()
    page.locator("#past").get_by_role("button", name="Edit").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#question textarea")).to_have_value("")
    answered(page, CALL_QUESTION)
    expect(page.locator("#talk .turn")).to_have_count(2)


@pytest.mark.parametrize(
    ("form", "mark", "note"),
    [
        ("as Markdown", "[^1]", "[^1]: “Oat prices climb after the late frost”, Mara Lind"),
        ("as plain text", "days. [1]", "[1] “Oat prices climb after the late frost”, Mara Lind"),
    ],
)
def test_copying_with_footnotes(page: Page, form: str, mark: str, note: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answered(page, FROST_QUESTION)
    page.locator("#live .controls summary").click()
    page.get_by_role("button", name=form).click()
    expect(page.locator("#mention")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Oats became 14% dearer within ten days.")
    assert mark in text and note in text
    assert "Wholesale prices rose by 14% within ten days." in text
    expect(page.locator("#live .controls details")).not_to_have_attribute("open", "")


def test_a_menu_closes_with_escape_and_elsewhere(page: Page) -> None:
    answered(page, FROST_QUESTION)
    menu = page.locator("#live .controls .choices")
    page.locator("#live .controls summary").click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator("#live .controls summary")).to_be_focused()
    page.locator("#live .controls summary").click()
    page.locator("#live .q").click()
    expect(menu).to_be_hidden()


def test_a_verdict_with_a_remark_is_kept(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    bad = page.locator("#live").get_by_role("button", name="Bad answer")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    page.get_by_label("What was wrong with it?").fill("Kyiv <b>refused</b>")
    page.locator("#live .remark button").click()
    expect(page.locator("#mention")).to_contain_text("Thank you")
    [kept] = app.library.conversations.judged()
    assert kept.liked is False and kept.remark == "Kyiv <b>refused</b>"
    page.reload()
    expect(page.locator("#past .dislike")).to_have_attribute("aria-pressed", "true")
    page.locator("#past .dislike").click()
    expect(page.locator("#past .dislike")).to_have_attribute("aria-pressed", "false")
    comes_true(lambda: app.library.conversations.judged() == [])


def test_a_verdict_stays_when_the_turn_is_moved(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live").get_by_role("button", name="Good answer").click()
    expect(page.locator("#live .remark input")).to_be_focused()
    answered(page, FROST_QUESTION)
    expect(page.locator("#moved .like")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#live .like")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("kind", ["Markdown", "HTML", "JSON"])
def test_a_conversation_is_taken_along(page: Page, kind: str, tmp_path: Path) -> None:
    answered(page, CALL_QUESTION)
    answered(page, FROST_QUESTION)
    page.locator("#head summary").click()
    with page.expect_download() as download:
        page.locator("#head").get_by_role("button", name=kind, exact=True).click()
    ending = {"Markdown": "md", "HTML": "html", "JSON": "json"}[kind]
    assert download.value.suggested_filename.endswith(f".{ending}")
    assert download.value.suggested_filename.startswith("how-long-was-the-call")
    download.value.save_as(tmp_path / "taken")
    text = (tmp_path / "taken").read_text("utf-8")
    for part in (CALL_QUESTION, FROST_QUESTION, CALL.title, "Mara Lind", "14%"):
        assert part in text
    if kind == "JSON":
        assert len(json.loads(text)["exchanges"]) == 2


def test_the_first_questions_come_from_the_articles(page: Page, app: FakeApp) -> None:
    suggested = page.locator(".suggested button")
    expect(suggested.first).to_contain_text(FROST.title)
    expect(suggested.nth(1)).to_contain_text(CALL.title)
    question = suggested.first.inner_text()
    suggested.first.click()
    expect(page.locator("#live .turn.done .q")).to_contain_text(question)
    expect(page.locator(".suggested")).to_be_hidden()


def test_new_articles_bring_new_first_questions(page: Page, app: FakeApp) -> None:
    app.begin_with(CALL)
    go(page, "articles")
    go(page, "chat")
    expect(page.locator(".suggested button")).to_have_count(1)
    expect(page.locator(".suggested button")).to_contain_text(CALL.title)


def test_the_slash_goes_to_the_question(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live .cite").first.focus()
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("and/or")
    expect(page.locator("#question textarea")).to_have_value("and/or")
