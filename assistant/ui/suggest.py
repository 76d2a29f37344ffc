"""First questions that the articles themselves suggest, made without any model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from assistant.records import ArticleInfo
from assistant.ui.words import Words

MOST = 4
_LONGEST = 90  # characters of a title that still reads well in a question


def questions(articles: Sequence[ArticleInfo], say: Words) -> list[str]:
    """Up to four, each about other articles and of another kind; all ask for an overview, which
    any article can give. `articles`: newest first.
    """
    titled = [info for info in articles if 0 < len(info.title) <= _LONGEST]
    made: list[str] = []
    if pair := _related(titled):
        first, second = pair
        made.append(say("Compare “{first}” and “{second}”", first=first.title, second=second.title))
        titled = [info for info in titled if info not in pair]
    kinds = ("Summarise “{title}”", "What are the main points of “{title}”?")
    made = [say(kind, title=info.title) for kind, info in zip(kinds, titled, strict=False)] + made
    return made[:MOST]


def _related(articles: Sequence[ArticleInfo]) -> tuple[ArticleInfo, ArticleInfo] | None:
    """Two articles under one tag, the newest there are."""
    for first, second in combinations(articles[:40], 2):
        if {tag.casefold() for tag in first.tags} & {tag.casefold() for tag in second.tags}:
            return first, second
    return None
