"""The parts that every page of the evaluation is made of. All text passes through `esc`.

A page is one file: styles, plots and the few lines of script are in it, and its content policy
forbids the browser to load anything or to run any other script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Protocol

# Control characters, halves of characters, and the marks that turn the direction of writing.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_HERE = Path(__file__).parent


class Say(Protocol):
    """Says an English text in the reader's language, with values for its {places}."""

    @property
    def language(self) -> str: ...

    def __call__(self, english: str, **values: object) -> str: ...

    def count(self, number: int, one: str, many: str) -> str: ...

    def error(self, error: str) -> str: ...


@dataclass(frozen=True)
class English:
    language: str = "en"

    def __call__(self, english: str, **values: object) -> str:
        return english.format(**values) if values else english

    def count(self, number: int, one: str, many: str) -> str:
        return self(one if number == 1 else many, n=f"{number:,}")

    def error(self, error: str) -> str:
        return error


ENGLISH: Say = English()


def named(say: Say, name: str) -> str:
    """A figure's name; what stands behind its colon is a kind of question."""
    return ": ".join(say(part) for part in name.split(": "))


def plain(text: str) -> str:
    """Without what a terminal or a browser could take for more than text."""
    return _CONTROL.sub("", text)


def esc(text: str) -> str:
    return escape(plain(text))


def share(value: float, say: Say = ENGLISH) -> str:
    return decimal(f"{value:.2f}", say)


def decimal(number: str, say: Say) -> str:
    """A number with the language's own decimal sign."""
    return number.replace(".", ",") if say.language == "de" else number


def percent(value: float) -> str:
    """A share as a length; the plots are drawn in percent of their width."""
    return f"{100 * value:.2f}%"


def badge(tone: str, text: str) -> str:
    return f'<span class="badge {tone}">{esc(text)}</span>'


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    chosen: Callable[[Sequence[str]], bool] = lambda row: False,
) -> str:
    """A table of texts; the first column names the row, the others hold numbers.

    A row that is `chosen` stands out.
    """
    heads = "".join(f'<th scope="col">{esc(name)}</th>' for name in head)
    body = "".join(_row(row, ' class="chosen"' if chosen(row) else "") for row in rows)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{esc(caption)}">'
        f"<table><caption>{esc(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Sequence[str], css: str) -> str:
    cells = "".join(f"<td>{esc(cell)}</td>" for cell in row[1:])
    return f'<tr{css}><th scope="row">{esc(row[0])}</th>{cells}</tr>'


def section(title: str, *parts: str, note: str = "") -> str:
    """A part of the page under its heading; `parts` are HTML, empty ones are left out."""
    said = f'<p class="note">{esc(note)}</p>' if note else ""
    return f"<section><h2>{esc(title)}</h2>{said}{''.join(parts)}</section>"


def beside(plot: str, numbers: str, wide: bool = False) -> str:
    """A plot and the table of its numbers, which has many columns where it is `wide`."""
    return (
        f'<div class="beside{" wide" if wide else ""}"><div>{plot}</div><div>{numbers}</div></div>'
    )


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """What the colours mean: pairs of colour class and name."""
    items = "".join(f'<li><i class="{tone}"></i>{esc(name)}</li>' for tone, name in entries)
    return f'<ul class="legend">{items}</ul>'


def document(
    title: str,
    above: str,
    facts: Sequence[str],
    *parts: str,
    lines: bool = False,
    language: str = "en",
) -> str:
    """The whole page. `above` is the small line over the title, `facts` stand below it, in one line
    or in `lines` of their own.
    """
    style, script = (_file(name) for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    under = "".join(f"<li>{esc(fact)}</li>" for fact in facts if fact)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        '<meta name="color-scheme" content="light dark"/>'
        f"<title>{esc(title)}</title><style>{style}</style></head><body><main>"
        f'<header><p class="above">{esc(above)}</p><h1>{esc(title)}</h1>'
        f'<ul class="facts{" lines" if lines else ""}">{under}</ul></header>{"".join(parts)}</main>'
        f"<script>{script}</script></body></html>\n"
    )


def _file(name: str) -> str:
    return (_HERE / name).read_text("utf-8").strip()
