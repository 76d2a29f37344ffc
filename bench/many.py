"""Generated libraries, as large as one likes."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pair import embedder_of

from assistant import config
from assistant.app import EMBEDDER, open_app
from assistant.config import Settings
from assistant.library.catalog import Catalog
from assistant.library.identity import Incoming
from assistant.library.library import Library
from assistant.library.tables import PreparedPassage
from assistant.records import Article, Span

Vectors = NDArray[np.float32]

SENTENCES = (3, 5)  # of a short article, and of a passage
_EMBEDDED = 2_000  # passages; all others have vectors near those of these
_NOISE = 0.5  # length of what is added to a vector of length 1
_OF_ARTICLE = 10  # passages
_AT_ONCE = 100  # articles


def vocabulary() -> list[str]:
    """Every word of the sample articles, as often as it stands there."""
    files = sorted((config.resource("seeds") / "articles").glob("*.md"))
    return re.findall(r"[a-z]{2,}", " ".join(file.read_text("utf-8") for file in files).lower())


def sentences(words: Sequence[str], chance: random.Random) -> list[str]:
    return [
        " ".join(chance.choices(words, k=chance.randint(8, 20))).capitalize() + "."
        for _ in range(chance.randint(*SENTENCES))
    ]


def title(number: int, words: Sequence[str], chance: random.Random) -> str:
    return f"{' '.join(chance.choices(words, k=5)).capitalize()} {number}"


def short_article(number: int, words: Sequence[str], chance: random.Random) -> str:
    """A title, and sentences of the seeds' words in paragraphs of three."""
    text = sentences(words, chance)
    paragraphs = [" ".join(text[i : i + 3]) for i in range(0, len(text), 3)]
    return f"# {title(number, words, chance)}\n\n" + "\n\n".join(paragraphs) + "\n"


def short_articles(folder: Path, articles: int, together: int) -> Iterator[list[Path]]:
    """Files of short articles in groups, each of sentences that no other one has."""
    folder.mkdir(parents=True)
    words, chance = vocabulary(), random.Random(1)
    for first in range(0, articles, together):
        group = []
        for number in range(first, min(first + together, articles)):
            group.append(folder / f"{number:06}.md")
            group[-1].write_text(short_article(number, words, chance), "utf-8")
        yield group


def added(settings: Settings, store: Path, articles: int) -> None:
    """A library of so many short articles, added as anybody adds files."""
    folder = store.with_name(f"{store.name}.files")
    shutil.rmtree(folder, ignore_errors=True)
    with open_app(settings.model_copy(update={"store": store})) as app:
        for files in short_articles(folder, articles, articles):
            list(app.add(files))
        indexed(app.library)
    shutil.rmtree(folder)


def written(settings: Settings, store: Path, passages: int) -> None:
    """A library of so many passages, written into its tables: only a few of them are embedded."""
    words, chance, noise = vocabulary(), random.Random(2), np.random.default_rng(2)
    few = min(_EMBEDDED, passages)
    texts = [" ".join(sentences(words, chance)) for _ in range(few)]
    near = _Near(embedder_of(settings).embed(texts), noise)
    catalog = Catalog(store, EMBEDDER)
    try:
        numbers = list(range(0, passages, _OF_ARTICLE))
        for first in range(0, len(numbers), _AT_ONCE):
            catalog.put(
                [
                    _article(number, min(_OF_ARTICLE, passages - number), words, chance, near)
                    for number in numbers[first : first + _AT_ONCE]
                ]
            )
    finally:
        catalog.close()
    with open_app(settings.model_copy(update={"store": store})) as app:
        indexed(app.library)


class _Near:
    """Vectors of length 1 near those of a few real passages."""

    def __init__(self, few: Vectors, chance: np.random.Generator) -> None:
        self._few, self._chance = few, chance

    def some(self, count: int) -> Vectors:
        rows, width = self._few.shape
        chosen = self._few[self._chance.integers(rows, size=count)]
        noise = self._chance.standard_normal((count, width), np.float32)
        vectors = chosen + np.float32(_NOISE / width**0.5) * noise
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _article(
    number: int, passages: int, words: Sequence[str], chance: random.Random, near: _Near
) -> tuple[Incoming, list[PreparedPassage]]:
    """An article with a paragraph for each passage."""
    parts, spans, at = [], [], 0
    for _ in range(passages):
        own = sentences(words, chance)
        parts.append(" ".join(own))
        inside = []
        for each in own:
            inside.append(Span(at, at + len(each)))
            at += len(each) + 1
        at += 1  # a paragraph ends with two characters
        spans.append(inside)
    vectors = near.some(passages)
    prepared = [
        PreparedPassage(
            Span(inside[0].start, inside[-1].end), vector, tuple(inside), near.some(len(inside))
        )
        for inside, vector in zip(spans, vectors, strict=True)
    ]
    name = f"{number:08}"
    text = "\n\n".join(parts)
    return Incoming(
        Article(id=name, title=title(number, words, chance), source=name, text=text)
    ), prepared


def indexed(library: Library) -> None:
    """Wait until the vector index is open and holds everything."""
    while (state := library.index_state()).behind or library._index._collection is None:
        if state.state != "building":
            library.search("the bridge", 1, 1)  # begins it
        time.sleep(0.5)
