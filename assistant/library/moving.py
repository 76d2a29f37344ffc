"""A whole library as one file, to be kept or taken to another machine."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import SourceError, StoreError
from assistant.library.catalog import Catalog
from assistant.library.database import FILE


def save(folder: Path, target: Path) -> None:
    """Copy the library in a folder into one new file, also while others write to it.

    Raises StoreError where that cannot be written or is there already.
    """
    if target.exists():
        raise StoreError(f"{target} is there already; choose another name or delete it")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(folder / FILE)) as db:
            db.execute("VACUUM INTO ?", (str(partial),))
            with closing(sqlite3.connect(partial)) as copy, copy:
                # Of this machine: the state of its vector index, and what its files looked like.
                copy.execute("DELETE FROM meta WHERE key = 'index'")
                copy.execute("DELETE FROM places")
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {target} ({error}); check that the folder is there and has room"
        ) from error


@contextmanager
def opened(file: Path, embedder_id: str) -> Iterator[Catalog]:
    """The catalog in a saved file, which stays as it is. Raises SourceError for another file."""
    with tempfile.TemporaryDirectory(prefix="assistant-") as folder:
        try:
            shutil.copy(file, Path(folder) / FILE)
            with closing(sqlite3.connect(Path(folder) / FILE)) as db:
                db.execute("SELECT 1 FROM meta, articles")
            catalog = Catalog(Path(folder), embedder_id)
        except OSError as error:
            raise SourceError(f"{file} cannot be read ({error.strerror})") from error
        except (StoreError, sqlite3.Error) as error:
            raise SourceError(
                f"{file} is no library that can be taken in ({error}); name one that"
                " `assistant export` has written with this version or an earlier one"
            ) from error
        with closing(catalog):
            yield catalog
