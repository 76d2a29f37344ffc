"""One form for every text: plain characters, whole paragraphs, nothing of the page around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby, pairwise

from assistant.reading import credits, noise

_WRAP = range(55, 133)  # the widths, in characters, at which texts are wrapped by hand
_SLACK = 6  # characters by which a wrapped line may fall short
_HEAD = 8  # lines at the head in which bylines and dates are looked for
_TAIL = 3  # the same at the end

_BREAK = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028]")
_ITEM = re.compile(r"(?:[-*+•‣▪◦·–—]|\(?(?:\d{1,3}|[a-z])[.)])\s+\S")
_NOTE = re.compile(r"\[\d{1,3}\] .{1,200}$")
_ENDS = re.compile(r"(?:[.!?…:]|(?<=[.!?…,])[\"'”’»)\]]+)$")
_UNTITLED = re.compile(r"(?:(?<![A-Z])\.|[,;:…])[\"'”’»)\]]*$|https?://|www\.")
_SITE = re.compile(r"\s+[|–—·-]\s+[^|–—]{1,40}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article on its way: what its form said of it, and the text that is left."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    tags: tuple[str, ...] = ()


def clean(draft: Draft) -> Draft:
    """Tidy the text and move what it says of itself to title, authors, published and tags.

    Cleaning what is clean changes nothing. Never raises; the text may come out empty.
    """
    title = " ".join(normalise(draft.title or "").split()) or None
    authors, tags = credits.people(draft.authors), credits.split_tags(draft.tags)
    draft = replace(draft, title=title, authors=authors, tags=tags)
    # A line taken away may lay bare another that has to go, so until nothing changes.
    while (cleaner := _once(draft)) != draft:
        draft = cleaner
    return draft


def normalise(text: str) -> str:
    """Composed characters, `\\n` for every line end, single spaces, nothing invisible."""
    text = _BREAK.sub("\n", text.replace("\u00ad\n", "")).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", text.translate(_CHARACTERS))
    text = re.sub(" *\n *", "\n", re.sub("  +", " ", text))
    return re.sub("\n{3,}", "\n\n", text).strip()


def looks_like_title(line: str) -> bool:
    return (
        2 <= len(line) <= 120
        and line.count(" ") < 20
        and any(map(str.isalpha, line))
        and not _UNTITLED.search(line)
        and not _ITEM.match(line)
    )


class _Characters(dict[int, str | None]):
    """A table for str.translate, filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        category = unicodedata.category(chr(code))
        kept = None if category in ("Cc", "Cf", "Cs", "Co") else chr(code)
        self[code] = " " if category == "Zs" else kept
        return self[code]


_CHARACTERS = _Characters({ord("\n"): "\n", ord("\t"): " "})


def _once(draft: Draft) -> Draft:
    blocks = [_without_notes(block.split("\n")) for block in normalise(draft.text).split("\n\n")]
    paragraphs = ["\n".join(lines) for block in blocks for lines in _paragraphs(block)]
    lines = [line for line in "\n\n".join(paragraphs).split("\n") if not noise.is_noise(line)]
    for take in (_take_credits, _take_title, _take_tags):
        draft, lines = take(draft, lines)
    return replace(draft, text=normalise("\n".join(lines)))


def _without_notes(block: list[str]) -> list[str]:
    """A run of lines without a list of notes or sources in it: neighbours like "[1] Smith, 2001".

    Long lines are the numbered paragraphs of a judgment, and stay.
    """
    kept: list[str] = []
    for noted, run in groupby(block, key=lambda line: bool(_NOTE.match(line))):
        lines = list(run)
        if not noted or len(lines) == 1:
            kept += lines
    return kept or [""]


# --- Paragraphs -----------------------------------------------------------------------------------


def _paragraphs(block: list[str]) -> list[list[str]]:
    """Part a run of lines into paragraphs, each of one line unless its line breaks mean something.

    Lines are joined where a wrapper broke them: the next word would not have fitted. In verse,
    lists and tables the breaks stay; where lines are long, each is a paragraph.
    """
    width = max(map(len, block))
    if width >= _WRAP.stop:
        return _apart(_joined(block, _runs_on))
    pairs = [(a, b) for a, b in pairwise(block) if not _fixed(a, b)]
    explained = sum(_is_full(a, b, width) or bool(_ENDS.search(a)) for a, b in pairs)
    if width in _WRAP and pairs and explained >= 0.75 * len(pairs):
        return _apart(_joined(block, partial(_wraps, width=width)))
    return [block]


def _joined(block: list[str], goes_on: Callable[[str, str], bool]) -> list[str]:
    lines = block[:1]
    for above, line in pairwise(block):
        if not goes_on(above, line):
            lines.append(line)
        elif re.search(r"\S-$", above) and line[:1].islower():
            lines[-1] += line
        else:
            lines[-1] += " " + line
    return lines


def _wraps(line: str, following: str, width: int) -> bool:
    full = _is_full(line, following, width) or following[:1].islower()
    return full and not _fixed(line, following)


