"""Conversations in the rail: kept, found again, renamed, deleted, and each reader's own."""

from __future__ import annotations

import re
import time

import pytest
from fake_app import EVIL, FakeApp
from playwright.sync_api import Page, expect
from visitor import CALL_QUESTION, FROST_QUESTION, HOCKEY_QUESTION, answered, ask, comes_true

from assistant.records import Exchange

READER = "reader"  # of the conversations that a test makes itself


def titles(page: Page) -> list[str]:
    return page.locator("#talks li a").all_inner_texts()


def two_conversations(page: Page) -> None:
    answered(page, CALL_QUESTION)
    expect(page.locator("#talks li")).to_have_count(1)
    page.locator("#new").click()
    expect(page.locator("#talk .turn")).to_have_count(0)
    answered(page, FROST_QUESTION)
    expect(page.locator("#talks li")).to_have_count(2)


def test_conversations_are_listed_by_their_first_question(page: Page) -> None:
    two_conversations(page)
    assert titles(page) == [FROST_QUESTION, CALL_QUESTION]
    expect(page.locator("#talks [aria-current]")).to_have_text(FROST_QUESTION)
    answered(page, HOCKEY_QUESTION)
    assert titles(page) == [FROST_QUESTION, CALL_QUESTION]


def test_an_old_conversation_opens_with_its_citations(page: Page, app: FakeApp) -> None:
    two_conversations(page)
    page.locator("#talks a", has_text=CALL_QUESTION).click()
    expect(page.locator("#past .turn .q")).to_contain_text(CALL_QUESTION)
    expect(page.locator("#talk .turn")).to_have_count(1)
    expect(page.locator("#head h1")).to_have_text(CALL_QUESTION)
    page.locator("#past .cite[data-n='2']").click()
    expect(page.locator("#reader mark.on")).to_contain_text("Putin offered to halt")
    expect(page.locator("#reader mark")).to_have_count(3)
    answered(page, HOCKEY_QUESTION)
    assert [turn.question for turn in app.histories[-1]] == [CALL_QUESTION]
    expect(page.locator("#talk .turn")).to_have_count(2)
    expect(page.locator("#talks li").first).to_contain_text(CALL_QUESTION)


