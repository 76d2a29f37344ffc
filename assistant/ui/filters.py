"""What the list of the articles can be narrowed by, as form fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from assistant.ui.parts import clipped, isolated, number
from assistant.ui.table import FILES, PASTED, UPLOADS, Choice, Line
from assistant.ui.words import Words

TAGS = 8  # offered as filters: the most frequent ones
PLACES = 60

_NAMES = {FILES: "Files", UPLOADS: "Uploaded files", PASTED: "Pasted texts"}
_ORDERS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "added": "Last added first",
    "title": "By title",
}


def filters(
    lines: Sequence[Line], tags: Sequence[tuple[str, int]], choice: Choice, say: Words
) -> str:
    """Order, place, days and tags to choose from, as they are chosen now."""
    if not lines:
        return ""
    places = Counter(line.place for line in lines).most_common(PLACES)
    options = [("", say("All sources")), *((key, _named(key, n, say)) for key, n in places)]
    orders = [(key, say(name)) for key, name in _ORDERS.items()]
    return (
        f'<form class="filters"><div class="line">'
        f"{_select('order', say('Order'), orders, choice.order)}"
        f"{_select('place', say('Source'), options, choice.place)}"
        f'<span class="days">{_date("since", say("From"), choice.since)}'
        f"{_date('until', say('until'), choice.until)}</span>"
        f"</div>{_chips(tags, choice.tag, say)}</form>"
    )


def _named(place: str, count: int, say: Words) -> str:
    name = say(_NAMES[place]) if place in _NAMES else isolated(clipped(place, 40))
    return f"{name} ({number(count, say)})"


def _select(name: str, label: str, options: Iterable[tuple[str, str]], now: str) -> str:
    inside = "".join(
        f'<option value="{escape(key)}"{" selected" if key == now else ""}>{escape(text)}</option>'
        for key, text in options
    )
    return f'<select name="{name}" aria-label="{escape(label)}">{inside}</select>'


def _date(name: str, label: str, now: date | None) -> str:
    value = now.isoformat() if now else ""
    return (
        f'<label class="day"><span>{escape(label)}</span>'
        f'<input type="date" name="{name}" value="{value}"></label>'
    )


def _chips(tags: Sequence[tuple[str, int]], now: str, say: Words) -> str:
    if not tags:
        return ""
    offered = dict(tags[:TAGS])
    if now and now not in offered:
        offered[now] = dict(tags).get(now, 0)
    chips = [_chip("", say("All tags"), not now)]
    chips += [_chip(tag, clipped(tag, 32), tag == now) for tag in offered]
    label = escape(say("Tag"))
    return f'<div class="tag-chips" role="radiogroup" aria-label="{label}">{"".join(chips)}</div>'


def _chip(tag: str, shown: str, on: bool) -> str:
    checked = " checked" if on else ""
    return (
        f'<label class="tag-chip"><input type="radio" name="tag" value="{escape(tag)}"{checked}>'
        f"<bdi>{escape(shown)}</bdi></label>"
    )
