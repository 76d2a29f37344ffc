"""A real Chroma server on 127.0.0.1, and both forms of the vector index."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import httpx

from assistant.library import folder_index, server_index
from assistant.library.catalog import Catalog
from assistant.library.chroma import Server
from assistant.library.folder_index import FolderIndex
from assistant.library.index import Index
from assistant.library.server_index import ServerIndex

_RUN = "from chromadb.cli.cli import app; app()"


@dataclass(frozen=True)
class Form:
    """How an index of one form is made, and where what opens Chroma is found."""

    make: Callable[[Path, Catalog], Index]
    module: ModuleType
    opens: str


FOLDER = Form(FolderIndex, folder_index, "open_collection")


def on_server(url: str) -> Form:
    return Form(
        lambda folder, catalog: ServerIndex(folder, catalog, Server(url)), server_index, "connect"
    )


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ["run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [sys.executable, "-c", _RUN, *where],
        env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with suppress(httpx.TransportError):
            httpx.get(f"{url}/api/v2/heartbeat", timeout=5)
            return
        time.sleep(0.05)
    raise AssertionError("the Chroma server did not start")
