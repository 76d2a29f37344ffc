"""Cuts an article's text into passages along paragraph borders, and those into sentences.

Lengths count characters. The embedder reads at most 256 tokens, about 1,000 characters of English,
so nothing that gets a vector is longer, but for a heading in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil

import sentencex

from assistant.records import Span

MERGED = 800  # short paragraphs join their neighbours up to this length
LONGEST = 1_000  # longer paragraphs and sentences are cut
WITH_HEADING = 1_100  # a heading may lengthen what it heads to this
HEADING = 80
QUOTATION = 400  # sentencex keeps a quotation whole; beyond this it is cut inside
BLOCK = 8_000  # sentencex is given at most this much at once: quotes cost it quadratic time

_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"[-*•–|]\s|\d{1,3}[.)]\s")
_BULLET_LINE = re.compile(rf"\n\s*(?={_BULLET.pattern})")
_PLAIN_BORDER = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]*[^\W\d_])")
# Where sentencex cuts although the sentence goes on: after these whatever follows …
_ABBREVIATION = re.compile(
    r"\b(?:Mrs?|Ms|Dr|Prof|St|Ft|Mt|Gen|Col|Sgt|Cpl|Pvt|Capt|Cmdr|Lt|Maj|Adm|Sen|Rep|Gov|Pres"
    r"|Rev|Hon|Messrs|vs|cf|approx|al|e\.g|i\.e)\.$"
)
# … after these before a number, after these between names, and after a time of day.
_BEFORE_NUMBER = re.compile(
    r"\b(?:Nos?|pp?|vols?|figs?|ch|chap|art|sec|eds?|est|ca?|b|d|r|fl"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:^|[^\W\d_]\.\s?|\b[A-Z]\w+\s)[A-Z]\.$")
_STARTER = re.compile(
    r"(?:A|An|The|This|That|These|Those|He|She|It|They|We|You|I|In|On|At|As|But|And|If|When|There"
    r"|His|Her|Its|Their|Our|For|From|By|With|After|Before)\b"
)
_TIME = re.compile(r"\b[ap]\.m\.$")
_TIME_ZONE = re.compile(r"(?:Eastern|Central|Mountain|Pacific|Moscow|Kyiv|[A-Z]{2,4}\b)")

Part = tuple[Span, tuple[Span, ...]]
"""A passage and its sentences."""


def split(text: str) -> list[Part]:
    """Return each passage with its sentences, in order.

    Every character that is not white space lies in exactly one passage and one sentence of it.
    A heading opens a passage and stays with what follows it.
    """
    passages: list[list[Span]] = []
    only_headings = False  # so far in the last passage
    for paragraph in _paragraphs(text):
        heading = _is_heading(text[paragraph.start : paragraph.end])
        for part in _parts(_sentences(text, paragraph)):
            room = WITH_HEADING if only_headings else MERGED
            joins = only_headings or not heading
            if passages and joins and part[-1].end - passages[-1][0].start <= room:
                passages[-1] += part
                only_headings &= heading
            else:
                passages.append(part)
                only_headings = heading
    return [(Span(each[0].start, each[-1].end), tuple(each)) for each in passages]


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretch without the white space around it; nothing where nothing is left."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if start < end:
        yield Span(start, end)


def _is_heading(paragraph: str) -> bool:
    if paragraph.startswith("#"):
        return "\n" not in paragraph
    return (
        len(paragraph) <= HEADING
        and "\n" not in paragraph
        and paragraph[-1] not in ".!?…;,\"”’')]"
        and not _BULLET.match(paragraph)
    )


def _parts(sentences: list[Span]) -> list[list[Span]]:
    """The sentences of one paragraph in as few parts of about equal length as the limit allows."""
    first = sentences[0].start
    length = sentences[-1].end - first
    target = length / ceil(length / LONGEST)
    parts: list[list[Span]] = []
    last_slot = -1
    for sentence in sentences:
        slot = int(((sentence.start + sentence.end) / 2 - first) / target)
        if slot == last_slot and sentence.end - parts[-1][0].start <= LONGEST:
            parts[-1].append(sentence)
        else:
            parts.append([sentence])
        last_slot = slot
    return parts


def _sentences(text: str, paragraph: Span) -> list[Span]:
    found = [
        sentence
        for item in _items(text, paragraph)
        for block in _cut_at_spaces(text, item, BLOCK)
        for sentence in _segmented(text, block)
    ]
    whole = [
        piece
        for sentence in _mended(text, found)
        for piece in _mended(text, list(_cut_inside(text, sentence)))
    ]
    return [piece for sentence in whole for piece in _cut_at_spaces(text, sentence, LONGEST)]


def _items(text: str, paragraph: Span) -> Iterator[Span]:
    """The lines of a list, each by itself; anything else as it is."""
    start = paragraph.start
    for border in _BULLET_LINE.finditer(text, paragraph.start, paragraph.end):
        yield from _trimmed(text, start, border.start())
        start = border.end()
    yield from _trimmed(text, start, paragraph.end)


def _segmented(text: str, block: Span) -> Iterator[Span]:
    start = block.start
    for border in sentencex.get_sentence_boundaries("en", text[block.start : block.end]):
        end = block.start + border["end_index"]
        yield from _trimmed(text, start, end)
        start = max(start, end)
    yield from _trimmed(text, start, block.end)


def _cut_inside(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    if sentence.end - sentence.start > QUOTATION:
        for border in _PLAIN_BORDER.finditer(text, sentence.start, sentence.end):
            yield from _trimmed(text, start, border.end())
            start = border.end()
    yield from _trimmed(text, start, sentence.end)


def _mended(text: str, sentences: list[Span]) -> list[Span]:
    """Join what was cut after an abbreviation, an initial or a number, and lone marks."""
    joined: list[Span] = []
    for sentence in sentences:
        if joined and _belong_together(text, joined[-1], sentence):
            joined[-1] = Span(joined[-1].start, sentence.end)
        else:
            joined.append(sentence)
    if len(joined) > 1 and _is_fragment(text, joined[-1]):
        end = joined.pop().end
        joined[-1] = Span(joined[-1].start, end)
    return joined


def _belong_together(text: str, left: Span, right: Span) -> bool:
    tail = text[max(left.start, left.end - 30) : left.end]
    head = text[right.start : min(right.end, right.start + 30)]
    return (
        _is_fragment(text, left)
        or not any(map(str.isalnum, head))
        or head[0].islower()
        or bool(_ABBREVIATION.search(tail))
        or (head[0].isdigit() and bool(_BEFORE_NUMBER.search(tail)))
        or (
            head[0].isupper()
            and (
                (_INITIAL.search(tail) is not None and not _STARTER.match(head))
                or (_TIME.search(tail) is not None and _TIME_ZONE.match(head) is not None)
            )
        )
    )


def _is_fragment(text: str, span: Span) -> bool:
    """Whether it says nothing by itself: “1.”, “Dr.”, a lone bracket."""
    return sum(map(str.isalpha, text[span.start : min(span.end, span.start + 40)])) < 3


def _cut_at_spaces(text: str, span: Span, longest: int) -> Iterator[Span]:
    """Pieces of at most `longest`, cut at white space in their second half where there is any."""
    start = span.start
    while span.end - start > longest:
        limit = start + longest
        half = start + longest // 2
        end = next((i for i in range(limit, half, -1) if text[i].isspace()), limit)
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, span.end)
