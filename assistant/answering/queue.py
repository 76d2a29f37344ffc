"""One answer at a time, first come, first served."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Queue:
    """A fair lock whose waiting callers know their place."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets: deque[object] = deque()

    @contextmanager
    def ticket(self) -> Iterator[object]:
        """A place in the queue for as long as the context lasts."""
        ticket = self.join()
        try:
            yield ticket
        finally:
            self.leave(ticket)

    def join(self) -> object:
        ticket = object()
        with self._changed:
            self._tickets.append(ticket)
        return ticket

    def leave(self, ticket: object) -> None:
        with self._changed:
            self._tickets.remove(ticket)
            self._changed.notify_all()

    def places(self, ticket: object, stop: threading.Event) -> Iterator[int]:
        """How many are ahead, each time it changes, until none is or `stop` is set."""
        told = 0
        while True:
            with self._changed:
                ahead = self._tickets.index(ticket)
                if ahead == told and ahead and not stop.is_set():
                    self._changed.wait(0.2)
                    ahead = self._tickets.index(ticket)
            if ahead == 0 or stop.is_set():
                return
            if ahead != told:
                told = ahead
                yield ahead
