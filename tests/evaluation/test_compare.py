from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from run_fakes import HOSTILE, answered, invented, refused, run, searched, wrongly_refused

from assistant.errors import UsageError
from assistant.evaluation.compare import compare, read, table
from assistant.evaluation.differences import Difference


def figures(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Difference]:
    return {each.name: each for each in compare(a, b).differences}


def printed(a: dict[str, Any], b: dict[str, Any]) -> str:
    console = Console(width=160, color_system=None)
    with console.capture() as capture:
        console.print(table(a, b))
    return capture.get()


def test_the_same_run_twice_differs_nowhere() -> None:
    same = run(*(answered(i, i % 3 > 0, f1=i / 7) for i in range(21)), refused(22), invented(23))
    found = compare(same, same)
    assert found.common == 23 and not found.settings and not found.notes
    assert not any(found.changes.values())
    assert {(d.value, d.low, d.high, d.changed, d.better) for d in found.differences} == {
        (0.0, 0.0, 0.0, 0, None)
    }


def test_values_are_those_of_the_common_questions() -> None:
    a = run(answered(1), answered(2, False), answered(3), refused(4), refused(5), answered(9))
    b = run(answered(1), answered(2), wrongly_refused(3), refused(4), invented(5), refused(8))
    found = figures(a, b)
    assert (found["answered right"].a, found["answered right"].b) == (2 / 3, 2 / 3)
    assert found["answered right"].n == 3 and found["answered right"].changed == 2
    assert (found["wrongly refused"].a, found["wrongly refused"].b) == (0, 1 / 3)
    assert (found["rightly refused"].a, found["rightly refused"].b) == (1, 0.5)
    assert found["token F1"].b == pytest.approx(1 / 3)


def test_citations_and_seconds_count_where_both_runs_have_them() -> None:
    slow = {"search": 0.1, "first_token": 3.0, "total": 6.5}
    a = run(answered(1), answered(2), wrongly_refused(3), answered(4))
    b = run(
        answered(1, seconds=slow, cited_right=False), answered(2, False), answered(3), refused(4)
    )
    found = figures(a, b)
    cited = found["citation right, of answers right in both"]
    assert (cited.n, cited.a, cited.b) == (1, 1.0, 0.0)
    total = found["seconds: whole answer (mean)"]
    assert (total.n, total.a, total.b) == (2, 4.0, 5.25)
    assert found["seconds: first word of an answer (mean)"].b == 2.5


def test_kinds_are_told_apart_where_there_are_several() -> None:
    a = run(answered(1), answered(2, kind="overview"), refused(3), refused(4, kind="absent"))
    b = run(
        answered(1), answered(2, False, kind="overview"), refused(3), invented(4, kind="absent")
    )
    found = figures(a, b)
    assert found["answered right: overview"].value == -1
    assert found["answered right: answerable"].value == 0
    assert found["rightly refused: absent"].value == -1
    assert not any("answered right:" in name for name in figures(run(refused(1)), run(refused(1))))


def test_an_interval_is_that_of_the_bootstrap() -> None:
    """25 of 100 questions became right: the mean of the draws has a standard error of 0.0433."""
    a = run(*(answered(i, False) for i in range(100)))
    b = run(*(answered(i, i < 25) for i in range(100)))
    found = figures(a, b)["answered right"]
    assert found.value == 0.25 and found.sure and found.better is True
    assert found.low == pytest.approx(0.25 - 1.96 * 0.0433, abs=0.012)
    assert found.high == pytest.approx(0.25 + 1.96 * 0.0433, abs=0.012)
    assert compare(a, b) == compare(a, b)


def test_what_is_more_than_chance_and_for_the_better() -> None:
    a = run(*(answered(i) for i in range(40)))
    refusing = run(*(wrongly_refused(i) if i < 12 else answered(i) for i in range(40)))
    found = figures(a, refusing)
    assert found["wrongly refused"].better is False and found["answered right"].better is False
    assert figures(refusing, a)["wrongly refused"].better is True


def test_a_few_changed_questions_are_not_more_than_chance() -> None:
    def changed(count: int) -> Difference:
        b = run(*(answered(i, i >= count) for i in range(20)))
        return figures(run(*(answered(i) for i in range(20))), b)["answered right"]

    assert changed(5).high < 0 and not changed(5).sure
    assert changed(6).sure


