"""Takes the model's text apart: sentences and the citation marks that belong to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = re.compile(r"((?:\s*\[\d+\])+)")
_NUMBER = re.compile(r"\d+")
# A sentence ends at . ! ? (with closing quotes) before white space and an upper-case letter, but
# not after an initial or a usual abbreviation.
_END = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+(?=[\"'“‘«(]?[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Capt|Maj|Sgt|Rev|Hon|Mt|Ft|No|vs?|"
    r"cf|vol|etc|approx|ca?|e\.g|i\.e|Jr|Sr|Inc|Ltd|Co|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|"
    r"Dec)|(?:[A-Z]\.)+[A-Z])\.$"
)


@dataclass(frozen=True)
class Written:
    """One sentence as the model wrote it, and the evidence numbers it put to it."""

    text: str
    marks: tuple[int, ...]


def parse(raw: str, highest: int) -> list[Written]:
    """The sentences of a model's answer; marks outside 1..highest are dropped.

    A mark belongs to the sentence it follows, whether it stands before or after the full stop.
    """
    pieces = _MARKS.split(raw.strip())
    sentences: list[Written] = []
    for text, marks in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        numbers = [int(n) for n in _NUMBER.findall(marks)]
        valid = tuple(dict.fromkeys(n for n in numbers if 1 <= n <= highest))
        text = _return_stop(sentences, text)
        parts = split_sentences(text)
        sentences += [Written(part, ()) for part in parts[:-1]]
        if parts:
            sentences.append(Written(parts[-1], valid))
        elif sentences and valid:
            last = sentences.pop()
            sentences.append(Written(last.text, tuple(dict.fromkeys(last.marks + valid))))
    return [Written(_ended(s.text), s.marks) for s in sentences if re.search(r"\w", s.text)]


def split_sentences(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _ABBREVIATION.search(text[start : end.start()]):
            parts.append(text[start : end.end()].strip())
            start = end.end()
    return [part for part in [*parts, text[start:].strip()] if part]


def _return_stop(sentences: list[Written], text: str) -> str:
    """Give the full stop in "… hours [2]. Then" back to the sentence before the mark."""
    match = re.match(r"\s*([.!?])(?=\s|$)", text)
    if match is None or not sentences:
        return text
    last = sentences.pop()
    sentences.append(Written(last.text.rstrip() + match[1], last.marks))
    return text[match.end() :]


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if re.search(r"[.!?…][\"'”’»)]*$", text) else text.rstrip(",;:") + "."
