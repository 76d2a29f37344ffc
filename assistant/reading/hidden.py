"""Drops what a web page holds and a reader of it does not see.

Text that nobody sees is never worth a quote, and it is where orders to a machine are hidden. Looked
at are the attributes of an element and the rules for single classes and ids in the page itself;
other style sheets are not part of a saved article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UNSEEN = (
    "//template | //*[@hidden]"
    " | //*[@aria-hidden='true'][not(self::body or self::main)][not(.//article)]"
)
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]+)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[.#][\w-]+")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_FAR = 900  # pixels: further away than any screen is wide
_WHITES = {"white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent"}


_Rules = Mapping[str, Mapping[str, str]]


def drop_hidden(tree: Any) -> None:
    """Take the unseen elements out of an lxml tree; what follows them stays."""
    for element in tree.xpath(_UNSEEN):
        _drop(element)
    rules = _rules(tree)
    for element in list(tree.iter("*")):
        styles = _declared(element, rules)
        if _hides(styles) or _is_faded(element, styles) or _is_unseen(element, styles, rules):
            _drop(element)


def _drop(element: Any) -> None:
    if element.getparent() is not None and element.tag not in ("html", "body"):
        element.drop_tree()


def _rules(tree: Any) -> dict[str, dict[str, str]]:
    """The declarations of each `.class` and `#id` that a style element names by itself."""
    rules: dict[str, dict[str, str]] = {}
    for style in tree.iter("style"):
        for selectors, body in _RULE.findall(style.text or ""):
            for selector in map(str.strip, selectors.split(",")):
                if _SIMPLE.fullmatch(selector):
                    rules.setdefault(selector, {}).update(_declarations(body))
    return rules


def _declared(element: Any, rules: _Rules) -> dict[str, str]:
    names = [f".{name}" for name in (element.get("class") or "").split()]
    names += [f"#{element.get('id')}"]
    styles: dict[str, str] = {}
    for name in names:
        styles |= rules.get(name, {})
    return styles | _declarations(element.get("style") or "")


def _declarations(text: str) -> dict[str, str]:
    found = {}
    for name, value in _DECLARATION.findall(text.lower()):
        found[name] = re.sub(r"\s+", "", value.replace("!important", ""))
    return found


def _ground(element: Any, rules: _Rules) -> str:
    """The colour behind an element's text, as declared nearest to it; white where none is."""
    while element is not None:
        styles = _declared(element, rules)
        if colour := styles.get("background-color") or styles.get("background"):
            return colour
        element = element.getparent()
    return "white"


def _hides(styles: Mapping[str, str]) -> bool:
    return (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or _is_nothing(styles.get("font-size"))
        or _is_away(styles)
        or styles.get("clip", "").startswith("rect(0")
    )


def _is_unseen(element: Any, styles: Mapping[str, str], rules: _Rules) -> bool:
    """Whether the text has the colour of what is behind it."""
    colour = styles.get("color", "")
    if not colour:
        return False
    return colour == "transparent" or _same(colour, _ground(element, rules))


def _is_faded(element: Any, styles: Mapping[str, str]) -> bool:
    """Whole articles are faded in by a script that a saved page no longer runs."""
    faded = _is_nothing(styles.get("opacity"))
    return faded and not element.xpath("boolean(descendant-or-self::article | .//main | .//h1)")


def _is_nothing(value: str | None) -> bool:
    number = _NUMBER.match(value or "")
    return number is not None and abs(float(number[0])) < 0.02


def _same(one: str, other: str) -> bool:
    return one == other or (one in _WHITES and other in _WHITES)


def _is_away(styles: Mapping[str, str]) -> bool:
    sides = ["text-indent"]
    if styles.get("position") in ("absolute", "fixed"):
        sides += ["left", "right", "top", "bottom"]
    numbers = (_NUMBER.match(styles.get(side, "")) for side in sides)
    return any(number is not None and float(number[0]) <= -_FAR for number in numbers)
