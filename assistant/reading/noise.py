"""What web pages and mails leave between the paragraphs of a saved article.

Every rule must match a whole line or sentence of at most 200 characters. A rule that an ordinary
sentence could meet is no rule: better one line of noise kept than one sentence lost.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from assistant.reading import phrases, phrases_abroad, phrases_menus

_LONGEST = 200  # characters
_RULE = "_=~#*•·∙. –—-"
_SIGNS = " →»›>«*•·|[]▶–—-"  # alone on a line, they are nothing; others may be code
_AROUND = _SIGNS + "←<∙()+↓↑♦"
_PARTED = re.compile(r"\s*[|·•∙/>»›]\s*|\]\s*\[")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_NO_END = (".", "?", "!", "”", '"', "“", "»")
_COUNT = re.compile(r"[+-]?\d[\d.,]*\s?[KMk]?")


@lru_cache(maxsize=1 << 14)
def is_noise(line: str) -> bool:
    """Whether a whole line belongs to the page around an article, not to the article."""
    if not line:
        return False
    if len(line) > 3 * _LONGEST:
        return False
    sentences = _SENTENCE.split(line)
    if len(sentences) > 1 and all(len(said) <= _LONGEST and _is_noise(said) for said in sentences):
        return True
    return len(line) <= _LONGEST and _is_noise(line)


def _is_noise(line: str) -> bool:
    if not line.strip(_SIGNS).strip(_RULE):
        return True
    line = line.strip(_AROUND)
    bare = line.rstrip(".!…: ")
    if _rules("PHRASES").fullmatch(bare):
        return True
    if _rules("PLEAS").fullmatch(bare) and not _rules("TOLD").search(line):
        return True
    if not line.endswith(_NO_END) and _rules("FRAGMENTS").fullmatch(line):
        return True
    parts = [part.strip(_AROUND) for part in _PARTED.split(line)]
    buttons = sum(map(_is_button, parts))
    return len(parts) > 1 and 2 * buttons >= len(parts) and all(map(is_menu, parts))


def is_label(line: str) -> bool:
    """Whether a line heads a box of other articles, such as "Most read"."""
    if len(line) > _LONGEST:
        return False
    *before, last = _SENTENCE.split(line)
    last = last.strip(_AROUND).rstrip(".!…: ")
    return bool(_rules("LABELS").fullmatch(last)) and all(
        _is_noise(said) or said.endswith("?") for said in before
    )


def is_menu(line: str) -> bool:
    """Whether a line may belong to a menu or a row of buttons; a heading may look like it, too."""
    line = line.strip(_AROUND).rstrip(".!…: ")
    if len(line) > 60:
        return False
    known = _COUNT.fullmatch(line) or _rules("MENU").fullmatch(line)
    return bool(known) or _is_button(line)


def _is_button(line: str) -> bool:
    return any(_rules(name).fullmatch(line) for name in ("BUTTONS", "PHRASES"))


@cache
def _rules(name: str) -> re.Pattern[str]:
    modules = (phrases, phrases_menus, phrases_abroad)
    written = "".join(getattr(module, name, "") for module in modules)
    lines = [line for line in written.replace("\n    ", "").split("\n") if line]
    rules = "|".join(f"(?:{line})" for line in lines if not line.startswith("#"))
    for _ in range(2):  # words may hold words
        for word, meaning in phrases.WORDS.items():
            rules = rules.replace(word, meaning)
    return re.compile(rules, re.IGNORECASE)
