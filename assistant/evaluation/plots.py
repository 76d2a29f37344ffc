"""Plots as inline SVG.

Widths are in percent and heights in pixels, so a plot fits a telephone and its letters keep their
size; colours and type come from page.css by class. Each plot has a title and says its numbers in a
description.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.markup import ENGLISH, Say, decimal, esc, percent, share

_ROW = 50  # pixels a bar takes with its label
_PLOT, _FOOT, _TOP = 210, 24, 16  # pixels: the field of a curve, below it, above it
# Labels of points nearer than this share of the field would run together; those of marks are long.
_NEAR, _LONG = 0.08, 0.4
_QUARTERS = (0, 0.25, 0.5, 0.75, 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1, with its interval where there is one."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    tone: str = "good"


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts of a whole: colour class, name and count of each."""

    label: str
    parts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers whose distribution is drawn."""

    label: str
    values: tuple[float, ...]
    tone: str


@dataclass(frozen=True, slots=True)
class Spread:
    """A difference with its interval; `tone` is the colour class of its mark."""

    label: str
    value: float
    low: float
    high: float
    tone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a curve, both shares from 0 to 1. A `tone` makes it stand out, by its label."""

    x: float
    y: float
    label: str
    tone: str = ""


def bars(key: str, title: str, rows: Sequence[Bar], say: Say = ENGLISH) -> str:
    """Horizontal bars, their intervals as a line below each. `key` must be unique on the page."""
    drawn = [_bar(row, i * _ROW) for i, row in enumerate(rows)]
    told = "; ".join(f"{row.label}: {share(row.value, say)}{_between(row, say)}" for row in rows)
    return _svg(key, title, told, len(rows) * _ROW, drawn)


def _between(row: Bar, say: Say) -> str:
    if row.low is None or row.high is None:
        return ""
    return f" ({say('{low} to {high}', low=share(row.low, say), high=share(row.high, say))})"


def _bar(row: Bar, top: int) -> str:
    parts = [
        _text("0", top + 15, row.label),
        _text("100%", top + 15, row.note or share(row.value), "end number"),
        _rect(0, 1, top + 23, "track"),
        _rect(0, row.value, top + 23, row.tone),
    ]
    if row.low is not None and row.high is not None:
        parts.append(_line(row.low, top + 37, row.high, top + 37, "interval"))
    return "".join(parts)


def stacked(key: str, title: str, rows: Sequence[Stack]) -> str:
    """One bar a row, parted by share; rows without any count are left out."""
    rows = [row for row in rows if any(count for *_, count in row.parts)]
    drawn = [_stack(row, i * (_ROW + 8)) for i, row in enumerate(rows)]
    told = "; ".join(
        f"{row.label}: " + ", ".join(f"{count} {name}" for _, name, count in row.parts if count)
        for row in rows
    )
    return _svg(key, title, told, len(rows) * (_ROW + 8), drawn)


def _stack(row: Stack, top: int) -> str:
    whole = sum(count for *_, count in row.parts)
    parts = [_text("0", top + 15, row.label), _text("100%", top + 15, f"{whole}", "end number")]
    start = 0.0
    for tone, name, count in row.parts:
        if not count:
            continue
        width = count / whole
        tip = f"<title>{esc(name)}: {count} of {whole}</title>"
        parts.append(f"<g>{tip}{_rect(start, width, top + 23, f'part {tone}', 22)}")
        if width >= 0.07:  # else the number would not fit
            middle = percent(start + width / 2)
            parts.append(_text(middle, top + 38, str(count), f"middle on-{tone}"))
        parts.append("</g>")
        start += width
    return "".join(parts)


def cumulative(
    key: str, title: str, unit: str, series: Sequence[Series], say: Say = ENGLISH
) -> str:
    """For each number, the share of the values that are not larger, as steps."""
    series = [each for each in series if each.values]
    top = max((max(each.values) for each in series), default=1.0) or 1.0
    ticks = nice_ticks(top)
    end = max(top, ticks[-1])
    lines = [
        _polyline(_steps([v / end for v in sorted(each.values)]), each.tone) for each in series
    ]
    told = "; ".join(_told(each, unit, say) for each in series)
    labels = [
        (tick / end, decimal(f"{tick:g}", say) + (f" {unit}" if tick else "")) for tick in ticks
    ]
    return _svg(key, title, told, _TOP + _PLOT + _FOOT, [_grid(), *lines, _scale(labels)])


