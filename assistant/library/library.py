"""A library of articles: adding, removing, and finding passages by meaning and by words."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import Stopped
from assistant.library import moving
from assistant.library.catalog import Catalog, Counts
from assistant.library.doctor import Finding
from assistant.library.identity import Incoming
from assistant.library.index import Index, nearest
from assistant.library.split import Part, split
from assistant.library.tables import PreparedPassage, StoredPassage
from assistant.records import (
    EVERYTHING,
    Article,
    ArticleInfo,
    Followed,
    Hit,
    Outcome,
    Scope,
    Sentence,
)

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

_NEAR = 2  # times as many passages as wanted: among these the newest are preferred
_AGE = 3  # rankings' weight of being new: more than that of meaning and words together
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
        return self.add_batch([article], stop)[0]

    def add_batch(
        self, articles: Sequence[Article], stop: threading.Event | None = None
    ) -> list[Outcome]:
        """Add several articles at once, all of them or none: quicker than one by one.

        Raises Stopped, having added nothing, soon after `stop` is set.
        """
        arriving = [Incoming(article) for article in articles]
        new = [each for each in arriving if not self._catalog.settles(each)]
        prepared = self._prepared([each.article for each in new], stop)
        outcomes = self._catalog.put(list(zip(new, prepared, strict=True)))
        found = dict(zip(map(id, new), outcomes, strict=True))
        return [found.get(id(each), "same") for each in arriving]

    def is_read(self, place: str, stamp: str) -> bool:
        """Whether what a file or address held when it looked like this is in the library."""
        return bool(stamp) and self._catalog.stamp(place) == stamp

    def stamp(self, place: str) -> str:
        """What a file or address looked like when it was read last; empty if it was not."""
        return self._catalog.stamp(place)

    def note_read(self, places: Iterable[tuple[str, str, int]]) -> None:
        """Remember what files or addresses looked like that have been read wholly.

        Each is given by its name, its look and the number of its articles.
        """
        self._catalog.note_read(list(places))

    def by_source(self, source: str) -> ArticleInfo | None:
        """The article that was read from this source."""
        return self._catalog.by_source(source)

    def follow(self, followed: Followed) -> None:
        """Remember a folder or feed that is to be read again and again."""
        self._catalog.follow(followed)

    def unfollow(self, place: str) -> bool:
        """Whether it was followed; now it is not."""
        return self._catalog.unfollow(place)

    def followed(self) -> list[Followed]:
        return self._catalog.followed()

    def examine(self) -> list[Finding]:
        """What is wrong with the library; nothing where all is well."""
        return self._catalog.examine() + self._index.examine()

    def mend(self, findings: list[Finding]) -> None:
        """Put right what `examine` found, but for a database that cannot be read."""
        self._catalog.mend(findings, lambda article: self._prepared([article], None)[0])
        if any(finding.kind == "index" for finding in findings):
            self._index.start_anew()

    def save(self, target: Path) -> None:
        """Copy the library into one new file. Raises StoreError."""
        moving.save(self._catalog.folder, target)

    def take_in(
        self, file: Path, stop: threading.Event | None = None
    ) -> Iterator[tuple[ArticleInfo, Outcome, int]]:
        """Add the articles of a saved library with their earlier versions; how many there are.

        Nothing is embedded again. Raises SourceError for a file that is none.
        """
        with moving.opened(file, self._catalog.embedder) as other:
            infos = other.articles()
            for info in infos:
                if stop is not None and stop.is_set():
                    return
                article = other.get(info.id)
                if article is not None:
                    yield info, self._taken_in(article, other), len(infos)

    def _taken_in(self, article: Article, other: Catalog) -> Outcome:
        new = Incoming(article)
        if self._catalog.settles(new):
            return "same"
        stored = other.load(other.passage_ids(article.id))
        passages = [
            PreparedPassage(p.passage.span, p.vector, p.passage.sentences, p.sentence_vectors)
            for p in stored
        ]
        [outcome] = self._catalog.put([(new, passages)])
        if outcome == "added":
            self._catalog.keep_versions(article.id, other.versions(article.id))
        return outcome

    def remove(self, article_id: str) -> bool:
        """Whether there was such an article; now there is none."""
        return self._catalog.remove(article_id)

    def articles(self, scope: Scope = EVERYTHING) -> list[ArticleInfo]:
        """Newest published first, undated last, then by title."""
        return self._catalog.articles(scope)

    def version(self, article_id: str, version: int) -> Article | None:
        """The article in one of its versions, as an older answer cites it."""
        return self._catalog.version(article_id, version)

    def sources(self, article_id: str) -> list[str]:
        """All that the article was read from, the first one first."""
        return self._catalog.sources(article_id)

    def get(self, article_id: str) -> Article | None:
        """The article with this id, or the only one whose id begins so."""
        return self._catalog.get(article_id)

    def counts(self) -> Counts:
        return self._catalog.counts()

    def search(
        self,
        question: str,
        passages: int,
        candidates: int,
        scope: Scope = EVERYTHING,
        newest: bool = False,
    ) -> Search:
        """The best `passages`, fused from the best `candidates` by meaning and as many by words.

        `newest` prefers, among those that are near, the ones of the latest articles.
        """
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

    def _prepared(
        self, articles: Sequence[Article], stop: threading.Event | None
    ) -> list[list[PreparedPassage]]:
        """The passages of each article; all texts are embedded in one go, which is quicker."""
        parts = [split(article.text) for article in articles]
        texts = [text for pair in zip(articles, parts, strict=True) for text in _texts(*pair)]
        vectors = iter(self._embedded(texts, stop))
        return [_with_vectors(each, vectors) for each in parts]

    def _embedded(self, texts: Sequence[str], stop: threading.Event | None) -> NDArray[np.float16]:
        batches = []
        for first in range(0, len(texts), _EMBEDDED_AT_ONCE):
            if stop is not None and stop.is_set():
                raise Stopped
            batch = self._embeddings.embed_documents(list(texts[first : first + _EMBEDDED_AT_ONCE]))
            batches.append(np.asarray(batch, np.float16))
        return np.concatenate(batches) if batches else np.zeros((0, 0), np.float16)


def _texts(article: Article, parts: Sequence[Part]) -> list[str]:
    """What is embedded of an article: its passages under their title, then their sentences."""
    title = f"{article.title}\n" if article.title else ""
    texts = [title + article.text[span.start : span.end] for span, _ in parts]
    return texts + [article.text[s.start : s.end] for _, sentences in parts for s in sentences]


def _with_vectors(
    parts: Sequence[Part], vectors: Iterator[NDArray[np.float16]]
) -> list[PreparedPassage]:
    of_passages = list(islice(vectors, len(parts)))
    return [
        PreparedPassage(span, vector, sentences, np.array(list(islice(vectors, len(sentences)))))
        for (span, sentences), vector in zip(parts, of_passages, strict=True)
    ]


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
