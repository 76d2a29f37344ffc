"""What a person says of an article: it goes before what the source tells, also later on.

These functions run inside a transaction of the catalog's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from types import EllipsisType
from typing import Any, TypeVar

from assistant.errors import UsageError
from assistant.library.sql import Connection, put
from assistant.records import ArticleInfo

_Some = TypeVar("_Some", bound=ArticleInfo)

Fields = dict[str, Any]
"""Names of ArticleInfo's fields with their new values."""


def wanted(
    title: str | None,
    authors: Sequence[str] | None,
    published: date | EllipsisType | None,
    tags: Sequence[str] | None,
) -> Fields:
    """What is to be changed, tidied. Raises UsageError for an empty title."""
    fields: Fields = {}
    if title is not None:
        fields["title"] = " ".join(title.split())
        if not fields["title"]:
            raise UsageError("the title is empty; write one")
    if published is not ...:
        fields["published"] = published
    for name, values in (("authors", authors), ("tags", tags)):
        if values is not None:
            fields[name] = _tidy(values)
    return fields


def differing(before: ArticleInfo, fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if getattr(before, name) != value}


def overlaid(db: Connection, article: _Some, article_id: str) -> _Some:
    """What was read of the article, with what a person put in the place of some of it."""
    row = db.execute("SELECT fields FROM edits WHERE article_id = ?", (article_id,)).fetchone()
    return replace(article, **_from_json(json.loads(row["fields"]))) if row else article


def carry_out(db: Connection, article_id: str, fields: Fields) -> None:
    """Write the fields into the article, and keep them for when it is read again."""
    written = _as_json(fields)
    row = db.execute("SELECT fields FROM edits WHERE article_id = ?", (article_id,)).fetchone()
    kept = json.loads(row["fields"]) if row else {}
    both = json.dumps({**kept, **written})
    put(db, "edits", "article_id", {"article_id": article_id, "fields": both})
    for name, value in written.items():
        column = json.dumps(value) if isinstance(value, list) else value
        db.execute(f"UPDATE articles SET {name} = ? WHERE id = ?", (column, article_id))


def _tidy(values: Iterable[str]) -> tuple[str, ...]:
    """On one line each, none empty or twice (in any case)."""
    kept: dict[str, str] = {}
    for value in values:
        if line := " ".join(value.split()):
            kept.setdefault(line.casefold(), line)
    return tuple(kept.values())


def _as_json(fields: Fields) -> Fields:
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in fields.items()}
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in plain.items()}


def _from_json(written: Fields) -> Fields:
    fields = {name: tuple(v) if isinstance(v, list) else v for name, v in written.items()}
    day = written.get("published")
    return {**fields, "published": date.fromisoformat(day)} if day else fields
