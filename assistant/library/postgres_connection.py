"""A connection to PostgreSQL that is used as one to SQLite is: `?` for a value, rows by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from pg8000.converters import make_params
from pg8000.exceptions import DatabaseError, InterfaceError
from pg8000.native import Connection

from assistant.library.dialect_postgres import PostgresDialect

_PLANS = 200  # statements that the server keeps for a connection


class Refused(Exception):
    """The server has said no; `code` is its SQLSTATE."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Lost(Exception):
    """The server says nothing more."""


class Row:
    """As sqlite3.Row: of columns of the same name the first."""

    __slots__ = ("_at", "_values")

    def __init__(self, at: Mapping[str, int], values: Sequence[Any]) -> None:
        self._at, self._values = at, values

    def __getitem__(self, key: int | str) -> Any:
        return self._values[key if isinstance(key, int) else self._at[key]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> list[str]:
        return list(self._at)


class Rows:
    """What a statement has found."""

    def __init__(self, names: Sequence[str], found: Sequence[Sequence[Any]], count: int) -> None:
        at = {name: names.index(name) for name in names}
        self._left = (Row(at, values) for values in found)
        self.rowcount = count

    def __iter__(self) -> Iterator[Row]:
        return self._left

    def fetchone(self) -> Row | None:
        return next(self._left, None)

    def fetchall(self) -> list[Row]:
        return list(self._left)


class PostgresConnection:
    dialect = PostgresDialect()

    def __init__(self, **where: Any) -> None:
        self.is_lost = False  # also while the server's answer has not been read to its end
        self._plans: dict[str, Any] = {}
        try:
            self._wire = Connection(**where)
        except DatabaseError as error:
            raise _failure(error) from error
        except (InterfaceError, OSError) as error:
            raise Lost(_reason(error)) from error

    def execute(self, sql: str, values: Sequence[Any] = (), /) -> Rows:
        if self.is_lost:
            raise Lost("it was cut before")
        given = tuple(map(_given, values))
        self.is_lost = True
        try:
            found = self._found(sql, given)
        except DatabaseError as error:
            failure = _failure(error)
            self.is_lost = isinstance(failure, Lost)
            raise failure from error
        except (InterfaceError, OSError, AttributeError) as error:
            raise Lost(_reason(error)) from error
        self.is_lost = False
        names = [column["name"] for column in found.columns or ()]
        return Rows(names, found.rows or (), found.row_count)

    def _found(self, sql: str, given: tuple[Any, ...]) -> Any:
        """By a statement that the server knows already, it is asked once instead of thrice."""
        plan = self._plans.get(sql)
        if plan is None:
            if len(self._plans) == _PLANS:
                name, *_ = self._plans.pop(next(iter(self._plans)))
                self._wire.close_prepared_statement(name)
            plan = self._plans[sql] = self._wire.prepare_statement(
                _numbered(sql) if given else sql, ()
            )
        name, columns, readers = plan
        values = make_params(self._wire.py_types, given)
        return self._wire.execute_named(name, values, columns, readers, sql)

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> None:
        for each in values:
            self.execute(sql, each)

    def close(self) -> None:
        with suppress(InterfaceError, OSError, AttributeError):
            self._wire.close()


def _given(value: Any) -> Any:
    """As SQLite would take it. There is no place for a NUL in PostgreSQL's texts."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        value.encode()  # what is no text is told before the server hears of it
        return value.replace("\0", "\ufffd")
    return value


@lru_cache(maxsize=500)
def _numbered(sql: str) -> str:
    """With $1, $2 … for its question marks, which stand for values alone."""
    first, *others = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))


def _failure(error: DatabaseError) -> Refused | Lost:
    told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    message, code = " ".join(str(told.get("M", error)).split()), str(told.get("C", ""))
    ends = code.startswith("57P")  # or has yet to begin
    return Lost(message) if ends else Refused(message, code)


def _reason(error: Exception) -> str:
    return str(error.__cause__ or error)