def _runs_on(line: str, following: str) -> bool:
    """Whether a stray line break stands within a sentence, as where a page had "CO₂" or a link."""
    if _ENDS.search(line) or _ITEM.match(line) or _fixed(line, following):
        return False
    return following[:1].islower() or (following[:1].isdigit() and len(line) >= _WRAP.start)


def _apart(lines: list[str]) -> list[list[str]]:
    """Each line a paragraph of its own; neighbouring list items and table rows stay together."""
    return [
        paragraph
        for listed, run in groupby(lines, key=_is_listed)
        for paragraph in ([list(run)] if listed else [[line] for line in run])
    ]


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width - _SLACK


def _is_listed(line: str) -> bool:
    return bool(_ITEM.match(line)) or _is_row(line)


def _is_row(line: str) -> bool:
    return " | " in line


def _fixed(line: str, following: str) -> bool:
    """Whether the break between two lines means something, whatever their lengths."""
    if not _ITEM.match(following):
        return _is_row(line) or _is_row(following)
    first = following.startswith(("1.", "1)")) or not following[0].isdigit()
    return first or bool(_ENDS.search(line) or _ITEM.match(line))  # else "… on\n12. May"


# --- What the text says of itself -----------------------------------------------------------------


def _take_credits(draft: Draft, lines: list[str]) -> tuple[Draft, list[str]]:
    """Bylines and dates at the head, and at the end those that a word marks as such."""
    filled = _filled(lines)
    head, tail = filled[:_HEAD], filled[-_TAIL:]
    found = {i: credit for i in {*head, *tail} if (credit := credits.credit(lines[i]))}
    if alone := [i for i, credit in found.items() if not credit.marked]:
        days = {day for line in lines if (day := credits.date_alone(line))}
        day = draft.published or found[alone[0]].published
        if days != {day} or not set(alone) <= set(head):  # a diary, or a date of the text's own
            found = {i: credit for i, credit in found.items() if credit.marked}
    for credit in sorted(found.values(), key=lambda credit: credit.updated):
        authors = draft.authors or credit.authors
        draft = replace(draft, authors=authors, published=draft.published or credit.published)
    return draft, _without(lines, found)


def _take_title(draft: Draft, lines: list[str]) -> tuple[Draft, list[str]]:
    """The first line, if nothing better is known and it looks like one; its repeats go."""
    filled = _filled(lines)
    if len(filled) < 2:
        return draft, lines
    first = filled[0]
    title = draft.title or lines[first]
    if draft.title is None and not _may_be_title(title, lines[first + 1]):
        return draft, lines
    head = filled[:_HEAD]
    if any(_same(lines[i], _without_site(title)) for i in head):
        title = _without_site(title)
    repeats = [
        i
        for i in filled
        if (_same(lines[i], title) or (i in head and _same(_without_site(lines[i]), title)))
        and (_stands_alone(lines, i) or (i == first and _opens_text(lines, i)))
    ]
    lines = lines if len(repeats) == len(filled) else _without(lines, repeats)
    return replace(draft, title=title), lines


def _take_tags(draft: Draft, lines: list[str]) -> tuple[Draft, list[str]]:
    """A last line of tags, after the end of a sentence or a blank line."""
    filled = _filled(lines)
    if len(filled) < 2:
        return draft, lines
    last = filled[-1]
    tags = credits.tags(lines[last])
    if not tags or not (lines[last - 1] == "" or _ENDS.search(lines[last - 1])):
        return draft, lines
    return replace(draft, tags=credits.split_tags(draft.tags + tags)), lines[:last]


def _filled(lines: list[str]) -> list[int]:
    return [i for i, line in enumerate(lines) if line]


def _without(lines: list[str], dropped: Collection[int]) -> list[str]:
    return [line for i, line in enumerate(lines) if i not in dropped]


def _stands_alone(lines: list[str], i: int) -> bool:
    return not any(lines[max(i - 1, 0) : i] + lines[i + 1 : i + 2])


def _opens_text(lines: list[str], i: int) -> bool:
    """Whether the next line begins the text or repeats this one: else both may be verse."""
    line, following = lines[i], lines[i + 1]
    sentence = following.count(" ") >= 3 and bool(_ENDS.search(following))
    longer = len(following) >= max(_WRAP.start, 1.2 * len(line))
    return sentence or longer or _same(_without_site(line), _without_site(following))


def _may_be_title(line: str, following: str) -> bool:
    return looks_like_title(line) and not following[:1].islower()


def _without_site(title: str) -> str:
    """A title without the name of the site behind it: "Two leaders talk | Daily Globe"."""
    bare = _SITE.sub("", title)
    return bare if bare.count(" ") >= 2 else title


def _same(line: str, title: str) -> bool:
    """Whether both say the same but for case and punctuation."""
    if len(line) > 2 * len(title) + 50:
        return False
    return _letters(line) == _letters(title) != ""


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
