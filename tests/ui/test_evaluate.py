"""What the tab that measures the answers shows of runs made by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from evaluation.run_fakes import (
    HOSTILE,
    answered,
    invented,
    refused,
    run,
    searched,
    wrongly_refused,
)
from lxml import html

from assistant.config import Settings
from assistant.errors import UsageError
from assistant.evaluation import shape
from assistant.ui.evaluating import home, paper, plan, versus, work
from assistant.ui.evaluating.kept import Kept, Runs, owner_of
from assistant.ui.evaluating.work import Progress
from assistant.ui.words import ENGLISH, Words, german

ALL_SORTS = [
    answered(1, before=["Earlier?"], asked="By itself?", withdrawn=["Gone [2]."]),
    answered(2, False, kind="follow-up"), wrongly_refused(3), refused(4, missing=["Kili"]),
    invented(5), refused(6, kind="absent article"), answered(7, golds=[], cites=3, kept=None),
    refused(8, error="the model failed", text=None, refused=None, seconds=None),
]  # fmt: skip
OPEN = {"refuse_below": 0, "support_below": 0}


def said(text: str) -> str:
    return " ".join(html.fromstring(f"<div>{text}</div>").text_content().split())


def kept(**changes: Any) -> Kept:
    return Kept("a", shape.parse(run(answered(1), **changes)))


def test_a_run_in_the_list() -> None:
    text = said(home.listed([kept()], ENGLISH))
    assert "questions.jsonl" in text and "1 question" in text and "75%" in text and "4.2 s" in text
    assert "Go on" not in text and "Compare" not in text.replace("Compare", "", 1)
    unfinished = kept(complete=False, questions=9)
    row = said(home.listed([Kept("b", unfinished.run, plan.SAMPLE)], ENGLISH))
    assert "Sample questions" in row and "1 of 9 questions" in row and "Go on" in row


def test_a_run_made_elsewhere_cannot_go_on() -> None:
    assert "Go on" not in said(home.listed([kept(complete=False, questions=9)], ENGLISH))


def test_progress_tells_what_is_left_and_what_came_out() -> None:
    made = plan.Plan("n", Path("n.json"), Path("q"), "q", plan.FILE, "answers", None)
    outcomes = (("right", 7), ("wrong", 1))
    now = Progress(made, work.ASKING, 8, 98, 840.0, outcomes)
    text = home.progress(now, ENGLISH, own=True)
    assert said(text) == "Asking: 8 of 98about 14 minutes left · 7 right · 1 wrong"
    assert "another page" in said(home.progress(now, ENGLISH, own=False))
    assert home.time_left(20, ENGLISH) == "less than a minute left"
    assert home.time_left(2 * 3600, ENGLISH) == "about 2 hours left"


def test_the_large_figures_say_what_they_mean() -> None:
    text = said(paper.head(kept(), shape.parse(run(answered(1))), ENGLISH))
    assert "75%of the questions that the articles answer were answered right" in text
    assert "3 of 4 · likely 30% to 95%" in text
    assert "Half of the answers took 4.2 s at most, 95% of them 9.5 s." in text


def test_questions_are_narrowed_by_outcome_and_words() -> None:
    read = shape.parse(run(*ALL_SORTS))

    def ids(outcome: str = "", search: str = "", rows: int = 99) -> list[str]:
        text = paper.asked(read, outcome, search, rows, ENGLISH)
        return re.findall(r"Question (\d)\?</span>", text)

    assert ids() == list("12345678")
    assert ids("wrong") == ["2"]
    assert ids("", "QUESTION 3?") == ["3"]
    assert ids("right", "follow-up") == []
    assert ids(rows=2) == ["1", "2"]
    assert "Show 6 more" in said(paper.asked(read, "", "", 2, ENGLISH))
    assert "1 of 8 questions" in said(paper.asked(read, "wrong", "", 9, ENGLISH))


def test_an_answer_shows_what_was_withdrawn() -> None:
    text = said(paper.asked(shape.parse(run(ALL_SORTS[0])), "", "", 9, ENGLISH))
    assert "Withdrawn Gone." in text.replace("Withdrawn", "Withdrawn ") and "It is gold." in text


def test_the_curve_before_the_model_stands_in_every_run_with_both_sorts() -> None:
    def more(*answers: dict[str, Any], **changes: Any) -> str:
        raw = run(*answers, **changes)
        return said(paper.more(raw, shape.parse(raw), Settings(), ENGLISH))

    shut = more(answered(1), refused(2))
    assert "Before the model" in shut and "In all, after the model" not in shut
    assert "In all, after the model" in more(answered(1), refused(2), settings=OPEN)
    assert "Before the model" in more(searched(1), searched(2, golds=[]), mode="retrieval")
    assert "asked only one sort" in more(answered(1))


def test_two_runs_in_plain_words() -> None:
    many = range(20)
    before = run(*(answered(n, False) for n in many))
    after = run(*(answered(n, n % 2 == 0) for n in many))
    text = said(versus.page(before, after, ENGLISH))
    assert "Answered right: 0.00 in the first run, 0.50 in the second (+0.50; 95% interval" in text
    assert "That is better, and more than chance." in text
    assert "Became right: 10" in text
    assert "no question came out otherwise" in said(versus.page(before, before, ENGLISH))
    with pytest.raises(UsageError, match="no question in common"):
        versus.page(before, run(answered(99)), ENGLISH)


def test_all_that_is_shown_is_in_german() -> None:
    missing: set[str] = set()

    class Listening(Words):
        def __call__(self, english: str, **values: object) -> str:
            if english not in german():
                missing.add(english)
            return super().__call__(english, **values)

    say = Listening("de")
    raw = run(*ALL_SORTS, settings=OPEN, complete=False, questions=9)
    other = run(*(answered(n, False) for n in range(1, 9)), version="2", complete=False)
    alone = run(searched(1), searched(2, golds=[]), mode="retrieval")
    for each in (raw, alone):
        read = shape.parse(each)
        row = Kept("a", read, plan.SAMPLE)
        home.listed([row, row], say)
        paper.head(row, read, say)
        paper.filters(read, say)
        paper.asked(read, "right", "", 1, say)
        paper.asked(read, "", "", 99, say)
        paper.more(each, read, Settings(), say)
        home.ended(row, say)
    paper.more(run(answered(1)), shape.parse(run(answered(1))), Settings(), say)
    versus.page(raw, other, say)
    home.head(say)
    home.buttons(say)
    home.sources(plan.SAMPLE, (98, 18), 0, say)
    home.sources(plan.SAMPLE, (1, 1), 3, say)
    made = plan.Plan("n", Path("n.json"), Path("q"), "q", plan.FILE, "answers", None)
    for phase in (work.PREPARING, work.ADDING, work.ASKING):
        home.progress(Progress(made, phase, 1, 2, 90.0), say, own=False)
    assert missing - {"follow-up"} == set()  # a kind that a question file brings


def test_german_numbers_have_a_comma() -> None:
    text = said(
        paper.more(run(answered(1)), shape.parse(run(answered(1))), Settings(), Words("de"))
    )
    assert "0,75" in text and "0.75" not in text


def test_what_a_run_holds_stays_text() -> None:
    evil = answered(1, question=HOSTILE, kind=HOSTILE, golds=[HOSTILE], evidence=[HOSTILE],
                    withdrawn=[HOSTILE], article=HOSTILE)  # fmt: skip
    raw = run(evil, refused(2), file=HOSTILE, model={"name": HOSTILE, "sha256": ""})
    read = shape.parse(raw)
    row = Kept("a", read)
    shown = [
        home.listed([row], ENGLISH), paper.head(row, read, ENGLISH), paper.filters(read, ENGLISH),
        paper.asked(read, "", HOSTILE, 9, ENGLISH), paper.more(raw, read, Settings(), ENGLISH),
        versus.page(raw, raw, ENGLISH),
    ]  # fmt: skip
    for text in shown:
        tree = html.fromstring(f"<div>{text}</div>")
        assert tree.xpath("//img|//script") == []
        assert "\u202e" not in text and "\x1b" not in text


# The folder of the runs


def write(folder: Path, name: str, **changes: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(run(answered(1), **changes)))


def test_runs_are_listed_latest_first_and_others_passed_over(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "evaluations")
    assert runs.all() == []
    write(runs.folder, "old", started="2026-01-01T10:00:00+00:00")
    write(runs.folder, "new", started="2026-02-01T10:00:00+00:00")
    (runs.folder / "bad.json").write_text("{}")
    assert [each.name for each in runs.all()] == ["new", "old"]
    assert runs.all()[0].run.metrics["answered right"].rate == 0.75
    runs.remove("new")
    assert [each.name for each in runs.all()] == ["old"]


def test_a_run_of_ones_feedback_is_ones_own(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    ada, bob = owner_of("ada's cookie"), owner_of("bob's cookie")
    write(tmp_path, "hers", owner=ada)
    assert [each.name for each in runs.all(ada)] == ["hers"] and runs.all(bob) == []
    with pytest.raises(UsageError, match="no longer here"):
        runs.read("hers", bob)
    assert "cookie" not in ada


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", "a/../../b"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    write(tmp_path / "evaluations", "a")
    write(tmp_path, "secret")
    runs = Runs(tmp_path / "evaluations")
    for deed in (runs.read, runs.remove):
        with pytest.raises(UsageError):
            deed(name)
    assert (tmp_path / "secret.json").exists()


def test_a_file_gets_a_name_of_its_own(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "evaluations")
    first = runs.new_name("../My questions?.csv")
    assert re.fullmatch(r"My-questions-\d{4}-\d\d-\d\d-\d{6}", first)
    write(runs.folder, first)
    assert runs.new_name("../My questions?.csv") != first


def test_an_unfinished_run_knows_its_questions(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "evaluations")
    rows = [{"question": "Who?", "answers": ["Ada"], "id": "1"}]
    made = plan.of_feedback(runs, rows, "answers", 5, "ada")
    about = {**made.about(), "mode": "answers", "complete": False, "file": made.file}
    write(runs.folder, made.name, **about)
    assert plan.going_on(runs, made.name, "ada") == made
    made.forget()
    with pytest.raises(UsageError, match="its questions are gone"):
        plan.going_on(runs, made.name, "ada")
    with pytest.raises(UsageError, match="no answer has been judged"):
        plan.of_feedback(runs, [], "answers", None, "ada")
