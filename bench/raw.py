"""The whole answer, beside bare llama.cpp that reads and writes as many tokens."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
from lines import Json, Line, paired
from numpy.typing import NDArray
from plan import Plan

from assistant import assets
from assistant.app import App
from assistant.config import Settings
from assistant.engines.llama import MAIN
from assistant.engines.reader import BATCH, Reader, _common
from assistant.records import Answer, Done

_SLACK = 0.05  # seconds; what comes after the last word takes longer than this


@dataclass(frozen=True)
class Call:
    """One look of the model at tokens, of which so many were in its cache."""

    ended: float
    tokens: list[int]
    held: int


class Watched:
    """Notes what a reader reads."""

    def __init__(self, reader: Reader) -> None:
        self.calls: list[Call] = []
        self._reader, self._logits = reader, reader.logits
        reader.logits = self._noted  # type: ignore[method-assign]

    def _noted(
        self, tokens: Sequence[int], stop_event: threading.Event | None = None
    ) -> NDArray[np.float32]:
        read, held = list(tokens), _common(self._reader._held, tokens)
        logits = self._logits(tokens, stop_event)
        self.calls.append(Call(time.monotonic(), read, held))
        return logits


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """Every question is asked, and what it took then done by the bare model.

    A question that is refused without the model is noted as such.
    """
    with plan.app() as app, closing(_bare(plan.settings)) as bare:
        app.warm()
        _turn(app, bare, "What do these articles say about the weather?")
        for question in plan.answerable[begin:]:
            yield _turn(app, bare, question)


def lines(found: Sequence[Json]) -> list[Line]:
    asked = [each for each in found if each["read"]]
    beside = "llama.cpp alone"
    both = [
        paired(
            Line(
                name,
                "s",
                [each[key] for each in asked],
                beside,
                [each[f"bare {key}"] for each in asked],
                at_most=at_most,
            )
        )
        for name, key, at_most in (
            ("whole answer, without search and check", "whole", 1.1),
            ("first word, without search", "first", None),
        )
    ]
    tokens = [
        Line(f"tokens {key}", "", [each[key] for each in asked]) for key in ("read", "written")
    ]
    aside = [
        Line(f"left aside: {key}", "s", [each[key] for each in asked])
        for key in ("search", "check")
    ]
    return [*both, *tokens, *aside]


def _turn(app: App, bare: Any, question: str) -> Json:
    watched = _watched(app)
    begun = time.monotonic()
    answer = _answer(app, question)
    seconds = answer.seconds
    written = begun + seconds.total - seconds.check
    prompt, *further = [each for each in watched.calls if each.ended < written + _SLACK] or [None]
    if prompt is None:
        return {"read": 0, "written": 0}
    first, whole = _seconds(bare, prompt, len(further))
    return {
        "read": len(prompt.tokens) - prompt.held,
        "written": len(further),
        "first": seconds.first_token - seconds.search,
        "whole": seconds.total - seconds.check - seconds.search,
        "search": seconds.search,
        "check": seconds.check,
        "bare first": first,
        "bare whole": whole,
    }


def _watched(app: App) -> Watched:
    chat = app._chat
    assert chat is not None, "it was warmed"
    reader = chat._reader(MAIN)
    vars(reader).pop("logits", None)  # that of the last question
    return Watched(reader)


def _answer(app: App, question: str) -> Answer:
    for event in app.ask(question):
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("nobody stopped it")


def _bare(settings: Settings) -> Any:
    """As `LocalChat` loads it."""
    import llama_cpp

    threads = settings.threads or os.cpu_count() or 1
    return llama_cpp.Llama(
        str(assets.resolve_llm(settings.model, settings.models)),
        n_ctx=settings.context_tokens,
        n_batch=BATCH,
        n_threads=threads,
        n_threads_batch=threads,
        verbose=False,
    )


def _seconds(bare: Any, prompt: Call, written: int) -> tuple[float, float]:
    """Until the first token, and until so many more; what was held is in the cache before."""
    known = _common(bare.input_ids[: bare.n_tokens].tolist(), prompt.tokens)
    bare.n_tokens = min(known, prompt.held)
    if known < prompt.held:
        bare.eval(prompt.tokens[known : prompt.held])
    begun = time.monotonic()
    tokens = bare.generate(prompt.tokens[prompt.held :], temp=0.0, reset=False)
    next(tokens)
    first = time.monotonic() - begun
    for _ in range(written):
        next(tokens)
    return first, time.monotonic() - begun
