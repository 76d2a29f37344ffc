"""Search and evidence in a small and a large library, beside what they are made of."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import many
from lines import Json, Line, paired
from pair import embedder_of
from plan import Plan, made

from assistant import __version__
from assistant.app import App, open_app
from assistant.library import chroma
from assistant.library.database import FILE
from assistant.library.search import query_words

_OURS = "ours"
_FLOORS = {
    "words": "SQLite FTS5 alone",
    "vectors": "Chroma alone",
    "embedder": "the embedder alone",
}
_AT_MOST = (60, 150)  # milliseconds, in the small library and in the large one
_WORDS = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """Milliseconds of each question, in the small library and then in the large one."""
    asked = [question.question for question in plan.asked]
    sizes = {
        f"{plan.few:,} articles": (partial(many.added, plan.settings), plan.few),
        f"{plan.many:,} passages": (partial(many.written, plan.settings), plan.many),
    }
    for place, (size, (make, count)) in enumerate(sizes.items()):
        left = asked[max(0, begin - place * len(asked)) :]
        if left:
            folder = plan.kept / f"{size.replace(',', '').replace(' ', '-')}-{__version__}"
            store = made(folder, lambda folder, make=make, count=count: make(folder, count))
            with open_app(plan.with_store(store)) as app:
                yield from ({"size": size, **turn} for turn in _turns(app, left))


def lines(found: Sequence[Json]) -> list[Line]:
    sizes = dict.fromkeys(turn["size"] for turn in found)
    return [
        line
        for size, at_most in zip(sizes, _AT_MOST, strict=False)
        for line in _lines(size, at_most, [turn for turn in found if turn["size"] == size])
    ]


def _lines(size: str, at_most: float, turns: Sequence[Json]) -> Iterator[Line]:
    ours = [turn[_OURS] for turn in turns]
    sums = [sum(turn[name] for name in _FLOORS) for turn in turns]
    together = Line(size, "ms", ours, "the three below", sums, at_most=at_most, no_ratio=True)
    yield paired(together)
    for name, told in _FLOORS.items():
        yield Line(size, "ms", [], told, [turn[name] for turn in turns])


def _turns(app: App, asked: Sequence[str]) -> Iterator[dict[str, float]]:
    """Which of the four comes first alternates; each question is asked once."""
    many.indexed(app.library)
    alone = embedder_of(app.settings)
    alone.embed(["warm"])
    app.find("warm")
    with closing(_words_alone(app.settings.store)) as database:
        for number, question in enumerate(asked):
            calls = _calls(app, database, alone, question)
            names = list(calls)
            order = names[number % len(names) :] + names[: number % len(names)]
            yield {name: _milliseconds(calls[name]) for name in order}


def _calls(
    app: App, database: sqlite3.Connection, alone: Any, question: str
) -> dict[str, Callable[[], Any]]:
    wanted = app.settings.candidates
    words = " OR ".join(f'"{word}"' for word in query_words(question))
    vector = alone.embed([question])[0]
    collection = app.library._index._collection
    return {
        _OURS: lambda: app.find(question),
        "words": lambda: database.execute(_WORDS, (words, wanted)).fetchall(),
        "vectors": lambda: chroma.query(collection, vector, wanted),
        "embedder": lambda: alone.embed_query(question),
    }


def _words_alone(store: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{(store / FILE).absolute().as_uri()}?mode=ro", uri=True)


def _milliseconds(call: Callable[[], Any]) -> float:
    begun = time.monotonic()
    call()
    return 1000 * (time.monotonic() - begun)
