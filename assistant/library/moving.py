"""A whole library as one file, to be kept or taken to another machine."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assistant.errors import SourceError, StoreError
from assistant.library.catalog import Catalog
from assistant.library.database import FILE
from assistant.library.identity import Incoming
from assistant.records import Article, ArticleInfo, Outcome


def save(catalog: Catalog, target: Path) -> None:
    """Copy a library into one new file, also while others write to it.

    Raises StoreError where that cannot be written or is there already.
    """
    if target.exists():
        raise StoreError(f"{target} is there already; choose another name or delete it")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        if catalog.file is not None:
            _copy_file(catalog.file, partial)
        else:
            _copy_rows(catalog, partial)
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"cannot write {target} ({error}); check that the folder is there and has room"
        ) from error


def _copy_file(file: Path, partial: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("VACUUM INTO ?", (str(partial),))
    with closing(sqlite3.connect(partial)) as copy, copy:
        # Of this machine: the state of its vector index, and what its files looked like.
        copy.execute("DELETE FROM meta WHERE key IN ('index', 'collection')")
        copy.execute("DELETE FROM places")


def _copy_rows(catalog: Catalog, partial: Path) -> None:
    """From a server."""
    with tempfile.TemporaryDirectory(prefix=f"{partial.name}-", dir=partial.parent) as folder:
        with closing(Catalog(Path(folder), catalog.embedder)) as copy:
            catalog.copy_into(copy)
        # The last to leave has put all into this one file.
        (Path(folder) / FILE).replace(partial)


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


def take_in(
    file: Path, here: Catalog, stop: threading.Event | None
) -> Iterator[tuple[ArticleInfo, Outcome, int]]:
    """Add what a saved library holds; see `Library.take_in`."""
    with opened(file, here.embedder) as other:
        infos = other.articles()
        for info in infos:
            if stop is not None and stop.is_set():
                return
            article = other.get(info.id)
            if article is not None:
                yield info, _taken_in(article, other, here), len(infos)
        here.conversations.take_in(other.conversations)


def _taken_in(article: Article, other: Catalog, here: Catalog) -> Outcome:
    new = Incoming(article)
    if here.settles(new):
        return "same"
    stored = other.load(other.passage_ids(article.id))
    [outcome] = here.put([(new, [each.prepared() for each in stored])])
    added = here.by_source(article.source)
    if outcome == "added" and added is not None:
        here.take_over(added.id, other, article.id)
    return outcome
