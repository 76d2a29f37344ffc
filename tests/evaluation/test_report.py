from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from evaluation_fakes import ARTICLE, HOW_LONG, QUESTIONS, WHERE, FakeApp, answer, refusal, result
from rich.console import Console

from assistant import __version__, assets
from assistant.errors import EngineError, UsageError
from assistant.evaluation import report, resume, shape
from assistant.evaluation.run import ANSWERS, RETRIEVAL, Run, evaluate
from assistant.evaluation.stored import read_result, result_json
from assistant.records import AnswerSentence, Citation

RIGHT = answer("It lasted 2300 seconds.")
FILE = Path("/somewhere/questions.jsonl")


@pytest.fixture
def about(monkeypatch) -> dict[str, Any]:
    monkeypatch.setattr(assets, "resolve_llm", lambda model, folder: Path(f"{model}.gguf"))
    monkeypatch.setattr(assets, "sha256_of", lambda path: f"sum of {path}")
    return report.about(FakeApp(), FILE, ANSWERS)


def run(*answers: Any, mode: str = ANSWERS) -> Run:
    done = Run(QUESTIONS)
    evaluate(FakeApp(*answers), done, lambda run: None, threading.Event(), mode)
    return done


def test_the_run_records_all_that_the_figures_depend_on(about, tmp_path: Path) -> None:
    report.write(tmp_path / "run.json", run(RIGHT, refusal(), EngineError("it failed")), about)
    written = json.loads((tmp_path / "run.json").read_text("utf-8"))
    assert written["version"] == __version__
    assert written["model"] == {"name": "fake", "sha256": "sum of qwen2.5-coder-1.5b.gguf"}
    assert written["settings"]["candidates"] == 17
    assert written["library"] == {"articles": 1, "passages": 1, "sentences": 2}
    assert written["file"] == "questions.jsonl" and written["mode"] == "answers"
    assert written["complete"] is True and written["asked"] == written["questions"] == 3
    assert datetime.fromisoformat(written["started"]).tzinfo
    assert written["metrics"]["answered right"] == {
        "rate": 1.0, "hits": 1, "n": 1,
        "low": pytest.approx(0.2065, abs=1e-4), "high": pytest.approx(1.0),
    }  # fmt: skip
    assert written["metrics"]["MRR@10"] == {"mean": pytest.approx(1 / 3), "n": 1}
    assert written["metrics"]["seconds: refusal"] == {"median": 2.0, "p95": 2.0, "n": 1}
    first, _, failed = written["answers"]
    said = RIGHT.as_json()
    assert first.items() >= {k: said[k] for k in ("text", "sentences", "citations")}.items()
    assert first["right"] and first["cited_right"] and first["golds"] == ["2300 seconds"]
    assert first["f1"] == pytest.approx(2 / 3, abs=1e-4) and first["verbatim"] == [True]
    assert first["evidence"] == ["It lasted 2,300 seconds."] and first["kind"] == "answerable"
    assert (first["rank"], first["kept"]) == (3, True)
    assert failed["error"] == "it failed" and failed["question"] == "Where?"
    assert failed["text"] is None and failed["seconds"] is None and failed["refused"] is None


def test_every_answer_has_the_same_fields_and_the_reports_can_read_them(about) -> None:
    data = report.as_json(run(RIGHT, refusal(), EngineError("it failed")), about)
    searched = report.about(FakeApp(), FILE, RETRIEVAL)
    alone = report.as_json(run(mode=RETRIEVAL), searched)
    assert len({tuple(a) for a in (*data["answers"], *alone["answers"])}) == 1
    assert shape.parse(data).answers[0].right is True
    assert shape.parse(alone).answers[0].strength == 1.0


def test_nothing_of_this_machine_is_told(about) -> None:
    assert not {"store", "models", "port"} & set(about["settings"])
    assert "somewhere" not in json.dumps(about)


def test_of_a_server_the_model_is_told_and_neither_key_nor_address(monkeypatch) -> None:
    monkeypatch.delattr(assets, "resolve_llm")
    app = FakeApp()
    servers = {"llm_url": "http://big.local/v1", "llm_name": "big", "chroma_url": "http://c.local"}
    servers["catalog_url"] = "postgresql://me:secret@d.local/all"
    keys = {"llm_key": "secret", "embedder_key": "secret", "chroma_token": "secret"}
    app.settings = app.settings.model_copy(update={**servers, **keys})
    about = report.about(app, FILE, ANSWERS)
    assert about["model"]["sha256"] == "" and about["settings"]["llm_name"] == "big"
    assert "secret" not in json.dumps(about) and ".local" not in json.dumps(about)


def test_the_search_alone_needs_no_model_file(monkeypatch) -> None:
    monkeypatch.delattr(assets, "resolve_llm")
    about = report.about(FakeApp(), FILE, RETRIEVAL)
    data = report.as_json(run(mode=RETRIEVAL), about)
    assert about["model"]["sha256"] == "" and data["mode"] == "retrieval"
    first = data["answers"][0]
    assert first["right"] is first["text"] is first["f1"] is first["cited_right"] is None
    assert first["seconds"] == {"search": 0.25, "first_token": None, "total": None}
    # 1.0 everywhere, and the settings refuse below 0.8
    assert data["metrics"]["rightly refused before the model"]["rate"] == 0.0


def full_answer() -> Any:
    dated = replace(ARTICLE, published=date(2025, 3, 19))
    return answer(
        "It lasted 2300 seconds.",
        sentences=(AnswerSentence("It lasted 2300 seconds.", (1,), False, True),),
        nearest=(Citation(1, dated, 0, 9, "It lasted"),),
        asked="How long was it?",
        missing=("Moscow",),
        withdrawn=("A day.",),
        strength=1.25,
        support=0.5,
    )


