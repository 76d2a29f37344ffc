"""Zip archives and the XML in them, read so that a hostile file can neither hang nor flood us.

Nothing is ever written to disk, and what is unpacked is counted, since headers lie.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from typing import Any

from assistant.errors import SourceError
from assistant.reading.decoding import decode

MOST_MEMBERS = 2_000
MOST_MEMBER_BYTES = 50_000_000
MOST_BYTES = 200_000_000
MOST_RATIO = 200  # unpacked to packed, of the whole file; what stays below _HARMLESS may have more
MOST_MARKS = 2_000_000  # tags and attributes: each takes some 100 bytes in a tree
_HARMLESS = 10_000_000  # bytes
_CHUNK = 1 << 18

_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack without a bound
_ENCRYPTED = 0x1
# All that zipfile lets through for broken bytes; RuntimeError and its kin: what it cannot read.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_CLIMBING = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|\Z)", re.DOTALL)
_XML_ENCODING = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]+)")


class Archive:
    """The members of a zip archive by name, each unpacked when it is asked for.

    Raises SourceError for bytes that are no zip archive, that are encrypted or that look hostile.
    """

    def __init__(self, data: bytes) -> None:
        if data.count(_ENTRY) > 10 * MOST_MEMBERS:  # some may belong to archives within
            raise SourceError(_too_many())
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*_BROKEN, OverflowError) as error:
            raise SourceError(
                "is damaged: it cannot be unpacked; fetch or save it again"
            ) from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise SourceError(_too_many())
        for member in members:
            _refuse_hostile(member)
        self._members = {_plain(member.filename): member for member in members}
        self.names = frozenset(name for name in self._members if not name.endswith("/"))
        self._left = min(MOST_BYTES, max(_HARMLESS, MOST_RATIO * len(data)))

    def read(self, name: str) -> bytes:
        """A member unpacked. Raises SourceError if it is missing, damaged or grows too large."""
        if name not in self.names:
            raise SourceError(f"is damaged: {_shown(name)} is missing in it")
        try:
            return self._unpacked(self._members[name])
        except (*_BROKEN, OverflowError) as error:
            raise SourceError(
                f"is damaged: {_shown(name)} in it cannot be unpacked; fetch or save it again"
            ) from error

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        chunks, room = [], MOST_MEMBER_BYTES
        with self._zip.open(member) as file:
            while chunk := file.read(_CHUNK):
                chunks.append(chunk)
                room -= len(chunk)
                self._left -= len(chunk)
                if min(room, self._left) < 0:
                    raise SourceError("unpacks to far more than such a file holds; it is not read")
        return b"".join(chunks)


def parse_xml(data: bytes) -> Any:
    """The root of a tree of lxml, without comments and processing instructions.

    Raises SourceError for what is not well-formed, declares entities or has too many elements.
    """
    from lxml import etree

    try:
        text = decode_xml(data)
    except SourceError as error:
        raise SourceError("is damaged: XML was expected in it and is not there") from error
    if "<!ENTITY" in text:
        raise SourceError("declares XML entities, as only hostile files do; it is not read")
    refuse_bloat(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            "is damaged: its XML is not well-formed; fetch or save it again"
        ) from error


def decode_xml(data: bytes) -> str:
    """The text of `data`, whether its declaration is right or not.

    Raises SourceError for what is no text.
    """
    declared = _XML_ENCODING.match(data)
    return decode(data, declared[1].decode("ascii") if declared else None)


def refuse_bloat(*texts: str) -> None:
    """Raises SourceError for markup whose trees would take too much memory."""
    if sum(text.count("<") + text.count("=") for text in texts) > MOST_MARKS:
        raise SourceError("has more markup than can be read; save its text as a .txt file")


def _refuse_hostile(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise SourceError("is encrypted; save a copy without a password")
    name = _plain(member.filename)
    if _CLIMBING.match(name) or stat.S_ISLNK(member.external_attr >> 16):
        raise SourceError(f"holds {_shown(name)}, which points out of the file; it is not read")
    if member.compress_type not in _METHODS:
        raise SourceError("is packed in an unusual way; pack it again as a plain zip archive")


def _plain(name: str) -> str:
    return name.replace("\\", "/")


def _shown(name: str) -> str:
    """A name fit for one line of a message."""
    return "".join(char if char.isprintable() else "?" for char in name[:80])


def _too_many() -> str:
    return f"holds more than {MOST_MEMBERS:,} files; it is not read"
