"""Dates as articles write them: in digits, or in English, German, French or Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_LISTS = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber mär apr mai jun jul aug sept okt nov dez",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sept oct nov dic",
)
_MONTHS = {name: number for names in _LISTS for number, name in enumerate(names.split(), start=1)}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_YEAR = r"(?P<year>[12]\d{3})\b"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)",
        rf"\b{_DAY}(?:\s+(?:of|de)\s+|[\s-]+){_MONTH}(?:\s+(?:de|del)\s+|[\s,-]*){_YEAR}",
        rf"\b{_MONTH}\s*{_DAY},?\s+{_YEAR}",
        rf"\b(?P<day>\d{{1,2}})(?P<mark>[./-])(?P<month>\d{{1,2}})(?P=mark){_YEAR}",
    )
]
_CLOCK = re.compile(
    r"\b(?:T|(?:at|um|à|a las)\s+)?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\.\d+)?"
    r"\s*(?:[ap]\.?m\.?|(?:uhr|hrs?|h)\b)?"
    r"(?:\s*(?:Z|UTC|GMT|[A-Z]{1,2}[SD]?T)\b)?(?:\s*[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\b(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens"
    r"|donners|frei|sams|sonn)tag|mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    re.I,
)


def parse(text: str) -> date | None:
    """The first whole date in `text`; None without one, or where day and month may be swapped."""
    return next((found for _, found in find(text)), None)


def find(text: str, day_first: bool = False) -> list[tuple[int, date]]:
    """All whole dates in `text` with the place where each begins.

    `day_first` tells how to read dates such as 03/04/2025, which are passed over without it.
    """
    return sorted((match.start(), found) for match, found in _matches(text, day_first))


def cut(text: str, day_first: bool = False) -> str:
    """`text` without its dates and, where it has any, without clock times and weekdays."""
    spans = [match.span() for match, _ in _matches(text, day_first)]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return _WEEKDAY.sub(" ", _CLOCK.sub(" ", text)) if spans else text


def _matches(text: str, day_first: bool) -> Iterator[tuple[re.Match[str], date]]:
    if not re.search(r"\d{4}", text):
        return
    for form in _FORMS:
        for match in form.finditer(text):
            if found := _date(match, day_first):
                yield match, found


def _date(match: re.Match[str], day_first: bool) -> date | None:
    month, day = match["month"].casefold(), int(match["day"])
    number = _MONTHS.get(month) or int(month)
    if match.groupdict().get("mark") == "/" and match.start("year") > match.start("day"):
        if number <= 12 and day <= 12 and number != day and not day_first:
            return None  # 03/04/2025 is March in one country and April in the next
        if number > 12:
            number, day = day, number
    try:
        return date(int(match["year"]), number, day)
    except ValueError:
        return None
