"""The page's states, one after the other, as a person comes to them.

Each function leads an open page through some of them and calls `seen` with the name of each one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from evaluate_fakes import THREE
from playwright.sync_api import Page
from visitor import CALL_QUESTION, FROST_QUESTION, HOCKEY_QUESTION, answered, ask, ask_file

Seen = Callable[[str], None]


def of_the_chat(page: Page, seen: Seen) -> None:
    seen("empty")
    ask(page, CALL_QUESTION)
    page.locator("#live .growing").wait_for()
    seen("streaming")
    page.locator("#live .turn.done").wait_for()
    seen("answer")
    page.locator("#live .cite").nth(1).focus()
    page.keyboard.press("Shift+Tab")
    seen("card")
    page.locator("#live .cite").nth(1).click()
    seen("citation")
    page.keyboard.press("Escape")
    page.locator("#live summary.steps").click()
    page.locator("#live").get_by_role("button", name="Bad answer").click()
    seen("evidence-and-verdict")
    answered(page, HOCKEY_QUESTION)
    seen("refusal")
    ask(page, "the model is missing")
    page.locator("#live .trouble").wait_for()
    _stopped(page, "a slow one")
    page.locator("#live").get_by_role("button", name="Edit").click()
    seen("trouble-stopped-editing")
    page.get_by_role("button", name="Cancel").click()
    ask(page, "one in the queue")
    page.locator("#live").get_by_text("ahead").wait_for()
    seen("waiting")
    page.locator("#live .turn.done").wait_for()


def of_conversations(page: Page, seen: Seen) -> None:
    for question in ("What did the frost do to oats?", "frost and bakers", FROST_QUESTION):
        page.evaluate("assistantChat.begin()")
        answered(page, question)
    page.reload()
    page.locator("#past .turn").wait_for()
    _menu(page)
    page.locator("#talks .more").nth(1).click()
    page.get_by_role("button", name="Choose…").click()
    page.locator("#scope").get_by_role("button", name="Farming").click()
    page.locator("#seek").fill("two hours")
    page.locator("#seek-found button").first.click()
    page.locator("#limits .chip").nth(1).wait_for()
    seen("conversations-and-scope")
    page.keyboard.press("Escape")
    answered(page, HOCKEY_QUESTION)
    page.locator("#head summary").click()
    seen("refusal-in-a-part")
    page.keyboard.press("Escape")
    page.evaluate("assistantChat.begin()")
    for number in range(8):
        answered(page, f"What did the frost do in county {number}?")
    seen("long-conversation")


def of_articles(page: Page, seen: Seen, folder: Path) -> None:
    page.evaluate("location.hash = '#articles'")
    page.locator("#article-table button[data-open]").first.click()
    page.locator("#article-paper .paper").wait_for()
    seen("article")
    page.keyboard.press("Escape")
    (folder / "rivers.md").write_text("# Rivers\n\nThree rivers flooded.")
    (folder / "photo.txt").write_bytes(b"\0\1")
    files = [folder / "rivers.md", folder / "photo.txt"]
    page.locator("#upload input[type=file]").set_input_files(files)
    page.locator("#add-report .bad").wait_for()
    seen("articles")


def of_settings(page: Page, seen: Seen) -> None:
    page.evaluate("location.hash = '#settings'")
    page.locator("#facts").wait_for()
    seen("settings")
    page.locator("#facts").scroll_into_view_if_needed()
    seen("settings-end")


def of_evaluation(page: Page, seen: Seen, folder: Path) -> None:
    """On a page over `evaluate_fakes.stub_app`."""
    page.evaluate("location.hash = '#evaluate'")
    page.locator("#ev-head h1").wait_for()
    seen("evaluate")
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, THREE)))
    ask_file(page, folder / "questions.jsonl")
    page.locator("#ev-said .ev-done").wait_for()
    page.locator("#ev-said [data-open]").click()
    page.locator("#ev-paper h1").wait_for()
    seen("report")
    page.locator("#ev-asked .questions > details").nth(1).locator("summary").first.click()
    page.locator("#ev-asked .questions > details").nth(1).scroll_into_view_if_needed()
    seen("report-question")


def of_signing_in(page: Page, seen: Seen) -> None:
    """On a page that asks for a password."""
    page.get_by_label("Password").wait_for()
    seen("sign-in")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_role("alert").wait_for()
    seen("sign-in-refused")


def in_german(page: Page, seen: Seen) -> None:
    """A little of everything, on a page in German."""
    seen("empty")
    answered(page, CALL_QUESTION)
    seen("answer")
    answered(page, HOCKEY_QUESTION)
    seen("refusal")
    for view in ("articles", "evaluate", "settings"):
        page.evaluate(f"location.hash = '#{view}'")
        page.locator(f"#view-{view}").wait_for()
        seen(view)


def _stopped(page: Page, question: str) -> None:
    ask(page, question)
    page.locator("#live .growing").wait_for()
    time.sleep(0.5)
    page.locator("#stop").click()
    page.locator("#live .stopped").wait_for()


def _menu(page: Page) -> None:
    if page.viewport_size and page.viewport_size["width"] < 900:
        page.locator("#menu").click()
