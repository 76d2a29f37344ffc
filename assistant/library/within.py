"""A scope as a condition of SQL on the table `articles`, there named a."""

from __future__ import annotations

import json

from assistant.library.folded import folded
from assistant.library.sql import Condition
from assistant.records import Scope

_SOURCES = """EXISTS (
    SELECT 1 FROM sources s, json_each(?) wanted WHERE s.article_id = a.id
    AND instr(folded(s.source || ' ' || coalesce(a.site, '')), wanted.value) > 0
)"""
_TAGS = """EXISTS (
    SELECT 1 FROM json_each(a.tags) tag, json_each(?) wanted WHERE folded(tag.value) = wanted.value
)"""


def condition(scope: Scope) -> Condition:
    parts: list[str] = []
    values: list[str] = []
    for text, wanted in (
        ("a.id IN (SELECT value FROM json_each(?))", scope.articles),
        (_TAGS, tuple(map(folded, scope.tags))),
        (_SOURCES, tuple(map(folded, scope.sources))),
    ):
        if wanted:
            parts.append(text)
            values.append(json.dumps(wanted, ensure_ascii=False))
    for sign, day in ((">=", scope.since), ("<=", scope.until)):
        if day is not None:
            parts.append(f"a.published {sign} ?")
            values.append(day.isoformat())
    return " AND ".join(parts) or "TRUE", values
