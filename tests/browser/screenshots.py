"""Pictures of the page in its states, with canned answers: `python tests/browser/screenshots.py`.

Takes the folder to write to as its argument; without one it is docs/screenshots.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from fake_app import FakeApp
from playwright.sync_api import Browser, Page, sync_playwright
from serving import ARGS, CHROMIUM, serving


def ask(page: Page, question: str, until: str = ".turn.done") -> None:
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator(f"#live {until}").first.wait_for()


def opened(browser: Browser, url: str, scheme: str, width: int, height: int) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    page.goto(url)
    page.locator("body.ready").wait_for()
    return page


def take(browser: Browser, url: str, folder: Path, scheme: str, size: str) -> None:
    width, height = (1400, 880) if size == "wide" else (390, 844)
    page = opened(browser, url, scheme, width, height)

    def shot(name: str) -> None:
        time.sleep(0.4)
        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")

    shot("empty")
    ask(page, "How long was the call, and what did Putin offer?", ".caret")
    shot("streaming")
    page.locator("#live .turn.done").wait_for()
    shot("answer")
    page.locator("#live .cite").nth(1).click()
    shot("citation")
    page.keyboard.press("Escape")
    ask(page, "Who won the hockey match?", ".near")
    shot("refusal")
    ask(page, "the model is missing", ".trouble")
    ask(page, "a slow one", ".caret")
    page.locator("#stop").click()
    page.locator(".stopped").wait_for()
    shot("stopped")
    page.goto(f"{url}/#articles")
    page.locator("#article-table button[data-open]").first.click()
    page.locator("#article-paper .paper").wait_for()
    shot("article")
    page.keyboard.press("Escape")
    folder_of_uploads = Path(tempfile.mkdtemp())
    (folder_of_uploads / "rivers.md").write_text("# Rivers\n\nThree rivers flooded.")
    (folder_of_uploads / "photo.txt").write_bytes(b"\0\1")
    page.locator("#upload input[type=file]").set_input_files(list(folder_of_uploads.iterdir()))
    page.locator("#add-report .bad").wait_for()
    shot("articles")
    page.get_by_text("Paste a text").click()
    shot("paste")
    page.goto(f"{url}/#settings")
    shot("settings")
    page.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for scheme in ("light", "dark"):
            for size in ("wide", "narrow"):
                app = FakeApp(Path(tempfile.mkdtemp()))
                app.library.remove("evil0003")
                with serving(app) as server:
                    take(browser, server.url, folder, scheme, size)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"))
