"""What a line says of the article itself: who wrote it, when, and under which tags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.reading import dates

_LONGEST = 200  # characters; longer lines are text

_LABEL = re.compile(
    r"(?:tags?|topics?|keywords?|labels?|filed under|tagged(?: with| as)?|categor(?:y|ies)"
    r"|schlagwörter|schlagworte|themen|mots[- ]clés|etiquetas|palabras clave|temas)\s*:\s*(.+)",
    re.I,
)
_TAG = re.compile(r"[^\W\d_][\w'’&./-]*(?: [\w'’&./-]+){0,3}")
_HASHTAGS = re.compile(r"#\w+(?:[\s,]+#\w+)+")

_DATED = re.compile(
    r"\b(?:(?:first |originally |last |date )?(?:published|posted|updated|modified)|date"
    r"|publication date|last update|(?:veröffentlicht|erschienen|aktualisiert)(?: am)?|stand"
    r"|(?:publiée?|mise? à jour|modifiée?)(?: le)?|(?:publicado|actualizado)(?: el)?)\b"
    r"(?: on\b)?\s*:?",
    re.I,
)
_FIRST_DATED = re.compile(
    r"\b(?:published|posted|publication|veröffentlicht|erschienen|publiée?|publicado)\b", re.I
)
# Where the day comes before the month also in digits.
_DAY_FIRST = re.compile(
    r"\b(?:stand|uhr|veröffentlicht|aktualisiert|publiée?|modifiée?|mis|publicado|actualizado)\b",
    re.I,
)
_READ_TIME = re.compile(r"\b\d+[ -]min(?:ute)?s?(?: read)?\b", re.I)
_TIMED = re.compile(r" [-–—] .*\d{1,2}[:.h]\d{2}")
_ISSUE = re.compile(r"\b(?:issue|no\.|nr\.|vol\.|edition) ?#?\d+", re.I)
_HANDLE = re.compile(r"\(?(?<!\w)@\w+\)?|\(?\b[\w.+-]+@[\w-]+\.\w[\w.]*\)?")
_BYLINE = re.compile(
    r"(?:(?:written|reported|posted|published|story|text|words) )?by\b\s*:?\s*(.+)|"
    r"(?:authors?|writers?|reporters?)\s*:\s*(.+)",
    re.I,
)
# Words that begin headings as well, so only before two words of a name at least.
_BYLINE_BEFORE_NAMES = re.compile(
    r"(?:(?:an? |eine? |une? )?\w{4,12} )?(?:von|par|por)\s+(.+\s.+)"
    r"|(?:text|words|interview|story|reportage|autore?|autorin|auteure?)\s*:\s*(.+\s.+)",
    re.I,
)
_WORD = r"(?:[^\W\d_a-z][\w'’.-]*)"
_NAME = re.compile(
    rf"{_WORD}(?: (?:(?:de|da|di|du|van|von|der|den|la|le|el|al|bin|ibn|y)\b ?)*{_WORD})*"
)
# A newsroom's name for itself: "World desk", "Valley News 24 Desk".
_DESK = re.compile(rf"{_WORD}(?: (?:{_WORD}|\d+))* (?:[Dd]esk|[Ss]taff|[Tt]eam)")
_ACCOUNT = re.compile(
    r"@|https?:|www\.|\d|\b(?:admin\w*|web ?master|staff|editors?|editorial|\w+desk"
    r"|(?:news|web) desk|news ?room|team|news|press|agency|agencies|reuters|afp|tass|xinhua"
    r"|correspondent|reporter|contributors?|bureau|service|online|media)\b",
    re.I,
)
_SITE_WORDS = re.compile(
    r"(?:(?:the|our|site|web|news|world|city|guest|senior|special) )?(?:admin|administrator"
    r"|webmaster|staff(?: writer| reporter)?|(?:news|web) ?desk|editors?|news ?room|news team"
    r"|editorial(?: team| staff| board)?|correspondent|reporter|reuters|afp|associated press)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Credit:
    """What a line says of the article itself.

    `marked` lines carry a word or sign for it ("By", "Published", "@"); others are a date alone.
    """

    authors: tuple[str, ...] = ()
    published: date | None = None
    marked: bool = True
    updated: bool = False


def credit(line: str) -> Credit | None:
    """Read a line near the head or the end that says who wrote the article and when."""
    if len(line) > _LONGEST:
        return None
    day_first = bool(_DAY_FIRST.search(line))
    found = dates.find(line, day_first)
    rest = _HANDLE.sub(" ", _READ_TIME.sub(" ", dates.cut(line, day_first)))
    rest = _ISSUE.sub(" ", rest) if found else rest
    handled = bool(_HANDLE.search(line))
    dated = bool(found and _DATED.search(rest))
    rest = " ".join((_DATED.sub(" ", rest) if dated else rest).split()).strip(" ,;:|•·/–—-()")
    when = _first_published(line, found)
    updated = dated and not _FIRST_DATED.search(line)
    if not rest:
        return Credit((), when, dated or handled, updated) if found or handled else None
    if byline := _BYLINE.fullmatch(rest) or _BYLINE_BEFORE_NAMES.fullmatch(rest):
        names = _names(byline[1] or byline[2])
        return None if names is None else Credit(names, when)
    if _SITE_WORDS.fullmatch(rest):
        return Credit((), when)
    if (
        found and _TIMED.search(line) and bare_name(f"{rest} {rest}")
    ):  # "Madrid - 8 May 2023 - 9:30"
        return Credit((), when)
    beside = handled or (found and re.search("[|•·]", line))
    if beside and " " in rest and _NAME.fullmatch(rest):
        return Credit(people([rest]), when)
    return None


def bare_name(line: str) -> bool:
    """Whether a line may be nothing but somebody's name; headings may look like it."""
    return 1 <= line.count(" ") <= 3 and len(line) <= 40 and bool(_NAME.fullmatch(line))


