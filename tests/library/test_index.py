from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest
from chroma_server import FOLDER, Form, on_server
from library_fakes import POSTGRES, article, wait_for_the_index
from library_fakes import catalog as opened_catalog
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.library import folder_index
from assistant.library import index as index_module
from assistant.library.catalog import Catalog
from assistant.library.folder_index import FolderIndex
from assistant.library.identity import Incoming
from assistant.library.index import Index
from assistant.library.tables import PreparedPassage
from assistant.records import Span

RANDOM = np.random.default_rng(7)
VECTORS = RANDOM.normal(size=(300, 384)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_the_index(monkeypatch)


@pytest.fixture
def catalog(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Catalog]:
    if "form" in request.fixturenames:
        request.getfixturevalue("form")  # knows where the catalog lies
    with closing(opened_catalog(tmp_path)) as catalog:
        for number in range(20):
            put(catalog, number)
        yield catalog


@pytest.fixture(params=["folder", "server", "catalog on a server, too"])
def form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Form:
    if request.param == "folder":
        return FOLDER
    if request.param != "server":
        monkeypatch.setenv(POSTGRES, request.getfixturevalue("postgres").url())
    return on_server(request.getfixturevalue("chroma"))


@pytest.fixture
def index(tmp_path: Path, catalog: Catalog, form: Form) -> Iterator[Index]:
    with closing(form.make(tmp_path, catalog)) as index:
        yield index


def put(catalog: Catalog, number: int, vector: NDArray[np.float32] | None = None) -> None:
    vector = VECTORS[number] if vector is None else vector
    passage = PreparedPassage(Span(0, 4), vector, (Span(0, 4),), vector[None])
    catalog.put([(Incoming(article(number, f"Text {number}, {vector[0]}.")), [passage])])


def nearest(index: Index, number: int, k: int = 5) -> list[str]:
    return [id_ for id_, _ in index.search(VECTORS[number], k)]


def id_of(number: int) -> str:
    return f"article{number:04d}-0"


def exact(catalog: Catalog, number: int, k: int = 5) -> list[str]:
    _, ids, matrix = catalog.vectors()
    return [ids[i] for i in np.argsort(-(matrix @ VECTORS[number]))[:k]]


def is_chroma(index: Index) -> bool:
    return index._collection is not None and index._scanned is None


def fail(*_: object, **__: object) -> None:
    raise AssertionError("must not be called")


def test_finds_the_nearest(index: Index, catalog: Catalog) -> None:
    found = index.search(VECTORS[3], 5)
    assert [id_ for id_, _ in found] == exact(catalog, 3)
    assert found[0] == (id_of(3), pytest.approx(1, abs=1e-3))
    assert is_chroma(index)
    assert len(index.search(VECTORS[3], 999)) == 20


def test_an_empty_catalog(tmp_path: Path, form: Form) -> None:
    with (
        closing(opened_catalog(tmp_path / "empty")) as catalog,
        closing(form.make(tmp_path / "empty", catalog)) as index,
    ):
        assert index.search(VECTORS[0], 5) == []


def test_follows_every_change(index: Index, catalog: Catalog) -> None:
    assert nearest(index, 3)[0] == id_of(3)
    put(catalog, 25)
    put(catalog, 4, VECTORS[30])
    catalog.remove("article0003")
    assert nearest(index, 25)[0] == id_of(25)
    assert nearest(index, 30)[0] == id_of(4)
    assert nearest(index, 3) == exact(catalog, 3)
    assert is_chroma(index)
    assert index._collection.count() == 20


def test_many_batches(index: Index, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "BATCH", 7)
    catalog.remove("article0003")
    index.catch_up()
    assert nearest(index, 5) == exact(catalog, 5)
    assert is_chroma(index)


def test_is_kept_from_one_time_to_the_next(
    tmp_path: Path, catalog: Catalog, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(form.make(tmp_path, catalog)) as index:
        nearest(index, 3)
    monkeypatch.setattr(folder_index, "probe", fail)
    before = catalog.seq()
    put(catalog, 25)
    asked: list[int] = []
    changed = catalog.changed
    monkeypatch.setattr(catalog, "changed", lambda *at: asked.append(at[0]) or changed(*at))
    with closing(form.make(tmp_path, catalog)) as index:
        assert nearest(index, 25)[0] == id_of(25)
        assert is_chroma(index)
        assert min(asked) >= before - 1  # nothing was put in twice
        assert index._collection.count() == 21
    if form is FOLDER:
        assert [path.name for path in (tmp_path / "index").iterdir()] == ["1"]


def test_who_does_not_own_it_finds_the_same(
    tmp_path: Path, index: Index, catalog: Catalog, form: Form
) -> None:
    index.catch_up()
    with closing(form.make(tmp_path, catalog)) as other:
        for number in range(20, 30):
            assert nearest(other, number) == nearest(index, number)
        assert other._collection is None
        put(catalog, 40)
        assert nearest(other, 40)[0] == id_of(40)
        index.close()
        assert nearest(other, 3) == exact(catalog, 3)
        assert is_chroma(other)


@pytest.mark.parametrize("name, value", [("PATIENCE", 0.05), ("FEW", 20)])
def test_does_not_wait_long(
    index: Index,
    catalog: Catalog,
    form: Form,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: float,
) -> None:
    """A search answers while the index is still being made, which goes on behind it."""
    monkeypatch.setattr(index_module, name, value)
    go_on, opened = threading.Event(), getattr(form.module, form.opens)

    def slow(where: object) -> object:
        assert go_on.wait(30)
        return opened(where)

    monkeypatch.setattr(form.module, form.opens, slow)
    assert nearest(index, 3) == exact(catalog, 3)
    assert index._collection is None
    go_on.set()
    assert index._worker
    index._worker.join(30)
    assert nearest(index, 3) == exact(catalog, 3)
    assert is_chroma(index)


def damaged(tmp_path: Path, catalog: Catalog, pattern: str) -> None:
    with closing(FolderIndex(tmp_path, catalog)) as index:
        nearest(index, 3)
    files = [path for path in (tmp_path / "index").rglob(pattern) if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(RANDOM.bytes(3000))


@pytest.mark.parametrize("pattern", ["*", "chroma.sqlite3"])
def test_a_changed_folder_is_made_anew(tmp_path: Path, catalog: Catalog, pattern: str) -> None:
    damaged(tmp_path, catalog, pattern)
    with closing(FolderIndex(tmp_path, catalog)) as index:
        assert nearest(index, 3) == exact(catalog, 3)
        assert is_chroma(index)
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["2"]


def test_after_a_crash_a_broken_folder_is_made_anew(tmp_path: Path, catalog: Catalog) -> None:
    damaged(tmp_path, catalog, "*")
    catalog.set_meta(index='{"generation": 1, "applied": 20}')
    with closing(FolderIndex(tmp_path, catalog)) as index:
        assert nearest(index, 3) == exact(catalog, 3)
        assert is_chroma(index)
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["2"]


def crash(code: str, folder: Path) -> None:
    """Run the code on the library in another process that ends without closing anything."""
    begin = (
        "import os, sys; from pathlib import Path; from assistant.library.catalog import Catalog\n"
        "from assistant.library.folder_index import FolderIndex; folder = Path(sys.argv[1])\n"
        "catalog = Catalog(folder, 'fake'); index = FolderIndex(folder, catalog)\n"
    )
    status = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", begin + code, str(folder)])
    assert status == -9


def test_after_a_crash_a_sound_folder_is_kept(tmp_path: Path, catalog: Catalog) -> None:
    crash("index.catch_up(); os.kill(os.getpid(), 9)", tmp_path)
    put(catalog, 25)
    with closing(FolderIndex(tmp_path, catalog)) as index:
        assert nearest(index, 25)[0] == id_of(25)
        assert is_chroma(index)
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["1"]


def test_one_that_lacks_passages_is_made_anew(tmp_path: Path, catalog: Catalog, form: Form) -> None:
    with closing(form.make(tmp_path, catalog)) as index:
        nearest(index, 3)
        index._collection.delete(ids=[id_of(5)])
    with closing(form.make(tmp_path, catalog)) as index:
        assert nearest(index, 5)[0] == id_of(5)
        assert is_chroma(index)


def test_a_failing_search_is_answered_and_mended(
    index: Index, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "REST", 0.0)
    nearest(index, 3)
    index._collection.query = fail
    assert nearest(index, 3) == exact(catalog, 3)
    assert index._collection is None
    assert nearest(index, 3) == exact(catalog, 3)
    assert is_chroma(index)


def test_chroma_that_never_works(
    index: Index, catalog: Catalog, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form.module, form.opens, fail)
    for _ in range(5):
        assert nearest(index, 3) == exact(catalog, 3)


def test_a_catalog_that_cannot_be_written(
    index: Index, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: str) -> None:
        raise StoreError("read-only")

    monkeypatch.setattr(catalog, "set_meta", refuse)
    assert nearest(index, 3) == exact(catalog, 3)


def test_many_threads(index: Index, catalog: Catalog) -> None:
    wrong: list[int] = []

    def work(first: int) -> None:
        for number in range(first, first + 10):
            put(catalog, number)
            if nearest(index, number)[0] != id_of(number):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(100 + n * 10,)) for n in range(4)]
    with ExitStack() as stack:
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
    assert wrong == []
    assert index._collection.count() == 60


def test_closing_twice_or_unopened(tmp_path: Path, catalog: Catalog, form: Form) -> None:
    index = form.make(tmp_path, catalog)
    index.close()
    index.close()
