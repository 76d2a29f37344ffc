"""The settings tab as a person meets it, and what the server gives each browser."""

from __future__ import annotations

import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fake_app import FakeApp
from playwright.sync_api import Browser, Page, expect
from visitor import each_width  # noqa: F401 (the width of `page`)

from assistant import assets
from assistant.ui import words
from assistant.ui.running import reader_of

DARK, LIGHT = "rgb(21, 22, 24)", "rgb(250, 249, 247)"
TINY = "smollm2-135m"

# The ground at every frame that could be painted, from the first on.
_WATCH_GROUND = """
window.grounds = [];
const look = () => {
  if (document.body) grounds.push(getComputedStyle(document.body).backgroundColor);
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def settings(page: Page) -> Page:
    page.goto(page.url.split("#")[0] + "#settings")
    page.locator("#settings-form").wait_for()
    return page


def opened_again(page: Page) -> None:
    # Gradio complains in the console of handlers of the opening that a reload breaks off.
    page.locator("#article-table tbody tr").first.wait_for(state="attached")
    page.wait_for_timeout(500)
    page.reload()
    page.locator("body.ready").wait_for()
    page.locator("#settings-form").wait_for()


def test_settings_are_kept(page: Page, app: FakeApp) -> None:
    settings(page)
    page.get_by_label("Evidence").fill("500")
    page.get_by_label("Second look").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#settings-said")).to_contain_text("Saved. The next question uses it.")
    assert (app.settings.evidence_tokens, app.settings.second_look) == (500, False)
    opened_again(page)
    expect(page.get_by_label("Evidence")).to_have_value("500")
    expect(page.get_by_label("Second look")).not_to_be_checked()
    page.get_by_role("button", name="Back to defaults").click()
    expect(page.get_by_label("Evidence")).to_have_value("320")
    expect(page.get_by_label("Second look")).to_be_checked()
    assert app.settings.evidence_tokens == 320


def test_a_wrong_value_is_told_beside_its_field(page: Page, app: FakeApp) -> None:
    settings(page)
    field = page.get_by_label("Evidence")
    why = page.locator("#set-evidence-tokens .why")
    field.fill("7")
    for _ in range(2):
        page.get_by_role("button", name="Save").click()
        expect(why).to_have_text("Evidence: give a whole number from 50 to 8000.")
        expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("60")
    field.press("Enter")
    expect(page.locator("#settings-said")).to_contain_text("Saved")
    expect(why).to_be_empty()
    assert app.settings.evidence_tokens == 60


def test_an_older_page_undoes_nothing(open_page: Any, app: FakeApp) -> None:
    old, new = settings(open_page()), settings(open_page())
    new.get_by_label("Evidence").fill("500")
    new.get_by_role("button", name="Save").click()
    expect(new.locator("#settings-said")).to_contain_text("Saved")
    old.get_by_label("Longest answer").fill("100")
    old.get_by_role("button", name="Save").click()
    expect(old.locator("#settings-said")).to_contain_text("Saved")
    assert (app.settings.evidence_tokens, app.settings.answer_tokens) == (500, 100)


@pytest.mark.parametrize(("system", "chosen"), [("light", "Dark"), ("dark", "Light")])
def test_the_theme_holds_from_the_first_frame_on(open_page: Any, system: str, chosen: str) -> None:
    page = settings(open_page(color_scheme=system))
    page.add_init_script(_WATCH_GROUND)
    opened_again(page)
    of_system, other = (LIGHT, DARK) if system == "light" else (DARK, LIGHT)
    assert set(page.evaluate("grounds")) == {of_system}
    page.get_by_label(chosen, exact=True).check()
    expect(page.locator("body")).to_have_css("background-color", other)
    opened_again(page)
    assert set(page.evaluate("grounds")) == {other}
    expect(page.get_by_label(chosen, exact=True)).to_be_checked()
    assert page.evaluate("document.documentElement.style.colorScheme") == chosen.lower()
    page.get_by_label("As the system").check()
    expect(page.locator("body")).to_have_css("background-color", of_system)


def test_german_where_the_browser_asks_for_it(open_page: Any) -> None:
    page = settings(open_page(locale="de-DE"))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Einstellungen", exact=True)).to_be_visible()
    expect(page.get_by_label("Längste Antwort")).to_be_visible()
    expect(page.locator("#stop-fetching")).to_have_text("Laden abbrechen")  # a label of Gradio's
    _nothing_untranslated(page)


def test_the_language_can_be_chosen_and_holds_at_once(open_page: Any, app: FakeApp) -> None:
    page = settings(open_page(locale="en-GB"))
    page.locator("#set-language select").select_option("de")
    expect(page.get_by_role("heading", name="Einstellungen", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#stop-fetching")).to_have_text("Laden abbrechen")
    _nothing_untranslated(page)
    assert app.settings.language == "de"
    page.locator("#set-language select").select_option("auto")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    expect(page.locator("#stop-fetching")).to_have_text("Stop fetching")


def _nothing_untranslated(page: Page) -> None:
    """No key of a label is seen instead of its text."""
    shown = page.locator("body").inner_text() + " ".join(
        page.evaluate("[...document.querySelectorAll('[placeholder]')].map((e) => e.placeholder)")
    )
    assert not re.search(r"__i18n__|\bw[0-9a-f]{12}\b", shown)


def test_fetching_a_model_is_explained_first_and_can_be_stopped(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def pull(name: str, folder: Path, progress: Any) -> None:
        asked.append(name)
        while True:
            progress(49_000_000, 98_362_432)
            time.sleep(0.02)

    monkeypatch.setattr(assets, "pull", pull)
    settings(page)
    row = page.locator(".models li", has_text=TINY)
    row.get_by_label(f"Fetch {TINY}").click()
    expect(row).to_contain_text("nothing of your articles or questions")
    assert asked == []
    row.get_by_role("button", name="Fetch 98 MB now").click()
    expect(page.locator("#models-said")).to_contain_text("49 MB of 98 MB")
    assert asked == [TINY]
    page.get_by_role("button", name="Stop fetching").click()
    expect(page.locator("#models-said")).to_contain_text("Stopped")
    expect(row.get_by_label(f"Fetch {TINY}")).to_be_visible()


def test_another_model_answers_from_now_on(page: Page, app: FakeApp, tmp_path: Path) -> None:
    settings(page)
    path = page.get_by_label("Any other instruct model")
    path.fill(str(tmp_path / "none.gguf"))
    path.press("Enter")
    expect(page.locator("#models-said .trouble")).to_contain_text("none.gguf")
    (tmp_path / "own.gguf").write_bytes(b"GGUF" + bytes(20))
    path.fill(str(tmp_path / "own.gguf"))
    path.press("Enter")
    expect(page.locator("#models-said")).to_contain_text("own.gguf answers from now on")
    expect(page.locator(".models li").first).to_contain_text("in use")
    assert app.settings.model == str(tmp_path / "own.gguf") and app.warmed.is_set()


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_the_settings_fit_every_width(open_page: Any, width: int) -> None:
    page = settings(open_page(viewport={"width": width, "height": 900}, locale="de-DE"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    pane = "document.querySelector('#view-settings')"
    assert page.evaluate(f"{pane}.scrollWidth <= {pane}.clientWidth")
    named = "[...document.querySelectorAll('#view-settings :is(input, select)')]"
    assert page.evaluate(f"{named}.every((field) => field.labels.length === 1)")


def test_each_browser_is_a_reader_of_its_own_in_every_handler(
    open_page: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the very first handler on, also in those that wait in the queue."""
    seen: list[str] = []
    of = words.of

    def noting(request: gr.Request | None, setting: str = "auto") -> words.Words:
        if request is not None and request.session_hash:
            seen.append(reader_of(request))
        return of(request, setting)

    monkeypatch.setattr(words, "of", noting)
    readers = []
    for _ in range(2):
        seen.clear()
        page = settings(open_page())
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#settings-said")).to_contain_text("Saved")
        cookie = next(c for c in page.context.cookies() if c["name"] == "reader")
        assert len(seen) > 1 and set(seen) == {cookie["value"]}
        readers.append(cookie["value"])
    assert readers[0] != readers[1]


def test_a_link_on_another_site_leaves_the_reader(page: Page, url: str) -> None:
    """Chromium leaves the cookie out when it follows one; it must not be replaced for that."""
    before = [c["value"] for c in page.context.cookies() if c["name"] == "reader"]
    other = url.replace("127.0.0.1", "localhost")  # the same server under another site's name
    tab = page.context.new_page()
    tab.goto(f"{other}/healthz")
    tab.evaluate("(url) => { location.href = url; }", url)
    tab.locator("body.ready").wait_for()
    after = [
        c["value"]
        for c in page.context.cookies(url)
        if c["name"] == "reader" and c["domain"] == "127.0.0.1"
    ]
    assert after == before != []


def test_whether_the_server_runs_can_be_asked(url: str) -> None:
    with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
        assert (answer.status, answer.read()) == (200, b"ok")
