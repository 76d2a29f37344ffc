"""What the catalog asks of its database, whichever that is.

The SQL of the other modules is what SQLite and PostgreSQL both understand, with `?` for a value.
Where they differ, a `Dialect` knows: the tables' types, and the index of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from assistant.errors import StoreError

Condition = tuple[str, Sequence[Any]]
"""Text of a WHERE, in which the table `articles` is named a, and its parameters."""


class Row(Protocol):
    """A row's values, by number or by name, in order."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def keys(self) -> Iterable[str]: ...


class Result(Protocol):
    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection inside a transaction."""

    @property
    def dialect(self) -> Dialect: ...

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Result: ...

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> object: ...


class Dialect(Protocol):
    def has_tables(self, db: Any) -> bool: ...

    def create(self, db: Any, script: str) -> None:
        """Make the tables of a script, written for SQLite."""

    def create_words(self, db: Any) -> None:
        """Make the index of words: a table `words` (rowid, title, text) and what it needs."""

    def damage(self, db: Any) -> Iterator[tuple[str, str]]:
        """What is wrong with the database itself: its kind (see doctor), and in words."""

    def add_words(self, db: Any, key: int, title: str, text: str) -> None: ...

    def forget_words(self, db: Any, article_id: str) -> None:
        """Before the article's passages go."""

    def index_words_anew(self, db: Any) -> None: ...

    def by_words(self, db: Any, words: Sequence[str], within: Condition, limit: int) -> list[Any]:
        """Rows with the ids of the passages that hold any of the words, best first."""

    def passages_with(self, db: Any, stem: str) -> int:
        """How many passages hold (or stand under a title that holds) a word beginning so."""


class Database(Protocol):
    """Where a catalog lies. Safe to use from several threads.

    Raises StoreError for whatever the database refuses, then and later.
    """

    @property
    def place(self) -> str:
        """Named as a person knows it."""

    @property
    def elsewhere(self) -> str:
        """Where another library could be, for somebody told that this one cannot be used."""

    def close(self) -> None: ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A snapshot: what is read inside belongs together."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction: all that is written inside comes to stand, or nothing."""

    def alone(self) -> AbstractContextManager[object]:
        """Meanwhile no other machine is in here; it holds up no reading or writing."""


@contextmanager
def text_alone() -> Iterator[None]:
    """Raises StoreError for what is given to a database as a text and is none."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise StoreError(
            "a file name or text holds bytes that are not text: rename the file or save it as UTF-8"
        ) from error


def put(db: Connection, table: str, key: str, values: dict[str, Any]) -> None:
    """Add a row, or put it in the place of the one with the same key."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    new = ", ".join(f"{name} = excluded.{name}" for name in values)
    db.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({key}) DO UPDATE SET {new}",
        tuple(values.values()),
    )


def run(db: Connection, script: str) -> None:
    """Each statement of a script; no other ends its transaction."""
    for statement in filter(str.strip, script.split(";")):
        db.execute(statement)
