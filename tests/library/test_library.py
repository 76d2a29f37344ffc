from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import library_fakes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_fakes import BagOfWords, article, opened
from unwritable import unwritable

from assistant.errors import Stopped, StoreError
from assistant.library import index as index_module
from assistant.library.library import Library, query_words

pytestmark = pytest.mark.usefixtures("home")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "PATIENCE", 60.0)
    monkeypatch.setattr(index_module, "FEW", 0)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "store") as library:
        for number in range(1, 6):
            assert library.add(article(number)) == "added"
        yield library


def adder(folder: Path, first: int, end: int) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), str(Path(library_fakes.__file__).parent)])
    return subprocess.Popen(
        [sys.executable, library_fakes.__file__, str(folder), str(first), str(end)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def found(library: Library, question: str) -> list[str]:
    return [hit.passage.id for hit in library.search(question, 5, 30).hits]


def test_quotes_are_verbatim(library: Library) -> None:
    hits = library.search("Who describes topic3x1?", 5, 30).hits
    assert len(hits) == 5
    assert "topic3x1" in hits[0].text
    for hit in hits:
        text = library.get(hit.article.id).text  # type: ignore[union-attr]
        span = hit.passage.span
        assert text[span.start : span.end] == hit.text
        assert hit.passage.id == f"{hit.article.id}-{span.start}"
        assert [s.span for s in hit.sentences] == list(hit.passage.sentences)
        for sentence in hit.sentences:
            assert text[sentence.span.start : sentence.span.end] == sentence.text
            assert np.linalg.norm(sentence.vector) == pytest.approx(1, abs=1e-5)


def test_scores(library: Library) -> None:
    search = library.search("Who describes topic3x1?", 5, 30)
    assert search.vector.dtype == np.float32
    assert np.linalg.norm(search.vector) == pytest.approx(1, abs=1e-6)
    best = search.hits[0]
    assert best.score == pytest.approx(2 / 61)
    assert [hit.score for hit in search.hits] == sorted(
        (h.score for h in search.hits), reverse=True
    )
    expected = np.dot(BagOfWords().embed_query(f"{best.article.title}\n{best.text}"), search.vector)
    assert best.similarity == pytest.approx(expected, abs=2e-3)


def test_the_same_twice_adds_nothing(library: Library) -> None:
    counts = library.counts()
    embeddings = library._embeddings
    assert isinstance(embeddings, BagOfWords)
    before = embeddings.documents
    assert library.add(article(1)) == "same"
    assert library.add(article(1, id="copy", source="/copy.txt")) == "same"
    assert (library.counts(), embeddings.documents) == (counts, before)


def test_the_same_article_gives_the_same_ids(library: Library) -> None:
    before = found(library, "topic3x1")
    article_3 = library.get("article0003")
    assert article_3 and library.remove("article0003")
    assert library.add(article_3) == "added"
    assert found(library, "topic3x1") == before


def test_an_update_replaces(library: Library) -> None:
    assert found(library, "topic3x1")[0].startswith("article0003")
    assert library.add(article(3, "It describes zebras now. It is quite short.")) == "updated"
    assert library.counts().articles == 5
    assert library.passages_with("topic3") == 0
    assert found(library, "zebras")[0] == "article0003-0"
    assert "topic3x1" not in [h.text for h in library.search("topic3x1", 30, 60).hits]
    assert library._index._collection.count() == library.counts().passages


def test_remove_removes_everywhere(library: Library) -> None:
    found(library, "topic3x1")
    assert library.passages_with("report3") > 0
    assert library.remove("article0003")
    assert not library.remove("article0003")
    assert library.get("article0003") is None
    assert library.passages_with("report3") == 0
    assert not any(id_.startswith("article0003") for id_ in found(library, "topic3x1"))
    assert library._index._collection.count() == library.counts().passages
    with library._catalog._database.reading() as db:
        for table in ("passages", "sentences", "words"):
            count = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            assert count == library.counts().passages


def test_an_empty_library(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        assert found(library, "anything") == []
        assert library.counts().articles == 0


def test_another_process_adds(library: Library, tmp_path: Path) -> None:
    found(library, "topic1x1")
    assert library._index._collection is not None
    with adder(tmp_path / "store", 50, 53) as process:
        assert process.wait(60) == 0
    assert found(library, "topic51x2")[0].startswith("article0051")
    assert library.passages_with("report51") > 0
    assert library._index._collection.count() == library.counts().passages


def test_two_at_once_find_the_same(library: Library, tmp_path: Path) -> None:
    questions = ["topic1x1", "report2 describes topic2x2", "topic4x0 at some length"]
    expected = [found(library, question)[0] for question in questions]
    with opened(tmp_path / "store") as other:
        assert [found(other, question)[0] for question in questions] == expected
        assert other._index._collection is None


@pytest.mark.folder
def test_a_broken_index_is_made_anew_without_embedding(library: Library, tmp_path: Path) -> None:
    expected = found(library, "topic3x1")
    library.close()
    for path in (tmp_path / "store" / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"junk" * 1000)
    embeddings = BagOfWords()
    with opened(tmp_path / "store", embeddings) as again:
        assert found(again, "topic3x1") == expected
        assert again._index._collection.count() == again.counts().passages
    assert embeddings.documents == 0


def test_a_kill_while_adding(tmp_path: Path) -> None:
    added: list[int] = []
    for turn in range(3):
        with adder(tmp_path, turn * 1000, turn * 1000 + 1000) as process:
            assert process.stdout
            added.append(int(process.stdout.readline().split()[0]))
            time.sleep(0.1 * (turn + 1))
            process.send_signal(signal.SIGKILL)
            added += [int(line.split()[0]) for line in process.stdout if line.endswith("\n")]
        with opened(tmp_path) as library:
            for number in added:
                assert library.get(f"article{number:04d}") is not None
            assert found(library, f"topic{added[-1]}x3")[0].startswith(f"article{added[-1]:04d}")
            counts = library.counts()
            assert len(added) <= counts.articles <= len(added) + turn + 1
            assert library.passages_with("report") == counts.passages
            assert library._index._collection.count() == counts.passages


@pytest.mark.folder
def test_a_read_only_store(library: Library, tmp_path: Path) -> None:
    found(library, "topic3x1")
    library.close()
    with unwritable(tmp_path / "store"), opened(tmp_path / "store") as again:
        assert found(again, "topic3x1")[0].startswith("article0003")
        with pytest.raises(StoreError, match="is read-only"):
            again.add(article(9))
        with pytest.raises(StoreError, match="is read-only"):
            again.remove("article0003")
        assert again.counts().articles == 5


def test_adding_can_be_stopped(library: Library) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        library.add(article(9), stop)
    assert library.counts().articles == 5


def test_adding_embeds_without_holding_up_others(library: Library) -> None:
    class Slow(BagOfWords):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            reached.set()
            assert go_on.wait(30)
            return super().embed_documents(texts)

    reached, go_on = threading.Event(), threading.Event()
    library._embeddings = Slow()
    thread = threading.Thread(target=library.add, args=(article(9),))
    thread.start()
    assert reached.wait(30)
    assert found(library, "topic3x1")
    assert library.remove("article0001")
    go_on.set()
    thread.join()
    assert library.get("article0009")


def test_titles_are_searched(library: Library) -> None:
    library.add(article(9, "Nothing of the kind.", title="Aardvarks"))
    assert found(library, "What of aardvarks?")[0] == "article0009-0"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is the capital of France?", ["capital", "france"]),
        ("To be or not to be", ["not"]),
        ("Who is it?", ["who", "is", "it"]),
        ("“NEAR(x)” AND y* ^z -q:r", ["near", "x", "y", "z", "q", "r"]),
        ("😀 ?!", []),
    ],
)
def test_query_words(question: str, words: list[str]) -> None:
    assert query_words(question) == words


NASTY = st.lists(
    st.sampled_from(
        ['"', "'", "*", "^", ":", "(", ")", "-", "+", "{", "}", " AND ", " OR ", " NOT "]
    )
    | st.sampled_from([" NEAR(a b, 2) ", "title:", "topic1x1", "😀", "²", "_", "\0", "\n", "é"])
    | st.text(max_size=5),
    max_size=12,
).map("".join)


@given(question=NASTY)
@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_question_is_too_odd(library: Library, question: str) -> None:
    library.search(question, 3, 10)
    library.passages_with(question)


def test_a_long_question(library: Library) -> None:
    question = " ".join(f"word{number}" for number in range(5000))
    assert len(library.search(question, 3, 10).hits) == 3
