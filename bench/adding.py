"""Adds many short articles, in turn with the embedder alone on the same texts.

    python bench/adding.py --articles 10000 --out build/adding.json

See bench/README.md for what is measured, and how it is kept fair.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import many
import told
from lines import Json, Line, paired
from pair import embedder_of
from plan import Plan

from assistant.app import App, open_app
from assistant.cli import door
from assistant.config import Settings
from assistant.engines.embedder import MiniLM
from assistant.library.split import split

TOGETHER = 500  # articles added, then embedded alone (or the other way round)
_TURNS = 10  # of a run of all benches
_SEARCHES = 40


@dataclass
class Seconds:
    """Of each turn: adding its articles, and embedding its texts alone."""

    articles: list[int] = field(default_factory=list)
    adding: list[float] = field(default_factory=list)
    embedding: list[float] = field(default_factory=list)
    texts: int = 0

    def rates(self, seconds: Sequence[float]) -> list[float]:
        return [round(n / s, 1) for n, s in zip(self.articles, seconds, strict=True)]


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """One record: all that `main` finds."""
    if begin == 0:
        yield main(plan.settings, plan.few, max(1, plan.few // _TURNS), ask=False)


def lines(found: Sequence[Json]) -> list[Line]:
    if not found:
        return []
    [record] = found
    rates = record["articles a second, by turns"]
    name, beside = f"{record['articles']:,} articles", "the embedder alone, on their texts"
    return [paired(Line(name, "a second", rates["adding"], beside, rates["alone"]))]


def main(settings: Settings, articles: int, together: int, ask: bool) -> Json:
    """All figures, as the README names them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"store": Path(folder) / "store"})
        with open_app(settings) as app:
            alone = embedder_of(settings)
            alone.embed(["warm"])
            app.library.search("warm", 1, 1)
            asked: list[dict[str, Any]] = []
            asking = threading.Thread(target=_ask, args=(Path(folder) / "store", asked))
            seconds = Seconds()
            for turn, files in enumerate(
                many.short_articles(Path(folder) / "articles", articles, together)
            ):
                _turn(app, alone, files, seconds, adding_first=turn % 2 == 0)
                if ask and turn == articles // together // 2:
                    asking.start()
            if asking.ident:
                asking.join()
            return _figures(app, articles, seconds, asked)


def _turn(
    app: App, alone: MiniLM, files: Sequence[Path], seconds: Seconds, adding_first: bool
) -> None:
    texts = [text for file in files for text in _texts(file)]
    seconds.texts += len(texts)
    seconds.articles.append(len(files))
    for adding in (adding_first, not adding_first):
        begun = time.monotonic()
        if adding:
            results = list(app.add(files))
            if bad := [result for result in results if result.outcome != "added"]:
                raise SystemExit(f"not added: {bad[0]}")
            seconds.adding.append(time.monotonic() - begun)
        else:
            alone.embed(texts)
            seconds.embedding.append(time.monotonic() - begun)


def _texts(file: Path) -> list[str]:
    """What the library embeds of a file: its passages under their title, and their sentences."""
    title, _, text = file.read_text("utf-8").removeprefix("# ").partition("\n\n")
    parts = split(text.strip())
    passages = [f"{title}\n{text[span.start : span.end]}" for span, _ in parts]
    return passages + [text[s.start : s.end] for _, sentences in parts for s in sentences]


def _ask(store: Path, asked: list[dict[str, Any]]) -> None:
    """One question to the same library, by another process, while articles come in."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "assistant", "ask", "--json", "What happened to the bridge?"]
    env = {**os.environ, "ASSISTANT_STORE": str(store)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    asked.append({"exit": done.returncode, "seconds": round(time.monotonic() - begun, 1)})


def _figures(app: App, articles: int, seconds: Seconds, asked: list[dict[str, Any]]) -> Json:
    searches = []
    for number in range(_SEARCHES):
        begun = time.monotonic()
        app.library.search(f"the bridge and the river in {1900 + number}", 6, 30)
        searches.append(1000 * (time.monotonic() - begun))
    ratios = [e / a for e, a in zip(seconds.embedding, seconds.adding, strict=True)]
    counts = app.library.counts()
    return {
        "articles": articles,
        "passages": counts.passages,
        "sentences": counts.sentences,
        "texts embedded alone": seconds.texts,
        "seconds of adding": round(sum(seconds.adding), 1),
        "seconds of the embedder alone": round(sum(seconds.embedding), 1),
        "articles a second": round(articles / sum(seconds.adding), 1),
        "rate beside the embedder alone": round(sum(seconds.embedding) / sum(seconds.adding), 3),
        "that rate by turns, lowest and highest": [round(min(ratios), 3), round(max(ratios), 3)],
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "articles a second, by turns": {
            "adding": seconds.rates(seconds.adding),
            "alone": seconds.rates(seconds.embedding),
        },
        "question meanwhile": asked,
        "search afterwards, first and median, ms": [
            round(searches[0], 1),
            round(statistics.median(searches), 1),
        ],
        "findings of the doctor": len(app.library.examine()),
    }


@click.command()
@click.option("--articles", default=10_000, show_default=True, type=click.IntRange(min=1))
@click.option("--ask/--no-ask", default=True, help="Ask one question meanwhile, with the model.")
@told.OUT
def command(articles: int, ask: bool, out: Path | None) -> None:
    told.tell(main(door.settings(), articles, TOGETHER, ask), out)


if __name__ == "__main__":
    command()
