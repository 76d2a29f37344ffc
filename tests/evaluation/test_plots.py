from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assistant.evaluation import plots
from assistant.evaluation.plots import Bar, Point, Series, Spread, Stack


def drawn(svg: str) -> etree._Element:
    return etree.fromstring(f"<div>{svg}</div>")


def of_class(svg: str, tag: str, css: str) -> Iterator[dict[str, str]]:
    return (
        dict(found.attrib)
        for found in drawn(svg).iter(tag)
        if css in found.get("class", "").split()
    )


def texts(svg: str) -> list[str]:
    return ["".join(found.itertext()) for found in drawn(svg).iter("text")]


def test_a_bar_is_as_long_as_its_share_with_its_interval() -> None:
    svg = plots.bars("k", "Rates", [Bar("right", 0.75, 0.5, 0.875), Bar("F1", 0.25, tone="mild")])
    assert [b["width"] for b in of_class(svg, "rect", "good")] == ["75.00%"]
    assert [b["width"] for b in of_class(svg, "rect", "mild")] == ["25.00%"]
    interval = list(of_class(svg, "line", "interval"))
    assert [(line["x1"], line["x2"]) for line in interval] == [("50.00%", "87.50%")]
    assert texts(svg) == ["right", "0.75", "F1", "0.25"]


def test_a_plot_tells_its_title_and_numbers_to_who_cannot_see_it() -> None:
    svg = drawn(plots.bars("k", "Rates & more", [Bar("<right>", 0.75, 0.5, 0.875)]))[0]
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == "k-t k-d"
    assert svg.find("title").text == "Rates & more" and svg.find("title").get("id") == "k-t"
    assert svg.find("desc").text == "<right>: 0.75 (0.50 to 0.88)"


def test_the_parts_of_a_stack_fill_it() -> None:
    parts = (("good", "right", 15), ("bad", "wrong", 4), ("mild", "none", 0), ("fair", "few", 1))
    svg = plots.stacked("k", "Outcomes", [Stack("kind", parts), Stack("empty", (("bad", "x", 0),))])
    widths = [float(b["width"].rstrip("%")) for b in of_class(svg, "rect", "part")]
    starts = [float(b["x"].rstrip("%")) for b in of_class(svg, "rect", "part")]
    assert widths == [75, 20, 5] and starts == [0, 75, 95]
    assert texts(svg) == ["kind", "20", "15", "4"]  # no room for the 1
    assert "empty" not in svg
    assert "right: 15 of 20" in svg


def places(svg: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.get("points").split())]
        for line in drawn(svg).iter("polyline")
    ]


def test_a_cumulative_line_steps_up_at_each_value() -> None:
    svg = plots.cumulative("k", "Seconds", "s", [Series("all", (4.0, 1.0), "good")])
    (line,) = places(svg)
    assert line == [(0, 1000), (250, 1000), (250, 500), (1000, 500), (1000, 0), (1000, 0)]
    assert "half within 1.0 s, all within 4.0 s" in svg


def test_without_values_an_empty_field_is_drawn() -> None:
    assert places(plots.cumulative("k", "S", "s", [Series("none", (), "good")])) == []
    assert places(plots.cumulative("k", "S", "s", [Series("at once", (0.0,), "good")]))


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_ticks_are_round_few_and_reach_the_end(top: float) -> None:
    ticks = plots.nice_ticks(top)
    assert ticks[0] == 0 and 2 <= len(ticks) <= 7
    step = ticks[1]
    assert all(b - a == pytest.approx(step, rel=1e-3, abs=1e-9) for a, b in pairwise(ticks))
    assert re.fullmatch(r"[125]0*", f"{step:e}".split("e")[0].replace(".", ""))
    assert top - step < ticks[-1] * 1.001 + 1e-9


def test_differences_share_one_scale_about_the_middle() -> None:
    rows = [Spread("a", 0.1, 0.0, 0.2, "good"), Spread("b", -0.05, -0.1, 0.0, "bad")]
    svg = plots.spreads("k", "Differences", rows)
    good, bad = (next(of_class(svg, "line", css)) for css in ("good", "bad"))
    assert (good["x1"], good["x2"]) == ("50.00%", "98.00%")
    assert (bad["x1"], bad["x2"]) == ("26.00%", "50.00%")
    none = plots.spreads("k", "D", [Spread("none", 0, 0, 0, "mute")])
    assert next(of_class(none, "circle", "mute"))["cx"] == "50.00%"


def test_a_curve_is_cut_at_its_reach_and_bears_its_marks() -> None:
    points = [Point(0, 0.2, "0.0"), Point(0.1, 0.6, "0.5"), Point(0.3, 0.8, "1.0")]
    svg = plots.curve("k", "C", ("wrong", "right"), [*points, Point(0.1, 0.6, "now", "open")], 0.2)
    (line,) = places(svg)
    assert line == [(0, 800), (500, 400), (1000, 300)]
    mark = next(of_class(svg, "circle", "open"))
    assert mark["cx"] == "50.00%" and float(mark["cy"]) == pytest.approx(16 + 210 * 0.4)
    shown = texts(svg)
    assert "now" in shown and "0.0" in shown
    assert "0.5" not in shown  # hidden by the mark on it
    assert "now: wrong 0.10, right 0.60" in svg


@given(st.text(max_size=40))
def test_any_label_leaves_the_plot_whole(label: str) -> None:
    svg = plots.bars("k", label, [Bar(label, 0.5)])
    svg += plots.curve("c", label, (label, label), [Point(0.5, 0.5, label, "open")])
    assert not any(found.get("onload") for found in drawn(svg).iter())
