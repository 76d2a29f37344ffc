"""The tables of the catalog, and how a library of an earlier version gets them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from assistant.library import identity, near

VERSION = "2"

_PASSAGES = """
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL REFERENCES articles,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, sentences INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages (article_id, sentences);
CREATE TABLE sentences (key INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL);
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE beginnings USING fts5 (
    title, text, content = '', prefix = '5',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE index_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, passage_id TEXT NOT NULL);
"""

_ARTICLES = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, source TEXT NOT NULL UNIQUE, authors TEXT NOT NULL,
    published TEXT, modified TEXT, tags TEXT NOT NULL, site TEXT, language TEXT, url TEXT,
    version INTEGER NOT NULL, pages TEXT NOT NULL, text TEXT NOT NULL,
    content_hash TEXT NOT NULL UNIQUE, added_at REAL NOT NULL
);
"""

# `sources` are all that an article was read from, each with the hash of what stood there and of
# what it told beside. `urls` are the addresses in one form, `bands` the keys under which near
# copies find each other.
# `versions` are articles as they were, `places` what files and addresses looked like when read.
_AROUND = """
CREATE TABLE sources (
    source TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles,
    content_hash TEXT NOT NULL, told TEXT NOT NULL, seen_at REAL NOT NULL
);
CREATE INDEX sources_of_article ON sources (article_id);
CREATE TABLE urls (url TEXT PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles);
CREATE INDEX urls_of_article ON urls (article_id);
CREATE TABLE bands (band INTEGER NOT NULL, article_id TEXT NOT NULL REFERENCES articles);
CREATE INDEX articles_of_band ON bands (band);
CREATE INDEX bands_of_article ON bands (article_id);
CREATE TABLE versions (
    article_id TEXT NOT NULL REFERENCES articles, version INTEGER NOT NULL, article TEXT NOT NULL,
    replaced_at REAL NOT NULL, PRIMARY KEY (article_id, version)
);
CREATE TABLE places (
    place TEXT PRIMARY KEY, stamp TEXT NOT NULL, articles INTEGER NOT NULL, read_at REAL NOT NULL
);
CREATE TABLE followed (place TEXT PRIMARY KEY, title TEXT NOT NULL);
"""

_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"


def create(db: sqlite3.Connection) -> None:
    _run(db, _META + _ARTICLES + _PASSAGES + _AROUND)


def migrate(db: sqlite3.Connection, version: str) -> bool:
    """Bring the tables of an earlier version up to date; False where none is known by that name."""
    while version != VERSION:
        if version not in _STEPS:
            return False
        _STEPS[version](db)
        version = str(int(version) + 1)
    return True


def _run(db: sqlite3.Connection, script: str) -> None:
    # Not executescript: that would end the transaction.
    for statement in script.split(";"):
        db.execute(statement)


def _from_1(db: sqlite3.Connection) -> None:
    """Version 1 knew one source of an article and nothing of near copies and earlier texts."""
    for column in (
        *("modified TEXT", "site TEXT", "language TEXT", "url TEXT"),
        *("version INTEGER NOT NULL DEFAULT 1", "pages TEXT NOT NULL DEFAULT '[]'"),
    ):
        db.execute(f"ALTER TABLE articles ADD COLUMN {column}")
    _run(db, _AROUND)
    db.execute("INSERT INTO sources SELECT source, id, content_hash, '', added_at FROM articles")
    for row in db.execute("SELECT id, text FROM articles").fetchall():
        identity.learn(db, row["id"], near.signature(row["text"]))


_STEPS: dict[str, Callable[[sqlite3.Connection], None]] = {"1": _from_1}
