"""A run, or two side by side, as one HTML file that opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.evaluation import markup, plots, shape, whole
from assistant.evaluation.compare import conditions
from assistant.evaluation.markup import (
    ENGLISH,
    Say,
    beside,
    esc,
    named,
    section,
    share,
    table,
)
from assistant.evaluation.page_comparison import comparison
from assistant.evaluation.page_parts import day, latency, outcomes, series_of
from assistant.evaluation.page_questions import questions
from assistant.evaluation.shape import RETRIEVAL, Metric, Run

# The figures that head the page, of those that the run has; at most _HEADING of them.
_FIRST = [
    "answered right",
    "right answers whose citation is right",
    "wrongly refused",
    "rightly refused",
    "recall@5",
    "evidence kept",
    "wrongly refused before the model",
    "rightly refused before the model",
]
_HEADING = 4
# Of these less is better.
_BAD = {"wrongly refused", "wrongly refused before the model", "failed with an error"}


def write(run: dict[str, Any], path: Path, say: Say = ENGLISH) -> None:
    """Write a run's report. Raises UsageError where `run` is none, or nothing can be written."""
    whole.write(path, report(run, say))


def write_comparison(a: dict[str, Any], b: dict[str, Any], path: Path, say: Say = ENGLISH) -> None:
    """Write b against a. Raises UsageError as `write` does, and where they share no question."""
    whole.write(path, comparison(a, b, say))


def report(run: dict[str, Any], say: Say = ENGLISH) -> str:
    """The page of a run."""
    read = shape.parse(run)
    return markup.document(
        read.file or say("Questions"),
        say("Retrieval alone") if read.mode == RETRIEVAL else say("Evaluation"),
        facts(read, say),
        incomplete(read, say),
        _heading(read, say),
        outcomes([("", read)], say),
        rates(read, say),
        seconds(read, say),
        questions(read, say),
        settings(read, say),
        language=say.language,
    )


def facts(run: Run, say: Say = ENGLISH) -> list[str]:
    """What was run, in a few words each; those that are not known are empty."""
    library = [
        say.count(n, f"{{n}} {name.removesuffix('s')}", f"{{n}} {name}")
        for name, n in run.library.items()
    ]
    return [
        run.model.name if run.model and run.mode != RETRIEVAL else "",
        ", ".join(library),
        say.count(len(run.answers), "{n} question", "{n} questions"),
        day(run.started, say),
        say("took {time}", time=_long(run.seconds)),
        say("version {version}", version=run.version),
    ]


def _long(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def incomplete(run: Run, say: Say = ENGLISH) -> str:
    if run.complete:
        return ""
    told = say(
        "Incomplete: {asked} of {all} questions were asked.", asked=run.asked, all=run.questions
    )
    return f'<p class="trouble">{esc(told)}</p>'


def first(run: Run) -> list[tuple[str, Metric]]:
    """The few figures that say most of a run, by name."""
    there = [(name, run.metrics[name]) for name in _FIRST if name in run.metrics]
    return [(name, metric) for name, metric in there if value(metric) is not None][:_HEADING]


def _heading(run: Run, say: Say) -> str:
    return f'<ul class="key">{"".join(_key(*each, say) for each in first(run))}</ul>'


def value(metric: Metric) -> float | None:
    return metric.rate if metric.rate is not None else metric.mean


def _key(name: str, metric: Metric, say: Say) -> str:
    interval = f"95%: {_interval(metric, say)}" if metric.low is not None else ""
    return (
        f"<li><span>{esc(named(say, name))}</span><b>{share(value(metric) or 0, say)}</b>"
        f"<small>{esc(count(metric, say))}</small><small>{esc(interval)}</small></li>"
    )


def _interval(metric: Metric, say: Say) -> str:
    if metric.low is None or metric.high is None:
        return ""
    return f"{share(metric.low, say)}–{share(metric.high, say)}"


def count(metric: Metric, say: Say = ENGLISH) -> str:
    """How many a figure is made of."""
    if metric.hits is None:
        return say("mean of {n}", n=metric.n)
    return say("{hits} of {n}", hits=metric.hits, n=metric.n)


def rates(run: Run, say: Say = ENGLISH) -> str:
    """The section of all shares and means."""
    shown = {name: m for name, m in run.metrics.items() if value(m) is not None and m.n}
    bars, numbers = [], []
    for name, m in shown.items():
        text = share(value(m) or 0, say)
        label = named(say, name)
        bars.append(plots.Bar(label, value(m) or 0, m.low, m.high, text, _tone(name)))
        numbers.append([label, text, count(m, say), _interval(m, say)])
    title = say("Figures")
    heads = [say("Figure"), say("Share"), say("Count"), say("95% interval")]
    return section(
        title,
        beside(plots.bars("rates", title, bars, say), table(title, heads, numbers)),
        note=say(
            "The line under a bar is its 95% interval: where the share would lie for very many"
            " such questions."
        ),
    )


def _tone(name: str) -> str:
    return "mild" if name.split(":")[0] in _BAD else "good"


def seconds(run: Run, say: Say = ENGLISH) -> str:
    """The section of the times."""
    timed = {name: m for name, m in run.metrics.items() if m.median is not None and m.n}
    if not timed:
        return ""
    numbers = [
        [
            say(name.removeprefix("seconds: ")),
            share(m.median or 0, say),
            share(m.p95 or 0, say),
            f"{m.n}",
        ]
        for name, m in timed.items()
    ]
    heads = [say("Seconds until"), say("Median"), say("95% within"), say("Count")]
    series = _retrieved(run, say) if run.mode == RETRIEVAL else _waited(run, say)
    return latency(series, table(say("Seconds"), heads, numbers), say=say)


def _waited(run: Run, say: Say) -> list[plots.Series]:
    given = [a.seconds for a in run.answers if a.given and a.seconds]
    refused = [a.seconds for a in run.answers if a.refused and a.seconds]
    return [
        series_of(say("first word of an answer"), (s.first_token for s in given), "fair"),
        series_of(say("whole answer"), (s.total for s in given), "good"),
        series_of(say("refusal"), (s.total for s in refused), "mild"),
    ]


def _retrieved(run: Run, say: Say) -> list[plots.Series]:
    searches = (a.seconds.search for a in run.answers if a.seconds)
    return [series_of(say("search"), searches, "good")]


def settings(run: Run, say: Say = ENGLISH) -> str:
    """What the figures depend on, folded up."""
    rows = [[name, text] for name, text in conditions(run).items()]
    listed = table(say("What the figures depend on"), [say("Setting"), say("Value")], rows)
    summary = esc(say("Settings of this run"))
    return f'<details class="settings"><summary>{summary}</summary>{listed}</details>'
