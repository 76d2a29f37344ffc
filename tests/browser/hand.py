"""A person at the page, on a phone or on a screen."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

PHONE = 390  # pixels


class Hand:
    """Counts the clicks of one person. Typing and Enter are none."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, place: str | Locator) -> None:
        found = self.page.locator(place) if isinstance(place, str) else place
        found.click()
        self.clicks += 1

    def go(self, view: str) -> None:
        self.to_the_rail()
        self.click(f"#nav a[href$='#{view}']")

    def to_the_rail(self) -> None:
        if self.on_a_phone:
            self.click("#menu")

    def ask(self, question: str) -> None:
        self.page.locator("#question textarea").fill(question)
        self.page.keyboard.press("Enter")

    def answered(self, question: str) -> Locator:
        self.ask(question)
        expect(self.page.locator("#live .turn.done .q")).to_contain_text(question)
        return self.page.locator("#live .a")

    @property
    def on_a_phone(self) -> bool:
        assert self.page.viewport_size
        return self.page.viewport_size["width"] == PHONE
