"""A library of its own, asked with the model of another application."""

from __future__ import annotations

import threading
from dataclasses import replace

from assistant.answering.answer import Answerer
from assistant.app import App


class Borrowed(App):
    """The library of `own`, and the model and the queue of `lender`.

    So there is one model in memory, and nobody's question waits for more than one other.
    """

    def __init__(self, own: App, lender: App) -> None:
        super().__init__(own.settings, own.library, lender._wording)
        self._lender = lender

    def warm(self, stop: threading.Event | None = None, aside: bool = False) -> None:
        self._lender.warm(stop, aside)

    def _wired(self) -> Answerer:
        return replace(self._lender._wired(), library=self.library)
