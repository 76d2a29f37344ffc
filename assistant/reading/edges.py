"""Menus above a text, boxes below it, running heads within it: told by the lines beside them.

A word of a menu may as well be a heading, so it goes only where it stands among lines that `noise`
is sure of. Sentences are never taken for parts of a menu.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.reading import credits, noise, repeats
from assistant.reading.lines import WORDS, is_prose, letters, looks_like_title
from assistant.reading.paragraphs import ENDS, ITEM, is_row

_HEAD = 60  # lines above the first sentence that may be a menu
_BYLINE = 10  # lines at the head and at the end in which names alone are a byline
_BIO = 5  # lines at the end in which the author is spoken of
_LISTING = 12  # other articles in a box
_GAP = 5  # lines of a box that nothing marks as such

_MINUTES = re.compile(r"\b\d+[ -]?min\b|(?:reading time|lesezeit|temps de lecture)", re.I)
_LIVES = (
    r"(?:,| is| has| was| covers| writes| reports| works| lives| joined| runs| teaches| can be"
    r"| ist| schreibt| arbeitet| lebt| berichtet| est| écrit| vit| es| escribe| trabaja| vive)\b"
)
_FIELD = re.compile(
    r"(From|Date|Sent|To|Cc|Reply-To|Subject|Von|Gesendet|An|Datum|Betreff|De|À|Objet|Envoyé|Para"
    r"|Fecha|Asunto): .+"
)
_THOUGHTS = re.compile(r"\d+ (?:thoughts?|responses?|comments?|replies) (?:on|to) (.+)")
_DASHES = re.compile("-- ?")


def without_page(lines: list[str], title: str | None, authors: tuple[str, ...]) -> list[str]:
    """The lines without those that belong to the page; blank lines stay."""
    lines = _without_mail(lines)
    filled = [i for i, line in enumerate(lines) if line]
    gone = {i for i in filled if noise.is_noise(lines[i]) or noise.is_label(lines[i])}
    gone |= {
        *repeats.running_heads(lines, filled),
        *repeats.contents(lines, filled),
        *_labelled(lines, filled),
    }
    gone |= {*_answered(lines, filled, title)}
    gone |= {*_above(lines, filled, title, authors), *_below(lines, filled, authors)}
    return [line for i, line in enumerate(lines) if i not in gone]


def _is_sure(line: str) -> bool:
    """Whether a line is noise and more than a rule of dashes, as headings are underlined with."""
    worded = any(map(str.isalnum, line))
    return worded and (noise.is_noise(line) or noise.is_label(line))


# --- Mails ----------------------------------------------------------------------------------------


def _without_mail(lines: list[str]) -> list[str]:
    """Without the fields above a forwarded mail (but its date) and the signature below it."""
    fields = [i for i, line in enumerate(lines[:20]) if _FIELD.fullmatch(line)]
    together = len(fields) >= 3 and fields[-1] - fields[0] < len(fields) + 2
    if not together or not any(re.match("From|Von|De", lines[i]) for i in fields):
        return lines
    ends = [i for i, line in enumerate(lines) if _DASHES.fullmatch(line) and i > fields[-1]]
    last = ends[-1] if ends and len(lines) - ends[-1] < 25 else len(lines)
    dates = ("Date", "Sent", "Datum", "Gesendet", "Envoyé", "Fecha")
    return [
        line for i, line in enumerate(lines[:last]) if i not in fields or line.startswith(dates)
    ]


# --- Above ----------------------------------------------------------------------------------------


def _above(
    lines: list[str], filled: list[int], title: str | None, authors: tuple[str, ...]
) -> Iterator[int]:
    """What stands above the title, and menu words between the title and the first sentence."""
    first = next((n for n, i in enumerate(filled) if is_prose(lines[i])), len(filled))
    head = filled[: min(first, _HEAD)]
    named = {letters("".join(authors))} - {""}
    yield from (i for i in filled[:_BYLINE] + filled[-_BYLINE:] if _names(lines[i]) in named)
    at = _title_at([lines[i] for i in head], title) if first < len(filled) else None
    if at is None:
        return
    above, below = head[:at], head[at + 1 :]
    menu = sum(noise.is_menu(lines[i]) for i in above)
    if title or menu in (len(above), *range(2, _HEAD)) or any(_is_sure(lines[i]) for i in above):
        kept = (i for i in above if _ends_a_sentence(lines[i]) or credits.credit(lines[i]))
        yield from {*above} - {*kept}
    sure = sum(_is_sure(lines[i]) or bool(credits.credit(lines[i])) for i in below)
    if sure >= 2:
        yield from (i for i in below if noise.is_menu(lines[i]))


def _title_at(head: list[str], title: str | None) -> int | None:
    """The place of the title: the known one, else the line above the first byline or date."""
    if title:
        same = [n for n, line in enumerate(head) if letters(line) == letters(title)]
        return same[-1] if same else None
    good = [n for n, line in enumerate(head) if _may_be_title(line)]
    long = [n for n in good if head[n].count(" ") >= 2]
    told = [n for n, line in enumerate(head) if credits.credit(line) or _MINUTES.search(line)]
    if good[:1] == [0] and not any(map(noise.is_menu, head[1 : (told or [1])[0]])):
        return 0  # nothing stands above it
    if not told:
        return next(iter(long or good), None)
    above = [n for n in long or good if n < told[0]]
    return above[-1] if above else None


def _may_be_title(line: str) -> bool:
    known = _is_sure(line) or noise.is_menu(line) or credits.credit(line)
    return looks_like_title(line) and not known


def _ends_a_sentence(line: str) -> bool:
    return len(line) > 90 or (bool(ENDS.search(line)) and line.count(" ") >= 2)


def _names(line: str) -> str:
    return letters(re.sub(r"\b(?:by|and|und|et|y|von|par|por)\b", "", line, flags=re.I))


# --- Below ----------------------------------------------------------------------------------------


def _below(lines: list[str], filled: list[int], authors: tuple[str, ...]) -> Iterator[int]:
    """From the first noise behind the last sentence to the end, and the author's portrait."""
    if sum(is_prose(lines[i]) for i in filled[:-1]) == 0:
        return
    bio = {i for i in filled[-_BIO:] if _is_bio(lines[i], authors)}
    yield from bio
    best, total, known, certain, gap = len(filled), 0, 0, 0, 0
    for n in reversed(range(len(filled))):
        line = lines[filled[n]]
        if filled[n] in bio:
            continue
        if not any(map(str.isalnum, line)):
            continue
        sure, menu = _is_sure(line), noise.is_menu(line)
        if is_prose(line) or (is_row(line) and not sure) or _goes_on(line) or gap >= _GAP:
            break
        total, known, certain = total + 1, known + (sure or menu), certain + sure
        gap = 0 if sure or menu else gap + 1
        if (sure or (menu and certain >= 2)) and 3 * known >= total:
            best = n
    tail = filled[best:]
    if sum(_is_sure(lines[i]) for i in tail) >= 2 or any(noise.is_label(lines[i]) for i in tail):
        yield from tail


