"""What each threshold of refusal would refuse, and which fit, read off a run without thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from assistant import config
from assistant.errors import UsageError
from assistant.evaluation import markup, shape
from assistant.evaluation.markup import ENGLISH, Say, share
from assistant.evaluation.shape import RETRIEVAL, Answer, Run

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

    from assistant.config import Settings

Key = Literal["strength", "support"]

MOST_WRONG = 0.01  # of the answerable questions, refused before the model
MOST_WRONG_IN_ALL = 0.08  # of the answerable questions, refused before, by or after the model
THRESHOLDS = tuple(i / 100 for i in range(201))  # 0 to 2; none above it is worth having
SETTINGS: dict[Key, str] = {"strength": "refuse_below", "support": "support_below"}
_SHOWN, _STEP = 6, 5  # rows of the table on each side of the recommended one, thresholds a row


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
    elif any(read.settings.get(name) for name in SETTINGS.values()):
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
class Part:
    """One of the two thresholds: its curve, and where it is and should be."""

    key: Key
    title: str
    points: list[Point]
    present: float
    best: float

    def at(self, threshold: float) -> Point:
        return min(self.points, key=lambda point: abs(point.threshold - threshold))

    def sign(self, point: Point, say: Say) -> str:
        names = [("recommended", self.best), ("at present", self.present)]
        return ", ".join(say(name) for name, each in names if self.at(each) == point)


def parts(run: dict[str, Any], best: Recommendation, now: Settings | None = None) -> list[Part]:
    """Both thresholds, beside those of the person's settings; one for a run without the model."""
    now = now or config.load()
    strength = curve(run, "strength")
    found = [
        Part("strength", "Before the model", strength, now.refuse_below, best.refuse_below),
    ]
    if best.support_below is not None:
        points = curve(run, "support", best.refuse_below)
        title = "In all, after the model"
        found.append(Part("support", title, points, now.support_below, best.support_below))
    return found


def advice(best: Recommendation) -> list[str]:
    """The lines for settings.toml."""
    lines = [f"refuse_below = {best.refuse_below:.2f}"]
    return lines + (
        [f"support_below = {best.support_below:.2f}"] if best.support_below is not None else []
    )


def remarks(run: dict[str, Any], best: Recommendation, say: Say = ENGLISH) -> list[str]:
    """What one should know before one writes the settings."""
    read = shape.parse(run)
    able = sum(answer.answerable for answer in read.answers if answer.strength is not None)
    known = sum(answer.strength is not None for answer in read.answers)
    others = say.count(known - able, "{n} other question", "{n} other questions")
    told = [say("From {n} answerable and {others}.", n=able, others=others)]
    if able * MOST_WRONG < 1:
        told.append(
            say(
                "With fewer than {n} answerable questions one of them decides: "
                "ask more before you rely on it.",
                n=round(1 / MOST_WRONG),
            )
        )
    if not best.within:
        told.append(
            say(
                "The model alone refuses too many answerable questions; no support threshold mends "
                "it. A lower refusal_bias makes it refuse less."
            )
        )
    return told


def heads(part: Part, say: Say = ENGLISH) -> list[str]:
    kinds = [f"{say('rightly')}: {say(kind)}" for kind, _ in part.points[0].by_kind]
    every = kinds if len(kinds) > 1 else []
    names = (say("wrongly refused"), say("rightly refused"), *every, say("right answers lost"))
    return [SETTINGS[part.key], *names]


def rows(part: Part, say: Say = ENGLISH) -> list[list[str]]:
    """Thresholds about the recommended one, and the present one wherever it is."""
    middle = part.points.index(part.at(part.best))
    places = {middle + i * _STEP for i in range(-_SHOWN, _SHOWN + 1)}
    places.add(part.points.index(part.at(part.present)))
    shown = (part.points[i] for i in sorted(places) if 0 <= i < len(part.points))
    return [[*_row(point, len(heads(part)), say), part.sign(point, say)] for point in shown]


def _row(point: Point, width: int, say: Say) -> list[str]:
    every = [value for _, value in point.by_kind] if len(point.by_kind) > 1 else []
    values = [point.wrongly, point.rightly, *every, point.lost]
    cells = [
        share(point.threshold, say),
        *("–" if v is None else share(v, say) for v in values),
    ]
    assert len(cells) == width
    return cells


def table(run: dict[str, Any]) -> Group:
    """The thresholds about the recommended ones for a terminal, and which settings to write."""
    from rich.console import Group
    from rich.text import Text

    best = recommend(run)
    tables = [_table(part) for part in parts(run, best)]
    told = [Text(markup.plain(remark)) for remark in remarks(run, best)]
    settings = Text("To take these over, write into settings.toml: " + " and ".join(advice(best)))
    return Group(*tables, *told, settings)


def _table(part: Part) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    name, *others = heads(part)
    title = f"{part.title}: {name}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ["below", *others]:
        table.add_column(Text(markup.plain(head)), justify="right")
    table.add_column("", min_width=len("recommended"))
    for row in rows(part):
        table.add_row(*row, style="bold" if recommended(row) else "")
    return table


def recommended(row: Sequence[str], say: Say = ENGLISH) -> bool:
    return row[-1].startswith(say("recommended"))
