"""Two runs side by side as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.evaluation import compare as comparing
from assistant.evaluation import markup, plots, shape
from assistant.evaluation.compare import Change, Comparison, told, verdict
from assistant.evaluation.differences import Difference
from assistant.evaluation.markup import beside, counted, esc, section, table
from assistant.evaluation.outcomes import TONES
from assistant.evaluation.page_parts import day, latency, outcomes, series_of
from assistant.evaluation.shape import Run


def comparison(a: dict[str, Any], b: dict[str, Any]) -> str:
    """The page of two runs."""
    found = comparing.compare(a, b)
    first, second = _common(shape.parse(a), shape.parse(b))
    notes = "".join(f'<p class="trouble">{esc(note)}</p>' for note in found.notes)
    return markup.document(
        "The second run against the first",
        "Comparison",
        [f"first: {_named(first)}", f"second: {_named(second)}", counted(found.common, "question")],
        notes,
        _differences(found),
        outcomes([(" – first", first), (" – second", second)]),
        _both_seconds(first, second, found),
        _changes(found),
        _differing(found),
        lines=True,
    )


def _common(a: Run, b: Run) -> tuple[Run, Run]:
    """Both runs, with the questions alone that they share."""
    first, second = zip(*comparing.pairs_of(a, b), strict=True)
    return (
        a.model_copy(update={"answers": list(first)}),
        b.model_copy(update={"answers": list(second)}),
    )


def _named(run: Run) -> str:
    model = run.model.name if run.model else ""
    return ", ".join(part for part in (run.file, model, day(run.started)) if part)


def _differences(found: Comparison) -> str:
    shown = [each for each in found.differences if not each.seconds]
    rows = [
        plots.Spread(d.name, d.value, d.low, d.high, _sort(d), f"{told(d)[2]} · {verdict(d)}")
        for d in shown
    ]
    plot = plots.spreads("differences", "Second run less first, with 95% intervals", rows)
    return section(
        "What changed",
        beside(plot, _figures(shown), wide=True),
        note="The line is the 95% interval of the difference. Where it crosses the middle, or where"
        " only a few questions changed, the difference may be chance.",
    )


def _sort(difference: Difference) -> str:
    return {True: "good", False: "bad", None: "mute"}[difference.better]


def _figures(shown: Sequence[Difference]) -> str:
    heads = ["Figure", "First", "Second", "Difference", "95% interval", "Changed", ""]
    rows = [[d.name, *told(d), f"{d.changed} of {d.n}", verdict(d)] for d in shown]
    return table("Both runs over the questions they share", heads, rows)


def _both_seconds(first: Run, second: Run, found: Comparison) -> str:
    shown = [each for each in found.differences if each.seconds]
    if not shown:
        return ""
    pairs = [(first, "first", "mild"), (second, "second", "good")]
    series = [
        series_of(
            f"whole answer, {name} run",
            (a.seconds.total for a in run.answers if a.given and a.seconds),
            tone,
        )
        for run, name, tone in pairs
    ]
    return latency(series, _figures(shown), wide=True)


def _changes(found: Comparison) -> str:
    groups = "".join(
        f"<h3>{esc(name)}: {len(changes)}</h3>"
        f'<div class="questions">{"".join(map(_changed, changes))}</div>'
        for name, changes in found.changes.items()
        if changes
    )
    return section("Changed questions", groups or "<p>None came out otherwise.</p>")


def _changed(change: Change) -> str:
    after = change.after.outcome
    return (
        f"<details><summary>{markup.badge(TONES[after], after)}"
        f"<span>{esc(change.question)}</span><small>{esc(change.kind)}</small></summary>"
        f'<div class="inside"><dl><dt>First run</dt><dd>{esc(str(change.before))}</dd>'
        f"<dt>Second run</dt><dd>{esc(str(change.after))}</dd></dl></div></details>"
    )


def _differing(found: Comparison) -> str:
    if not found.settings:
        return section("Settings", "<p>Same version, model, library and settings.</p>")
    rows = [list(row) for row in found.settings]
    return section(
        "Settings that differ", table("First and second run", ["Setting", "First", "Second"], rows)
    )
