from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from library_fakes import article
from library_fakes import catalog as opened
from unwritable import unwritable

from assistant.errors import StoreError
from assistant.library.catalog import Catalog
from assistant.library.database import FILE
from assistant.library.identity import Incoming
from assistant.library.tables import PreparedPassage
from assistant.records import Article, Span

pytestmark = pytest.mark.usefixtures("home")

CHANGES = pytest.mark.parametrize(
    "change",
    [
        lambda catalog: put(catalog, article(2)),
        lambda catalog: catalog.remove("article0001"),
        lambda catalog: catalog.set_meta(key="value"),
    ],
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(opened(tmp_path / "store")) as catalog:
        yield catalog


def prepared(text: str) -> list[PreparedPassage]:
    vectors = np.eye(2, 384, dtype=np.float32)
    middle = text.index(" ")
    sentences = (Span(0, middle), Span(middle + 1, len(text)))
    return [PreparedPassage(Span(0, len(text)), vectors[0], sentences, vectors)]


def put(catalog: Catalog, item: Article) -> str:
    return catalog.put([(Incoming(item), prepared(item.text))])[0]


def test_comes_back_as_it_went_in(catalog: Catalog) -> None:
    item = article(
        1, "Über cafés.", authors=("A", "B"), published=date(2025, 3, 18), tags=("x", "y z")
    )
    assert put(catalog, item) == "added"
    assert catalog.get(item.id) == item
    [stored] = catalog.load(["article0001-0", "article0009-0"])
    assert stored.text == item.text
    assert stored.passage.sentences == (Span(0, 4), Span(5, 11))
    assert stored.vector.dtype == stored.sentence_vectors.dtype == np.float32
    assert stored.sentence_vectors.shape == (2, 384)
    assert catalog.counts().__class__(1, 1, 2) == catalog.counts()


def test_the_same_twice(catalog: Catalog) -> None:
    put(catalog, article(1, "Some text."))
    seq = catalog.seq()
    assert put(catalog, article(1, "Some text.")) == "same"
    assert put(catalog, article(1, "some\n\n TEXT.\n")) == "same"
    assert put(catalog, article(2, "Some text.")) == "same"
    assert catalog.seq() == seq
    assert [each.id for each in catalog.articles()] == ["article0001"]


def test_a_changed_text_replaces_the_old_one(catalog: Catalog) -> None:
    put(catalog, article(1, "Old elephants."))
    assert put(catalog, article(1, "New giraffes.", id="another")) == "updated"
    assert catalog.by_words(["elephants"], 9) == []
    assert catalog.by_words(["giraffes"], 9) == ["article0001-0"]
    assert catalog.passages_with("eleph") == 0
    assert catalog.counts().articles == 1


def test_a_changed_title_replaces_the_old_one(catalog: Catalog) -> None:
    put(catalog, article(1, "Some text.", title="Elephants"))
    assert put(catalog, article(1, "Some text.", title="Giraffes")) == "updated"
    assert catalog.by_words(["elephants"], 9) == []


def test_a_text_that_becomes_another_articles_text(catalog: Catalog) -> None:
    put(catalog, article(1, "First text."))
    put(catalog, article(2, "Second text."))
    assert catalog.settles(Incoming(article(2, "First text.")))
    assert [each.id for each in catalog.articles()] == ["article0001"]


def test_order(catalog: Catalog) -> None:
    for number, (title, published) in enumerate(
        [("b", None), ("A", None), ("c", date(2024, 1, 1)), ("d", date(2025, 1, 1))]
    ):
        put(catalog, article(number, f"Text {number}.", title=title, published=published))
    assert [each.title for each in catalog.articles()] == ["d", "c", "A", "b"]


def test_get_by_prefix(catalog: Catalog) -> None:
    for number in (1, 2, 10):
        put(catalog, article(number, f"Text {number}."))
    found = catalog.get("article001")
    assert found and found.id == "article0010"
    assert catalog.get("article000") is None
    assert catalog.get("") is None
    assert catalog.get("%") is None


def test_words_are_found_by_stem_and_without_accents(catalog: Catalog) -> None:
    put(catalog, article(1, "The cafés were relating stories."))
    for word in ("cafe", "CAFÉS", "relates", "story"):
        assert catalog.by_words([word], 9) == ["article0001-0"]
    assert catalog.by_words(["nothing"], 9) == []
    assert catalog.by_words([], 9) == []


def test_a_title_counts(catalog: Catalog) -> None:
    put(catalog, article(1, "An elephant among many other things that are here.", title="Zoo"))
    put(catalog, article(2, "A beast among many other things that are here.", title="Elephant"))
    assert catalog.by_words(["elephant"], 9) == ["article0002-0", "article0001-0"]


@pytest.mark.parametrize(
    ("stem", "count"),
    [
        *[
            ("conce", 2),
            ("CONCERT", 1),
            ("concep", 0),
            ("using", 0),
            ("numbe", 2),
            ("concert tick", 1),
        ],
        *[("", 0), ('"*', 0), ("😀", 0), ("a-b", 0), ("_", 0)],
    ],
)
def test_passages_with(catalog: Catalog, stem: str, count: int) -> None:
    put(catalog, article(1, "Concert tickets."))
    put(catalog, article(2, "Useful concessions."))
    assert catalog.passages_with(stem) == count


def test_an_interrupted_change_changes_nothing(catalog: Catalog) -> None:
    put(catalog, article(1, "Old text."))

    def broken() -> Iterator[PreparedPassage]:
        yield prepared("New text.")[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalog.put([(Incoming(article(1, "New text.")), broken())])
    kept = catalog.get("article0001")
    assert kept and kept.text == "Old text."
    assert catalog.by_words(["old"], 9) == ["article0001-0"]


def test_another_embedder_is_refused(tmp_path: Path) -> None:
    opened(tmp_path, "one").close()
    with pytest.raises(
        StoreError, match=r"embedder one, not two; choose .*(ASSISTANT_STORE|catalog_url)"
    ):
        opened(tmp_path, "two")


def test_another_version_is_refused(tmp_path: Path) -> None:
    with closing(opened(tmp_path, "one")) as catalog:
        catalog.set_meta(schema="99")
    with pytest.raises(StoreError, match="newer version"):
        opened(tmp_path, "one")


@pytest.mark.folder
def test_a_damaged_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"junk" * 5000)
    with pytest.raises(StoreError, match="is damaged: see what can be saved"):
        Catalog(tmp_path, "fake")


@pytest.mark.folder
def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    with pytest.raises(StoreError, match=r"cannot use the folder .*ASSISTANT_STORE"):
        Catalog(tmp_path / "store", "fake")


@pytest.mark.folder
def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    with unwritable(tmp_path), pytest.raises(StoreError, match="Permission denied"):
        Catalog(tmp_path / "store", "fake")


@pytest.mark.folder
@CHANGES
def test_a_read_only_folder_can_be_read(
    tmp_path: Path, change: Callable[[Catalog], object]
) -> None:
    with closing(Catalog(tmp_path, "fake")) as catalog:
        put(catalog, article(1, "Some text."))
    with unwritable(tmp_path), closing(Catalog(tmp_path, "fake")) as catalog:
        assert catalog.by_words(["text"], 9) == ["article0001-0"]
        with pytest.raises(StoreError, match="is read-only: choose another folder"):
            change(catalog)
        assert catalog.counts().articles == 1


@pytest.mark.folder
def test_a_full_disk(catalog: Catalog) -> None:
    catalog._database._db.execute("PRAGMA max_page_count = 60")
    with pytest.raises(StoreError, match="is full: free some space"):
        put(catalog, article(1, "Some text. " * 50_000))
    assert catalog.counts().articles == 0


@pytest.mark.folder
def test_a_busy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.library.database.SECONDS_TO_WAIT", 0.1)
    with closing(Catalog(tmp_path, "fake")) as catalog:
        with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="busy: try again"):
                put(catalog, article(1, "Some text."))
        assert put(catalog, article(1, "Some text.")) == "added"


def test_text_that_cannot_be_stored(catalog: Catalog) -> None:
    with pytest.raises(StoreError, match="UTF-8"):
        put(catalog, article(1, "Some text.", source="/bad\udcff.txt"))


def test_many_threads(catalog: Catalog) -> None:
    def work(first: int) -> None:
        for number in range(first, first + 10):
            put(catalog, article(number, f"Text {number}."))
            catalog.by_words(["text"], 5)

    threads = [threading.Thread(target=work, args=(n * 10,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert catalog.counts().articles == 40
    assert catalog.passages_with("text") == 40


def test_changes_tell_what_to_look_at_again(catalog: Catalog) -> None:
    put(catalog, article(1, "Some text."))
    put(catalog, article(2, "More text."))
    last, ids = catalog.changed(0, 1)
    assert ids == ["article0001-0"]
    assert catalog.changed(last, 9) == (catalog.seq(), ["article0002-0"])
    catalog.remove("article0001")
    assert catalog.changed(0, 9)[1] == ["article0001-0", "article0002-0"]
    assert catalog.vectors_of(["article0001-0", "article0002-0"])[0] == ["article0002-0"]
    assert catalog.vectors()[1] == ["article0002-0"]
