from __future__ import annotations

import contextlib
import json
import plistlib
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import addresses
from assistant.reading.addresses import Address

DAY = date(2025, 3, 19)  # 1742342400

FIREFOX = """<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE><H1>Bookmarks Menu</H1>
<DL><p>
    <DT><A HREF="place:sort=8" ADD_DATE="1">Most visited</A>
    <DT><A HREF="https://a.example/?x=1&amp;y=2" ADD_DATE="1742342400" ICON_URI="data:x"
        TAGS="late, night">Café &amp; bar</A>
    <DD>A note on it
    <HR>
    <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Meine Leiste</H3>
    <DL><p>
        <DT><H3>Rivers</H3>
        <DL><p>
            <DT><H3>Bridges</H3>
            <DL><p>
                <DT><A HREF="https://b.example/">B</A>
            </DL><p>
            <DT><A HREF="javascript:alert('>')">Bookmarklet</A>
            <DT><A HREF="https://c.example/">C</A>
        </DL><p>
        <DT><H3>Empty</H3>
        <DL><p></DL><p>
        <DT><A HREF="https://d.example/">https://d.example/</A>
    </DL><p>
    <DT><A HREF="https://b.example/">B again</A>
    <DT><A HREF="file:///etc/passwd">A file</A>
    <DT><A HREF="chrome://settings">Settings</A>
    <DT><A>Nowhere</A>
</DL>"""


def read(text: str, name: str) -> list[Address] | None:
    return addresses.read(text.encode(), name)


# --- Bookmarks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bookmarks.html", "favourites.htm", "b", "b.txt"])
def test_bookmarks(name: str) -> None:
    assert read(FIREFOX, name) == [
        Address("https://a.example/?x=1&y=2", "Café & bar", ("late", "night"), DAY),
        Address("https://b.example/", "B", ("Rivers", "Bridges")),
        Address("https://c.example/", "C", ("Rivers",)),
        Address("https://d.example/"),
    ]


def test_the_browsers_own_folders_are_no_tags() -> None:
    for name in ("Bookmarks bar", "Other bookmarks", "Favorites", "com.apple.ReadingList"):
        page = (
            f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<H3 FOLDED>{name}</H3>\n<DL><p>\n"
            '<DT><A HREF="https://a.example">A</A>\n</DL><p>'
        )
        assert read(page, "b.html") == [Address("https://a.example", "A")]


def test_bookmarks_that_are_cut_off() -> None:
    cut = FIREFOX[: FIREFOX.index("Bookmarklet")]
    found = read(cut, "b.html")
    assert found is not None and [a.url for a in found] == [
        "https://a.example/?x=1&y=2",
        "https://b.example/",
    ]


def test_a_list_without_addresses() -> None:
    page = "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><A HREF='place:x'>A</A></DL>"
    with pytest.raises(SourceError, match="holds no address of the web"):
        read(page, "b.html")


# --- Plain lists and shortcuts --------------------------------------------------------------------


def test_a_plain_list() -> None:
    text = """
# to read
https://a.example/1

  HTTPS://b.example/2   Bridges  of  the north
http://a.example/3\thttp://a.example/3
https://a.example/1 once more
"""
    assert read(text, "links.txt") == [
        Address("https://a.example/1"),
        Address("HTTPS://b.example/2", "Bridges of the north"),
        Address("http://a.example/3"),
    ]


@pytest.mark.parametrize("name", ["l.txt", "l.list", "l.url", "l.webloc", "l"])
def test_plain_lists_by_any_name(name: str) -> None:
    assert read("https://a.example", name) == [Address("https://a.example")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a remark",
        "The bridge opened.",
        "https://a.example\nThe bridge opened.",
        "See https://a.example",
        "ftp://a.example",
        "https://",
        "www.example.org",
    ],
)
def test_what_is_no_list(text: str) -> None:
    assert read(text, "l.txt") is None


@pytest.mark.parametrize("name", ["l.md", "l.html", "l.pdf"])
def test_other_files_are_not_looked_into(name: str) -> None:
    assert read("https://a.example", name) is None


def test_shortcuts() -> None:
    windows = "[InternetShortcut]\r\nIDList=\r\nURL=https://a.example/x\r\nIconIndex=0\r\n"
    assert read(windows, "x.url") == [Address("https://a.example/x")]
    for form in (plistlib.FMT_XML, plistlib.FMT_BINARY):
        data = plistlib.dumps({"URL": "https://a.example/x"}, fmt=form)
        assert addresses.read(data, "x.webloc") == [Address("https://a.example/x")]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:x", ""])
def test_shortcuts_that_do_not_lead_to_the_web(url: str) -> None:
    data = plistlib.dumps({"URL": url})
    for name, content in [("x.url", f"[InternetShortcut]\nURL={url}".encode()), ("x.webloc", data)]:
        with pytest.raises(SourceError, match="holds no address of the web"):
            addresses.read(content, name)


# --- OPML -----------------------------------------------------------------------------------------

OPML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE opml [<!ENTITY x "boo">]>
<opml version="2.0"><head><title>Feeds</title></head><body>
<outline text="News"><outline text="Town &amp; river">
<outline type="rss" text="The Daily" xmlUrl="https://daily.example/feed" htmlUrl="https://daily.example"
 category="local,roads"/>
