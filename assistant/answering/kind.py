"""Whether an answer is of the kind that its question asks for: a count, a time, a measure, a name.

A small model that does not find how many otters there are tells how many years they were away, or
that there are otters. English only: of another language nothing is found here, and the other checks
are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.numbers import numbers
from assistant.answering.words import NAME, content_stems, stems, unaccented

# "Who found out how many there are?" asks for no number, "how many are there, and why?" for more
# than one.
QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|why|where|when|how)\b", re.I)
_AND_ANOTHER = re.compile(rf"\b(?:and|or),? {QUESTION_WORD.pattern}", re.I)

_HOW_MANY = re.compile(r"\bhow many\b(?: more| other| of)?((?: [\w'’-]+){1,3})", re.I)
_WHEN = re.compile(
    r"\b(?:(?:since )?when (?:is|was|were|are|will|do|does|did|has|had|can)|(?:what|which) year)\b",
    re.I,
)
_MEASURE = re.compile(r"\bhow (long|old|tall|high|heavy|fast|wide|deep|often)\b", re.I)
_PRICE = re.compile(
    r"\b(?:how much (?:is|was|do|does|did|will|has|had)\b.*"
    r"\b(?:costs?|pay|paid|earn|charge|spen[dt])|what (?:do|does|did|will)\b.*\bcost)\b",
    re.I,
)
_MONEY = re.compile(r"[$€£¥]")
_WHO = re.compile(r"^\W*(?:who|whose|whom)\b", re.I)

# An indefinite article before what a question wants to be named: "a television cook".
_NAMED = re.compile(r"\bwhich (\w+ \w+)", re.I)

_SOME = (
    r"dozens?|hundreds?|thousands?|[mb]illions?|half|halves|quarters?|thirds?|both|all|none|no|"
    r"nobody|several|few|fewer|many|most|every|each|single|only|pair|couple"
)
# How many there are without a figure, and how long, how far and how often.
_COUNT = re.compile(rf"\b(?:{_SOME})\b", re.I)
_AMOUNT = re.compile(
    rf"\b(?:{_SOME}|an?|once|twice|times|daily|weekly|monthly|yearly|annual(?:ly)?|until|till|since|"
    r"always|never|ever|forever|decades?|centur(?:y|ies)|years?|days?|weeks?|months?|hours?|"
    r"minutes?|seconds?|generations?|as \w+ as|\w+er than|longer|shorter|short|shortly|brief|"
    r"briefly|rarely|seldom|often|usually|sometimes|frequently|regularly|constantly|dates?|dated|"
    r"born|between|from \S+ (?:to|until|till))\b",
    re.I,
)
_TIME = re.compile(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|springs?|summers?|autumns?|winters?|"
    r"fall|mornings?|afternoons?|evenings?|nights?|noon|midnight|dawn|dusk|days?|weeks?|months?|years?|"
    r"decades?|centur(?:y|ies)|ages?|eras?|period|seasons?|hours?|minutes?|moment|today|yesterday|"
    r"tomorrow|now|recently|once|when|whenever|after|before|during|while|until|till|since|"
    r"following|upon|later|earlier|ago|as soon|every|always|never|times?|if|under|birthday|"
    r"christmas|easter|war|reign|presidency|tenure|at the (?:end|beginning|start|height)|"
    r"first|last)\b",
    re.I,
)
# What a number mostly measures rather than counts.
_UNITS = stems(
    "year years month months week weeks day days hour hours minute second century decade percent "
    "cent cents kilometre metre metres meter meters centimetre millimetre mile miles foot feet "
    "inch inches yard yards km m cm mm ft mph euro euros dollar pound franc mark marks tonne tons "
    "ton kilogram kilo kilos kg gram grams lb litre liter degree hectare acre acres storey story "
    "stories floor floors page pages line lines"
)
# Parts of a number, and those of whom all sorts of nouns can be counted.
_SCALE = re.compile(r"hundred|thousand|[mb]illion|dozen", re.I)
_ANYBODY = stems("people persons")
_WORD = re.compile(r"[^\W_]+(?:[.,:’'-][^\W_]+)*%?|[.,;:!?()]")
_ENDS = re.compile(
    r"[.,;:!?()]|of|in|on|at|by|for|to|from|and|or|was|were|is|are|be|been|have|has|had|that|which|"
    r"who|with|the|a|an|as|than|under|over|into|did|do|does|there|will|can|could|would|took|take|"
    r"when|while|after|before|last|this|next|now|ago|later|earlier",
    re.I,
)


def differs(question: str, answer: str, cited: str) -> bool:
    """Whether a sentence of another kind than the question asks for is its answer.

    `cited` are the sentences that it goes by, without their article's title.
    """
    if question.count("?") > 1 or _AND_ANOTHER.search(question):
        return False  # each sentence may answer another of them
    if many := _asked(_HOW_MANY, question):
        return _counts_else(question, many[1], answer, cited)
    if measure := _asked(_MEASURE, question):
        return _measures_nothing(question, measure[1], answer)
    if _asked(_PRICE, question):
        return _tells_only_years(answer)
    if _asked(_WHEN, question):
        return not _TIME.search(answer)
    if _WHO.search(question):
        own = set(content_stems(answer)) - stems(question)
        return bool(own) and all(stem[0].isdigit() for stem in own)
    named = _asked(_NAMED, question)
    if named is None or not re.search(rf"\b(?:an?|some) {named[1]}\b", answer, re.I):
        return False
    # "An earlier market called the Butcher Market" does name it; "on Sunday" does not.
    names = " ".join(name for name in NAME.findall(unaccented(answer)) if not _TIME.search(name))
    return stems(question).issuperset(content_stems(names))


def _asked(pattern: re.Pattern[str], question: str) -> re.Match[str] | None:
    """The pattern in a question, where no other question word comes before it."""
    found = pattern.search(question)
    return None if found is None or QUESTION_WORD.search(question, 0, found.start()) else found


def _counts_else(question: str, asked: str, answer: str, cited: str) -> bool:
    """Whether none of an answer's numbers counts what was asked for."""
    noun = _counted(asked.split())
    if noun & _UNITS:
        return _measures_nothing(question, asked, answer)
    stated = {count.number for count in _counts(answer) if not count.year}
    if not stated:
        return not _COUNT.search(answer)
    elsewhere = bool(noun & stems(cited)) and not noun & _ANYBODY
    wanted = stems(question)  # "49 survive" tells how many have survived
    counts = [count.things for count in _counts(cited) if count.number in stated]
    return bool(counts) and all(
        things and not things & wanted and (elsewhere or things & _UNITS) for things in counts
    )


