"""The figures of the server in the text format of Prometheus, for whoever watches over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import StoreError
from assistant.library import room
from assistant.ui.meter import BOUNDS, Meter

if TYPE_CHECKING:
    from assistant.app import App

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PROCESS = Path("/proc/self")  # what another system does not tell is left out


def text(app: App, meter: Meter) -> str:
    return "".join(f"{line}\n" for line in _lines(app, meter))


def _lines(app: App, meter: Meter) -> Iterator[str]:
    yield from _one("assistant_questions_asked_total", "counter", "Questions asked.", meter.asked)
    yield from _head("assistant_questions_total", "counter", "Questions that ended, by how.")
    for outcome, number in meter.outcomes.items():
        yield f'assistant_questions_total{{outcome="{outcome}"}} {number}'
    yield from _histograms(meter)
    yield from _one(
        "assistant_queue_length", "gauge", "Questions that wait for the model.", app.waiting
    )
    with suppress(StoreError):
        yield from _library(app)
    free = room.free_bytes(app.settings.store)
    yield from _one("assistant_store_free_bytes", "gauge", "Free on the library's disk.", free)
    yield from _one("process_resident_memory_bytes", "gauge", "Memory of the server.", _resident())
    yield from _one("process_open_fds", "gauge", "Open files of the server.", _open_files())


def _histograms(meter: Meter) -> Iterator[str]:
    name = "assistant_question_seconds"
    yield from _head(name, "histogram", "Seconds of answered and refused questions, by phase.")
    for phase, histogram in meter.seconds.items():
        counts = list(accumulate(histogram.counts))
        for bound, count in zip([f"{bound:g}" for bound in BOUNDS] + ["+Inf"], counts, strict=True):
            yield f'{name}_bucket{{phase="{phase}",le="{bound}"}} {count}'
        yield f'{name}_sum{{phase="{phase}"}} {histogram.sum:.3f}'
        yield f'{name}_count{{phase="{phase}"}} {counts[-1]}'


def _library(app: App) -> Iterator[str]:
    counts, behind = app.library.counts(), app.library.index_state().behind
    yield from _one("assistant_articles", "gauge", "Articles in the library.", counts.articles)
    yield from _one("assistant_passages", "gauge", "Passages of the articles.", counts.passages)
    yield from _one(
        "assistant_index_behind_passages", "gauge", "Passages not yet in the vector index.", behind
    )


def _one(name: str, kind: str, about: str, value: int | None) -> Iterator[str]:
    if value is not None:
        yield from _head(name, kind, about)
        yield f"{name} {value}"


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _resident() -> int | None:
    try:
        return int((_PROCESS / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _open_files() -> int | None:
    try:
        return len(os.listdir(_PROCESS / "fd"))
    except OSError:
        return None
