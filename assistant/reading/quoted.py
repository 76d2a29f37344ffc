"""What the sender of a plain-text message wrote, apart from what others did."""

from __future__ import annotations

import re
from itertools import groupby

_WROTE = re.compile(
    r"(?:\A|\n)[ \t]*(?:On|Am|Le|El|Em|Il|Op)\b[^\n]{0,200}(?:\n[^\n]{0,120}){0,2}?"
    r"\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef)\b[^\n]{0,80}:\s*\Z"
)
_ORIGINAL = re.compile(
    r"\n[ \t]*-{3,} ?(?:original message|ursprüngliche nachricht|message d.origine) ?-{3,}"
    r"|\n_{20,}\n+From: ",
    re.I,
)
_LIST_FOOTER = re.compile(r"\n_{20,}\n[^\n]{0,100}mailing list\n")
_SIGNATURES = ("-- ", "--")
_LONGEST_SIGNATURE = 12  # lines
_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:\w+: .*\n)*|^-----BEGIN PGP SIGNATURE-----[\s\S]*",
    re.M,
)


def unflowed(text: str, joined: bool) -> str:
    """Lines that end in a space go on in the next one, if that is quoted as deeply (RFC 3676)."""
    pieces: list[str] = []
    goes_on: int | None = None
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        soft = words.endswith(" ") and words not in _SIGNATURES
        if goes_on != depth or words in _SIGNATURES:
            pieces.append("\n" + (">" * depth + " " if depth else ""))
        pieces.append(words[:-1] if soft and joined else words)
        goes_on = depth if soft else None
    return "".join(pieces).removeprefix("\n")


def own_words(text: str, replies: bool, forwarded: bool) -> str:
    """The text without signature, footer of a mailing list and quotations.

    `replies`: it answers another message, so that all that it quotes is from there; what has been
    `forwarded` may be quoted from beginning to end, and only loses its marks.
    """
    text = _SIGNED.sub("", text)
    text = _LIST_FOOTER.split(text)[0]
    if forwarded:
        return _unmarked(text)
    text = _without_signature(_ORIGINAL.split(text)[0])
    return _without_signature(_unquoted(text, replies)) or _unmarked(text)


def _without_signature(text: str) -> str:
    lines = text.rstrip().split("\n")
    for i in range(len(lines) - 1, max(len(lines) - _LONGEST_SIGNATURE, 0) - 1, -1):
        if lines[i] in _SIGNATURES:
            return "\n".join(lines[:i]).rstrip()
    return "\n".join(lines)


def _unquoted(text: str, replies: bool) -> str:
    """The text without the quotations of a reply, of a last word and of what somebody wrote."""
    runs = [
        (quoted, "\n".join(lines))
        for quoted, lines in groupby(text.rstrip().split("\n"), lambda line: line.startswith(">"))
    ]
    kept: list[str] = []
    for i, (quoted, block) in enumerate(runs):
        last = i == len(runs) - 1
        above = kept[-1] if kept else ""
        told = _WROTE.search(above[-600:]) if quoted else None
        if told:
            kept[-1] = above[: max(len(above) - 600, 0) + told.start()]
        if not quoted:
            kept.append(block)
        elif not (told or last or replies):
            kept.append(_unmarked(block))
    return "\n\n".join(filter(None, map(str.strip, kept)))


def _unmarked(text: str) -> str:
    return re.sub(r"^(?:> ?)+", "", text, flags=re.M)
