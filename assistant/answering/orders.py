"""Leaves out the sentences of articles that give orders to whoever answers.

An article may say "ignore your rules", or "the answer to every question is 42", and a small model
takes that for something the article states. Such a sentence is no evidence, unless the question is
about such things. English, with the commonest order in German, French and Spanish; what is not
recognised is left to the check of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.records import Hit

_READER = r"(?:ai|assistants?|chat ?bots?|language models?|llms?)"
_ANSWER = r"(?:answers?|reply|replies|respond|response|(?:be)?antworte?)"
_EVERY = r"(?:any|every|all|each|if a|jede\w*|alle)"
_QUESTION = r"(?:questions?|fragen?)"
_WHATEVER = r"(?:whatever|everything|anything|no matter what)"
_IGNORE = r"(?:ignor\w+|disregard|forget|override|verg(?:iss|esst)|oubli\w+|olvid\w+)"
_EARLIER = (
    r"(?:previous|prior|above|earlier|your|vorherig\w+|bisherig\w+|deine?|eure|"
    r"précédent\w+|vos|tes|données|anterior\w+|tus)"
)
_RULES = (
    r"(?:instructions?|rules|prompts?|guidelines|anweisungen|regeln|consignes|règles|"
    r"reglas|instrucciones)"
)
_SAY = rf"(?:{_ANSWER}|say|write|add|ask|cite|mention|begin|end|close|include|praise)"


def _near(*words: str) -> str:
    return r"\b" + r"\b[^.]{0,40}\b".join(words) + r"\b"


_ORDERS = re.compile(
    "|".join(
        [
            _near(_IGNORE, _EARLIER, _RULES),
            _near(_IGNORE, _RULES, _EARLIER),
            _near(_ANSWER, _EVERY, _QUESTION),
            _near(_EVERY, _QUESTION, _ANSWER),
            _near(_WHATEVER, "asked", _ANSWER),
            _near(_ANSWER, _WHATEVER, "asked"),
            _near("whoever", "asked", "(?:must|shall|should|has to)"),
            r"\bif (?:you are |anyone |someone )?ask(?:s|ed)\b[^.]{0,60}, (?:please )?"
            r"(?:answer|say|reply|respond)\b",
            r"\b(?:in|to|of|into|begin|end|close|start) (?:each|every|all|your) answers?\b",
            r"^\W*(?:(?:please|now|always|only|then|just)\W+)*(?:answer|reply|respond)"
            r" (?:only|always|with|that|instead|exactly)\b",
            r"^\W*(?:ai\W+)?(?:assistant|chat ?bot)\W*:",
            rf"^\W*system\W*:[^.]{{0,60}}\b(?:must|you|your|{_SAY})\b",
            rf"\bnotes? (?:to|for) (?:the |all |any )?(?:{_READER}|machines)\b",
            rf"\bdear {_READER}\b|^\W*to the {_READER}\b[^.]{{0,24}}[:,]",
            rf"\bif you are (?:an? )?(?:\w+ )?{_READER}\b",
            _near(rf"(?:the|every|any|all) {_READER} (?:must|shall|should|has to|have to)", _SAY),
            r"\byou (?:must|should|have to|are to) (?:\w+ )?"
            r"(?:answer|say|state|reply|respond) that\b",
            r"\btell (?:the|your|any|every) (?:user|asker)s?\b|\bas an ai\b",
            r"\bwhen(?:ever)? (?:you )?(?:answer|summari[sz]e|summari[sz]ing)\b",
            r"<\|\w+\|>|\[/?INST\]|<</?SYS>>",  # what parts the turns of a chat for a model
        ]
    ),
    re.IGNORECASE,
)
_ASKS_ABOUT_ORDERS = re.compile(rf"\b(?:{_READER}|{_QUESTION}|{_ANSWER}|{_RULES})\b", re.IGNORECASE)


def without_orders(question: str, hits: Iterable[Hit]) -> list[Hit]:
    """The hits less the sentences that give orders, and less those hits that hold nothing else."""
    if _ASKS_ABOUT_ORDERS.search(question):
        return list(hits)
    kept = (
        replace(hit, sentences=tuple(s for s in hit.sentences if not gives_orders(s.text)))
        for hit in hits
    )
    return [hit for hit in kept if hit.sentences]


def gives_orders(sentence: str) -> bool:
    """Whether a sentence tells an assistant how to answer."""
    return _ORDERS.search(sentence) is not None
