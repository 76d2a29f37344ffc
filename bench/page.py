"""What the page takes: to open, to show evidence, to stream, and after 200 turns.

    python bench/page.py --out build/page.json

The page is served by a process of its own over the sample articles, in headless Chromium. See
bench/README.md for what is measured.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import told
from playwright.sync_api import Browser, Page, sync_playwright

from assistant import config
from assistant.app import App, open_app
from assistant.records import (
    EVERYTHING,
    Answer,
    Done,
    Event,
    Scope,
    Searching,
    Seconds,
    Token,
    Turn,
)
from assistant.ui.server import create_server

CHROMIUM = Path("/usr/bin/chromium")
TOKENS = 300
_PAUSE = 1 / 15  # seconds between two tokens: a quick answer on two cores
_TURNS = 200
_OPENINGS = 5

# Notes the moment at which the evidence of the running question is seen.
_WATCH = """() => {
  window.seen = null;
  const live = document.querySelector("#live");
  new MutationObserver((_, observer) => {
    if (/Found/.test(live.querySelector(".turn.running .steps")?.textContent ?? "")) {
      window.seen = performance.now();
      observer.disconnect();
    }
  }).observe(live, { subtree: true, childList: true, characterData: true });
  window.pressed = performance.now();
}"""


class Streamer(App):
    """Answers every question with so many words, at an even pace, without a model."""

    def warm(self, stop: threading.Event | None = None) -> None:
        pass

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        scope: Scope = EVERYTHING,
        reader: str | None = None,
    ) -> Iterator[Event]:
        yield Searching(question, scope)
        count = TOKENS if "long" in question else 20
        for number in range(count):
            time.sleep(_PAUSE if count == TOKENS else 0)
            yield Token(f"word{number} ")
        text = "That is all."
        yield Done(Answer(question, text, True, (), (), (), "none", Seconds(0.1, 0.1, 0.2)))


def figures(questions: int) -> dict[str, Any]:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with _server(Path(folder), "real") as (_, url):
            found = {
                "seconds from opening to usable, median and longest": _openings(browser, url),
                "ms from Enter to evidence in view, median and longest": _evidence(
                    browser, url, questions
                ),
            }
        with _server(Path(folder), "streaming") as (process, url):
            found |= _streaming(browser, url, process)
            found |= _long_conversation(browser, url)
        return found


@contextmanager
def _server(folder: Path, kind: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, __file__, "--serve", kind]
    env = {**os.environ, "ASSISTANT_STORE": str(folder / kind)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(20)


def _serve(kind: str) -> None:
    settings = config.load()
    with open_app(settings) as opened:
        list(opened.add([config.resource("seeds") / "articles"]))
        app = opened
        if kind == "streaming":
            app = Streamer(settings, opened.library, opened._wording)
        opened.library.search("warm", 1, 1)
        app.warm()
        create_server(app, 0, lambda url: print(url, flush=True)).run()


def _openings(browser: Browser, url: str) -> list[float]:
    took = []
    for _ in range(_OPENINGS):
        begun = time.monotonic()
        page = _opened(browser, url)
        took.append(time.monotonic() - begun)
        page.context.close()
    return [round(statistics.median(took), 2), round(max(took), 2)]


def _evidence(browser: Browser, url: str, questions: int) -> list[float]:
    lines = (config.resource("seeds") / "questions.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines[:questions]]
    page, took = _opened(browser, url), []
    for question in asked:
        _fill(page, question)
        page.evaluate(_WATCH)
        page.keyboard.press("Enter")
        page.wait_for_function("window.seen !== null", timeout=60_000)
        took.append(page.evaluate("window.seen - window.pressed"))
        if page.locator("#stop").is_visible():
            page.locator("#stop").click()
        page.locator("#live .turn:not(.running)").wait_for(timeout=60_000)
        page.evaluate("assistantChat.begin()")
        time.sleep(1)  # the model comes to rest
    page.context.close()
    return [round(statistics.median(took)), round(max(took))]


def _streaming(browser: Browser, url: str, process: subprocess.Popen[str]) -> dict[str, float]:
    page = _opened(browser, url)
    _asked(page, "a short one")
    used, begun = _cpu(process.pid), time.monotonic()
    _asked(page, "a long one", 90_000)
    used, took = _cpu(process.pid) - used, time.monotonic() - begun
    page.context.close()
    return {
        f"seconds that {TOKENS} tokens were streamed": round(took, 1),
        "share of a core that the server used meanwhile": round(used / took, 3),
    }


def _long_conversation(browser: Browser, url: str) -> dict[str, Any]:
    """How long typing and asking take in a conversation that has many turns."""
    page, took = _opened(browser, url), []
    for number in range(_TURNS):
        begun = time.monotonic()
        _asked(page, f"question {number}")
        took.append(time.monotonic() - begun)
    frames = page.evaluate("""async () => {
      const talk = document.querySelector("#talk");
      const times = [];
      for (let i = 0; i < 60; i += 1) {
        const begun = performance.now();
        talk.scrollTop = (i % 2) * talk.scrollHeight;
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - begun);
      }
      return times.sort((a, b) => a - b);
    }""")
    page.context.close()
    return {
        "seconds of a turn, median of the first and of the last 20": [
            round(statistics.median(part), 2) for part in (took[:20], took[-20:])
        ],
        f"ms of a frame scrolled through {_TURNS} turns, median and 95th of 100": [
            round(frames[len(frames) // 2], 1), round(frames[int(len(frames) * 0.95)], 1)
        ],
    }  # fmt: skip


def _opened(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
    page.goto(url)
    page.locator("body.ready").wait_for()
    return page


def _fill(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)


def _asked(page: Page, question: str, timeout: float = 30_000) -> None:
    _fill(page, question)
    page.keyboard.press("Enter")
    done = page.locator("#live .turn.done .q", has_text=re.compile(f"{question}$"))
    done.wait_for(timeout=timeout)


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@click.command()
@click.option("--questions", default=20, show_default=True, type=click.IntRange(min=1))
@told.OUT
@click.option("--serve", type=click.Choice(["real", "streaming"]), hidden=True)
def command(questions: int, out: Path | None, serve: str | None) -> None:
    if serve:
        _serve(serve)
        return
    told.tell(figures(questions), out)


if __name__ == "__main__":
    command()
