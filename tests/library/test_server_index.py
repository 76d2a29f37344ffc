"""What a Chroma server alone can do to an index: be away, hang, forget, hold what is others'."""

from __future__ import annotations

import gc
import http.server
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from library_fakes import (
    EMBEDDER,
    BagOfWords,
    article,
    catalog_url,
    finds,
    is_chroma,
    wait_for_the_index,
)

from assistant.errors import StoreError
from assistant.library import chroma as chroma_module
from assistant.library import index as index_module
from assistant.library.chroma import Server, connect, disconnect
from assistant.library.library import Library, open_library

pytestmark = pytest.mark.usefixtures("home")

ARTICLES = 12


@pytest.fixture
def server(chroma: str) -> Server:
    return Server(chroma)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_the_index(monkeypatch)


def _opened(folder: Path, server: Server) -> Library:
    return open_library(folder, BagOfWords(), EMBEDDER, server, catalog_url(folder))


@pytest.fixture
def library(tmp_path: Path, server: Server) -> Iterator[Library]:
    with _opened(tmp_path / "own", server) as library:
        library.add_batch([article(number) for number in range(ARTICLES)])
        assert finds(library, 7) and is_chroma(library)
        yield library


@contextmanager
def _connected(server: Server) -> Iterator[Any]:
    client = connect(server)
    try:
        yield client
    finally:
        disconnect(client)


def _collections(server: Server) -> list[str]:
    with _connected(server) as client:
        return [collection.name for collection in client.list_collections()]


def test_a_collection_that_was_lost_is_made_again(
    library: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "REST", 0.0)
    with _connected(server) as client:
        client.delete_collection(library._index._name())  # type: ignore[attr-defined]
    assert finds(library, 7) and not is_chroma(library)
    assert finds(library, 7) and is_chroma(library)


@pytest.mark.folder
def test_a_copy_of_a_library_leaves_the_other_alone(
    library: Library, server: Server, tmp_path: Path
) -> None:
    library.add(article(20))
    assert finds(library, 20)
    library.close()
    shutil.copytree(tmp_path / "own", tmp_path / "copy")
    with _opened(tmp_path / "own", server) as own, _opened(tmp_path / "copy", server) as copy:
        own.add(article(21))
        copy.add(article(22))
        copy.remove("article0003")
        for _ in range(2):
            assert finds(own, 21) and is_chroma(own)
            assert finds(copy, 22) and is_chroma(copy)


def test_doctor_tells_what_is_lacking_and_mends_it(
    library: Library, server: Server, tmp_path: Path
) -> None:
    assert library.examine() == []
    library._index._collection.delete(where={"article_id": "article0004"})
    name = library._index._name()  # type: ignore[attr-defined]
    library.close()
    with _opened(tmp_path / "own", server) as again:
        [finding] = again.examine()
        assert finding.kind == "index"
        again.mend([finding])
        assert name not in _collections(server)
        assert finds(again, 4) and is_chroma(again)
    with _opened(tmp_path / "own", server) as again:
        assert again.examine() == []


@pytest.mark.folder
def test_a_saved_library_does_not_take_the_collection_along(
    library: Library, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    library.save(tmp_path / "other" / "catalog.sqlite3")
    with _opened(tmp_path / "other", server) as other:
        assert finds(other, 7) and is_chroma(other)
        names = [each._index._name() for each in (library, other)]  # type: ignore[attr-defined]
        assert names[0] != names[1]


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that accepts and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def nobody() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize("which", ["silent", "nobody"])
def test_without_the_server_searches_find_the_same(
    which: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_module, "_SERVER_SECONDS", 0.3)
    url = request.getfixturevalue(which)
    with _opened(tmp_path / "own", Server(url)) as library:
        library.add_batch([article(number) for number in range(ARTICLES)])
        assert all(finds(library, number) for number in range(ARTICLES))
        assert library.index_state().behind == library.counts().passages
        [finding] = library.examine()
        assert finding.kind == "server" and url in finding.told and "chroma_url" in finding.told
        library.mend([finding])
        assert library.examine() == [finding]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_tenant_that_is_not_there_is_told(server: Server) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        connect(Server(server.url, tenant="nowhere"))
    gc.collect()  # Chroma leaves a connection open where it gives no client


def test_the_token_goes_along_and_is_in_no_description() -> None:
    seen: list[dict[str, Any]] = []

    class Refusing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_error(401)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as refusing:
        thread = threading.Thread(target=refusing.serve_forever, args=(0.02,))
        thread.start()
        server = Server(f"http://127.0.0.1:{refusing.server_address[1]}", token="secret")
        with pytest.raises(StoreError) as caught:
            connect(server)
        refusing.shutdown()
        thread.join()
    assert "secret" not in f"{caught.value} {server}"
    assert {each["x-chroma-token"] for each in seen} == {"secret"}
    assert {each["authorization"] for each in seen} == {"Bearer secret"}
