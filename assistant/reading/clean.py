"""One form for every text: plain characters, whole paragraphs, nothing of the page around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from itertools import groupby, pairwise

from assistant.reading import credits, edges, paragraphs
from assistant.reading.draft import Draft
from assistant.reading.lines import letters, looks_like_title

_PASSES = 12
_AT_ONCE = 1_000_000  # characters; what is longer is no page, and gets but two passes
_HEAD = 8  # lines at the head in which bylines and dates are looked for
_TAIL = 3  # the same at the end

_BREAK = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028]")
_MARKS = re.compile(
    r" ?\[(?:edit(?: source)?|citation needed|clarification needed|bearbeiten(?: \| quelltext"
    r" bearbeiten)?|modifier(?: \| modifier le code)?|editar(?: código)?|cita requerida)\]",
    re.I,
)
_NOTE = re.compile(r"\[\d{1,3}\] .{1,200}$")
_SITE = re.compile(r"\s+[|–—·-]\s+[^|–—]{1,40}$")


def clean(draft: Draft) -> Draft:
    """Tidy the text and move what it says of itself to title, authors, published and tags.

    Cleaning what is clean changes nothing. Never raises; the text may come out empty.
    """
    title = " ".join(normalise(draft.title or "").split()) or None
    authors, tags = credits.people(draft.authors), credits.split_tags(draft.tags)
    draft = replace(draft, title=title, authors=authors, tags=tags)
    # A line taken away may lay bare another that has to go, so until nothing changes; no text of
    # a person's needs more passes.
    for _ in range(min(_PASSES, 2 + _AT_ONCE // (len(draft.text) + 1))):
        if (cleaner := _once(draft)) == draft:
            break
        draft = cleaner
    return draft


def normalise(text: str) -> str:
    """Composed characters, `\\n` for every line end, single spaces, nothing invisible."""
    text = _BREAK.sub("\n", text.replace("\u00ad\n", "")).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", text.translate(_CHARACTERS))
    text = re.sub(" *\n *", "\n", re.sub("  +", " ", text))
    return re.sub("\n{3,}", "\n\n", text).strip()


class _Characters(dict[int, str | None]):
    """A table for str.translate, filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        category = unicodedata.category(chr(code))
        kept = None if category in ("Cc", "Cf", "Cs", "Co") else chr(code)
        self[code] = " " if category == "Zs" else kept
        return self[code]


_CHARACTERS = _Characters({ord("\n"): "\n", ord("\t"): " "})


def _once(draft: Draft) -> Draft:
    text = _MARKS.sub("", normalise(draft.text))
    blocks = [_without_notes(block.split("\n")) for block in text.split("\n\n")]
    apart = ["\n".join(lines) for block in blocks for lines in paragraphs.split(block)]
    draft, lines = _take_labelled_tags(draft, "\n\n".join(apart).split("\n"))
    lines = edges.without_page(lines, draft.title, draft.authors)
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


# --- What the text says of itself -----------------------------------------------------------------


def _take_credits(draft: Draft, lines: list[str]) -> tuple[Draft, list[str]]:
    """Bylines and dates at the head, and at the end those that a word marks as such."""
    filled = _filled(lines)
    head, tail = filled[:_HEAD], filled[-_TAIL:]
    found = {i: credit for i in {*head, *tail} if (credit := credits.credit(lines[i]))}
    found |= _names_above_dates(draft, lines, head, found)
    if alone := [i for i, credit in found.items() if not credit.marked]:
        days = {day for line in lines if (day := credits.date_alone(line))}
        day = draft.published or found[alone[0]].published
        if days != {day} or not set(alone) <= set(head):  # a diary, or a date of the text's own
            found = {i: credit for i, credit in found.items() if credit.marked}
    for credit in sorted(found.values(), key=lambda credit: credit.updated):
        authors = draft.authors or credit.authors
        draft = replace(draft, authors=authors, published=draft.published or credit.published)
    return draft, _without(lines, found)


def _names_above_dates(
    draft: Draft, lines: list[str], head: list[int], found: dict[int, credits.Credit]
) -> dict[int, credits.Credit]:
    """Bylines that are nothing but a name, but for the first line, which may be a title."""
    return {
        above: credits.Credit((lines[above],))
        for above, i in pairwise(head)
        if above not in found
        and i in found
        and found[i].published
        and (above != head[0] or draft.title)
        and credits.bare_name(lines[above])
        and not _same(lines[above], draft.title or "")
    }


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


def _take_labelled_tags(draft: Draft, lines: list[str]) -> tuple[Draft, list[str]]:
    """Lines such as "Keywords: war, trade"; those with a single tag only at the end."""
    found = {i: tags for i, line in enumerate(lines) if (tags := credits.labelled_tags(line))}
    end = _filled(lines)[-_HEAD:]
    found = {i: tags for i, tags in found.items() if len(tags) > 1 or i in end}
    if not found or len(found) == len(_filled(lines)):
        return draft, lines
    tags = credits.split_tags([*draft.tags, *(tag for tags in found.values() for tag in tags)])
    return replace(draft, tags=tags), _without(lines, found)


def _take_tags(draft: Draft, lines: list[str]) -> tuple[Draft, list[str]]:
    """Last lines of tags, after the end of a sentence or a blank line."""
    filled = _filled(lines)
    found: list[str] = []
    while len(filled) >= 2:
        last = filled[-1]
        tags = credits.tags(lines[last])
        if not tags or not (lines[last - 1] == "" or paragraphs.ENDS.search(lines[last - 1])):
            break
        found += tags
        filled.pop()
    if not found:
        return draft, lines
    return replace(draft, tags=credits.split_tags([*draft.tags, *found])), lines[: filled[-1] + 1]


def _filled(lines: list[str]) -> list[int]:
    return [i for i, line in enumerate(lines) if line]


def _without(lines: list[str], dropped: Collection[int]) -> list[str]:
    return [line for i, line in enumerate(lines) if i not in dropped]


def _stands_alone(lines: list[str], i: int) -> bool:
    return not any(lines[max(i - 1, 0) : i] + lines[i + 1 : i + 2])


def _opens_text(lines: list[str], i: int) -> bool:
    """Whether the next line begins the text or repeats this one: else both may be verse."""
    line, following = lines[i], lines[i + 1]
    sentence = following.count(" ") >= 3 and bool(paragraphs.ENDS.search(following))
    longer = len(following) >= max(paragraphs.WRAP.start, 1.2 * len(line))
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
    return letters(line) == letters(title) != ""
