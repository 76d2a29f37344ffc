"""Taking an article out of the library so that it can be put back as it was.

These functions run inside a transaction of the catalog's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.library import identity, tables
from assistant.library.sql import Connection, Row
from assistant.library.tables import PreparedPassage
from assistant.records import Article

# What belongs to an article; its passages are made from its vectors.
_ROWS = {
    "articles": "id = ?",
    **dict.fromkeys(("sources", "urls", "bands", "versions", "edits"), "article_id = ?"),
    # Those of lists and of files of many articles are to be read again, whatever is put back.
    "places": "articles = 1 AND place IN (SELECT source FROM sources WHERE article_id = ?)",
}


@dataclass(frozen=True)
class Removed:
    """An article that was taken out, with all that it takes to put it back."""

    article: Article
    passages: Sequence[PreparedPassage] = field(repr=False)
    rows: Mapping[str, Sequence[Row]] = field(repr=False)


def take_out(db: Connection, article: Article, passages: Sequence[PreparedPassage]) -> Removed:
    rows = {
        table: db.execute(f"SELECT * FROM {table} WHERE {which}", (article.id,)).fetchall()
        for table, which in _ROWS.items()
    }
    tables.delete(db, article.id)
    return Removed(article, passages, rows)


def put_back(db: Connection, removed: Removed) -> str:
    """The id of the article that is there now: one that came in its place meanwhile stays."""
    article = removed.article
    row = db.execute(
        "SELECT id FROM articles WHERE id = ? OR content_hash = ?"
        " OR id = (SELECT article_id FROM sources WHERE source = ?)",
        (article.id, identity.content_hash(article.text), article.source),
    ).fetchone()
    if row is not None:
        return str(row["id"])
    for table, rows in removed.rows.items():
        tables.copy_rows(db, table, rows)
    tables.insert_passages(db, article, removed.passages)
    return article.id
