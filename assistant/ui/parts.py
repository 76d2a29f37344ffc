"""Small things that the views of the page share."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import gradio as gr

from assistant.ui.words import Words, label

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Without "multiple", Gradio drops an event that comes while the one before it is being answered.
IN_TURN: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 1, **QUIET}


def trouble(message: str) -> str:
    return f'<div class="trouble" role="alert">{escape(message)}</div>'


def part(name: str, *, live: bool = False, js: str | None = None) -> gr.HTML:
    """An empty piece of HTML to be filled by handlers; `live` ones are read out as they change."""
    around = '<div aria-live="polite">${value}</div>' if live else "<div>${value}</div>"
    return gr.HTML("", html_template=around, elem_id=name, apply_default_css=False, js_on_load=js)


def box(placeholder: str, name: str, id: str | None = None, lines: int = 1) -> gr.Textbox:
    """A box that grows up to so many lines; Enter sends off what is in it."""
    return gr.Textbox(
        placeholder=label(placeholder), label=label(name), show_label=False, container=False,
        lines=1, max_lines=lines, elem_id=id,
    )  # fmt: skip


def listening(*names: str) -> str:
    """For `part`: a click on something with data-NAME becomes the event NAME, of an id."""
    quoted = ", ".join(f"'{name}'" for name in names)
    return f"assistantArticles.listen(element, trigger, [{quoted}]);\n"


def isolated(text: str) -> str:
    """For the middle of a sentence: signs in it that turn the direction of writing end with it."""
    return f"\u2068{text}\u2069"


def clipped(text: str, length: int) -> str:
    """`text` on one line and no longer than `length`."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length and len(text) <= 4 * length else f"{line[: length - 1]}…"


def day(when: date | None, say: Words) -> str:
    """“19 Mar 2025”, in German „19.03.2025“."""
    if when is None:
        return ""
    return f"{when:%d.%m.%Y}" if say.language == "de" else f"{when.day} {when:%b %Y}"


def number(value: int, say: Words) -> str:
    return say.count(value, "{n}", "{n}")
