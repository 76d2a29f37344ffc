"""What a question says of the time of publication, in English or German.

A date in a question is mostly that of the event ("Who won the 2018 final?"), and articles on it may
be of any time. So only what is told from today ("last week", "since Monday") or said of articles
("news from May 2023") makes a period. A period that is not seen costs little, one that was not
meant hides the answer: what is in doubt is none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_LONGEST = 5 * 366 * _DAY  # who asks of longer times asks about history
_FEW = 5

_Days = tuple[date, date]  # the first and the last


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it; None leaves that side open."""

    since: date | None
    until: date | None


def period(question: str, today: date) -> Period | None:
    """When the articles that a question asks for were published; None if it does not say."""
    with suppress(OverflowError, ValueError):  # no such day
        return _of_articles(question, today) or _from_today(question, today)
    return None


def newest(question: str) -> bool:
    """Whether a question asks for the latest there is, or how things stand now."""
    return bool(_NEWEST.search(question))


def parse_day(text: str, today: date, *, last: bool = False) -> date:
    """The day that an option names; of a longer time the first or, if asked, the last day.

    Raises ValueError with a message for the person.
    """
    plain = " ".join(text.casefold().split())
    with suppress(OverflowError, ValueError):
        if days := _whole(plain, today):
            return days[last]
    raise ValueError(
        f"{text!r} names no day; write 2026-01-31, 2026-01, 2026, today, yesterday, monday,"
        " last week or 3 days ago"
    )


# --- Words ----------------------------------------------------------------------------------------


def _numbered(table: str) -> dict[str, int]:
    lines = enumerate(table.split(), start=1)
    return {word.replace("_", " "): number for number, words in lines for word in words.split("/")}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMBERS = _numbered(
    """a/an/one/ein/eine/einem/einer two/couple_of/a_couple_of/zwei three/drei four/vier
    five/few/a_few/fünf/paar/ein_paar six/sechs seven/several/sieben/einigen eight/acht nine/neun
    ten/zehn eleven/elf twelve/zwölf"""
)
_MONTHS = _numbered(
    """january/jan/januar february/feb/februar march/mar/märz april/apr may/mai june/jun/juni
    july/jul/juli august/aug september/sep/sept october/oct/oktober/okt november/nov
    december/dec/dezember/dez"""
)
_WEEKDAYS = _numbered(
    """monday/montag tuesday/dienstag wednesday/mittwoch thursday/donnerstag friday/freitag
    saturday/samstag/sonnabend sunday/sonntag"""
)
_UNITS = _numbered("hour/stunde day/tag week/woche month/monat year/jahr")

_N = rf"(?P<n>\d{{1,4}}|{_any(_NUMBERS)})"
_NOT_OF = r"(?!\s+(?:of|before|des|der|vor|tonight|in\s+[12]\d{3})\b)"  # the last week of the war
_NOT_THAT = r"(?!\s+(?:that|when|he|she|it|they|in\s+which|at|on)\b)"
_ONE = rf"(?P<unit>week|month|year|woche|monat|jahr)(?:(?<=t)s|(?<=hr)es)?\b{_NOT_OF}"
_MANY = rf"(?P<unit>{_any(_UNITS)})(?:s|en|e|n)?\b{_NOT_OF}"
_LAST = r"(?:last|letzte[mnrs]?|vergangene[mnrs]?|vorige[mnrs]?)"
_NO_DATE = rf"(?!,?\s*(?:the\s+)?\d|,?\s+(?:{_any(_MONTHS)})\b)"
_Y = r"[12]\d{3}"
_DATE = (
    rf"(?:{_Y}-\d\d(?:-\d\d)?|\d{{1,2}}\.\s?\d{{1,2}}\.\s?{_Y}|{_Y}s?"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\s+of)?\s+)?(?:{_any(_MONTHS)})\b\.?"
    rf"(?:\s+\d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,?\s+{_Y})?|{_any(_WEEKDAYS)})(?!\w)"
)
_ARTICLES = (
    r"(?:\b(?:articles?|news\s+(?:articles?|stories|reports|items)|news|coverage|headlines"
    r"|blog\s+posts|(?:zeitungs)?artikeln?|nachrichten|berichten?|meldungen|beiträgen?"
    r"|berichterstattung)|(?:\A|\b(?:any|all|from|in|of|the|what|which)\s+)reports)\b"
)
_PUBLISHED = (
    r"(?:published|posted|printed|written|reported|dated|appeared|veröffentlicht|erschien(?:en)?"
    r"|geschrieben|berichtet|gemeldet)\b"
)
_SAY = r"(?:say|said|report(?:ed)?|write|wrote|tell|told|berichteten|schrieben|meldeten)"
_WAS = r"(?:\s+(?:that|which|was|were|is|are|has|have|been|die|wurden?|sind|worden)){0,4}"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,-])(?:{pattern})(?!\w)", re.IGNORECASE)


