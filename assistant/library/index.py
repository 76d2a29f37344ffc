"""The vector index: a Chroma collection that is made from the catalog and can be thrown away.

One process at a time owns it, and brings it up to date with the catalog. Whoever does not own it,
or would have to wait for it longer than that takes, compares the question with every vector in the
catalog instead, which finds the same. Where the collection lies, its subclasses know.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.library.catalog import Catalog
from assistant.library.chroma import query
from assistant.library.database import is_full
from assistant.library.doctor import Finding

Vector = NDArray[np.float32]

FEW = 20_000  # passages; comparing with all of them takes a fifth of a second
_SOON = 0.3  # seconds after such a search the index is brought up to date
PATIENCE = 2.0  # seconds that a search among more waits for the index before it does without
BATCH = 1_000  # changes applied at once, about two seconds; Chroma takes at most 5,461
DROPS = 2  # times that a broken index is made anew at once
REST = 60.0  # seconds after which it is tried once more

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the vector index is: `behind` passages have yet to come into it.

    It is "building" while this process brings them in, else "ready": the next search does. No
    search is left with "words only": without the index it compares all vectors.
    """

    state: Literal["ready", "building", "words only"]
    behind: int


class Index(ABC):
    """Finds the nearest passages. Safe to use from several threads; nothing opens before a search.

    No fault of Chroma reaches the caller: a broken index is made anew from the catalog's vectors,
    and where even that fails, the search does without it and tries again later.
    """

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._library = folder
        # Not thread-local: the thread that opens is another than the one that closes.
        self._file_lock = FileLock(folder / "index.lock", thread_local=False)
        self._catalog = catalog
        self._opening = threading.RLock()
        self._starting = threading.Lock()
        self._worker: threading.Thread | None = None
        self._started = 0.0
        self._stopping = False
        self._drops = 0  # since a search last went well
        self._rests_until = 0.0
        self._client: Any = None
        self._collection: Any = None  # Chroma's, while it is open and not known to be broken
        self._scanned: tuple[int, list[str], NDArray[np.float32]] | None = None

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """The ids of the nearest passages and their cosines, nearest first."""
        current = self._is_current()
        if not current and self._catalog.counts().passages <= FEW:
            found = self._scan(vector, k)
            self._work(after=_SOON)  # for later searches; this one's rest comes first
            return found
        collection = self._collection if current or self._wait() else None
        if collection is not None:
            try:
                found = query(collection, vector, k)
                self._scanned, self._drops = None, 0
                return found
            except Exception as error:  # Chroma raises errors of many kinds
                with self._opening:
                    if collection is self._collection:
                        self._drop(error)
        return self._scan(vector, k)

    def catch_up(self) -> None:
        """Bring the index up to date now, if this process owns it or can."""
        with self._opening:
            while self._may_work():
                try:
                    self._open_and_apply()
                    return
                except StoreError as error:  # the catalog cannot be written; it may be readable
                    self._rest(error)
                except Exception as error:
                    if is_full(self._library):  # no fault of the index
                        self._rest(error)
                    else:
                        self._drop(error)

    def state(self) -> IndexState:
        """How far it is, whichever process owns it."""
        behind = self._catalog.touched(self._last_known())
        building = behind and self._worker is not None and self._worker.is_alive()
        return IndexState("building" if building else "ready", behind)

    @abstractmethod
    def examine(self) -> list[Finding]:
        """What is wrong with it, if this process can own it; nothing before it is made."""

    @abstractmethod
    def start_anew(self) -> None:
        """Forget it; the next search makes another from the catalog."""

    def close(self) -> None:
        """Finish with it, so that another process can own it."""
        self._stopping = True
        if self._worker is not None:
            self._worker.join()
        with self._opening:
            if self._collection is not None:
                self._close()
            self._file_lock.release(force=True)

    @abstractmethod
    def _is_current(self) -> bool: ...

    @abstractmethod
    def _open_and_apply(self) -> None:
        """Open the collection, if it is not, and bring it up to date. Raises what it likes."""

    @abstractmethod
    def _applied(self) -> int:
        """The last change that the open collection holds."""

    @abstractmethod
    def _last_known(self) -> int:
        """The same of one that need not be open."""

    @abstractmethod
    def _note(self, applied: int) -> None:
        """Remember how far it is: the number of the last change that it holds."""

    def _close(self) -> None:
        self._close_client()

    def _may_work(self) -> bool:
        return not self._stopping and time.monotonic() >= self._rests_until and self._own()

    def _rest(self, error: Exception) -> None:
        """Leave the index alone for a while: what hinders it may have gone by then."""
        _log.warning("searching without the index for %.0f seconds: %s", REST, error)
        self._rests_until = time.monotonic() + REST
        with suppress(Exception):
            self._close_client()

    def _wait(self) -> bool:
        """Catch up in the background; whether that is done before patience runs out."""
        worker = self._work()
        if worker is not None:
            worker.join(max(0.0, self._started + PATIENCE - time.monotonic()))
        return worker is not None and self._is_current()

    def _work(self, after: float = 0.0) -> threading.Thread | None:
        """The thread that brings the index up to date, begun if need be; None where none may."""
        with self._starting:
            if not self._may_work():
                return None
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Timer(after, self.catch_up)
                self._worker.daemon = True
                self._started = time.monotonic()
                self._worker.start()
            return self._worker

    def _own(self) -> bool:
        if not self._file_lock.is_locked:
            try:
                self._file_lock.acquire(timeout=0)
            except (Timeout, OSError):  # another's, or a folder that cannot be written
                return False
        return True

    def _check_count(self) -> None:
        """Raises ValueError where the collection holds more or fewer passages than the catalog."""
        held, wanted = self._collection.count(), self._catalog.counts().passages
        added_meanwhile = self._stopping or self._applied() != self._catalog.seq()
        if held != wanted and not added_meanwhile:
            raise ValueError(f"it holds {held} passages of {wanted}")

    def _apply(self) -> None:
        """Put into Chroma what changed in the catalog. Twice does no harm."""
        while not self._stopping:
            last, ids = self._catalog.changed(self._applied(), BATCH)
            if not ids:
                return
            present, vectors = self._catalog.vectors_of(ids)
            if gone := sorted(set(ids) - set(present)):
                self._collection.delete(ids=gone)
            if present:
                articles = [id_.rpartition("-")[0] for id_ in present]
                self._collection.upsert(
                    ids=present,
                    embeddings=vectors,
                    metadatas=[{"article_id": article} for article in articles],
                )
            self._note(last)

    def _drop(self, error: Exception) -> None:
        """Do without it: the next opening begins a new one, unless that helped no more."""
        self._drops += 1
        if self._drops > DROPS:
            self._rest(error)
            return
        _log.warning("the index is broken (%s); making it anew", error)
        with suppress(Exception):
            self._close_client()

    def _close_client(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            self._let_go(client)

    @staticmethod
    def _let_go(client: Any) -> None:
        client.close()

    def _scan(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        scanned = self._scanned
        if scanned is None or scanned[0] != self._catalog.seq():
            scanned = self._scanned = self._catalog.vectors()
        _, ids, matrix = scanned
        return nearest(ids, matrix, vector, k)


def nearest(
    ids: list[str], matrix: NDArray[np.float32], vector: Vector, k: int
) -> list[tuple[str, float]]:
    """The ids whose rows are nearest to the vector and their cosines, nearest first."""
    if not ids:
        return []
    similarities = matrix @ vector
    k = min(k, len(ids))
    best = np.argpartition(-similarities, k - 1)[:k]
    best = best[np.argsort(-similarities[best], kind="stable")]
    return [(ids[i], float(similarities[i])) for i in best]
