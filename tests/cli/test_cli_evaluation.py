from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cli_fakes
import pytest

from assistant import assets, errors
from assistant.evaluation import calibrate, compare, library, page, page_calibration

LINES = [
    {"question": "How long?", "answers": ["over two hours"], "article": "The long call"},
    {"question": "Who won?", "answers": [], "article": None},
]
SQUAD = {
    "data": [
        {
            "title": "Long_calls",
            "paragraphs": [
                {
                    "context": "It lasted over two hours.",
                    "qas": [
                        {"id": "a", "question": "How long?", "answers": [{"text": "two hours"}]}
                    ],
                }
            ],
        }
    ]
}


@pytest.fixture(autouse=True)
def searching(app, monkeypatch) -> None:
    """What an evaluation asks of an application beside its answers."""

    def search(question: str, passages: int, candidates: int) -> Any:
        return SimpleNamespace(hits=[SimpleNamespace(article=cli_fakes.CALL, text="Nothing.")])

    def find(question: str) -> Any:
        return SimpleNamespace(evidence=(), strength=0.5, seconds=0.1)

    def apply(settings: Any) -> None:
        app.settings = settings

    monkeypatch.setattr(app.library, "search", search)
    monkeypatch.setattr(cli_fakes.FakeApp, "find", staticmethod(find), raising=False)
    monkeypatch.setattr(cli_fakes.FakeApp, "apply", staticmethod(apply), raising=False)


@pytest.fixture
def questions(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(assets, "resolve_llm", lambda model, folder: Path("model.gguf"))
    monkeypatch.setattr(assets, "sha256_of", lambda path: "00ff")
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES)))
    return file


@pytest.fixture
def pages(monkeypatch) -> list[Any]:
    """What was handed to those who write and compare."""
    handed: list[Any] = []
    monkeypatch.setattr(page, "write", lambda *given: handed.append(("page", *given)))
    monkeypatch.setattr(page, "write_comparison", lambda *given: handed.append(("two", *given)))
    monkeypatch.setattr(page_calibration, "write", lambda *given: handed.append(("curves", *given)))
    monkeypatch.setattr(calibrate, "table", lambda data: f"thresholds of {data['asked']}")
    monkeypatch.setattr(compare, "table", lambda a, b: f"{a['asked']} against {b['asked']}")
    return handed


@pytest.fixture
def thrown_away(app, monkeypatch) -> Throwaway:
    made = Throwaway(app)
    monkeypatch.setattr(library, "throwaway", made.throwaway)
    return made


@dataclass
class Throwaway:
    """Stands for the library of one run: the fake application, empty."""

    app: cli_fakes.FakeApp
    settings: Any = None
    texts: tuple[Any, ...] = ()

    @contextmanager
    def throwaway(self, settings: Any) -> Iterator[cli_fakes.FakeApp]:
        self.settings = settings
        self.app.add_text = self.add_text  # type: ignore[attr-defined]
        yield self.app

    def add_text(self, text: str, title: str) -> Any:
        self.texts += ((title, text),)
        return Added(text)


@dataclass
class Added:
    source: str
    error: str | None = None
    done: int = 1
    total: int = 1


def answered(app: cli_fakes.FakeApp) -> None:
    app.script = [cli_fakes.events(cli_fakes.ANSWER), cli_fakes.events(cli_fakes.REFUSAL)]


def test_evaluate_prints_a_table_and_writes_the_run(run, app, questions, tmp_path) -> None:
    answered(app)
    out = tmp_path / "run.json"
    ran = run("evaluate", str(questions), "--out", str(out))
    assert ran.code == 0 and "answered right" in ran.out and "1 of 1" in ran.out
    assert "assistant evaluate --from" in ran.out.splitlines()[-1] and str(out) in ran.out
    written = json.loads(out.read_text())
    assert written["complete"] and written["model"] == {"name": "fake", "sha256": "00ff"}
    assert written["file"] == "questions.jsonl" and written["mode"] == "answers"
    assert written["metrics"]["rightly refused"].items() >= {"rate": 1.0, "hits": 1, "n": 1}.items()
    assert [answer["right"] for answer in written["answers"]] == [True, None]


def test_evaluate_a_few(run, app, questions) -> None:
    answered(app)
    assert "1 of 1 questions" in run("evaluate", str(questions), "--limit", "1").out
    assert run("evaluate", str(questions), "--last", "1").code == 0
    assert [question for question, _ in app.asked] == ["How long?", "Who won?"]


