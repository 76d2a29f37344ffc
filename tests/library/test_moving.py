from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from library_fakes import BagOfWords, article, opened

from assistant.errors import SourceError, StoreError

pytestmark = pytest.mark.usefixtures("home")


def test_a_library_goes_into_a_file_and_comes_out_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "all.articles"
    with opened(tmp_path / "here") as here:
        here.add_batch([article(number) for number in range(1, 4)])
        here.add(article(2, "It says something else now.", tags=("new",)))
        here.save(file)
        before = {info.id: here.get(info.id) for info in here.articles()}
        found = [hit.passage.id for hit in here.search("topic3x1", 3, 10).hits]
    embeddings = BagOfWords()
    with opened(tmp_path / "there", embeddings) as there:
        there.add(article(1))
        documents = embeddings.documents
        taken = [(info.id, outcome, total) for info, outcome, total in there.take_in(file)]
        assert sorted(taken) == [
            ("article0001", "same", 3), ("article0002", "added", 3), ("article0003", "added", 3)
        ]  # fmt: skip
        assert embeddings.documents == documents  # nothing is embedded again
        assert {info.id: there.get(info.id) for info in there.articles()} == before
        assert [hit.passage.id for hit in there.search("topic3x1", 3, 10).hits] == found
        old = there.version("article0002", 1)
        assert old is not None and old.text == article(2).text
        assert there.examine() == []
        assert [outcome for _, outcome, _ in there.take_in(file)] == ["same"] * 3


@pytest.mark.folder
def test_nothing_is_taken_in_where_the_disk_is_nearly_full(tmp_path: Path) -> None:
    file = tmp_path / "all.articles"
    with opened(tmp_path / "here") as here:
        here.add(article(1))
        here.save(file)
    with opened(tmp_path / "there") as there:
        there.keeps_free = 10**18
        with pytest.raises(StoreError, match="free some space"):
            list(there.take_in(file))
        assert there.counts().articles == 0


def test_no_file_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "all.articles"
    file.write_text("precious")
    with opened(tmp_path / "here") as here, pytest.raises(StoreError, match="there already"):
        here.save(file)
    assert file.read_text() == "precious"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with opened(tmp_path / "here") as here, pytest.raises(StoreError, match="cannot write"):
        here.save(tmp_path / "nowhere" / "all.articles")


@pytest.mark.parametrize("content", [b"", b"no library " * 99])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    with opened(tmp_path / "here") as here, pytest.raises(SourceError, match="x is no library"):
        list(here.take_in(file))


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x")) as db:
        db.execute("CREATE TABLE meta (key TEXT)")
    with opened(tmp_path / "here") as here, pytest.raises(SourceError, match="x is no library"):
        list(here.take_in(tmp_path / "x"))


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with opened(tmp_path / "here") as here, pytest.raises(SourceError, match="cannot be read"):
        list(here.take_in(tmp_path / "missing"))
