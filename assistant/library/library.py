"""A library of articles: adding, removing, and finding passages by meaning and by words."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from types import EllipsisType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.library import editing, moving, room
from assistant.library.catalog import Catalog, Counts
from assistant.library.chroma import Server
from assistant.library.conversations import Conversations
from assistant.library.database import unusable
from assistant.library.doctor import Finding
from assistant.library.folder_index import FolderIndex
from assistant.library.identity import Incoming
from assistant.library.index import Index, IndexState
from assistant.library.prepare import prepared, under_title
from assistant.library.removing import Removed
from assistant.library.search import Finder, Search
from assistant.library.search import query_words as query_words
from assistant.library.server_index import ServerIndex
from assistant.records import EVERYTHING, Article, ArticleInfo, Followed, Hit, Outcome, Scope

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings


def open_library(
    folder: Path,
    embeddings: Embeddings,
    embedder_id: str,
    server: Server | None = None,
    catalog_url: str = "",
) -> Library:
    """Open the library in the folder, or begin one there.

    `embedder_id` names what `embeddings` makes its vectors with: a library keeps to the one it was
    begun with. The index of the vectors is in the folder, too, unless a Chroma server is named; so
    is the catalog, unless its address on a PostgreSQL server is given.
    Raises StoreError where the folder or what is in it cannot be used.
    """
    if catalog_url:
        _make(folder)
    catalog = Catalog(folder, embedder_id, catalog_url)
    index = ServerIndex(folder, catalog, server) if server else FolderIndex(folder, catalog)
    return Library(catalog, index, embeddings)


def _make(folder: Path) -> None:
    """With the catalog elsewhere, what is of this machine alone is still kept in the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


class Library:
    """Safe to use from several threads, and beside other processes on the same folder.

    Every method raises StoreError where the disk refuses, and has then changed nothing.
    """

    def __init__(self, catalog: Catalog, index: Index, embeddings: Embeddings) -> None:
        self._catalog = catalog
        self._index = index
        self._embeddings = embeddings
        self._finder = Finder(catalog, index, embeddings)
        self.keeps_free = 0  # bytes of the disk, below which nothing is added

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._index.close()
        self._catalog.close()

    @property
    def conversations(self) -> Conversations:
        return self._catalog.conversations

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

        Raises Stopped, having added nothing, soon after `stop` is set; StoreError where too little
        of the disk is free for what is new.
        """
        arriving = [Incoming(article) for article in articles]
        new = [each for each in arriving if not self._catalog.settles(each)]
        if new:
            self._check_room()
        passages = prepared(
            self._embeddings, [self._catalog.as_edited(each.article) for each in new], stop
        )
        outcomes = self._catalog.put(list(zip(new, passages, strict=True)))
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
        self._catalog.mend(findings, lambda article: prepared(self._embeddings, [article])[0])
        if any(finding.kind == "index" for finding in findings):
            self._index.start_anew()

    def save(self, target: Path) -> None:
        """Copy the library into one new file. Raises StoreError."""
        moving.save(self._catalog, target)

    def take_in(
        self, file: Path, stop: threading.Event | None = None
    ) -> Iterator[tuple[ArticleInfo, Outcome, int]]:
        """Add the articles of a saved library with their earlier versions; how many there are.

        Then its conversations, but for those that are here already. Nothing is embedded again.
        Raises SourceError for a file that is none.
        """
        self._check_room()
        for taken in moving.take_in(file, self._catalog, stop):
            yield taken
            self._check_room()

    def _check_room(self) -> None:
        if self._catalog.file is not None:  # a server knows its own disk
            room.check(self._catalog.folder, self.keeps_free)

    def edit(
        self,
        article_id: str,
        *,
        title: str | None = None,
        authors: Sequence[str] | None = None,
        published: date | EllipsisType | None = ...,
        tags: Sequence[str] | None = None,
    ) -> ArticleInfo | None:
        """Put other words in the place of what the source tells of an article; None if it is gone.

        They stay whenever the source is read again, also where its text has changed by then.
        `published` takes the day away with None. Raises UsageError for an empty title.
        """
        wanted = editing.wanted(title, authors, published, tags)
        while before := self._catalog.info(article_id):
            fields = editing.differing(before, wanted)
            passages = None
            if "title" in fields:
                stored = self._catalog.load(self._catalog.passage_ids(article_id))
                passages = under_title(self._embeddings, fields["title"], stored)
            # Another process may have changed it while its passages were embedded.
            if not fields or self._catalog.edit(before, fields, passages):
                return self._catalog.info(article_id)
        return None

    def remove(self, article_id: str) -> bool:
        """Whether there was such an article; now there is none."""
        return self._catalog.remove(article_id)

    def take_out(self, article_id: str) -> Removed | None:
        """Remove the article, and give all that `put_back` needs; None where there was none."""
        return self._catalog.take_out(article_id)

    def put_back(self, removed: Removed) -> ArticleInfo:
        """Bring back an article as it was, with its sources and earlier versions.

        Where its source or text has been added anew meanwhile, that article stays and is given.
        """
        return self._catalog.put_back(removed)

    def tags(self) -> list[tuple[str, int]]:
        """The tags (in any case) and how many articles have them, most frequent first."""
        return self._catalog.tags()

    def articles(self, scope: Scope = EVERYTHING) -> list[ArticleInfo]:
        """Newest published first, undated last, then by title."""
        return self._catalog.articles(scope)

    def added_at(self) -> dict[str, float]:
        """When each article came in, by its id, in seconds since 1970."""
        return self._catalog.added_at()

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

    def index_state(self) -> IndexState:
        """How far the vector index is; searches find the same while it is behind, more slowly."""
        return self._index.state()

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
        return self._finder.search(question, passages, candidates, scope, newest)

    def passages_of(self, article_id: str, vector: NDArray[np.float32]) -> list[Hit]:
        """All passages of an article, in the order of its text, compared with a question's vector.

        Their `score` is 0: no search has ranked them.
        """
        return self._finder.passages_of(article_id, vector)

    def passages_with(self, stem: str) -> int:
        """How many passages, with their titles, hold a word that begins so (in any case)."""
        return self._finder.passages_with(stem)
