"""What each open page has running, and whose page it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

READER = "reader"  # the cookie that tells one browser from another where nobody logs in


class Running:
    """What each open page has running, so that it can be stopped from outside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stops: dict[str, threading.Event] = {}

    @contextmanager
    def task(self, name: str) -> Iterator[threading.Event]:
        """A stop event for work under this name, set at the end however that comes about."""
        self.stop(name)
        stop = threading.Event()
        with self._lock:
            self._stops[name] = stop
        try:
            yield stop
        finally:
            stop.set()  # also where the page was closed: nothing must go on for nobody
            with self._lock:
                if self._stops.get(name) is stop:
                    del self._stops[name]

    def stop(self, name: str) -> None:
        with self._lock:
            if stop := self._stops.pop(name, None):
                stop.set()

    def stop_all(self) -> None:
        with self._lock:
            for stop in self._stops.values():
                stop.set()


def page_of(request: gr.Request) -> str:
    """The open page that a request came from; every tab of a browser is one."""
    return request.session_hash or ""


def reader_of(request: gr.Request) -> str:
    """Whose conversations these are: the name of the login, else one for each browser."""
    return request.username or str(request.cookies.get(READER, ""))
