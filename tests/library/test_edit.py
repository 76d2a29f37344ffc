"""What a person changes of an article, takes out and puts back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from library_fakes import BagOfWords, article, opened

from assistant.errors import UsageError
from assistant.library import folder_index
from assistant.library import index as index_module
from assistant.library.library import Library
from assistant.records import Scope

pytestmark = pytest.mark.usefixtures("home")

TABLES = ("articles", "sources", "urls", "bands", "versions", "edits", "places")
DAY = date(2024, 5, 4)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "PATIENCE", 60.0)
    monkeypatch.setattr(index_module, "FEW", 0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "store") as library:
        for number in range(1, 4):
            library.add(article(number, tags=("one", f"tag{number}"), published=DAY))
        yield library


def found(library: Library, question: str) -> list[str]:
    return [hit.passage.id for hit in library.search(question, 4, 30).hits]


def everything(library: Library) -> dict[str, Any]:
    """All that is kept of articles, but for the numbers of rows."""
    with library._catalog._database.reading() as db:
        rows = {
            table: sorted(tuple(row) for row in db.execute(f"SELECT * FROM {table}"))
            for table in TABLES
        }
        rows["passages"] = sorted(
            tuple(row)
            for row in db.execute(
                "SELECT p.id, p.article_id, start, stop, vector, spans, vectors, title, text"
                " FROM passages p JOIN sentences USING (key) JOIN words w ON w.rowid = p.key"
            )
        )
    return rows


# --- Editing --------------------------------------------------------------------------------------


def test_an_edited_title_is_found_and_the_old_one_is_not(library: Library) -> None:
    ids, before = library._catalog.passage_ids("article0003"), library.get("article0003")
    assert before is not None
    assert library.passages_with("zebra") == 0
    edited = library.edit("article0003", title=" On\n zebras ")
    assert edited is not None and edited.title == "On zebras"
    assert library.get("article0003") == replace(before, title="On zebras")
    assert library._catalog.passage_ids("article0003") == ids
    assert sorted(found(library, "zebras")) == sorted(ids)
    assert library.passages_with("zebra") == len(ids)
    assert not set(ids) & set(library._catalog.by_words(["number"], 99))
    assert library._index._collection.count() == library.counts().passages
    assert library.examine() == []


def test_an_edited_title_stands_in_the_vectors(library: Library) -> None:
    sentences = [
        s.vector
        for hit in library.passages_of("article0003", np.zeros(384, np.float32))
        for s in hit.sentences
    ]
    library.edit("article0003", title="On zebras")
    vector = np.array(BagOfWords().embed_query("x"), np.float32)
    hits = library.passages_of("article0003", vector)
    for hit in hits:
        expected = BagOfWords().embed_query(f"On zebras\n{hit.text}")
        [stored] = library._catalog.load([hit.passage.id])
        assert stored.vector == pytest.approx(expected, abs=1e-3)
        assert stored.article.title == "On zebras"
    after = [s.vector for hit in hits for s in hit.sentences]
    assert np.array_equal(np.array(sentences), np.array(after))


def test_only_what_a_title_stands_in_is_embedded_again(library: Library) -> None:
    embeddings = library._embeddings
    assert isinstance(embeddings, BagOfWords)
    before = embeddings.documents
    library.edit("article0003", tags=["x"], authors=["Ann"], published=None)
    library.edit("article0003", title="Number 3")
    assert embeddings.documents == before
    library.edit("article0003", title="On zebras")
    assert embeddings.documents == before + len(library._catalog.passage_ids("article0003"))


def test_authors_day_and_tags(library: Library) -> None:
    edited = library.edit(
        "article0003",
        authors=["  Ann\tBerg ", "", "Jo"],
        published=date(2020, 1, 2),
        tags=["Ports", "ports ", "", "Öl", "öl"],
    )
    assert edited is not None
    assert (edited.title, edited.authors) == ("Number 3", ("Ann Berg", "Jo"))
    assert (edited.published, edited.tags) == (date(2020, 1, 2), ("Ports", "Öl"))
    assert [each.id for each in library.articles(Scope(tags=("öL",)))] == ["article0003"]
    assert library.search("report3", 1, 5).hits[0].article == edited
    for changes, day in (({"tags": []}, date(2020, 1, 2)), ({"published": None}, None)):
        edited = library.edit("article0003", **changes)  # type: ignore[arg-type]
        assert edited is not None and (edited.published, edited.tags) == (day, ())
    assert library.edit("article0003") == edited


def test_what_cannot_be_edited(library: Library) -> None:
    before = everything(library)
    assert library.edit("nowhere", title="x") is None
    assert library.edit("article", title="x") is None  # no beginning of an id either
    with pytest.raises(UsageError, match="title is empty"):
        library.edit("article0003", title=" \n", tags=["x"])
    assert everything(library) == before


def test_an_edit_stays_when_the_source_is_read_again(library: Library) -> None:
    source = article(3, tags=("one", "tag3"), published=DAY)
    edited = library.edit("article0003", title="On zebras", tags=["mine"], published=None)
    assert library.add(source) == "same"
    assert library._catalog.info("article0003") == edited


def test_an_edit_stays_when_the_text_has_changed(library: Library) -> None:
    library.edit("article0003", title="On zebras", tags=["mine"])
    text = "They run now. They run far."
    assert library.add(article(3, text, authors=("Ann",))) == "updated"
    now = library.get("article0003")
    assert now is not None
    assert (now.title, now.tags, now.text, now.version) == ("On zebras", ("mine",), text, 2)
    assert (now.authors, now.published) == (("Ann",), None)  # as the source tells
    [stored] = library._catalog.load(["article0003-0"])
    assert stored.vector == pytest.approx(
        BagOfWords().embed_query(f"On zebras\n{stored.text}"), abs=1e-3
    )
    assert library.passages_with("zebra") == 1
    assert library.add(article(3, text, authors=("Ann",))) == "same"


def test_what_was_not_edited_follows_the_source(library: Library) -> None:
    # A form sends all fields; only the tags are others.
    library.edit("article0003", title="Number 3", published=DAY, tags=["mine"])
    told = article(3, title="Number three", published=date(2024, 5, 9), tags=("theirs",))
    assert library.add(told) == "updated"
    now = library.get("article0003")
    assert now is not None and now.version == 1
    assert (now.title, now.published, now.tags) == ("Number three", date(2024, 5, 9), ("mine",))


class _Interrupted(BagOfWords):
    """Does something when it is first asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Any = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        then, self.then = self.then, None
        if then is not None:
            then()
        return super().embed_documents(texts)


