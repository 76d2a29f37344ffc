"""What the process that serves the page keeps in memory beside the model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lines import Json, Line
from plan import Plan
from served import Visitor, anonymous, on_linux, resident, serving

from assistant import assets, config
from assistant.config import Settings
from assistant.engines.llama import MAIN, LocalChat

_READ = 768  # tokens, as a prompt has; llama.cpp's buffers are touched as they are needed


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """One record: the page's process after some questions, and llama.cpp's own part of that."""
    on_linux()
    if begin:
        return
    environment = plan.environment()
    model = assets.resolve_llm(plan.settings.model, plan.settings.models)
    with serving(environment) as served:
        visitor = Visitor(served.url)
        for number in range(plan.before_weighing):
            if plan.stop.is_set():
                return
            visitor.ask(plan.answerable[number % len(plan.answerable)])
        visitor.close()
        pid = served.process.pid
        found = {"whole": resident(pid), "model file": resident(pid, model)}
    command = [sys.executable, str(Path(__file__))]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, check=True, start_new_session=True
    )
    yield {**found, "buffers of llama.cpp": json.loads(done.stdout)}


def lines(found: Sequence[Json]) -> list[Line]:
    if not found:
        return []
    [weighed] = found
    ours = weighed["whole"] - weighed["model file"] - weighed["buffers of llama.cpp"]
    aside = [Line(name, "MB", [value]) for name, value in weighed.items() if name != "whole"]
    return [
        Line("beside the model", "MB", [ours], at_most=600, no_ratio=True),
        Line("the whole process", "MB", [weighed["whole"]]),
        *aside,
    ]


def _buffers(settings: Settings) -> float:
    """MB that llama.cpp itself takes for as many contexts as a question needs."""
    import llama_cpp  # noqa: F401  (its code is no buffer)

    chat = LocalChat(
        path=assets.resolve_llm(settings.model, settings.models),
        context_tokens=settings.context_tokens,
        threads=settings.threads,
    )
    before = anonymous()
    for context in (MAIN, "second look", "asked of"):
        chat._reader(context).logits(list(range(_READ)))
    return anonymous() - before


if __name__ == "__main__":
    print(json.dumps(_buffers(config.load())))
