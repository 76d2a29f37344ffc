"""One answer at a time: those who ask take turns, and each is answered in the order of asking."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.errors import BusyError, Stopped


@dataclass(frozen=True, eq=False, slots=True)
class Ticket:
    """A place in the queue.

    Behind `own` of the same reader's, others may pass it, each reader so many times; `passed`
    counts who did. One for work `aside` is of nobody who waits for it.
    """

    reader: str | None
    own: int
    aside: bool = False
    passed: Counter[str | None] = field(default_factory=Counter)

    def lets_pass(self, reader: str | None) -> bool:
        return reader != self.reader and self.passed[reader] < self.own


class Queue:
    """A fair lock whose waiting callers know their place.

    Whoever asks one thing at a time is answered in the order of asking. Who asks several times at
    once is answered in turn with the others, not before them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._tickets: list[Ticket] = []  # the first one has its turn

    @contextmanager
    def ticket(
        self, reader: str | None = None, most: int | None = None, aside: bool = False
    ) -> Iterator[Ticket]:
        """A place in the queue for as long as the context lasts; see `join`."""
        ticket = self.join(reader, most, aside)
        try:
            yield ticket
        finally:
            self.leave(ticket)

    def join(
        self, reader: str | None = None, most: int | None = None, aside: bool = False
    ) -> Ticket:
        """A place for a reader, of which `most` may wait, and half as many of one reader.

        Raises BusyError where they do.
        """
        with self._changed:
            if most is not None:
                self._check_room(reader, most)
            ticket = Ticket(reader, sum(each.reader == reader for each in self._tickets), aside)
            place = len(self._tickets)
            while place > 1 and self._tickets[place - 1].lets_pass(reader):
                place -= 1
                self._tickets[place].passed[reader] += 1
            self._tickets.insert(place, ticket)
        return ticket

    def leave(self, ticket: Ticket) -> None:
        with self._changed:
            self._tickets.remove(ticket)
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether anybody is answered or waits."""
        return bool(self._tickets)

    @property
    def waiting(self) -> int:
        """How many wait, beside the one that is answered."""
        return max(0, len(self._tickets) - 1)

    def places(
        self, ticket: Ticket, stop: threading.Event, longest: float = math.inf
    ) -> Iterator[int]:
        """How many are ahead, each time it changes, until none is or `stop` is set.

        Raises BusyError after `longest` seconds.
        """
        told = 0
        end = time.monotonic() + longest
        while True:
            with self._changed:
                ahead = self._tickets.index(ticket)
                if ahead == told and ahead and not stop.is_set():
                    self._changed.wait(0.2)
                    ahead = self._tickets.index(ticket)
            if ahead == 0 or stop.is_set():
                return
            if time.monotonic() > end:
                raise BusyError(
                    f"the question has waited for {longest:,.0f} seconds, and no longer may it"
                    " (setting max_wait_seconds); ask again when less is going on"
                )
            if ahead != told:
                told = ahead
                yield ahead

    @property
    def wanted(self) -> bool:
        """Whether anybody waits for whom work aside is to be left."""
        return any(not each.aside for each in self._tickets[1:])

    def in_turn(self, stop: threading.Event, work: Callable[[], None], aside: bool = False) -> None:
        """Do some work when it is its turn. Raises Stopped where `stop` is set by then."""
        with self.ticket(aside=aside) as ticket:
            for _ in self.places(ticket, stop):
                pass
            if stop.is_set():
                raise Stopped
            work()

    def aside(self, stop: threading.Event, work: Callable[[threading.Event], None]) -> None:
        """Do some work that can be taken up again where it left off. It is given an event that is
        set once somebody waits, upon which it raises Stopped. Raises Stopped where `stop` is set.
        """
        while True:
            try:
                return self.in_turn(stop, lambda: work(_Wanted(self, stop)), aside=True)
            except Stopped:
                if stop.is_set():
                    raise

    def _check_room(self, reader: str | None, most: int) -> None:
        waiting = self._tickets[1:]
        if len(waiting) >= most:
            raise BusyError(
                f"{_questions(len(waiting))} already, as many as may (setting max_waiting); try"
                " again in a minute"
            )
        own = sum(each.reader == reader for each in waiting)
        if own >= (most + 1) // 2:
            raise BusyError(
                f"{_questions(own)} that you asked; ask the next one when they are answered"
                " (setting max_waiting)"
            )


class _Wanted(threading.Event):
    """Set while somebody waits, and once `stop` is."""

    def __init__(self, queue: Queue, stop: threading.Event) -> None:
        super().__init__()
        self._queue, self._end = queue, stop

    def is_set(self) -> bool:
        return self._end.is_set() or self._queue.wanted


def _questions(number: int) -> str:
    return "1 question waits" if number == 1 else f"{number} questions wait"