def test_an_article_that_changes_while_it_is_edited(tmp_path: Path) -> None:
    embeddings = _Interrupted()
    with opened(tmp_path, embeddings) as library, opened(tmp_path) as other:
        library.add(article(1))
        embeddings.then = lambda: other.add(article(1, "They run now. They run far."))
        edited = library.edit("article0001", title="On zebras")
        assert edited is not None and edited.version == 2
        assert found(library, "zebras") == ["article0001-0"]
        embeddings.then = lambda: other.edit("article0001", title="On lions", tags=["cats"])
        edited = library.edit("article0001", title="On bears")
        assert edited is not None and (edited.title, edited.tags) == ("On bears", ("cats",))
        assert other.passages_with("lions") == 0
        embeddings.then = lambda: other.remove("article0001")
        assert library.edit("article0001", title="On birds") is None
        assert library.examine() == [] and library.counts().passages == 0


def test_an_edit_travels_with_the_library(library: Library, tmp_path: Path) -> None:
    edited = library.edit("article0003", title="On zebras", tags=["mine"])
    library.save(tmp_path / "all")
    with opened(tmp_path / "there") as there:
        list(there.take_in(tmp_path / "all"))
        assert there._catalog.info("article0003") == edited
        there.add(article(3, "They run now.", tags=("theirs",)))
        now = there.get("article0003")
        assert now is not None and (now.title, now.tags) == ("On zebras", ("mine",))


def test_what_is_removed_forgets_its_edits(library: Library) -> None:
    library.edit("article0003", title="On zebras")
    library.remove("article0003")
    library.add(article(3))
    assert library.articles()[-1].title == "Number 3"
    assert library.examine() == []


def test_tags(library: Library) -> None:
    assert library.tags() == [("one", 3), ("tag1", 1), ("tag2", 1), ("tag3", 1)]
    library.edit("article0001", tags=["Öl", "TAG3"])
    library.edit("article0002", tags=["öl", "tag3"])
    assert library.tags() == [("TAG3", 3), ("Öl", 2), ("one", 1)]
    for tag, count in library.tags():
        assert len(library.articles(Scope(tags=(tag,)))) == count


