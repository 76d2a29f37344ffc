"""How the catalog's SQLite file is opened, read, written, and how its failures read to a person."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from assistant.errors import StoreError
from assistant.library.dialect_sqlite import SqliteDialect
from assistant.library.folded import folded
from assistant.library.room import free_bytes
from assistant.library.sql import text_alone

FILE = "catalog.sqlite3"
SECONDS_TO_WAIT = 10.0  # for another process that writes
_ROOM = 1_000_000  # bytes; with less than this, what fails to be written fails for want of it


class SqliteConnection(sqlite3.Connection):
    dialect = SqliteDialect()


class SqliteDatabase:
    """One connection behind a lock, so that several threads can share it.

    A file that can only be read is opened for reading. Raises StoreError for whatever SQLite or the
    disk refuses, then and later.
    """

    elsewhere = "another folder with ASSISTANT_STORE"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        with self._translated():
            self._db = _connect(folder)

    @property
    def place(self) -> str:
        return str(self._folder)

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()  # a file is on one machine

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def reading(self) -> Iterator[SqliteConnection]:
        """A snapshot: what is read inside belongs together."""
        with self._lock, self._translated():
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN")
            try:
                yield self._db
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[SqliteConnection]:
        """A transaction: all that is written inside comes to stand, or nothing."""
        with self._lock, self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with text_alone():
                yield
        except sqlite3.Error as error:
            raise StoreError(_complaint(self._folder, error)) from error
        except OSError as error:
            raise unusable(self._folder, error) from error


def _connect(folder: Path) -> SqliteConnection:
    path = folder / FILE
    if path.exists():
        # The last way reads where not even a lock can be written.
        modes = ["rw", "ro", "ro&immutable=1"]
    else:
        folder.mkdir(parents=True, exist_ok=True)
        modes = ["rwc"]
    while True:
        mode = modes.pop(0)
        try:
            return _opened(f"{path.absolute().as_uri()}?mode={mode}")
        except sqlite3.OperationalError as error:
            if not modes or not _refused(error):
                raise


def _opened(uri: str) -> SqliteConnection:
    db = sqlite3.connect(
        uri,
        uri=True,
        timeout=SECONDS_TO_WAIT,
        isolation_level=None,
        check_same_thread=False,
        factory=SqliteConnection,
    )
    try:
        db.row_factory = sqlite3.Row
        db.create_function("folded", 1, folded, deterministic=True)
        if "mode=rw" in uri:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def unusable(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"cannot use the folder {folder} ({error.strerror}): choose another folder with"
        " ASSISTANT_STORE or change its permissions"
    )


def is_full(folder: Path) -> bool:
    """Whether the disk has hardly any room left."""
    free = free_bytes(folder)
    return free is not None and free < _ROOM


def _code(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _refused(error: sqlite3.Error) -> bool:
    return _code(error).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"))


def _complaint(folder: Path, error: sqlite3.Error) -> str:
    code = _code(error)
    if _refused(error):
        return (
            f"the library in {folder} is read-only: choose another folder with ASSISTANT_STORE"
            " or change its permissions"
        )
    if code.startswith("SQLITE_FULL") or (code.startswith("SQLITE_IOERR") and is_full(folder)):
        return f"the disk of {folder} is full: free some space and try again"
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"another process keeps the library in {folder} busy: try again when it is done"
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return f"{folder / FILE} is damaged: see what can be saved with `assistant doctor --repair`"
    return f"cannot use the library in {folder} ({error}): check its disk and try again"
