"""Words that were broken at the end of a line, and those that have a hyphen of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_BROKEN = re.compile(r"([^\W_]+)[-‐]$")
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"[^\W_]+(?:[-‐][^\W_]+)+")
_SUSPENDED = re.compile(r"(?:and|or|und|oder|et|ou|y|o|e|en|of)\b")  # "pre- and post-war"
_FIRST_PART = re.compile(r"://|www\.|\b(?:well|self)-$|-(?:and|by|in|of|on|or|the|to|up)-$", re.I)


def compounds(lines: Iterable[str]) -> set[str]:
    """The neighbours in all words that are written with a hyphen within a line."""
    found = (word for line in lines for word in _COMPOUND.findall(line))
    return {
        f"{a}-{b}"
        for word in found
        for a, b in pairwise(word.casefold().replace("‐", "-").split("-"))
    }


def is_broken(line: str) -> bool:
    return bool(_BROKEN.search(line))


def before(line: str, above: str, known: set[str]) -> str:
    """The line `above` with what stands between it and `line`: a space, or nothing in a word.

    A hyphen stays where the next part begins with a capital or a digit, and in `known` compounds.
    """
    broken, word = _BROKEN.search(above), _WORD.match(line)
    if not broken or not word or _SUSPENDED.match(line):
        return above if re.search(r"\w[—/]$", above) else above + " "
    left, right = broken[1], word[0]
    capitals = len(left) > 1 and left.isupper() and right.isupper() and len(right) > 1
    if not capitals and (not right[0].islower() or not left[-1].isalpha()):
        return above
    real = f"{left}-{right}".casefold() in known or _FIRST_PART.search(above.rsplit(" ", 1)[-1])
    return above if real else above[:-1]
