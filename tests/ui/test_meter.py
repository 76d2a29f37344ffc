"""What is counted and logged of questions, and how it reads as metrics."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from library_fakes import article, opened

from assistant.config import Settings
from assistant.errors import StoreError
from assistant.records import Answer, AnswerSentence, Seconds
from assistant.ui import metrics
from assistant.ui.meter import BOUNDS, Meter
from assistant.ui.render import TurnView

QUESTION = "Who poisoned the well?"
SAID = "The miller did it."
ASKED = TurnView(1, QUESTION, asked="Who poisoned the well of Kolm?", words="The miller did")
SENTENCES = (AnswerSentence(SAID, (), True), AnswerSentence(SAID, (), False))
ANSWER = Answer(QUESTION, SAID, False, SENTENCES, (), (), "tiny", Seconds(0.1, 2, 1000, 0.3))
REFUSAL = Answer(QUESTION, "No.", True, (), (), (), "tiny", Seconds(0.2, 0.2, 0.2))


def view(**known: Any) -> TurnView:
    return TurnView(**{name: getattr(ASKED, name) for name in ASKED.__slots__} | known)


VIEWS = {
    "answered": view(answer=ANSWER),
    "refused": view(answer=REFUSAL),
    "stopped": view(stopped=True),
    "failed": view(trouble="no disk", error="StoreError"),
    "busy": view(trouble="8 wait", error="BusyError"),
}


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Any:
    """Has a question end, and gives what stands in its line."""

    def told(ended: TurnView, texts: bool = False) -> dict[str, Any]:
        with caplog.at_level(logging.INFO, "assistant"):
            Meter().ended(ended, 4.2, texts)
        return dict(caplog.records[-1].facts)  # type: ignore[attr-defined]

    return told


@pytest.mark.parametrize("outcome", VIEWS)
def test_a_line_for_each_question_without_its_words(told: Any, outcome: str) -> None:
    line = told(VIEWS[outcome])
    assert line["outcome"] == outcome and line["seconds"]["total"] > 0
    assert not any(word in str(line) for word in ("poisoned", "miller", "Kolm"))


def test_what_a_line_says(told: Any) -> None:
    line = told(VIEWS["answered"])
    assert line["seconds"] == {"search": 0.1, "first_token": 2, "total": 1000, "check": 0.3}
    assert (line["model"], line["sentences"], line["supported"]) == ("tiny", 2, 1)
    assert told(VIEWS["stopped"])["seconds"] == {"total": 4.2}
    failed = told(VIEWS["failed"])
    assert (failed["error"], failed["trouble"]) == ("StoreError", "no disk")


def test_the_words_stand_there_where_a_person_wants_them(told: Any) -> None:
    line = told(VIEWS["answered"], texts=True)
    assert (line["question"], line["asked"], line["answer"]) == (QUESTION, ASKED.asked, SAID)
    assert told(VIEWS["stopped"], texts=True)["answer"] == ASKED.words


def figures(text: str) -> dict[str, float]:
    rows = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_the_figures(tmp_path: Path) -> None:
    meter = Meter()
    for ended in (*VIEWS.values(), VIEWS["stopped"]):
        meter.begun()
        meter.ended(ended, 4.2, False)
    with opened(tmp_path) as library:
        library.add(article(1))
        settings = Settings(store=tmp_path)
        app: Any = SimpleNamespace(library=library, settings=settings, waiting=2)
        text = metrics.text(app, meter)
        passages = library.counts().passages
    found = figures(text)
    assert found["assistant_questions_asked_total"] == 6
    outcomes = {name: found[f'assistant_questions_total{{outcome="{name}"}}'] for name in VIEWS}
    assert outcomes == {"answered": 1, "refused": 1, "stopped": 2, "failed": 1, "busy": 1}
    assert found["assistant_queue_length"] == 2 and found["assistant_articles"] == 1
    assert found["assistant_passages"] == found["assistant_index_behind_passages"] == passages
    assert found["assistant_store_free_bytes"] > 0
    named = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert len(named) == text.count("# HELP") == text.count("# TYPE")


def test_a_histogram_counts_all_that_took_no_longer(tmp_path: Path) -> None:
    meter = Meter()
    for name in ("answered", "refused"):
        meter.ended(VIEWS[name], 0, False)
    with opened(tmp_path) as library:
        app: Any = SimpleNamespace(library=library, settings=Settings(store=tmp_path), waiting=0)
        found = figures(metrics.text(app, meter))
    of = "assistant_question_seconds"
    assert found[f'{of}_bucket{{phase="search",le="0.1"}}'] == 1
    assert found[f'{of}_bucket{{phase="search",le="0.25"}}'] == 2
    assert found[f'{of}_bucket{{phase="total",le="{BOUNDS[-1]}"}}'] == 1
    assert found[f'{of}_bucket{{phase="total",le="+Inf"}}'] == 2
    assert found[f'{of}_count{{phase="total"}}'] == 2
    assert found[f'{of}_sum{{phase="total"}}'] == 1000.2


def test_what_cannot_be_known_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise StoreError("damaged")

    monkeypatch.setattr(metrics, "_PROCESS", tmp_path / "none")
    app: Any = SimpleNamespace(
        library=SimpleNamespace(counts=refuse), settings=Settings(store=tmp_path / "no"), waiting=0
    )
    found = figures(metrics.text(app, Meter()))
    assert "assistant_queue_length" in found
    assert not {name for name in found if name.startswith(("process", "assistant_articles"))}
    assert "assistant_store_free_bytes" not in found