_NEWEST = _form(
    r"(?<!at the )latest(?!\s+possible)|newest|most\s+recent(?:ly)?(?!\s+common)|(?<!more )recently"
    r"|lately|currently"
    r"|(?<!ating )(?<!direct )(?<!electric )(?<!electrical )(?<!ocean )current\s+(?!(?:of|in|to|at"
    r"|through|flow\w*|is|was|and|or|can|from|with|by|passes|account|density)\b)\w+"
    r"|these\s+days|nowadays|right\s+now|at\s+(?:the\s+moment|present)|up[\s-]to[\s-]date"
    r"|neue?ste[mnrs]?|aktuell\w*|zuletzt|derzeit\w*|gegenwärtig\w*|zurzeit|momentan|kürzlich"
    r"|heutzutage|im\s+moment|in\s+letzter\s+zeit"
)


# --- Days -----------------------------------------------------------------------------------------


def _calendar(day: date, unit: int) -> _Days:
    """The day, the week from Monday on, the month or the year that a day is in."""
    if unit <= _UNITS["day"]:
        return day, day
    if unit == _UNITS["week"]:
        monday = day - day.weekday() * _DAY
        return monday, monday + 6 * _DAY
    first, last = (day.month, day.month) if unit == _UNITS["month"] else (1, 12)
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def _back(today: date, number: int, unit: int) -> date:
    if unit < _UNITS["month"]:
        hours = number * (1, 24, 7 * 24)[unit - 1]
        return today - -(-hours // 24) * _DAY
    months = number if unit == _UNITS["month"] else 12 * number
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(today.day, monthrange(year, month + 1)[1]))


def _date(text: str, today: date) -> _Days:
    """What a date covers; without a year it is the last there was. Raises ValueError."""
    words = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    if words[0] in _WEEKDAYS:
        day = today - ((today.weekday() + 1 - _WEEKDAYS[words[0]]) % 7 or 7) * _DAY
        return day, day
    numbers = [int(word) for word in words if word.isdecimal()]
    year = next((number for number in numbers if number > 31), None)
    parts = [number for number in numbers if number != year]
    if len(parts) == 2 and numbers[-1] == year:  # 31.1.2026
        parts.reverse()
    month = next((_MONTHS[word] for word in words if word in _MONTHS), None)
    if month is None and not parts:
        decade = 9 if text[-1:] in "sS" else 0
        return date(numbers[0], 1, 1), date(numbers[0] + decade, 12, 31)
    month = month or parts.pop(0)
    first = date(year or today.year, month, parts[0] if parts else 1)
    if year is None and first > today:
        first = first.replace(year=today.year - 1)
    return _calendar(first, _UNITS["day" if parts else "month"])


def _bounded(days: _Days, word: str) -> Period:
    first, last = days
    if word in ("since", "seit", "ab"):
        return Period(first, None)
    if word in ("after", "nach"):
        return Period(last + _DAY, None)
    if word in ("before", "vor"):
        return Period(None, first - _DAY)
    if word in ("until", "till", "through", "bis") or word.startswith("up"):
        return Period(None, last)
    return Period(first, last)


# --- Said of articles -----------------------------------------------------------------------------

_TIME = (
    rf"(?:(?:between|from|zwischen|von)\s+(?P<a>{_DATE})\s+(?:and|to|until|till|und|bis)\s+"
    rf"(?P<b>{_DATE})|(?:(?P<word>since|after|before|until|till|up\s+to|through|in|from|during|on"
    r"|seit|ab|nach|vor|bis|im|aus|von|vom|am)\s+(?:(?:the|den|dem|der|early|late|anfang|ende|year"
    rf"|jahre?n?|month\s+of|monat)\s+)*)?(?P<date>{_DATE})(?:\s+(?P<on>on(?:wards?)?)\b)?)"
)
# What follows a time that is no part of a name, as in "news from the 2018 final".
_THEN = (
    r"(?=\s*(?:\Z|[?.!,;:)])|\s+(?:about|on|of|say|said|that|which|who|mention|describe|discuss"
    r"|cover|tell|and|or|is|are|was|were|do|did|does|have|has|über|zu[mr]?|sagen|berichten|handeln"
    rf"|gibt|worden|{_PUBLISHED})\b)"
)
_OF_ARTICLES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ARTICLES}(?!\s+on\b)(?:(?<!article){_WAS}\s+{_PUBLISHED}|\s+{_SAY})?\s+{_TIME}{_THEN}",
        rf"\b(?:what|anything|something|everything){_WAS}\s+(?:published|reported"
        rf"|veröffentlicht|berichtet|gemeldet)(?:\s+worden)?\s+{_TIME}{_THEN}",
        rf"\b(?:was|{_ARTICLES})\s+(?:wurden?|ist|sind)\s+{_TIME}"
        rf"(?=\s+(?:über\s[^?]{{1,80}}\s)?{_PUBLISHED})",
        rf"\A{_TIME},?\s+(?:what|which)\s+(?:was\s+reported\b|(?:did\s+(?:the\s+)?)?{_ARTICLES})",
        r"(?:\A|\b(?:the|any|all|which|what|do|are|me|my|these|those|and|from|die|welche)\s+)"
        rf"(?P<word>)(?P<date>{_DATE})\s+{_ARTICLES}",
    )
]


