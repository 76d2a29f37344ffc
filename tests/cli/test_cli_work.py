from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from types import ModuleType

import cli_fakes
import pytest

from assistant import assets, errors

LINES = [
    {"question": "How long?", "answers": ["over two hours"], "article": "The long call"},
    {"question": "Who won?", "answers": [], "article": None},
]


@pytest.fixture
def questions(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(assets, "resolve_llm", lambda model, folder: Path("model.gguf"))
    monkeypatch.setattr(assets, "sha256_of", lambda path: "00ff")
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES)))
    return file


def test_serve_hands_over_port_and_browser(run, app, monkeypatch) -> None:
    served = []
    server = ModuleType("assistant.ui.server")
    server.serve = lambda *args: served.append(args)
    monkeypatch.setitem(sys.modules, "assistant.ui.server", server)
    monkeypatch.setattr("assistant.ui.server", server, raising=False)
    assert run("serve").code == 0
    assert run("serve", "--port", "8123", "--no-browser").code == 0
    assert served == [(app, app.settings.port, True), (app, 8123, False)]


def test_evaluate_prints_a_table_and_writes_the_run(run, app, questions, tmp_path) -> None:
    app.script = [cli_fakes.events(cli_fakes.ANSWER), cli_fakes.events(cli_fakes.REFUSAL)]
    out = tmp_path / "run.json"
    ran = run("evaluate", str(questions), "--out", str(out))
    assert ran.code == 0 and "answered right" in ran.out and "1 of 1" in ran.out
    written = json.loads(out.read_text())
    assert written["complete"] and written["model"] == {"name": "fake", "sha256": "00ff"}
    assert written["metrics"]["rightly refused"] == {"rate": 1.0, "hits": 1, "n": 1}
    assert [answer["right"] for answer in written["answers"]] == [True, None]


def test_evaluate_the_first_few(run, app, questions) -> None:
    app.script = [cli_fakes.events(cli_fakes.ANSWER)]
    assert "1 of 1 questions" in run("evaluate", str(questions), "--limit", "1").out


def test_evaluate_keeps_what_is_there_when_stopped(run, app, questions, tmp_path) -> None:
    out = tmp_path / "run.json"
    app.script = [
        cli_fakes.events(cli_fakes.ANSWER),
        [lambda: signal.raise_signal(signal.SIGINT)],
    ]
    ran = run("evaluate", str(questions), "--out", str(out))
    assert ran.code == 130 and "1 of 2 questions" in ran.out
    written = json.loads(out.read_text())
    assert written["complete"] is False and len(written["answers"]) == 1


def test_evaluate_keeps_what_is_there_when_it_breaks(run, app, questions, tmp_path) -> None:
    out = tmp_path / "run.json"
    app.script = [cli_fakes.events(cli_fakes.ANSWER), [errors.ModelFileError("it went away")]]
    assert run("evaluate", str(questions), "--out", str(out)).code == 1
    assert len(json.loads(out.read_text())["answers"]) == 1


def test_evaluate_refuses_a_place_it_cannot_write_before_it_asks(run, app, questions) -> None:
    ran = run("evaluate", str(questions), "--out", "/no/such/folder/run.json")
    assert ran.code == 2 and ran.err.count("\n") == 1 and app.asked == []


def test_evaluate_of_a_missing_file(run, app) -> None:
    ran = run("evaluate", "nowhere.jsonl")
    assert ran.code == 2 and "nowhere.jsonl" in ran.err
