"""The first question after a start, beside the same one later."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from asking import first_word
from lines import Json, Line, paired
from plan import Plan

from assistant import config
from assistant.app import open_app


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """One start each; between the two times of a question another one is asked."""
    asked, environment = plan.answerable, plan.environment()
    if begin == 0:
        _started(asked[:1], environment)  # keeps the beginnings of the prompts
    for number in range(begin, plan.starts):
        one, other = asked[number % len(asked)], asked[(number + 1) % len(asked)]
        first, _, later = _started([one, other, one], environment)
        yield {"first": first, "later": later}


def lines(found: Sequence[Json]) -> list[Line]:
    first, later = ([each[name] for each in found] for name in ("first", "later"))
    beside = "the same question later"
    return [paired(Line("first question after a start", "s", first, beside, later, at_most=1.2))]


def _started(questions: Sequence[str], environment: dict[str, str]) -> list[float]:
    """Seconds to the first word of each, in a process of their own that was warmed."""
    command = [sys.executable, str(Path(__file__)), *questions]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, check=True, start_new_session=True
    )
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    with open_app(config.load()) as opened:
        opened.warm()
        print(json.dumps([first_word(opened, question) for question in sys.argv[1:]]))
