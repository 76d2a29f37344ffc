"""Seeing why an answer can be believed: cards, marks, steps, versions, the evidence, refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_app import ANSWER, CALL, EVIL_ARTICLE, FROST, FakeApp
from playwright.sync_api import Page, expect
from visitor import (
    CALL_QUESTION,
    FROST_QUESTION,
    HOCKEY_QUESTION,
    answered,
    ask,
    each_width,  # noqa: F401 (the width of `page`)
    inside,
    to_the_chat,
    to_the_source,
)

QUOTES = [quote for _, cited, _ in ANSWER for _, quote in cited]
SIZES = [(390, 844), (1280, 850), (1920, 1080)]


def test_pointing_at_a_citation_shows_a_card(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live .cite[data-n='2']").hover()
    card = page.locator("#card")
    expect(card).to_be_visible()
    expect(card).to_contain_text(QUOTES[1])
    expect(card).to_contain_text(CALL.title)
    expect(card).to_contain_text("19 March 2025")
    page.locator("#question textarea").hover()
    expect(card).to_have_count(0)


def test_the_card_comes_with_the_keyboard_and_goes_with_escape(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live summary.steps").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#live .cite[data-n='1']")).to_be_focused()
    expect(page.locator("#card")).to_contain_text(QUOTES[0])
    expect(page.locator("#live .cite[data-n='1']")).to_have_attribute("aria-describedby", "card")
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#reader mark.on")).to_have_text(QUOTES[0])


def test_the_card_shows_hostile_text_as_text(page: Page) -> None:
    answered(page, "a trap?")
    page.locator("#live .cite").hover()
    expect(page.locator("#card")).to_contain_text("The trap says <script>")
    expect(page.locator("#card")).to_contain_text(EVIL_ARTICLE.title)
    assert page.locator("#card img, #card script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_keys_step_through_the_cited_sentences(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live .cite[data-n='1']").click()
    expect(page.locator("#reader mark.on")).to_have_text(QUOTES[0])
    page.locator("#reader").focus()
    for key, quote in (("j", 1), ("ArrowRight", 2), ("j", 2), ("k", 1), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        expect(page.locator("#reader mark.on")).to_have_text(QUOTES[quote])
    to_the_chat(page)
    page.locator("#question textarea").focus()
    page.keyboard.press("j")
    expect(page.locator("#question textarea")).to_have_value("j")
    expect(page.locator("#reader mark.on")).to_have_text(QUOTES[0])


def test_a_reader_that_opens_over_the_chat_takes_the_focus(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live .cite[data-n='1']").click()
    expect(page.locator("#reader mark.on")).to_have_text(QUOTES[0])
    if page.locator("body.drawn").count():
        expect(page.get_by_role("button", name="Close the article")).to_be_focused()


def test_stepping_goes_from_one_article_to_the_next(page: Page) -> None:
    answered(page, HOCKEY_QUESTION)
    page.locator("#live .near").first.click()
    expect(page.locator("#reader h2")).to_have_text(CALL.title)
    page.get_by_role("button", name="Next sentence").click()
    expect(page.locator("#reader h2")).to_have_text(FROST.title)
    expect(page.locator("#reader .reader-bar")).to_contain_text("2 of 2")
    expect(page.locator("#reader-paper [data-step='-1']")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_evidence_unfolds_and_opens(open_page, width: int, height: int) -> None:  # type: ignore[no-untyped-def]
    page = open_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    answered(page, CALL_QUESTION)
    expect(page.locator("#live .evidence")).to_be_hidden()
    page.locator("#live summary.steps").click()
    expect(page.locator("#live .evidence")).to_contain_text(CALL.title)
    page.locator("#live .evidence button").nth(2).click()
    expect(page.locator("#reader mark.on")).to_have_text(QUOTES[2])
    expect(page.locator("#reader .reader-bar")).to_contain_text("3 of 3 found sentences")
    assert inside(page, "#reader mark.on", "#reader")


def test_the_evidence_can_be_read_while_the_answer_grows(page: Page) -> None:
    ask(page, "a slow one")
    page.locator("#live summary.steps").click()
    expect(page.locator("#live .growing")).to_be_visible()
    page.locator("#live .evidence button").nth(1).click()
    expect(page.locator("#reader mark.on")).to_have_text(QUOTES[1])
    to_the_chat(page)
    expect(page.locator("#live .evidence")).to_be_visible()
    page.locator("#stop").click()
    expect(page.locator("#live .stopped")).to_be_visible()
    expect(page.locator("#live .evidence")).to_be_visible()


def test_an_old_citation_opens_what_it_cited(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    app.library.add(replace(FROST, text="All is well.\n\nThe oats have grown again by now."))
    page.reload()
    page.locator("#past .cite").click()
    expect(page.locator("#reader mark.on")).to_have_text(
        "Wholesale prices rose by 14% within ten days."
    )
    expect(page.locator("#reader .note")).to_contain_text("This is version 1, as cited")
    page.get_by_role("button", name="Show the current text").click()
    expect(page.locator("#reader .paper")).to_contain_text("The oats have grown again by now.")
    expect(page.locator("#reader mark")).to_have_count(0)


def test_the_quote_of_a_removed_article_is_still_there(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    app.library.remove(FROST.id)
    page.reload()
    page.locator("#past .cite").click()
    expect(page.locator("#reader .note")).to_have_text("This article is no longer in the library.")
    expect(page.locator("#reader mark.on")).to_have_text(
        "Wholesale prices rose by 14% within ten days."
    )


def test_only_this_article(page: Page, app: FakeApp) -> None:
    answered(page, FROST_QUESTION)
    to_the_source(page)
    expect(page.locator("#reader h2")).to_have_text(FROST.title)
    page.get_by_role("button", name="Ask only this article").click()
    expect(page.locator("#limits .chip")).to_contain_text(FROST.title)
    answered(page, HOCKEY_QUESTION)
    assert app.scopes[-1].articles == (FROST.id,)


def test_a_refusal_helps_on(page: Page) -> None:
    answered(page, HOCKEY_QUESTION)
    refusal = page.locator("#live .turn")
    expect(refusal.locator(".trouble")).to_have_count(0)
    expect(refusal.locator(".near")).to_have_count(2)
    expect(refusal.locator(".onward")).to_contain_text("Name people and places")
    expect(refusal.locator(".withdrawn .said")).to_be_hidden()
    refusal.get_by_text("What the model wrote instead").click()
    expect(refusal.locator(".withdrawn")).to_contain_text("No article supports it")
    expect(refusal.locator(".withdrawn .said")).to_have_text("The Eagles won the match.")
    refusal.get_by_role("link", name="Add articles").click()
    expect(page.locator("body")).to_have_attribute("data-view", "articles")


def test_nothing_jumps_while_the_answer_grows(page: Page) -> None:
    ask(page, CALL_QUESTION)
    expect(page.locator("#live .growing")).to_be_visible()
    top = "document.querySelector('#live .a').getBoundingClientRect().top"
    seen = {round(page.evaluate(top))}
    while page.locator("#live .turn.done").count() == 0:
        seen.add(round(page.evaluate(f"document.querySelector('#live .a') ? {top} : {min(seen)}")))
    seen.add(round(page.evaluate(top)))
    assert max(seen) - min(seen) <= 1


def test_what_matters_is_told_to_a_screen_reader(page: Page) -> None:
    answered(page, CALL_QUESTION)
    status = page.locator("#status")
    expect(status).to_contain_text("Answer: The call lasted more than two hours")
    expect(status).not_to_contain_text("hours.1")
    assert page.locator("#talk [aria-live]").count() == 0
