"""Markup fit for a tree of lxml, which raises for some characters when the tree is changed."""

from __future__ import annotations

import re

_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")


def parsable(page: str) -> str:
    """`page` with a space for each character that no tree can hold, as such or as a reference."""
    # A space, for without anything "&#&#1;1;" would turn into what was to be taken out.
    return _WRITTEN.sub(_reference, _NEVER.sub(" ", page))


def _reference(match: re.Match[str]) -> str:
    digits = (match[1] or match[2]).lstrip("0")
    if len(digits) > 5:  # further on than all that are taken out
        return match[0]
    code = int(digits or "0", 16 if match[1] else 10)
    return " " if code <= 0x10FFFF and _NEVER.match(chr(code)) else match[0]
