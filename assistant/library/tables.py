"""The catalog's tables, and how articles and passages go in and come out.

These functions run inside a transaction of the catalog's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.library import editing, identity
from assistant.library.identity import Incoming, Plan
from assistant.library.sql import Connection, Row, put
from assistant.records import Article, ArticleInfo, Passage, Span

Vectors = NDArray[np.floating[Any]]

INFO = "id, title, source, authors, published, modified, tags, site, language, url, version, pages"


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

    def prepared(self, vector: Vectors | None = None) -> PreparedPassage:
        """As it goes into a catalog, with another vector if one is given."""
        own = self.vector if vector is None else vector
        return PreparedPassage(
            self.passage.span, own, self.passage.sentences, self.sentence_vectors
        )


def version(db: Connection) -> str | None:
    """The version of the tables; None where there are none."""
    if not db.dialect.has_tables(db):
        return None
    return str(db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()["value"])


def set_meta(db: Connection, **values: str) -> None:
    for key, value in values.items():
        put(db, "meta", "key", {"key": key, "value": value})


def copy_rows(db: Connection, table: str, rows: Sequence[Row], **changes: str) -> None:
    """Add rows of a table like this one, changed so; what is there already stays."""
    for row in rows:
        values = {**{name: row[name] for name in row.keys()}, **changes}  # noqa: SIM118
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        db.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING",
            tuple(values.values()),
        )


def carry_out(
    db: Connection, plan: Plan, new: Incoming, passages: Iterable[PreparedPassage]
) -> None:
    """Do what was planned for the article; its passages are needed unless it is the same."""
    if plan.outcome == "added":
        _write(db, replace(new.article, id=plan.article_id), new.content_hash, passages)
    elif plan.outcome == "updated":
        _replace(db, plan.article_id, new, passages)
    identity.attach(db, plan.article_id, new)
    if plan.outcome != "same":
        identity.learn(db, plan.article_id, new.signature)
    if plan.left is not None and not identity.leave(db, plan.left):
        delete(db, plan.left)


def _replace(
    db: Connection, article_id: str, new: Incoming, passages: Iterable[PreparedPassage]
) -> None:
    """Put what was read now in the place of an article, and keep that as an earlier version."""
    row = db.execute(
        f"SELECT {INFO}, text, added_at FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    before = Article(**info(row), text=row["text"])
    changed = before.text != new.article.text
    if changed:
        keep_version(db, article_id, before)
    delete_passages(db, article_id)
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    version = before.version + changed
    article = replace(new.article, id=article_id, source=before.source, version=version)
    article = editing.overlaid(db, article, article_id)
    _write(db, article, new.content_hash, passages, added_at=row["added_at"])


def keep_version(db: Connection, article_id: str, version: Article) -> None:
    db.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (article_id, version.version, json.dumps(version.as_json()), time.time()),
    )


def split_anew(
    db: Connection,
    article_id: str,
    prepare: Callable[[Article], list[PreparedPassage]],
) -> None:
    """Make the passages of an article again from its text."""
    row = db.execute(f"SELECT {INFO}, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    article = Article(**info(row), text=row["text"])
    delete_passages(db, article_id)
    insert_passages(db, article, prepare(article))


def _write(
    db: Connection,
    article: Article,
    content: str,
    passages: Iterable[PreparedPassage],
    added_at: float | None = None,
) -> None:
    values = {
        **{name: getattr(article, name) for name in ("id", "title", "source", "site", "language")},
        **{name: getattr(article, name) for name in ("url", "version", "text")},
        **{name: json.dumps(getattr(article, name)) for name in ("authors", "tags", "pages")},
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "content_hash": content,
        "added_at": time.time() if added_at is None else added_at,
    }
    marks = ", ".join("?" * len(values))
    db.execute(f"INSERT INTO articles ({', '.join(values)}) VALUES ({marks})", [*values.values()])
    insert_passages(db, article, passages)


def insert_passages(db: Connection, article: Article, passages: Iterable[PreparedPassage]) -> None:
    for each in passages:
        start, stop = each.span.start, each.span.end
        id_ = f"{article.id}-{start}"
        [[key]] = db.execute(
            "INSERT INTO passages (id, article_id, start, stop, sentences, vector)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING key",
            (id_, article.id, start, stop, len(each.sentences), _packed(each.vector)),
        )
        spans = np.array([(s.start, s.end) for s in each.sentences], np.int32)
        db.execute(
            "INSERT INTO sentences VALUES (?, ?, ?)",
            (key, spans.tobytes(), _packed(each.sentence_vectors)),
        )
        db.dialect.add_words(db, key, article.title, article.text[start:stop])
        db.execute("INSERT INTO index_changes (passage_id) VALUES (?)", (id_,))


def delete(db: Connection, article_id: str) -> bool:
    """Take an article away with all that belongs to it; whether there was one."""
    delete_passages(db, article_id)
    identity.forget(db, article_id)
    return db.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount > 0


def delete_passages(db: Connection, article_id: str) -> None:
    db.dialect.forget_words(db, article_id)
    for statement in (
        "DELETE FROM sentences WHERE key IN (SELECT key FROM passages WHERE article_id = ?)",
        "INSERT INTO index_changes (passage_id) SELECT id FROM passages WHERE article_id = ?",
        "DELETE FROM passages WHERE article_id = ?",
    ):
        db.execute(statement, (article_id,))


def info(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "source": row["source"],
        "authors": tuple(json.loads(row["authors"])),
        "published": date.fromisoformat(row["published"]) if row["published"] else None,
        "modified": date.fromisoformat(row["modified"]) if row["modified"] else None,
        "tags": tuple(json.loads(row["tags"])),
        **{name: row[name] for name in ("site", "language", "url", "version")},
        "pages": tuple(json.loads(row["pages"])),
    }


def stored(row: Row) -> StoredPassage:
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


def matrix(rows: Sequence[Row]) -> tuple[list[str], NDArray[np.float32]]:
    joined = b"".join(row["vector"] for row in rows)
    return [row["id"] for row in rows], _unpacked(joined, len(rows))
