"""What is looked in: how a scope is read from the page, shown, and told in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from html import escape
from typing import Any

from assistant.records import EVERYTHING, ArticleInfo, Scope
from assistant.ui import paper
from assistant.ui.words import Words

TAGS = 24  # the most frequent ones are offered
MATCHES = 8  # articles that a search for them lists
_MOST = 200  # articles or tags that one scope can name
_LONGEST = 300  # characters of each

Title = Callable[[str], str]
"""The title of the article with this id; empty where there is none."""


def read(given: Any) -> Scope:
    """The scope that the page sent; what is none of one is left out."""
    if not isinstance(given, Mapping):
        return EVERYTHING
    since, until = _day(given.get("since")), _day(given.get("until"))
    if since and until and since > until:
        since, until = until, since
    return Scope(
        articles=_texts(given.get("articles")),
        tags=_texts(given.get("tags")),
        sources=_texts(given.get("sources")),
        since=since,
        until=until,
    )


def _texts(given: Any) -> tuple[str, ...]:
    texts = given if isinstance(given, list) else []
    kept = [each for each in texts if isinstance(each, str) and 0 < len(each) <= _LONGEST]
    return tuple(dict.fromkeys(kept))[:_MOST]


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(given) if isinstance(given, str) and given else None
    except ValueError:
        return None


def told(scope: Scope, say: Words, title: Title) -> str:
    """A scope in words: “articles since 1 May 2026, tagged “ports”” (not escaped)."""
    return ", ".join(text for text, _ in _parts(scope, say, title)) if scope != EVERYTHING else ""


def _parts(scope: Scope, say: Words, title: Title) -> list[tuple[str, Scope]]:
    """Each condition in words, with the scope that remains without it."""
    parts = [
        (
            say("“{title}”", title=title(id) or say("an article that is gone")),
            replace(scope, articles=tuple(each for each in scope.articles if each != id)),
        )
        for id in scope.articles
    ]
    for tag in scope.tags:
        left = tuple(each for each in scope.tags if each != tag)
        parts.append((say("tagged “{tag}”", tag=tag), replace(scope, tags=left)))
    for source in scope.sources:
        left = tuple(each for each in scope.sources if each != source)
        parts.append((say("from “{source}”", source=source), replace(scope, sources=left)))
    if scope.since or scope.until:
        parts.append((_period(scope, say), replace(scope, since=None, until=None)))
    return parts


def _period(scope: Scope, say: Words) -> str:
    since = paper.day(scope.since, say) if scope.since else ""
    until = paper.day(scope.until, say) if scope.until else ""
    if since and until:
        return say("from {since} to {until}", since=since, until=until)
    return say("since {since}", since=since) if since else say("until {until}", until=until)


def chips(scope: Scope, say: Words, title: Title) -> str:
    """The row at the composer: each condition with a button that lifts it."""
    now = escape(json.dumps(scope.as_json()))
    if scope == EVERYTHING:
        anywhere = f'<button type="button" class="where">{say("Looking in all articles")}</button>'
        return f'<div class="limits all" data-scope="{now}">{anywhere}</div>'
    shown = "".join(
        f'<span class="chip on"><bdi>{escape(text)}</bdi><button type="button"'
        f' aria-label="{escape(say("Do not limit to this: {what}", what=text))}"'
        f' data-scope="{escape(json.dumps(left.as_json()))}">×</button></span>'
        for text, left in _parts(scope, say, title)
    )
    everything = escape(json.dumps(EVERYTHING.as_json()))
    return (
        f'<div class="limits" data-scope="{now}"><button type="button" class="where">'
        f"{say('Looking in')}</button>{shown}"
        f'<button type="button" class="plain" data-scope="{everything}">'
        f"{say('All articles')}</button></div>"
    )


def editor(tags: list[tuple[str, int]], say: Words, today: date) -> str:
    """The part of the rail that sets the scope; rail.js shows which of it holds."""
    month, week = today - timedelta(days=30), today - timedelta(days=7)
    quick = "".join(
        f'<button type="button" class="chip" aria-pressed="false" data-since="{day}">{text}'
        "</button>"
        for text, day in (
            (say("Last week"), week),
            (say("Last month"), month),
            (say("This year"), today.replace(month=1, day=1)),
        )
    )
    everything = (
        '<button type="button" class="chip" aria-pressed="false" data-everything>'
        f"{say('All articles')}</button>"
    )
    return (
        f'<h2 id="look-in">{say("Look in")}</h2>'
        f'<div class="chips" role="group" aria-labelledby="look-in">{everything}{quick}'
        '<button type="button" class="chip" aria-expanded="false" aria-controls="choose"'
        f" data-choose>{say('Choose…')}</button></div>"
        f'<div id="choose">{_tags(tags, say)}{_days(say)}{_search(say)}</div>'
    )


def _search(say: Words) -> str:
    label = say("Find an article by its title")
    return (
        f'<input type="search" id="seek" autocomplete="off" aria-label="{label}"'
        f' placeholder="{label}">'
    )


def _tags(tags: list[tuple[str, int]], say: Words) -> str:
    shown = "".join(
        f'<button type="button" class="chip" aria-pressed="false" data-tag="{escape(tag)}">'
        f"<bdi>{escape(tag)}</bdi> <small>{count}</small></button>"
        for tag, count in tags[:TAGS]
    )
    if not shown:
        return ""
    return f'<div class="chips" role="group" aria-label="{say("Tags")}">{shown}</div>'


def _days(say: Words) -> str:
    return "".join(
        f'<label class="day">{text}<input type="date" data-day="{name}"></label>'
        for name, text in (("since", say("From")), ("until", say("Until")))
    )


def matches(articles: Iterable[ArticleInfo], text: str, say: Words) -> str:
    """The articles whose titles hold every word of `text`, to choose from."""
    words = text.casefold().split()
    if not words:
        return ""
    found = [a for a in articles if all(word in a.title.casefold() for word in words)]
    if not found:
        return f'<p class="empty">{say("No title holds these words.")}</p>'
    rows = "".join(
        f'<li><button type="button" data-choose-article="{escape(info.id)}">'
        f"{paper.byline(info, say)}</button></li>"
        for info in found[:MATCHES]
    )
    left = len(found) - MATCHES
    more = say.count(left, "and {n} more: type more of it", "and {n} more: type more of it")
    return f"<ul>{rows}</ul>" + (f'<p class="empty">{more}</p>' if left > 0 else "")
