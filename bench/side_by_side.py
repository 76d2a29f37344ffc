"""Puts the same questions to this assistant and to the usual recipe, in turn.

    python bench/side_by_side.py QUESTIONS --articles FOLDER --out result.json

See bench/README.md for what is measured, and how it is kept fair.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import pair
import score
import usual_recipe
from pair import Pair
from partial import Partial
from rich.console import Console
from score import OURS, RECIPE, Json

from assistant import config
from assistant.cli import door
from assistant.cli.progress import bar
from assistant.errors import AssistantError, UsageError
from assistant.evaluation import questions, report, whole
from assistant.evaluation.questions import Question
from assistant.evaluation.run import ANSWERS, Run
from assistant.evaluation.stored import read_result, result_json

_PACKAGES = ("chromadb", "langchain-chroma", "langchain-core", "langchain-text-splitters")
_OF_BOTH = ("model", "answer_tokens", "context_tokens", "threads")  # settings


def chosen(
    every: Sequence[Question],
    last: int | None = None,
    seed: int | None = None,
    limit: int | None = None,
) -> list[Question]:
    """The questions to ask (see `questions.choose`), but none of conversations and no overviews:
    the recipe knows neither.
    """
    single = [q for q in every if not q.before and q.cites is None]
    if not single:
        raise UsageError("no question of the file can be asked by itself; name another file")
    return questions.choose(single, last=last, seed=seed, limit=limit)


def about(both: Pair, file: Path, asked: Sequence[Question]) -> Json:
    """What the figures depend on; a run that was broken off goes on only with the same."""
    prompts = sorted(p for p in config.resource("prompts").iterdir() if p.is_file())
    texts = sorted(f"{article.title}\n{article.text}\0".encode() for article in both.articles)
    recipe = {**usual_recipe.settings(), "chunks indexed": both.recipe.chunks}
    return {
        **report.about(both.app, file, ANSWERS),
        "questions": _digest(repr(question).encode() for question in asked),
        "articles": _digest(texts),
        "prompts": _digest(prompt.read_bytes() for prompt in prompts),
        "recipe": recipe,
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "cores": os.cpu_count(),
    }


def _digest(parts: Iterable[bytes]) -> str:
    return sha256(b"".join(parts)).hexdigest()


def ask_all(
    both: Pair,
    asked: Sequence[Question],
    partial: Partial,
    on_progress: Callable[[int, int], None],
    stop: threading.Event,
) -> None:
    """Ask what is not in `partial` yet; once `stop` is set, no further question is begun.

    Which system comes first alternates, so that neither always finds the machine as the other
    left it.
    """
    begin = len(partial.records)
    on_progress(begin, len(asked))
    if begin < len(asked):
        both.warm()
    for place, question in enumerate(asked[begin:], begin):
        if stop.is_set():
            return
        order = (OURS, RECIPE) if place % 2 == 0 else (RECIPE, OURS)
        at = datetime.now(UTC).isoformat(timespec="seconds")
        results = {system: result_json(both.ask(system, question)) for system in order}
        partial.add({"at": at, "first": order[0], **results})
        on_progress(place + 1, len(asked))


def result(what: Json, asked: Sequence[Question], records: Sequence[Json]) -> Json:
    """Both systems' runs, and what became of each question under both."""
    common = {key: what[key] for key in ("version", "model", "library", "file", "mode")}
    shared = {key: what["settings"][key] for key in _OF_BOTH}
    ours = score.our_run(
        _run(OURS, asked, records), {**common, "settings": {"system": OURS, **what["settings"]}}
    )
    recipe = score.recipe_run(
        _run(RECIPE, asked, records),
        {**common, "settings": {"system": RECIPE, **shared, **what["recipe"]}},
    )
    return {
        OURS: ours,
        RECIPE: recipe,
        "questions": [
            {"id": q.id, "question": q.question, "kind": q.kind, "first": record["first"]}
            | {OURS: _brief(mine), RECIPE: _brief(theirs)}
            for q, record, mine, theirs in zip(
                asked, records, ours["answers"], recipe["answers"], strict=False
            )
        ],
        "about": what,
    }


def _run(system: str, asked: Sequence[Question], records: Sequence[Json]) -> Run:
    results = [read_result(record[system]) for record in records]
    started = datetime.fromisoformat(records[0]["at"]) if records else datetime.now(UTC)
    seconds = sum(r.answer.seconds.total for r in results if r.answer)
    return Run(asked, results, started, seconds)


def _brief(answer: Json) -> Json:
    """The scores of an answer; its text stands in the run."""
    return {key: answer[key] for key in ("right", "refused", "kept", "error", "seconds")}


def side_by_side(
    file: Path, sources: Sequence[Path], sample: Json, out: Path, stop: threading.Event
) -> Json:
    """Ask both what has not been asked yet, and write what there is to `out`."""
    known = questions.load(file)
    asked = chosen(known.questions, **sample)
    with pair.both(config.load(), sources, known.articles) as both:
        what = about(both, file, asked)
        partial = Partial(out.with_name(out.name + ".partial.jsonl"), what)
        if partial.records:
            door.tell(f"{len(partial.records)} of {len(asked)} questions were asked before")
        with bar("Asking both", "questions") as advance:
            ask_all(both, asked, partial, advance, stop)
    data = result(what, asked, partial.records)
    whole.write(out, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return data


_PATH = click.Path(path_type=Path)
_COUNT = click.IntRange(min=1)


@click.command()
@click.argument("file", metavar="QUESTIONS", type=_PATH)
@click.option("--articles", "sources", multiple=True, type=_PATH, help="Folder or file; repeats.")
@click.option("--last", type=_COUNT, help="Only the last N questions of the file.")
@click.option("--seed", type=int, help="Shuffle these; a seed, one order.")
@click.option("--limit", type=_COUNT, help="Ask only the first N of these.")
@click.option("--out", required=True, type=_PATH, help="Where figures and answers are written.")
@click.option("--report", "page", type=_PATH, help="Write a comparison to look at (HTML).")
def main(
    file: Path, sources: tuple[Path, ...], out: Path, page: Path | None, **sample: Any
) -> None:
    """Ask this assistant and the usual recipe the same questions, and compare.

    Ctrl-C ends after the question under way; the same command goes on from there. Once all are
    asked, it only scores them anew.
    """
    try:
        with door.stop_on_ctrl_c() as stop:
            data = side_by_side(file, sources, sample, out, stop)
        Console().print(score.table(data[OURS], data[RECIPE]))
        if page:
            from assistant.evaluation.page import write_comparison

            write_comparison(data[RECIPE], data[OURS], page)
    except AssistantError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
