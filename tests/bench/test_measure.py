"""All benches in one run: what it measures, keeps, and takes up again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import first_word
import measure
import pytest
import twenty
from click.testing import CliRunner
from lines import Line, paired, spread
from measure import Part
from plan import Plan, made
from served import Turn

from assistant import config
from assistant.errors import UsageError
from assistant.evaluation.questions import Question

KELM = "Kelm tower\n\nThe Kelm tower is 90 metres tall. It was built of grey brick in 1911."
ROMA = "Roma bridge\n\nThe Roma bridge carries trains over the river. It cost four million francs."
ASKED = [
    Question("1", "How tall is the Kelm tower?", ("90 metres",), None, "answerable"),
    Question("2", "What did the Roma bridge cost?", ("four million",), None, "answerable"),
]
ABOUT = {"model": "m", "processor": "p", "cores": 2, "asked": 2, "file": "q.jsonl"}


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    sources = []
    for name, text in (("kelm.txt", KELM), ("roma.txt", ROMA)):
        sources.append(tmp_path / name)
        sources[-1].write_text(text, "utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    return Plan(config.load(), folder, tmp_path / "kept", ASKED, sources)


@pytest.fixture
def steps_taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two parts of three steps each; the list holds those that were taken."""
    taken: list[int] = []

    def steps(plan: Plan, begin: int) -> Iterator[Any]:
        for number in range(begin, 3):
            taken.append(number)
            yield {"number": number}

    def told(found: Sequence[Any]) -> list[Line]:
        return [Line("number", "", [each["number"] for each in found])]

    monkeypatch.setattr(measure, "PARTS", {"one": Part(steps, told), "two": Part(steps, told)})
    return taken


def run(plan: Plan, out: Path, *names: str, **about: Any) -> dict[str, Any]:
    return measure.measure(plan, {**ABOUT, **about}, names or ("one", "two"), out)


def test_a_whole_run_leaves_its_result_and_the_next_one_begins_anew(
    plan: Plan, steps_taken: list[int], tmp_path: Path
) -> None:
    out = tmp_path / "new" / "bench.json"
    result = run(plan, out)
    assert result["complete"] and steps_taken == [0, 1, 2, 0, 1, 2]
    assert result == json.loads(out.read_text("utf-8"))
    assert [part["lines"][0]["ours"]["median"] for part in result["parts"]] == [1, 1]
    assert "## two" in out.with_suffix(".md").read_text("utf-8")
    assert [part["name"] for part in run(plan, out, "two")["parts"]] == ["two"]
    assert len(steps_taken) == 9 and sorted(p.suffix for p in out.parent.iterdir()) == [
        ".json", ".md",
    ]  # fmt: skip


