"""Copying a catalog into an empty one, whatever databases they lie in.

What is made from the rest again, or is of one machine alone, is left out.
"""

from __future__ import annotations

from assistant.library import tables
from assistant.library.sql import Connection

_TABLES = ("followed", "conversations", "exchanges")
_OF_ARTICLES = {
    "articles": "SELECT * FROM articles WHERE id = ?",
    **{
        table: f"SELECT * FROM {table} WHERE article_id = ?"
        for table in ("sources", "urls", "bands", "versions", "edits", "passages")
    },
    "sentences": "SELECT s.* FROM sentences s JOIN passages p USING (key) WHERE p.article_id = ?",
}


def copy(db: Connection, to: Connection) -> None:
    """An article at a time: all of them need not find room in memory."""
    for table in _TABLES:
        tables.copy_rows(to, table, db.execute(f"SELECT * FROM {table}").fetchall())
    for (article_id,) in db.execute("SELECT id FROM articles").fetchall():
        for table, query in _OF_ARTICLES.items():
            tables.copy_rows(to, table, db.execute(query, (article_id,)).fetchall())
    to.execute("INSERT INTO index_changes (passage_id) SELECT id FROM passages ORDER BY key")
    to.dialect.index_words_anew(to)