def _of_articles(question: str, today: date) -> Period | None:
    for form in _OF_ARTICLES:
        for match in form.finditer(question):
            found = match.groupdict()
            if _is_name(question, match):
                continue
            if found.get("a"):
                return _between(found["a"], found["b"], today)
            if found["word"] or found["date"][0].isdigit() or form is _OF_ARTICLES[-1]:
                word = "since" if found.get("on") else (found["word"] or "").casefold()
                return _bounded(_date(found["date"], today), word)
    return None


def _between(one: str, other: str, today: date) -> Period | None:
    year = re.search(_Y, other)
    if year and not re.search(_Y, one):  # from March to May 2023
        one = f"{one} {year[0]}"
    first, last = _date(one, today)[0], _date(other, today)[1]
    return Period(first, last) if first <= last else None


_NOUNS = re.compile(
    rf"(?:(?:zeitungs)?artikel|nachricht|bericht|meldung|beitr|{_any(_MONTHS)}|{_any(_WEEKDAYS)})",
    re.IGNORECASE,
)


def _is_name(question: str, match: re.Match[str]) -> bool:
    """Whether capitals show it to be one: "ABC News since 1978", the song Yesterday."""
    before, found = question[: match.start()].rstrip(), match[0].lstrip()
    capital = found[0].isupper() and found[1:2].islower() and not _NOUNS.match(found)
    inside = before != "" and before[-1] not in ".?!:;("
    return (capital and inside) or bool(re.search(r"\b(?:Week|Month|Year|Night|Day)s?\b", found))


# --- Told from today ------------------------------------------------------------------------------


def _one(match: re.Match[str], today: date) -> _Days:
    """The calendar's day, week, … so many of them back."""
    return _calendar(_back(today, *_count(match)), _count(match)[1])


def _up_to_today(match: re.Match[str], today: date) -> _Days:
    return _back(today, *_count(match)), today


def _count(match: re.Match[str]) -> tuple[int, int]:
    groups = match.groupdict()
    n = (groups.get("n") or "one").casefold()
    return int(n) if n.isdecimal() else _NUMBERS[n], _UNITS[groups["unit"].casefold()]


def _now(match: re.Match[str], today: date) -> _Days:
    return _calendar(today, _UNITS[match["unit"].casefold()])


def _few(match: re.Match[str], today: date) -> _Days:
    return _back(today, _FEW, _UNITS[match["unit"].casefold()]), today


def _named(match: re.Match[str], today: date) -> _Days:
    """A weekday, or a month that is not the one that is running."""
    name = match["name"].casefold()
    return _date(name, today if name in _WEEKDAYS else today.replace(day=1) - _DAY)


def _days_ago(number: int) -> Callable[[re.Match[str], date], _Days]:
    return lambda match, today: (today - number * _DAY, today - number * _DAY)


def _news_of(match: re.Match[str], today: date) -> _Days:
    name = match["day"].casefold().split()[-1]
    return _date(name, today) if name in _WEEKDAYS else (today, today)


