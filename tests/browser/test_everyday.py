"""What people do beside asking, on a phone and on two screens, over a real library.

The tests of the single rooms look closer, on one screen.
"""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from fake_app import CALL, FROST, FakeApp
from hand import Hand
from playwright.sync_api import APIResponse, Locator, Route, expect
from visitor import CALL_QUESTION, FROST_QUESTION, HOCKEY_QUESTION, WIDTHS, comes_true

from assistant.records import Scope


@pytest.fixture(params=WIDTHS)
def hand(request: pytest.FixtureRequest, open_page: Any, app: FakeApp) -> Hand:
    app.tag_all()
    return Hand(open_page(viewport={"width": request.param, "height": 900}))


def of_the_answer(hand: Hand, name: str) -> Locator:
    return hand.page.locator("#live").get_by_role("button", name=name)


def titles(hand: Hand) -> Locator:
    return hand.page.locator("#article-table [data-open]")


def test_the_check_is_seen(hand: Hand) -> None:
    answer = hand.answered(CALL_QUESTION)
    expect(answer.locator(".un")).to_contain_text("Kyiv welcomed the offer.")
    expect(hand.page.locator("#live .meta")).to_contain_text("2 of 3 sentences supported")


def test_a_refusal_helps_on(hand: Hand) -> None:
    hand.ask(HOCKEY_QUESTION)
    page = hand.page
    expect(page.locator("#live .no")).to_be_visible()
    hand.click(page.get_by_role("button", name="“They talked about the war"))
    expect(page.locator("#reader mark.on")).to_be_in_viewport()
    expect(page.locator("#reader h2")).to_have_text(CALL.title)


def test_each_new_answer_is_seen(hand: Hand) -> None:
    for question in (CALL_QUESTION, HOCKEY_QUESTION, FROST_QUESTION, HOCKEY_QUESTION):
        hand.ask(question)
        hand.page.locator("#live .turn.done .q", has_text=question).wait_for()
        hand.page.wait_for_timeout(500)
        end = "(talk) => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60"
        assert hand.page.locator("#talk").evaluate(end), question


def test_stepping_from_citation_to_citation(hand: Hand) -> None:
    hand.answered(CALL_QUESTION)
    hand.click("#live .cite[data-n='1']")
    expect(hand.page.locator("#reader .reader-bar")).to_contain_text("1 of 3")
    hand.click("#reader [data-step='1']")
    expect(hand.page.locator("#reader .reader-bar")).to_contain_text("2 of 3")
    expect(hand.page.locator("#reader mark.on")).to_be_in_viewport()


def test_asking_again_and_editing(hand: Hand, app: FakeApp) -> None:
    hand.answered(FROST_QUESTION)
    hand.click(of_the_answer(hand, "Ask again"))
    comes_true(lambda: len(app.ended) == 2)
    expect(hand.page.locator("#live .turn.done .q")).to_contain_text(FROST_QUESTION)
    hand.click(of_the_answer(hand, "Edit"))
    hand.answered(CALL_QUESTION)
    expect(hand.page.locator("#talk .turn")).to_have_count(1)


def test_copying(hand: Hand) -> None:
    hand.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hand.answered(FROST_QUESTION)
    hand.click("#live .controls summary")
    hand.click(hand.page.get_by_role("button", name="as plain text"))
    expect(hand.page.locator("#mention")).to_have_text("Copied.")
    assert FROST.title in hand.page.evaluate("navigator.clipboard.readText()")


def test_judging(hand: Hand, app: FakeApp) -> None:
    hand.answered(FROST_QUESTION)
    hand.click(of_the_answer(hand, "Bad answer"))
    hand.page.get_by_label("What was wrong with it?").fill("Not all oats")
    hand.page.keyboard.press("Enter")
    expect(hand.page.locator("#mention")).to_contain_text("Thank you")
    conversations = app.library.conversations
    wanted = [(False, "Not all oats")]
    comes_true(lambda: [(each.liked, each.remark) for each in conversations.judged()] == wanted)


def test_naming_and_deleting_a_conversation(hand: Hand, app: FakeApp) -> None:
    hand.answered(FROST_QUESTION)
    hand.to_the_rail()
    hand.click("#talks .more")
    hand.click(hand.page.get_by_role("button", name="Rename", exact=True))
    hand.page.get_by_label("Title of the conversation").fill("Oats")
    hand.page.keyboard.press("Enter")
    expect(hand.page.locator("#talks li a")).to_have_text("Oats")
    hand.click("#talks .more")
    hand.click(hand.page.get_by_role("button", name="Delete", exact=True))
    hand.click("#talks .sure")
    expect(hand.page.locator("#talks li")).to_have_count(0)
    assert app.conversations() == []


def test_looking_in_a_tag_and_a_time(hand: Hand, app: FakeApp) -> None:
    page = hand.page
    hand.to_the_rail()
    hand.click(page.get_by_role("button", name="Choose…"))
    hand.click(page.locator("#scope").get_by_role("button", name="Farming"))
    page.get_by_label("From", exact=True).first.fill("2026-01-01")
    expect(page.locator("#limits")).to_contain_text("since 1 January 2026")
    page.keyboard.press("Escape")
    hand.answered(FROST_QUESTION)
    assert app.scopes[-1].tags == ("Farming",) and app.scopes[-1].since


