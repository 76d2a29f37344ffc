"""Scope: which articles a question is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from fake_app import CALL, FROST, FakeApp
from playwright.sync_api import Page, expect
from visitor import CALL_QUESTION, FROST_QUESTION, HOCKEY_QUESTION, answered

from assistant.records import EVERYTHING


@pytest.fixture
def tagged(app: FakeApp) -> FakeApp:
    app.begin_with(replace(CALL, tags=("Diplomacy", "Ukraine")), replace(FROST, tags=("Farming",)))
    return app


def choose(page: Page) -> None:
    if page.viewport_size["width"] < 900:  # type: ignore[index]
        page.locator("#menu").click()
    page.get_by_role("button", name="Choose…").click()


def close(page: Page) -> None:
    if page.viewport_size["width"] < 900:  # type: ignore[index]
        page.keyboard.press("Escape")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 850), (1920, 1080)])
def test_chosen_articles(open_page, tagged: FakeApp, width: int, height: int) -> None:  # type: ignore[no-untyped-def]
    page = open_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    choose(page)
    page.locator("#seek").fill("oat late")
    match = page.locator("#seek-found button")
    expect(match).to_have_count(1)
    expect(match).to_contain_text(FROST.title)
    match.click()
    expect(match).to_have_attribute("aria-pressed", "true")
    close(page)
    expect(page.locator("#limits .chip")).to_contain_text(FROST.title)
    answered(page, CALL_QUESTION)
    assert tagged.scopes[-1].articles == (FROST.id,)
    page.locator("#limits").get_by_role("button", name="Do not limit to this").click()
    expect(page.locator("#limits .chip")).to_have_count(0)
    answered(page, FROST_QUESTION)
    assert tagged.scopes[-1] == EVERYTHING


def test_two_wishes_at_once_both_hold(page: Page, tagged: FakeApp) -> None:
    choose(page)
    expect(page.locator("#scope").get_by_role("button", name="Farming")).to_be_visible()
    page.evaluate("""() => {
        document.querySelector("#scope [data-tag=Farming]").click();
        const day = document.querySelector("#scope [data-day=since]");
        day.value = "2026-01-01";
        day.dispatchEvent(new Event("change", { bubbles: true }));
    }""")
    limits = page.locator("#limits")
    expect(limits).to_contain_text("since 1 January 2026")
    expect(limits).to_contain_text("tagged “Farming”")
    answered(page, FROST_QUESTION)
    assert tagged.scopes[-1].tags == ("Farming",) and tagged.scopes[-1].since


def test_tags(page: Page, tagged: FakeApp) -> None:
    choose(page)
    page.locator("#scope").get_by_role("button", name="Farming").click()
    expect(page.locator("#limits")).to_contain_text("tagged “Farming”")
    page.locator("#scope").get_by_role("button", name="Ukraine").click()
    expect(page.locator("#limits .chip")).to_have_count(2)
    answered(page, CALL_QUESTION)
    assert set(tagged.scopes[-1].tags) == {"Farming", "Ukraine"}
    page.locator("#limits").get_by_role("button", name="All articles").click()
    expect(page.locator("#limits .chip")).to_have_count(0)
    expect(page.locator("#scope [data-everything]")).to_have_attribute("aria-pressed", "true")


def test_dates(page: Page, tagged: FakeApp) -> None:
    choose(page)
    page.get_by_label("From", exact=True).first.fill("2026-01-01")
    expect(page.locator("#limits")).to_contain_text("since 1 January 2026")
    page.get_by_label("Until", exact=True).fill("2026-05-31")
    expect(page.locator("#limits")).to_contain_text("from 1 January 2026 to 31 May 2026")
    answered(page, CALL_QUESTION)
    assert tagged.scopes[-1].since == date(2026, 1, 1)
    assert tagged.scopes[-1].until == date(2026, 5, 31)


def test_the_last_week_at_one_click(page: Page, tagged: FakeApp) -> None:
    week = page.locator("#scope").get_by_role("button", name="Last week")
    week.click()
    expect(week).to_have_attribute("aria-pressed", "true")
    answered(page, CALL_QUESTION)
    assert tagged.scopes[-1].since == date.today() - timedelta(days=7)
    week.click()
    expect(page.locator("#limits .chip")).to_have_count(0)


def test_the_scope_belongs_to_the_conversation(page: Page, tagged: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#scope").get_by_role("button", name="This year").click()
    expect(page.locator("#limits")).to_contain_text("since")
    page.locator("#new").click()
    expect(page.locator("#limits .chip")).to_have_count(0)
    answered(page, FROST_QUESTION)
    assert tagged.scopes[-1] == EVERYTHING
    page.locator("#talks a", has_text=CALL_QUESTION).click()
    expect(page.locator("#limits .chip")).to_contain_text("since")
    page.reload()
    expect(page.locator("#limits .chip")).to_contain_text("since")
    answered(page, FROST_QUESTION)
    assert tagged.scopes[-1].since == date.today().replace(month=1, day=1)


def test_an_answer_says_what_was_looked_in(page: Page, tagged: FakeApp) -> None:
    answered(page, "What happened this week?")
    expect(page.locator("#live .asked")).to_have_text("Looked in articles since 1 May 2026")
    page.locator("#scope").get_by_role("button", name="This year").click()
    expect(page.locator("#limits .chip")).to_be_visible()
    answered(page, CALL_QUESTION)
    expect(page.locator("#live .asked")).to_contain_text("Looked in articles since 1 January")


def test_a_refusal_in_a_part_offers_all(page: Page, tagged: FakeApp) -> None:
    page.locator("#scope").get_by_role("button", name="This year").click()
    expect(page.locator("#limits .chip")).to_be_visible()
    answered(page, HOCKEY_QUESTION)
    page.locator("#live").get_by_role("button", name="Ask all articles").click()
    expect(page.locator("#limits .chip")).to_have_count(0)
    expect(page.locator("#live .turn.done .onward")).to_contain_text("Name people and places")
    assert tagged.scopes[-1] == EVERYTHING
    expect(page.locator("#talk .turn")).to_have_count(1)  # it takes the place of the narrow one


def test_another_view_can_limit_to_one_article(page: Page, tagged: FakeApp) -> None:
    page.goto(page.url.split("#")[0] + "#articles")
    page.evaluate(
        "dispatchEvent(new CustomEvent('assistant:limit',"
        " {detail: {article: 'frost002', title: 'Oats'}}))"
    )
    expect(page.locator("body")).to_have_attribute("data-view", "chat")
    expect(page.locator("#limits .chip")).to_contain_text(FROST.title)
    expect(page.locator("#question textarea")).to_be_focused()


def test_an_unknown_article_limits_nothing(page: Page, tagged: FakeApp) -> None:
    page.evaluate(
        "dispatchEvent(new CustomEvent('assistant:limit', {detail: {article: 'no', title: ''}}))"
    )
    page.wait_for_timeout(400)
    expect(page.locator("#limits .chip")).to_have_count(0)
