"""The SQLite file that holds the truth: articles, passages, sentences, vectors and words.

Everything else about a library, the vector index above all, can be made from it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.library import tables
from assistant.library.database import Database
from assistant.library.tables import PreparedPassage, StoredPassage
from assistant.records import Article, ArticleInfo, Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    articles: int
    passages: int
    sentences: int


class Catalog:
    """One connection to the file, safe to use from several threads.

    Raises StoreError where the folder cannot be made or the file cannot be read, was made by
    another embedder or by a newer version. A library that can only be read opens; adding to it
    raises StoreError. So does every method when the disk fails under it.
    """

    def __init__(self, folder: Path, embedder_id: str) -> None:
        self.folder = folder
        self._database = Database(folder)
        try:
            self._prepare(embedder_id)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._database.close()

    # Articles

    def settles(self, article: Article) -> bool:
        """Whether its text is here already, so that nothing is added.

        Where it is here under another source, an older article of this source is removed.
        """
        with self._database.reading() as db:
            outcome, stale = tables.plan(db, article)
        if outcome != "same":
            return False
        for article_id in stale:
            self.remove(article_id)
        return True

    def put(self, article: Article, passages: Iterable[PreparedPassage]) -> Outcome:
        """Add the article or replace the one of the same source, wholly or not at all."""
        with self._database.writing() as db:
            outcome, stale = tables.plan(db, article)
            for article_id in stale:
                tables.delete(db, article_id)
            if outcome != "same":
                tables.insert(db, article, passages)
            return outcome

    def remove(self, article_id: str) -> bool:
        with self._database.writing() as db:
            return tables.delete(db, article_id)

    def articles(self) -> list[ArticleInfo]:
        """Newest published first, undated last, then by title."""
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {tables.INFO} FROM articles"
                " ORDER BY published IS NULL, published DESC, title COLLATE NOCASE, id"
            ).fetchall()
        return [ArticleInfo(**tables.info(row)) for row in rows]

    def get(self, article_id: str) -> Article | None:
        """The article with this id, or the only one whose id begins so."""
        query = f"SELECT {tables.INFO}, text FROM articles"
        with self._database.reading() as db:
            rows = db.execute(f"{query} WHERE id = ?", (article_id,)).fetchall()
            if not rows and article_id:
                rows = db.execute(
                    f"{query} WHERE substr(id, 1, ?) = ? LIMIT 2", (len(article_id), article_id)
                ).fetchall()
        return Article(**tables.info(rows[0]), text=rows[0]["text"]) if len(rows) == 1 else None

    def counts(self) -> Counts:
        with self._database.reading() as db:
            row = db.execute(
                "SELECT (SELECT count(*) FROM articles), count(*), coalesce(sum(sentences), 0)"
                " FROM passages"
            ).fetchone()
        return Counts(*row)

    # Passages

    def load(self, ids: Sequence[str]) -> list[StoredPassage]:
        """The passages of these ids in this order; those removed meanwhile are left out."""
        marks = ",".join("?" * len(ids))
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT p.id AS passage_id, p.start, p.stop, p.vector, s.spans, s.vectors,"
                " w.text AS passage_text, a.* FROM passages p JOIN sentences s USING (key)"
                " JOIN words w ON w.rowid = p.key JOIN articles a ON a.id = p.article_id"
                f" WHERE p.id IN ({marks})",
                tuple(ids),
            ).fetchall()
        found = {row["passage_id"]: tables.stored(row) for row in rows}
        return [found[id_] for id_ in ids if id_ in found]

    def passage_ids(self, article_id: str) -> list[str]:
        """The passages of an article, in the order of its text."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id FROM passages WHERE article_id = ? ORDER BY start", (article_id,)
            ).fetchall()
        return [row["id"] for row in rows]

    def by_words(self, words: Sequence[str], limit: int) -> list[str]:
        """Ids of the passages that hold any of the words, best bm25 first."""
        if not words:
            return []
        query = " OR ".join(map(_quoted, words))
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT p.id FROM words JOIN passages p ON p.key = words.rowid WHERE words MATCH ?"
                " ORDER BY bm25(words, 2.0, 1.0), p.key LIMIT ?",
                (query, limit),
            ).fetchall()
        return [row["id"] for row in rows]

    def passages_with(self, stem: str) -> int:
        """How many passages hold (or stand under a title that holds) a word beginning so."""
        query = f"{_quoted(stem)} *"
        with self._database.reading() as db:
            row = db.execute("SELECT count(*) FROM beginnings WHERE beginnings MATCH ?", (query,))
            return int(row.fetchone()[0])

    # What the vector index is made from

    def seq(self) -> int:
        """The number of the last change; it grows with every passage added or removed."""
        with self._database.reading() as db:
            row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'index_changes'")
            return int((row.fetchone() or (0,))[0])

    def changed(self, after: int, limit: int) -> tuple[int, list[str]]:
        """The passages touched by the next `limit` changes, and the number of the last of those."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT seq, passage_id FROM index_changes WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, limit),
            ).fetchall()
        last = rows[-1]["seq"] if rows else after
        return last, list(dict.fromkeys(row["passage_id"] for row in rows))

    def vectors_of(self, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """Those of the passages that exist, and one row for each."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT id, vector FROM passages WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).fetchall()
        return tables.matrix(rows)

    def vectors(self) -> tuple[int, list[str], NDArray[np.float32]]:
        """Every passage with its vector, and the number of the last change they hold."""
        with self._database.reading() as db:
            seq = self.seq()
            rows = db.execute("SELECT id, vector FROM passages ORDER BY key").fetchall()
        return seq, *tables.matrix(rows)

    def meta(self, key: str) -> str | None:
        with self._database.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def set_meta(self, **values: str) -> None:
        with self._database.writing() as db:
            tables.set_meta(db, **values)

    def _prepare(self, embedder_id: str) -> None:
        with self._database.reading() as db:
            new = not tables.has_tables(db)
        if new:
            with self._database.writing() as db:
                if not tables.has_tables(db):  # another process may have been first
                    for statement in tables.SCHEMA.split(";"):
                        db.execute(statement)
                    tables.set_meta(db, schema=tables.SCHEMA_VERSION, embedder=embedder_id)
        if self.meta("schema") != tables.SCHEMA_VERSION:
            raise StoreError(
                f"the library in {self.folder} was made by another version of the assistant;"
                " use that one, or choose another folder with ASSISTANT_STORE"
            )
        if (stored := self.meta("embedder")) != embedder_id:
            raise StoreError(
                f"the library in {self.folder} was made with the embedder {stored}, not"
                f" {embedder_id}; choose another folder with ASSISTANT_STORE and add the articles"
                " to that"
            )


def _quoted(text: str) -> str:
    """As a string of FTS5's query language, in which nothing has a meaning of its own."""
    return '"' + text.replace('"', " ").replace("\0", " ") + '"'
