"""How days and times are written, in English or German, and which days they cover."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)

Days = tuple[date, date]  # the first and the last


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it; None leaves that side open."""

    since: date | None
    until: date | None


def _numbered(table: str) -> dict[str, int]:
    lines = enumerate(table.split(), start=1)
    return {word.replace("_", " "): number for number, words in lines for word in words.split("/")}


def any_of(words: dict[str, int]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


NUMBERS = _numbered(
    """a/an/one/ein/eine/einem/einer two/couple_of/a_couple_of/zwei three/drei four/vier
    five/few/a_few/fünf/paar/ein_paar six/sechs seven/several/sieben/einigen eight/acht nine/neun
    ten/zehn eleven/elf twelve/zwölf"""
)
MONTHS = _numbered(
    """january/jan/januar february/feb/februar march/mar/märz april/apr may/mai june/jun/juni
    july/jul/juli august/aug september/sep/sept october/oct/oktober/okt november/nov
    december/dec/dezember/dez"""
)
WEEKDAYS = _numbered(
    """monday/montag tuesday/dienstag wednesday/mittwoch thursday/donnerstag friday/freitag
    saturday/samstag/sonnabend sunday/sonntag"""
)
UNITS = _numbered("hour/stunde day/tag week/woche month/monat year/jahr")

NUMBER = rf"(?P<n>\d{{1,4}}|{any_of(NUMBERS)})"
NOT_OF = r"(?!\s+(?:of|before|des|der|vor|tonight|in\s+[12]\d{3})\b)"  # the last week of the war
NOT_THAT = r"(?!\s+(?:that|when|he|she|it|they|in\s+which|at|on)\b)"
ONE = rf"(?P<unit>week|month|year|woche|monat|jahr)(?:(?<=t)s|(?<=hr)es)?\b{NOT_OF}"
MANY = rf"(?P<unit>{any_of(UNITS)})(?:s|en|e|n)?\b{NOT_OF}"
LAST = r"(?:last|letzte[mnrs]?|vergangene[mnrs]?|vorige[mnrs]?)"
NO_DATE = rf"(?!,?\s*(?:the\s+)?\d|,?\s+(?:{any_of(MONTHS)})\b)"
YEAR = r"[12]\d{3}"
DATE = (
    rf"(?:{YEAR}-\d\d(?:-\d\d)?|\d{{1,2}}\.\s?\d{{1,2}}\.\s?{YEAR}|{YEAR}s?"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\s+of)?\s+)?(?:{any_of(MONTHS)})\b\.?"
    rf"(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+{YEAR})?|{any_of(WEEKDAYS)})(?!\w)"
)


def form_of(pattern: str) -> re.Pattern[str]:
    """A pattern that stands by itself in a text, in small or large letters."""
    return re.compile(rf"(?<![\w.,-])(?:{pattern})(?!\w)", re.IGNORECASE)


def calendar(day: date, unit: int) -> Days:
    """The day, the week from Monday on, the month or the year that a day is in."""
    if unit <= UNITS["day"]:
        return day, day
    if unit == UNITS["week"]:
        monday = day - day.weekday() * DAY
        return monday, monday + 6 * DAY
    first, last = (day.month, day.month) if unit == UNITS["month"] else (1, 12)
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def back(today: date, number: int, unit: int) -> date:
    """The day so many hours, days, weeks, months or years before another."""
    if unit < UNITS["month"]:
        hours = number * (1, 24, 7 * 24)[unit - 1]
        return today - -(-hours // 24) * DAY
    months = number if unit == UNITS["month"] else 12 * number
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(today.day, monthrange(year, month + 1)[1]))


def days_of(text: str, today: date) -> Days:
    """What a date covers; without a year it is the last there was. Raises ValueError."""
    words = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    if words[0] in WEEKDAYS:
        day = today - ((today.weekday() + 1 - WEEKDAYS[words[0]]) % 7 or 7) * DAY
        return day, day
    numbers = [int(word) for word in words if word.isdecimal()]
    year = next((number for number in numbers if number > 31), None)
    parts = [number for number in numbers if number != year]
    if len(parts) == 2 and numbers[-1] == year:  # 31.1.2026
        parts.reverse()
    month = next((MONTHS[word] for word in words if word in MONTHS), None)
    if month is None and not parts:
        decade = 9 if text[-1:] in "sS" else 0
        return date(numbers[0], 1, 1), date(numbers[0] + decade, 12, 31)
    month = month or parts.pop(0)
    first = date(year or today.year, month, parts[0] if parts else 1)
    if year is None and first > today:
        first = first.replace(year=today.year - 1)
    return calendar(first, UNITS["day" if parts else "month"])


def bounded(days: Days, word: str) -> Period:
    """The period that days make after a word such as “since” or “until”."""
    first, last = days
    if word in ("since", "seit", "ab"):
        return Period(first, None)
    if word in ("after", "nach"):
        return Period(last + DAY, None)
    if word in ("before", "vor"):
        return Period(None, first - DAY)
    if word in ("until", "till", "through", "bis") or word.startswith("up"):
        return Period(None, last)
    return Period(first, last)