def test_evaluate_one_kind(run, app, questions) -> None:
    answered(app)
    assert run("evaluate", str(questions), "--kind", "not answerable").code == 0
    assert [question for question, _ in app.asked] == ["Who won?"]
    ran = run("evaluate", str(questions), "--kind", "strange")
    assert ran.code == 2 and "answerable, not answerable" in ran.err


def test_evaluate_a_sample(run, app, tmp_path, questions) -> None:
    lines = [{"question": f"Q{n}?", "answers": []} for n in range(30)]
    questions.write_text("\n".join(map(json.dumps, lines)))
    app.script = [cli_fakes.events(cli_fakes.REFUSAL) for _ in range(8)]
    for _ in range(2):
        assert run("evaluate", str(questions), "--seed", "3", "--limit", "4").code == 0
    asked = [question for question, _ in app.asked]
    assert asked[:4] == asked[4:] != ["Q0?", "Q1?", "Q2?", "Q3?"]


def test_evaluate_keeps_what_is_there_when_stopped_and_goes_on(
    run, app, questions, tmp_path
) -> None:
    out = tmp_path / "run.json"
    app.script = [
        cli_fakes.events(cli_fakes.ANSWER),
        [lambda: signal.raise_signal(signal.SIGINT)],
    ]
    ran = run("evaluate", str(questions), "--out", str(out))
    assert ran.code == 130 and "1 of 2 questions" in ran.out
    written = json.loads(out.read_text())
    assert written["complete"] is False and len(written["answers"]) == 1
    app.script, app.asked = [cli_fakes.events(cli_fakes.REFUSAL)], []
    ran = run("evaluate", str(questions), "--out", str(out))
    assert ran.code == 0 and "goes on after 1 of 2 questions" in ran.err
    assert [question for question, _ in app.asked] == ["Who won?"]
    assert json.loads(out.read_text())["complete"] is True


def test_evaluate_leaves_an_unfinished_run_of_something_else(
    run, app, questions, tmp_path, monkeypatch
) -> None:
    out = tmp_path / "run.json"
    app.script = [cli_fakes.events(cli_fakes.ANSWER), [errors.ModelFileError("it went away")]]
    run("evaluate", str(questions), "--out", str(out))
    before = out.read_text()
    monkeypatch.setattr(assets, "sha256_of", lambda path: "another")
    ran = run("evaluate", str(questions), "--out", str(out))
    assert ran.code == 2 and "its model" in ran.err and ran.err.count("\n") == 1
    assert out.read_text() == before


def test_evaluate_keeps_what_is_there_when_it_breaks(run, app, questions, tmp_path) -> None:
    out = tmp_path / "run.json"
    app.script = [cli_fakes.events(cli_fakes.ANSWER), [errors.ModelFileError("it went away")]]
    assert run("evaluate", str(questions), "--out", str(out)).code == 1
    assert len(json.loads(out.read_text())["answers"]) == 1


@pytest.mark.parametrize("option", ["--out", "--report"])
def test_evaluate_refuses_a_place_it_cannot_write_before_it_asks(
    run, app, questions, option
) -> None:
    ran = run("evaluate", str(questions), option, "/no/such/folder/run.json")
    assert ran.code == 2 and ran.err.count("\n") == 1 and app.asked == []


def test_evaluate_of_a_missing_file(run, app) -> None:
    ran = run("evaluate", "nowhere.jsonl")
    assert ran.code == 2 and "nowhere.jsonl" in ran.err


def test_evaluate_the_search_alone(run, app, questions, monkeypatch) -> None:
    monkeypatch.delattr(assets, "resolve_llm")
    monkeypatch.delattr(cli_fakes.FakeApp, "warm")
    ran = run("evaluate", str(questions), "--retrieval")
    assert ran.code == 0 and app.asked == []
    assert "recall@5" in ran.out and "rightly refused before the model" in ran.out


def test_evaluate_a_throwaway_library(run, app, questions, thrown_away) -> None:
    answered(app)
    app.added = [("a.txt", "added", None), ("c.bin", None, "c.bin is not text")]
    ran = run("evaluate", str(questions), "--articles", "one", "--articles", "two")
    assert ran.code == 0 and "2 of 2 questions" in ran.out
    assert ran.err == "assistant: c.bin is not text\n"
    assert thrown_away.settings == app.settings


