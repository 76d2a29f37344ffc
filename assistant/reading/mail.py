"""Saved e-mail messages (.eml) and web pages saved as one message (.mhtml, .mht) → a draft."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime

from assistant.errors import SourceError
from assistant.reading import dates, html
from assistant.reading.decoding import decode
from assistant.reading.draft import Draft
from assistant.reading.markup import parsable
from assistant.reading.quoted import own_words, unflowed

_LONGEST_HEADER = 2_000  # characters; some take time with the square of their length
_MOST_NESTED = 100
_NESTED = re.compile(rb"^content-type\s*:\s*(?:multipart|message)/", re.I | re.M)
_KNOWN = {"from", "subject", "date", "to", "content-type", "mime-version", "received", "message-id"}

_SEALED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_PGP = "-----BEGIN PGP MESSAGE-----"

_PREFIX = re.compile(r"(?:(?:re|aw|sv|antw|fwd?|wg|tr|rv)(?:\[\d+\])?\s*:\s*)+", re.I)
_REPLY = re.compile(r"(?:re|aw|sv|antw)(?:\[\d+\])?\s*:", re.I)
_FORWARD = re.compile(r"(?:fwd?|wg|tr|rv)\s*:", re.I)
_FORWARDED = re.compile(r"(?:^|[\w\"]>)-* ?(?:begin )?forwarded message(?: -|:)", re.I | re.M)
_QUOTED = "//blockquote[@type='cite'] | //div[contains(@class, 'gmail_quote')]"
_LINK = re.compile(r"https?://\S+")


class _Bounded(Compat32):
    """The newer policy raises for some malformed headers and is slow for long ones."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER].replace("\0", "")


def read_mail(data: bytes) -> Draft:
    """What the sender wrote, without quoted replies, signature and attachments.

    A forwarded message is kept whole; who sent it on, and when, says nothing about it.
    Raises SourceError for what is no message, or an encrypted one.
    """
    message = _parsed(data)
    plain, pages = _bodies(message)
    _refuse_encrypted(message, plain, worded=bool(plain.strip() or pages))
    subject = _header(message, "subject")
    forwarded = bool(_FORWARD.match(subject) or any(map(_FORWARDED.search, [plain, *pages])))
    replies = bool(_REPLY.match(subject) or _header(message, "in-reply-to"))
    text = own_words(plain, replies, forwarded)
    seen = "\n\n".join(own_words(_seen(page, forwarded), replies, forwarded) for page in pages)
    return Draft(
        text=seen if len(_LINK.sub("", seen)) > len(_LINK.sub("", text)) else text,
        title=_PREFIX.sub("", subject, count=1) or None,
        authors=() if forwarded else _senders(message),
        published=None if forwarded else _day(_header(message, "date")),
    )


def read_mhtml(data: bytes) -> Draft:
    """The page at the root of the message, with the address that it was saved from.

    Raises SourceError where there is no page or it cannot be read.
    """
    message = _parsed(data)
    root = _root(message)
    if root is None:
        raise SourceError("holds no web page; save the page again as .html")
    charset = root.get_content_charset()
    page = _bytes(root)
    draft = html.read(parsable(_text(page, charset)).encode() if charset else page)
    places = (
        _header(message, "snapshot-content-location"),
        _header(root, "content-location"),
        _header(message, "content-location"),
    )
    return replace(
        draft,
        url=draft.url or next(filter(_LINK.fullmatch, places), None),
        title=draft.title or _header(message, "subject") or None,
    )


# --- Messages and their parts ---------------------------------------------------------------------


def _parsed(data: bytes) -> Message:
    if len(_NESTED.findall(data)) > _MOST_NESTED:
        raise SourceError("holds too many messages in one; save each as a file of its own")
    message = email.message_from_bytes(
        data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=_Bounded()
    )
    if not _KNOWN & {name.lower() for name, _ in message.raw_items()}:
        raise SourceError("is no saved message: it does not begin with headers")
    return message


