"""What becomes of an article that the library has already, from this source or another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from library_fakes import article, opened

from assistant.library.catalog import Catalog
from assistant.library.database import FILE
from assistant.library.identity import Incoming
from assistant.library.library import Library

pytestmark = pytest.mark.usefixtures("home")

REPORT = """
The harbour of Kolm is to be dredged again this winter, the port authority said on Monday. Ships
with a draught of more than nine metres have had to wait for high water since the storm of October
moved sand into the channel. The work will cost four million euros and take until the end of March,
said the harbour master, Vera Lund. The ferry to Orlo keeps its timetable; only the night crossing
on Sundays falls out. Fishermen fear for the herring, which spawns in the shallows east of the quay.
A study by the university found no harm after the last dredging, which was ten years ago.
""".replace("\n", " ").strip()
EDITED = (
    REPORT.replace("Monday", "monday").replace("is to be dredged", "will be dredged") + " (dpa)"
)
OTHER = REPORT.replace("Kolm", "Varn").replace("herring", "cod")[::-1]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "store") as library:
        yield library


def _ids(library: Library) -> list[str]:
    return [each.id for each in library.articles()]


def test_a_near_copy_is_the_same_article_from_another_source(library: Library) -> None:
    assert library.add(article(1, REPORT)) == "added"
    assert library.add(article(2, EDITED, source="https://other.example/kolm")) == "same"
    assert _ids(library) == ["article0001"]
    assert library.sources("article0001") == ["/articles/1.txt", "https://other.example/kolm"]
    # Read again, neither is a change, and the text stays that of the first.
    assert library.add(article(2, EDITED, source="https://other.example/kolm")) == "same"
    assert library.add(article(1, REPORT)) == "same"
    kept = library.get("article0001")
    assert kept is not None and (kept.text, kept.version) == (REPORT, 1)


def test_another_address_of_the_same_article(library: Library) -> None:
    first = article(1, REPORT, source="https://www.news.example/kolm?utm_source=mail")
    library.add(first)
    text = OTHER + " Quite another text stands there now."
    again = article(
        2, text, source="https://news.example/amp/kolm", url="https://news.example/kolm"
    )
    assert library.add(again) == "updated"
    [kept] = library.articles()
    assert (kept.id, kept.version) == ("article0001", 2)
    assert library.sources(kept.id) == [first.source, again.source]


def test_front_pages_do_not_make_articles_the_same(library: Library) -> None:
    for number, text in ((1, REPORT), (2, OTHER)):
        library.add(article(number, text, url="https://news.example/"))
    assert len(_ids(library)) == 2


def test_a_changed_article_keeps_what_it_said(library: Library) -> None:
    library.add(article(1, REPORT, published=date(2026, 1, 5), pages=(0, 90)))
    assert library.add(article(1, OTHER, modified=date(2026, 1, 9))) == "updated"
    now, before = library.get("article0001"), library.version("article0001", 1)
    assert now is not None and before is not None
    assert (now.text, now.version, now.modified) == (OTHER, 2, date(2026, 1, 9))
    assert (before.text, before.version) == (REPORT, 1)
    assert (before.published, before.pages) == (date(2026, 1, 5), (0, 90))
    assert library.version("article0001", 2) == now
    assert library.version("article0001", 3) is None


def test_another_title_is_an_update_but_no_version(library: Library) -> None:
    library.add(article(1, REPORT, title="Kolm"))
    assert library.add(article(1, REPORT, title="Kolm dredges")) == "updated"
    [now] = library.articles()
    assert (now.title, now.version) == ("Kolm dredges", 1)


def test_a_second_source_that_turns_to_something_else_leaves(library: Library) -> None:
    library.add(article(1, REPORT))
    library.add(article(2, EDITED))
    assert library.add(article(2, OTHER)) == "added"
    assert sorted(_ids(library)) == ["article0001", "article0002"]
    assert library.sources("article0001") == ["/articles/1.txt"]
    assert library.sources("article0002") == ["/articles/2.txt"]


def test_a_first_source_that_leaves_hands_the_article_on(library: Library) -> None:
    library.add(article(1, REPORT))
    library.add(article(2, EDITED))
    library.add(article(3, OTHER))
    assert library.add(article(1, OTHER)) == "same"
    by_id = {each.id: each.source for each in library.articles()}
    assert by_id == {"article0001": "/articles/2.txt", "article0003": "/articles/3.txt"}
    # The id of its source is taken; it gets another.
    assert library.add(article(1, "Something new altogether stands here.")) == "added"
    assert len(_ids(library)) == 3


def test_what_is_removed_can_be_added_again(library: Library) -> None:
    library.add(article(1, REPORT))
    library.add(article(2, EDITED))
    library.remove("article0001")
    assert library.sources("article0001") == []
    assert library.add(article(2, EDITED)) == "added"


def test_two_copies_in_one_go(library: Library) -> None:
    articles = [article(1, REPORT), article(2, EDITED), article(3, OTHER)]
    assert library.add_batch(articles) == ["added", "same", "added"]
    assert library.add_batch([article(4, "Quite new."), *articles]) == ["added", *["same"] * 3]


@pytest.mark.folder
def test_a_library_of_version_1_opens(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "libraries" / "version-1.sqlite3", tmp_path / FILE)
    catalog = Catalog(tmp_path, "minilm")
    try:
        assert catalog.meta("schema") == "3"
        bridge, bees = catalog.articles()
        assert (bridge.title, bridge.published) == ("The Tamsel bridge", date(2024, 5, 4))
        assert (bridge.tags, bridge.version, bridge.url) == (("bridges", "Tamsel"), 1, None)
        assert catalog.sources(bees.id) == ["/articles/bees.html"]
        assert catalog.by_words(["mite"], 3) == [f"{bees.id}-0"]
        assert catalog.passages_with("euros") == 1
        [passage] = catalog.load([f"{bridge.id}-0"])
        assert passage.sentence_vectors.shape == (3, 384)
    finally:
        catalog.close()


@pytest.mark.folder
def test_an_article_of_version_1_read_again_is_the_same(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "libraries" / "version-1.sqlite3", tmp_path / FILE)
    catalog = Catalog(tmp_path, "minilm")
    try:
        bees = catalog.get("1a2b")
        assert bees is not None
        assert catalog.settles(Incoming(bees))
    finally:
        catalog.close()
