"""The tables of the catalog, and how a library of an earlier version gets them."""

from __future__ import annotations

from collections.abc import Callable

from assistant.library import identity, near
from assistant.library.sql import Connection

VERSION = "3"

_PASSAGES = """
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL REFERENCES articles,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, sentences INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages (article_id, sentences);
CREATE TABLE sentences (key INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL);
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

# What a person put in the place of what the source tells of an article, as JSON.
_EDITS = (
    "CREATE TABLE edits (article_id TEXT PRIMARY KEY REFERENCES articles, fields TEXT NOT NULL);"
)

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

# `said` is what there is to read: the answer's text, or as much of it as had come.
_CONVERSATIONS = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, reader TEXT NOT NULL, title TEXT NOT NULL, scope TEXT NOT NULL,
    changed_at REAL NOT NULL
);
CREATE TABLE exchanges (
    conversation_id TEXT NOT NULL REFERENCES conversations, number INTEGER NOT NULL,
    question TEXT NOT NULL, answer TEXT, said TEXT NOT NULL, trouble TEXT NOT NULL,
    liked INTEGER, remark TEXT NOT NULL, asked_at REAL NOT NULL,
    PRIMARY KEY (conversation_id, number)
);
"""

_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"


def create(db: Connection) -> None:
    tables = _META + _ARTICLES + _PASSAGES + _AROUND + _EDITS + _CONVERSATIONS
    db.dialect.create(db, tables)
    db.dialect.create_words(db)


def migrate(db: Connection, version: str) -> bool:
    """Bring the tables of an earlier version up to date; False where none is known by that name."""
    while version != VERSION:
        if version not in _STEPS:
            return False
        _STEPS[version](db)
        version = str(int(version) + 1)
    return True


def _from_1(db: Connection) -> None:
    """Version 1 knew one source of an article and nothing of near copies and earlier texts."""
    for column in (
        *("modified TEXT", "site TEXT", "language TEXT", "url TEXT"),
        *("version INTEGER NOT NULL DEFAULT 1", "pages TEXT NOT NULL DEFAULT '[]'"),
    ):
        db.execute(f"ALTER TABLE articles ADD COLUMN {column}")
    db.dialect.create(db, _AROUND)
    db.execute("INSERT INTO sources SELECT source, id, content_hash, '', added_at FROM articles")
    for row in db.execute("SELECT id, text FROM articles").fetchall():
        identity.learn(db, row["id"], near.signature(row["text"]))


def _from_2(db: Connection) -> None:
    """Version 2 kept no conversations, and nothing that a person said of an article."""
    db.dialect.create(db, _EDITS + _CONVERSATIONS)


_STEPS: dict[str, Callable[[Connection], None]] = {"1": _from_1, "2": _from_2}
