"""The disk is full while something is written: nothing acknowledged is lost, all goes on later."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from browser.fake_app import FakeApp
from library_fakes import article, opened, wait_for_the_index
from small_disk import small_disk

from assistant import config
from assistant.config import Settings
from assistant.errors import StoreError
from assistant.library import index as index_module
from assistant.library.library import Library
from assistant.records import Exchange
from assistant.ui.chat import Chat


class Disk(NamedTuple):
    store: Path
    fill: Callable[[Library], None]
    make_room: Callable[[Library], None]


@contextmanager
def _limited_database(folder: Path) -> Iterator[Disk]:
    """Without a disk of its own: SQLite itself says that there is no room for another page."""

    def fill(library: Library) -> None:
        db = library._catalog._database._db
        [pages] = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")

    def make_room(library: Library) -> None:
        library._catalog._database._db.execute("PRAGMA max_page_count = 1073741823")

    yield Disk(folder / "store", fill, make_room)


@contextmanager
def _full_disk(folder: Path) -> Iterator[Disk]:
    with small_disk(folder / "disk") as disk:
        yield Disk(disk.folder / "store", lambda _: disk.fill(), lambda _: disk.make_room())


@pytest.fixture(params=[_limited_database, _full_disk], ids=["database", "disk"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with request.param(tmp_path) as disk:
        yield disk


def _add_until_full(library: Library, first: int) -> list[int]:
    """The numbers of the articles that were acknowledged."""
    for number in range(first, first + 200):
        try:
            library.add(article(number))
        except StoreError as error:
            assert "is full: free some space and try again" in str(error)
            return list(range(first, number))
    raise AssertionError("the disk was never full")


def _numbers(library: Library) -> list[int]:
    return sorted(int(info.id[-4:]) for info in library.articles())


def _finds(library: Library, number: int) -> bool:
    hits = library.search(f"Report{number} describes topic{number}x1", 3, 10).hits
    return any(hit.article.id == f"article{number:04d}" for hit in hits)


def test_adding(disk: Disk) -> None:
    with opened(disk.store) as library:
        library.add_batch([article(number) for number in range(5)])
        assert _finds(library, 3)
        disk.fill(library)
        kept = [*range(5), *_add_until_full(library, 5)]
        assert _numbers(library) == kept
        assert all(_finds(library, number) for number in kept)
        disk.make_room(library)
        library.add(article(900))
        assert _finds(library, 900)
    with opened(disk.store) as library:
        assert _numbers(library) == [*kept, 900]
        assert library.examine() == []


def test_chroma(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_the_index(monkeypatch)
    monkeypatch.setattr(index_module, "REST", 0.5)
    with opened(disk.store) as library:
        library.add_batch([article(number) for number in range(5)])
        assert _finds(library, 3)
        library.add_batch([article(number) for number in range(5, 40)])
        disk.fill(library)
        assert _finds(library, 30)  # the index would have to take it in first
        disk.make_room(library)
        time.sleep(0.6)
        assert _finds(library, 31)
        assert library._index._collection.count() == library.counts().passages
        assert library.index_state().behind == 0


def test_opening(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        with opened(disk.folder / "store") as library:
            library.add_batch([article(number) for number in range(5)])
            assert _finds(library, 3)
        disk.fill()
        with pytest.raises(StoreError, match="is full: free some space"):
            opened(disk.folder / "store")
        disk.make_room()
        with opened(disk.folder / "store") as library:
            assert _numbers(library) == list(range(5))
            assert _finds(library, 4)


def test_settings(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        settings = Settings(store=disk.folder / "store")
        config.save(settings, passages=7)
        disk.fill()
        with pytest.raises(StoreError, match="No space left"):
            config.save(settings, passages=8)
        file = config.settings_file(settings.store)
        assert file.read_text() == "passages = 7\n"
        disk.make_room()
        assert config.save(settings, passages=9).passages == 9


def _request(page: str = "page") -> Any:
    return SimpleNamespace(
        session_hash=page, username=None, cookies={"reader": "me"}, headers={}, query_params={}
    )


def _asked(chat: Chat, question: str) -> str:
    """What the page shows in the end."""
    shown = [live.turn for live in chat.ask(question, {}, _request()) if isinstance(live.turn, str)]
    return shown[-1]


@contextmanager
def _chat(disk: Disk) -> Iterator[Chat]:
    app = FakeApp(disk.store, pause=0)
    try:
        yield Chat(app)  # type: ignore[arg-type]
    finally:
        app.library.close()


def _kept(app: Any) -> list[tuple[int, bool]]:
    [conversation] = app.conversations()
    return [(each.number, each.answer is not None) for each in app.exchanges(conversation)]


def test_an_answer_is_shown_and_kept_with_the_next_one(disk: Disk) -> None:
    with _chat(disk) as chat:
        library = chat.app.library
        assert "14%" in _asked(chat, "What of the frost?")
        disk.fill(library)
        # So much that it does not fit into what SQLite still has.
        conversation = library.conversations.begin("somebody")
        with pytest.raises(StoreError):
            for number in range(1, 500):
                exchange = Exchange(number, "Is there room? " * 20, None)
                conversation = library.conversations.keep("somebody", conversation, exchange)
        for question in ("And what of the frost?", "What of the frost then?"):
            shown = _asked(chat, question)
            assert "14% dearer" in shown
            assert "not kept yet" in shown and "free some space" in shown
        disk.make_room(library)
        library.conversations.delete("somebody", conversation.id)
        assert "not kept yet" not in _asked(chat, "Once more, the frost?")
        assert _kept(chat.app) == [(number, True) for number in (1, 2, 3, 4)]


def test_an_answer_is_kept_when_its_page_goes(disk: Disk) -> None:
    with _chat(disk) as chat:
        library = chat.app.library
        keep = library.conversations.keep
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(library.conversations), "keep", _full)
            assert "not kept yet" in _asked(chat, "What of the frost?")
        assert library.conversations.keep == keep
        chat.closed(_request())
        assert _kept(chat.app) == [(1, True)]


def _full(*_: object) -> None:
    raise StoreError("the disk is full: free some space and try again")
