"""The numbers that a text holds, in figures or in English words, as plain digits."""

from __future__ import annotations

import re

_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_UNITS = re.findall(
    r"\w+",
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen""",
)
_TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")
_VALUES = {word: value for value, word in enumerate(_UNITS)}
_VALUES |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_WORDS = re.compile(
    rf"\b({'|'.join(_TENS)})(?:[- ]({'|'.join(_UNITS[1:10])}))?\b|\b({'|'.join(_UNITS)})\b"
)


def numbers(text: str) -> set[str]:
    """ "1,204 of twenty-one" has 1204 and 21; "3.5" and "21:40" stay as they are."""
    return {_plain(n) for n in _FIGURES.findall(text)} | {n for n, _ in _spelled(text)}


def numbers_stated(text: str) -> set[str]:
    """The same without "one", which mostly stands for something else than a number."""
    spelled = {number for number, words in _spelled(text) if words != "one"}
    return {_plain(n) for n in _FIGURES.findall(text)} | spelled


def _spelled(text: str) -> list[tuple[str, str]]:
    """Each number in words with its digits first."""
    return [
        (str(sum(_VALUES[word] for word in match.groups() if word)), match[0])
        for match in _WORDS.finditer(text.casefold())
    ]


def _plain(number: str) -> str:
    return re.sub(r"(?<=\d)[,.](?=\d{3}(?:\D|$))", "", number).rstrip(".,:")
