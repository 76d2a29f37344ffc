"""Reads what can still be read out of a damaged SQLite file, into a sound one.

The tables are made anew and every row that can be read is copied, but for an article whose text is
not what was added, and for passages and vectors, which would not tell that they are spoilt. These,
the index of words, and what belongs to articles that are lost, the doctor puts right afterwards.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import StoreError
from assistant.library.database import FILE
from assistant.library.identity import content_hash

_BESIDE = ("-wal", "-shm")
_TOGETHER = 256  # rows read at once
_LEAST_ROW = 8  # bytes of a row in the file: so many rows it cannot have more
_MADE_AGAIN = {"passages", "sentences", "index_changes"}
_OWN = ("sqlite_", "words_", "beginnings_")  # tables that SQLite and its word index keep themselves


@dataclass(frozen=True)
class Salvaged:
    """How many articles were read, how many at least were lost, and where the damaged file is."""

    articles: int
    lost: int
    kept: Path


def damage(folder: Path) -> str | None:
    """What is wrong with the file of a library itself; None where it can be used."""
    if not (folder / FILE).exists():
        return None
    try:
        with closing(_reading(folder / FILE)) as db:
            found = str(db.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        name = str(getattr(error, "sqlite_errorname", ""))
        return str(error) if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) else None
    return None if found == "ok" else found


def salvage(folder: Path) -> Salvaged:
    """Put a sound file in the place of a damaged one, which is kept in a folder beside it.

    Raises StoreError where nothing can be read or another process uses the library.
    """
    lock = FileLock(folder / "index.lock")
    try:
        with lock.acquire(timeout=0):
            return _salvaged(folder)
    except Timeout:
        raise StoreError(
            f"another process uses the library in {folder}; close the page and other commands,"
            " then try again"
        ) from None
    except OSError as error:
        raise StoreError(
            f"the library in {folder} cannot be copied ({error.strerror}); free some space, or"
            " change its permissions"
        ) from error


def _salvaged(folder: Path) -> Salvaged:
    kept = folder / f"damaged-{datetime.now():%Y%m%d-%H%M%S}"
    kept.mkdir()
    for name in (FILE, *(FILE + end for end in _BESIDE)):
        if (folder / name).exists():
            shutil.copy2(folder / name, kept / name)
    partial = folder / f"{FILE}.partial"
    partial.unlink(missing_ok=True)
    try:
        with closing(_reading(kept / FILE)) as old, closing(sqlite3.connect(partial)) as new, new:
            articles, lost = _copied(old, new)
    except sqlite3.DatabaseError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"nothing can be read from {folder / FILE} ({error}); restore it from a copy, or move"
            " it away and add the articles again"
        ) from error
    for end in _BESIDE:  # they belong to the damaged file, and would spoil the sound one
        (folder / (FILE + end)).unlink(missing_ok=True)
    partial.replace(folder / FILE)
    return Salvaged(articles, lost, kept)


def _copied(old: sqlite3.Connection, new: sqlite3.Connection) -> tuple[int, int]:
    """Returns how many articles were copied and how many rows of articles could not be."""
    lost = 0
    made = old.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    plain = [(kind, name, sql) for kind, name, sql in made if not name.startswith(_OWN)]
    for _, _, sql in sorted(plain, key=lambda each: each[0] != "table"):
        new.execute(sql)
    for kind, name, sql in plain:
        if kind != "table" or name in _MADE_AGAIN or sql.upper().startswith("CREATE VIRTUAL"):
            continue
        for row in _rows(old, name):
            if row is None:
                lost += name == "articles"
            else:
                new.execute(
                    f"INSERT OR IGNORE INTO {name} VALUES ({','.join('?' * len(row))})", row
                )
    for id_, text, noted in new.execute("SELECT id, text, content_hash FROM articles").fetchall():
        if content_hash(text) != noted:
            new.execute("DELETE FROM articles WHERE id = ?", (id_,))
            lost += 1
    # The vectors' index is made anew.
    new.execute("DELETE FROM meta WHERE key IN ('index', 'collection')")
    new.execute("DELETE FROM places")  # so that what was lost is read again
    return int(new.execute("SELECT count(*) FROM articles").fetchone()[0]), lost


def _rows(db: sqlite3.Connection, table: str) -> Iterator[tuple[object, ...] | None]:
    """Every row that can be read, and None for each that cannot: a range of rows that fails is
    halved until it is a single one.
    """
    lowest, highest = _range(db, table)
    ranges = [
        (n, min(n + _TOGETHER, highest + 1) - 1) for n in range(lowest, highest + 1, _TOGETHER)
    ]
    ranges.reverse()
    while ranges:
        first, last = ranges.pop()
        try:
            found = db.execute(
                f"SELECT * FROM {table} WHERE rowid BETWEEN ? AND ?", (first, last)
            ).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            if first == last:
                yield None
                continue
            middle = (first + last) // 2
            ranges += [(middle + 1, last), (first, middle)]
        else:
            yield from found


def _range(db: sqlite3.Connection, table: str) -> tuple[int, int]:
    try:
        first, last = db.execute(f"SELECT min(rowid), max(rowid) FROM {table}").fetchone()
        return (first, last) if first is not None else (1, 1)
    except sqlite3.DatabaseError:
        size = db.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return 1, max(1, int(size.fetchone()[0]) // _LEAST_ROW)


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)
