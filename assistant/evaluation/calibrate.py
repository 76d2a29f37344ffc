"""What each threshold of refusal would refuse, and which fit, read off a run without thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant import config
from assistant.errors import UsageError
from assistant.evaluation import markup, plots, shape, whole
from assistant.evaluation.markup import beside, counted, esc, section, share
from assistant.evaluation.shape import RETRIEVAL, Answer, Run

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

Key = Literal["strength", "support"]

MOST_WRONG = 0.01  # of the answerable questions, refused before the model
MOST_WRONG_IN_ALL = 0.08  # of the answerable questions, refused before, by or after the model
THRESHOLDS = tuple(i / 100 for i in range(201))  # 0 to 2; none above it is worth having
_SETTINGS: dict[Key, str] = {"strength": "refuse_below", "support": "support_below"}
_SHOWN, _STEP = 6, 5  # rows of the table on each side of the recommended one, thresholds a row
_LABELLED = 10  # every so many thresholds a label on the curve
_REACH = 0.3  # of the wrong refusals the curve shows at least so much


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold refuses: shares of the answerable questions, of the others in all and by
    kind, and of the right answers. None where there is no such question.
    """

    threshold: float
    wrongly: float
    rightly: float | None
    by_kind: tuple[tuple[str, float], ...]
    lost: float | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The thresholds that fit, and what they refuse.

    `after` and `support_below` are None for a run without the model. `within` says whether even the
    lowest support keeps the wrong refusals within bounds.
    """

    refuse_below: float
    support_below: float | None
    before: Point
    after: Point | None
    within: bool


def curve(run: dict[str, Any], key: Key, refuse_below: float = 0.0) -> list[Point]:
    """A point for each of THRESHOLDS.

    For "strength" what is refused before the model; for "support" all that is refused at last: by
    `refuse_below`, by the model itself, and after it. Raises UsageError for a run that cannot tell.
    """
    return _curve(_read(run, key), key, refuse_below)


def recommend(
    run: dict[str, Any], most_wrong: float = MOST_WRONG, most_in_all: float = MOST_WRONG_IN_ALL
) -> Recommendation:
    """The largest strength that refuses no more than `most_wrong` of the answerable questions, and
    with it the lowest support of those that refuse most of the others, wrongly no more than
    `most_in_all`. Raises UsageError for a run that cannot tell.
    """
    read = _read(run, "strength")
    fitting = [p for p in _curve(read, "strength", 0.0) if p.wrongly <= most_wrong]
    before = fitting[-1]  # there is one: a threshold of 0 refuses nothing
    if read.mode == RETRIEVAL:
        return Recommendation(before.threshold, None, before, None, True)
    points = _curve(read, "support", before.threshold)
    allowed = [p for p in points if p.wrongly <= most_in_all]
    after = max(allowed, key=lambda p: (p.rightly or 0, -p.threshold)) if allowed else points[0]
    return Recommendation(before.threshold, after.threshold, before, after, bool(allowed))


def _read(run: dict[str, Any], key: Key) -> Run:
    """Raises UsageError where the run cannot tell what the thresholds would refuse."""
    read = shape.parse(run)
    if read.mode == RETRIEVAL:
        if key == "support":
            raise UsageError("a run of the search alone tells nothing of support; run the model")
    elif any(read.settings.get(name) for name in _SETTINGS.values()):
        raise UsageError(
            "this run was made with thresholds, so what others would refuse is lost; "
            "make one with `assistant calibrate FILE --out RUN.json`"
        )
    sides = {answer.answerable for answer in read.answers if answer.strength is not None}
    if sides != {True, False}:
        raise UsageError(
            "calibrating needs questions that the articles answer and questions that they do not; "
            "add the missing sort to the file and make the run again"
        )
    return read


def _curve(run: Run, key: Key, refuse_below: float) -> list[Point]:
    known = [answer for answer in run.answers if answer.strength is not None]

    def refused(answer: Answer, threshold: float) -> bool:
        if key == "strength":
            return _weak(answer, threshold)
        return _weak(answer, refuse_below) or _unsupported(answer, threshold)

    return [_point(known, threshold, refused) for threshold in THRESHOLDS]


def _weak(answer: Answer, threshold: float) -> bool:
    return answer.strength is not None and answer.strength < threshold


def _unsupported(answer: Answer, threshold: float) -> bool:
    return bool(answer.refused) or answer.support is None or answer.support < threshold


def _point(
    answers: Sequence[Answer], threshold: float, refused: Callable[[Answer, float], bool]
) -> Point:
    def share_of(some: Iterable[Answer]) -> float | None:
        outcomes = [refused(answer, threshold) for answer in some]
        return sum(outcomes) / len(outcomes) if outcomes else None

    others = [answer for answer in answers if not answer.answerable]
    return Point(
        threshold=threshold,
        wrongly=share_of(a for a in answers if a.answerable) or 0.0,
        rightly=share_of(others),
        by_kind=tuple(
            (kind, share_of(a for a in others if a.kind == kind) or 0.0)
            for kind in sorted({a.kind for a in others})
        ),
        lost=share_of(a for a in answers if a.right),
    )


# For the terminal and the page


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the two thresholds: its curve, and where it is and should be."""

    key: Key
    title: str
    points: list[Point]
    present: float
    best: float

    def at(self, threshold: float) -> Point:
        return min(self.points, key=lambda point: abs(point.threshold - threshold))

    def sign(self, point: Point) -> str:
        names = [("recommended", self.best), ("at present", self.present)]
        return ", ".join(name for name, each in names if self.at(each) == point)