def _leaves(part: Message) -> Iterator[Message]:
    """The parts that make up the message itself, not what is attached to it."""
    if part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message) and not _is_attached(inner):
                yield from _leaves(inner)
    else:
        yield part


def _is_attached(part: Message) -> bool:
    return (
        part.get_content_maintype() == "message"
        or part.get_content_disposition() == "attachment"
        or part.get_filename() is not None
    )


def _bodies(message: Message) -> tuple[str, list[str]]:
    """The plain text of a message, and its text as pages."""
    plain, pages = [], []
    for part in _leaves(message):
        if part.get_content_type() == "text/html":
            pages.append(_text(_bytes(part), part.get_content_charset()))
        elif part.get_content_type() == "text/plain":
            text = _text(_bytes(part), part.get_content_charset()).replace("\r\n", "\n")
            flowed = str(part.get_param("format", "")).lower() == "flowed"
            joined = str(part.get_param("delsp", "")).lower() == "yes"
            plain.append(unflowed(text, joined) if flowed else text)
    return "\n\n".join(plain), pages


def _root(message: Message) -> Message | None:
    """The part that `start` names, else the first page."""
    start = str(message.get_param("start", "")).strip("<> ")
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    named = (part for part in pages if start and _header(part, "content-id").strip("<>") == start)
    return next(named, pages[0] if pages else None)


def _bytes(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except ValueError as error:
        raise SourceError("is damaged: a part of it cannot be decoded; save it again") from error
    return payload if isinstance(payload, bytes) else b""


def _text(data: bytes, charset: str | None) -> str:
    # Seven-bit codes are ASCII to look at, and so are taken at their word before anything else.
    if charset and charset.lower().startswith(("iso-2022-", "hz")) and data.isascii():
        try:
            return data.decode(charset)
        except (UnicodeError, LookupError):
            pass
    return decode(data, charset)


def _refuse_encrypted(message: Message, plain: str, worded: bool) -> None:
    sealed = any(part.get_content_type() in _SEALED for part in message.walk())
    if (sealed and not worded) or plain.lstrip().startswith(_PGP):
        raise SourceError("is encrypted; save its text as a .txt file")


def _seen(page: str, forwarded: bool) -> str:
    """The text of a message in HTML, or nothing."""
    from lxml import etree
    from lxml import html as pages

    try:
        tree = pages.document_fromstring(
            parsable(page).encode(), parser=pages.HTMLParser(encoding="utf-8", remove_comments=True)
        )
        for quoted in [] if forwarded else tree.xpath(_QUOTED):
            if quoted.getparent() is not None:
                quoted.drop_tree()
        return html.read(pages.tostring(tree, encoding="utf-8")).text
    except (etree.ParserError, SourceError):
        return ""


# --- Headers --------------------------------------------------------------------------------------


def _raw(message: Message, name: str) -> str:
    value = next((value for key, value in message.raw_items() if key.lower() == name), "")
    if value.isascii():
        return str(value)
    return _text_or(value.encode("utf-8", "surrogateescape"), None, value)


def _header(message: Message, name: str) -> str:
    return _decoded(_raw(message, name))


def _decoded(value: str) -> str:
    """A header without its encoded words ("=?utf-8?q?caf=C3=A9?="), on one line."""
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        pieces = [(value, None)]
    words = (
        piece
        if isinstance(piece, str)
        else _text_or(piece, charset, "")
        if charset
        else piece.decode("raw-unicode-escape", "replace")
        for piece, charset in pieces
    )
    return " ".join("".join(words).split())


def _text_or(data: bytes, charset: str | None, otherwise: str) -> str:
    try:
        return _text(data, charset)
    except SourceError:
        return otherwise


def _senders(message: Message) -> tuple[str, ...]:
    try:
        found = getaddresses([_raw(message, "from")])
    except RecursionError:  # comments within comments
        return ()
    names = (re.sub(r"\s+via\s.*", "", _decoded(name)).strip("'\" ") for name, _ in found)
    return tuple(name for name in names if any(map(str.isalpha, name)))


def _day(value: str) -> date | None:
    try:
        return parsedate_to_datetime(value).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return dates.parse(value)