@pytest.mark.parametrize(
    "kept",
    [
        result(HOW_LONG, full_answer(), found=("A",), rank=2, evidence=("e",), kept=True,
               verbatim=(True, False), asked="How long was it?"),
        result(replace(HOW_LONG, before=("Who?",), cites=2, evidence=("It lasted",)), refusal(),
               asked="How long?"),
        result(WHERE, error="it failed", asked="Where?", kept=None),
        result(WHERE, strength=0.25, search_seconds=0.125, asked="Where?", found=("A",)),
    ],
)  # fmt: skip
def test_a_result_is_read_back_as_it_was(kept) -> None:
    written = json.loads(json.dumps(result_json(kept)))
    again = read_result(written)
    assert result_json(again) == written
    assert (again.question, again.error, again.rank, again.kept, again.strength) == (
        kept.question, kept.error, kept.rank, kept.kept, kept.strength,
    )  # fmt: skip
    assert again.search_seconds == kept.search_seconds and again.refused == kept.refused


def test_an_unfinished_run_goes_on(about, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    stopped = run(RIGHT, None)
    report.write(out, stopped, about)
    again = resume.begin(out, about, QUESTIONS)
    assert len(again.results) == 1 and again.started == stopped.started.replace(microsecond=0)
    app = FakeApp(refusal(), refusal())
    evaluate(app, again, lambda run: None, threading.Event())
    assert [asked for asked, _ in app.asked] == ["Who won?", "Where?"]
    whole = report.as_json(run(RIGHT, refusal(), refusal()), about)
    now = report.as_json(again, about)
    assert now["complete"] and now["answers"] == whole["answers"]
    assert now["metrics"] == whole["metrics"]


def test_without_a_file_and_after_a_finished_run_it_begins_anew(about, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    assert resume.begin(None, about, QUESTIONS).results == []
    assert resume.begin(out, about, QUESTIONS).results == []
    report.write(out, run(RIGHT, refusal(), refusal()), about)
    assert resume.begin(out, about, QUESTIONS).results == []


@pytest.mark.parametrize(
    ("changes", "asked", "why"),
    [
        ({"model": {"name": "fake", "sha256": "another"}}, QUESTIONS, "its model"),
        ({"settings": {}}, QUESTIONS, "its settings"),
        ({"library": {"articles": 2}}, QUESTIONS, "its library"),
        ({"mode": "retrieval"}, QUESTIONS, "its mode"),
        ({}, QUESTIONS[::-1], "its questions"),
        ({}, QUESTIONS[:2], "its questions"),
        ({}, [replace(HOW_LONG, answers=("a day",)), *QUESTIONS[1:]], "its questions"),
    ],
)
def test_an_unfinished_run_of_something_else_is_left_alone(
    about, tmp_path: Path, changes, asked, why
) -> None:
    out = tmp_path / "run.json"
    report.write(out, run(RIGHT, None), about)
    with pytest.raises(UsageError, match=f"{why}.*delete it"):
        resume.begin(out, {**about, **changes}, asked)


def test_a_file_that_is_no_run_is_not_written_over(about, tmp_path: Path) -> None:
    out = tmp_path / "notes.json"
    for content in ("my notes", "[]", '{"complete": false}'):
        out.write_text(content)
        with pytest.raises(UsageError, match=r"notes\.json"):
            resume.begin(out, about, QUESTIONS)


def test_an_unfinished_run_that_cannot_be_read_back_is_left_alone(about, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    report.write(out, run(RIGHT, None), about)
    data = json.loads(out.read_text())
    del data["answers"][0]["found"]
    out.write_text(json.dumps(data))
    with pytest.raises(UsageError, match="another version"):
        resume.begin(out, about, QUESTIONS)


def test_a_run_is_kept_however_it_ends(about, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    done = Run(QUESTIONS)
    with pytest.raises(EngineError), report.kept(out, done, about) as keep:
        assert json.loads(out.read_text())["asked"] == 0
        done.results.append(result(HOW_LONG, RIGHT))
        keep()
        done.results.append(result(WHERE, refusal()))
        raise EngineError("gone")
    assert json.loads(out.read_text())["asked"] == 2


def test_keeping_a_run_costs_little(about, tmp_path: Path, monkeypatch) -> None:
    now = [0.0]
    writes: list[float] = []

    def slow(*_: Any) -> None:
        writes.append(now[0])
        now[0] += 1

    monkeypatch.setattr(report.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(report, "write", slow)
    with report.kept(tmp_path / "run.json", Run(QUESTIONS), about) as keep:
        for _ in range(50):
            now[0] += 1
            keep()
    assert len(writes) == 4  # at the beginning, twice meanwhile, at the end


def test_a_run_is_written_whole_or_not_at_all(about, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "run.json"
    file.write_text("old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.evaluation.whole.os.fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        report.write(file, Run(QUESTIONS), about)
    assert file.read_text() == "old" and list(tmp_path.iterdir()) == [file]


def printed(data: dict[str, Any]) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(report.table(data))
    return capture.get()


def test_the_table_shows_rates_with_counts_and_intervals(about) -> None:
    text = printed(report.as_json(run(RIGHT, refusal(), None), about))
    assert "2 of 3 questions" in text and "1 of 1" in text and "0.21–1.00" in text
    assert "rightly refused: near miss" in text and "median 2.0" in text and "p95 2.0" in text
    assert "token F1" in text and "0.67" in text


def test_the_table_of_nothing(about) -> None:
    assert "0 of 3 questions" in printed(report.as_json(Run(QUESTIONS), about))
