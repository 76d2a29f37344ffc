"""The vector index: a Chroma folder that is made from the catalog and can be thrown away.

One process at a time owns the folder, because two on one path destroy it. The owner brings it up to
date with the catalog before it searches; whoever does not own it, or would have to wait for it,
compares the question with every vector in the catalog instead, which finds the same.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.library.catalog import Catalog
from assistant.library.doctor import Finding

Vector = NDArray[np.float32]

PATIENCE = 2.0  # seconds that a search waits for the index before it does without
BATCH = 1_000  # changes applied at once, about two seconds; Chroma takes at most 5,461
PROBE_SECONDS = 60
DROPS = 2  # times that a broken index is made anew before this process does without

_COLLECTION = "passages"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _State:
    """What the catalog remembers of the index.

    `applied` is the last change the index holds. `seal` is the fingerprint of the files as they
    were closed; it is empty while a process has them open, and after one died.
    """

    generation: int = 0
    applied: int = 0
    seal: str = ""


class Index:
    """Finds the nearest passages. Safe to use from several threads; nothing opens before a search.

    No fault of Chroma reaches the caller: a broken folder is made anew from the catalog's vectors,
    and where even that fails, the search does without it.
    """

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder / "index"
        # Not thread-local: the thread that opens is another than the one that closes.
        self._file_lock = FileLock(folder / "index.lock", thread_local=False)
        self._catalog = catalog
        self._opening = threading.RLock()
        self._starting = threading.Lock()
        self._worker: threading.Thread | None = None
        self._started = 0.0
        self._stopping = False  # closed, or given up
        self._drops = 0
        self._client: Any = None
        self._collection: Any = None  # Chroma's, while it is open and not known to be broken
        self._state = _State()
        self._scanned: tuple[int, list[str], NDArray[np.float32]] | None = None

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """The ids of the nearest passages and their cosines, nearest first."""
        collection = self._collection if self._is_current() or self._wait() else None
        if collection is not None:
            try:
                found = _query(collection, vector, k)
                self._scanned = None
                return found
            except Exception as error:  # Chroma raises errors of many kinds
                with self._opening:
                    if collection is self._collection:
                        self._drop(error)
        return self._scan(vector, k)

    def catch_up(self) -> None:
        """Bring the index up to date now, if this process owns it or can."""
        with self._opening:
            while not self._stopping and self._own():
                try:
                    self._open_and_apply()
                    return
                except StoreError as error:  # the catalog cannot be written; it may be readable
                    _log.warning("searching without the index: %s", error)
                    self._stopping = True
                except Exception as error:
                    self._drop(error)

    def examine(self) -> list[Finding]:
        """What is wrong with the folder, if this process can own it; nothing before it is made."""
        with self._opening:
            if self._collection is not None or not self._own():
                return []
            try:
                self._state = _State(**json.loads(self._catalog.meta("index") or "{}"))
                if not self._generation().is_dir() or _probe(self._generation()):
                    return []
                return [Finding("index", (), "the vector index is damaged")]
            finally:
                self._file_lock.release(force=True)

    def start_anew(self) -> None:
        """Forget the folder; the next search makes another from the catalog."""
        with self._opening:
            if self._collection is None and self._own():
                shutil.rmtree(self._folder, ignore_errors=True)
                self._file_lock.release(force=True)

    def close(self) -> None:
        """Finish with the folder, so that another process can own it."""
        self._stopping = True
        if self._worker is not None:
            self._worker.join()
        with self._opening:
            if self._collection is not None:
                self._close_client()
                with suppress(StoreError):  # unsealed, the index is only probed before its next use
                    self._save(replace(self._state, seal=_fingerprint(self._generation())))
            self._file_lock.release(force=True)

    def _is_current(self) -> bool:
        return self._collection is not None and self._state.applied == self._catalog.seq()

    def _wait(self) -> bool:
        """Catch up in the background; whether that is done before patience runs out."""
        with self._starting:
            if self._stopping or not self._own():
                return False
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self.catch_up, daemon=True)
                self._started = time.monotonic()
                self._worker.start()
        self._worker.join(max(0.0, self._started + PATIENCE - time.monotonic()))
        return self._is_current()

    def _own(self) -> bool:
        if not self._file_lock.is_locked:
            try:
                self._file_lock.acquire(timeout=0)
            except (Timeout, OSError):  # another's, or a folder that cannot be written
                return False
        return True

    def _open_and_apply(self) -> None:
        opening = self._collection is None
        if opening:
            self._open()
        self._apply()
        if opening and not self._stopping:
            held, wanted = self._collection.count(), self._catalog.counts().passages
            if held != wanted:
                raise ValueError(f"it holds {held} passages of {wanted}")

    def _open(self) -> None:
        """Open the folder that is there or, where that is not sound, a new and empty one."""
        self._state = _State(**json.loads(self._catalog.meta("index") or "{}"))
        if self._drops or not self._is_sound():
            self._state = _State(generation=self._state.generation + 1)
            shutil.rmtree(self._folder, ignore_errors=True)
            self._generation().mkdir(parents=True)
        self._save(replace(self._state, seal=""))
        self._client, self._collection = open_collection(self._generation())

    def _is_sound(self) -> bool:
        folder = self._generation()
        if not folder.is_dir():
            return False
        if self._state.seal:
            return self._state.seal == _fingerprint(folder)
        return _probe(folder)

    def _apply(self) -> None:
        """Put into Chroma what changed in the catalog. Twice does no harm."""
        while not self._stopping:
            last, ids = self._catalog.changed(self._state.applied, BATCH)
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
            self._save(replace(self._state, applied=last))

    def _drop(self, error: Exception) -> None:
        """Do without the folder: the next opening begins a new one, unless that helped no more."""
        self._drops += 1
        self._stopping = self._drops > DROPS
        outcome = "searching without it" if self._stopping else "making it anew"
        _log.warning("the index is broken (%s); %s", error, outcome)
        with suppress(Exception):
            self._close_client()

    def _close_client(self) -> None:
        client, self._client, self._collection = self._client, None, None
        if client is not None:
            client.close()

    def _save(self, state: _State) -> None:
        self._catalog.set_meta(index=json.dumps(asdict(state)))
        self._state = state

    def _generation(self) -> Path:
        return self._folder / str(self._state.generation)

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


def open_collection(folder: Path) -> tuple[Any, Any]:
    """Chroma's client on the folder, and the collection in it."""
    import chromadb
    from chromadb.config import Settings

    # Without _env_file, a stray .env in the working directory would be read as settings.
    no_file: Any = {"_env_file": None}
    settings = Settings(anonymized_telemetry=False, **no_file)
    client = chromadb.PersistentClient(str(folder), settings=settings)
    collection = client.get_or_create_collection(
        _COLLECTION,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
    )
    return client, collection


def _query(collection: Any, vector: Vector, k: int) -> list[tuple[str, float]]:
    found = collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
    ids, distances = found["ids"][0], found["distances"][0]
    return [(id_, 1.0 - distance) for id_, distance in zip(ids, distances, strict=True)]


def _fingerprint(folder: Path) -> str:
    stats = sorted((str(p.relative_to(folder)), p.stat()) for p in folder.rglob("*"))
    return sha256(repr([(n, s.st_size, s.st_mtime_ns) for n, s in stats]).encode()).hexdigest()


def _probe(folder: Path) -> bool:
    """Try the folder in another process: a torn file can end the one that opens it."""
    here = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "assistant.library.probe", str(folder)],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
