"""The line above a conversation: its title, and taking it along as a file."""

from __future__ import annotations

from html import escape

from assistant.ui import controls
from assistant.ui.words import Words

KINDS = {"markdown": "Markdown", "html": "HTML", "json": "JSON"}


def head(id: str, title: str, say: Words, visit: int = 0) -> str:
    """`visit` counts what the page has asked to be shown, so that it knows what it got."""
    choices = "".join(
        f'<button type="button" data-export="{kind}">{name}</button>'
        for kind, name in KINDS.items()
    )
    return (
        f'<div class="talk-head" data-conversation="{escape(id)}" data-visit="{visit}">'
        f'<h1 dir="auto">{escape(title)}</h1>{controls.menu(say("Export"), choices)}</div>'
    )


def none(visit: int) -> str:
    """Above a conversation that has not begun."""
    return f'<div class="talk-head" data-conversation="" data-visit="{visit}"></div>'