_SHORT = r"(?P<unit>day|week|month|tag|woche|monat)(?:s|en|e|n)?\b"
_THE = r"(?:(?:the|den|der|die)\s+)?"
# "today" mostly means nowadays, and "on Monday" every Monday: they count only with these.
_TODAY = rf"(?P<day>today|heute|(?:on|am)\s+(?:{_any(_WEEKDAYS)}){_NO_DATE})"
_FROM_TODAY = [
    (_form(pattern), days)
    for pattern, days in (
        (r"(?:the\s+)?day\s+before\s+yesterday|vorgestern", _days_ago(2)),
        (r"yesterday|last\s+night|gestern", _days_ago(1)),
        (r"this\s+(?:morning|afternoon|evening)|tonight", _days_ago(0)),
        (rf"(?:this|diese[mnrs]?)\s+{_ONE}", _now),
        (rf"(?<!the\s){_LAST}\s+{_ONE}", _one),
        (rf"(?:(?:the\s+)?past|the\s+last)\s+{_ONE}{_NOT_THAT}", _up_to_today),
        (rf"{_THE}(?:last|past|letzten|vergangenen)\s+{_N}\s+{_MANY}{_NOT_THAT}", _up_to_today),
        (rf"seit\s+{_N}\s+{_SHORT}", _up_to_today),
        (
            r"(?:the\s+past|(?:den|der|die)\s+(?:letzten|vergangenen))\s+"
            rf"(?P<unit>day|week|tag|woche)(?:s|en|e|n)\b{_NOT_OF}",
            _few,
        ),
        (rf"(?<!than\s)(?<!over\s){_N}\s+{_SHORT}\s+ago", _one),
        (rf"(?<!als\s)vor\s+{_N}\s+{_SHORT}", _one),
        (rf"{_LAST}\s+(?P<name>{_any(_WEEKDAYS | _MONTHS)})\b{_NO_DATE}{_NOT_OF}", _named),
        (
            rf"(?:{_ARTICLES}{_WAS}(?:\s+{_PUBLISHED})?(?:\s+(?:from|of|von))?|happened|reported"
            r"|published|say|said|announced?|resign(?:ed)?|released?|died?|won|what(?:['’]s|\s+is)"
            rf"\s+new|what\s+happened\s+(?:in|at)\s+(?:\w+\s+){{1,2}}\w+)\s+{_TODAY}",
            _news_of,
        ),
        (
            rf"{_TODAY}\s+(?:\w+\s+)?(?:passiert|geschehen|neues|los|angekündigt|{_PUBLISHED})",
            _news_of,
        ),
        (rf"(?P<day>today)['’]s\s+{_ARTICLES}", _news_of),
    )
]
_SINCE = _form(
    r"(?:since|seit)\s+(?:(?:early|late|anfang|ende|mitte)\s+)?"
    rf"(?P<date>{_DATE})(?!\s+of\b|['’]s){_NO_DATE}"
)
_WORD_BEFORE = re.compile(
    r"\b(since|after|before|until|till|seit|nach|vor|bis)\s+(?:(?:the|der|dem|zum)\s+)?\Z", re.I
)
_OWNER_BEFORE = re.compile(  # "his last year", "since May of last year"
    r"(?:\b(?:his|her|its|their|my|our|your|whose|seine\w?|ihre\w?)|(?<!what)(?<!who)['’]s"
    rf"|\b(?:{_any(_MONTHS)})(?:\s+of)?)\s+\Z",
    re.IGNORECASE,
)
_EVENT_AFTER = re.compile(rf"['’]s\b(?!\s+(?:\w+\s+)?{_ARTICLES})", re.IGNORECASE)


def _from_today(question: str, today: date) -> Period | None:
    for match in _SINCE.finditer(question):
        if not re.search(_Y, match["date"]) and not _is_name(question, match):
            return Period(_date(match["date"], today)[0], None)
    for form, days in _FROM_TODAY:
        for match in form.finditer(question):
            near = max(0, match.start() - 40)
            if _is_name(question, match) or _OWNER_BEFORE.search(question, near, match.start()):
                continue
            found = days(match, today)
            if today - found[0] <= _LONGEST:
                return _bounded(found, _word(question, match))
    return None


def _word(question: str, match: re.Match[str]) -> str:
    """What stands before a time; of last week's storm articles may tell at any time since."""
    before = _WORD_BEFORE.search(question, max(0, match.start() - 40), match.start())
    word = before[1].casefold() if before else ""
    if _EVENT_AFTER.match(question, match.end()):
        return {"before": "until", "vor": "bis", "until": "until"}.get(word, "since")
    return word


def _whole(text: str, today: date) -> _Days | None:
    if re.fullmatch(_DATE, text):
        return _date(text, today)
    if text in ("today", "heute"):
        return today, today
    if match := re.fullmatch(rf"(?P<vor>vor\s+)?{_N}\s+{_MANY}(?(vor)|\s+ago)", text):
        day = _back(today, *_count(match))
        return day, day
    found = ((form.fullmatch(text), days) for form, days in _FROM_TODAY)
    return next((days(match, today) for match, days in found if match), None)
