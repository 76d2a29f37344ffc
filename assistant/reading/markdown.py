"""Markdown → a draft in plain text: the marks go, what they mark stays."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from assistant.reading import dates
from assistant.reading.draft import Draft

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"([\w-]+)[ \t]*:[ \t]*(.*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\](?!:)")


def read(text: str) -> Draft:
    """Title, authors, date and tags come from the front matter; else the title is the first `#`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    fields = _fields(front[1]) if front else {}
    body, heading = _plain(text[front.end() :] if front else text)
    when = [*fields.get("date", []), *fields.get("published", [])]
    return Draft(
        text=body,
        title=next(iter(fields.get("title", [])), heading),
        authors=(*fields.get("author", ()), *fields.get("authors", ())),
        published=next((day for value in when if (day := dates.parse(value))), None),
        tags=(*fields.get("tags", ()), *fields.get("keywords", ())),
    )


def _fields(front: str) -> dict[str, list[str]]:
    """`key: value`, `key: [a, b]` and `key:` with `- item` lines; anything else is passed over.

    Hand-written front matter is often not quite YAML ("title: War: a history"), so no YAML parser.
    """
    fields: dict[str, list[str]] = {}
    key = ""
    for line in front.splitlines():
        if field := _FIELD.fullmatch(line.rstrip()):
            key, value = field[1].lower(), field[2]
            listed = re.fullmatch(r"\[(.*)\]", value)
            fields[key] = [
                _unquoted(item) for item in (listed[1].split(",") if listed else [value])
            ]
        elif key and (item := re.fullmatch(r"\s*-\s+(.+)", line)):
            fields[key].append(_unquoted(item[1]))
    return {key: [value for value in values if value] for key, values in fields.items()}


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = re.fullmatch(r"(['\"])(.*)\1", value)
    return quoted[2] if quoted else value


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _plain(source: str) -> tuple[str, str | None]:
    """The text without marks, and the first heading of the first level."""
    tokens = _parser().parse(source)
    out: list[str] = []
    heading: str | None = None
    marker, lists = "", 0
    for i, token in enumerate(tokens):
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            lists += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            lists -= 1
            out.append("\n" if not lists else "")
        elif kind == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "- "
        elif kind == "inline" and tokens[i - 1].type in ("th_open", "td_open"):
            out.append(_inline(token.children or ()) + " | ")
        elif kind == "tr_close":
            out[-1] = out[-1].removesuffix(" | ") + "\n"
        elif kind == "inline":
            line = _inline(token.children or ())
            if tokens[i - 1].tag == "h1":
                heading = heading or line
            out.append(f"{marker}{line}\n" if lists else f"{line}\n\n")
            marker = ""
        elif kind in ("fence", "code_block"):
            out.append(f"{token.content}\n\n")
        elif kind == "html_block":
            out.append(html.unescape(_TAG.sub("", _COMMENT.sub("", token.content))) + "\n")
        elif kind == "table_close":
            out.append("\n")
    return "".join(out), heading


def _inline(tokens: Sequence[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    kept = ("text", "code_inline")
    parts = (
        breaks.get(token.type) or (token.content if token.type in kept else "") for token in tokens
    )
    return _FOOTNOTE.sub("", "".join(parts))
