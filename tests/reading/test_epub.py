from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from breaking import changed, read_or_told_in_a_line
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import epub
from assistant.reading.clean import clean

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
METADATA = """
<dc:title>The river</dc:title>
<dc:creator opf:role="aut">Jane Doe</dc:creator><dc:creator>John Roe</dc:creator>
<dc:creator opf:role="ill">Painter Poe</dc:creator>
<dc:date opf:event="conversion">2026-01-01</dc:date>
<dc:date>2025-03-19</dc:date>
<meta property="dcterms:modified">2025-04-02T00:00:00Z</meta>
<dc:language>en</dc:language><dc:publisher>Valley Press</dc:publisher>
<dc:subject>rivers</dc:subject><dc:subject>history</dc:subject>
<dc:identifier id="id">urn:isbn:9780000000002</dc:identifier>
<dc:source>https://books.example/river</dc:source>"""
CHAPTER = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title/><style>p {{ color: red }}</style></head><body>
<h2 id="x">{heading}</h2><p>{text}</p></body></html>"""
FIRST = CHAPTER.format(
    heading="The source",
    text="""It rises<a id="a"/> in the hills&nbsp;<i/>far away.<span epub:type="pagebreak">12</span>
It is long.<sup><a href="#n1">1</a></sup> And wide.<a epub:type="noteref" href="#n2">2</a></p>
<ul><li>fish</li><li>boats</li></ul><aside epub:type="footnote" id="n1"><p>Very long.</p></aside>
<p hidden="hidden">Ghost words.</p><p>x<sup>2</sup> is a square.""",
)
SECOND = CHAPTER.format(heading="The mouth", text="It flows into the sea.")
AROUND = CHAPTER.format(heading="Around", text="Not a part of the text.")
FONT = "http://www.idpf.org/2008/embedding"
AES = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"


def package(items: str, spine: str, metadata: str = METADATA, guide: str = "") -> str:
    return (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine><guide>{guide}</guide></package>"
    )


def item(name: str, link: str, more: str = "", kind: str = "application/xhtml+xml") -> str:
    return f'<item id="{name}" href="{link}" media-type="{kind}" {more}/>'


def book(chapters: dict[str, str | bytes], **package_parts: str) -> dict[str, bytes]:
    """The members of a book whose spine is all of its chapters, in their order."""
    items = "".join(item(f"i{i}", name) for i, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="i{i}"/>' for i in range(len(chapters)))
    members = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        "OEBPS/book.opf": package(items, spine, **package_parts).encode(),
    }
    for name, chapter in chapters.items():
        data = chapter.encode() if isinstance(chapter, str) else chapter
        members[f"OEBPS/{name}".replace("%20", " ")] = data
    return members


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def text(chapters: dict[str, str | bytes], **package_parts: str) -> str:
    return epub.read(packed(book(chapters, **package_parts))).text


def refused(members: dict[str, bytes]) -> str:
    with pytest.raises(SourceError) as caught:
        epub.read(packed(members))
    assert "\n" not in str(caught.value)
    return str(caught.value)


MEMBERS = book({"a%20b.xhtml": FIRST, "c.xhtml": SECOND})


def test_a_whole_book() -> None:
    draft = clean(epub.read(packed(MEMBERS)))
    assert draft.text == (
        "The source\n\n"
        "It rises in the hills far away. It is long. And wide.\n\n"
        "- fish\n- boats\n\n"
        "Very long.\n\n"
        "x2 is a square.\n\n"
        "The mouth\n\n"
        "It flows into the sea."
    )
    assert draft.title == "The river"
    assert draft.authors == ("Jane Doe", "John Roe")
    assert (draft.published, draft.modified) == (date(2025, 3, 19), date(2025, 4, 2))
    assert draft.tags == ("rivers", "history")
    assert (draft.site, draft.language) == ("Valley Press", "en")
    assert draft.url == "https://books.example/river"


def test_the_spine_orders() -> None:
    items = item("a", "a.xhtml") + item("b", "b.xhtml") + item("unread", "c.xhtml")
    members = book({"a.xhtml": FIRST, "b.xhtml": SECOND, "c.xhtml": AROUND})
    members["OEBPS/book.opf"] = package(
        items, '<itemref idref="b"/><itemref idref="a"/><itemref idref="b"/>'
    ).encode()
    read = epub.read(packed(members)).text
    assert read.index("The mouth") < read.index("The source")
    assert read.count("The mouth") == 1 and "Around" not in read


def test_a_book_that_says_nothing_of_itself() -> None:
    draft = epub.read(packed(book({"c.xhtml": SECOND}, metadata="")))
    assert (draft.title, draft.authors, draft.published, draft.url) == (None, (), None, None)


@pytest.mark.parametrize(
    "name", ["cover.xhtml", "toc.html", "nav.xhtml", "Contents.xhtml", "CoverPage.xhtml"]
)
def test_what_stands_around_the_text(name: str) -> None:
    assert text({name: AROUND, "c.xhtml": SECOND}) == "The mouth\n\nIt flows into the sea."


def test_what_the_guide_says_stands_around() -> None:
    guide = '<reference type="toc" href="a.xhtml"/><reference type="cover" href="c.xhtml#top"/>'
    assert text({"a.xhtml": AROUND, "c.xhtml": SECOND}, guide=guide).startswith("The mouth")


def test_the_navigation_document() -> None:
    members = book({"a.xhtml": AROUND, "c.xhtml": SECOND})
    opf = members["OEBPS/book.opf"].replace(b'id="i0"', b'id="i0" properties="nav scripted"')
    assert "Around" not in epub.read(packed(members | {"OEBPS/book.opf": opf})).text


def test_lists_of_contents_within_a_chapter() -> None:
    listed = SECOND.replace("<h2", '<nav epub:type="toc">Here and there</nav><h2')
    assert text({"c.xhtml": listed}) == "The mouth\n\nIt flows into the sea."
    assert text(
        {"a.xhtml": AROUND.replace("<body", '<body epub:type="toc"'), "c.xhtml": SECOND}
    ) == ("The mouth\n\nIt flows into the sea.")


def test_a_book_of_nothing_but_a_cover_is_read() -> None:
    assert "Not a part" in text({"cover.xhtml": AROUND})


def test_other_encodings() -> None:
    chapter = SECOND.replace("UTF-8", "windows-1251").replace("the sea", "море у берега")
    assert text({"c.xhtml": chapter.encode("cp1251")}).endswith("It flows into море у берега.")


def test_a_chapter_that_is_not_well_formed() -> None:
    assert text({"c.xhtml": "<p>One<br>two & three<p>four</b>"}) == "One\ntwo & three\n\nfour"


def test_entities_in_a_chapter_mean_nothing() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;">]>'
    assert "haha" not in text({"c.xhtml": SECOND.replace("<!DOCTYPE html>", laughs)}).replace(
        laughs, ""
    )


def test_chapters_that_are_missing_are_passed_over() -> None:
    members = book({"a.xhtml": FIRST, "c.xhtml": SECOND})
    del members["OEBPS/a.xhtml"]
    assert epub.read(packed(members)).text == "The mouth\n\nIt flows into the sea."


# --- What cannot be read --------------------------------------------------------------------------


def encryption(method: str, link: str) -> bytes:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"'
        ' xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        f'<enc:EncryptionMethod Algorithm="{method}"/><enc:CipherData>'
        f'<enc:CipherReference URI="{link}"/></enc:CipherData></enc:EncryptedData></encryption>'
    ).encode()


@pytest.mark.parametrize("link", ["OEBPS/c.xhtml", "OEBPS/a%20b.xhtml"])
def test_a_protected_book(link: str) -> None:
    reason = refused(MEMBERS | {"META-INF/encryption.xml": encryption(AES, link)})
    assert reason == "is protected (DRM); ask its seller for a copy without"


@pytest.mark.parametrize(
    ("method", "link"), [(FONT, "OEBPS/font.otf"), (AES, "OEBPS/font.otf"), (FONT, "OEBPS/c.xhtml")]
)
def test_scrambled_fonts_do_not_matter(method: str, link: str) -> None:
    members = MEMBERS | {"META-INF/encryption.xml": encryption(method, link)}
    assert "It flows" in epub.read(packed(members)).text


def without(name: str) -> dict[str, bytes]:
    return {key: data for key, data in MEMBERS.items() if key != name}


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "is damaged: META-INF/container.xml is missing in it"),
        (without("META-INF/container.xml"), "is damaged: META-INF/container.xml is missing in it"),
        (without("OEBPS/book.opf"), "is damaged: OEBPS/book.opf is missing in it"),
        (book({}), "none of its chapters is there"),
        (MEMBERS | {"META-INF/container.xml": b"<container/>"}, "does not say where it begins"),
        (MEMBERS | {"META-INF/container.xml": b"<cont"}, "is damaged"),
        (MEMBERS | {"META-INF/container.xml": LAUGHS}, "declares XML entities"),
        (MEMBERS | {"OEBPS/book.opf": b""}, "is damaged"),
        (MEMBERS | {"OEBPS/book.opf": LAUGHS}, "declares XML entities"),
        (MEMBERS | {"META-INF/encryption.xml": b"?"}, "is damaged"),
        (MEMBERS | {"OEBPS/c.xhtml": b"a\0b"}, "is damaged: a chapter of it is binary"),
        (MEMBERS | {"OEBPS/c.xhtml": b" " * 60_000_000}, "unpacks to far more"),
        (MEMBERS | {"OEBPS/c.xhtml": b"<b>" * 2_000_000}, "has more markup than can be read"),
        (MEMBERS | {"/etc/c.xhtml": b""}, "points out of the file"),
    ],
)
def test_broken_books(members: dict[str, bytes], reason: str) -> None:
    assert reason in refused(members)


def test_a_path_out_of_the_book_leads_nowhere() -> None:
    members = book({"c.xhtml": SECOND})
    opf = members["OEBPS/book.opf"].replace(b"c.xhtml", b"../../../etc/passwd")
    assert "none of its chapters" in refused(members | {"OEBPS/book.opf": opf})


def test_a_truncated_file() -> None:
    data = packed(MEMBERS)
    for end in range(0, len(data), 200):
        with pytest.raises(SourceError, match="is damaged"):
            epub.read(data[:end])


def test_a_chapter_without_anything_on_it() -> None:
    assert text({"a.xhtml": b"", "b.xhtml": "<!-- x -->", "c.xhtml": SECOND}).startswith(
        "The mouth"
    )


@pytest.mark.parametrize(
    "bad", ["\x01", "&#1;", "&#x1;", "&#0001", "&#&#1;1;", "\uffff", "&#xFFFF;"]
)
def test_characters_that_no_tree_can_hold(bad: str) -> None:
    chapter = f"<p>One{bad}<b hidden>ghost</b>{bad}two &#233;&#x1F600;&#99999999999;</p>"
    read = text({"c.xhtml": chapter})
    assert re.search(r"\AOne.*two é😀", read) and "ghost" not in read


def test_deeply_nested() -> None:
    epub.read(packed(book({"c.xhtml": "<div>" * 20_000 + "Deep." + "</div>" * 20_000})))


PIECES = re.findall(
    r"<[^>]+>|&\w+;|\w+", FIRST + "<nav> </nav> <body epub:type='toc'> <a><sup>1</sup>"
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=60))
def test_any_chapter(chapter: str) -> None:
    with read_or_told_in_a_line():
        text({"c.xhtml": chapter.encode("utf-8", "replace")})


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(MEMBERS)),
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(b'<>"/:x1 \x00\xff&#')), max_size=4),
)
def test_changed_parts(name: str, changes: list[tuple[int, int]]) -> None:
    with read_or_told_in_a_line():
        clean(epub.read(packed(MEMBERS | {name: changed(MEMBERS[name], changes)})))


GOOD = packed(MEMBERS)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=5)
)
def test_changed_bytes(changes: list[tuple[int, int]]) -> None:
    with read_or_told_in_a_line():
        epub.read(changed(GOOD, changes))
