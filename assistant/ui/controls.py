"""What a person can do with an answer, as HTML; chat.js does it."""

from __future__ import annotations

from html import escape

from assistant.ui.words import Words


def controls(
    say: Words, *, liked: bool | None = None, remark: str = "", answered: bool = False
) -> str:
    """`answered`: it can be copied and judged as well as asked again."""
    again = _button("again", say("Ask again")) + _button("edit", say("Edit"))
    copying = _copying(say) if answered else ""
    verdict = _verdict(say, liked, remark) if answered else ""
    return (
        f'<div class="controls" role="group" aria-label="{say("This answer")}">'
        f"{copying}{again}{verdict}</div>"
    )


def menu(text: str, choices: str) -> str:
    return (
        f'<details class="menu"><summary>{text}</summary><div class="choices">{choices}</div>'
        "</details>"
    )


def _copying(say: Words) -> str:
    markdown = _button("copy-markdown", say("With footnotes, as Markdown"))
    plain = _button("copy-plain", say("With footnotes, as plain text"))
    return menu(say("Copy"), markdown + plain)


def _verdict(say: Words, liked: bool | None, remark: str) -> str:
    return "".join(
        f'<button type="button" class="thumb {name}" data-do="{name}" aria-label="{text}"'
        f' title="{text}" aria-pressed="{"true" if liked is wanted else "false"}"'
        f' data-remark="{escape(remark) if liked is wanted else ""}"></button>'
        for name, text, wanted in (
            ("like", say("Good answer"), True),
            ("dislike", say("Bad answer"), False),
        )
    )


def _button(name: str, text: str) -> str:
    return f'<button type="button" data-do="{name}">{text}</button>'