def _answered(lines: list[str], filled: list[int], title: str | None) -> list[int]:
    """The comments of others, from "3 thoughts on “Title”" to the end."""
    for n, i in enumerate(filled):
        heading = _THOUGHTS.fullmatch(lines[i])
        if heading and title and letters(heading[1]) == letters(title) and 2 * n > len(filled):
            return filled[n:]
    return []


def _goes_on(line: str) -> bool:
    """Whether a line is part of a sentence that runs over several."""
    return line[:1].islower() and line.count(" ") >= WORDS - 1 and not _is_sure(line)


def _is_bio(line: str, authors: tuple[str, ...]) -> bool:
    names = "|".join(re.escape(name) for name in authors if " " in name)
    if not names or len(line) > 300:
        return False
    return bool(re.match(rf"(?:{names}){_LIVES}", line))


# --- Within ---------------------------------------------------------------------------------------


def _labelled(lines: list[str], filled: list[int]) -> Iterator[int]:
    """The items below a label such as "Most read", in its own block or as a list behind it."""
    for i in filled:
        if not noise.is_label(lines[i]):
            continue
        block = _block(lines, i + 1)
        if not block and i + 2 < len(lines):
            block = [j for j in _block(lines, i + 2) if ITEM.match(lines[j])]
        items = [j for j in block if ITEM.match(lines[j])] or block
        if (
            len(items) <= _LISTING
            and all(" " in lines[j] for j in items)
            and all(not is_prose(lines[j]) for j in (block if items == block else items))
        ):
            yield from items


def _block(lines: list[str], start: int) -> list[int]:
    end = start
    while end < len(lines) and lines[end] and end - start < _HEAD:
        end += 1
    return list(range(start, end))
