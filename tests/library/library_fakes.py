"""An embedder without a model, and articles to try it on."""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.library.library import Library, open_library
from assistant.records import Article

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


def opened(folder: Path, embeddings: Embeddings | None = None) -> Library:
    return open_library(folder, embeddings or BagOfWords(), EMBEDDER)


if __name__ == "__main__":  # in another process: add articles and say so after each
    with opened(Path(sys.argv[1])) as library:
        for number in range(int(sys.argv[2]), int(sys.argv[3])):
            print(number, library.add(article(number)), flush=True)
