"""Finds passages by meaning and by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.library.catalog import Catalog
from assistant.library.index import Index, nearest
from assistant.library.tables import StoredPassage
from assistant.records import EVERYTHING, Hit, Scope, Sentence

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_NEAR = 2  # times as many passages as wanted: among these the newest are preferred
_AGE = 3  # rankings' weight of being new: more than that of meaning and words together
_RANK_CONSTANT = 60  # of reciprocal rank fusion, as its authors chose it
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


class Finder:
    """The search of a library; see there."""

    def __init__(self, catalog: Catalog, index: Index, embeddings: Embeddings) -> None:
        self._catalog = catalog
        self._index = index
        self._embeddings = embeddings
        self._stems: dict[str, int] = {}
        self._stems_seq = -1

    def search(
        self,
        question: str,
        passages: int,
        candidates: int,
        scope: Scope = EVERYTHING,
        newest: bool = False,
    ) -> Search:
        vector = _unit(self._embeddings.embed_query(question))
        rankings = [
            self._by_meaning(vector, candidates, scope),
            self._catalog.by_words(query_words(question), candidates, scope),
        ]
        best = _best(_fused(*rankings), _NEAR * passages if newest else passages)
        if newest:
            rankings += [_latest_first(self._catalog.load(best))] * _AGE
            best = [id_ for id_ in _best(_fused(*rankings), candidates) if id_ in best][:passages]
        scores = _fused(*rankings)
        hits = [_hit(each, vector, scores) for each in self._catalog.load(best)]
        return Search(hits, vector)

    def _by_meaning(self, vector: NDArray[np.float32], k: int, scope: Scope) -> list[str]:
        if scope == EVERYTHING:
            return [id_ for id_, _ in self._index.search(vector, k)]
        # Chroma looks for what lies within a scope more slowly than this does.
        return [id_ for id_, _ in nearest(*self._catalog.vectors_within(scope), vector, k)]

    def passages_of(self, article_id: str, vector: NDArray[np.float32]) -> list[Hit]:
        stored = self._catalog.load(self._catalog.passage_ids(article_id))
        return [_hit(each, vector, {}) for each in stored]

    def passages_with(self, stem: str) -> int:
        seq = self._catalog.seq()
        if seq != self._stems_seq or len(self._stems) > 10_000:
            self._stems, self._stems_seq = {}, seq
        known = self._stems
        if stem not in known:
            known[stem] = self._catalog.passages_with(stem)
        return known[stem]


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


def _best(scores: dict[str, float], most: int) -> list[str]:
    return sorted(scores, key=lambda id_: (-scores[id_], id_))[:most]


def _latest_first(passages: Iterable[StoredPassage]) -> list[str]:
    dated = [(each.article.published, each.passage.id) for each in passages]
    return [id_ for day, id_ in sorted((d for d in dated if d[0]), reverse=True)]


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