def date_alone(line: str) -> date | None:
    """The date that makes up the whole line."""
    found = credit(line) if len(line) <= 60 else None
    return found.published if found and not found.marked else None


def people(names: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The names of persons among `names`, each once; site accounts and agencies are left out."""
    tidy = (" ".join(_HANDLE.sub(" ", name).split()).strip(" ,;|") for name in names)
    return tuple(dict.fromkeys(name for name in tidy if name and not _ACCOUNT.search(name)))


def tags(line: str) -> tuple[str, ...] | None:
    """The tags that a last line lists; None for a line of text."""
    if len(line) > 2 * _LONGEST:
        return None
    if label := _LABEL.fullmatch(line):
        return split_tags([label[1]])
    if _HASHTAGS.fullmatch(line):
        return split_tags([line.replace("#", ",")])
    items = [item.strip() for item in line.split(",")]
    if not 3 <= len(items) <= 20 or not all(_is_tag(item) for item in items):
        return None
    capitals = sum(item[0].isupper() for item in items)
    return split_tags(items) if capitals * 2 > len(items) else None


def labelled_tags(line: str) -> tuple[str, ...]:
    """The tags behind a word for them; empty for any other line."""
    label = _LABEL.fullmatch(line) if len(line) <= _LONGEST else None
    items = [item.strip(" #") for item in re.split("[,;|]", label[1])] if label else []
    return split_tags(items) if all(map(_is_tag, items)) else ()


def split_tags(values: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Single tags out of keyword strings parted by commas or semicolons, each once."""
    items = (item.strip(" #.\n") for value in values for item in re.split("[,;]", value))
    tags: dict[str, str] = {}
    for item in items:
        tags.setdefault(item.casefold(), item)
    return tuple(tag for tag in tags.values() if tag)


def _is_tag(item: str) -> bool:
    return (
        len(item) <= 40
        and bool(_TAG.fullmatch(item))
        and not item.endswith(".")
        and not re.search(r"\b(?:and|or|but|he|she|it|they|was|were|is|are|said|had|has)\b", item)
    )


def _first_published(line: str, found: list[tuple[int, date]]) -> date | None:
    """The date after "Published" where the line has one, else its first date."""
    word = _FIRST_DATED.search(line)
    after = [day for start, day in found if word and start >= word.end()]
    return next(iter(after or [day for _, day in found]), None)


def _names(text: str) -> tuple[str, ...] | None:
    """The persons in what follows "By"; empty for a site account, None where it is no name."""
    text = re.split(r"\s+(?:in|for|at|from|für|pour|para)\s+[A-Z]|\s*[|•·–—]\s*|\s+-\s+", text)[
        0
    ].strip(" ,;:")
    several = re.search(r"\s(?:and|und|et|y|&)\s|;", text)
    parts = re.split(r"\s+(?:and|und|et|y|&)\s+|\s*[,;]\s*", text)
    names = [part for part in parts if part] if several else parts[:1]
    forms = (_NAME, _SITE_WORDS, _DESK)
    if not names or not all(any(form.fullmatch(name) for form in forms) for name in names):
        return None
    if re.match(r"(?:The|A|An|My|Our|This)\b", text) and not _ACCOUNT.search(text):
        return None
    return people([name for name in names if len(name) <= 50])
