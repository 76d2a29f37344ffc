from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from evaluation_fakes import ARTICLE, HOW_LONG, WHERE, WHO_WON, answer, refusal
from rich.console import Console

from assistant import __version__, assets
from assistant.config import Settings
from assistant.errors import EngineError, ModelFileError, UsageError
from assistant.evaluation import report
from assistant.evaluation.run import Run, evaluate
from assistant.records import Done, Evidence, Found, Searching, Span, Token

QUESTIONS = [HOW_LONG, WHO_WON, WHERE]


class FakeApp:
    """Gives each question in turn an answer, an error, or nothing where it is to be stopped."""

    model_name = "fake"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.settings = Settings(candidates=17)
        self.library: Any = self
        self.warmed = False

    def warm(self) -> None:
        self.warmed = True

    def ask(
        self, question: str, history: Sequence[Any] = (), stop: threading.Event | None = None
    ) -> Iterator[Any]:
        given = self.answers.pop(0)
        if isinstance(given, Exception):
            raise given
        yield Searching(question)
        yield Found((Evidence(1, ARTICLE, Span(0, 24), "It lasted 2,300 seconds."),), 0.1)
        yield Token("It")
        if given is None:
            assert stop
            stop.set()
            return
        yield Done(given)

    def search(self, question: str, passages: int, candidates: int) -> Any:
        assert (passages, candidates) == (5, 17)
        return SimpleNamespace(hits=[SimpleNamespace(article=ARTICLE)] * 7)

    def get(self, article_id: str) -> Any:
        return ARTICLE if article_id == ARTICLE.id else None

    def counts(self) -> Any:
        return SimpleNamespace(articles=1, passages=1, sentences=2)


def run(app: FakeApp) -> tuple[Run, list[int]]:
    seen: list[int] = []
    done = evaluate(app, QUESTIONS, lambda run: seen.append(len(run.results)), threading.Event())
    return done, seen


def test_a_run_goes_through_all_questions() -> None:
    app = FakeApp(answer("It lasted 2300 seconds."), refusal(), refusal())
    done, seen = run(app)
    assert done.complete and seen == [1, 2, 3] and app.warmed
    first = done.results[0]
    assert first.found == ("The Long Call",) and first.verbatim == (True,)
    assert first.evidence == ("It lasted 2,300 seconds.",)


def test_a_quote_that_is_not_in_its_article_is_noticed() -> None:
    invented = answer("It lasted.", quote="It lasted 9 seconds.")
    done, _ = run(FakeApp(invented, refusal(), refusal()))
    assert done.results[0].verbatim == (False,)


def test_a_question_that_fails_is_counted_and_the_rest_asked() -> None:
    done, _ = run(FakeApp(refusal(), EngineError("the model failed"), refusal()))
    assert done.complete and done.results[1].error == "the model failed"


def test_a_missing_model_ends_the_run() -> None:
    with pytest.raises(ModelFileError):
        run(FakeApp(refusal(), ModelFileError("gone")))


def test_a_stopped_run_keeps_what_is_there() -> None:
    done, seen = run(FakeApp(refusal(), None))
    assert not done.complete and len(done.results) == 1 and seen == [1]


@pytest.fixture
def about(monkeypatch) -> dict[str, Any]:
    monkeypatch.setattr(assets, "resolve_llm", lambda model, folder: Path(f"{model}.gguf"))
    monkeypatch.setattr(assets, "sha256_of", lambda path: f"sum of {path}")
    return report.about(FakeApp())


def test_the_report_records_all_that_the_figures_depend_on(about, tmp_path: Path) -> None:
    given = answer("It lasted 2300 seconds.")
    done, _ = run(FakeApp(given, refusal(), EngineError("the model failed")))
    report.write(tmp_path / "run.json", done, about)
    written = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert written["version"] == __version__
    assert written["model"] == {"name": "fake", "sha256": "sum of qwen2.5-coder-1.5b.gguf"}
    assert written["settings"]["candidates"] == 17
    assert written["library"] == {"articles": 1, "passages": 1, "sentences": 2}
    assert written["complete"] is True and written["asked"] == written["questions"] == 3
    assert datetime.fromisoformat(written["started"]).tzinfo
    assert written["metrics"]["answered right"] == {"rate": 1.0, "hits": 1, "n": 1}
    first, _, failed = written["answers"]
    assert first.items() >= given.as_json().items()
    assert first["right"] and first["cited_right"] and first["golds"] == ["2300 seconds"]
    assert first["evidence"] == ["It lasted 2,300 seconds."] and first["kind"] == "answerable"
    assert failed["error"] == "the model failed" and failed["question"] == "Where?"


def test_a_run_is_written_whole_or_not_at_all(about, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "run.json"
    file.write_text("old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report.os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        report.write(file, Run(QUESTIONS), about)
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def test_the_table_shows_rates_with_counts() -> None:
    done, _ = run(FakeApp(answer("It lasted 2300 seconds."), refusal(), None))
    console = Console(width=80, record=True, quiet=False)
    with console.capture() as capture:
        console.print(report.table(done))
    text = capture.get()
    assert "2 of 3 questions" in text and "1 of 1" in text
    assert "rightly refused: near miss" in text and "median 2.0, p95 2.0" in text