def _told(each: Series, unit: str, say: Say) -> str:
    ordered = sorted(each.values)
    half, all_ = (
        f"{decimal(f'{value:.1f}', say)} {unit}"
        for value in (ordered[(len(ordered) - 1) // 2], ordered[-1])
    )
    return f"{each.label}: {say('half within {half}, all within {all}', half=half, all=all_)}"


def _steps(ordered: Sequence[float]) -> list[tuple[float, float]]:
    places = [(0.0, 0.0)]
    for i, x in enumerate(ordered, 1):
        places += [(x, (i - 1) / len(ordered)), (x, i / len(ordered))]
    return [*places, (1.0, 1.0)]


def nice_ticks(top: float) -> list[float]:
    """From 0 up to about `top` in steps of 1, 2 or 5 times a power of ten; at most six steps."""
    rough = top / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    return [round(i * step, 10) for i in range(int(top / step + 0.001) + 1)]


def spreads(key: str, title: str, rows: Sequence[Spread], say: Say = ENGLISH) -> str:
    """Differences about a line at zero, each with its interval, all on one scale."""
    widest = max((max(abs(row.low), abs(row.high), abs(row.value)) for row in rows), default=0)
    scale = 0.48 / (widest or 1)
    height = len(rows) * _ROW
    drawn = [_line(0.5, 0, 0.5, height, "zero")]
    drawn += [_spread(row, i * _ROW, scale) for i, row in enumerate(rows)]
    told = "; ".join(_about_zero(row, say) for row in rows)
    return _svg(key, title, told, height, drawn)


def _about_zero(row: Spread, say: Say) -> str:
    value, low, high = (decimal(f"{each:+.2f}", say) for each in (row.value, row.low, row.high))
    return f"{row.label}: {value} ({say('{low} to {high}', low=low, high=high)})"


def _spread(row: Spread, top: int, scale: float) -> str:
    low, middle, high = (0.5 + scale * value for value in (row.low, row.value, row.high))
    y = top + 29
    return (
        _text("0", top + 15, row.label, "halo")
        + _text("100%", top + 15, row.note, "end number halo")
        + _line(0, y, 1, y, "grid")
        + _line(low, y, high, y, f"span {row.tone}")
        + _circle(middle, y, 5, row.tone)
    )


def curve(
    key: str,
    title: str,
    axes: tuple[str, str],
    points: Sequence[Point],
    reach: float = 1.0,
    say: Say = ENGLISH,
) -> str:
    """A line through the points that bear no tone, some of them labelled, and the marks on it.

    The field shows x from 0 to `reach`; what lies beyond is cut off.
    """
    marks = [point for point in points if point.tone]
    inside = _until(reach, [point for point in points if not point.tone])
    ticks = [(tick / reach, f"{100 * tick:g}%") for tick in nice_ticks(reach)]
    line = _polyline([(p.x / reach, p.y) for p in inside], "good")
    drawn = [_grid(), line, _scale(ticks, right=True)]
    for point in _apart(inside, marks, reach):
        drawn += [_dot(point, reach, 2.5, "dot"), _named(point, reach, "small")]
    for i, point in enumerate(marks):
        crowded = any(_covers(other, point, reach) for other in marks[i + 1 :])
        drawn += [_dot(point, reach, 6, point.tone), _named(point, reach, "strong", crowded)]
    told = "; ".join(
        f"{p.label}: {axes[0]} {share(p.x, say)}, {axes[1]} {share(p.y, say)}" for p in marks
    )
    plot = _svg(key, title, told, _TOP + _PLOT + _FOOT, drawn)
    right, up = (f'<p class="axis">{esc(name)}</p>' for name in axes)
    return f"{up}{plot}{right}"


def _until(reach: float, points: Sequence[Point]) -> list[Point]:
    """The points up to `reach`, with one at the very edge where the line goes on beyond."""
    inside = [point for point in points if point.x <= reach]
    beyond = next((point for point in points if point.x > reach), None)
    if inside and beyond:
        last = inside[-1]
        part = (reach - last.x) / (beyond.x - last.x)
        inside.append(Point(reach, last.y + part * (beyond.y - last.y), ""))
    return inside


def _apart(points: Sequence[Point], marks: Sequence[Point], reach: float) -> list[Point]:
    """The points that have a label and room for it."""
    kept: list[Point] = []
    for point in points:
        free = not any(_covers(mark, point, reach) for mark in marks)
        room = all(
            abs(point.x - other.x) / reach > _NEAR or abs(point.y - other.y) > _NEAR
            for other in kept
        )
        if point.label and free and room and point.y > _NEAR:  # at the foot stands the scale
            kept.append(point)
    return kept


def _covers(mark: Point, point: Point, reach: float) -> bool:
    """Whether the label of a mark would lie on that of the point."""
    across, along = (point.x - mark.x) / reach, abs(point.y - mark.y)
    left = _leftward(mark, reach)
    return along < _NEAR and (-_LONG if left else -_NEAR) < across < (_NEAR if left else _LONG)


def _leftward(point: Point, reach: float) -> bool:
    return point.x / reach > 0.65


def _dot(point: Point, reach: float, radius: float, tone: str) -> str:
    return _circle(min(point.x / reach, 1), _height(point.y), radius, tone)


def _named(point: Point, reach: float, css: str, above: bool = False) -> str:
    """A label below and right of its point, or left of it near the edge."""
    left = _leftward(point, reach)
    y = _height(point.y) + (-8 if above or point.y <= _NEAR else 15)
    return (
        f'<text x="{percent(min(point.x / reach, 1))}" y="{y:.1f}" dx="{-8 if left else 8}"'
        f' class="halo {css}{" end" if left else ""}">{esc(point.label)}</text>'
    )


# The parts of a plot


def _svg(key: str, title: str, told: str, height: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg role="img" width="100%" height="{height}" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{esc(title)}</title><desc id="{key}-d">{esc(told)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _grid() -> str:
    """Lines at the quarters of the field."""
    heights = [(quarter, _height(quarter)) for quarter in _QUARTERS]
    return "".join(_line(0, y, 1, y, "grid" if quarter else "base") for quarter, y in heights)


def _scale(ticks: Sequence[tuple[float, str]], right: bool = False) -> str:
    """The shares of the quarters, at the left or right, and the numbers along the foot."""
    place, side = ("100%", " end") if right else ("0", "")
    parts = [
        _text(place, _height(quarter) - 4, f"{100 * quarter:g}%", f"small halo{side}")
        for quarter in _QUARTERS[1:]
    ]
    for x, label in ticks:
        side = "" if x < 0.02 else " end" if x > 0.95 else " middle"
        parts.append(_text(percent(x), _TOP + _PLOT + 17, label, f"small{side}"))
    return "".join(parts)


def _height(value: float) -> float:
    return _TOP + _PLOT * (1 - value)


def _polyline(places: Sequence[tuple[float, float]], tone: str) -> str:
    """Stretched to the field; lines know no percent, so they stand in a picture of their own."""
    drawn = " ".join(f"{1000 * x:.1f},{1000 * (1 - y):.1f}" for x, y in places)
    return (
        f'<svg x="0" y="{_TOP}" width="100%" height="{_PLOT}" viewBox="0 0 1000 1000"'
        f' preserveAspectRatio="none" overflow="visible">'
        f'<polyline class="curve {tone}" points="{drawn}"/></svg>'
    )


def _text(x: str, y: float, text: str, css: str = "") -> str:
    return f'<text x="{x}" y="{y:.1f}" class="{css}">{esc(text)}</text>'


def _rect(x: float, width: float, y: int, css: str, height: int = 10) -> str:
    return (
        f'<rect x="{percent(x)}" y="{y}" width="{percent(width)}" height="{height}" rx="3"'
        f' class="{css}"/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return (
        f'<line x1="{percent(x1)}" y1="{y1:.1f}" x2="{percent(x2)}" y2="{y2:.1f}" class="{css}"/>'
    )


def _circle(x: float, y: float, radius: float, tone: str) -> str:
    return f'<circle cx="{percent(x)}" cy="{y:.1f}" r="{radius}" class="{tone}"/>'
