"""Every text of the page has its German, with the same gaps; no German is left over."""

from __future__ import annotations

import ast
import calendar
import re
import string
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest

import assistant.ui
from assistant import assets, config
from assistant.ui import words

UI = Path(assistant.ui.__file__).parent
SOURCES = [*sorted(UI.rglob("*.py")), *sorted(UI.rglob("*.js"))]
GERMAN = sorted((UI / "german").glob("*.toml"))
SAID = [path for path in GERMAN if not path.stem.startswith("errors")]  # those: errors_in_german


def said(tree: ast.AST) -> Iterator[str]:
    """The literals in `say("…")`, `say.count(n, "…", "…")`, `label("…")` and `words.label("…")`."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        match call.func:
            case ast.Name(id="say" | "label") | ast.Attribute(attr="say" | "label"):
                texts = call.args[:1]
            case ast.Attribute(attr="count", value=ast.Name(id="say") | ast.Attribute(attr="say")):
                texts = call.args[1:]
            case _:
                continue
        for text in texts:
            yield from _literals(text)


def _literals(text: ast.expr) -> Iterator[str]:
    match text:
        case ast.Constant(value=str(literal)):
            yield literal
        case ast.IfExp(body=one, orelse=other):
            yield from _literals(one)
            yield from _literals(other)


def marked(text: str) -> Iterator[str]:
    """What page.js puts into the reader's language: what is marked, and say("…") in scripts."""
    yield from re.findall(r"data-say>\s*([^<]+?)\s*<", text)
    yield from re.findall(r'data-say-label="([^"]+)"', text)


def english_of(source: Path) -> set[str]:
    text = source.read_text("utf-8")
    found = set(marked(text))
    if source.suffix == ".py":
        found |= set(said(ast.parse(text)))
    else:
        code = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        found |= set(re.findall(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"', code))
    return {text for text in found if any(letter.isalpha() for letter in _plain(text))}


def _plain(text: str) -> str:
    return "".join(plain for plain, *_ in string.Formatter().parse(text))


def _gaps(text: str) -> set[str]:
    return {gap for _, gap, *_ in string.Formatter().parse(text) if gap is not None}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(UI)))
def test_every_text_has_its_german(source: Path) -> None:
    lacking = sorted(english_of(source) - words.german().keys())
    assert lacking == []


@pytest.mark.parametrize("path", SAID, ids=lambda path: path.stem)
def test_no_german_is_left_over(path: Path) -> None:
    """Descriptions come from other rooms; a month's name is made from the date."""
    written, made = _everything_written()
    german = tomllib.loads(path.read_text("utf-8")).keys() - set(calendar.month_name)
    left = [text for text in german if _even(text) not in written and not made(text)]
    assert sorted(left) == []


@cache
def _everything_written() -> tuple[str, Callable[[str], object]]:
    """All constants of the package and its scripts; and what matches one of its f-strings."""
    found = [asset.description for asset in assets.assets().values()]
    found += [path.read_text("utf-8") for path in UI.parent.rglob("*.js")]
    found.append((config.resource("seeds") / "questions.jsonl").read_text("utf-8"))  # their kinds
    patterns = []
    for source in sorted(UI.parent.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(_even(node.value))
            elif isinstance(node, ast.JoinedStr):
                patterns.append(_pattern(node))
    made = re.compile("|".join(pattern for pattern in patterns if len(pattern) > 8))
    return "\n".join(found), made.fullmatch


def _even(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def _pattern(made: ast.JoinedStr) -> str:
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
        for part in made.values
    )


@pytest.mark.parametrize("path", GERMAN, ids=lambda path: path.stem)
def test_both_languages_have_the_same_gaps(path: Path) -> None:
    pairs = tomllib.loads(path.read_text("utf-8")).items()
    assert [english for english, german in pairs if _gaps(english) != _gaps(german)] == []


def test_no_text_is_put_into_german_twice_in_two_ways() -> None:
    seen: dict[str, str] = {}
    for path in GERMAN:
        for english, german in tomllib.loads(path.read_text("utf-8")).items():
            assert seen.setdefault(english, german) == german, english


@pytest.mark.parametrize(
    ("setting", "accepted", "language"),
    [
        ("auto", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("auto", "en-GB,de;q=0.5", "en"),
        ("auto", "", "en"),
        ("auto", "den", "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
    ],
)
def test_the_language_is_the_settings_or_the_browsers(
    setting: str, accepted: str, language: str
) -> None:
    request = gr.Request(headers={"accept-language": accepted})
    assert words.of(request, setting).language == language


def test_numbers_are_written_as_the_language_does() -> None:
    assert words.Words("en").count(1234, "{n} article", "{n} articles") == "1,234 articles"
    assert words.Words("de").count(1234, "{n} x", "{n} xs") == "1.234 xs"


def test_a_page_that_is_served_takes_another_language() -> None:
    page = SimpleNamespace(config={}, i18n_instance=None)
    label = words.label("Stop fetching")
    words.speak(page, "auto")  # type: ignore[arg-type]
    assert page.config["i18n_translations"]["en"][label.key] == "Stop fetching"
    assert page.config["i18n_translations"]["de"][label.key] == "Laden abbrechen"
    words.speak(page, "en")  # type: ignore[arg-type]
    assert page.config["i18n_translations"]["de"][label.key] == "Stop fetching"
