"""The list of the articles: what is looked for among them, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from assistant.records import ArticleInfo
from assistant.ui.parts import clipped, day, isolated, number
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.library.catalog import Counts

ROWS = 100  # shown at once, and so many more each time

FILES, UPLOADS, PASTED = "files:", "uploads:", "pasted:"  # no site is called so


@dataclass(frozen=True)
class Choice:
    """What a person wants to see of the articles."""

    search: str = ""
    order: str = "newest"
    tag: str = ""
    place: str = ""
    since: date | None = None
    until: date | None = None
    rows: int = ROWS

    def chosen(self, values: dict[str, Any]) -> Choice:
        """With what the filters say now."""
        order, tag, place = (str(values.get(key) or "") for key in ("order", "tag", "place"))
        since, until = (_day(values.get(key)) for key in ("since", "until"))
        return Choice(self.search, order, tag, place, since, until)

    @property
    def narrows(self) -> bool:
        return replace(self, order="newest", rows=ROWS) != Choice()


def _day(value: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(str(value or ""))
    return None


class Line:
    """An article with what it is looked up by, each made once."""

    def __init__(self, info: ArticleInfo, added: float = 0.0) -> None:
        self.info = info
        self.added = added

    @cached_property
    def searched(self) -> str:
        info = self.info
        words = (info.title, info.source, info.site or "", info.id, *info.authors, *info.tags)
        return " ".join(words).casefold()

    @cached_property
    def title(self) -> str:
        return self.info.title.casefold()

    @cached_property
    def tags(self) -> frozenset[str]:
        return frozenset(tag.casefold() for tag in self.info.tags)

    @cached_property
    def place(self) -> str:
        """The site that it came from, or which kind of other place."""
        info = self.info
        for name, kind in (("upload:", UPLOADS), ("pasted:", PASTED)):
            if info.source.startswith(name):
                return kind
        return info.site or _host(info.source) or FILES


def _host(source: str) -> str:
    with suppress(ValueError):
        return (urlsplit(source).hostname or "").removeprefix("www.")
    return ""


class Articles(Protocol):
    def articles(self) -> list[ArticleInfo]: ...

    def added_at(self) -> dict[str, float]: ...

    def counts(self) -> Counts: ...


class Shelf:
    """The articles as they were read last: a library of thousands is not read for every letter."""

    def __init__(self, library: Articles) -> None:
        self._library = library
        self._kept: tuple[object, list[Line]] | None = None

    def lines(self) -> list[Line]:
        """Newest first; read again where the library holds another number of things by now."""
        counts, kept = self._library.counts(), self._kept
        if kept is None or kept[0] != counts:
            added = self._library.added_at()
            found = self._library.articles()
            kept = counts, [Line(info, added.get(info.id, 0.0)) for info in found]
            self._kept = kept
        return kept[1]

    def articles(self) -> list[ArticleInfo]:
        return [line.info for line in self.lines()]

    def forget(self) -> None:
        """To be said where something has changed that no number tells."""
        self._kept = None


def chosen(lines: Iterable[Line], choice: Choice) -> list[Line]:
    """Those that hold every word of the search and lie within all filters, in the order wanted."""
    words, tag = choice.search.casefold().split(), choice.tag.casefold()
    found = [
        line
        for line in lines
        if (not tag or tag in line.tags)
        and (not choice.place or choice.place == line.place)
        and _within(line.info.published, choice)
        and all(word in line.searched for word in words)
    ]
    if choice.order == "title":
        found.sort(key=lambda line: line.title)
    elif choice.order == "added":
        found.sort(key=lambda line: line.added, reverse=True)
    elif choice.order == "oldest":
        found.sort(key=lambda line: line.info.published or date.max)
    return found


def _within(published: date | None, choice: Choice) -> bool:
    if choice.since is None and choice.until is None:
        return True
    if published is None:
        return False
    return (choice.since or date.min) <= published <= (choice.until or date.max)


def table(lines: Sequence[Line], choice: Choice, say: Words) -> str:
    """The rows that are wanted; without any article an invitation to add some."""
    if not lines:
        return _invitation(say)
    found = chosen(lines, choice)
    if not found:
        said = say("No article matches.")
        return f'<p class="empty">{escape(said)} {_clear(say)}</p>'
    head = (
        f'<tr><th scope="col">{escape(say("Title"))}</th>'
        f'<th scope="col" class="date">{escape(say("Published"))}</th>'
        '<th scope="col" class="act">'
        f'<span class="unseen">{escape(say("Actions"))}</span></th></tr>'
    )
    rows = "".join(_row(line, say) for line in found[: choice.rows])
    return (
        f'{_count(len(found), len(lines), choice, say)}<table class="articles">'
        f"<thead>{head}</thead><tbody>{rows}</tbody></table>{_more(len(found), choice, say)}"
    )


def _count(found: int, all_: int, choice: Choice, say: Words) -> str:
    if not choice.narrows:
        return '<p class="found" hidden></p>'
    said = say("{n} of {all} articles", n=number(found, say), all=number(all_, say))
    return f'<p class="found"><span role="status">{escape(said)}</span>{_clear(say)}</p>'


def _clear(say: Words) -> str:
    shown = escape(say("Show all"))
    return f'<button type="button" class="quiet" data-clear="1">{shown}</button>'


def _more(found: int, choice: Choice, say: Words) -> str:
    left = found - choice.rows
    if left <= 0:
        return ""
    said = escape(say("Show {n} more", n=number(min(left, ROWS), say)))
    of = escape(say("{n} of {all}", n=number(choice.rows, say), all=number(found, say)))
    button = f'<button type="button" class="more" data-more="{choice.rows + ROWS}">{said}</button>'
    return f'<p class="page">{button}<span>{of}</span></p>'


def _row(line: Line, say: Words) -> str:
    info, key = line.info, escape(line.info.id)
    plain = clipped(info.title, 240)
    title, named = escape(plain), escape(clipped(info.title, 80))
    when = escape(day(info.published, say))
    tags = "".join(f"<span><bdi>{escape(clipped(tag, 32))}</bdi></span>" for tag in info.tags[:5])
    ask = escape(say("Ask about “{title}”", title=isolated(clipped(info.title, 80))))
    remove = escape(say("Remove “{title}”", title=isolated(clipped(info.title, 80))))
    return (
        f'<tr><td><button type="button" class="link" dir="auto" data-open="{key}">{title}</button>'
        f'<span class="source"><span title="{escape(clipped(info.source, 300))}">'
        f"<bdi>{escape(came_from(info, say))}</bdi></span>"
        f"{f'<span class=when>{when}</span>' if when else ''}{tags}</span></td>"
        f'<td class="date">{when or "—"}</td>'
        f'<td class="act"><button type="button" class="quiet" data-ask="{key}" data-title="{named}"'
        f' aria-label="{ask}">{escape(say("Ask"))}</button>'
        f'<button type="button" class="quiet" data-remove="{key}" aria-label="{remove}">'
        f"{escape(say('Remove'))}</button></td></tr>"
    )


def came_from(info: ArticleInfo, say: Words) -> str:
    """Its site, or the name of its file."""
    place = Line(info).place
    if place == PASTED:
        return say("Pasted text")
    if place in (FILES, UPLOADS):
        return clipped(Path(info.source.removeprefix("upload:")).name or info.source, 80)
    return clipped(place, 80)


def _invitation(say: Words) -> str:
    kinds = say(
        "Drop PDF, Word, EPUB, web pages, e-mails, plain text or whole exports above; paste an"
        " address, or the address of a feed. They stay on this machine."
    )
    return (
        f'<div class="inviting"><h2>{escape(say("No articles yet"))}</h2><p>{escape(kinds)}</p>'
        f'<button type="button" class="samples" data-samples="1">'
        f"{escape(say('Try it with sample articles'))}</button></div>"
    )
