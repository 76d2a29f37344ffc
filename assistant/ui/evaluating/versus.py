"""Two runs side by side, in words first."""

from __future__ import annotations

from html import escape
from typing import Any

from assistant.evaluation import page_comparison, shape
from assistant.evaluation.compare import compare, told
from assistant.evaluation.differences import Difference
from assistant.evaluation.markup import esc, named
from assistant.ui.evaluating import paper
from assistant.ui.evaluating.home import when
from assistant.ui.words import Words

# The figures that are put into words; the others stand in the plot and the table.
_SPOKEN = (
    "answered right",
    "citation right, of answers right in both",
    "wrongly refused",
    "rightly refused",
    "evidence holds the answer",
    "seconds: whole answer (mean)",
)


def page(a: dict[str, Any], b: dict[str, Any], say: Words) -> str:
    """Run b against run a. Raises UsageError where they share no question."""
    found = compare(a, b, say)
    runs = [run.model_copy(update={"started": when(run, say)}) for run in map(shape.parse, (a, b))]
    first, second = page_comparison.common(runs[0], runs[1])
    facts = "".join(
        f"<li>{esc(fact)}</li>" for fact in page_comparison.facts(found, first, second, say)
    )
    spoken = "".join(
        f"<li>{esc(sentence(each, say))}</li>" for each in found.differences if each.name in _SPOKEN
    )
    parts = "".join(page_comparison.parts(found, first, second, say))
    return (
        f'{paper.bar(("html",), say)}<p class="ev-above">{escape(say("Comparison"))}</p>'
        f'<h1 tabindex="-1">{escape(say("The second run against the first"))}</h1>'
        f'<ul class="ev-facts">{facts}</ul><ul class="ev-spoken">{spoken}</ul>{parts}'
    )


def sentence(each: Difference, say: Words) -> str:
    """What became of a figure, and whether that means anything."""
    first, second, by, interval = told(each, say)
    name = named(say, each.name.removeprefix("seconds: "))
    values = {"name": name[:1].upper() + name[1:], "first": first, "second": second}
    if not each.changed:
        return say("{name}: {first} in both runs; no question came out otherwise.", **values)
    verdicts = {
        True: "{name}: {first} in the first run, {second} in the second ({by}; 95% interval"
        " {interval}). That is better, and more than chance.",
        False: "{name}: {first} in the first run, {second} in the second ({by}; 95% interval"
        " {interval}). That is worse, and more than chance.",
        None: "{name}: {first} in the first run, {second} in the second ({by}; 95% interval"
        " {interval}). That may be chance.",
    }
    return say(verdicts[each.better], **values, by=by, interval=interval)
