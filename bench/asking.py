"""How long somebody waits for the first word of this assistant."""

from __future__ import annotations

import threading
import time

from assistant.app import App
from assistant.records import Done, Token


def first_word(app: App, question: str) -> float:
    """Seconds until the first word, or the refusal where there is none; then it is stopped."""
    stop, begun, took = threading.Event(), time.monotonic(), 0.0
    for event in app.ask(question, (), stop):
        if isinstance(event, Token | Done) and not took:
            took = time.monotonic() - begun
            stop.set()
    return took
