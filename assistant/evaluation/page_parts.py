"""The parts that the page of a run and that of a comparison share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from assistant.evaluation import plots
from assistant.evaluation.markup import ENGLISH, Say, beside, legend, section, table
from assistant.evaluation.outcomes import TONES, outcome
from assistant.evaluation.shape import Answer, Run


def day(started: str, say: Say = ENGLISH) -> str:
    """An ISO date and time as a person writes it; as it is, where it is none."""
    try:
        when = datetime.fromisoformat(started)
    except ValueError:
        return started
    month = say(f"{when:%B}")
    return say("{day} {month} {year}, {time}", day=when.day, month=month, year=when.year,
               time=f"{when:%H:%M}")  # fmt: skip


def outcomes(runs: Sequence[tuple[str, Run]], say: Say = ENGLISH) -> str:
    """Outcomes by kind; of several runs the rows of a kind stand together."""
    rows = [
        (f"{say(kind)}{name}", Counter(outcome(a, run) for a in run.answers if a.kind == kind))
        for kind in _kinds([a for _, run in runs for a in run.answers])
        for name, run in runs
    ]
    names = [name for name in TONES if any(counts[name] for _, counts in rows)]
    stacks = [plots.Stack(label, _parts(counts, say)) for label, counts in rows]
    numbers = [[label, *(str(counts[n]) for n in names)] for label, counts in rows]
    plot = plots.stacked("outcomes", say("Outcomes by kind of question"), stacks)
    heads = [say("Kind"), *(say(name) for name in names)]
    return section(
        say("What became of the questions"),
        legend((TONES[name], say(name)) for name in names),
        beside(plot, table(say("Questions by kind and outcome"), heads, numbers)),
    )


def _kinds(answers: Iterable[Answer]) -> list[str]:
    """The kinds of question, those that can be answered first."""
    found = {answer.kind: answer.answerable for answer in answers}
    return sorted(found, key=lambda kind: (not found[kind], kind))


def _parts(counts: Counter[str], say: Say) -> tuple[tuple[str, str, int], ...]:
    return tuple((tone, say(name), counts[name]) for name, tone in TONES.items())


def latency(
    series: Sequence[plots.Series], numbers: str, wide: bool = False, say: Say = ENGLISH
) -> str:
    title = say("Share of the questions by the seconds they took at most")
    plot = plots.cumulative("latency", title, "s", series, say)
    names = legend((each.tone, each.label) for each in series if each.values)
    return section(say("Seconds"), names, beside(plot, numbers, wide), note=f"{title}.")


def series_of(label: str, values: Iterable[float | None], tone: str) -> plots.Series:
    return plots.Series(label, tuple(v for v in values if v is not None), tone)
