"""Keeps citation marks valid while they are written: inside brackets only numbers that exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

_OPEN = re.compile(r"\[(\d*)$")


class MarkGuide:
    """Knows which tokens of a vocabulary can continue a citation mark.

    `tokenize` turns text into token numbers.
    """

    def __init__(self, tokenize: Callable[[str], list[int]]) -> None:
        self._digits = _single(tokenize, [str(n) for n in range(1000)])
        # "]" alone or with what may follow a mark, never with letters.
        self._close = list(_single(tokenize, ["]", "][", "].", "],", "];", "]\n", "]\n\n", "] "]))

    def mask(self, written: str, highest: int, logits: NDArray[np.float32]) -> None:
        """Where `written` ends inside a mark, leave only the tokens that keep it in 1..highest."""
        match = _OPEN.search(written)
        if match is None:
            return
        begun = match[1]
        allowed = [t for t, d in self._digits.items() if _begins_number(begun + d, highest)]
        if begun and _is_number(begun, highest):
            allowed += self._close
        if allowed:
            kept = logits[allowed]
            logits[:] = -np.inf
            logits[allowed] = kept


def _is_number(digits: str, highest: int) -> bool:
    return not digits.startswith("0") and 1 <= int(digits) <= highest


def _begins_number(digits: str, highest: int) -> bool:
    # Its continuations are larger, so a number in range is the only way to stay in range.
    return _is_number(digits, highest)


def _single(tokenize: Callable[[str], list[int]], texts: Iterable[str]) -> dict[int, str]:
    """Those of the texts that are one token, by its number."""
    return {tokens[0]: text for text in texts if len(tokens := tokenize(text)) == 1}
