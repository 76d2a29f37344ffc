"""question → what the articles hold for it: passages, evidence, and how likely that is enough."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering import evidence as choosing
from assistant.answering import overview, when
from assistant.answering.orders import without_orders
from assistant.answering.words import stems
from assistant.config import Settings
from assistant.library.library import Library
from assistant.records import EVERYTHING, Evidence, Hit, Scope

_LEAST_BUDGET = 150  # tokens: three or four sentences
_PASSAGES_FOR_OVERVIEW = 12  # among which the articles in question are found


@dataclass(frozen=True)
class Looked:
    """What the articles hold for a question; `seconds` is the time that took.

    `judged` is the question that an answer must answer; see `conversation.Understood`.
    """

    asked: str
    judged: str
    scope: Scope
    question: choosing.Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    strength: float
    seconds: float

    def following(self, question: str, judged: str) -> Looked:
        """The same for a question as a person put it, and as its answer is judged."""
        told = stems(self.asked) - stems(question)
        return replace(self, judged=judged, question=replace(self.question, told=frozenset(told)))


def scope_of(question: str, given: Scope, today: date) -> Scope:
    """The scope given, with the time of publication that the question names, if it names one."""
    if given.since or given.until:
        return given
    named = when.period(question, today)
    return replace(given, since=named.since, until=named.until) if named else given


def look(
    library: Library,
    settings: Settings,
    question: str,
    speed: float = 0.0,
    scope: Scope = EVERYTHING,
) -> Looked:
    """Search, and choose what the model would be shown; takes no language model.

    `speed` is how many tokens the model reads a second, 0 where that is not known.
    """
    begun = time.monotonic()
    budget = _budget(settings, speed)
    several = choosing.is_overview(question)
    wanted = max(_PASSAGES_FOR_OVERVIEW if several else 0, settings.passages)
    newest = when.newest(question)
    search = library.search(question, wanted, settings.candidates, scope, newest)
    passages = library.counts().passages
    weighed = choosing.weigh(question, search.vector, passages, library.passages_with)
    if several:
        some = round(overview.SHARE * budget)
        own = _passages_of(library, question)
        evidence = overview.gather(weighed, search.hits, own, some)
    else:
        evidence = choosing.choose(weighed, without_orders(question, search.hits), budget)
    strength = choosing.strength(weighed, search.hits)
    seconds = time.monotonic() - begun
    hits = tuple(search.hits)
    return Looked(question, question, scope, weighed, hits, evidence, strength, seconds)


def _passages_of(library: Library, question: str) -> overview.PassagesOf:
    return lambda article, vector: without_orders(question, library.passages_of(article, vector))


def _budget(settings: Settings, speed: float) -> int:
    """Tokens of evidence: fewer than the setting on a machine that would read too long."""
    most = settings.evidence_tokens
    if not speed:
        return most
    return max(min(most, round(speed * settings.evidence_seconds)), min(most, _LEAST_BUDGET))
