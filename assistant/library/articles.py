"""The articles that there are: listed, counted, and read."""

from __future__ import annotations

import json
from dataclasses import dataclass

from assistant.library import tables
from assistant.library.sql import Database
from assistant.library.within import condition
from assistant.records import EVERYTHING, Article, ArticleInfo, Scope


@dataclass(frozen=True, slots=True)
class Counts:
    articles: int
    passages: int
    sentences: int


class Articles:
    """The part of the catalog that tells what is in it."""

    _database: Database

    def articles(self, scope: Scope = EVERYTHING) -> list[ArticleInfo]:
        """Newest published first, undated last, then by title."""
        where, values = condition(scope)
        with self._database.reading() as db:
            rows = db.execute(
                f"SELECT {tables.INFO} FROM articles a WHERE {where}"
                " ORDER BY published IS NULL, published DESC, lower(title), id",
                values,
            ).fetchall()
        return [ArticleInfo(**tables.info(row)) for row in rows]

    def added_at(self) -> dict[str, float]:
        """When each article came in, in seconds since 1970."""
        with self._database.reading() as db:
            rows = db.execute("SELECT id, added_at FROM articles").fetchall()
        return {row["id"]: row["added_at"] for row in rows}

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

    def info(self, article_id: str) -> ArticleInfo | None:
        """The article with exactly this id, without its text."""
        with self._database.reading() as db:
            row = db.execute(
                f"SELECT {tables.INFO} FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
        return ArticleInfo(**tables.info(row)) if row else None

    def tags(self) -> list[tuple[str, int]]:
        """The tags (in any case) and how many articles have them, most frequent first."""
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT min(tag.value) AS name, count(DISTINCT a.id) AS n"
                " FROM articles a, json_each(a.tags) tag"
                " GROUP BY folded(tag.value) ORDER BY n DESC, folded(tag.value)"
            ).fetchall()
        return [(row["name"], row["n"]) for row in rows]

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
