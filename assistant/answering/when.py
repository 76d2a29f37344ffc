"""What a question says of the time of publication, in English or German.

A date in a question is mostly that of the event ("Who won the 2018 final?"), and articles on it may
be of any time. So only what is told from today ("last week", "since Monday") or said of articles
("news from May 2023") makes a period. A period that is not seen costs little, one that was not
meant hides the answer: what is in doubt is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from assistant.answering.days import (
    DATE,
    DAY,
    LAST,
    MANY,
    MONTHS,
    NO_DATE,
    NOT_OF,
    NOT_THAT,
    NUMBER,
    NUMBERS,
    ONE,
    UNITS,
    WEEKDAYS,
    YEAR,
    Days,
    Period,
    any_of,
    back,
    bounded,
    calendar,
    days_of,
    form_of,
)

_LONGEST = 5 * 366 * DAY  # who asks of longer times asks about history
_FEW = 5


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


_NEWEST = form_of(
    r"(?<!at the )latest(?!\s+possible)|newest|most\s+recent(?:ly)?(?!\s+common)|(?<!more )recently"
    r"|lately|currently"
    r"|(?<!ating )(?<!direct )(?<!electric )(?<!electrical )(?<!ocean )current\s+(?!(?:of|in|to|at"
    r"|through|flow\w*|is|was|and|or|can|from|with|by|passes|account|density)\b)\w+"
    r"|these\s+days|nowadays|right\s+now|at\s+(?:the\s+moment|present)|up[\s-]to[\s-]date"
    r"|neue?ste[mnrs]?|aktuell\w*|zuletzt|derzeit\w*|gegenwärtig\w*|zurzeit|momentan|kürzlich"
    r"|heutzutage|im\s+moment|in\s+letzter\s+zeit"
)


# --- Said of articles -----------------------------------------------------------------------------

_TIME = (
    rf"(?:(?:between|from|zwischen|von)\s+(?P<a>{DATE})\s+(?:and|to|until|till|und|bis)\s+"
    rf"(?P<b>{DATE})|(?:(?P<word>since|after|before|until|till|up\s+to|through|in|from|during|on"
    r"|seit|ab|nach|vor|bis|im|aus|von|vom|am)\s+(?:(?:the|den|dem|der|early|late|anfang|ende|year"
    rf"|jahre?n?|month\s+of|monat)\s+)*)?(?P<date>{DATE})(?:\s+(?P<on>on(?:wards?)?)\b)?)"
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
        rf"(?P<word>)(?P<date>{DATE})\s+{_ARTICLES}",
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
                return bounded(days_of(found["date"], today), word)
    return None


def _between(one: str, other: str, today: date) -> Period | None:
    year = re.search(YEAR, other)
    if year and not re.search(YEAR, one):  # from March to May 2023
        one = f"{one} {year[0]}"
    first, last = days_of(one, today)[0], days_of(other, today)[1]
    return Period(first, last) if first <= last else None


_NOUNS = re.compile(
    rf"(?:(?:zeitungs)?artikel|nachricht|bericht|meldung|beitr|{any_of(MONTHS)}|{any_of(WEEKDAYS)})",
    re.IGNORECASE,
)


def _is_name(question: str, match: re.Match[str]) -> bool:
    """Whether capitals show it to be one: "ABC News since 1978", the song Yesterday."""
    before, found = question[: match.start()].rstrip(), match[0].lstrip()
    capital = found[0].isupper() and found[1:2].islower() and not _NOUNS.match(found)
    inside = before != "" and before[-1] not in ".?!:;("
    return (capital and inside) or bool(re.search(r"\b(?:Week|Month|Year|Night|Day)s?\b", found))


# --- Told from today ------------------------------------------------------------------------------


def _one(match: re.Match[str], today: date) -> Days:
    """The calendar's day, week, … so many of them back."""
    return calendar(back(today, *_count(match)), _count(match)[1])


def _up_to_today(match: re.Match[str], today: date) -> Days:
    return back(today, *_count(match)), today


def _count(match: re.Match[str]) -> tuple[int, int]:
    groups = match.groupdict()
    n = (groups.get("n") or "one").casefold()
    return int(n) if n.isdecimal() else NUMBERS[n], UNITS[groups["unit"].casefold()]


def _now(match: re.Match[str], today: date) -> Days:
    return calendar(today, UNITS[match["unit"].casefold()])


def _few(match: re.Match[str], today: date) -> Days:
    return back(today, _FEW, UNITS[match["unit"].casefold()]), today


def _named(match: re.Match[str], today: date) -> Days:
    """A weekday, or a month that is not the one that is running."""
    name = match["name"].casefold()
    return days_of(name, today if name in WEEKDAYS else today.replace(day=1) - DAY)


