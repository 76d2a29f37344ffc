"""The SQLite file that holds the truth: articles, passages, sentences, vectors and words.

Everything else about a library, the vector index above all, can be made from it again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.library import doctor, identity, schema, tables
from assistant.library.database import Database
from assistant.library.doctor import Finding
from assistant.library.identity import Incoming
from assistant.library.tables import PreparedPassage, StoredPassage
from assistant.library.within import condition
from assistant.records import EVERYTHING, Article, ArticleInfo, Followed, Outcome, Scope


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
        self.embedder = embedder_id
        self._database = Database(folder)
        try:
            self._prepare(embedder_id)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._database.close()

    # Articles

    def settles(self, new: Incoming) -> bool:
        """Whether the article is here already, so that no passage needs to be added.

        The source is noted then, and an article that was read from nowhere else before goes.
        """
        with self._database.reading() as db:
            plan = identity.plan(db, new)
            if plan.outcome == "same" and plan.left is None and identity.is_noted(db, plan, new):
                return True
        if plan.outcome != "same":
            return False
        with self._database.writing() as db:
            plan = identity.plan(db, new)  # another process may have been quicker
            if plan.outcome == "same":
                tables.carry_out(db, plan, new, ())
            return plan.outcome == "same"

    def put(self, added: Sequence[tuple[Incoming, Iterable[PreparedPassage]]]) -> list[Outcome]:
        """Add articles or replace what they are new versions of, all of them or none."""
        with self._database.writing() as db:
            outcomes: list[Outcome] = []
            for new, passages in added:
                plan = identity.plan(db, new)
                tables.carry_out(db, plan, new, passages)
                outcomes.append(plan.outcome)
            return outcomes

    def remove(self, article_id: str) -> bool:
        with self._database.writing() as db:
            return tables.delete(db, article_id)

    def articles(self, scope: Scope = EVERYTHING) -> list[ArticleInfo]:
        """Newest published first, undated last, then by title."""
        where, values = condition(scope)
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {tables.INFO} FROM articles a WHERE {where}"
                " ORDER BY published IS NULL, published DESC, title COLLATE NOCASE, id",
                values,
            ).fetchall()
        return [ArticleInfo(**tables.info(row)) for row in rows]

    def version(self, article_id: str, version: int) -> Article | None:
        """The article as it was in an earlier version, or as it is."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT article FROM versions WHERE article_id = ? AND version = ?",
                (article_id, version),
            ).fetchone()
        if row is not None:
            return Article.from_json(json.loads(row["article"]))
        now = self.get(article_id)
        return now if now is not None and now.version == version else None

    def sources(self, article_id: str) -> list[str]:
        """All that the article was read from, the first one first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT s.source FROM sources s JOIN articles a ON a.id = s.article_id"
                " WHERE s.article_id = ? ORDER BY s.source != a.source, s.seen_at",
                (article_id,),
            ).fetchall()
        return [row["source"] for row in rows]

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

    def by_source(self, source: str) -> ArticleInfo | None:
        with self._database.reading() as db:
            row = db.execute(
                f"SELECT {tables.INFO} FROM articles"
                " WHERE id = (SELECT article_id FROM sources WHERE source = ?)",
                (source,),
            ).fetchone()
        return ArticleInfo(**tables.info(row)) if row else None

    # What was read, and what is read again

    def stamp(self, place: str) -> str:
        with self._database.reading() as db:
            row = db.execute("SELECT stamp FROM places WHERE place = ?", (place,)).fetchone()
        return row["stamp"] if row else ""

    def note_read(self, places: Sequence[tuple[str, str, int]]) -> None:
        if not places:
            return
        rows = [(*place, time.time()) for place in places]
        with self._database.writing() as db:
            db.executemany("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", rows)

    def follow(self, followed: Followed) -> None:
        with self._database.writing() as db:
            db.execute(
                "INSERT OR REPLACE INTO followed VALUES (?, ?)", (followed.place, followed.title)
            )

    def unfollow(self, place: str) -> bool:
        with self._database.writing() as db:
            return db.execute("DELETE FROM followed WHERE place = ?", (place,)).rowcount > 0

    def followed(self) -> list[Followed]:
        with self._database.reading() as db:
            rows = db.execute("SELECT place, title FROM followed ORDER BY place").fetchall()
        return [Followed(row["place"], row["title"]) for row in rows]

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

    def by_words(self, words: Sequence[str], limit: int, scope: Scope = EVERYTHING) -> list[str]:
        """Ids of the passages that hold any of the words, best bm25 first."""
        if not words:
            return []
        query = " OR ".join(map(_quoted, words))
        where, values = condition(scope)
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT p.id FROM words JOIN passages p ON p.key = words.rowid"
                f" JOIN articles a ON a.id = p.article_id WHERE words MATCH ? AND {where}"
                " ORDER BY bm25(words, 2.0, 1.0), p.key LIMIT ?",
                (query, *values, limit),
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

    def vectors_within(self, scope: Scope) -> tuple[list[str], NDArray[np.float32]]:
        """The passages of the articles within a scope, and one row for each."""
        where, values = condition(scope)
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT p.id, p.vector FROM passages p JOIN articles a ON a.id = p.article_id"
                f" WHERE {where}",
                values,
            ).fetchall()
        return tables.matrix(rows)

    # Upkeep

    def examine(self) -> list[Finding]:
        """What is wrong with the file."""
        with self._database.writing() as db:  # FTS5 checks itself by an INSERT
            return list(doctor.examine(db))

    def mend(
        self, findings: list[Finding], prepare: Callable[[Article], list[PreparedPassage]]
    ) -> None:
        """Put right what was found, all of it or nothing; `prepare` splits and embeds a text."""
        with self._database.writing() as db:

            def split_anew(article_id: str) -> None:
                tables.split_anew(db, article_id, prepare)

            doctor.mend(db, findings, split_anew)

    def versions(self, article_id: str) -> list[Article]:
        """The article as it was, oldest first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT article FROM versions WHERE article_id = ? ORDER BY version", (article_id,)
            ).fetchall()
        return [Article.from_json(json.loads(row["article"])) for row in rows]

    def keep_versions(self, article_id: str, versions: Sequence[Article]) -> None:
        """Add earlier versions that another library has kept of an article."""
        with self._database.writing() as db:
            for each in versions:
                tables.keep_version(db, article_id, each)

    def meta(self, key: str) -> str | None:
        with self._database.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def set_meta(self, **values: str) -> None:
        with self._database.writing() as db:
            tables.set_meta(db, **values)

    def _prepare(self, embedder_id: str) -> None:
        with self._database.reading() as db:
            version = tables.version(db)
        if version != schema.VERSION:
            with self._database.writing() as db:
                version = tables.version(db)  # another process may have been first
                if version is None:
                    schema.create(db)
                    tables.set_meta(db, embedder=embedder_id)
                elif not schema.migrate(db, version):
                    raise StoreError(
                        f"the library in {self.folder} was made by a newer version of the"
                        " assistant; use that one, or choose another folder with ASSISTANT_STORE"
                    )
                tables.set_meta(db, schema=schema.VERSION)
        if (stored := self.meta("embedder")) != embedder_id:
            raise StoreError(
                f"the library in {self.folder} was made with the embedder {stored}, not"
                f" {embedder_id}; choose another folder with ASSISTANT_STORE and add the articles"
                " to that"
            )


def _quoted(text: str) -> str:
    """As a string of FTS5's query language, in which nothing has a meaning of its own."""
    return '"' + text.replace('"', " ").replace("\0", " ") + '"'
