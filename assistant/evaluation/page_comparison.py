"""Two runs side by side as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.evaluation import compare as comparing
from assistant.evaluation import markup, plots, shape
from assistant.evaluation.compare import Change, Comparison, Said, told, verdict
from assistant.evaluation.differences import Difference
from assistant.evaluation.markup import ENGLISH, Say, beside, esc, named, section, table
from assistant.evaluation.outcomes import TONES
from assistant.evaluation.page_parts import day, latency, outcomes, series_of
from assistant.evaluation.shape import Run


def comparison(a: dict[str, Any], b: dict[str, Any], say: Say = ENGLISH) -> str:
    """The page of two runs."""
    found = comparing.compare(a, b, say)
    first, second = common(shape.parse(a), shape.parse(b))
    return markup.document(
        say("The second run against the first"),
        say("Comparison"),
        facts(found, first, second, say),
        *parts(found, first, second, say),
        lines=True,
        language=say.language,
    )


def facts(found: Comparison, first: Run, second: Run, say: Say = ENGLISH) -> list[str]:
    """What was compared, a line each."""
    return [
        say("first: {run}", run=_named(first, say)),
        say("second: {run}", run=_named(second, say)),
        say.count(found.common, "{n} question", "{n} questions"),
    ]


def parts(found: Comparison, first: Run, second: Run, say: Say = ENGLISH) -> list[str]:
    """The sections of the comparison; the runs are those of `common`."""
    names = [(f" – {say('first')}", first), (f" – {say('second')}", second)]
    return [
        "".join(f'<p class="trouble">{esc(note)}</p>' for note in found.notes),
        _differences(found, say),
        outcomes(names, say),
        _both_seconds(first, second, found, say),
        _changes(found, say),
        _differing(found, say),
    ]


def common(a: Run, b: Run) -> tuple[Run, Run]:
    """Both runs, with the questions alone that they share."""
    first, second = zip(*comparing.pairs_of(a, b), strict=True)
    return (
        a.model_copy(update={"answers": list(first)}),
        b.model_copy(update={"answers": list(second)}),
    )


def _named(run: Run, say: Say) -> str:
    model = run.model.name if run.model else ""
    return ", ".join(part for part in (run.file, model, day(run.started, say)) if part)


def _differences(found: Comparison, say: Say) -> str:
    shown = [each for each in found.differences if not each.seconds]
    rows = [
        plots.Spread(
            named(say, d.name),
            d.value,
            d.low,
            d.high,
            _sort(d),
            _note(d, say),
        )
        for d in shown
    ]
    title = say("Second run less first, with 95% intervals")
    plot = plots.spreads("differences", title, rows, say)
    return section(
        say("What changed"),
        beside(plot, _figures(shown, say), wide=True),
        note=say(
            "The line is the 95% interval of the difference. Where it crosses the middle, or where"
            " only a few questions changed, the difference may be chance."
        ),
    )


def _note(difference: Difference, say: Say) -> str:
    """Where it is sure, also in a word; more would not fit a telephone."""
    by = told(difference, say)[2]
    return f"{by} · {say(verdict(difference))}" if difference.sure else by


def _sort(difference: Difference) -> str:
    return {True: "good", False: "bad", None: "mute"}[difference.better]


def _figures(shown: Sequence[Difference], say: Say) -> str:
    names = ("Figure", "First", "Second", "Difference", "95% interval", "Changed")
    rows = [
        [
            named(say, d.name),
            *told(d, say),
            say("{hits} of {n}", hits=d.changed, n=d.n),
            say(verdict(d)),
        ]
        for d in shown
    ]
    heads = [*map(say, names), ""]
    return table(say("Both runs over the questions they share"), heads, rows)


def _both_seconds(first: Run, second: Run, found: Comparison, say: Say) -> str:
    shown = [each for each in found.differences if each.seconds]
    if not shown:
        return ""
    pairs = [
        (first, say("whole answer, first run"), "mild"),
        (second, say("whole answer, second run"), "good"),
    ]
    series = [
        series_of(
            name,
            (a.seconds.total for a in run.answers if a.given and a.seconds),
            tone,
        )
        for run, name, tone in pairs
    ]
    return latency(series, _figures(shown, say), wide=True, say=say)


def _changes(found: Comparison, say: Say) -> str:
    groups = "".join(
        f"<h3>{esc(say(name))}: {len(changes)}</h3>"
        f'<div class="questions">{"".join(_changed(each, say) for each in changes)}</div>'
        for name, changes in found.changes.items()
        if changes
    )
    none = f"<p>{esc(say('None came out otherwise.'))}</p>"
    return section(say("Changed questions"), groups or none)


def _changed(change: Change, say: Say) -> str:
    after = change.after.outcome
    rows = [("First run", change.before), ("Second run", change.after)]
    shown = "".join(
        f"<dt>{esc(say(name))}</dt><dd>{esc(_told(each, say))}</dd>" for name, each in rows
    )
    return (
        f"<details><summary>{markup.badge(TONES[after], say(after))}"
        f"<span>{esc(change.question)}</span><small>{esc(say(change.kind))}</small></summary>"
        f'<div class="inside"><dl>{shown}</dl></div></details>'
    )


def _told(each: Said, say: Say) -> str:
    return str(Said(say(each.outcome), each.text))


def _differing(found: Comparison, say: Say) -> str:
    if not found.settings:
        same = esc(say("Same version, model, library and settings."))
        return section(say("Settings"), f"<p>{same}</p>")
    heads = [say("Setting"), say("First"), say("Second")]
    rows = [list(row) for row in found.settings]
    return section(say("Settings that differ"), table(say("First and second run"), heads, rows))
