"""Pictures of the page in its states, with canned answers: `python tests/browser/screenshots.py`.

Takes the folder to write to as its argument; without one it is docs/screenshots. More arguments
limit it to the pictures that begin so: `screenshots.py build articles`. The pictures of the
evaluation use the embedder, which `make run` has fetched.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS), str(TESTS / "library")]

import states  # noqa: E402
from evaluate_fakes import stub_app  # noqa: E402
from fake_app import CALL, FROST, FakeApp  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from serving import ARGS, CHROMIUM, serving  # noqa: E402

from assistant import config  # noqa: E402
from assistant.ui import users  # noqa: E402

SIZES = {"wide": (1400, 880), "narrow": (390, 844)}
_SETTLED = 0.4  # seconds


class Camera:
    """Opens pages of one size, scheme and language, and takes pictures of them."""

    def __init__(
        self, browser: Browser, folder: Path, scheme: str, size: str, wanted: tuple[str, ...]
    ) -> None:
        self.browser = browser
        self.folder = folder
        self.scheme = scheme
        self.size = size
        self.wanted = wanted

    @contextmanager
    def page(self, url: str, ready: str = "body.ready", locale: str = "en-GB") -> Iterator[Page]:
        width, height = SIZES[self.size]
        page = self.browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=self.scheme,
            reduced_motion="reduce", locale=locale,
        )  # type: ignore[arg-type]  # fmt: skip
        page.goto(url)
        page.locator(ready).wait_for()
        yield page
        page.close()

    def of(self, page: Page, before: str = "") -> Callable[[str], None]:
        def seen(name: str) -> None:
            name = before + name
            if not self.wanted or name.startswith(self.wanted):
                time.sleep(_SETTLED)
                page.screenshot(path=self.folder / f"{name}-{self.size}-{self.scheme}.png")

        return seen


def take(camera: Camera) -> None:
    of_everyday_use(camera, "en-GB", "")
    if camera.scheme == "light":
        of_everyday_use(camera, "de-DE", "german-")
    of_evaluation(camera)
    of_a_locked_page(camera)


def of_everyday_use(camera: Camera, locale: str, before: str) -> None:
    app = FakeApp(_folder())
    app.begin_with(CALL, FROST)
    app.tag_all()
    with serving(app) as server, camera.page(server.url, locale=locale) as page:
        seen = camera.of(page, before)
        if locale == "de-DE":
            states.in_german(page, seen)
            return
        states.of_the_chat(page, seen)
        states.of_conversations(page, seen)
        states.of_articles(page, seen, _folder())
        states.of_settings(page, seen)


def of_evaluation(camera: Camera) -> None:
    models = config.load().models
    with (
        stub_app(_folder(), models, model="smollm2-135m") as app,
        serving(app) as server,
        camera.page(server.url) as page,
    ):
        states.of_evaluation(page, camera.of(page), _folder())


def of_a_locked_page(camera: Camera) -> None:
    app = FakeApp(_folder())
    users.add(app.settings.store, "Ada", "a long secret")
    with serving(app) as server, camera.page(server.url, "form") as page:
        states.of_signing_in(page, camera.of(page))


def _folder() -> Path:
    return Path(tempfile.mkdtemp())


def main(folder: Path, wanted: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for scheme in ("light", "dark"):
            for size in SIZES:
                take(Camera(browser, folder, scheme, size, wanted))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots"), tuple(sys.argv[2:]))
