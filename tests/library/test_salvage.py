from __future__ import annotations

import random
from pathlib import Path

import pytest
from filelock import FileLock
from library_fakes import article, opened

from assistant.errors import StoreError
from assistant.library.database import FILE
from assistant.library.salvage import damage, salvage

ARTICLES = 60
PAGE = 4096


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with opened(tmp_path / "store") as library:
        library.add_batch([article(number) for number in range(1, ARTICLES + 1)])
        library.search("topic1x0", 3, 10)
    return tmp_path / "store"


def _spoil(store: Path, pages: list[int]) -> None:
    with (store / FILE).open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE)
            file.write(random.Random(page).randbytes(PAGE))


def test_a_sound_file_is_left_alone(store: Path, tmp_path: Path) -> None:
    assert damage(store) is None
    assert damage(tmp_path / "nothing here") is None


@pytest.mark.parametrize("seed", range(12))
def test_what_can_be_read_of_a_damaged_file_is_saved(store: Path, seed: int) -> None:
    there = (store / FILE).stat().st_size // PAGE
    _spoil(store, random.Random(seed).sample(range(1, there), 3))
    if damage(store) is None:
        pytest.fail("the spoilt pages were not noticed")
    saved = salvage(store)
    assert saved.articles + saved.lost >= ARTICLES - 30
    assert (saved.kept / FILE).stat().st_size == there * PAGE
    assert damage(store) is None
    with opened(store) as library:
        library.mend(library.examine())
        assert library.examine() == []
        assert len(library.articles()) == saved.articles
        for info in library.articles():
            number = int(info.id[-4:])
            assert library.get(info.id) == article(number)
            found = library.search(f"Report{number} describes topic{number}x2", 4, 10).hits
            assert info.id in {hit.article.id for hit in found}
            assert all(0 <= hit.similarity <= 1.001 for hit in found)


def test_most_articles_survive_a_spoilt_page(store: Path) -> None:
    there = (store / FILE).stat().st_size // PAGE
    saved = []
    for page in range(2, there, there // 8):
        original = (store / FILE).read_bytes()
        _spoil(store, [page])
        if damage(store):
            saved.append(salvage(store).articles)
        (store / FILE).write_bytes(original)
        for kept in store.glob("damaged-*"):
            kept.rename(store.parent / f"{kept.name}-{page}")
    assert len(saved) > 3
    assert sorted(saved)[1] >= ARTICLES - 4


def test_a_file_that_is_no_database_says_what_to_do(store: Path) -> None:
    (store / FILE).write_bytes(b"not a database at all, " * 1000)
    assert damage(store)
    with pytest.raises(StoreError, match="restore it from a copy"):
        salvage(store)
    assert (store / FILE).read_bytes().startswith(b"not a database")


def test_a_library_in_use_is_not_touched(store: Path) -> None:
    _spoil(store, [5, 6])
    before = (store / FILE).read_bytes()
    with (
        FileLock(store / "index.lock", thread_local=False),
        pytest.raises(StoreError, match="close the page"),
    ):
        salvage(store)
    assert (store / FILE).read_bytes() == before
