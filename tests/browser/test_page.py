"""A person at the page: ask, read, stop, add and remove."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import pytest
from fake_app import ANSWER, CALL, EVIL, FakeApp
from playwright.sync_api import Page, expect
from visitor import (
    CALL_QUESTION,
    FROST_QUESTION,
    answered,
    ask,
    comes_true,
    each_width,  # noqa: F401 (the width of `page`)
    go,
    inside,
    to_the_chat,
    to_the_rail,
    to_the_source,
)

from assistant.errors import ServeError
from assistant.ui.server import create_server


def test_the_answer_grows_before_it_is_done(page: Page) -> None:
    ask(page, CALL_QUESTION)
    expect(page.locator("#live .steps")).to_have_text("Found 3 sentences in 1 article · 0.1 s")
    expect(page.locator("#question textarea")).to_have_value("")
    lengths = set()
    while page.locator("#live .turn.done").count() == 0:
        lengths.add(
            page.evaluate("document.querySelector('#live .running .a')?.textContent.length ?? 0")
        )
    assert len(lengths) > 4
    answer = page.locator("#live .a")
    for text, _, _ in ANSWER:
        expect(answer).to_contain_text(text)
    expect(page.locator("#live .meta")).to_contain_text("2 of 3 sentences supported")
    expect(page.locator("#live .meta")).to_contain_text("5.4 s")


def test_a_citation_brings_its_sentence_into_view(page: Page) -> None:
    page.set_viewport_size({"width": 1200, "height": 420})
    answered(page, CALL_QUESTION)
    quotes = [quote for _, cited, _ in ANSWER for _, quote in cited]
    expect(page.locator("#reader mark.on")).to_have_text(quotes[0])  # the first, without a click
    expect(page.locator("#reader h2")).to_have_text(CALL.title)
    expect(page.locator("#reader .by")).to_contain_text("19 March 2025")
    expect(page.locator("#reader mark")).to_have_count(3)
    page.locator("#live .cite[data-n='3']").click()
    expect(page.locator("#reader mark.on")).to_have_text(quotes[2])
    expect(page.locator("#reader .reader-bar")).to_contain_text("3 of 3")
    comes_true(lambda: inside(page, "#reader mark.on", "#reader"))
    page.get_by_role("button", name="Previous sentence").click()
    expect(page.locator("#reader mark.on")).to_have_text(quotes[1])
    expect(page.locator("#live .cite.on")).to_have_text("2")


def test_citations_work_from_the_keyboard(page: Page) -> None:
    answered(page, CALL_QUESTION)
    page.locator("#live .cite[data-n='2']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reader mark.on")).to_contain_text("Putin offered to halt")


def test_an_earlier_turn_keeps_its_citations(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    answered(page, "What did the frost do to prices?")
    to_the_source(page)
    expect(page.locator("#reader h2")).to_have_text("Oat prices climb after the late frost")
    to_the_chat(page)
    page.locator("#moved .cite[data-n='2']").click()
    expect(page.locator("#reader mark.on")).to_contain_text("Putin offered to halt")
    assert [turn.question for turn in app.histories[1]] == [CALL_QUESTION]


def test_stopping_reaches_the_app_and_keeps_the_words(page: Page, app: FakeApp) -> None:
    ask(page, "a slow one")
    expect(page.locator("#live .a")).to_contain_text("longest between")
    expect(page.locator("#ask")).to_be_hidden()
    clicked = time.monotonic()
    page.locator("#stop").click()
    expect(page.locator("#live .stopped")).to_have_text("Stopped")
    expect(page.locator("#live .a")).to_contain_text("longest between")
    assert app.stops[0].is_set()
    assert app.ended[0] - clicked < 1
    expect(page.locator("#ask")).to_be_visible()
    answered(page, CALL_QUESTION)
    assert app.histories[1] == ()  # half an answer is no history


def test_a_new_conversation_forgets_and_stops(page: Page, app: FakeApp) -> None:
    answered(page, CALL_QUESTION)
    ask(page, "a slow one")
    expect(page.locator("#live .growing .a")).to_be_visible()
    to_the_rail(page)
    page.locator("#new").click()
    expect(page.locator("#talk .turn")).to_have_count(0)
    expect(page.locator("#reader mark")).to_have_count(0)
    comes_true(app.stops[1].is_set)
    page.wait_for_timeout(700)
    expect(page.locator("#talk .turn")).to_have_count(0)
    answered(page, CALL_QUESTION)
    assert app.histories[2] == ()


def test_closing_the_page_stops_the_model(open_page, app: FakeApp) -> None:  # type: ignore[no-untyped-def]
    page = open_page()
    ask(page, "a slow one")
    expect(page.locator("#live .growing .a")).to_be_visible()
    page.close()
    end = time.monotonic() + 5
    while not app.ended and time.monotonic() < end:
        time.sleep(0.05)
    assert app.ended and app.stops[0].is_set()


def test_a_refusal_shows_the_nearest_passages(page: Page) -> None:
    answered(page, "Who won the hockey match?")
    expect(page.locator("#live .no")).to_have_text(
        "The articles do not say who won a hockey match."
    )
    expect(page.locator("#live .near")).to_have_count(2)
    page.locator("#live .near").nth(1).click()
    expect(page.locator("#reader mark.on")).to_have_text(
        "Wholesale prices rose by 14% within ten days."
    )


def test_an_unsupported_sentence_is_dotted_and_says_why(page: Page) -> None:
    answered(page, CALL_QUESTION)
    unsupported = page.locator("#live .un")
    expect(unsupported).to_have_count(1)
    expect(unsupported).to_contain_text("Kyiv welcomed the offer.")
    expect(unsupported).to_have_css("text-decoration-style", "dotted")
    unsupported.focus()
    expect(page.locator("#card")).to_contain_text("Not found in the articles")


def test_a_waiting_question_says_how_many_are_ahead(page: Page) -> None:
    ask(page, "queue up")
    expect(page.locator("#live .reading")).to_have_text("Waiting: 2 questions ahead of yours")
    expect(page.locator("#live .turn.done .a")).to_be_visible()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("without a model", "The model is not there; fetch it: assistant models pull NAME"),
        ("now crash", "Something went wrong on this machine."),
    ],
)
def test_trouble_is_told_calmly(page: Page, question: str, said: str) -> None:
    ask(page, question)
    expect(page.locator("#live .trouble")).to_contain_text(said)
    expect(page.locator("body")).not_to_contain_text("secret detail")
    expect(page.locator("body")).not_to_contain_text("Traceback")


def test_the_next_question_can_be_typed_meanwhile(page: Page) -> None:
    ask(page, CALL_QUESTION)
    expect(page.locator("#live .growing .a")).to_be_visible()
    page.locator("#question textarea").fill("and then?")
    expect(page.locator("#live .turn.done")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.locator("#question textarea")).to_have_value("and then?")


def test_shift_enter_is_a_new_line_and_nothing_is_not_asked(page: Page, app: FakeApp) -> None:
    box = page.locator("#question textarea")
    box.press("Enter")
    box.fill("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    assert app.histories == []


def test_what_an_article_embeds_stays_text(page: Page) -> None:
    answered(page, "a trap?")
    expect(page.locator("#live .a")).to_contain_text(f"It says {EVIL} ${{1+1}} {{{{value}}}}.")
    to_the_source(page)
    expect(page.locator("#reader mark.on")).to_contain_text(EVIL)
    expect(page.locator("#reader .paper")).to_contain_text("${1+1} {{value}} `stays` as it is.")
    to_the_chat(page)
    answered(page, f"again a trap? {EVIL}")
    page.goto(page.url.split("#")[0] + "#articles")
    page.locator("#article-table [data-open=evil0003]").click()
    expect(page.locator("#article-paper .paper")).to_contain_text(f"The trap says {EVIL}")
    page.keyboard.press("Escape")
    page.locator("#article-search input").fill(EVIL)
    expect(page.locator("#article-table tbody tr")).to_have_count(1)
    page.locator("#article-search input").fill("x" + EVIL)
    expect(page.locator("#article-table")).to_contain_text("No article matches")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src*=evil]").count() == 0


def test_an_empty_library_says_what_to_do_first(open_page, app: FakeApp) -> None:  # type: ignore[no-untyped-def]
    app.begin_with()
    page = open_page()
    page.get_by_role("link", name="Add your first articles").click()
    expect(page.locator("#article-table")).to_contain_text("No articles yet")


def test_settings_are_saved_and_hold_at_once(page: Page, app: FakeApp) -> None:
    go(page, "settings")
    page.locator("#set-evidence-tokens input").fill("500")
    page.locator("#save-settings").click()
    expect(page.locator("#settings-said")).to_contain_text("Saved")
    assert app.settings.evidence_tokens == 500
    assert "500" in (app.settings.store / "settings.toml").read_text()


def test_a_narrow_screen_has_one_column_and_a_drawer(open_page) -> None:  # type: ignore[no-untyped-def]
    page = open_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    answered(page, CALL_QUESTION)
    expect(page.locator("#reader")).to_be_hidden()
    page.locator("#live .cite[data-n='2']").click()
    expect(page.locator("#reader")).to_be_visible()
    assert inside(page, "#reader mark.on", "#reader")
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    for view in ("chat", "articles", "settings"):
        page.locator("#menu").click()
        page.locator(f"#nav [data-view={view}]").click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
        wide = "[...document.querySelectorAll('#talk, #articles-main, #view-settings')]"
        assert page.evaluate(f"{wide}.every((pane) => pane.scrollWidth <= pane.clientWidth)"), view


@pytest.mark.parametrize(("scheme", "ground"), [("light", 250), ("dark", 21)])
def test_light_and_dark_follow_the_system(open_page, scheme: str, ground: int) -> None:  # type: ignore[no-untyped-def]
    page = open_page(color_scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colour.startswith(f"rgb({ground},")
    assert page.evaluate("document.body.classList.contains('dark')") is (scheme == "dark")


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "evil.example:80"}, {"Origin": "http://evil.example"}],
)
def test_other_hosts_and_origins_are_refused(url: str, headers: dict[str, str]) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5)
    assert refused.value.code == 403
    refused.value.close()


def test_the_page_forbids_other_hosts(url: str) -> None:
    with urllib.request.urlopen(url, timeout=5) as answer:
        policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "img-src 'self' data: blob:" in policy
    assert "http" not in policy


def test_a_port_in_use_is_said_in_one_line(app: FakeApp, url: str) -> None:
    port = int(url.rsplit(":", 1)[1])
    with pytest.raises(ServeError, match=f"port {port} is in use; choose another with --port N"):
        create_server(app, port)  # type: ignore[arg-type]


def test_the_model_begins_to_read_while_a_question_is_typed(page: Page, app: FakeApp) -> None:
    page.locator("#question textarea").press_sequentially("What did the frost do ", delay=20)
    comes_true(lambda: "What did the" in app.ahead)
    assert all(len(each.split()) >= 3 for each in app.ahead)
    ask(page, FROST_QUESTION)
    expect(page.locator("#live .a")).to_contain_text("14%")