def test_evaluate_nothing_that_could_be_read(run, app, questions, thrown_away, monkeypatch) -> None:
    monkeypatch.setattr(app.library, "counts", lambda: SimpleNamespace(articles=0))
    app.added = [("c.bin", None, "c.bin is not text")]
    ran = run("evaluate", str(questions), "--articles", "c.bin")
    assert ran.code == 2 and "c.bin is not text" in ran.err and "--articles" in ran.err
    assert app.asked == []


def test_evaluate_stopped_while_articles_are_added(run, app, questions, thrown_away) -> None:
    app.added = [(lambda: signal.raise_signal(signal.SIGINT), None, None)]
    assert run("evaluate", str(questions), "--articles", "one").code == 130
    assert app.asked == []


def test_evaluate_squad_brings_its_own_articles(run, app, questions, thrown_away, tmp_path) -> None:
    answered(app)
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(SQUAD))
    assert run("evaluate", str(file)).code == 0
    assert thrown_away.texts == (("Long calls", "It lasted over two hours."),)
    assert [question for question, _ in app.asked] == ["How long?"]


def test_evaluate_writes_a_report(run, app, questions, pages, tmp_path) -> None:
    answered(app)
    out, report = tmp_path / "run.json", tmp_path / "run.html"
    ran = run("evaluate", str(questions), "--out", str(out), "--report", str(report))
    assert ran.code == 0 and str(report) in ran.out and "--from" not in ran.out
    ((what, data, path),) = pages
    assert (what, path) == ("page", report)
    assert data == json.loads(out.read_text())


def test_evaluate_shows_a_run_made_before(run, app, questions, pages, tmp_path) -> None:
    answered(app)
    out, report = tmp_path / "run.json", tmp_path / "run.html"
    run("evaluate", str(questions), "--out", str(out))
    ran = run("evaluate", "--from", str(out), "--report", str(report))
    assert ran.code == 0 and "answered right" in ran.out and len(app.asked) == 2
    assert pages == [("page", json.loads(out.read_text()), report)]


def test_evaluate_compares_two_runs(run, app, questions, pages, tmp_path) -> None:
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    for file, limit in ((a, "1"), (b, "2")):
        answered(app)
        run("evaluate", str(questions), "--limit", limit, "--out", str(file))
    report = tmp_path / "two.html"
    ran = run("evaluate", "--compare", str(a), str(b), "--report", str(report))
    assert ran.code == 0 and "1 against 2" in ran.out
    assert pages == [("two", json.loads(a.read_text()), json.loads(b.read_text()), report)]
    assert run("evaluate", "--compare", str(a), str(tmp_path / "none.json")).code == 2
    assert run("evaluate", str(questions), "--compare", str(a), str(b)).code == 2


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
def test_either_questions_or_a_run_made_before(run, app, command) -> None:
    for args in ((), ("q.jsonl", "--from", "run.json")):
        ran = run(command, *args)
        assert ran.code == 2 and "--from" in ran.err and ran.err.count("\n") == 1


def test_calibrate_asks_with_open_thresholds(run, app, questions, pages, tmp_path) -> None:
    answered(app)
    before = app.settings
    out, report = tmp_path / "run.json", tmp_path / "curves.html"
    ran = run("calibrate", str(questions), "--out", str(out), "--report", str(report))
    assert ran.code == 0 and "thresholds of 2" in ran.out
    written = json.loads(out.read_text())
    assert written["settings"]["refuse_below"] == written["settings"]["support_below"] == 0
    assert app.settings == before.model_copy(update={"refuse_below": 0.0, "support_below": 0.0})
    assert pages == [("curves", written, report)]


def test_calibrate_from_a_run_made_before(run, app, questions, pages, tmp_path) -> None:
    answered(app)
    out = tmp_path / "run.json"
    run("calibrate", str(questions), "--out", str(out))
    ran = run("calibrate", "--from", str(out))
    assert ran.code == 0 and "thresholds of 2" in ran.out and len(app.asked) == 2


def test_calibrate_stopped_keeps_what_is_there(run, app, questions, pages, tmp_path) -> None:
    out = tmp_path / "run.json"
    app.script = [
        cli_fakes.events(cli_fakes.ANSWER),
        [lambda: signal.raise_signal(signal.SIGINT)],
    ]
    ran = run("calibrate", str(questions), "--out", str(out))
    assert ran.code == 130 and "thresholds" not in ran.out
    assert json.loads(out.read_text())["asked"] == 1
