"""One run to read: what it comes to, its questions, its figures and plots."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.evaluation import page, page_calibration
from assistant.evaluation.markup import decimal, esc, named
from assistant.evaluation.outcomes import outcome
from assistant.evaluation.page_parts import outcomes
from assistant.evaluation.page_questions import outcome_buttons, question
from assistant.evaluation.shape import RETRIEVAL, Answer, Metric, Run
from assistant.ui.evaluating.home import percent, run_name, when
from assistant.ui.evaluating.kept import Kept
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.config import Settings

ROWS = 30  # questions shown at once, and so many more each time
# What the large figures mean, after their percentage.
_MEANING = {
    "answered right": "of the questions that the articles answer were answered right",
    "right answers whose citation is right": "of the right answers cite a sentence that states"
    " the answer",
    "wrongly refused": "of the questions that the articles answer were refused all the same",
    "rightly refused": "of the questions that the articles do not answer were refused, as they"
    " should be",
    "recall@5": "of the questions had a right passage among the first five found",
    "evidence kept": "of the questions had their answer in what the model would be shown",
    "wrongly refused before the model": "of the questions that the articles answer would be"
    " refused without asking the model",
    "rightly refused before the model": "of the questions that the articles do not answer would"
    " be refused without asking the model",
}


def bar(kinds: tuple[str, ...], say: Words) -> str:
    """The way back, and what can be downloaded."""
    texts = {"html": say("Report (HTML)"), "json": say("Data (JSON)")}
    downloads = "".join(
        f'<button type="button" class="ev-small" data-download="{kind}">'
        f"{escape(texts[kind])}</button>"
        for kind in kinds
    )
    back = escape(say("All runs"))
    saved = escape(say("Download"))
    return (
        f'<div class="ev-bar"><button type="button" class="ev-back" data-back>‹ {back}</button>'
        f"<span>{saved}</span>{downloads}</div>"
    )


def head(kept: Kept, run: Run, say: Words) -> str:
    """What was run, what it comes to, and what became of the questions."""
    local = run.model_copy(update={"started": when(run, say)})
    facts = " · ".join(fact for fact in page.facts(local, say) if fact)
    above = say("Search only, without the model") if run.mode == RETRIEVAL else say("Evaluation")
    tiles = "".join(_tile(name, metric, say) for name, metric in page.first(run))
    figures = f'<ul class="ev-key">{tiles}</ul>' if tiles else ""
    return (
        f'{bar(("html", "json"), say)}<p class="ev-above">{escape(above)}</p>'
        f'<h1 tabindex="-1">{esc(run_name(kept, say))}</h1>'
        f'<p class="ev-hint">{esc(facts)}</p>{page.incomplete(run, say)}'
        f"{figures}{_waited(run, say)}{outcomes([('', run)], say)}"
    )


def _tile(name: str, metric: Metric, say: Words) -> str:
    meaning = say(_MEANING[name]) if name in _MEANING else named(say, name)
    small = page.count(metric, say)
    if metric.low is not None and metric.high is not None:
        small += " · " + say(
            "likely {low} to {high}",
            low=percent(metric.low, say),
            high=percent(metric.high, say),
        )
    return (
        f"<li><b>{percent(page.value(metric) or 0, say)}</b><span>{escape(meaning)}</span>"
        f"<small>{escape(small)}</small></li>"
    )


def _waited(run: Run, say: Words) -> str:
    """The times in a sentence."""
    name = "seconds: search" if run.mode == RETRIEVAL else "seconds: whole answer"
    metric = run.metrics.get(name)
    if metric is None or metric.median is None or metric.p95 is None:
        return ""
    text = "Half of the answers took {median} s at most, 95% of them {p95} s."
    if run.mode == RETRIEVAL:
        text = "Half of the searches took {median} s at most, 95% of them {p95} s."
    median, p95 = (
        decimal(f"{value:.{1 if value >= 1 else 2}f}", say) for value in (metric.median, metric.p95)
    )
    return f'<p class="ev-waited">{escape(say(text, median=median, p95=p95))}</p>'


# The questions


def filters(run: Run, say: Words) -> str:
    """The heading of the questions, and a button for each outcome."""
    buttons = outcome_buttons([outcome(answer, run) for answer in run.answers], "", say)
    heading = escape(say("Questions"))
    return (
        f'<h2>{heading}</h2><div class="filters ev-filters" role="group" aria-label="{heading}">'
        f"<div>{buttons}</div></div>"
    )


def asked(run: Run, wanted: str, search: str, rows: int, say: Words) -> str:
    """The first `rows` questions of one outcome (empty: of any) that hold every searched word."""
    words = search.casefold().split()
    found = [
        (number, answer, what)
        for number, answer in enumerate(run.answers, 1)
        if (what := outcome(answer, run)) and wanted in ("", what) and _holds(answer, words)
    ]
    shown = "".join(question(answer, what, f"q{n}", say) for n, answer, what in found[:rows])
    left = len(found) - rows
    more = ""
    if left > 0:
        text = say.count(min(left, ROWS), "Show {n} more", "Show {n} more")
        more = f'<button type="button" class="ev-small" data-more>{escape(text)}</button>'
    told = say("{left} of {all} questions", left=len(found), all=len(run.answers))
    status = told if wanted or words else ""
    return (
        f'<p class="ev-hint" role="status">{escape(status)}</p>'
        f'<div class="questions">{shown}</div>{more}'
    )


def _holds(answer: Answer, words: list[str]) -> bool:
    if not words:
        return True
    texts = (answer.question, answer.text or "", answer.kind, answer.id, *answer.golds)
    text = " ".join(texts).casefold()
    return all(word in text for word in words)


# What comes below


def more(raw: dict[str, Any], run: Run, now: Settings, say: Words) -> str:
    """All figures, the times, the curves of the thresholds and the settings."""
    return "".join(
        (
            page.rates(run, say),
            page.seconds(run, say),
            _thresholds(raw, now, say),
            page.settings(run, say),
        )
    )


def _thresholds(raw: dict[str, Any], now: Settings, say: Words) -> str:
    title = escape(say("Thresholds of refusal"))
    try:
        curves = "".join(page_calibration.known(raw, now, say))
    except UsageError:
        why = say(
            "Their curves need questions that the articles answer and questions that they do not;"
            " this run asked only one sort."
        )
        curves = f'<p class="note">{escape(why)}</p>'
    return f'<details class="ev-fold"><summary>{title}</summary>{curves}</details>'
