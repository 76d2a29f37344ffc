"""A run, or two side by side, as one HTML file that opens without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.evaluation import markup, plots, shape, whole
from assistant.evaluation.compare import conditions
from assistant.evaluation.markup import beside, counted, esc, section, share, table
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


def write(run: dict[str, Any], path: Path) -> None:
    """Write a run's report. Raises UsageError where `run` is none, or nothing can be written."""
    whole.write(path, report(run))


def write_comparison(a: dict[str, Any], b: dict[str, Any], path: Path) -> None:
    """Write b against a. Raises UsageError as `write` does, and where they share no question."""
    whole.write(path, comparison(a, b))


def report(run: dict[str, Any]) -> str:
    """The page of a run."""
    read = shape.parse(run)
    return markup.document(
        read.file or "Questions",
        "Retrieval alone" if read.mode == RETRIEVAL else "Evaluation",
        _facts(read),
        _incomplete(read),
        _heading(read),
        outcomes([("", read)]),
        _rates(read),
        _seconds(read),
        questions(read),
        _settings(read),
    )


def _facts(run: Run) -> list[str]:
    library = [counted(n, name.removesuffix("s")) for name, n in run.library.items()]
    return [
        run.model.name if run.model and run.mode != RETRIEVAL else "",
        ", ".join(library),
        counted(len(run.answers), "question"),
        day(run.started),
        f"took {_long(run.seconds)}",
        f"version {run.version}",
    ]


def _long(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _incomplete(run: Run) -> str:
    if run.complete:
        return ""
    told = f"Incomplete: {run.asked} of {run.questions} questions were asked."
    return f'<p class="trouble">{told}</p>'


def _heading(run: Run) -> str:
    named = [(name, run.metrics[name]) for name in _FIRST if name in run.metrics]
    shown = [(name, metric) for name, metric in named if _value(metric) is not None]
    return f'<ul class="key">{"".join(_key(*each) for each in shown[:_HEADING])}</ul>'


def _value(metric: Metric) -> float | None:
    return metric.rate if metric.rate is not None else metric.mean


def _key(name: str, metric: Metric) -> str:
    interval = f"95%: {_interval(metric)}" if metric.low is not None else ""
    return (
        f"<li><span>{esc(name)}</span><b>{share(_value(metric) or 0)}</b>"
        f"<small>{esc(_count(metric))}</small><small>{esc(interval)}</small></li>"
    )


def _interval(metric: Metric) -> str:
    if metric.low is None or metric.high is None:
        return ""
    return f"{share(metric.low)}–{share(metric.high)}"


def _count(metric: Metric) -> str:
    return f"{metric.hits} of {metric.n}" if metric.hits is not None else f"mean of {metric.n}"


def _rates(run: Run) -> str:
    shown = {name: m for name, m in run.metrics.items() if _value(m) is not None and m.n}
    bars = [
        plots.Bar(name, _value(m) or 0, m.low, m.high, share(_value(m) or 0), _tone(name))
        for name, m in shown.items()
    ]
    numbers = [[n, share(_value(m) or 0), _count(m), _interval(m)] for n, m in shown.items()]
    heads = ["Figure", "Share", "Count", "95% interval"]
    return section(
        "Figures",
        beside(plots.bars("rates", "Figures", bars), table("Figures", heads, numbers)),
        note="The line under a bar is its 95% interval: where the share would lie for very many"
        " such questions.",
    )


def _tone(name: str) -> str:
    return "mild" if name.split(":")[0] in _BAD else "good"


def _seconds(run: Run) -> str:
    timed = {name: m for name, m in run.metrics.items() if m.median is not None and m.n}
    if not timed:
        return ""
    numbers = [
        [name.removeprefix("seconds: "), f"{m.median or 0:.2f}", f"{m.p95 or 0:.2f}", f"{m.n}"]
        for name, m in timed.items()
    ]
    heads = ["Seconds until", "Median", "95% within", "Count"]
    series = _retrieved(run) if run.mode == RETRIEVAL else _waited(run)
    return latency(series, table("Seconds", heads, numbers))


def _waited(run: Run) -> list[plots.Series]:
    given = [a.seconds for a in run.answers if a.given and a.seconds]
    refused = [a.seconds for a in run.answers if a.refused and a.seconds]
    return [
        series_of("first word of an answer", (s.first_token for s in given), "fair"),
        series_of("whole answer", (s.total for s in given), "good"),
        series_of("refusal", (s.total for s in refused), "mild"),
    ]


def _retrieved(run: Run) -> list[plots.Series]:
    return [series_of("search", (a.seconds.search for a in run.answers if a.seconds), "good")]


def _settings(run: Run) -> str:
    rows = [[name, value] for name, value in conditions(run).items()]
    listed = table("What the figures depend on", ["Setting", "Value"], rows)
    return f'<details class="settings"><summary>Settings of this run</summary>{listed}</details>'
