from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import archive
from assistant.reading.archive import Archive, parse_xml


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as members_of:
        for name, data in members.items():
            members_of.writestr(name, data)
    return file.getvalue()


def unread(data: bytes, name: str = "a.txt") -> str:
    """Why a member cannot be read."""
    with pytest.raises(SourceError) as caught:
        Archive(data).read(name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_members_come_out_whole() -> None:
    data = packed({"a.txt": b"one", "b/c.xml": b"two" * 1000, "b/": b""})
    members = Archive(data)
    assert members.names == {"a.txt", "b/c.xml"}
    assert (members.read("a.txt"), members.read("b/c.xml")) == (b"one", b"two" * 1000)


def test_names_with_backslashes() -> None:
    assert Archive(packed({"word\\document.xml": b"x"})).read("word/document.xml") == b"x"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive", b"\x00" * 500])
def test_no_archive(data: bytes) -> None:
    assert unread(data).startswith("is damaged: it cannot be unpacked")


def test_truncated() -> None:
    data = packed({"a.txt": bytes(range(256)) * 40})
    assert unread(data[:-30]).startswith("is damaged")
    assert unread(data[: len(data) // 2]).startswith("is damaged")


def test_a_missing_member() -> None:
    assert unread(packed({"b": b""}), "a\n.txt") == "is damaged: a?.txt is missing in it"


def test_a_changed_byte_is_noticed() -> None:
    data = packed({"a.txt": b"the words as they were"}, zipfile.ZIP_STORED)
    assert "a.txt in it cannot be unpacked" in unread(data.replace(b"were", b"are!"))


# --- Hostile archives -----------------------------------------------------------------------------


def test_a_bomb_of_one_member() -> None:
    bomb = packed({"a.txt": b"\0" * (archive.MOST_MEMBER_BYTES + 1)})
    assert len(bomb) < 100_000 and "unpacks to far more" in unread(bomb)


def test_a_bomb_of_many_members() -> None:
    members = Archive(packed({str(i): b"\0" * 4_000_000 for i in range(4)}))
    assert len(members.read("0") + members.read("1")) == 8_000_000
    with pytest.raises(SourceError, match="unpacks to far more"):
        members.read("2")


def test_reading_a_member_again_and_again_counts() -> None:
    members = Archive(packed({"a": b"\0" * 4_000_000}))
    with pytest.raises(SourceError, match="unpacks to far more"):
        for _ in range(3):
            members.read("a")


def test_what_is_much_but_not_packed_small_is_read() -> None:
    noise = b"".join(zlib.crc32(bytes([i % 251, i % 241])).to_bytes(4, "big") for i in range(9999))
    text = noise * 300
    assert Archive(packed({"a": text}, zipfile.ZIP_STORED)).read("a") == text


@pytest.mark.parametrize("claimed", [1, 2**31])
def test_sizes_that_lie(claimed: int) -> None:
    """What counts is what comes out: a small claim does not let a bomb through."""
    data = packed({"a.txt": b"\0" * 60_000_000})
    size = struct.pack("<L", 60_000_000)
    assert data.count(size) == 2
    assert re.match(
        "is damaged|unpacks to far more", unread(data.replace(size, struct.pack("<L", claimed)))
    )


def test_too_many_members() -> None:
    data = packed({str(i): b"" for i in range(archive.MOST_MEMBERS + 1)}, zipfile.ZIP_STORED)
    assert unread(data) == "holds more than 2,000 files; it is not read"
    assert unread(b"PK\x01\x02" * 30_000) == "holds more than 2,000 files; it is not read"


@pytest.mark.parametrize(
    "name", ["../a", "b/../../a", "/etc/passwd", "C:\\a", "..\\a", "\\a", "b/..", ".."]
)
def test_names_that_climb_out(name: str) -> None:
    assert "points out of the file" in unread(packed({"a.txt": b"x", name: b"x"}))


@pytest.mark.parametrize("name", ["a..b", "..a", "b/...", "a/b..c/d"])
def test_names_with_dots(name: str) -> None:
    assert Archive(packed({name: b"x"})).read(name) == b"x"


def test_a_symlink() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as members:
        members.writestr(link, "/etc/passwd")
    assert "link, which points out of the file" in unread(file.getvalue())


def test_an_encrypted_member() -> None:
    data = bytearray(packed({"a.txt": b"secret"}))
    entry = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[entry + 8] |= 1
    assert unread(bytes(data)) == "is encrypted; save a copy without a password"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_of_packing(method: int) -> None:
    assert "packed in an unusual way" in unread(packed({"a.txt": b"x" * 100}, method))


def test_an_archive_within_stays_closed() -> None:
    inner = packed({"a.txt": b"x"})
    assert Archive(packed({"inner.zip": inner})).names == {"inner.zip"}


# --- XML ------------------------------------------------------------------------------------------


def test_xml() -> None:
    root = parse_xml(b'<?xml version="1.0"?><a><!-- no --><?do it?><b c="d">e &amp; f</b></a>')
    assert [(node.tag, node.text, dict(node.attrib)) for node in root] == [
        ("b", "e & f", {"c": "d"})
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1251"])
def test_the_encoding_of_xml(encoding: str) -> None:
    word = "été" if encoding == "iso-8859-1" else "был"
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>{word}</a>'
    assert parse_xml(text.encode(encoding)).text == word


def test_an_encoding_that_lies() -> None:
    assert parse_xml('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode()).text == "é"


LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    + "]><a>&l9;</a>"
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>',
        f'<?xml version="1.0" encoding="utf-16"?>{LAUGHS}',
    ],
)
def test_entities_are_refused(text: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        with pytest.raises(SourceError, match="declares XML entities"):
            parse_xml(text.encode(encoding))


def test_an_outer_document_type_is_not_fetched() -> None:
    root = parse_xml(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>one &root; two</a>')
    assert "root:" not in "".join(root.itertext())


@pytest.mark.parametrize(
    "data",
    [b"", b"words", b"<a>", b"<a></b>", b"<a>\0</a>", b"\x89PNG\r\n", b"<a>" * 5000, b"<x:a/>"],
)
def test_broken_xml(data: bytes) -> None:
    with pytest.raises(SourceError, match="is damaged"):
        parse_xml(data)


def test_bloated_xml() -> None:
    with pytest.raises(SourceError, match="has more markup than can be read"):
        parse_xml(b"<a>" + b"<b/>" * archive.MOST_MARKS + b"</a>")


GOOD = packed({"a.txt": b"some words " * 20, "b/c.xml": b"<a/>"})


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(GOOD)),
)
def test_nothing_but_a_source_error(changes: list[tuple[int, int]], end: int) -> None:
    data = bytearray(GOOD)
    for place, byte in changes:
        data[place] = byte
    for mutated in (bytes(data), bytes(data[:end]), bytes(data[end:])):
        try:
            members = Archive(mutated)
            for name in members.names:
                members.read(name)
        except SourceError as error:
            assert "\n" not in str(error)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(re.findall(r"\S+", "<a> </a> <b c='d'/> <!DOCTYPE a> &x; <?p q?> x ]]>"))
    ).map(lambda parts: "".join(parts).encode())
    | st.binary(max_size=80)
)
def test_any_xml(data: bytes) -> None:
    try:
        parse_xml(data)
    except SourceError as error:
        assert "\n" not in str(error)