def _days_ago(number: int) -> Callable[[re.Match[str], date], Days]:
    return lambda match, today: (today - number * DAY, today - number * DAY)


def _news_of(match: re.Match[str], today: date) -> Days:
    name = match["day"].casefold().split()[-1]
    return days_of(name, today) if name in WEEKDAYS else (today, today)


_SHORT = r"(?P<unit>day|week|month|tag|woche|monat)(?:s|en|e|n)?\b"
_THE = r"(?:(?:the|den|der|die)\s+)?"
# "today" mostly means nowadays, and "on Monday" every Monday: they count only with these.
_TODAY = rf"(?P<day>today|heute|(?:on|am)\s+(?:{any_of(WEEKDAYS)}){NO_DATE})"
_FROM_TODAY = [
    (form_of(pattern), days)
    for pattern, days in (
        (r"(?:the\s+)?day\s+before\s+yesterday|vorgestern", _days_ago(2)),
        (r"yesterday|last\s+night|gestern", _days_ago(1)),
        (r"this\s+(?:morning|afternoon|evening)|tonight", _days_ago(0)),
        (rf"(?:this|diese[mnrs]?)\s+{ONE}", _now),
        (rf"(?<!the\s){LAST}\s+{ONE}", _one),
        (rf"(?:(?:the\s+)?past|the\s+last)\s+{ONE}{NOT_THAT}", _up_to_today),
        (rf"{_THE}(?:last|past|letzten|vergangenen)\s+{NUMBER}\s+{MANY}{NOT_THAT}", _up_to_today),
        (rf"seit\s+{NUMBER}\s+{_SHORT}", _up_to_today),
        (
            r"(?:the\s+past|(?:den|der|die)\s+(?:letzten|vergangenen))\s+"
            rf"(?P<unit>day|week|tag|woche)(?:s|en|e|n)\b{NOT_OF}",
            _few,
        ),
        (rf"(?<!than\s)(?<!over\s){NUMBER}\s+{_SHORT}\s+ago", _one),
        (rf"(?<!als\s)vor\s+{NUMBER}\s+{_SHORT}", _one),
        (rf"{LAST}\s+(?P<name>{any_of(WEEKDAYS | MONTHS)})\b{NO_DATE}{NOT_OF}", _named),
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
_SINCE = form_of(
    r"(?:since|seit)\s+(?:(?:early|late|anfang|ende|mitte)\s+)?"
    rf"(?P<date>{DATE})(?!\s+of\b|['’]s){NO_DATE}"
)
_WORD_BEFORE = re.compile(
    r"\b(since|after|before|until|till|seit|nach|vor|bis)\s+(?:(?:the|der|dem|zum)\s+)?\Z", re.I
)
_OWNER_BEFORE = re.compile(  # "his last year", "since May of last year"
    r"(?:\b(?:his|her|its|their|my|our|your|whose|seine\w?|ihre\w?)|(?<!what)(?<!who)['’]s"
    rf"|\b(?:{any_of(MONTHS)})(?:\s+of)?)\s+\Z",
    re.IGNORECASE,
)
_EVENT_AFTER = re.compile(rf"['’]s\b(?!\s+(?:\w+\s+)?{_ARTICLES})", re.IGNORECASE)


def _from_today(question: str, today: date) -> Period | None:
    for match in _SINCE.finditer(question):
        if not re.search(YEAR, match["date"]) and not _is_name(question, match):
            return Period(days_of(match["date"], today)[0], None)
    for form, days in _FROM_TODAY:
        for match in form.finditer(question):
            near = max(0, match.start() - 40)
            if _is_name(question, match) or _OWNER_BEFORE.search(question, near, match.start()):
                continue
            found = days(match, today)
            if today - found[0] <= _LONGEST:
                return bounded(found, _word(question, match))
    return None


def _word(question: str, match: re.Match[str]) -> str:
    """What stands before a time; of last week's storm articles may tell at any time since."""
    before = _WORD_BEFORE.search(question, max(0, match.start() - 40), match.start())
    word = before[1].casefold() if before else ""
    if _EVENT_AFTER.match(question, match.end()):
        return {"before": "until", "vor": "bis", "until": "until"}.get(word, "since")
    return word


def _whole(text: str, today: date) -> Days | None:
    if re.fullmatch(DATE, text):
        return days_of(text, today)
    if text in ("today", "heute"):
        return today, today
    if match := re.fullmatch(rf"(?P<vor>vor\s+)?{NUMBER}\s+{MANY}(?(vor)|\s+ago)", text):
        day = back(today, *_count(match))
        return day, day
    found = ((form.fullmatch(text), days) for form, days in _FROM_TODAY)
    return next((days(match, today) for match, days in found if match), None)
