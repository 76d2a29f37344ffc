"""The passages of all articles: how they are found by their words, and read."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.library import tables
from assistant.library.sql import Database
from assistant.library.tables import StoredPassage
from assistant.library.within import condition
from assistant.records import EVERYTHING, Scope


class Passages:
    """The part of the catalog that a search looks at, and that the vector index is made from."""

    _database: Database

    def load(self, ids: Sequence[str]) -> list[StoredPassage]:
        """The passages of these ids in this order; those removed meanwhile are left out."""
        if not ids:
            return []
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
        """Ids of the passages that hold any of the words, best first."""
        if not words:
            return []
        with self._database.reading() as db:
            rows = db.dialect.by_words(db, words, condition(scope), limit)
        return [row["id"] for row in rows]

    def passages_with(self, stem: str) -> int:
        """How many passages hold (or stand under a title that holds) a word beginning so."""
        with self._database.reading() as db:
            return db.dialect.passages_with(db, stem)

    # What the vector index is made from

    def seq(self) -> int:
        """The number of the last change; it grows with every passage added or removed."""
        with self._database.reading() as db:
            row = db.execute("SELECT coalesce(max(seq), 0) FROM index_changes").fetchone()
        return int(row[0])

    def changed(self, after: int, limit: int) -> tuple[int, list[str]]:
        """The passages touched by the next `limit` changes, and the number of the last of those."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT seq, passage_id FROM index_changes WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, limit),
            ).fetchall()
        last = rows[-1]["seq"] if rows else after
        return last, list(dict.fromkeys(row["passage_id"] for row in rows))

    def touched(self, after: int) -> int:
        """How many of the passages that there are have been touched by later changes."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT count(*) FROM passages WHERE id IN"
                " (SELECT passage_id FROM index_changes WHERE seq > ?)",
                (after,),
            ).fetchone()
        return int(row[0])

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