def _parts(run: dict[str, Any], best: Recommendation) -> list[_Part]:
    """Both thresholds, beside those of the person's settings; one for a run without the model."""
    now = config.load()
    strength = curve(run, "strength")
    parts = [
        _Part("strength", "Before the model", strength, now.refuse_below, best.refuse_below),
    ]
    if best.support_below is not None:
        points = curve(run, "support", best.refuse_below)
        title = "In all, after the model"
        parts.append(_Part("support", title, points, now.support_below, best.support_below))
    return parts


def advice(best: Recommendation) -> list[str]:
    """The lines for settings.toml."""
    lines = [f"refuse_below = {best.refuse_below:.2f}"]
    return lines + (
        [f"support_below = {best.support_below:.2f}"] if best.support_below is not None else []
    )


def _remarks(run: dict[str, Any], best: Recommendation) -> list[str]:
    """What one should know before one writes the settings."""
    read = shape.parse(run)
    able = sum(answer.answerable for answer in read.answers if answer.strength is not None)
    known = sum(answer.strength is not None for answer in read.answers)
    remarks = [f"From {able} answerable and {counted(known - able, 'other question')}."]
    if able * MOST_WRONG < 1:
        remarks.append(
            f"With fewer than {round(1 / MOST_WRONG)} answerable questions one of them decides: "
            "ask more before you rely on it."
        )
    if not best.within:
        remarks.append(
            "The model alone refuses too many answerable questions; no support threshold mends it. "
            "A lower refusal_bias makes it refuse less."
        )
    return remarks


def _heads(part: _Part) -> list[str]:
    kinds = [f"rightly: {kind}" for kind, _ in part.points[0].by_kind]
    every = kinds if len(kinds) > 1 else []
    return [_SETTINGS[part.key], "wrongly refused", "rightly refused", *every, "right answers lost"]


def _rows(part: _Part) -> list[list[str]]:
    """Thresholds about the recommended one, and the present one wherever it is."""
    middle = part.points.index(part.at(part.best))
    places = {middle + i * _STEP for i in range(-_SHOWN, _SHOWN + 1)}
    places.add(part.points.index(part.at(part.present)))
    shown = (part.points[i] for i in sorted(places) if 0 <= i < len(part.points))
    return [[*_row(point, len(_heads(part))), part.sign(point)] for point in shown]


def _row(point: Point, width: int) -> list[str]:
    every = [value for _, value in point.by_kind] if len(point.by_kind) > 1 else []
    values = [point.wrongly, point.rightly, *every, point.lost]
    cells = [f"{point.threshold:.2f}", *("–" if v is None else share(v) for v in values)]
    assert len(cells) == width
    return cells


def table(run: dict[str, Any]) -> Group:
    """The thresholds about the recommended ones for a terminal, and which settings to write."""
    from rich.console import Group
    from rich.text import Text

    best = recommend(run)
    parts = [_table(part) for part in _parts(run, best)]
    remarks = [Text(markup.plain(remark)) for remark in _remarks(run, best)]
    settings = Text("To take these over, write into settings.toml: " + " and ".join(advice(best)))
    return Group(*parts, *remarks, settings)


def _table(part: _Part) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    name, *heads = _heads(part)
    title = f"{part.title}: {name}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ["below", *heads]:
        table.add_column(Text(markup.plain(head)), justify="right")
    table.add_column("", min_width=len("recommended"))
    for row in _rows(part):
        table.add_row(*row, style="bold" if _recommended(row) else "")
    return table


def _recommended(row: Sequence[str]) -> bool:
    return row[-1].startswith("recommended")


def write(run: dict[str, Any], path: Path) -> None:
    """Write the page. Raises UsageError as `recommend` does, and if nothing can be written."""
    whole.write(path, page(run))


def page(run: dict[str, Any]) -> str:
    """The page of the curves."""
    read, best = shape.parse(run), recommend(run)
    lines = esc("\n".join(advice(best)))
    return markup.document(
        "Thresholds of refusal",
        "Calibration",
        [read.file, read.model.name if read.model else ""],
        "".join(f'<p class="note">{esc(remark)}</p>' for remark in _remarks(run, best)),
        f'<div class="advice">Recommended for settings.toml<br/><code>{lines}</code></div>',
        *(_section(part) for part in _parts(run, best)),
    )


def _section(part: _Part) -> str:
    numbers = markup.table(part.title, [*_heads(part), ""], _rows(part), _recommended)
    note = {
        "strength": "A question whose best passage scores less than refuse_below is refused at"
        " once, without the model.",
        "support": "With the recommended refuse_below: what that refuses, what the model refuses"
        " itself, and what no cited sentence supports by at least support_below.",
    }[part.key]
    return section(part.title, beside(_plot(part), numbers, wide=True), note=note)


def _plot(part: _Part) -> str:
    best, now = part.at(part.best), part.at(part.present)
    places = [
        plots.Point(p.wrongly, p.rightly or 0, f"{p.threshold:.1f}" if not i % _LABELLED else "")
        for i, p in enumerate(part.points)
    ]
    marks = [_mark(best, "chosen", "recommended")]
    if now != best:
        marks.insert(0, _mark(now, "open", "at present"))
    reach = min(1.0, max(_REACH, *(1.25 * mark.x for mark in marks)))
    axes = ("answerable questions wrongly refused", "other questions rightly refused")
    title = f"{part.title}: right against wrong refusals by {_SETTINGS[part.key]}"
    return plots.curve(part.key, title, axes, places + marks, reach)


def _mark(point: Point, tone: str, name: str) -> plots.Point:
    label = f"{name} {point.threshold:.2f}"
    return plots.Point(point.wrongly, point.rightly or 0, label, tone)
