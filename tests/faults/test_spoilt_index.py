"""Chroma's folder is deleted or spoilt while it is open: searches go on, and it is made anew."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from library_fakes import article, finds, is_chroma, opened, wait_for_the_index

from assistant.library import folder_index
from assistant.library import index as index_module
from assistant.library.library import Library

ARTICLES = 60


@pytest.fixture(autouse=True)
def waits_for_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for_the_index(monkeypatch)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path) as library:
        library.add_batch([article(number) for number in range(ARTICLES)])
        assert finds(library, 7)
        assert is_chroma(library)
        yield library


def _written_over(files: list[Path]) -> None:
    for file in files:
        with file.open("r+b") as out:
            out.write(os.urandom(file.stat().st_size))


def _deleted(files: list[Path]) -> None:
    shutil.rmtree(next(p for p in files[0].parents if p.name == "index"))


def _a_file_instead(files: list[Path]) -> None:
    folder = next(p for p in files[0].parents if p.name == "index")
    shutil.rmtree(folder)
    folder.write_bytes(b"garbage")


def _replaced(files: list[Path]) -> None:
    for file in files:
        file.unlink()
        file.write_bytes(os.urandom(3000))


def _emptied(files: list[Path]) -> None:
    for file in files:
        os.truncate(file, 0)


def _vectors_spoilt(files: list[Path]) -> None:
    """What ends the process that opens it, with all else as it was."""
    _written_over([file for file in files if file.name == "data_level0.bin"])


SPOILS = [_deleted, _a_file_instead, _written_over, _replaced, _emptied, _vectors_spoilt]


def _files(library: Library) -> list[Path]:
    return [path for path in library._index._generation().rglob("*") if path.is_file()]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_it_is_made_anew_without_a_restart(
    library: Library, spoil: Callable[[list[Path]], None]
) -> None:
    spoil(_files(library))
    assert finds(library, 7)
    library.add(article(500))
    library.remove("article0003")
    assert finds(library, 500)
    assert finds(library, 8)
    assert not finds(library, 3)
    assert is_chroma(library)


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_what_no_search_has_met_is_met_at_the_next_start(
    tmp_path: Path, spoil: Callable[[list[Path]], None]
) -> None:
    with opened(tmp_path) as library:
        library.add_batch([article(number) for number in range(ARTICLES)])
        assert finds(library, 7)
        spoil(_files(library))
    with opened(tmp_path) as library:
        assert finds(library, 7)
        assert is_chroma(library)


def test_an_index_that_cannot_be_made_is_tried_again_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: Path) -> object:
        raise RuntimeError("no Chroma today")

    monkeypatch.setattr(index_module, "REST", 0.3)
    with monkeypatch.context() as patch:
        patch.setattr(folder_index, "open_collection", fail)
        _deleted(_files(library))
        for _ in range(5):
            assert finds(library, 7)
        assert not is_chroma(library)
    time.sleep(0.4)
    assert finds(library, 7)
    assert is_chroma(library)
