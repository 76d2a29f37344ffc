"""What a single line looks like: a sentence, a title, or the same as another."""

from __future__ import annotations

import re

from assistant.reading import noise
from assistant.reading.paragraphs import ENDS, ITEM

WORDS = 6  # of a sentence, at least

_UNTITLED = re.compile(r"(?:(?<![A-Z])\.|[,;:…])[\"'”’»)\]]*$|https?://|www\.")


def looks_like_title(line: str) -> bool:
    return (
        2 <= len(line) <= 120
        and line.count(" ") < 20
        and any(map(str.isalpha, line))
        and not _UNTITLED.search(line)
        and not ITEM.match(line)
    )


def letters(text: str) -> str:
    """What two lines have in common that say the same but for case and punctuation."""
    return "".join(filter(str.isalnum, text.casefold()))


def is_prose(line: str) -> bool:
    """Whether a line has a whole sentence in it and is not known for noise."""
    long = line.count(" ") >= WORDS - 1 and bool(ENDS.search(line))
    return (long or len(line) > 150) and not noise.is_noise(line)
