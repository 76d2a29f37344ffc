"""Seconds to the first word: the usual recipe, this assistant, and this one while one types."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pair
from asking import first_word
from lines import Json, Line, paired
from plan import Plan

from assistant.app import App

RECIPE, PLAIN, TYPED = "recipe", "plain", "typed"
_WAIT = 0.2  # seconds between the last letter and Enter


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """Seconds of every system, question after question; which comes first alternates.

    The two of ours have one cache, and so another question each at a time.
    """
    asked = plan.answerable
    with pair.both(plan.settings, plan.sources, plan.own) as both:
        both.warm()
        systems: dict[str, Callable[[str], float]] = {
            RECIPE: lambda question: _of_recipe(both, question),
            PLAIN: lambda question: first_word(both.app, question),
            TYPED: lambda question: _typed(both.app, question, plan.speed),
        }
        names = list(systems)
        for number in range(begin, len(asked)):
            other = (number + len(asked) // 2) % len(asked)
            of = {RECIPE: number, PLAIN: number, TYPED: other}
            order = names[number % 3 :] + names[: number % 3]
            yield {"typed of": other, **{name: systems[name](asked[of[name]]) for name in order}}


def lines(found: Sequence[Json]) -> list[Line]:
    recipe = [turn[RECIPE] for turn in found]
    typed = [turn for turn in found if turn["typed of"] < len(found)]
    beside = "the usual recipe"
    return [
        paired(Line("asked", "s", [turn[PLAIN] for turn in found], beside, recipe, at_most=0.45)),
        paired(
            Line(
                "typed, then asked",
                "s",
                [turn[TYPED] for turn in typed],
                beside,
                [recipe[turn["typed of"]] for turn in typed],
                at_most=0.15,
            )
        ),
    ]


def _typed(app: App, question: str, speed: float) -> float:
    """As the page does it: after each word, what is written so far."""
    threads = []
    for end in range(1, len(question) + 1):
        time.sleep(1 / speed)
        so_far = question[:end]
        if so_far.endswith(" ") and len(so_far.split()) >= 3:
            threads.append(threading.Thread(target=app.read_ahead, args=(so_far.strip(),)))
            threads[-1].start()
    time.sleep(_WAIT)
    took = first_word(app, question)
    for thread in threads:
        thread.join()
    return took


def _of_recipe(both: pair.Pair, question: str) -> float:
    begun = time.monotonic()
    for part in both.recipe.chain.stream(question):
        if part.get("answer"):
            break
    return time.monotonic() - begun
