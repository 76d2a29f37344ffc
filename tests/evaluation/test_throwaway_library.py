"""With the real embedder, and without a language model."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant import config
from assistant.app import open_app
from assistant.config import Settings
from assistant.evaluation import library, report
from assistant.evaluation.formats import OwnArticle
from assistant.evaluation.questions import Question
from assistant.evaluation.run import RETRIEVAL, Run, evaluate
from assistant.records import Searching, Waiting

CALL = OwnArticle("The long call", "The call lasted over two hours. They spoke of hockey.")
MOSS = OwnArticle("Moss", "Moss has no roots. It takes up water with its leaves.")


@pytest.fixture
def settings(models: Path) -> Settings:
    return config.load().model_copy(update={"models": models, "passages": 4})


def test_a_library_for_one_run_leaves_the_persons_own_alone(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "call.txt").write_text(CALL.text)
    (tmp_path / "photo.txt").write_bytes(bytes(range(256)))
    stop = threading.Event()
    with library.throwaway(settings) as app:
        assert app.settings.passages == 4 and app.settings.store != settings.store
        added = list(library.add(app, [tmp_path], [MOSS], stop))
        assert [result.error is None for result in added] == [True, False]
        assert app.library.counts().articles == 1
        folder = app.settings.store
    assert not folder.exists() and not (settings.store / "catalog.sqlite3").exists()


def test_a_question_sets_own_articles_are_added(settings: Settings) -> None:
    stop = threading.Event()
    with library.throwaway(settings) as app:
        empty = OwnArticle("Nothing", " ")
        added = list(library.add(app, [], [CALL, empty, MOSS], stop))
        assert [(result.done, result.total) for result in added] == [(1, 3), (2, 3), (3, 3)]
        assert added[1].error and added[1].error.startswith("Nothing: ")
        assert {article.title for article in app.library.articles()} == {"The long call", "Moss"}
        stop.set()
        assert list(library.add(app, [], [CALL], stop)) == []


def test_the_search_is_scored_without_a_model(settings: Settings) -> None:
    asked = [
        Question("1", "How long did the call last?", ("two hours",), "The Long Call", "answerable"),
        Question("2", "How high is the Eiffel tower?", (), None, "absent article"),
    ]
    run = Run(asked)
    without_model = settings.model_copy(update={"model": "none-such"})
    with library.throwaway(without_model) as app:
        list(library.add(app, [], [CALL, MOSS], threading.Event()))
        evaluate(app, run, lambda run: None, threading.Event(), RETRIEVAL)
        about = report.about(app, Path("q.jsonl"), RETRIEVAL)
    data = report.as_json(run, about)
    assert data["complete"] and data["library"]["articles"] == 2
    first, second = data["answers"]
    assert (first["rank"], first["kept"], first["found"][0]) == (1, True, "The long call")
    assert second["strength"] < 0.8 < first["strength"]
    assert data["metrics"]["rightly refused before the model"]["rate"] == 1.0


def test_a_borrowed_model_has_one_queue_for_both_libraries(
    settings: Settings, tmp_path: Path
) -> None:
    """So a question asked in the chat waits for no more than the one that is being answered."""
    own = settings.model_copy(update={"store": tmp_path, "model": "smollm2-135m"})
    with open_app(own) as lender, library.throwaway(own, lender) as app:
        list(library.add(app, [], [CALL, MOSS], threading.Event()))
        assert lender.library.counts().articles == 0
        queue, stop = lender._wired().queue, threading.Event()
        with queue.ticket():
            events = app.ask("How long did the call last?", stop=stop)
            told = [next(events) for _ in range(3)]
            assert isinstance(told[0], Searching) and told[-1] == Waiting(1)
            stop.set()
            assert list(events) == []