</outline><outline title="Weekly" text="w" xmlUrl="https://weekly.example/&x;feed"></outline></outline>
<outline type="link" text="A page" url="https://a.example/page"/>
<outline text="No address" xmlUrl="feed:x"/>
</body></opml>"""


@pytest.mark.parametrize("name", ["feeds.opml", "feeds.xml", "feeds.OPML"])
def test_feeds(name: str) -> None:
    found = read(OPML, name)
    assert found is not None and found[0] == Address(
        "https://daily.example/feed", "The Daily", ("News", "Town & river", "local", "roads")
    )
    assert [a.title for a in found] == ["The Daily", "Weekly", "A page"]
    assert found[1].tags == ("News",) and "boo" not in found[1].url
    assert found[2] == Address("https://a.example/page", "A page")


def test_what_is_no_opml() -> None:
    assert read("<rss><channel/></rss>", "feed.xml") is None
    with pytest.raises(SourceError, match="is not an OPML list"):
        read("<rss/>", "feed.opml")


# --- Exports --------------------------------------------------------------------------------------


def test_pocket_table() -> None:
    table = (
        "title,url,time_added,tags,status\n"
        "Bridges,https://a.example/1,1742342400,rivers|roads,unread\n"
        "https://a.example/2,https://a.example/2,,,archive\n"
        "Nothing,,,,unread\n"
        "Again,https://a.example/1,,,unread\n"
    )
    assert read(table, "part_000.csv") == [
        Address("https://a.example/1", "Bridges", ("rivers", "roads"), DAY),
        Address("https://a.example/2"),
    ]


def test_pocket_list() -> None:
    item = {
        "given_url": "https://a.example/given",
        "resolved_url": "https://a.example/1",
        "resolved_title": "Bridges",
        "excerpt": "They are long.",
        "time_added": "1742342400",
        "tags": {"rivers": {"item_id": "17", "tag": "rivers"}},
        "authors": {"3": {"author_id": "3", "name": "Jane", "url": "https://jane.example"}},
    }
    export = {"status": 1, "complete": 1, "list": {"17": item}}
    assert read(json.dumps(export), "pocket.json") == [
        Address("https://a.example/1", "Bridges", ("rivers",), DAY)
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[{"url": "https://a.example", "text": "The bridge opened."}]', "a.json"),
        ('{"url": "https://a.example"}\n{"text": "x"}', "a.jsonl"),
        ("url,content\nhttps://a.example,The bridge opened.\n", "a.csv"),
        ("a,b\n1,2\n", "a.csv"),
        ('{"broken": ', "a.json"),
        ("[]", "a.json"),
    ],
)
def test_other_exports_are_left_to_their_own_form(text: str, name: str) -> None:
    assert read(text, name) is None


# --- Anything -------------------------------------------------------------------------------------


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_MOST", 2)
    lines = [f"https://a.example/{i}" for i in (1, 2, 2, 1)]
    assert len(read("\n".join(lines), "l.txt") or []) == 2
    with pytest.raises(SourceError, match="holds more than 2 addresses; split it"):
        read("\n".join([*lines, "https://a.example/3"]), "l.txt")


NAMES = [
    "b.html",
    "l.txt",
    "l.url",
    "l.webloc",
    "l.opml",
    "l.xml",
    "l.csv",
    "l.json",
    "l.jsonl",
    "",
]
PIECES = [
    *("<DL><p>", "</DL><p>", "<DT><H3>", "</H3>", "<A HREF='https://a.example'", " TAGS='a,b'>"),
    *("</A>", "<opml>", "<outline text='a' ", "xmlUrl='https://a.example'", "/>", "</outline>"),
    *("https://a.example", "https://[", "[InternetShortcut]", "URL=", "\n", " ", "url,title", ","),
    *(
        '{"url":',
        '"https://a.example"',
        "}",
        "<plist><dict>",
        "<key>URL</key>",
        "</plist>",
        "é",
        "&",
    ),
]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.sampled_from([b"", b"<!DOCTYPE NETSCAPE-Bookmark-file-1>", b"bplist00", b"<opml>"]),
    st.binary(max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=25).map(lambda parts: "".join(parts).encode()),
)
def test_nothing_but_a_source_error(name: str, start: bytes, rest: bytes) -> None:
    try:
        found: Any = addresses.read(start + rest, name)
    except SourceError as error:
        assert "\n" not in str(error)
    else:
        assert found is None or all(a.url.lower().startswith("http") for a in found)


@pytest.mark.parametrize(
    ("start", "piece", "name"),
    [
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>", "<a ", "b.html"),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>", '<a "', "b.html"),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>", "<h3><dl>x", "b.html"),
        ("<!DOCTYPE NETSCAPE-Bookmark-file-1>", "<a href='https://a.example'>x", "b.html"),
        ("<opml>", "<outline text='x'>", "l.opml"),
        ("<opml>", "<outline ", "l.opml"),
        ("", "URL=", "l.url"),
        ("", "https://a", "l.txt"),
        ("<plist>", "<array>", "l.webloc"),
    ],
)
def test_nothing_takes_long(start: str, piece: str, name: str) -> None:
    began = time.process_time()
    with contextlib.suppress(SourceError):
        read(start + piece * 100_000, name)
    assert time.process_time() - began < 5
