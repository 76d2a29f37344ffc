"""Both systems' results as runs, as `assistant evaluate --out` writes them, and as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rich.table import Table
from usual_recipe import Reply, refuses

from assistant.evaluation import metrics, report
from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result
from assistant.evaluation.run import Run
from assistant.evaluation.wording import holds, normalise
from assistant.records import Answer, Seconds

Json = dict[str, Any]
OURS, RECIPE = "ours", "recipe"

_SHARED = (
    "answered right",
    "wrongly refused",
    "rightly refused",
    "evidence",
    "failed with an error",
    "seconds: first word",
    "seconds: whole answer",
)
# Figures of a run that have no meaning for a system without citations and with four chunks.
_OF_OURS_ALONE = ("citation", "quotes", "passage", "MRR")


def recipe_result(question: Question, reply: Reply) -> Result:
    """The recipe's reply, as a result of the evaluation."""
    first = reply.total if reply.first_token is None else reply.first_token
    seconds = Seconds(reply.search, first, reply.total)
    text = reply.text
    answer = Answer(question.question, text, refuses(text), (), (), (), "", seconds)
    ranks = (n for n, chunk in enumerate(reply.chunks, 1) if _answers(question, chunk))
    rank = next(ranks, None)
    return Result(
        question,
        answer,
        asked=question.question,
        found=tuple(dict.fromkeys(chunk.metadata["title"] for chunk in reply.chunks)),
        rank=rank,
        evidence=tuple(chunk.page_content for chunk in reply.chunks),
        kept=rank is not None if question.answers else None,
    )


def _answers(question: Question, chunk: Any) -> bool:
    """Whether a chunk holds an accepted wording and is of the right article."""
    title = question.article
    return (title is None or normalise(chunk.metadata["title"]) == normalise(title)) and any(
        holds(chunk.page_content, wording) for wording in question.answers
    )


def recipe_run(run: Run, about: Json) -> Json:
    """The recipe's run; what counts as its refusals is looked at anew."""
    written = report.as_json(replace(run, results=[_judged(r) for r in run.results]), about)
    nothing = {"cited_right": None, "strength": None}
    return {
        **written,
        "metrics": {
            name: figure
            for name, figure in written["metrics"].items()
            if not any(word in name for word in _OF_OURS_ALONE)
        }
        | times(run.results),
        "answers": [{**answer, **nothing} for answer in written["answers"]],
    }


def our_run(run: Run, about: Json) -> Json:
    written = report.as_json(run, about)
    return {**written, "metrics": written["metrics"] | times(run.results)}


def _judged(result: Result) -> Result:
    answer = result.answer
    return replace(result, answer=answer and replace(answer, refused=refuses(answer.text)))


def times(results: Sequence[Result]) -> dict[str, Json]:
    """Seconds from the question on, refusals too: what a person waits whatever comes."""
    answerable = [r for r in results if r.question.answerable]
    return {
        "seconds: first word or refusal": _spread(results, first_word),
        "seconds: first word or refusal, answerable": _spread(answerable, first_word),
        "seconds: whole answer or refusal": _spread(results, _total),
        "seconds: whole answer or refusal, answerable": _spread(answerable, _total),
    }


def first_word(answer: Answer) -> float:
    """Where the model wrote nothing, the refusal itself is the first that is seen."""
    return answer.seconds.first_token or answer.seconds.total


def _total(answer: Answer) -> float:
    return answer.seconds.total


def _spread(results: Sequence[Result], seconds: Callable[[Answer], float]) -> Json:
    values = [seconds(r.answer) for r in results if r.answer]
    median, p95 = (metrics.percentile(values, share) for share in (0.5, 0.95))
    return {"median": median, "p95": p95, "n": len(values)}


def table(ours: Json, recipe: Json) -> Table:
    """What both runs have, side by side; of seconds also the recipe's median over ours."""
    title = f"{ours['asked']} of {ours['questions']} questions"
    shown = Table("", "ours", "usual recipe", "recipe ÷ ours", title=title, title_justify="left")
    for name, mine in ours["metrics"].items():
        theirs = recipe["metrics"].get(name)
        if theirs and mine["n"] and theirs["n"] and name.startswith(_SHARED):
            shown.add_row(name, _cell(mine), _cell(theirs), ratio(mine, theirs))
    return shown


def ratio(ours: Json, recipe: Json) -> str:
    """How many times as long the recipe's median is; empty for other figures."""
    if not ours.get("median") or not recipe.get("median"):
        return ""
    return f"{recipe['median'] / ours['median']:.2f}"


def _cell(figure: Json) -> str:
    if "median" in figure:
        return f"median {figure['median']:.2f}, p95 {figure['p95']:.2f}"
    interval = f"{figure['low']:.2f}–{figure['high']:.2f}"
    return f"{figure['rate']:.2f} ({interval}), {figure['hits']} of {figure['n']}"
