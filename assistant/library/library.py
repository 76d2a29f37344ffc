"""A library of articles: adding, removing, and finding passages by meaning and by words."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import Stopped
from assistant.library.catalog import Catalog, Counts
from assistant.library.index import Index
from assistant.library.split import split
from assistant.library.tables import PreparedPassage, StoredPassage
from assistant.records import Article, ArticleInfo, Hit, Outcome, Sentence

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_RANK_CONSTANT = 60  # of reciprocal rank fusion, as its authors chose it
_EMBEDDED_AT_ONCE = 64  # texts; between two such batches adding can be stopped
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a an and any are as at be been but by can could did do does for from had has have how i
        if in into is it its may me my of on or s t than that the their them then there these they
        this those to us was we were what when where which who whom whose why will with would
        you your""",
    )
)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, best first, and the question's vector (float32, length 1)."""

    hits: list[Hit]
    vector: NDArray[np.float32]


def open_library(folder: Path, embeddings: Embeddings, embedder_id: str) -> Library:
    """Open the library in the folder, or begin one there.

    `embedder_id` names what `embeddings` makes its vectors with: a library keeps to the one it was
    begun with. Raises StoreError where the folder or what is in it cannot be used.
    """
    catalog = Catalog(folder, embedder_id)
    return Library(catalog, Index(folder, catalog), embeddings)


class Library:
    """Safe to use from several threads, and beside other processes on the same folder.

    Every method raises StoreError where the disk refuses, and has then changed nothing.
    """

    def __init__(self, catalog: Catalog, index: Index, embeddings: Embeddings) -> None:
        self._catalog = catalog
        self._index = index
        self._embeddings = embeddings
        self._stems: dict[str, int] = {}
        self._stems_seq = -1

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._index.close()
        self._catalog.close()

    def add(self, article: Article, stop: threading.Event | None = None) -> Outcome:
        """Add the article, or replace the one of the same source if it changed.

        The same text under another source is the same article. Raises Stopped, having added
        nothing, soon after `stop` is set.
        """
        if self._catalog.settles(article):
            return "same"
        return self._catalog.put(article, self._prepared(article, stop))

    def remove(self, article_id: str) -> bool:
        """Whether there was such an article; now there is none."""
        return self._catalog.remove(article_id)

    def articles(self) -> list[ArticleInfo]:
        """Newest published first, undated last, then by title."""
        return self._catalog.articles()

    def get(self, article_id: str) -> Article | None:
        """The article with this id, or the only one whose id begins so."""
        return self._catalog.get(article_id)

    def counts(self) -> Counts:
        return self._catalog.counts()

    def search(self, question: str, passages: int, candidates: int) -> Search:
        """The best `passages`, fused from the best `candidates` by meaning and as many by words."""
        vector = _unit(self._embeddings.embed_query(question))
        scores = _fused(
            [id_ for id_, _ in self._index.search(vector, candidates)],
            self._catalog.by_words(query_words(question), candidates),
        )
        best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:passages]
        hits = [_hit(each, vector, scores) for each in self._catalog.load(best)]
        return Search(hits, vector)

    def passages_of(self, article_id: str, vector: NDArray[np.float32]) -> list[Hit]:
        """All passages of an article, in the order of its text, compared with a question's vector.

        Their `score` is 0: no search has ranked them.
        """
        stored = self._catalog.load(self._catalog.passage_ids(article_id))
        return [_hit(each, vector, {}) for each in stored]

    def passages_with(self, stem: str) -> int:
        """How many passages, with their titles, hold a word that begins so (in any case)."""
        seq = self._catalog.seq()
        if seq != self._stems_seq or len(self._stems) > 10_000:
            self._stems, self._stems_seq = {}, seq
        known = self._stems
        if stem not in known:
            known[stem] = self._catalog.passages_with(stem)
        return known[stem]

    def _prepared(self, article: Article, stop: threading.Event | None) -> list[PreparedPassage]:
        parts = split(article.text)
        title = f"{article.title}\n" if article.title else ""
        texts = [title + article.text[span.start : span.end] for span, _ in parts]
        texts += [article.text[s.start : s.end] for _, sentences in parts for s in sentences]
        vectors = self._embedded(texts, stop)
        prepared = []
        first = len(parts)
        for row, (span, sentences) in enumerate(parts):
            last = first + len(sentences)
            prepared.append(PreparedPassage(span, vectors[row], sentences, vectors[first:last]))
            first = last
        return prepared

    def _embedded(self, texts: Sequence[str], stop: threading.Event | None) -> NDArray[np.float16]:
        batches = []
        for first in range(0, len(texts), _EMBEDDED_AT_ONCE):
            if stop is not None and stop.is_set():
                raise Stopped
            batch = self._embeddings.embed_documents(list(texts[first : first + _EMBEDDED_AT_ONCE]))
            batches.append(np.asarray(batch, np.float16))
        return np.concatenate(batches) if batches else np.zeros((0, 0), np.float16)


def query_words(question: str) -> list[str]:
    """The words of a question worth looking for; all of them where none is."""
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", question.casefold())))
    return [word for word in words if word not in _STOP_WORDS] or words


def _fused(*rankings: Iterable[str]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, start=1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return scores


def _hit(stored: StoredPassage, vector: NDArray[np.float32], scores: dict[str, float]) -> Hit:
    passage, offset = stored.passage, stored.passage.span.start
    return Hit(
        article=stored.article,
        passage=passage,
        text=stored.text,
        sentences=tuple(
            Sentence(span, stored.text[span.start - offset : span.end - offset], _unit(row))
            for span, row in zip(passage.sentences, stored.sentence_vectors, strict=True)
        ),
        similarity=float(_unit(stored.vector) @ vector),
        score=scores.get(passage.id, 0.0),
    )


def _unit(vector: Sequence[float] | NDArray[np.float32]) -> NDArray[np.float32]:
    array = np.asarray(vector, np.float32)
    length = float(np.linalg.norm(array))
    return array / np.float32(length) if length else array
