"""The article that is open beside the list: read it, see where it came from, change what it says
of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from assistant.records import Article
from assistant.ui import paper
from assistant.ui.parts import clipped, isolated, number, trouble
from assistant.ui.reasons import source_name
from assistant.ui.words import Words

LONGEST = 200_000  # characters shown of an article
VERSIONS = 8  # the latest ones are offered
SOURCES = 6


def nothing(say: Words) -> str:
    return f'<p class="reader-empty">{escape(say("Choose an article to read it here."))}</p>'


def reading(found: Article, newest: int, sources: Sequence[str], say: Words) -> str:
    """An article in one of its versions, of which `newest` is the latest."""
    shown = replace(found, text=found.text[:LONGEST], title=clipped(found.title, 600))
    shown = replace(shown, source=clipped(found.source, 300))
    text = paper.article(shown, (), say, note=_facts(found, newest, sources, say))
    return _bar(found, found.version == newest, say) + text + _cut(found, say)


def _cut(found: Article, say: Words) -> str:
    if len(found.text) <= LONGEST:
        return ""
    numbers = {"n": number(LONGEST, say), "all": number(len(found.text), say)}
    said = say("The first {n} of {all} characters are shown.", **numbers)
    return f'<p class="hint">{escape(said)}</p>'


def _bar(found: Article, newest: bool, say: Words) -> str:
    key, title = escape(found.id), escape(clipped(found.title, 80))
    edit = f'<button type="button" data-edit="{key}">{escape(say("Edit"))}</button>'
    return (
        f'<div class="reader-bar"><button type="button" data-ask="{key}" data-title="{title}">'
        f"{escape(say('Ask about this article'))}</button>{edit if newest else ''}"
        f"{_close(say)}</div>"
    )


def _close(say: Words) -> str:
    label = escape(say("Close the article"))
    return (
        f'<button type="button" class="close" aria-label="{label}">{escape(say("Close"))}</button>'
    )


def _facts(found: Article, newest: int, sources: Sequence[str], say: Words) -> str:
    """Tags, further sources and versions, as far as there are any."""
    tags = "".join(f"<bdi>{escape(clipped(tag, 40))}</bdi>" for tag in found.tags[:20])
    lines = [f'<p class="tags">{tags}</p>'] if tags else []
    if others := [source for source in sources if source != found.source]:
        names = [isolated(source_name(source)) for source in others[:SOURCES]]
        names += ["…"] if len(others) > SOURCES else []
        said = say("Also read from {sources}", sources=", ".join(names))
        lines.append(f"<p>{escape(said)}</p>")
    if newest > 1:
        lines.append(f'<p class="versions">{_versions(found, newest, say)}</p>')
    return f'<div class="facts-of">{"".join(lines)}</div>' if lines else ""


def _versions(found: Article, newest: int, say: Words) -> str:
    if found.version == newest:
        numbers = range(max(1, newest - VERSIONS), newest)
        buttons = "".join(_version(found, each, str(each), say) for each in numbers)
        said = say("Version {n} · earlier:", n=newest)
        return f"<span>{escape(said)}</span>{buttons}"
    said = say("Version {n} of {newest}, since replaced.", n=found.version, newest=newest)
    return f"<b>{escape(said)}</b>{_version(found, newest, say('Show the latest'), say)}"


def _version(found: Article, version: int, text: str, say: Words) -> str:
    label = escape(say("Version {n}", n=version))
    return (
        f'<button type="button" class="quiet" data-version="{escape(found.id)} {version}"'
        f' title="{label}">{escape(text)}</button>'
    )


def editing(found: Article, say: Words, wrong: str = "") -> str:
    """Its title, day and tags as fields."""
    day = found.published.isoformat() if found.published else ""
    key = escape(found.id)
    said = trouble(wrong) if wrong else ""
    return (
        f'<form class="edit" data-save="{key}">'
        f"<label><span>{escape(say('Title'))}</span>"
        f'<input name="title" dir="auto" autocomplete="off" value="{escape(found.title)}"></label>'
        f"<label><span>{escape(say('Published'))}</span>"
        f'<input type="date" name="published" value="{day}"></label>'
        f"<label><span>{escape(say('Tags, parted by commas'))}</span>"
        f'<input name="tags" dir="auto" autocomplete="off" value="{escape(", ".join(found.tags))}">'
        f'</label><div class="buttons"><button type="submit" class="save">{escape(say("Save"))}'
        f'</button><button type="button" class="quiet" data-cancel="{key}">{escape(say("Cancel"))}'
        f"</button></div>{said}</form>"
    )
