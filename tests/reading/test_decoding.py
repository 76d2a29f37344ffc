from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading.decoding import decode

WESTERN = "café naïve – “quotes”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize(
    "text", [WESTERN, "It’s plain. " * 40, "Der Bürger sagte: „Grüße aus Köln!“", "El Niño, 5 €"]
)
def test_western_text(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_latin_1() -> None:
    assert decode("Señor Muñoz, café".encode("latin-1")) == "Señor Muñoz, café"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Президент говорил с коллегой два часа. Они обсуждали мир. " * 4),
        ("koi8-r", "Президент говорил с коллегой два часа. Они обсуждали мир. " * 4),
        ("shift_jis", "日本の首相は東京で会談した。これは重要な会議である。" * 4),
        ("cp1250", "Zażółć gęślą jaźń, mówił Łukasz wśród przyjaciół. " * 4),
    ],
)
def test_other_scripts_are_guessed(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_what_a_page_declares() -> None:
    assert decode("Πρωθυπουργός".encode("iso-8859-7"), "iso-8859-7") == "Πρωθυπουργός"
    assert decode("“café”".encode("cp1252"), "ISO-8859-1") == "“café”"
    assert decode("“café”".encode(), "iso-8859-1") == "“café”"


@pytest.mark.parametrize("declared", ["utf-16", "rot13", "unicode_escape", "no-such", "cp0"])
def test_a_false_declaration_does_no_harm(declared: str) -> None:
    assert decode(b"plain text", declared) == "plain text"
    assert decode("café noir".encode("cp1252"), declared) == "café noir"


def test_damaged_utf_8_is_still_utf_8() -> None:
    text = "Résumé à la carte: crème brûlée, déjà vu, naïveté, façade."
    assert decode(text.encode() + b"\xc3").startswith(text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n...", "is a PDF"),
        (b"PK\x03\x04...", "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"some\0bytes", "NUL"),
        (b"\x01\x02\x03\x04\x05" * 20, "control characters"),
        (bytes(range(1, 256)) * 3, "is not text"),
        (codecs.BOM_UTF16_LE + b"a", "is not text"),
    ],
)
def test_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        decode(data)


@given(data=st.binary(max_size=300), declared=st.none() | st.text(max_size=12))
def test_nothing_but_a_source_error(data: bytes, declared: str | None) -> None:
    try:
        assert isinstance(decode(data, declared), str)
    except SourceError as error:
        assert "\n" not in str(error)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_utf_8_comes_back(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(b" " + text.encode()) == " " + text
