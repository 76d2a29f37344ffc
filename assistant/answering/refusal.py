"""What a refusal says: that the articles hold no answer, and what of the question is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.evidence import heading
from assistant.answering.words import content_stems, stems
from assistant.records import EVERYTHING, Evidence, Scope

NOT_FOUND = "The articles do not answer this."
NO_ARTICLES = "There are no articles yet. Add some, then ask again."
_NOT_STATED = "The closest passages speak of the subject but do not state the answer."
_MOST = 3  # things named as missing
_WORD = re.compile(r"[\w’'-]+")
_NAME = re.compile(r"(?<![\w’'-])[^\W\d_a-zß-öø-ÿ][\w’'-]*")


def text(
    evidence: Sequence[Evidence],
    lacking: Sequence[str],
    written: bool,
    scope: Scope = EVERYTHING,
) -> str:
    """The words of a refusal. `written`: the model had an answer that nothing supports."""
    if not evidence:
        return NO_ARTICLES if scope == EVERYTHING else f"No article is {told(scope)}."
    if lacking:
        return f"{NOT_FOUND} The closest passages do not mention {_listed(lacking)}."
    return f"{NOT_FOUND} {_NOT_STATED}" if written else NOT_FOUND


def told(scope: Scope) -> str:
    """A scope in words, to stand behind "articles": "dated from 1 May 2026, tagged “ports”"."""
    days = [
        f"{word} {day:%-d %B %Y}"
        for word, day in (("from", scope.since), ("to", scope.until))
        if day is not None
    ]
    parts = [f"dated {' '.join(days)}"] if days else []
    for word, wanted in (("tagged", scope.tags), ("from the source", scope.sources)):
        parts += [f"{word} {_listed(wanted)}"] if wanted else []
    if scope.articles:
        parts.append("among those chosen")
    return ", ".join(parts)


def missing(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The words of the question, neighbours as one, that no evidence (with its title) holds.

    Names and numbers come first; other words are told only where there are none of those.
    """
    held: set[str] = set()
    for item in evidence:
        held |= stems(f"{heading(item.article)} {item.text}")
    lacking = [_lacks(word, held) for word in _WORD.findall(question)]
    phrases: list[list[str]] = [[]]
    for word, lacks in zip(_WORD.findall(question), lacking, strict=True):
        if lacks:
            phrases[-1].append(word)
        elif phrases[-1]:
            phrases.append([])
    found = [" ".join(phrase) for phrase in phrases if phrase]
    named = [name for phrase in found if (name := _named(phrase))]
    return tuple(dict.fromkeys(named or found))[:_MOST]


def _named(phrase: str) -> str:
    """From the first name of a phrase to its last: "Verdi write" names only "Verdi".

    With a number in it, all of it: "12 metres". With neither, nothing.
    """
    if re.search(r"\d", phrase):
        return phrase
    names = list(_NAME.finditer(phrase))
    return phrase[names[0].start() : names[-1].end()] if names else ""


def _lacks(word: str, held: set[str]) -> bool:
    wanted = content_stems(word)
    return bool(wanted) and not held.issuperset(wanted)


def _listed(phrases: Sequence[str]) -> str:
    quoted = [f"“{phrase}”" for phrase in phrases]
    return " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
