from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from library_fakes import article, opened

from assistant.library.library import Library

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "store") as library:
        library.add_batch([article(number) for number in range(1, 5)])
        library.search("topic1x0", 3, 10)
        yield library


def test_a_sound_library(library: Library) -> None:
    assert library.examine() == []


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM passages WHERE article_id = 'article0002'", "1 article with passages"),
        ("DELETE FROM sentences", "4 articles with passages"),
        (
            "UPDATE passages SET vector = substr(vector, 3) WHERE key = 1",
            "passages that are missing",
        ),
        ("UPDATE passages SET stop = 99999 WHERE key = 1", "lie outside the text"),
        ("DELETE FROM words WHERE rowid < 6", "cannot be found by their words"),
        ("UPDATE words SET text = 'x' WHERE rowid = 1", "cannot be found by their words"),
        ("DELETE FROM sources WHERE article_id = 'article0001'", "where they were read"),
        ("DELETE FROM articles WHERE id = 'article0003'", "left something behind"),
    ],
)
def test_what_is_wrong_is_told_and_mended(library: Library, harm: str, told: str) -> None:
    with library._catalog._database.writing() as db:
        db.execute(harm)
    findings = library.examine()
    assert told in " ".join(finding.told for finding in findings)
    library.mend(findings)
    assert library.examine() == []
    for info in library.articles():
        number = info.id[-1]
        found = library.search(f"Report{number} describes topic{number}x2", 1, 10).hits
        assert found[0].article.id == info.id
        assert library.passages_with(f"topic{number}"[:5]) > 0


@pytest.mark.folder
def test_a_torn_index_is_told_and_made_anew(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as library:
        library.add_batch([article(number) for number in range(1, 5)])
        library.search("topic1x0", 3, 10)
        library._index.catch_up()
    for file in (tmp_path / "store" / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn")
    with opened(tmp_path / "store") as library:
        findings = library.examine()
        assert [finding.kind for finding in findings] == ["index"]
        library.mend(findings)
        assert library.examine() == []
        assert (
            library.search("Report1 describes topic1x0", 1, 10).hits[0].article.id == "article0001"
        )
