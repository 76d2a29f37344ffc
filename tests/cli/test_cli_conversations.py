"""`conversations`, `feedback` and `show --version`, on a real library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cli_fakes import ANSWER, CALL, REFUSAL, FakeApp
from library_fakes import opened

from assistant.evaluation import questions
from assistant.library.library import Library
from assistant.records import Exchange


@pytest.fixture
def library(app: FakeApp, tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as library:
        app.library = library  # type: ignore[assignment]
        yield library


def talk(library: Library, reader: str, *exchanges: Exchange) -> str:
    kept = library.conversations
    conversation = kept.begin(reader)
    for exchange in exchanges:
        conversation = kept.keep(reader, conversation, exchange)
    return conversation.id


def test_everybodys_conversations_are_listed(run, library: Library) -> None:
    assert run("conversations").out == ""
    first = talk(library, "ann", Exchange(1, "How long was\x1b the call?", ANSWER))
    second = talk(library, "", Exchange(1, "What of moss?", REFUSAL))
    ran = run("conversations")
    assert ran.code == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert [line[0] for line in lines] == [second, first]
    assert [" ".join(line[3:]) for line in lines] == ["What of moss?", "How long was the call?"]


def test_one_is_shown(run, library: Library) -> None:
    id_ = talk(
        library,
        "ann",
        Exchange(1, "How long was the call?", ANSWER),
        Exchange(2, "And of moss?", REFUSAL),
        Exchange(3, "And then?", None, "They spoke\x1b of"),
        Exchange(4, "And now?", None, trouble="the model is missing"),
    )
    ran = run("conversations", "show", id_[:6])
    assert ran.code == 0 and "\x1b" not in ran.out
    title, rest = ran.out.split("\n", 1)
    assert title.startswith("How long was the call? · ")
    for told in (
        "> How long was the call?\n\nThe call lasted over two hours. [1]\n\n[1] The long call",
        "> And of moss?\n\nThe articles do not say.\n\nClosest passages:",
        "> And then?\n\nThey spoke of (stopped)\n",
        "> And now?\n\nthe model is missing\n",
    ):
        assert told in rest


@pytest.mark.parametrize("id_", ["zz", ""])
def test_one_that_cannot_be_told(run, library: Library, id_: str) -> None:
    talk(library, "ann", Exchange(1, "Who?", ANSWER))
    talk(library, "ann", Exchange(1, "Where?", ANSWER))
    ran = run("conversations", "show", id_)
    assert ran.code == 2 and "assistant conversations" in ran.err


def test_feedback_becomes_questions(run, library: Library, tmp_path: Path) -> None:
    asked = replace(REFUSAL, question="Who owns the moon?")
    talk(library, "ann", Exchange(1, "Who owns the moon?", asked, liked=True))
    talk(library, "bob", Exchange(1, "How long?", ANSWER, liked=False, remark="too long"))
    file = tmp_path / "feedback.jsonl"
    ran = run("feedback", "--out", str(file))
    assert (ran.code, ran.out) == (0, f"1 question of 2 verdicts in {file}\n")
    [question] = questions.read(file)
    assert (question.question, question.answers) == ("Who owns the moon?", ())
    again = run("feedback", "--out", str(file))
    assert again.code == 2 and "there already" in again.err
    nowhere = run("feedback", "--out", str(tmp_path / "no" / "x.jsonl"))
    assert nowhere.code == 2 and "cannot write" in nowhere.err


def test_feedback_without_any(run, library: Library, tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    ran = run("feedback", "--out", str(file))
    assert ran.code == 2 and "0 verdicts" in ran.err and not file.exists()


def test_an_earlier_version_is_shown(run, library: Library) -> None:
    library.add(CALL)
    library.add(replace(CALL, text="The call lasted over three hours."))
    assert "three hours" in run("show", "aaaa").out
    assert run("show", "aaaa", "--version", "1").out.endswith(f"{CALL.text}\n")
    shown = json.loads(run("show", "aaaa", "--version", "2", "--json").out)
    assert (shown["version"], shown["text"]) == (2, "The call lasted over three hours.")
    missing = run("show", "aaaa", "--version", "3")
    assert missing.code == 2 and "the latest is 2" in missing.err
