"""Dates as articles write them, in English or in digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTHS = {name[:3]: number for number, name in enumerate(_NAMES, start=1)}
_MONTH = rf"(?P<month>{'|'.join(_NAMES)}|{'|'.join(_MONTHS)}|sept)\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})\b"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)",
        rf"\b{_DAY}(?:\s+of\s+|[\s-]+){_MONTH}[\s,-]*{_YEAR}",
        rf"\b{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"\b(?P<day>\d{{1,2}})(?P<mark>[./-])(?P<month>\d{{1,2}})(?P=mark){_YEAR}",
    )
]
_CLOCK = re.compile(
    r"\b(?:T|at\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?"
    r"(?:\s*(?:Z|UTC|GMT|[A-Z]{1,2}[SD]?T)\b)?(?:\s*[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", re.I
)


def parse(text: str) -> date | None:
    """The first whole date in `text`; None without one, or where day and month may be swapped."""
    return next((found for _, found in find(text)), None)


def find(text: str) -> list[tuple[int, date]]:
    """All whole dates in `text` with the place where each begins."""
    return sorted((match.start(), found) for match, found in _matches(text))


def cut(text: str) -> str:
    """`text` without its dates and, where it has any, without clock times and weekdays."""
    spans = [match.span() for match, _ in _matches(text)]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return _WEEKDAY.sub(" ", _CLOCK.sub(" ", text)) if spans else text


def _matches(text: str) -> Iterator[tuple[re.Match[str], date]]:
    if not re.search(r"\d{4}", text):
        return
    for form in _FORMS:
        for match in form.finditer(text):
            if found := _date(match):
                yield match, found


def _date(match: re.Match[str]) -> date | None:
    month, day = match["month"].casefold(), int(match["day"])
    number = _MONTHS.get(month[:3]) or int(month)
    if match.groupdict().get("mark") == "/" and match.start("year") > match.start("day"):
        if number <= 12 and day <= 12 and number != day:
            return None  # 03/04/2025 is March in one country and April in the next
        if number > 12:
            number, day = day, number
    try:
        return date(int(match["year"]), number, day)
    except ValueError:
        return None
