from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from rich.console import Console
from run_fakes import HOSTILE, answered, refused, run, searched

from assistant.errors import UsageError
from assistant.evaluation import calibrate, page_calibration
from assistant.evaluation.calibrate import Point, curve, recommend

_OPEN = {"refuse_below": 0.0, "support_below": 0.0}


def opened(*answers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return run(*answers, **{"settings": _OPEN, **changes})


def able(number: int, strength: float, support: float | None = 1.5, **more: Any) -> dict[str, Any]:
    gone = {"refused": True, "right": False} if support is None else {}
    return answered(number, **{"strength": strength, "support": support, **gone, **more})


def other(number: int, strength: float, support: float | None, **more: Any) -> dict[str, Any]:
    return refused(
        number, strength=strength, support=support, refused=support is None, text="x", **more
    )


FOUR_AND_FOUR = opened(
    able(1, 0.9, 1.6), able(2, 1.0, 0.7), able(3, 1.1, 1.2, right=False), able(4, 1.2, None),
    other(5, 0.3, 0.2), other(6, 0.5, None, kind="absent"), other(7, 0.95, 0.9), other(8, 1.3, 1.4),
)  # fmt: skip


def at(points: list[Point], threshold: float) -> Point:
    return next(point for point in points if point.threshold == threshold)


def test_the_curve_of_strength_by_hand() -> None:
    points = curve(FOUR_AND_FOUR, "strength")
    assert at(points, 0.0) == Point(0.0, 0.0, 0.0, (("absent", 0.0), ("near miss", 0.0)), 0.0)
    # A strength of just the threshold is not refused.
    assert at(points, 0.9) == Point(0.9, 0.0, 0.5, (("absent", 1.0), ("near miss", 1 / 3)), 0.0)
    assert at(points, 1.0) == Point(1.0, 0.25, 0.75, (("absent", 1.0), ("near miss", 2 / 3)), 0.5)
    assert at(points, 2.0).wrongly == at(points, 2.0).rightly == at(points, 2.0).lost == 1.0
    assert [p.wrongly for p in points] == sorted(p.wrongly for p in points)


def test_the_curve_of_support_by_hand() -> None:
    """What the model refused itself is refused whatever the threshold."""
    points = curve(FOUR_AND_FOUR, "support")
    assert at(points, 0.0) == Point(0.0, 0.25, 0.25, (("absent", 1.0), ("near miss", 0.0)), 0.0)
    assert at(points, 1.0) == Point(1.0, 0.5, 0.75, (("absent", 1.0), ("near miss", 2 / 3)), 0.5)
    before = curve(FOUR_AND_FOUR, "support", refuse_below=0.95)
    assert at(before, 0.0).wrongly == 0.5 and at(before, 0.0).rightly == 0.5


def test_what_a_second_look_refused_counts_as_refused() -> None:
    doubted = opened(able(1, 1.0, 1.5, refused=True, right=False), other(2, 1.0, 1.5))
    assert curve(doubted, "support")[0].wrongly == 1.0


def test_the_recommended_strength_is_the_largest_within_bounds() -> None:
    answers = [able(i, 0.7 + i / 100) for i in range(100)]
    found = recommend(opened(*answers, other(100, 0.5, 1.2), other(101, 1.9, 1.9)))
    assert found.refuse_below == 0.71  # refuses one of a hundred
    assert found.before.wrongly == 0.01 and found.before.rightly == 0.5
    assert recommend(opened(*answers, other(100, 0.5, 1.2)), most_wrong=0.05).refuse_below == 0.75
    assert recommend(opened(*answers, other(100, 0.5, 1.2)), most_wrong=0).refuse_below == 0.70


def test_the_recommended_support_refuses_most_within_bounds_and_no_more_than_needed() -> None:
    answers = [able(i, 1.5, 1.0 + i / 100) for i in range(100)]
    others = [other(100, 1.5, 0.4), other(101, 1.5, 1.02), other(102, 1.5, 1.9)]
    found = recommend(opened(*answers, *others))
    assert found.support_below == 1.03 and found.within  # up to 1.08 nothing more is gained
    assert found.after and found.after.wrongly == 0.03 and found.after.rightly == 2 / 3
    strict = recommend(opened(*answers, *others), most_in_all=0.02)
    assert strict.support_below == 0.41


def test_a_model_that_refuses_too_much_by_itself_is_told() -> None:
    answers = [able(1, 1.5, None), able(2, 1.5, 1.5), other(3, 1.5, 0.5)]
    found = recommend(opened(*answers))
    assert found.support_below == 0 and not found.within
    assert "refusal_bias" in printed(opened(*answers))


def test_errors_are_left_out() -> None:
    failed = answered(9, right=False, error="no", strength=None, text=None, refused=None)
    points = curve(opened(able(1, 1.0), other(2, 0.5, None), failed), "strength")
    assert at(points, 2.0).wrongly == 1.0


def test_a_run_of_the_search_alone_calibrates_strength() -> None:
    plain = run(searched(1, strength=0.9), searched(2, strength=0.4, golds=[]), mode="retrieval")
    found = recommend(plain)
    assert (found.refuse_below, found.support_below, found.after) == (0.9, None, None)
    assert "support_below" not in printed(plain)
    with pytest.raises(UsageError, match="search alone"):
        curve(plain, "support")


def test_a_run_that_cannot_tell_is_refused() -> None:
    with pytest.raises(UsageError, match="made with thresholds"):
        recommend(run(able(1, 1.0), other(2, 0.5, None)))
    for one_sided in ([able(1, 1.0)], [other(1, 0.5, None)], []):
        with pytest.raises(UsageError, match="questions that they do not"):
            curve(opened(*one_sided), "strength")


def printed(data: dict[str, Any]) -> str:
    console = Console(width=160, color_system=None)
    with console.capture() as capture:
        console.print(calibrate.table(data))
    return capture.get()


def test_the_table_ends_with_the_settings_to_write() -> None:
    text = printed(FOUR_AND_FOUR)
    best = recommend(FOUR_AND_FOUR)
    assert best.refuse_below == 0.9
    assert text.rstrip().endswith(
        f"settings.toml: refuse_below = 0.90 and support_below = {best.support_below:.2f}"
    )
    rows = [line for line in text.splitlines() if "recommended" in line]
    assert "0.90" in rows[0] and len(rows) == 2
    assert any("0.80" in line and "at present" in line for line in text.splitlines())
    assert "From 4 answerable and 4 other questions." in text
    assert "ask more before you rely on it" in text


def test_the_present_thresholds_are_those_of_the_settings(monkeypatch: Any) -> None:
    monkeypatch.setenv("ASSISTANT_REFUSE_BELOW", "1.77")
    lines = printed(FOUR_AND_FOUR).splitlines()
    assert any("1.77" in line and "at present" in line for line in lines)


def test_the_page_shows_both_curves_with_their_marks(tmp_path: Path) -> None:
    file = tmp_path / "curve.html"
    page_calibration.write(FOUR_AND_FOUR, file)
    text = file.read_text("utf-8")
    root = etree.fromstring(text.removeprefix("<!DOCTYPE html>\n").encode())
    plots = [svg for svg in root.iter("svg") if svg.get("role") == "img"]
    assert len(plots) == 2
    assert (
        "recommended 0.90: answerable questions wrongly refused 0.00" in plots[0].find("desc").text
    )
    assert "at present 0.80" in plots[0].find("desc").text
    assert root.find(".//code").text.startswith("refuse_below = 0.90\nsupport_below = ")
    assert len([row for row in root.iter("tr") if row.get("class") == "chosen"]) == 2
    assert "http" not in text.replace("http-equiv", "")


def test_the_page_lets_nothing_hostile_through() -> None:
    bad = opened(able(1, 1.0), other(2, 0.5, 0.5, kind=HOSTILE), other(3, 0.5, None), file=HOSTILE)
    text = page_calibration.page(bad)
    root = etree.fromstring(text.removeprefix("<!DOCTYPE html>\n").encode())
    assert len(list(root.iter("script"))) == 1 and not list(root.iter("img"))
    assert HOSTILE[-1] not in text and "onerror" in printed(bad)
