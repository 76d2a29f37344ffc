"""The catalog's tables, and how articles and passages go in and come out.

These functions run inside a transaction of the catalog's.
"""

from __future__ import annotations

import json
import sqlite3
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.records import Article, ArticleInfo, Outcome, Passage, Span

Vectors = NDArray[np.floating[Any]]

SCHEMA_VERSION = "1"
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, source TEXT NOT NULL UNIQUE, authors TEXT NOT NULL,
    published TEXT, tags TEXT NOT NULL, text TEXT NOT NULL, content_hash TEXT NOT NULL UNIQUE,
    added_at REAL NOT NULL
);
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
INFO = "id, title, source, authors, published, tags"


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage as it goes into the catalog, with its vector and one row a sentence."""

    span: Span
    vector: Vectors
    sentences: tuple[Span, ...]
    sentence_vectors: Vectors


@dataclass(frozen=True, slots=True)
class StoredPassage:
    passage: Passage
    article: ArticleInfo
    text: str
    vector: NDArray[np.float32]
    sentence_vectors: NDArray[np.float32]


def content_hash(text: str) -> str:
    """The same for texts that differ only in white space, case or the form of their letters."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is not None


def plan(db: sqlite3.Connection, article: Article) -> tuple[Outcome, list[str]]:
    """What adding comes to, and the ids of the articles that it displaces."""
    rows = db.execute(
        f"SELECT {INFO}, content_hash FROM articles WHERE source = ? OR id = ?",
        (article.source, article.id),
    ).fetchall()
    content = content_hash(article.text)
    if any(row["content_hash"] == content and _same_info(row, article) for row in rows):
        return "same", []
    stale = [row["id"] for row in rows]
    twin = db.execute("SELECT id FROM articles WHERE content_hash = ?", (content,)).fetchone()
    if twin and twin["id"] not in stale:
        return "same", stale
    return ("updated" if stale else "added"), stale


def set_meta(db: sqlite3.Connection, **values: str) -> None:
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def insert(db: sqlite3.Connection, article: Article, passages: Iterable[PreparedPassage]) -> None:
    db.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            article.id,
            article.title,
            article.source,
            json.dumps(article.authors),
            article.published.isoformat() if article.published else None,
            json.dumps(article.tags),
            article.text,
            content_hash(article.text),
            time.time(),
        ),
    )
    for each in passages:
        start, stop = each.span.start, each.span.end
        id_ = f"{article.id}-{start}"
        key = db.execute(
            "INSERT INTO passages (id, article_id, start, stop, sentences, vector)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (id_, article.id, start, stop, len(each.sentences), _packed(each.vector)),
        ).lastrowid
        spans = np.array([(s.start, s.end) for s in each.sentences], np.int32)
        db.execute(
            "INSERT INTO sentences VALUES (?, ?, ?)",
            (key, spans.tobytes(), _packed(each.sentence_vectors)),
        )
        for table in ("words", "beginnings"):
            db.execute(
                f"INSERT INTO {table} (rowid, title, text) VALUES (?, ?, ?)",
                (key, article.title, article.text[start:stop]),
            )
        db.execute("INSERT INTO index_changes (passage_id) VALUES (?)", (id_,))


def delete(db: sqlite3.Connection, article_id: str) -> bool:
    keys = "SELECT key FROM passages WHERE article_id = ?"
    for statement in (
        # An index without content must be told what it forgets.
        "INSERT INTO beginnings (beginnings, rowid, title, text)"
        f" SELECT 'delete', rowid, title, text FROM words WHERE rowid IN ({keys})",
        f"DELETE FROM words WHERE rowid IN ({keys})",
        f"DELETE FROM sentences WHERE key IN ({keys})",
        "INSERT INTO index_changes (passage_id) SELECT id FROM passages WHERE article_id = ?",
        "DELETE FROM passages WHERE article_id = ?",
    ):
        db.execute(statement, (article_id,))
    return db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0


def info(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "source": row["source"],
        "authors": tuple(json.loads(row["authors"])),
        "published": date.fromisoformat(row["published"]) if row["published"] else None,
        "tags": tuple(json.loads(row["tags"])),
    }


def _same_info(row: sqlite3.Row, article: Article) -> bool:
    return all(getattr(article, key) == value for key, value in info(row).items())


def stored(row: sqlite3.Row) -> StoredPassage:
    spans = np.frombuffer(row["spans"], np.int32).reshape(-1, 2).tolist()
    passage = Passage(
        row["passage_id"],
        row["id"],
        Span(row["start"], row["stop"]),
        tuple(Span(start, end) for start, end in spans),
    )
    return StoredPassage(
        passage,
        ArticleInfo(**info(row)),
        row["passage_text"],
        _unpacked(row["vector"], 1)[0],
        _unpacked(row["vectors"], len(spans)),
    )


def _packed(vectors: Vectors) -> bytes:
    return vectors.astype(np.float16).tobytes()


def _unpacked(blob: bytes, rows: int) -> NDArray[np.float32]:
    return np.frombuffer(blob, np.float16).reshape(rows, -1 if rows else 0).astype(np.float32)


def matrix(rows: Sequence[sqlite3.Row]) -> tuple[list[str], NDArray[np.float32]]:
    joined = b"".join(row["vector"] for row in rows)
    return [row["id"] for row in rows], _unpacked(joined, len(rows))
