"""Twenty people who ask at once, for minutes, and stop now and then."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

from lines import Json, Line
from plan import Plan
from served import Turn, Visitor, every, on_linux, resident, serving

_STOPPED = 5  # every so-manyth question
_LONGEST = 20.0  # seconds until Stop is pressed
_REFUSED = "refused with a message"
_TOGETHER = 1.0  # seconds within which two questions count as asked at the same time


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """One record: every question of everybody, and the memory of the server second by second."""
    on_linux()
    if begin:
        return
    memory: list[float] = []
    over = threading.Event()
    with serving(plan.environment()) as served:
        pid = served.process.pid
        first = Visitor(served.url)
        first.ask(plan.answerable[0])
        first.close()
        watch = every(0.5, lambda: memory.append(resident(pid)), over)
        end = time.monotonic() + 60 * plan.minutes
        with ThreadPoolExecutor(plan.people) as pool:
            people = [pool.submit(_person, n, served.url, plan, end) for n in range(plan.people)]
            turns = [turn for person in people for turn in person.result()]
        over.set()
        watch.join()
    if not plan.stop.is_set():
        yield {"turns": [_told(turn) for turn in turns], "memory": memory}


def lines(found: Sequence[Json]) -> list[Line]:
    if not found:
        return []
    [record] = found
    turns, memory = record["turns"], record["memory"]
    count = Counter(turn["outcome"] for turn in turns)
    tenth = max(1, len(memory) // 10)
    first, last = statistics.median(memory[:tenth]), statistics.median(memory[-tenth:])
    stops = [turn["ended"] - turn["stopped"] for turn in turns if turn["outcome"] == "stopped"]
    waits = [turn["ended"] - turn["asked"] for turn in turns if turn["outcome"] == "answered"]
    return [
        *(
            Line(name, "", [count[name]])
            for name in ("answered", _REFUSED, "stopped")
        ),
        Line("lost", "", [count["lost"]], at_most=0, no_ratio=True),
        Line("answered before one that was asked earlier", "", [_overtaken(turns)], at_most=0,
             no_ratio=True),
        Line("until an answer was whole", "s", waits),
        Line("slowest stop", "s", [max(stops)] if stops else [], at_most=1, no_ratio=True),
        Line("memory in the last tenth of the time", "MB", [last], "in the first tenth", [first],
             [last / first]),
    ]  # fmt: skip


def _person(number: int, url: str, plan: Plan, end: float) -> list[Turn]:
    """Asks until the time is over, and waits for the last answer."""
    visitor, chance = Visitor(url), random.Random(number)
    turns: list[Turn] = []
    while time.monotonic() < end and not plan.stop.is_set():
        stops = (number + len(turns)) % _STOPPED == 0
        after = chance.uniform(0, _LONGEST) if stops else None
        turns.append(visitor.ask(chance.choice(plan.answerable), after))
        if turns[-1].outcome == _REFUSED:  # as the message says: later
            plan.stop.wait(chance.uniform(1, _LONGEST))
    visitor.close()
    return turns


def _told(turn: Turn) -> Json:
    return {
        "outcome": turn.outcome,
        "asked": turn.asked,
        "worded": turn.worded,
        "stopped": turn.stopped,
        "ended": turn.ended,
    }


def _overtaken(turns: Sequence[Json]) -> int:
    """How many whose first word came before that of one asked clearly earlier.

    Of those that waited for the model: a refusal without it takes no turn.
    """
    waited = sorted((each for each in turns if each["worded"]), key=lambda each: each["asked"])
    return len(
        {
            later["asked"]
            for earlier, later in combinations(waited, 2)
            if later["asked"] - earlier["asked"] > _TOGETHER and later["worded"] < earlier["worded"]
        }
    )
