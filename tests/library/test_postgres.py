"""What a PostgreSQL server alone can do to a catalog: be away, refuse, end in the middle."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from library_fakes import EMBEDDER, BagOfWords, article
from postgres_server import PASSWORD, PostgresServer, database
from test_catalog import put

from assistant.errors import SettingsError, StoreError
from assistant.library import index as index_module
from assistant.library import postgres as postgres_module
from assistant.library.catalog import Catalog
from assistant.library.chroma import Server
from assistant.library.library import Library, open_library
from assistant.library.postgres import Address, _connected
from assistant.records import Exchange, Scope


@pytest.fixture
def url(postgres: PostgresServer, tmp_path: Path) -> str:
    return database(postgres.url(), tmp_path)


@pytest.fixture
def catalog(url: str, tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path, "fake", url)) as catalog:
        yield catalog


def _refused(url: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        Catalog(Path("nowhere"), "fake", url)
    assert "catalog_url" in str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:
        assert PASSWORD not in f"{error!r} {error}" and "wrong" not in f"{error!r} {error}"
        error = error.__cause__


def test_a_server_that_is_not_there(postgres: PostgresServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        _refused(postgres.url().replace(str(postgres.port), str(free.getsockname()[1])), "reached")


def test_a_server_that_says_nothing(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "_SECONDS_OF_SILENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        _refused(postgres.url().replace(str(postgres.port), str(port)), "reached .*timed out")


def test_what_the_address_has_wrong_is_told(postgres: PostgresServer) -> None:
    _refused(postgres.url("postgres", "wrong"), "refuses the user or the password")
    _refused(postgres.url("nothing"), "there is no database nothing on 127.0.0.1")
    _refused(postgres.url("postgres?sslmode=require"), "refuses SSL")
    with pytest.raises(SettingsError, match="sslmode=verify-full"):
        Catalog(Path("nowhere"), "fake", postgres.url("postgres?sslmode=often"))


def test_a_database_without_all_letters_is_refused(postgres: PostgresServer) -> None:
    with closing(_connected(Address.of(postgres.url()))) as db, suppress(Exception):
        db.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
    _refused(postgres.url("ascii"), "ENCODING 'UTF8'")


def test_the_password_is_in_no_description(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with closing(Catalog(Path("nowhere"), "fake", url)) as catalog:
        assert PASSWORD not in f"{Address.of(url)!r} {catalog._database.place}"
    assert Address.of(url).password == PASSWORD and PASSWORD not in caplog.text


def test_a_user_who_may_only_read(postgres: PostgresServer, url: str, catalog: Catalog) -> None:
    put(catalog, article(1, "Some text."))
    with closing(_connected(Address.of(url))) as db:
        with suppress(Exception):
            db.execute("CREATE ROLE reader LOGIN PASSWORD 'reader'")
        db.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    place = url.partition("@")[2]
    with closing(Catalog(Path("nowhere"), "fake", f"postgresql://reader:reader@{place}")) as reader:
        assert reader.by_words(["text"], 9) == ["article0001-0"]
        with pytest.raises(StoreError, match=r"does not let its user write .*grant"):
            reader.remove("article0001")
        assert reader.counts().articles == 1


def test_two_write_one_after_the_other(
    url: str, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_module, "SECONDS_TO_WAIT", 0.1)
    with closing(Catalog(Path("nowhere"), "fake", url)) as other:
        with other._database.writing():
            assert catalog.counts().articles == 0  # nobody waits to read
            with pytest.raises(StoreError, match="busy: try again"):
                put(catalog, article(1, "Some text."))
        assert put(catalog, article(1, "Some text.")) == "added"
        assert other.counts().articles == 1


def test_what_is_read_together_belongs_together(url: str, catalog: Catalog) -> None:
    with closing(Catalog(Path("nowhere"), "fake", url)) as other, catalog._database.reading():
        assert catalog.counts().articles == 0
        put(other, article(1, "Some text."))
        assert catalog.counts().articles == 0
    assert catalog.counts().articles == 1


def test_one_machine_at_a_time_is_alone(url: str, catalog: Catalog) -> None:
    entered = threading.Event()

    def enter() -> None:
        with closing(Catalog(Path("nowhere"), "fake", url)) as other, other.alone():
            entered.set()

    with catalog.alone():
        thread = threading.Thread(target=enter)
        thread.start()
        assert not entered.wait(0.3)
        assert put(catalog, article(1, "Some text.")) == "added"
    assert entered.wait(30)
    thread.join()


def test_a_nul_becomes_the_sign_for_what_has_no_letter(catalog: Catalog) -> None:
    put(catalog, article(1, "Some\0thing else.", tags=("a\0b", "\ud800x😀", "y\udc00")))
    kept = catalog.get("article0001")
    assert kept is not None and kept.text == "Some\ufffdthing else."
    assert catalog.tags() == [("a\ufffdb", 1), ("y\ufffd", 1), ("\ufffdx😀", 1)]
    assert catalog.articles(Scope(tags=("a\0b",))) == catalog.articles() != []
    assert catalog.examine() == []


def test_a_server_that_ends_and_comes_back(tmp_path: Path) -> None:
    with closing(PostgresServer()) as server:
        url = database(server.url(), tmp_path)
        with closing(Catalog(tmp_path, "fake", url)) as catalog:
            put(catalog, article(1, "Some text."))
            with (
                pytest.raises(StoreError, match=r"broke off .*try again"),
                catalog._database.writing() as db,
            ):
                db.execute("DELETE FROM articles")
                server.stop()
                db.execute("DELETE FROM passages")
            for _ in range(2):
                with pytest.raises(StoreError, match=r"cannot be reached .*start its server"):
                    catalog.counts()
            server.start()
            assert catalog.counts().articles == 1
            server.stop()
            server.start()  # while nothing was asked
            assert put(catalog, article(2, "More text.")) == "added"
            assert catalog.examine() == []


def test_a_library_moves_from_a_folder_to_a_server_and_back(url: str, tmp_path: Path) -> None:
    with open_library(tmp_path / "folder", BagOfWords(), EMBEDDER) as folder:
        folder.add_batch([article(number, tags=("Größe",)) for number in range(3)])
        folder.edit("article0001", title="Elephants")
        kept = folder.conversations
        conversation = kept.keep("ann", kept.begin("ann"), Exchange(1, "Why?", None, "So"))
        folder.save(tmp_path / "one")
        before = [folder.get(each.id) for each in folder.articles()]
    with open_library(tmp_path / "here", BagOfWords(), EMBEDDER, None, url) as shared:
        assert [outcome for _, outcome, _ in shared.take_in(tmp_path / "one")] == ["added"] * 3
        assert [shared.get(each.id) for each in shared.articles()] == before
        assert shared.tags() == [("Größe", 3)]
        shared.save(tmp_path / "two")
        assert shared.examine() == []
    with open_library(tmp_path / "back", BagOfWords(), EMBEDDER) as folder:
        assert [outcome for _, outcome, _ in folder.take_in(tmp_path / "two")] == ["added"] * 3
        assert [folder.get(each.id) for each in folder.articles()] == before
        assert folder.conversations.get("ann", conversation.id) == conversation
        assert folder.passages_with("eleph") > 0 and folder.examine() == []


def test_a_saved_library_is_one_that_can_be_used(url: str, tmp_path: Path) -> None:
    with open_library(tmp_path / "here", BagOfWords(), EMBEDDER, None, url) as shared:
        shared.add_batch([article(number) for number in range(3)])
        (tmp_path / "copy").mkdir()
        shared.save(tmp_path / "copy" / "catalog.sqlite3")
    with open_library(tmp_path / "copy", BagOfWords(), EMBEDDER) as copy:
        assert copy.search("Report2 topic2x1", 1, 5).hits[0].article.id == "article0002"
        copy._index.catch_up()
        assert copy._index._collection.count() == copy.counts().passages
        assert copy.examine() == []


def test_two_machines_keep_one_collection(
    url: str, chroma: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "PATIENCE", 60.0)
    monkeypatch.setattr(index_module, "FEW", 0)

    def opened(name: str) -> Library:
        return open_library(tmp_path / name, BagOfWords(), EMBEDDER, Server(chroma), url)

    def found(library: Library, number: int) -> str:
        hits = library.search(f"Report{number} describes topic{number}x1", 1, 9).hits
        index = library._index
        assert index._scanned is None
        assert index._collection.count() == library.counts().passages
        return hits[0].article.id

    with opened("one") as one, opened("two") as two:
        one.add_batch([article(number) for number in range(9)])
        for library in (one, two):
            assert found(library, 7) == "article0007"
        for turn, (here, there) in enumerate([(one, two), (two, one)] * 2):
            here.remove(f"article000{turn}")
            here.add(article(20 + turn))
            assert found(there, 20 + turn) == found(here, 20 + turn) == f"article002{turn}"
        names = {library._index._collection.name for library in (one, two)}
        assert names == {one._catalog.meta("collection")}
    with opened("three") as three:
        assert three.examine() == []
        assert found(three, 8) == "article0008"
