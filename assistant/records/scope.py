"""Which articles a search looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

_LISTS, _DAYS = ("articles", "tags", "sources"), ("since", "until")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a search looks at: those that meet every condition given.

    `articles` are ids. An article needs one of `tags` (in any case), and one of `sources` in what
    it was read from or in the name of its site. `since` and `until` are days of publication, both
    included; an article without a date lies outside of any period.
    """

    articles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            **{key: list(getattr(self, key)) for key in _LISTS},
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Scope:
        """The scope that `as_json` gave."""
        lists = {key: tuple(values[key]) for key in _LISTS}
        days = {key: values[key] and date.fromisoformat(values[key]) for key in _DAYS}
        made: dict[str, Any] = {**lists, **days}
        return cls(**made)


EVERYTHING = Scope()