def test_changes_stand_in_one_list_each() -> None:
    a = run(
        answered(1, False), answered(2), answered(3), wrongly_refused(4), refused(5), refused(6)
    )
    b = run(
        answered(1), answered(2, False), wrongly_refused(3), answered(4), invented(5), refused(6)
    )
    found = compare(a, b)
    ids = {name: [change.id for change in changes] for name, changes in found.changes.items()}
    assert ids == {
        "Became right": ["q1"],
        "Became wrong": ["q2"],
        "Newly refused": ["q3"],
        "No longer refused": ["q4", "q5"],
    }
    assert str(found.newly_refused[0].before) == "right: It is gold [1]."
    assert str(found.newly_refused[0].after) == "wrongly refused"
    assert found.no_longer_refused[1].after.outcome == "answered, should refuse"


def test_what_differs_between_the_runs_is_named() -> None:
    changes: dict[str, Any] = {
        "version": "1.1",
        "model": {"name": "other", "sha256": "12ab"},
        "settings": {"refuse_below": 0.9, "store": "/there", "new": 1},
        "library": {"articles": 1500},
    }
    found = compare(run(answered(1)), run(answered(1), **changes))
    assert set(found.settings) == {
        ("version", "1.0", "1.1"),
        ("model name", "fake", "other"),
        ("refuse_below", "0.8", "0.9"),
        ("support_below", "1.1", "–"),
        ("new", "–", "1"),
        ("library: articles", "3", "1,500"),
        ("library: passages", "5", "–"),
        ("library: sentences", "9", "–"),
    }


def test_it_is_noted_where_the_question_sets_differ() -> None:
    other = answered(2, question="Something else?")  # the same line of another file
    a, b = run(answered(1), answered(2)), run(answered(1), other, refused(3), complete=False)
    notes = compare(a, b).notes
    assert "1 are in both" in notes[0] and "1 are only in the first" in notes[0]
    assert "2 only in the second" in notes[0]
    assert notes[1].startswith("The second run is incomplete")
    with pytest.raises(UsageError, match="no question in common"):
        compare(run(answered(1)), run(answered(2)))


def test_runs_of_the_search_alone_are_compared_by_what_was_found() -> None:
    a = run(searched(1, rank=1), searched(2, rank=None, kept=False), mode="retrieval")
    b = run(searched(1, rank=6), searched(2, rank=2), mode="retrieval")
    found = figures(a, b)
    assert "answered right" not in found
    assert found["right passage in the first 5"].value == 0
    assert found["MRR@10"].a == 0.5 and found["MRR@10"].b == pytest.approx((1 / 6 + 1 / 2) / 2)
    assert found["evidence holds the answer"].value == 0.5
    assert not any(compare(run(answered(1), answered(2)), b).changes.values())


def test_the_table_shows_figures_settings_and_at_most_thirty_changes() -> None:
    a = run(*(answered(i) for i in range(40)))
    b = run(*(answered(i, i > 32) for i in range(40)), version="2.0")
    text = printed(a, b)
    assert "answered right" in text and "−0.82" in text and "33 of 40" in text and "worse" in text
    assert "version" in text and "2.0" in text
    assert "Became wrong: 33" in text and "Question 29?" in text and "and 3 more" in text
    assert "Question 30?" not in text
    assert "Same version, model, library and settings." in printed(a, a)


def test_the_table_lets_nothing_hostile_through() -> None:
    bold = "[bold red]x[/nonsense]"
    a = run(answered(1, question=HOSTILE + bold, text=HOSTILE))
    b = run(answered(1, False, question=HOSTILE + bold))
    text = printed(a, b)
    assert "\x1b" not in text and "\u202e" not in text and bold in text


def test_a_run_is_read(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text(json.dumps(run(answered(1))), "utf-8")
    assert read(file) == run(answered(1))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a run"),
        ("{}", "is not a run"),
        ('{"version": "1", "metrics": {}, "answers": [{"id": 1}]}', "answers.0.id"),
        ('{"version": "1", "metrics": {}, "answers": 3}', "answers"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(content)
    with pytest.raises(UsageError) as error:
        read(file)
    assert str(file) in str(error.value) and reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "none.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not JSON"):
        read(tmp_path / "bytes.json")
