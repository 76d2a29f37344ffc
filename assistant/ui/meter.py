"""What became of the questions of the page: counted, timed, and each a line in the log."""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from assistant import logs
from assistant.records import Answer
from assistant.ui.render import TurnView

log = logging.getLogger(__name__)

OUTCOMES = ("answered", "refused", "stopped", "failed", "busy")
PHASES = ("search", "first_token", "total", "check")
BOUNDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320)  # seconds, of a histogram


@dataclass
class Histogram:
    """`counts` of what took at most so long as each bound, and no less than the one before it;
    the last one is of what took longer.
    """

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    sum: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.sum += seconds


class Meter:
    """For several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.asked = 0
        self.outcomes: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
        self.seconds = {phase: Histogram() for phase in PHASES}

    def begun(self) -> None:
        with self._lock:
            self.asked += 1

    def ended(self, view: TurnView, seconds: float, texts: bool) -> None:
        """`seconds` have passed since it was asked; `texts` writes the question down, too."""
        outcome = _outcome(view)
        with self._lock:
            self.outcomes[outcome] += 1
            for phase, took in view.answer.seconds.as_json().items() if view.answer else ():
                self.seconds[phase].add(took)
        told: dict[str, Any] = {"outcome": outcome, "evidence": _evidence(view)}
        told |= (
            _of_answer(view.answer) if view.answer else {"seconds": {"total": round(seconds, 3)}}
        )
        if view.trouble:
            told |= {"error": view.error, "trouble": view.trouble}
        if texts:
            words = view.answer.text if view.answer else view.words
            told |= {"question": view.question, "asked": view.asked, "answer": words}
        log.info("question", extra=logs.facts(**told))


def _outcome(view: TurnView) -> str:
    if view.answer:
        return "refused" if view.answer.refused else "answered"
    if view.trouble:
        return "busy" if view.error == "BusyError" else "failed"
    return "stopped"


def _evidence(view: TurnView) -> int:
    return len(view.found.evidence) if view.found else 0


def _of_answer(answer: Answer) -> dict[str, Any]:
    return {
        "seconds": answer.seconds.as_json(),
        "model": answer.model,
        "sentences": len(answer.sentences),
        "supported": sum(1 for sentence in answer.sentences if sentence.supported),
        "citations": len(answer.citations),
    }
