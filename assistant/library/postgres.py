"""How a catalog on a PostgreSQL server is reached, read, written, and how its failures read to a
person.

The server may go away and come back: what was under way is lost, and the next to read or write
connects anew.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from assistant.errors import SettingsError, StoreError
from assistant.library.postgres_connection import Lost, PostgresConnection, Refused
from assistant.library.sql import text_alone

SECONDS_TO_WAIT = 10  # for another process that writes
_SECONDS_TO_CONNECT = 5.0
_SECONDS_OF_SILENCE = 60.0  # after which the server is given up

_PORT = 5432
_WRITERS, _INDEXERS = 7_319_001, 7_319_002  # names of locks: any number that nobody else uses
_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"  # to see what was written while it waited
_PATIENCE = "SET LOCAL lock_timeout = '{:.0f}ms'"
_MODES = ("prefer", "disable", "require", "verify-full")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is, and who asks for it. Raises SettingsError for an ending unknown."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    encrypted: str = _MODES[0]

    @classmethod
    def of(cls, url: str) -> Address:
        parts = urlsplit(url)
        mode = parts.query.removeprefix("sslmode=") or _MODES[0]
        if mode not in _MODES:
            raise SettingsError(
                f"catalog_url ends in “?{parts.query}”; end it in ?sslmode=verify-full, or in"
                " nothing"
            )
        database, user = unquote(parts.path[1:]), unquote(parts.username or "")
        password, host = unquote(parts.password or ""), parts.hostname or "localhost"
        return cls(host, parts.port or _PORT, database, user, password, mode)

    def __str__(self) -> str:
        port = f":{self.port}" if self.port != _PORT else ""
        return f"{self.database} on {self.host}{port}"


class PostgresDatabase:
    elsewhere = "another database with catalog_url"

    def __init__(self, url: str) -> None:
        self._address = Address.of(url)
        self._lock = threading.RLock()
        self._db: PostgresConnection | None = None
        self._in_transaction = False
        with self.reading():
            pass

    @property
    def place(self) -> str:
        return str(self._address)

    def close(self) -> None:
        with self._lock:
            db, self._db = self._db, None
            if db is not None:
                db.close()

    @contextmanager
    def reading(self) -> Iterator[PostgresConnection]:
        with self._lock, self._translated():
            if self._in_transaction:
                assert self._db
                yield self._db
                return
            with self._transaction(_READ) as db:
                yield db

    @contextmanager
    def writing(self) -> Iterator[PostgresConnection]:
        """One at a time, as with a file; nobody waits for it to read."""
        with self._lock, self._translated(), self._transaction(_WRITE) as db:
            db.execute(_PATIENCE.format(SECONDS_TO_WAIT * 1000))
            db.execute(f"SELECT pg_advisory_xact_lock({_WRITERS})")
            yield db

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._translated():
            db = _connected(self._address)
            try:
                db.execute("BEGIN")
                db.execute(_PATIENCE.format(SECONDS_TO_WAIT * 1000))
                db.execute(f"SELECT pg_advisory_lock({_INDEXERS})")
                db.execute("COMMIT")  # the lock outlives it
                yield
            finally:
                db.close()  # which gives the lock back

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[PostgresConnection]:
        db = self._begun(begin)
        self._in_transaction = True
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            with suppress(Refused, Lost):
                db.execute("ROLLBACK")
            raise
        finally:
            self._in_transaction = False
            if db.is_lost:
                self.close()

    def _begun(self, begin: str) -> PostgresConnection:
        if self._db is not None:
            try:
                self._db.execute(begin)
                return self._db
            except (Refused, Lost):  # the server has gone since; it may be back
                self.close()
        self._db = _connected(self._address)
        self._db.execute(begin)
        return self._db

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with text_alone():
                yield
        except Refused as error:
            raise StoreError(_complaint(self.place, error)) from error
        except Lost as error:
            raise StoreError(
                f"the connection to the database {self.place} broke off ({error}); try again when"
                " its server runs"
            ) from error


def _connected(to: Address) -> PostgresConnection:
    try:
        wire = socket.create_connection((to.host, to.port), _SECONDS_TO_CONNECT)
        try:
            wire.settimeout(_SECONDS_OF_SILENCE)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # questions are small
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return PostgresConnection(
                sock=wire,
                host=to.host,
                user=to.user,
                password=to.password,
                database=to.database,
                ssl_context=_encryption(to.encrypted),
                application_name="article-assistant",
            )
        except BaseException:
            wire.close()
            raise
    except (OSError, Lost) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"the database {to} cannot be reached ({reason}); start its server, or correct"
            " catalog_url"
        ) from error


def _encryption(mode: str) -> Any:
    """As the driver wants it: None encrypts where the server can."""
    if mode == "verify-full":
        return ssl.create_default_context()
    return {"disable": False, "require": True}.get(mode)


def _complaint(place: str, error: Refused) -> str:
    code, reason = error.code, str(error)
    if code.startswith("28"):
        return f"the database {place} refuses the user or the password; correct catalog_url"
    if code == "3D000":
        return f"there is no database {place}; create it, or correct catalog_url"
    if code in ("25006", "42501"):
        return (
            f"the database {place} does not let its user write ({reason}); grant it that, or choose"
            " another user in catalog_url"
        )
    if code == "53100":
        return f"the disk of the database {place} is full: free some space there and try again"
    if code == "55P03":
        return f"another process keeps the database {place} busy: try again when it is done"
    return f"the database {place} does not do its work ({reason}): look into its log and try again"
