"""Makes passages of articles: split, and embedded under their titles."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import Stopped
from assistant.library.split import Part, split
from assistant.library.tables import PreparedPassage, StoredPassage
from assistant.records import Article

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_EMBEDDED_AT_ONCE = 64  # texts; between two such batches adding can be stopped


def prepared(
    embeddings: Embeddings, articles: Sequence[Article], stop: threading.Event | None = None
) -> list[list[PreparedPassage]]:
    """The passages of each article; all texts are embedded in one go, which is quicker.

    Raises Stopped soon after `stop` is set.
    """
    parts = [split(article.text) for article in articles]
    texts = [text for pair in zip(articles, parts, strict=True) for text in _texts(*pair)]
    vectors = iter(_embedded(embeddings, texts, stop))
    return [_with_vectors(each, vectors) for each in parts]


def under_title(
    embeddings: Embeddings, title: str, passages: Sequence[StoredPassage]
) -> list[PreparedPassage]:
    """The passages of one article under another title; their sentences stay as they are."""
    vectors = _embedded(embeddings, [_titled(title, each.text) for each in passages], None)
    return [each.prepared(vector) for each, vector in zip(passages, vectors, strict=True)]


def _embedded(
    embeddings: Embeddings, texts: Sequence[str], stop: threading.Event | None
) -> NDArray[np.float16]:
    vectors: NDArray[np.float16] | None = None
    # Texts of like length go together, so that little of a batch is padding.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for first in range(0, len(order), _EMBEDDED_AT_ONCE):
        if stop is not None and stop.is_set():
            raise Stopped
        rows = order[first : first + _EMBEDDED_AT_ONCE]
        batch = np.asarray(embeddings.embed_documents([texts[i] for i in rows]), np.float16)
        if vectors is None:
            vectors = np.empty((len(texts), batch.shape[1]), np.float16)
        vectors[rows] = batch
    return vectors if vectors is not None else np.zeros((0, 0), np.float16)


def _texts(article: Article, parts: Sequence[Part]) -> list[str]:
    """What is embedded of an article: its passages under their title, then their sentences."""
    texts = [_titled(article.title, article.text[span.start : span.end]) for span, _ in parts]
    return texts + [article.text[s.start : s.end] for _, sentences in parts for s in sentences]


def _titled(title: str, text: str) -> str:
    return f"{title}\n{text}" if title else text


def _with_vectors(
    parts: Sequence[Part], vectors: Iterator[NDArray[np.float16]]
) -> list[PreparedPassage]:
    of_passages = list(islice(vectors, len(parts)))
    return [
        PreparedPassage(span, vector, sentences, np.array(list(islice(vectors, len(sentences)))))
        for (span, sentences), vector in zip(parts, of_passages, strict=True)
    ]
