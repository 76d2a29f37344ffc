"""Questions made of what people thought of the answers that they got.

A verdict becomes a question of the kind "feedback", asked as it was searched for, so that it stands
by itself. The latest verdict on a question counts. These make one:

- A refusal judged good: a question without an answer.
- An answer judged good: its accepted wording is the one name, date or number in it that stands in
  what it cites and not in the question, of the sort asked for where the question says so (who,
  where, when, how many). Where there is none, or several, words cannot tell a right answer: then
  any is right that cites something and is supported throughout.
- An answer or refusal judged bad, with a remark of at most 8 words: the remark is the accepted
  wording where it stands in a passage that was shown, else the one name, date or number in it;
  but nothing that the question says, or the answer that was wrong.

All others are left out. So is what was asked of some articles or of a time alone: asked of all of
them, or later, it would be another question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from assistant.answering.words import STOP_WORDS, content_stems, words
from assistant.evaluation.wording import holds, normalise, without_marks
from assistant.records import EVERYTHING, Answer, Exchange

KIND = "feedback"

_REMARK = 8  # words

_MONTH = (
    r"(?:January|Januar|February|Februar|March|März|April|May|Mai|June|Juni|July|Juli|August"
    r"|September|October|Oktober|November|December|Dezember)"
)
_YEAR = r"(?:1\d|20)\d\d\b"
_DATES = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}(?:\.|st|nd|rd|th)? {_MONTH}\b(?: {_YEAR})?"
    rf"|\b{_MONTH} (?:\d{{1,2}}\b(?:,? {_YEAR})?|{_YEAR})|(?<=\b[Ii][nm] ){_MONTH}\b|\b{_YEAR}"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|\b(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag\b|\bMittwoch\b"
)
_NUMBERS = re.compile(
    r"\b\d+(?:[.,:]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty)\b",
    re.IGNORECASE,
)
_LARGE = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_NAMES = re.compile(rf"\b{_LARGE}(?: {_LARGE})*")
_INSIDE = re.compile(r"[\w,;:’”\")(–-]\s*$")  # what stands before a word that opens no sentence
_SORTS = {"date": _DATES, "number": _NUMBERS, "name": _NAMES}

# What a question asks for, by how it asks.
_ASKED = {
    "name": re.compile(r"\b(who|whom|whose|where|wer|wem|wen|wo)\b", re.I),
    "date": re.compile(r"\b(when|(what|which) (year|day|month)|wann|welche\w* jahr)\b", re.I),
    "number": re.compile(
        r"\b(how|wie) (m[au]|long|old|far|high|tall|deep|big|viel|lang|alt)", re.I
    ),
}


def questions(exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """The rows of a question set, as `questions.load` reads them; the exchanges oldest first."""
    rows: dict[str, dict[str, Any] | None] = {}
    for exchange in exchanges:
        answer = exchange.answer
        if answer is None or exchange.liked is None or answer.scope != EVERYTHING:
            continue
        question = answer.asked or exchange.question
        made = (
            _liked(question, answer)
            if exchange.liked
            else _corrected(question, exchange.remark, answer)
        )
        rows[normalise(question)] = made and {**_named(question), **made}
    return [row for row in rows.values() if row]


def jsonl(rows: Iterable[dict[str, Any]]) -> str:
    """The rows as a file's text, one JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _named(question: str) -> dict[str, Any]:
    """The same question has the same id in every export, so that runs can be compared."""
    digest = sha256(normalise(question).encode("utf-8", "surrogatepass")).hexdigest()
    return {"id": f"{KIND}-{digest[:8]}", "question": question, "kind": KIND}


def _liked(question: str, answer: Answer) -> dict[str, Any] | None:
    if answer.refused:
        return {"answers": [], "article": None}
    quotes = {citation.number: citation.quote for citation in answer.citations}
    if not quotes:
        return None
    found: list[str] = []
    for sentence in answer.sentences:
        cited = [quotes[number] for number in sentence.citations if number in quotes]
        text = without_marks(sentence.text)
        found += [each for each in _particulars(question, text, cited) if _in(cited, each)]
    wording = _only(found)
    if wording is None:
        return {"answers": [], "cites": 1, **_evidence(answer, list(quotes.values()))}
    return {"answers": [wording], **_evidence(answer, _in(list(quotes.values()), wording))}


def _corrected(question: str, remark: str, answer: Answer) -> dict[str, Any] | None:
    """What the remark says is right, where that is short and plain enough to be told."""
    remark = remark.strip().strip(".!“”\"'").strip()
    if not remark or len(remark.split()) > _REMARK:
        return None
    known = f"{question} \n {answer.text}"
    shown = [citation.quote for citation in (*answer.citations, *answer.nearest)]
    if content_stems(remark) and _in(shown, remark) and not holds(known, remark):
        return {"answers": [remark], **_evidence(answer, _in(shown, remark))}
    said = [each for each in _particulars(question, remark, shown) if not holds(known, each)]
    wording = _only(said)
    return {"answers": [wording], "article": None} if wording else None


def _in(quotes: Sequence[str], wording: str) -> list[str]:
    return [quote for quote in quotes if holds(quote, wording)]


def _evidence(answer: Answer, quotes: Sequence[str]) -> dict[str, Any]:
    """The quotes, and the title of the article that the first of them is from."""
    cited = (*answer.citations, *answer.nearest)
    titles = [citation.article.title for citation in cited if citation.quote in quotes]
    return {"article": titles[0] if titles else None, "evidence": list(dict.fromkeys(quotes))}


def _only(wordings: Sequence[str]) -> str | None:
    """The one that all of them hold; None where there are none, or different ones."""
    shortest = min(wordings, key=len, default=None)
    return shortest if shortest and all(holds(each, shortest) for each in wordings) else None


# --- Names, dates and numbers ---------------------------------------------------------------------


def _particulars(question: str, text: str, quotes: Sequence[str]) -> list[str]:
    """Those of a text that the question does not hold, of the sort that it asks for."""
    found: dict[str, list[str]] = {}
    for sort, pattern in _SORTS.items():
        matches = list(pattern.finditer(text))
        found[sort] = [m[0] if sort != "name" else _name(m, quotes) for m in matches]
        text = pattern.sub(",", text)  # the days of a date are no numbers, its months no names
    asked = next((sort for sort, pattern in _ASKED.items() if pattern.search(question)), None)
    wanted = found[asked] if asked else [each for group in found.values() for each in group]
    return [each for each in wanted if each and not holds(question, each)]


def _name(match: re.Match[str], quotes: Sequence[str]) -> str:
    """The name in words with a large first letter; empty where one only opens a sentence."""
    parts = match[0].split()
    opens = not _INSIDE.search(match.string[: match.start()])
    while parts and words(parts[0])[0] in STOP_WORDS:
        del parts[0]
        opens = False
    name = " ".join(parts)
    if opens and len(parts) == 1:
        heads = [quote[: quote.find(name)] for quote in quotes if name in quote]
        return name if any(map(_INSIDE.search, heads)) else ""
    return name
