"""question → what the articles hold for it: passages, evidence, and how likely that is enough."""

from __future__ import annotations

import time
from dataclasses import dataclass

from assistant.answering import evidence as choosing
from assistant.answering import overview
from assistant.config import Settings
from assistant.library.library import Library
from assistant.records import Evidence, Hit

_LEAST_BUDGET = 150  # tokens: three or four sentences
_PASSAGES_FOR_OVERVIEW = 12  # among which the articles in question are found


@dataclass(frozen=True)
class Looked:
    """What the articles hold for a question; `seconds` is the time that took."""

    asked: str
    question: choosing.Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    strength: float
    seconds: float


def look(library: Library, settings: Settings, question: str, speed: float = 0.0) -> Looked:
    """Search, and choose what the model would be shown; takes no language model.

    `speed` is how many tokens the model reads a second, 0 where that is not known.
    """
    begun = time.monotonic()
    budget = _budget(settings, speed)
    several = choosing.is_overview(question)
    wanted = max(_PASSAGES_FOR_OVERVIEW if several else 0, settings.passages)
    search = library.search(question, wanted, settings.candidates)
    passages = library.counts().passages
    weighed = choosing.weigh(question, search.vector, passages, library.passages_with)
    if several:
        some = round(overview.SHARE * budget)
        evidence = overview.gather(weighed, search.hits, library.passages_of, some)
    else:
        evidence = choosing.choose(weighed, search.hits, budget)
    strength = choosing.strength(weighed, search.hits)
    seconds = time.monotonic() - begun
    return Looked(question, weighed, tuple(search.hits), evidence, strength, seconds)


def _budget(settings: Settings, speed: float) -> int:
    """Tokens of evidence: fewer than the setting on a machine that would read too long."""
    most = settings.evidence_tokens
    if not speed:
        return most
    return max(min(most, round(speed * settings.evidence_seconds)), min(most, _LEAST_BUDGET))
