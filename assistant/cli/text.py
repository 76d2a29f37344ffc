"""Puts records into words for a terminal; control characters of articles never reach it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.records import Answer, AnswerSentence, ArticleInfo, Citation

# All but tab and line feed, and the marks that turn the direction of writing.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MARK = re.compile(r"\[(\d+)\]")
_OPEN_MARK = re.compile(r"\[\d*$")
_UNSUPPORTED = " (not supported by the articles)"


def clean(text: str) -> str:
    return _CONTROL.sub("", text)


def line(text: str) -> str:
    """Clean and on one line."""
    return " ".join(clean(text).split())


def as_json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def day(published: date | None) -> str:
    return f"{published.day} {published:%B %Y}" if published else ""


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table; the last column takes the room that it needs."""
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    )


def heading(article: ArticleInfo) -> str:
    return " · ".join(part for part in (line(article.title), day(article.published)) if part)


def source(citation: Citation, label: str) -> str:
    """A citation on three lines: article, quote, where it is from."""
    return (
        f"{label} {heading(citation.article)}\n"
        f"    “{line(citation.quote)}”\n"
        f"    {line(citation.article.source)}{page(citation)}"
    )


def page(citation: Citation) -> str:
    number = citation.article.page(citation.start)
    return f", page {number}" if number else ""


def body(answer: Answer) -> str:
    """An answer's words, with a remark after each sentence that the articles do not support."""
    if answer.refused or all(s.supported is not False for s in answer.sentences):
        return clean(answer.text).strip()
    return " ".join(_sentence(s) for s in answer.sentences)


def _sentence(sentence: AnswerSentence) -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    words = line(_MARK.sub("", sentence.text))
    remark = _UNSUPPORTED if sentence.supported is False else ""
    return f"{words} {marks}".rstrip() + remark


def sources(answer: Answer) -> str:
    """The citations of an answer, or the closest passages of a refusal; empty where none are."""
    if answer.refused:
        nearest = [source(citation, "–") for citation in answer.nearest]
        return "\n".join(["Closest passages:", *nearest]) if nearest else ""
    return "\n".join(source(citation, f"[{citation.number}]") for citation in answer.citations)


class Stream:
    """An answer's words as the model writes them, ready to print.

    The model cites evidence numbers; here they are counted 1, 2, 3 in order of appearance, as the
    checked answer counts them.
    """

    def __init__(self) -> None:
        self.printed = ""
        self._held = ""
        self._numbers: dict[str, int] = {}

    def feed(self, piece: str) -> str:
        """What can be printed now; an unfinished mark is held back."""
        self._held += clean(piece)
        unfinished = _OPEN_MARK.search(self._held)
        cut = unfinished.start() if unfinished else len(self._held)
        ready, self._held = self._held[:cut], self._held[cut:]
        words = _MARK.sub(self._renumbered, ready)
        self.printed += words
        return words

    def _renumbered(self, mark: re.Match[str]) -> str:
        return f"[{self._numbers.setdefault(mark[1], len(self._numbers) + 1)}]"

    def agrees_with(self, text: str) -> bool:
        """Whether words and marks are those of `text`, wherever the spaces stand."""
        return _essence(self.printed) == _essence(text)


def _essence(text: str) -> tuple[str, list[str]]:
    return "".join(_MARK.sub("", text).split()), _MARK.findall(text)
