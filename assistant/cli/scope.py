"""The options that limit a question or a list to some of the articles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from assistant.errors import UsageError
from assistant.records import Article, Scope

if TYPE_CHECKING:
    from assistant.api.client import Page
    from assistant.app import App


def scoped(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options, and the Scope that they make as its argument `scope`."""

    @click.option("--since", metavar="DAY", help="Only articles published on this day or later.")
    @click.option("--until", metavar="DAY", help="Only articles published on this day or before.")
    @click.option("--tag", "tags", multiple=True, help="Only articles with this tag; repeatable.")
    @click.option(
        "--source", "sources", multiple=True, help="Only articles from this site, file or folder."
    )
    @click.option("--article", "articles", metavar="ID", multiple=True, help="Only this article.")
    @wraps(command)
    def with_scope(**options: Any) -> int:
        named = {name: options.pop(name) for name in ("tags", "sources", "articles")}
        since, until = options.pop("since"), options.pop("until")
        scope = Scope(**named, since=_day(since), until=_day(until, last=True))
        return command(**options, scope=scope)

    return with_scope


def _day(text: str | None, last: bool = False) -> date | None:
    if text is None:
        return None
    from assistant.answering import when

    try:
        return when.parse_day(text, date.today(), last=last)
    except ValueError as error:
        raise UsageError(str(error)) from error


def known(app: App | Page, scope: Scope) -> Scope:
    """The scope with whole ids. Raises UsageError for one that no single article has."""
    return replace(scope, articles=tuple(article(app, each).id for each in scope.articles))


def article(app: App | Page, id_: str) -> Article:
    """The article with this id or beginning of one. Raises UsageError where there is none."""
    found: Article | None = app.library.get(id_)
    if found is None:
        raise UsageError(f"no single article has an id beginning with “{id_}”; see: assistant list")
    return found
