"""The database that holds the truth: articles, passages, sentences, vectors and words.

It is an SQLite file in the library's folder, or lies on a PostgreSQL server. Everything else about
a library, the vector index above all, can be made from it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from assistant.errors import StoreError
from assistant.library import copying, doctor, editing, identity, removing, schema, tables
from assistant.library.articles import Articles
from assistant.library.articles import Counts as Counts
from assistant.library.conversations import Conversations
from assistant.library.database import FILE, SqliteDatabase
from assistant.library.doctor import Finding
from assistant.library.identity import Incoming
from assistant.library.passages import Passages
from assistant.library.places import Places
from assistant.library.removing import Removed
from assistant.library.sql import Database
from assistant.library.tables import PreparedPassage
from assistant.records import Article, ArticleInfo, Outcome


class Catalog(Articles, Passages, Places):
    """One connection to the database, safe to use from several threads.

    Raises StoreError where the folder cannot be made or the file cannot be read, was made by
    another embedder or by a newer version. A library that can only be read opens; adding to it
    raises StoreError. So does every method when the disk fails under it.

    `url` names a database on a server instead of the file in the folder.
    """

    def __init__(self, folder: Path, embedder_id: str, url: str = "") -> None:
        self.file = None if url else folder / FILE
        self.folder = folder
        self.embedder = embedder_id
        self._database = _database(folder, url)
        self.conversations = Conversations(self._database)
        try:
            self._prepare(embedder_id)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._database.close()

    def alone(self) -> AbstractContextManager[object]:
        """Meanwhile no other machine brings its index up to date."""
        return self._database.alone()

    def settles(self, new: Incoming) -> bool:
        """Whether the article is here already, so that no passage needs to be added.

        The source is noted then, and an article that was read from nowhere else before goes.
        """
        with self._database.reading() as db:
            plan = identity.plan(db, new)
            if plan.outcome == "same" and plan.left is None and identity.is_noted(db, plan, new):
                return True
        if plan.outcome != "same":
            return False
        with self._database.writing() as db:
            plan = identity.plan(db, new)  # another process may have been quicker
            if plan.outcome == "same":
                tables.carry_out(db, plan, new, ())
            return plan.outcome == "same"

    def put(self, added: Sequence[tuple[Incoming, Iterable[PreparedPassage]]]) -> list[Outcome]:
        """Add articles or replace what they are new versions of, all of them or none."""
        with self._database.writing() as db:
            outcomes: list[Outcome] = []
            for new, passages in added:
                plan = identity.plan(db, new)
                tables.carry_out(db, plan, new, passages)
                outcomes.append(plan.outcome)
            return outcomes

    def as_edited(self, article: Article) -> Article:
        """What was read, with what a person has edited in the article of its source."""
        with self._database.reading() as db:
            row = db.execute(
                "SELECT article_id FROM sources WHERE source = ?", (article.source,)
            ).fetchone()
            return editing.overlaid(db, article, row["article_id"]) if row else article

    def edit(
        self,
        before: ArticleInfo,
        fields: editing.Fields,
        passages: Sequence[PreparedPassage] | None = None,
    ) -> bool:
        """Change what is said of an article, and the passages that stand under its title.

        Whether it was as it is given until now; nothing has changed where it was not.
        """
        with self._database.writing() as db:
            if self.info(before.id) != before:
                return False
            editing.carry_out(db, before.id, fields)
            if passages is not None:
                article = self.get(before.id)
                assert article
                tables.delete_passages(db, before.id)
                tables.insert_passages(db, article, passages)
            return True

    def remove(self, article_id: str) -> bool:
        with self._database.writing() as db:
            return tables.delete(db, article_id)

    def take_out(self, article_id: str) -> Removed | None:
        """Remove the article, and give all that it takes to put it back."""
        with self._database.writing() as db:
            article = self.get(article_id)
            if article is None or article.id != article_id:
                return None
            stored = self.load(self.passage_ids(article_id))
            return removing.take_out(db, article, [each.prepared() for each in stored])

    def put_back(self, removed: Removed) -> ArticleInfo:
        """Put back what was taken out; what came in its place meanwhile stays."""
        with self._database.writing() as db:
            info = self.info(removing.put_back(db, removed))
            assert info
            return info

    def take_over(self, article_id: str, other: Catalog, theirs: str) -> None:
        """Add what another library has kept of an article beside it."""
        with other._database.reading() as db:
            rows = {
                table: db.execute(
                    f"SELECT * FROM {table} WHERE article_id = ?", (theirs,)
                ).fetchall()
                for table in ("versions", "edits")
            }
        with self._database.writing() as db:
            for table, found in rows.items():
                tables.copy_rows(db, table, found, article_id=article_id)

    def copy_into(self, other: Catalog) -> None:
        """Put all that is kept here into a catalog that is empty."""
        with self._database.reading() as db, other._database.writing() as theirs:
            copying.copy(db, theirs)

    # Upkeep

    def examine(self) -> list[Finding]:
        """What is wrong with the file."""
        with self._database.writing() as db:  # FTS5 checks itself by an INSERT
            return list(doctor.examine(db))

    def mend(
        self, findings: list[Finding], prepare: Callable[[Article], list[PreparedPassage]]
    ) -> None:
        """Put right what was found, all of it or nothing; `prepare` splits and embeds a text."""
        with self._database.writing() as db:

            def split_anew(article_id: str) -> None:
                tables.split_anew(db, article_id, prepare)

            doctor.mend(db, findings, split_anew)

    def meta(self, key: str) -> str | None:
        with self._database.reading() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row["value"] if row else None

    def set_meta(self, **values: str) -> None:
        with self._database.writing() as db:
            tables.set_meta(db, **values)

    def _prepare(self, embedder_id: str) -> None:
        with self._database.reading() as db:
            version = tables.version(db)
        if version != schema.VERSION:
            with self._database.writing() as db:
                version = tables.version(db)  # another process may have been first
                if version is None:
                    schema.create(db)
                    tables.set_meta(db, embedder=embedder_id)
                elif not schema.migrate(db, version):
                    raise StoreError(
                        f"the library in {self._database.place} was made by a newer version of the"
                        f" assistant; use that one, or choose {self._database.elsewhere}"
                    )
                tables.set_meta(db, schema=schema.VERSION)
        if (stored := self.meta("embedder")) != embedder_id:
            raise StoreError(
                f"the library in {self._database.place} was made with the embedder {stored}, not"
                f" {embedder_id}; choose {self._database.elsewhere} and add the articles to that"
            )


def _database(folder: Path, url: str) -> Database:
    if not url:
        return SqliteDatabase(folder)
    from assistant.library.postgres import PostgresDatabase

    return PostgresDatabase(url)