def test_reloading_brings_the_conversation_back(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    answered(page, FROST_QUESTION)
    assert re.search(r"#chat/\w+$", page.url)
    page.reload()
    expect(page.locator("#past .turn")).to_have_count(2)
    expect(page.locator("#talks [aria-current]")).to_have_text(CALL_QUESTION)
    answered(page, HOCKEY_QUESTION)
    assert len(app.histories[-1]) == 2
    assert [len(app.exchanges(each)) for each in app.conversations()] == [3]


def test_going_back_shows_the_conversation_before(page: Page) -> None:
    two_conversations(page)
    page.locator("#talks a", has_text=CALL_QUESTION).click()
    expect(page.locator("#past .q")).to_contain_text(CALL_QUESTION)
    page.go_back()
    expect(page.locator("#past .q")).to_contain_text(FROST_QUESTION)


def test_a_stopped_and_a_failed_question_are_kept(page: Page, app: FakeApp) -> None:
    ask(page, "a slow one")
    expect(page.locator("#live .a")).to_contain_text("longest between")
    page.locator("#stop").click()
    expect(page.locator("#live .stopped")).to_have_text("Stopped")
    ask(page, "without a model")
    expect(page.locator("#live .trouble")).to_contain_text("The model is not there")
    expect(page.locator("#talks li")).to_have_count(1)
    page.reload()
    expect(page.locator("#past .turn")).to_have_count(2)
    expect(page.locator("#past .a")).to_contain_text("longest between")
    expect(page.locator("#past .stopped")).to_have_text("Stopped")
    expect(page.locator("#past .trouble")).to_contain_text("The model is not there")


def test_closing_the_page_keeps_what_was_said(open_page, app: FakeApp) -> None:  # type: ignore[no-untyped-def]
    page = open_page()
    ask(page, "a slow one")
    expect(page.locator("#live .a")).to_contain_text("longest between")
    page.close()
    end = time.monotonic() + 5
    while not app.conversations() and time.monotonic() < end:
        time.sleep(0.05)
    [kept] = app.exchanges(app.conversations()[0])
    assert kept.answer is None and "longest between" in kept.words


def test_renaming(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#talks .more").click()
    page.get_by_role("button", name="Rename", exact=True).click()
    title = page.get_by_label("Title of the conversation")
    expect(title).to_have_value(CALL_QUESTION)
    title.fill("The long call")
    title.press("Enter")
    expect(page.locator("#head h1")).to_have_text("The long call")
    assert titles(page) == ["The long call"]
    assert [each.title for each in app.conversations()] == ["The long call"]
    answered(page, FROST_QUESTION)
    assert titles(page) == ["The long call"]


def test_escape_leaves_the_name_as_it_was(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#talks .more").click()
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_label("Title of the conversation").fill("No")
    page.keyboard.press("Escape")
    assert titles(page) == [CALL_QUESTION]


def test_deleting_asks_once_more_in_place(page: Page, app: FakeApp) -> None:
    two_conversations(page)
    page.locator("#talks li", has_text=FROST_QUESTION).hover()
    page.locator("#talks li", has_text=FROST_QUESTION).locator(".more").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#talks .sure")).to_have_text("Really delete?")
    assert len(app.conversations()) == 2
    page.locator("#talks .sure").click()
    expect(page.locator("#talks li")).to_have_count(1)
    expect(page.locator("#talk .turn")).to_have_count(0)  # it was the one that is open
    assert [each.title for each in app.conversations()] == [CALL_QUESTION]


def test_what_is_deleted_while_it_is_answered_stays_away(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    ask(page, "a slow one")
    expect(page.locator("#live .growing")).to_be_visible()
    page.locator("#talks .more").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.locator("#talks .sure").click()
    expect(page.locator("#talks li")).to_have_count(0)
    comes_true(app.stops[-1].is_set)
    page.wait_for_timeout(700)
    assert app.conversations() == []
    expect(page.locator("#talk .turn:visible")).to_have_count(0)


def test_the_choices_stay_when_the_list_is_written_anew(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#talks .more").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    conversations = app.library.conversations
    [kept] = app.conversations()
    conversations.rename(app.readers[-1], kept.id, "Calls")
    page.evaluate("assistantPage.send('find')")
    expect(page.locator("#talks li a")).to_have_text("Calls")
    expect(page.locator("#talks .sure")).to_have_text("Really delete?")
    expect(page.locator("#talks .more")).to_have_attribute("aria-expanded", "true")
    page.locator("#talks .sure").click()
    expect(page.locator("#talks li")).to_have_count(0)


def test_searching_looks_in_questions_and_answers(page: Page) -> None:
    two_conversations(page)
    page.locator("#find").fill("14% dearer")
    expect(page.locator("#talks li")).to_have_count(1)
    assert titles(page) == [FROST_QUESTION]
    page.locator("#find").fill("nowhere said")
    expect(page.locator("#talks")).to_contain_text("No conversation holds these words.")
    page.locator("#find").fill("")
    expect(page.locator("#talks li")).to_have_count(2)


def test_another_conversation_does_not_wait_for_the_answer(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#new").click()
    ask(page, "a slow one")
    expect(page.locator("#live .growing")).to_be_visible()
    page.locator("#talks a", has_text=CALL_QUESTION).click()
    expect(page.locator("#past .q")).to_contain_text(CALL_QUESTION)
    expect(page.locator("#talk .turn:visible")).to_have_count(1)
    answered(page, FROST_QUESTION)
    assert app.stops[1].is_set()
    expect(page.locator("#talks li")).to_have_count(2)
    expect(page.locator("#talk .turn:visible")).to_have_count(2)


def test_readers_do_not_see_each_other_s_conversations(open_page) -> None:  # type: ignore[no-untyped-def]
    one, other = open_page(), open_page()
    answered(one, CALL_QUESTION)
    expect(one.locator("#talks li")).to_have_count(1)
    other.goto(one.url)
    other.reload()
    expect(other.locator(".trouble")).to_contain_text("This conversation is no longer here.")
    expect(other.locator("#talks li")).to_have_count(0)


def test_two_tabs_of_a_reader_do_not_overwrite_each_other(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.locator("#past .turn")).to_have_count(1)
    answered(second, FROST_QUESTION)
    answered(page, HOCKEY_QUESTION)
    [conversation] = app.conversations()
    questions = [each.question for each in app.exchanges(conversation)]
    assert questions == [CALL_QUESTION, FROST_QUESTION, HOCKEY_QUESTION]


def test_hostile_titles_are_text(page: Page) -> None:
    question = f"frost \u202e evil {EVIL}"
    answered(page, question)
    expect(page.locator("#talks li a")).to_contain_text("<script>window.hacked")
    expect(page.locator("#head h1")).to_contain_text("<script>window.hacked")
    page.locator("#talks .more").click()
    page.get_by_role("button", name="Rename", exact=True).click()
    page.get_by_label("Title of the conversation").fill(f'" onmouseover=hacked=3 {EVIL}')
    page.keyboard.press("Enter")
    expect(page.locator("#head h1")).to_contain_text("onmouseover")
    page.reload()
    expect(page.locator("#talks li a")).to_contain_text("onmouseover")
    page.locator("#talks li").hover()
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("turns", [200])
def test_a_long_conversation_stays_smooth(page: Page, app: FakeApp, turns: int) -> None:
    answered(page, CALL_QUESTION)
    [conversation] = app.conversations()
    reader = next(c["value"] for c in page.context.cookies() if c["name"] == READER)
    answer = app.exchanges(conversation)[0].answer
    for number in range(2, turns + 1):
        exchange = Exchange(number, f"{CALL_QUESTION} ({number})", answer)
        app.library.conversations.keep(reader, conversation, exchange)
    page.reload()
    expect(page.locator("#past .turn")).to_have_count(turns)
    received = count_bytes(page)
    answered(page, FROST_QUESTION)
    page.wait_for_timeout(500)
    assert sum(received) < 60_000, "earlier turns are sent again"
    drawn = page.evaluate(
        """() => new Promise((done) => {
          const talk = document.querySelector('#talk');
          let frames = 0;
          const begun = performance.now();
          const step = () => {
            talk.scrollTop -= 400;
            frames += 1;
            if (performance.now() - begun > 1000) done(frames); else requestAnimationFrame(step);
          };
          step();
        })"""
    )
    assert drawn > 15


def count_bytes(page: Page) -> list[int]:
    """Grows by what the page receives from now on."""
    sizes: list[int] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.dataReceived", lambda data: sizes.append(data["dataLength"]))
    return sizes
