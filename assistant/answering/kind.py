"""Whether an answer is of the kind that its question asks for: a count, a time, a measure, a name.

A small model that does not find how many otters there are tells how many years they were away, or
that there are otters. English only: of another language nothing is found here, and the other checks
are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.numbers import numbers
from assistant.answering.words import NAME, content_stems, stems

_HOW_MANY = re.compile(r"\bhow many\b(?: more| other| of)?((?: [\w'’-]+){1,3})", re.I)
_WHEN = re.compile(
    r"\b(?:(?:since )?when (?:is|was|were|are|will|do|does|did|has|had|can)|(?:what|which) year)\b",
    re.I,
)
_MEASURE = re.compile(
    r"\bhow (?:long|old|far|tall|high|heavy|fast|big|large|wide|deep|often)\b", re.I
)
_WHO = re.compile(r"^\W*(?:who|whose|whom)\b", re.I)

# An indefinite article before what a question wants to be named: "a television cook".
_NAMED = re.compile(r"\b(?:which|what) (\w+ \w+)", re.I)

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
    r"briefly|rarely|seldom|often|usually|sometimes)\b",
    re.I,
)
_TIME = re.compile(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|winter|fall|"
    r"mornings?|afternoons?|evenings?|nights?|noon|midnight|dawn|dusk|days?|weeks?|months?|years?|"
    r"decades?|centur(?:y|ies)|ages?|eras?|period|seasons?|hours?|minutes?|moment|today|yesterday|"
    r"tomorrow|now|recently|once|when|whenever|after|before|during|while|until|till|since|"
    r"following|upon|later|earlier|ago|as soon|every|always|never|time|birthday|christmas|easter|"
    r"war|reign|presidency|tenure|at the (?:end|beginning|start|height)|first|last)\b",
    re.I,
)
# What a number mostly measures rather than counts.
_UNITS = stems(
    "year years month months week weeks day days hour hours minute second century decade percent "
    "cent cents kilometre metre metres meter meters centimetre millimetre mile miles foot feet "
    "inch euro euros dollar pound franc mark marks tonne tons ton kilogram kilo kilos gram grams "
    "litre liter degree hectare acre acres"
)
_WORD = re.compile(r"[^\W_]+(?:[.,:’'-][^\W_]+)*%?|[.,;:!?()]")
_ENDS = re.compile(
    r"[.,;:!?()]|of|in|on|at|by|for|to|from|and|or|was|were|is|are|be|been|have|has|had|that|which|"
    r"who|with|the|a|an|as|than|under|over|into|did|do|does|there|will|can|could|would|took|take",
    re.I,
)


def differs(question: str, answer: str, cited: str) -> bool:
    """Whether a sentence of another kind than the question asks for is its answer.

    `cited` are the sentences that it goes by, without their article's title.
    """
    if question.count("?") > 1:
        return False  # each sentence may answer another of them
    many = _HOW_MANY.search(question)
    if many:
        return _counts_else(question, many[1], answer, cited)
    if _MEASURE.search(question):
        return _measures_nothing(question, answer)
    if _WHEN.search(question):
        return not _TIME.search(answer)
    if _WHO.search(question):
        own = set(content_stems(answer)) - stems(question)
        return bool(own) and all(stem[0].isdigit() for stem in own)
    named = _NAMED.search(question)
    if named is None or not re.search(rf"\b(?:an?|some) {named[1]}\b", answer, re.I):
        return False
    # "An earlier market called the Butcher Market" does name it; "on Sunday" does not.
    names = " ".join(name for name in NAME.findall(answer) if not _TIME.search(name))
    return stems(question).issuperset(content_stems(names))


def _counts_else(question: str, asked: str, answer: str, cited: str) -> bool:
    """Whether none of an answer's numbers counts what was asked for."""
    stated = {number for number, counted in _counts(answer) if counted or not _is_year(number)}
    if not stated:
        return not _COUNT.search(answer)
    elsewhere = bool(_counted(asked.split()) & stems(cited))
    wanted = stems(question)  # "49 survive" tells how many have survived
    counts = [counted for number, counted in _counts(cited) if number in stated]
    return bool(counts) and all(
        counted and not counted & wanted and (elsewhere or counted & _UNITS) for counted in counts
    )


def _measures_nothing(question: str, answer: str) -> bool:
    """Whether an answer holds neither words for a measure nor a number that is none of things that
    the question names, and no year.
    """
    if _AMOUNT.search(answer):
        return False
    asked = stems(question) - _UNITS
    return all(
        (counted & asked and not counted & _UNITS) if counted else _is_year(number)
        for number, counted in _counts(answer)
    )


def _is_year(number: str) -> bool:
    return re.fullmatch(r"1\d{3}|20\d\d", number) is not None


def _counts(text: str) -> Iterator[tuple[str, set[str]]]:
    """Each number of a text with the stems of what it counts: up to three words after it."""
    words = _WORD.findall(text)
    for at, word in enumerate(words):
        for number in numbers(word):
            yield number, _counted(words[at + 1 :])


def _counted(words: list[str]) -> set[str]:
    """The stems of up to three words, as far as one that ends what a number before them counts."""
    found: list[str] = []
    for word in words:
        if word.casefold() in ("of", "the") and not found:
            continue
        if _ENDS.fullmatch(word) or len(found) == 3:
            break
        if not numbers(word):
            found.append(word)
    return stems(" ".join(found))
