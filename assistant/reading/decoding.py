"""From bytes to text, or a plain word on why that cannot be."""

from __future__ import annotations

import codecs
import re

from assistant.errors import SourceError

_FORMATS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"SQLite format 3": "a database",
    b"GGUF": "a model file",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "an RTF document",
    b"OggS": "an audio file",
    b"ID3": "an audio file",
}
_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN = re.compile(
    r"(utf-?8|(us-)?ascii|latin-?\d|l\d|(iso|windows|cp|koi8|gb|big5|euc|shift|s?jis|tis|mac|x-)[\w-]*)",
    re.IGNORECASE,
)
_LETTER = r"[A-Za-zÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœŒŠšŽžŸ]"
_NOT_WESTERN = re.compile(
    rf"(?:(?![A-Za-z]){_LETTER}){{3}}"  # other scripts are all high bytes
    rf"|(?<={_LETTER})[^\x00-\x7f’‘”“·–—…\xa0\xadÀ-ÿŒœŠšŽžŸ](?={_LETTER})"  # a sign inside a word
    r"|[ÐðÞþÝý¤¦¬\x80-\x9f]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`: by its byte order mark, else UTF-8, else as `declared`, else as guessed.

    Raises SourceError, with a message that goes on from the name of the file, for what is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _try(data, encoding)
            break
    else:
        _refuse_binary(data)
        text = _try(data, "utf-8") or _declared(data, declared) or _guess(data)
    if text is None:
        raise SourceError("is not text in any known encoding; save it as UTF-8")
    if len(_CONTROLS.findall(text)) * 20 > len(text):
        raise SourceError("is binary, not text: it is full of control characters")
    return text


def _refuse_binary(data: bytes) -> None:
    for magic, name in _FORMATS.items():
        if data.startswith(magic):
            raise SourceError(f"is {name}, not text; save its text as a .txt file")
    if b"\0" in data:
        raise SourceError("is binary, not text: it holds NUL bytes")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _declared(data: bytes, encoding: str | None) -> str | None:
    """Decoded as a page says of itself; like browsers, Latin-1 is taken to mean Windows-1252."""
    if not encoding or not _KNOWN.fullmatch(encoding):
        return None
    latin = encoding.lower() in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii")
    return _try(data, "cp1252" if latin else encoding)


def _guess(data: bytes) -> str | None:
    """UTF-8 with a few damaged bytes, Windows-1252 where that makes words, else what is likeliest.

    Statistics alone take short western texts for others: "naïve" comes out as "naďve".
    """
    damaged = data.decode("utf-8", errors="replace")
    wrong = damaged.count("\ufffd")
    if wrong * 10 <= sum(not char.isascii() for char in damaged):
        return damaged
    western = _try(data, "cp1252")
    if western is not None and not _NOT_WESTERN.search(western):
        return western
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    return str(best) if best else None