def test_what_is_chosen_at_once_holds_together(
    hand: Hand, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two answers at the same time could be shown in either order, so there is one at a time."""
    page, told, go_on = hand.page, list[str](), threading.Event()
    conversations = app.library.conversations
    limit = conversations.limit

    def held(reader: str, conversation: str, scope: Scope) -> None:
        go_on.wait(30)
        limit(reader, conversation, scope)

    monkeypatch.setattr(conversations, "limit", held)
    hand.to_the_rail()
    hand.click(page.get_by_role("button", name="Choose…"))
    page.on("request", lambda each: told.append(each.post_data or ""))
    hand.click(page.locator("#scope").get_by_role("button", name="Farming"))
    page.get_by_label("From", exact=True).first.fill("2026-01-01")
    page.wait_for_timeout(300)
    assert len([each for each in told if "Farming" in each]) == 1
    go_on.set()
    expect(page.locator("#limits")).to_contain_text("since 1 January 2026")
    expect(page.locator("#limits")).to_contain_text("Farming")


def test_a_list_that_comes_late_does_not_stay(hand: Hand) -> None:
    """The page learns only after what was found of what stood there before."""
    page, held = hand.page, list[tuple[Route, APIResponse]]()
    lists = page.evaluate(
        "gradio_config.dependencies.filter((each) => each.api_name.startsWith('look_again'))"
        ".map((each) => each.id)"
    )

    def hold(route: Route) -> None:
        if json.loads(route.request.post_data or "{}")["fn_index"] in lists and not held:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/queue/join*", hold)
    hand.go("articles")
    comes_true(lambda: page.wait_for_timeout(10) or bool(held))
    page.get_by_label("Search articles").fill("oat")
    page.wait_for_timeout(500)
    route, response = held[0]
    route.fulfill(response=response)
    page.wait_for_timeout(1000)
    expect(titles(hand)).to_have_count(1)


def test_what_is_asked_as_the_server_stops_telling_is_heard(hand: Hand) -> None:
    """The server stops telling once all is told; the page learns of that after it asked more."""
    page, held = hand.page, list[tuple[Route, APIResponse]]()
    hand.go("articles")
    expect(titles(hand)).to_have_count(3)
    page.wait_for_timeout(1000)

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route("**/queue/data*", hold)
    page.get_by_label("Order").select_option("By title")
    comes_true(lambda: page.wait_for_timeout(10) or bool(held))
    with page.expect_response("**/queue/join*"):
        page.get_by_label("Search articles").fill("oat")
    page.wait_for_timeout(500)
    route, response = held[0]
    route.fulfill(response=response)
    expect(titles(hand)).to_have_count(1)


def test_finding_editing_and_removing_an_article(hand: Hand, app: FakeApp) -> None:
    page = hand.page
    hand.go("articles")
    page.get_by_label("Search articles").fill("oat")
    expect(titles(hand)).to_have_count(1)
    hand.click(titles(hand))
    paper = page.locator("#article-paper")
    hand.click(paper.get_by_role("button", name="Edit"))
    paper.get_by_label("Title").fill("Oats after the frost")
    hand.click(paper.get_by_role("button", name="Save"))
    expect(paper.locator("h2")).to_have_text("Oats after the frost")
    page.keyboard.press("Escape")
    hand.click(f"#article-table [data-remove={FROST.id}]")
    expect(page.locator("#article-said")).to_contain_text("Removed")
    hand.click(page.get_by_role("button", name="Undo"))
    expect(titles(hand)).to_have_text(["Oats after the frost"])
    found = app.library.get(FROST.id)
    assert found is not None and found.title == "Oats after the frost"


def test_filtering_and_ordering(hand: Hand) -> None:
    hand.go("articles")
    hand.page.get_by_label("Order").select_option("By title")
    expect(titles(hand)).to_have_count(3)
    expect(titles(hand).nth(1)).to_have_text(FROST.title)
    hand.click(hand.page.locator("#article-filters label", has_text="Farming"))
    expect(titles(hand)).to_have_text([FROST.title])


def test_a_pasted_text(hand: Hand, app: FakeApp) -> None:
    page = hand.page
    hand.go("articles")
    hand.click(page.get_by_text("Paste a text"))
    page.locator("#paste-text textarea").fill("Three rivers flooded in May, and two bridges went.")
    hand.click("#paste-add")
    expect(page.locator("#add-report")).to_contain_text("1 added")
    assert len(app.library.articles()) == 4


def test_theme_and_language(hand: Hand, app: FakeApp) -> None:
    hand.go("settings")
    hand.page.get_by_label("Dark", exact=True).check()
    assert hand.page.evaluate("document.documentElement.style.colorScheme") == "dark"
    hand.page.locator("#set-language select").select_option("de")
    expect(hand.page.locator("#view-settings h1")).to_have_text("Einstellungen")
    assert app.settings.language == "de"