def _measures_nothing(question: str, measure: str, answer: str) -> bool:
    """Whether an answer holds neither words for a measure nor a number that is none of things that
    the question names, and no year. ("Five metres long" is none of longs.)
    """
    if _AMOUNT.search(answer) or (measure.casefold() == "often" and _TIME.search(answer)):
        return False
    named = stems(question) - stems(measure) - _UNITS
    return all(
        (count.things & named and not count.things & _UNITS) if count.things else count.year
        for count in _counts(answer)
    )


def _tells_only_years(answer: str) -> bool:
    """Whether an answer to what something cost has no other number than a year."""
    counts = list(_counts(answer))
    return bool(counts) and all(count.year for count in counts) and not _MONEY.search(answer)


@dataclass(frozen=True)
class _Count:
    """A number, the stems of what it counts, and whether it counts nothing and may be a year."""

    number: str
    things: set[str]
    year: bool


def _counts(text: str) -> Iterator[_Count]:
    """Each number of a text, with up to three words after it."""
    words = _WORD.findall(text)
    for at, word in enumerate(words):
        things = _counted(["percent"] if word.endswith("%") else words[at + 1 :])
        year = not things and bool(re.fullmatch(r"1\d{3}|20\d\d", word))  # "1,450" is none
        for number in numbers(word):
            yield _Count(number, things, year)


def _counted(words: list[str]) -> set[str]:
    """The stems of up to three words, as far as one that ends what a number before them counts."""
    found: list[str] = []
    for word in words:
        if not found and (word.casefold() in ("of", "the") or _SCALE.fullmatch(word)):
            continue
        if _ENDS.fullmatch(word) or len(found) == 3:
            break
        if not numbers(word):
            found.append(word)
    return stems(" ".join(found))
