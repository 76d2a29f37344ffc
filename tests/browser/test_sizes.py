"""The chat on a phone, on a very wide screen, and in German."""

from __future__ import annotations

import pytest
from fake_app import CALL, FakeApp
from playwright.sync_api import Page, expect
from visitor import CALL_QUESTION, FROST_QUESTION, HOCKEY_QUESTION, answered, inside

PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "has_touch": True}


def fits(page: Page) -> bool:
    return page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('#talk, #composer, #rail')]"
        ".every((pane) => pane.scrollWidth <= pane.clientWidth)"
    )


def test_the_rail_is_a_drawer_on_a_phone(open_page) -> None:  # type: ignore[no-untyped-def]
    page = open_page(**PHONE)
    answered(page, CALL_QUESTION)
    expect(page.locator("#rail")).to_be_hidden()
    page.locator("#new-too").click()
    answered(page, FROST_QUESTION)
    page.locator("#menu").click()
    expect(page.locator("#rail")).to_be_visible()
    expect(page.locator("#rail .close")).to_be_focused()
    expect(page.locator("#menu")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#rail")).to_be_hidden()
    expect(page.locator("#menu")).to_be_focused()
    page.locator("#menu").click()
    page.locator("#talks a", has_text=CALL_QUESTION).click()
    expect(page.locator("#rail")).to_be_hidden()
    expect(page.locator("#past .q")).to_contain_text(CALL_QUESTION)


def test_a_touched_citation_opens_the_reader_without_a_card(open_page) -> None:  # type: ignore[no-untyped-def]
    page = open_page(**PHONE)
    answered(page, CALL_QUESTION)
    expect(page.locator("#reader")).to_be_hidden()
    page.locator("#live .cite[data-n='2']").tap()
    expect(page.locator("#reader")).to_be_visible()
    expect(page.locator("#card")).to_have_count(0)
    assert inside(page, "#reader mark.on", "#reader")
    page.locator("#reader .close").tap()
    expect(page.locator("#reader")).to_be_hidden()
    page.locator("#question textarea").click()  # nothing lies over the page any more


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1280, 1920, 2560])
def test_nothing_is_wider_than_the_screen(open_page, width: int) -> None:  # type: ignore[no-untyped-def]
    page = open_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    assert fits(page)
    answered(page, "frost " + "verylongword" * 30)
    answered(page, HOCKEY_QUESTION)
    answered(page, CALL_QUESTION)
    assert fits(page)
    line = page.locator("#live .a").evaluate("each => each.getBoundingClientRect().width")
    assert line <= 760  # still a line that can be read


def test_german(open_page, app: FakeApp) -> None:  # type: ignore[no-untyped-def]
    page = open_page(locale="de-DE")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator(".welcome h1")).to_have_text("Was soll beantwortet werden?")
    expect(page.locator("#nav")).to_contain_text("Einstellungen")
    expect(page.locator("#nav .count")).to_have_text("3")
    expect(page.locator("#new")).to_have_text("Neue Unterhaltung")
    expect(page.locator("#find")).to_have_attribute("placeholder", "Unterhaltungen suchen")
    expect(page.locator("#question textarea")).to_have_attribute(
        "placeholder", "Frage an die Artikel …"
    )
    answered(page, CALL_QUESTION)
    expect(page.locator("#live .steps")).to_have_text("3 Sätze in 1 Artikel gefunden · 0,1 s")
    expect(page.locator("#live .meta")).to_contain_text("2 von 3 Sätzen belegt")
    expect(page.locator("#reader .by")).to_contain_text("19. März 2025")
    expect(page.locator("#reader .reader-bar")).to_contain_text("1 von 3 zitierten Sätzen")
    expect(page.locator("#live .controls")).to_contain_text("Erneut fragen")
    expect(page.locator("#scope")).to_contain_text("Letzte Woche")
    page.locator("#live .cite").first.hover()
    expect(page.locator("#card")).to_contain_text(CALL.title)
    answered(page, HOCKEY_QUESTION)
    expect(page.locator("#live")).to_contain_text("Die nächstliegenden Stellen")
    expect(page.locator("#live")).to_contain_text("Personen und Orte so nennen")


def test_dark_text_can_be_read(open_page) -> None:  # type: ignore[no-untyped-def]
    page = open_page(color_scheme="dark")
    answered(page, CALL_QUESTION)
    page.locator("#live .cite").first.hover()
    for part in ("#card blockquote", "#live .meta span", "#talks a", "#scope .chip", "#live .cite"):
        assert contrast(page, part) >= 4.5, part


def contrast(page: Page, selector: str) -> float:
    return page.locator(selector).first.evaluate(
        """(each) => {
          const light = (colour) => {
            const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((n) => n / 255);
            const linear = (n) => n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4;
            const [r, g, b] = parts.map(linear);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const colours = (e) => getComputedStyle(e);
          const clear = (e) => /rgba\\(.*, 0\\)|transparent/.test(colours(e).backgroundColor);
          let ground = each;
          while (ground.parentElement && clear(ground)) ground = ground.parentElement;
          const pair = [light(colours(each).color), light(colours(ground).backgroundColor)];
          return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        }"""
    )