# --- Taking out and putting back ------------------------------------------------------------------


@pytest.fixture
def rich(library: Library) -> Library:
    """Of which article 3 has everything that an article can have."""
    library.add(article(3, "It was so. It is no more.", url="https://example.org/3", pages=(0, 11)))
    library.add(article(7, "It was so. It is no more.", source="/copy/3.txt"))
    library.edit("article0003", title="On zebras", tags=["mine"])
    library.note_read([("/articles/3.txt", "17 81", 1), ("/articles/1.txt", "5 6", 1)])
    found(library, "zebras")
    return library


def test_what_is_put_back_is_as_it_was(rich: Library) -> None:
    before, hits = everything(rich), found(rich, "zebras")
    removed = rich.take_out("article0003")
    assert removed is not None and removed.article.title == "On zebras"
    assert [each.id for each in rich.articles()] == ["article0001", "article0002"]
    assert rich.version("article0003", 1) is None
    assert not found(rich, "zebras")[0].startswith("article0003")
    assert not rich.is_read("/articles/3.txt", "17 81")
    assert rich.examine() == []
    back = rich.put_back(removed)
    assert back == rich._catalog.info("article0003") and back.version == 2
    assert everything(rich) == before
    assert found(rich, "zebras") == hits
    assert rich.sources("article0003") == ["/articles/3.txt", "/copy/3.txt"]
    assert rich._index._collection.count() == rich.counts().passages
    assert rich.examine() == []
    assert rich.put_back(removed) == back  # twice does no harm
    assert everything(rich) == before


def test_taking_out_what_is_not_there(library: Library) -> None:
    before = everything(library)
    assert library.take_out("nowhere") is None
    assert library.take_out("article") is None
    assert everything(library) == before


@pytest.mark.parametrize(
    "again",
    [
        article(3, "Something else stands there now."),
        article(9, "It was so. It is no more.", source="/elsewhere.txt"),
    ],
)
def test_what_came_in_its_place_meanwhile_stays(rich: Library, again: Any) -> None:
    removed = rich.take_out("article0003")
    assert removed is not None
    assert rich.add(again) == "added"
    before = everything(rich)
    assert rich.put_back(removed).id == again.id
    assert everything(rich) == before


def test_another_article_took_one_of_its_sources_meanwhile(rich: Library) -> None:
    removed = rich.take_out("article0003")
    assert removed is not None
    rich.add(article(7, "Something else stands there now.", source="/copy/3.txt"))
    assert rich.put_back(removed).id == "article0003"
    assert rich.sources("article0003") == ["/articles/3.txt"]
    assert rich.sources("article0007") == ["/copy/3.txt"]
    assert rich.examine() == []


def test_it_is_put_back_through_another_process(rich: Library, tmp_path: Path) -> None:
    before = everything(rich)
    with opened(tmp_path / "store") as other:
        removed = other.take_out("article0003")
        assert removed is not None and rich.get("article0003") is None
        rich.put_back(removed)
        assert everything(other) == before


# --- The index ------------------------------------------------------------------------------------


def test_the_state_of_the_index(library: Library, tmp_path: Path, home: str) -> None:
    passages = library.counts().passages
    state = library.index_state()
    assert (state.state, state.behind) == ("ready", passages)  # nobody has searched yet
    found(library, "topic1x1")
    assert library.index_state().behind == 0
    library.add(article(8))
    library.remove("article0001")
    assert library.index_state().behind == len(library._catalog.passage_ids("article0008"))
    with opened(tmp_path / "store") as other:
        # On a server, only a search finds out how far it is.
        assert home == "servers" or other.index_state() == library.index_state()
    found(library, "topic1x1")
    assert library.index_state().behind == 0


def test_the_index_is_being_built(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    go, real = threading.Event(), folder_index.open_collection

    def slow(folder: Path) -> Any:
        go.wait(30)
        return real(folder)

    monkeypatch.setattr(folder_index, "open_collection", slow)
    monkeypatch.setattr(index_module, "PATIENCE", 0.05)
    assert found(library, "topic1x1")[0].startswith("article0001")
    state = library.index_state()
    assert (state.state, state.behind) == ("building", library.counts().passages)
    go.set()
    library._index._worker.join(30)  # type: ignore[union-attr]
    state = library.index_state()
    assert (state.state, state.behind) == ("ready", 0)
