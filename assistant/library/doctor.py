"""Finds out what is wrong with a library, and mends it.

Everything can be made again from the articles' texts: the word index from the passages, passages
and vectors from the text, the vector index from the vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.library.sql import Connection

_DIMENSIONS_OF = "length(p.vector)"

# What must never be found, and how a person is told of it. {n} is how many there are.
_RULES = (
    (
        "passages",
        "{n} with passages that are missing, lie outside the text, or lack their vectors",
        f"""
        SELECT DISTINCT a.id FROM articles a LEFT JOIN passages p ON p.article_id = a.id
        LEFT JOIN sentences s ON s.key = p.key
        WHERE p.key IS NULL OR s.key IS NULL OR p.start < 0 OR p.stop <= p.start
        OR p.stop > length(a.text) OR {_DIMENSIONS_OF} != (SELECT max(length(vector)) FROM passages)
        OR length(s.vectors) != p.sentences * {_DIMENSIONS_OF}
        """,
    ),
    (
        "words",
        "{n} with passages that cannot be found by their words",
        """
        SELECT DISTINCT a.id FROM articles a JOIN passages p ON p.article_id = a.id
        LEFT JOIN words w ON w.rowid = p.key
        WHERE w.rowid IS NULL OR w.text != substr(a.text, p.start + 1, p.stop - p.start)
        """,
    ),
    (
        "sources",
        "{n} without a note of where they were read",
        """
        SELECT id FROM articles a WHERE NOT EXISTS (
            SELECT 1 FROM sources s WHERE s.article_id = a.id AND s.source = a.source)
        """,
    ),
    (
        "orphans",
        "{n} that are gone have left something behind",
        """
        SELECT DISTINCT article_id FROM (
            SELECT article_id FROM passages UNION SELECT article_id FROM sources
            UNION SELECT article_id FROM urls UNION SELECT article_id FROM bands
            UNION SELECT article_id FROM versions UNION SELECT article_id FROM edits) AS kept
        WHERE article_id NOT IN (SELECT id FROM articles)
        """,
    ),
)


@dataclass(frozen=True)
class Finding:
    """Something wrong: its kind, the articles that it concerns, and what it is in words."""

    kind: str
    articles: tuple[str, ...]
    told: str


def examine(db: Connection) -> Iterator[Finding]:
    """What is wrong in the catalog; nothing where all is well."""
    for kind, told in db.dialect.damage(db):
        yield Finding(kind, (), told)
    for kind, told, query in _RULES:
        if ids := tuple(row[0] for row in db.execute(query).fetchall()):
            count = f"{len(ids):,} article" + ("s" if len(ids) > 1 else "")
            yield Finding(kind, ids, told.format(n=count))


def mend(db: Connection, findings: list[Finding], split_anew: Callable[[str], None]) -> None:
    """Put right what was found, but for a damaged database itself.

    `split_anew` makes the passages of an article again.
    """
    by_kind: dict[str, set[str]] = {}
    for finding in findings:
        by_kind.setdefault(finding.kind, set()).update(finding.articles)
    for table in ("passages", "sources", "urls", "bands", "versions", "edits"):
        if "orphans" in by_kind:
            db.execute(f"DELETE FROM {table} WHERE article_id NOT IN (SELECT id FROM articles)")
    db.execute("DELETE FROM sentences WHERE key NOT IN (SELECT key FROM passages)")
    for article_id in by_kind.get("sources", ()):
        db.execute(
            "INSERT INTO sources SELECT source, id, content_hash, '', added_at FROM articles"
            " WHERE id = ? ON CONFLICT (source) DO UPDATE SET article_id = excluded.article_id",
            (article_id,),
        )
    for article_id in by_kind.get("passages", ()):
        split_anew(article_id)
    if by_kind.keys() & {"words", "orphans", "passages"}:
        db.dialect.index_words_anew(db)
