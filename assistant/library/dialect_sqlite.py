"""What SQLite does in its own way: FTS5 for the words, and checks of the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.library.sql import Condition, run

_WORDS = """
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE beginnings USING fts5 (
    title, text, content = '', prefix = '5',
    tokenize = 'unicode61 remove_diacritics 2'
);
"""


class SqliteDialect:
    def has_tables(self, db: sqlite3.Connection) -> bool:
        found = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
        return found is not None

    def create(self, db: Any, script: str) -> None:
        run(db, script)  # not executescript: that would end the transaction

    def create_words(self, db: Any) -> None:
        run(db, _WORDS)

    def damage(self, db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        for row in db.execute("PRAGMA integrity_check(10)").fetchall():
            if row[0] != "ok":
                yield "file", f"the database is damaged: {row[0]}"
        for table in ("words", "beginnings"):
            try:
                db.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
            except sqlite3.DatabaseError as error:
                yield "words", f"the index of words is damaged ({error})"

    def add_words(self, db: sqlite3.Connection, key: int, title: str, text: str) -> None:
        for table in ("words", "beginnings"):
            db.execute(
                f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)", (key, title, text)
            )

    def forget_words(self, db: sqlite3.Connection, article_id: str) -> None:
        keys = "SELECT key FROM passages WHERE article_id = ?"
        for statement in (
            # An index without content must be told what it forgets.
            "INSERT INTO beginnings (beginnings, rowid, title, text)"
            f" SELECT 'delete', rowid, title, text FROM words WHERE rowid IN ({keys})",
            f"DELETE FROM words WHERE rowid IN ({keys})",
        ):
            db.execute(statement, (article_id,))

    def index_words_anew(self, db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO beginnings (beginnings) VALUES ('delete-all')")
        db.execute("DELETE FROM words")
        for table in ("words", "beginnings"):
            db.execute(
                f"INSERT INTO {table} (rowid, title, text) SELECT p.key, a.title,"
                " substr(a.text, p.start + 1, p.stop - p.start)"
                " FROM passages p JOIN articles a ON a.id = p.article_id"
            )

    def by_words(
        self, db: sqlite3.Connection, words: Sequence[str], within: Condition, limit: int
    ) -> list[sqlite3.Row]:
        where, values = within
        return db.execute(
            "SELECT p.id FROM words JOIN passages p ON p.key = words.rowid"
            f" JOIN articles a ON a.id = p.article_id WHERE words MATCH ? AND {where}"
            " ORDER BY bm25(words, 2.0, 1.0), p.key LIMIT ?",
            (" OR ".join(map(_quoted, words)), *values, limit),
        ).fetchall()

    def passages_with(self, db: sqlite3.Connection, stem: str) -> int:
        query = f"{_quoted(stem)} *"
        row = db.execute("SELECT count(*) FROM beginnings WHERE beginnings MATCH ?", (query,))
        return int(row.fetchone()[0])


def _quoted(text: str) -> str:
    """As a string of FTS5's query language, in which nothing has a meaning of its own."""
    return '"' + text.replace('"', " ").replace("\0", " ") + '"'
