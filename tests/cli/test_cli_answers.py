from __future__ import annotations

import io
import json
import signal
import sys

import cli_fakes
import pytest

from assistant import errors
from assistant.records import AnswerSentence, Token, Turn, Waiting

BLOCK = (
    "[1] The long call · 19 March 2025\n"
    "    “The call lasted over two hours.”\n"
    "    https://example.org/call\n"
)


@pytest.fixture
def terminal(monkeypatch):
    """From now on stdout and stderr are a terminal's."""

    def make() -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    return make


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_ask_prints_the_checked_answer_and_its_citations(run, app) -> None:
    app.script = [cli_fakes.events(cli_fakes.ANSWER, "Some draft", " [2].")]
    ran = run("ask", "How long?")
    assert ran.code == 0 and ran.err == ""
    assert ran.out == f"The call lasted over two hours. [1]\n\n{BLOCK}"


def test_ask_json_prints_one_object_and_nothing_else(run, app, terminal) -> None:
    terminal()
    app.script = [cli_fakes.events(cli_fakes.ANSWER, "The call")]
    ran = run("ask", "How long?", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == cli_fakes.ANSWER.as_json()


def test_a_refusal_exits_with_3_and_shows_the_closest(run, app) -> None:
    app.script = [cli_fakes.events(cli_fakes.REFUSAL)] * 2
    ran = run("ask", "Who won?")
    assert ran.code == 3
    assert ran.out.startswith("The articles do not say.\n\nClosest passages:\n– The long call")
    assert run("ask", "Who won?", "--json").code == 3


def test_unsupported_sentences_are_told(run, app) -> None:
    doubtful = AnswerSentence("It rained.", (2,), False)
    app.script = [cli_fakes.events(cli_fakes.answer_of(cli_fakes.HOURS, doubtful))]
    first = run("ask", "How long?").out.splitlines()[0]
    assert first == (
        "The call lasted over two hours. [1] It rained. [2] (not supported by the articles)"
    )


def test_a_terminal_shows_the_stream_once(run, app, terminal) -> None:
    terminal()
    tokens = ("The call lasted", " over two hours [", "2", "].")
    app.script = [cli_fakes.events(cli_fakes.ANSWER, *tokens)]
    ran = run("ask", "How long?")
    assert ran.out == f"The call lasted over two hours [1].\n\n{BLOCK}"
    assert "Found 2 sentences in 2 articles (0.1 s)" in ran.err


def test_a_terminal_shows_what_the_check_changed(run, app, terminal) -> None:
    terminal()
    app.script = [cli_fakes.events(cli_fakes.ANSWER, "The call lasted nine hours [2].")]
    ran = run("ask", "How long?")
    assert ran.out.startswith(
        "The call lasted nine hours [1].\nThe call lasted over two hours. [1]\n"
    )
    assert "After the check" in ran.err


def test_a_terminal_is_told_of_waiting(run, app, terminal) -> None:
    terminal()
    app.script = [[Waiting(2), *cli_fakes.events(cli_fakes.ANSWER)]]
    assert "Waiting for the model" in run("ask", "How long?").err


def test_control_characters_do_not_reach_the_terminal(run, app, terminal) -> None:
    evil = AnswerSentence("Red \x1b]0;title\x07 \x9b31m \u202e.", (1,), True)
    app.script = [cli_fakes.events(cli_fakes.answer_of(evil), "Red \x1b[31m")] * 2
    terminal()
    plain = run("ask", "How long?")
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(plain.out)
    object_ = run("ask", "How long?", "--json")
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(object_.out)
    assert json.loads(object_.out)["sentences"][0]["text"] == evil.text


def test_ctrl_c_stops_a_running_answer(run, app, terminal) -> None:
    terminal()
    app.script = [[Token("The"), interrupt, Token(" end")]]
    ran = run("ask", "How long?")
    assert ran.code == 130 and ran.out == "The\n" and "Stopped." in ran.err


def test_a_second_ctrl_c_ends_what_does_not_stop(run, app) -> None:
    def stubborn() -> None:
        interrupt()
        interrupt()

    app.script = [[stubborn]]
    assert run("ask", "How long?").code == 130


def test_chat_remembers_what_was_said(run, app, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("How long?\nAnd of what?\n\nNever asked\n"))
    app.script = [cli_fakes.events(cli_fakes.ANSWER), cli_fakes.events(cli_fakes.REFUSAL)]
    ran = run("chat")
    assert ran.code == 0
    assert app.asked == [
        ("How long?", ()),
        ("And of what?", (Turn("How long?", cli_fakes.ANSWER.text),)),
    ]
    assert ran.out.count("The long call") == 2


def test_chat_goes_on_after_a_stopped_answer_and_an_error(run, app, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("One\nTwo\nThree\n"))
    too_long = errors.QuestionError("the question is too long")
    app.script = [[Token("x"), interrupt], [too_long], cli_fakes.events(cli_fakes.ANSWER)]
    ran = run("chat")
    assert ran.code == 0 and ran.err == "assistant: the question is too long\n"
    assert [history for _, history in app.asked] == [(), (), ()]
    assert "over two hours" in ran.out


def test_chat_ends_where_no_question_can_be_answered(run, app, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("One\nTwo\n"))
    app.script = [[errors.ModelFileError("no model; run `assistant models pull x`")]]
    assert run("chat").code == 1
