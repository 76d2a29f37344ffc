"""An embedder without a model, and articles to try it on."""

from __future__ import annotations

import os
import re
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from postgres_server import database

from assistant.library import index as index_module
from assistant.library.catalog import Catalog
from assistant.library.chroma import Server
from assistant.library.library import Library, open_library
from assistant.records import Article

if TYPE_CHECKING:
    import pytest

EMBEDDER = "bag-of-words"


class BagOfWords(Embeddings):
    """Texts with the same words are near; counts what it was given."""

    def __init__(self) -> None:
        self.documents = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.documents += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(384)
        for word in re.findall(r"\w+", text.casefold()):
            vector[zlib.crc32(word.encode()) % 384] += 1
        return (vector / (np.linalg.norm(vector) or 1)).tolist()


def article(number: int, text: str | None = None, **changes: object) -> Article:
    """An article whose passages can all be told apart."""
    paragraphs = [
        f"Report{number} describes topic{number}x{i} at some length. " + "It goes on and on. " * 30
        for i in range(4)
    ]
    values: dict[str, object] = {
        "id": f"article{number:04d}",
        "title": f"Number {number}",
        "source": f"/articles/{number}.txt",
        "text": text if text is not None else "\n\n".join(p.strip() for p in paragraphs),
    }
    return Article(**{**values, **changes})  # type: ignore[arg-type]


POSTGRES, CHROMA = "TEST_POSTGRES", "TEST_CHROMA"  # variables with the addresses of servers


def catalog_url(folder: Path) -> str:
    """Of the database that stands for this folder, in a test that is about servers."""
    server = os.environ.get(POSTGRES)
    return database(server, folder.absolute()) if server else ""


def catalog(folder: Path, embedder: str = "fake") -> Catalog:
    return Catalog(folder, embedder, catalog_url(folder))


def opened(folder: Path, embeddings: Embeddings | None = None) -> Library:
    chroma = os.environ.get(CHROMA)
    server = Server(chroma) if chroma else None
    return open_library(folder, embeddings or BagOfWords(), EMBEDDER, server, catalog_url(folder))


def finds(library: Library, number: int) -> bool:
    """Whether a search finds this article."""
    hits = library.search(f"Report{number} describes topic{number}x1", 10, 30).hits
    return any(hit.article.id == f"article{number:04d}" for hit in hits)


def is_chroma(library: Library) -> bool:
    """Whether searches are answered by Chroma, which holds all passages."""
    index = library._index
    held = index._collection is not None and index._collection.count()
    return held == library.counts().passages and index._scanned is None


def wait_for_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few the passages are, and however slow the machine."""
    monkeypatch.setattr(index_module, "PATIENCE", 60.0)
    monkeypatch.setattr(index_module, "FEW", 0)


if __name__ == "__main__":  # in another process: add articles and say so after each
    with opened(Path(sys.argv[1])) as library:
        for number in range(int(sys.argv[2]), int(sys.argv[3])):
            print(number, library.add(article(number)), flush=True)
