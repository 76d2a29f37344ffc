"""Measures everything in one run, beside the usual recipe and beside the floor.

    python bench/measure.py

See bench/README.md for what each line means, and how it is kept fair.
"""

from __future__ import annotations

import json
import os
import platform
import random
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import adding
import after_start
import click
import first_word
import memory
import raw
import searching
import starting
import twenty
from lines import Json, Line, markdown
from partial import Partial
from plan import Plan

from assistant import __version__, config
from assistant.cli import door
from assistant.errors import AssistantError, UsageError
from assistant.evaluation import questions, whole
from assistant.evaluation.shape import PRIVATE

_SEED = 7
_DONE = "done"


@dataclass(frozen=True)
class Part:
    """`steps` measures one record after the other, from the given number on; each is kept.

    `lines` makes figures of as many records as there are.
    """

    steps: Callable[[Plan, int], Iterator[Json]]
    lines: Callable[[Sequence[Json]], list[Line]]


PARTS = {
    "first word": Part(first_word.steps, first_word.lines),
    "after a start": Part(after_start.steps, after_start.lines),
    "whole answer": Part(raw.steps, raw.lines),
    "search and evidence": Part(searching.steps, searching.lines),
    "adding": Part(adding.steps, adding.lines),
    "memory": Part(memory.steps, memory.lines),
    "start": Part(starting.steps, starting.lines),
    "twenty people": Part(twenty.steps, twenty.lines),
}


def measure(plan: Plan, about: Json, names: Sequence[str], out: Path) -> Json:
    """Measure what has not been measured yet, and write what there is to `out`.

    Raises UsageError where a run was broken off that had other questions, settings or code.
    """
    kept = out.with_name(f"{out.name}.partial.jsonl")
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Partial(kept, {**about, "parts": list(names)})
    try:
        for name in names:
            _measure(name, plan, partial)
    finally:
        result = _result(about, names, partial.records)
        whole.write(out, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        whole.write(out.with_suffix(".md"), markdown(result))
    if result["complete"]:
        kept.unlink()
    return result


def _measure(name: str, plan: Plan, partial: Partial) -> None:
    found = _records(name, partial.records)
    if plan.stop.is_set() or found[-1:] == [_DONE]:
        return
    for number, record in enumerate(PARTS[name].steps(plan, len(found)), len(found) + 1):
        partial.add({"part": name, "record": record})
        door.tell(f"{name}, {number}")
        if plan.stop.is_set():
            return
    if not plan.stop.is_set():
        partial.add({"part": name, "record": _DONE})


def _records(name: str, every: Sequence[Json]) -> list[Any]:
    return [each["record"] for each in every if each["part"] == name]


def _result(about: Json, names: Sequence[str], every: Sequence[Json]) -> Json:
    parts, complete = [], True
    for name in names:
        found = _records(name, every)
        complete = complete and found[-1:] == [_DONE]
        records = [record for record in found if record != _DONE]
        told = [line.as_json() for line in PARTS[name].lines(records)]
        parts.append({"name": name, "lines": told, "records": records})
    at = datetime.now(UTC).isoformat(timespec="minutes")
    return {"at": at, "complete": complete, "about": about, "parts": parts}


def _about(plan: Plan, file: Path) -> Json:
    """What the figures depend on."""
    given = [repr(each) for each in (*plan.asked, *plan.own, *plan.sources)]
    sizes = ("speed", "starts", "few", "many", "before_weighing", "people", "minutes")
    return {
        "version": __version__,
        "code": _code(),
        "model": plan.settings.model,
        "settings": plan.settings.model_dump(mode="json", exclude=PRIVATE),
        "file": file.name,
        "asked": len(plan.asked),
        "questions": sha256("\n".join(given).encode()).hexdigest(),
        "sizes": {name: getattr(plan, name) for name in sizes},
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def _code() -> str:
    """Another one whenever the code or a prompt has changed."""
    here = Path(__file__).resolve().parent
    files = [*here.glob("*.py"), *Path(config.__file__).parent.rglob("*.py")]
    files += config.resource("prompts").glob("*.toml")
    return sha256(b"\0".join(file.read_bytes() for file in sorted(files))).hexdigest()[:16]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


_PATH = click.Path(path_type=Path)
_COUNT = click.IntRange(min=1)


@click.command()
@click.option("--questions", "file", type=_PATH, help="Instead of the sample questions.")
@click.option(
    "--articles",
    "sources",
    multiple=True,
    type=_PATH,
    help="Folder or file that they are about; not needed for a file of the SQuAD form.",
)
@click.option(
    "--limit",
    default=40,
    show_default=True,
    type=click.IntRange(min=2),
    help="How many of the questions.",
)
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="One part; repeats.")
@click.option(
    "--few",
    default=1_000,
    show_default=True,
    type=_COUNT,
    help="Articles that are added, and searched.",
)
@click.option(
    "--many", default=100_000, show_default=True, type=_COUNT, help="Passages that are searched."
)
@click.option("--minutes", default=2.0, show_default=True, help="How long twenty people ask.")
@click.option(
    "--out",
    default=Path("build/bench.json"),
    show_default=True,
    type=_PATH,
    help="The table is written beside it, as .md.",
)
def main(
    file: Path | None, sources: tuple[Path, ...], limit: int, only: tuple[str, ...], out: Path,
    **sizes: Any,
) -> None:  # fmt: skip
    """Measure on this machine, beside the usual recipe and beside the floor.

    Ctrl-C ends after the measurement under way (a second one at once); the same command goes on
    from there. Nothing else should be at work meanwhile.
    """
    try:
        with door.stop_on_ctrl_c() as stop, tempfile.TemporaryDirectory() as folder:
            plan, file = _plan(file, sources, limit, Path(folder), out, stop, sizes)
            names = [name for name in PARTS if not only or name in only]
            result = measure(plan, _about(plan, file), names, out)
        click.echo(markdown(result))
        if not result["complete"]:
            door.tell("broken off; the same command goes on from there")
    except AssistantError as error:
        raise click.ClickException(str(error)) from error


def _plan(
    file: Path | None,
    sources: Sequence[Path],
    limit: int,
    folder: Path,
    out: Path,
    stop: threading.Event,
    sizes: Json,
) -> tuple[Plan, Path]:
    seeds = config.resource("seeds")
    if file is None:
        file, sources = seeds / "questions.jsonl", sources or [seeds / "articles"]
    known = questions.load(file)
    asked = [each for each in known.questions if each.answers and not each.before]
    random.Random(_SEED).shuffle(asked)
    if len(asked) < 2:
        raise UsageError(f"{file} has no two questions with an answer; name another file")
    plan = Plan(
        settings=door.settings(),
        folder=folder,
        kept=out.parent / "libraries",
        asked=asked[:limit],
        sources=sources,
        own=known.articles,
        stop=stop,
        **sizes,
    )
    return plan, file


if __name__ == "__main__":
    main()