def test_a_broken_run_goes_on_where_it_was(
    plan: Plan, steps_taken: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "bench.json"
    monkeypatch.setattr(
        measure.door, "tell", lambda text: text == "two, 2" and plan.stop.set()  # Ctrl-C
    )  # fmt: skip
    broken = run(plan, out)
    assert not broken["complete"] and steps_taken == [0, 1, 2, 0, 1]
    assert "broken off" in out.with_suffix(".md").read_text("utf-8")
    plan.stop.clear()
    with pytest.raises(UsageError, match="begun with other cores; delete it"):
        run(plan, out, cores=3)
    monkeypatch.setattr(measure.door, "tell", lambda text: None)
    assert run(plan, out)["complete"] and steps_taken == [0, 1, 2, 0, 1, 2]


def test_what_is_wanted_is_judged_by_the_median() -> None:
    line = paired(Line("it", "s", [1.0, 3.0, 9.0], "that", [2.0, 3.0, 3.0], at_most=1.2))
    assert list(line.ratios) == [0.5, 1.0, 3.0]
    told = line.as_json()
    assert told["ratio"] == {"median": 1.0, "quartiles": [0.75, 2.0], "n": 3}
    assert told["as wanted"] is True
    assert replace(line, no_ratio=True).as_json()["as wanted"] is False
    assert replace(line, at_most=None).as_json()["as wanted"] is None
    assert Line("it", "s", [], at_most=1).as_json()["as wanted"] is None
    assert spread([]) is None and spread([2]) == {"median": 2, "quartiles": [2, 2], "n": 1}


def test_what_was_typed_stands_beside_the_same_question() -> None:
    turns = [
        {"typed of": (number + 1) % 3, "recipe": 10.0 * (number + 1), "plain": 5.0, "typed": 1.0}
        for number in range(3)
    ]
    _, typed = first_word.lines(turns)
    assert list(typed.other) == [20.0, 30.0, 10.0]
    _, typed = first_word.lines(turns[:2])
    assert list(typed.other) == [20.0], "the third question has not come yet"


def test_outcomes_are_read_off_the_page() -> None:
    def outcome(html: str) -> str:
        return Turn(0.0, None, None, 1.0, html).outcome

    done = '<section class="turn done">'
    assert outcome(f'{done}<div class="a">Yes.</div>') == "answered"
    assert outcome(f'{done}<span class="stopped">') == "stopped"
    assert outcome(f'{done}<div class="trouble" role="alert">') == "refused with a message"
    assert outcome('<section class="turn running">') == outcome("") == "lost"


def test_who_is_answered_before_an_earlier_one_is_counted() -> None:
    def turn(asked: float, worded: float | None, outcome: str = "answered") -> dict[str, Any]:
        return {"asked": asked, "worded": worded, "outcome": outcome,
                "stopped": None, "ended": asked + 10}  # fmt: skip

    at_once = [turn(0.0, 9.0), turn(0.5, 8.0)]
    assert twenty._overtaken(at_once) == 0
    assert twenty._overtaken([turn(0.0, 9.0), turn(2.0, None), turn(3.0, 8.0)]) == 1
    stopped = {**turn(5.0, None, "stopped"), "stopped": 6.0, "ended": 6.5}
    record = {"turns": [*at_once, stopped, turn(7.0, None, "lost")], "memory": [100.0, 110.0]}
    told = {line.name: line.as_json() for line in twenty.lines([record])}
    assert told["answered"]["ours"]["median"] == 2
    assert told["lost"]["as wanted"] is False
    assert told["slowest stop"]["ours"]["median"] == 0.5 and told["slowest stop"]["as wanted"]
    assert told["memory in the last tenth of the time"]["ratio"]["median"] == 1.1


def test_what_was_made_halfway_is_made_anew(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        folder.mkdir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made(tmp_path / "it", fails)
    assert made(tmp_path / "it", Path.mkdir) == made(tmp_path / "it", fails)


def test_everything_is_measured_with_a_tiny_model(
    plan: Plan, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"MODELS": models, "MODEL": "smollm2-135m", "EVIDENCE_TOKENS": 50}
    for name, value in {**settings, "ANSWER_TOKENS": 16}.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", str(value))
    sizes = {"starts": 1, "few": 4, "many": 30, "before_weighing": 1, "people": 2}
    tiny = replace(plan, settings=config.load(), speed=100, minutes=0.01, **sizes)
    about = measure._about(tiny, Path("q.jsonl"))
    result = measure.measure(tiny, about, list(measure.PARTS), tmp_path / "bench.json")
    assert result["complete"] and str(tmp_path) not in json.dumps(result["about"])
    for part in result["parts"]:
        assert any(line["ours"] and line["ours"]["n"] for line in part["lines"]), part["name"]
    records = {part["name"]: part["records"] for part in result["parts"]}
    assert all(turn["read"] > 0 for turn in records["whole answer"])
    assert {turn["size"] for turn in records["search and evidence"]} == {
        "4 articles", "30 passages",
    }  # fmt: skip
    assert "lost" not in {turn["outcome"] for turn in records["twenty people"][0]["turns"]}
    assert sorted(path.name.split("-")[0] for path in plan.kept.iterdir()) == ["30", "4"]


def test_what_cannot_be_asked_is_told_on_one_line(tmp_path: Path) -> None:
    args = ["--questions", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "b.json")]
    done = CliRunner().invoke(measure.main, args)
    assert done.exit_code == 1 and "cannot read" in done.output
    assert not list(tmp_path.iterdir())
    (tmp_path / "one.jsonl").write_text('{"question": "Who?", "answers": ["me"]}\n', "utf-8")
    done = CliRunner().invoke(measure.main, ["--questions", str(tmp_path / "one.jsonl")])
    assert done.exit_code == 1 and "name another file" in done.output
