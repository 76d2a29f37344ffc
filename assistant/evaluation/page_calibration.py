"""The curves of the thresholds of refusal as HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.evaluation import calibrate, markup, plots, shape, whole
from assistant.evaluation.calibrate import SETTINGS, Part, Recommendation, recommend
from assistant.evaluation.markup import ENGLISH, Say, beside, esc, section, share
from assistant.evaluation.shape import RETRIEVAL

if TYPE_CHECKING:
    from assistant.config import Settings

_LABELLED = 10  # every so many thresholds a label on the curve
_REACH = 0.3  # of the wrong refusals the curve shows at least so much
_NOTES = {
    "strength": "A question whose best passage scores less than refuse_below is refused at once,"
    " without the model.",
    "support": "With the recommended refuse_below: what that refuses, what the model refuses"
    " itself, and what no cited sentence supports by at least support_below.",
}


def write(run: dict[str, Any], path: Path) -> None:
    """Write the page. Raises UsageError as `recommend` does, and if nothing can be written."""
    whole.write(path, page(run))


def page(run: dict[str, Any]) -> str:
    """The page of the curves."""
    read = shape.parse(run)
    return markup.document(
        "Thresholds of refusal",
        "Calibration",
        [read.file, read.model.name if read.model else ""],
        *_parts(run),
    )


def known(run: dict[str, Any], now: Settings, say: Say = ENGLISH) -> list[str]:
    """The curves that this run tells of, beside the thresholds of `now`.

    That before the model stands in every run; what is refused at last only in one that was made
    with the thresholds open. Raises UsageError where one sort of questions is missing.
    """
    settings = shape.parse(run).settings
    shut = any(settings.get(name) for name in SETTINGS.values())
    return _parts({**run, "mode": RETRIEVAL} if shut else run, now, say)


def _parts(run: dict[str, Any], now: Settings | None = None, say: Say = ENGLISH) -> list[str]:
    best = recommend(run)
    remarks = calibrate.remarks(run, best, say)
    return [
        "".join(f'<p class="note">{esc(remark)}</p>' for remark in remarks),
        _advice(best, say),
        *(_section(part, say) for part in calibrate.parts(run, best, now)),
    ]


def _advice(best: Recommendation, say: Say) -> str:
    lines = esc("\n".join(calibrate.advice(best)))
    title = esc(say("Recommended for settings.toml"))
    return f'<div class="advice">{title}<br/><code>{lines}</code></div>'


def _section(part: Part, say: Say) -> str:
    title = say(part.title)
    numbers = markup.table(
        title,
        [*calibrate.heads(part, say), ""],
        calibrate.rows(part, say),
        lambda row: calibrate.recommended(row, say),
    )
    note = say(_NOTES[part.key])
    return section(title, beside(_plot(part, say), numbers, wide=True), note=note)


def _plot(part: Part, say: Say) -> str:
    best, now = part.at(part.best), part.at(part.present)
    places = [
        plots.Point(p.wrongly, p.rightly or 0, "" if i % _LABELLED else f"{p.threshold:.1f}")
        for i, p in enumerate(part.points)
    ]
    marks = [_mark(best, "chosen", say("recommended"), say)]
    if now != best:
        marks.insert(0, _mark(now, "open", say("at present"), say))
    reach = min(1.0, max(_REACH, *(1.25 * mark.x for mark in marks)))
    axes = (say("answerable questions wrongly refused"), say("other questions rightly refused"))
    title = say(
        "{part}: right against wrong refusals by {setting}",
        part=say(part.title),
        setting=SETTINGS[part.key],
    )
    return plots.curve(part.key, title, axes, places + marks, reach, say)


def _mark(point: calibrate.Point, tone: str, name: str, say: Say) -> plots.Point:
    label = f"{name} {share(point.threshold, say)}"
    return plots.Point(point.wrongly, point.rightly or 0, label, tone)
