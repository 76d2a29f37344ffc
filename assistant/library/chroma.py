"""Chroma, as the index uses it: one collection of passages, in a folder or on a server."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError

PROBE_SECONDS = 60
_SERVER_SECONDS = 20.0  # that a server may take for a request; a thousand passages take one or two

_COLLECTION = "passages"


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server, and where on it the collections lie."""

    url: str
    token: str = field(default="", repr=False)
    tenant: str = "default_tenant"
    database: str = "default_database"


def open_collection(folder: Path) -> tuple[Any, Any]:
    """Chroma's client on the folder, and the collection in it."""
    import chromadb

    client = chromadb.PersistentClient(str(folder), settings=_settings())
    return client, collection_in(client, _COLLECTION)


def connect(server: Server) -> Any:
    """Chroma's client on the server. Raises StoreError where it cannot be used."""
    import chromadb

    headers = {"X-Chroma-Token": server.token, "Authorization": f"Bearer {server.token}"}
    url, sent = server.url.rstrip("/"), headers if server.token else {}
    try:
        # Chroma's own client would wait for ever.
        alive = httpx.get(f"{url}/api/v2/heartbeat", headers=sent, timeout=_SERVER_SECONDS)
        alive.raise_for_status()
        client: Any = chromadb.HttpClient(
            url,
            headers=dict(sent),
            settings=_settings(),
            tenant=server.tenant,
            database=server.database,
        )
    except Exception as error:  # of many kinds, like all of Chroma's
        raise StoreError(
            f"the Chroma server {url} cannot be used ({_one_line(error)}); start it, or correct"
            " chroma_url and the settings beside it"
        ) from error
    for session in _sessions(client):
        session.timeout = httpx.Timeout(_SERVER_SECONDS)
    return client


def disconnect(client: Any) -> None:
    """Close what `connect` opened; Chroma's own `close` leaves the connections."""
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def collection_in(client: Any, name: str) -> Any:
    """The collection of that name, made if there is none."""
    # 32 neighbours, not 16: among 240 passages that are all but the same, a search by the vector of
    # one missed it in 4 of 100 cases, and now in none; it costs no time.
    return client.get_or_create_collection(
        name,
        embedding_function=None,
        configuration={
            "hnsw": {
                "space": "cosine",
                "ef_construction": 200,
                "ef_search": 200,
                "max_neighbors": 32,
            }
        },
    )


def _sessions(client: Any) -> list[httpx.Client]:
    return [each._server._session for each in (client, client._admin_client)]


def _settings() -> Any:
    from chromadb.config import Settings

    # Without _env_file, a stray .env in the working directory would be read as settings.
    no_file: Any = {"_env_file": None}
    return Settings(anonymized_telemetry=False, **no_file)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def query(collection: Any, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
    """The ids of the nearest passages and their cosines, nearest first."""
    found = collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
    ids, distances = found["ids"][0], found["distances"][0]
    return [(id_, 1.0 - distance) for id_, distance in zip(ids, distances, strict=True)]


def settle(collection: Any) -> None:
    """Have Chroma write now what it would write at its next search."""
    sample = collection.get(limit=1, include=["embeddings"])
    if len(sample["ids"]):
        collection.query(query_embeddings=sample["embeddings"], n_results=1, include=["distances"])


def fingerprint(folder: Path) -> str:
    """Another one whenever a file in the folder has changed."""
    stats = sorted((str(p.relative_to(folder)), p.stat()) for p in folder.rglob("*"))
    return sha256(repr([(n, s.st_size, s.st_mtime_ns) for n, s in stats]).encode()).hexdigest()


def probe(folder: Path) -> bool:
    """Try the folder in another process: a torn file can end the one that opens it.

    Whether it could be counted and searched.
    """
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
