from __future__ import annotations

import contextlib
import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import feeds, rss
from assistant.reading.feeds import Entry, Feed

URL = "https://daily.example/news/feed.xml"
DAY = date(2025, 3, 19)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>The Daily &amp; more</title><link>https://daily.example/</link>
<atom:link rel="self" href="https://daily.example/feed"/>
<item><title>Bridge &lt;b&gt;opens&lt;/b&gt; at&amp;#8217;last</title>
 <link> https://daily.example/bridge?a=1&amp;b=2 </link>
 <guid isPermaLink="false">tag:42</guid>
 <dc:creator><![CDATA[Jane Doe]]></dc:creator>
 <pubDate>Wed, 19 Mar 2025 10:15:00 GMT</pubDate>
 <category><![CDATA[Roads]]></category><category>Rivers</category>
 <media:title>A picture</media:title><media:description>Of it</media:description>
 <description>A teaser.</description>
 <content:encoded><![CDATA[<p>The bridge &amp; the ferry.</p>]]></content:encoded></item>
<item><guid>https://daily.example/2</guid><author>news@daily.example (John Roe)</author>
 <description>One &lt; two.

Second &amp;amp; last.</description></item>
<item><title>Relative</title><link>../x</link></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/a/">
<title type="text">Weekly</title><author><name>The Editors</name></author>
<entry xml:base="b/"><title type="html">Bridge &amp;amp; ferry</title><id>urn:1</id>
 <link rel="enclosure" href="x.mp3"/><link rel="alternate" type="application/json" href="x.json"/>
 <link rel="alternate" type="text/html" href="x.html"/>
 <author><name>Jane Doe</name><email>j@daily.example</email></author>
 <published>2025-03-19T10:00:00Z</published><updated>2025-03-20T10:00:00Z</updated>
 <category term="r" label="Roads"/><category term="rivers"/>
 <summary>Short.</summary>
 <content type="xhtml">
 <div xmlns="http://www.w3.org/1999/xhtml"><p>The <b>bridge</b>.</p></div></content>
</entry>
<entry><title>5 &lt; 6</title><id>https://id.example/2</id><link href="/y"/>
 <updated>2025-03-19</updated>
 <summary type="text">a &lt;b&gt; c</summary><content type="image/png">AAAA</content></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://old.example/"><title>Old</title></channel>
<item rdf:about="https://old.example/1"><title>One</title><dc:date>2025-03-19</dc:date>
<dc:subject>Roads</dc:subject></item></rdf:RDF>"""

JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Blog",
    "authors": [{"name": "Jane Doe"}],
    "items": [
        {
            "id": "42",
            "url": "/posts/42",
            "title": "Bridge",
            "content_html": "<p>The bridge.</p>",
            "date_published": "2025-03-19T10:00:00+01:00",
            "date_modified": "2025-03-20T00:00:00Z",
            "tags": ["roads"],
            "authors": [{"name": "John Roe"}],
        },
        {"id": "https://blog.example/2", "content_text": "One <two>.\n\nThree."},
        {"id": 3, "summary": "Short."},
        "damaged",
    ],
}


def parse(text: str, url: str = URL) -> Feed:
    return feeds.parse(text.encode(), url)


def item(inside: str, head: str = "") -> Entry:
    [entry] = parse(
        f"<rss version='2.0'{head}><channel><item>{inside}</item></channel></rss>"
    ).entries
    return entry


# --- The kinds ------------------------------------------------------------------------------------


def test_rss() -> None:
    feed = parse(RSS)
    assert feed.title == "The Daily & more"
    assert feed.entries == (
        Entry(
            url="https://daily.example/bridge?a=1&b=2",
            id="tag:42",
            title="Bridge opens at’last",
            authors=("Jane Doe",),
            published=DAY,
            tags=("Roads", "Rivers"),
            html="<p>The bridge &amp; the ferry.</p>",
            full=True,
        ),
        Entry(
            url="https://daily.example/2",
            id="https://daily.example/2",
            title=None,
            authors=("John Roe",),
            html="<p>One &lt; two.</p><p>Second &amp; last.</p>",
        ),
        Entry(url="https://daily.example/x", id="https://daily.example/x", title="Relative"),
    )


def test_atom() -> None:
    feed = parse(ATOM)
    assert feed == Feed(
        "Weekly",
        (
            Entry(
                url="https://base.example/a/b/x.html",
                id="urn:1",
                title="Bridge & ferry",
                authors=("Jane Doe",),
                published=DAY,
                updated=date(2025, 3, 20),
                tags=("Roads", "rivers"),
                html=feed.entries[0].html,
                full=True,
            ),
            Entry(
                url="https://base.example/y",
                id="https://id.example/2",
                title="5 < 6",
                authors=("The Editors",),
                updated=DAY,
                html="<p>a &lt;b&gt; c</p>",
            ),
        ),
    )
    assert "<p>The <b>bridge</b>.</p>" in (feed.entries[0].html or "")


def test_rss_of_old() -> None:
    assert parse(RDF) == Feed(
        "Old",
        (
            Entry(
                url="https://old.example/1",
                id="https://old.example/1",
                title="One",
                published=DAY,
                tags=("Roads",),
            ),
        ),
    )


def test_json_feed() -> None:
    feed = parse(json.dumps(JSON), "https://blog.example/feed.json")
    assert feed.title == "Blog"
    assert feed.entries == (
        Entry(
            url="https://blog.example/posts/42",
            id="42",
            title="Bridge",
            authors=("John Roe",),
            published=DAY,
            updated=date(2025, 3, 20),
            tags=("roads",),
            html="<p>The bridge.</p>",
            full=True,
        ),
        Entry(
            url="https://blog.example/2",
            id="https://blog.example/2",
            title=None,
            authors=("Jane Doe",),
            html="<p>One &lt;two&gt;.</p><p>Three.</p>",
            full=True,
        ),
        Entry(url=None, id="3", title=None, authors=("Jane Doe",), html="<p>Short.</p>"),
    )


def test_a_feed_without_entries() -> None:
    assert parse("<rss version='2.0'><channel><title>New</title></channel></rss>") == Feed(
        "New", ()
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_encodings(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    feed = "<rss><channel><title>Ещё</title></channel></rss>"
    data = f"<?xml version='1.0' encoding='{declared}'?>{feed}".encode(encoding)
    assert feeds.parse(data, URL).title == "Ещё"
    assert feeds.is_feed(data, "")


# --- Broken feeds ---------------------------------------------------------------------------------


def test_what_is_html_rather_than_xml() -> None:
    entry = item(
        "<title>Caf&eacute; AT&T &LT;3 &nope;</title><link>https://a.example/?a=1&b=2</link>"
        "<description>One<br>two <img src='x'> three</br></description><author>J</author>"
    )
    assert entry.title == "Café AT&T <3 &nope;"
    assert entry.url == "https://a.example/?a=1&b=2"
    assert (entry.html or "").startswith("One<br>two <img") and "three" in (entry.html or "")
    assert entry.authors == ("J",)


def test_in_cdata_everything_stays() -> None:
    entry = item(
        "<link><![CDATA[https://a.example/?a=1&b=2]]></link>"
        "<description><![CDATA[<p>a&nbsp;b<br>c</p>]]></description>"
    )
    assert (entry.url, entry.html) == ("https://a.example/?a=1&b=2", "<p>a&nbsp;b<br>c</p>")


def test_prefixes_that_are_not_declared() -> None:
    entry = item(
        "<content:encoded>&lt;p&gt;All.&lt;/p&gt;</content:encoded>"
        "<dc:creator>Jane Doe</dc:creator>"
    )
    assert (entry.html, entry.full, entry.authors) == ("<p>All.</p>", True, ("Jane Doe",))


@pytest.mark.parametrize(
    "end", [RSS.index("<item><guid>"), RSS.index("One &lt;") + 3, len(RSS) - 20]
)
def test_a_feed_that_is_cut_off(end: int) -> None:
    entries = parse(RSS[:end]).entries
    assert entries[0].title == "Bridge opens at’last"
    assert entries[0].html == "<p>The bridge &amp; the ferry.</p>"


def test_what_stands_before_and_after_the_feed() -> None:
    noisy = f"<br />\n<b>Warning</b>: line 1\n{RSS}\n<script>x</script>"
    assert parse(noisy) == parse(RSS)


def test_elements_that_have_no_name() -> None:
    entry = item("<description>a <b>b</b> <x:: xmlns:x='y'>c</x::></description>")
    assert "a <b>b</b>" in (entry.html or "")


def test_an_entry_within_another_is_read_once() -> None:
    outer, inner = parse(
        "<rss><channel><item><title>A</title><description>a <p><b>b</description></item>"
        "<item><title>B</title><description>c</description></item></channel></rss>"
    ).entries
    assert [outer.title, inner.title] == ["A", "B"]
    assert "c" not in (outer.html or "") and "c" in (inner.html or "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not a feed"),
        ("<html><body>No</body></html>", "is not a feed .RSS, Atom or JSON Feed."),
        ('{"version": "1", "items": []}', "is not a feed"),
        ('{"version": "https://jsonfeed.org/version/1"}', "is a damaged feed"),
        ('{"version": ', "is not valid JSON"),
        ("<rss version='2.0'><chan", "is a damaged feed; not one of its entries"),
        ("<rss version='2.0'><channel><title>x</titl", "is a damaged feed"),
        ("<!DOCTYPE rss [<!ENTITY a 'x'>]><rss><channel/></rss>", "declares entities"),
        ("<!DOCTYPE r [\n<!ENTITY % a SYSTEM 'file:///x'> %a; ]><rss/>", "declares entities"),
        ("<rss>" + "&" * 2_000_001 + "</rss>", "is too large a feed"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        parse(text)
    assert "\n" not in str(caught.value)


def test_entities_are_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    entity = f"<!DOCTYPE rss [<!ENTITY a SYSTEM '{secret.as_uri()}'>]>"
    body = "<channel><item><title>x&a;</title></item></channel></rss>"
    # Behind a false root, where the declaration is not seen.
    for text in (f"<!-- <rss > -->{entity}<rss>{body}", f"<rss>{entity}{body}"):
        with contextlib.suppress(SourceError):
            assert "hidden" not in repr(parse(text))


def test_bytes_are_never_taken_for_a_file_name(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(RSS)
    with pytest.raises(SourceError, match="is not a feed"):
        feeds.parse(str(path).encode(), URL)


# --- Telling feeds --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [RSS, ATOM, RDF, json.dumps(JSON), "<rss><channel>"])
def test_is_a_feed_whatever_it_is_called(text: str) -> None:
    for kind in ("", "text/html", "application/xml; charset=utf-8", "application/octet-stream"):
        assert feeds.is_feed(text.encode(), kind)


def test_what_the_server_calls_it_counts_where_a_root_is_found() -> None:
    noisy = f"<b>Warning</b>{RSS}".encode()
    assert not feeds.is_feed(noisy, "text/html")
    assert feeds.is_feed(noisy, "Application/RSS+XML; charset=utf-8")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!doctype html><html><body><p>What is &lt;rss&gt;? An <rss> element.</body></html>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><x/></rdf:RDF>",
        "<feed><x/></feed>",
        "<opml><body/></opml>",
        '{"items": []}',
        "The rss feed.",
    ],
)
def test_is_no_feed(text: str) -> None:
    assert not feeds.is_feed(text.encode(), "text/html")


def test_feeds_of_a_page() -> None:
    page = """<html><head><base href="/blog/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="https://a.example/comments">
<link rel="alternate" type="application/rss+xml; charset=utf-8" href="feed.xml">
<LINK REL="home ALTERNATE" TYPE="Application/Atom+XML" HREF="//b.example/atom">
<link rel="alternate" type="application/rss+xml" href="feed.xml">
<link rel="alternate" type="text/html" hreflang="de" href="/de">
<link rel="stylesheet" href="x.css">
<link rel="alternate" type="application/atom+xml" href="javascript:x">
<link rel="alternate" type="application/feed+json" href="https://[/x">
<link rel="alternate" type="application/feed+json" href="/feed.json"></head></html>"""
    assert feeds.find_feeds(page.encode(), "https://a.example/post/1") == [
        "https://a.example/blog/feed.xml",
        "https://b.example/atom",
        "https://a.example/feed.json",
        "https://a.example/comments",
    ]


@pytest.mark.parametrize("page", [b"", b"\0\1\2", b"%PDF-1.4", b"<!-- -->", b"words"])
def test_no_feeds_of_no_page(page: bytes) -> None:
    assert feeds.find_feeds(page, URL) == []


# --- Anything -------------------------------------------------------------------------------------

PIECES = [
    *("<rss>", "<channel>", "<item>", "</item>", "</channel>", "</rss>", "<title>", "</title>"),
    *("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='//[x'>", "<entry>", "</entry>"),
    *(
        "<content type='xhtml'>",
        "<content type='x/y'>",
        "</content>",
        "<p>",
        "<br>",
        "<x:y z:w='1'>",
    ),
    *(
        "<link href='//['/>",
        "<link>",
        "</link>",
        "<guid>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?x",
    ),
    *(
        "&#0;",
        "&#x110000;",
        "&nbsp;",
        "&",
        "<",
        "https://a.example",
        "<pubDate>",
        "19 Mar 2025",
        "é",
    ),
    *("<dc:creator>", "<author>", "<name>", "a@b (c)", "<category term='", "'/>", "\x0b", "\ufffe"),
    *(
        "<rdf:RDF xmlns:rdf='x' xmlns='http://purl.org/rss/1.0/'>",
        "<!DOCTYPE x [",
        "<!ENTITY a 'b'>",
    ),
]


def anything(data: bytes) -> None:
    feeds.is_feed(data, "application/rss+xml")
    feeds.find_feeds(data, URL)
    try:
        feed = feeds.parse(data, URL)
    except SourceError as error:
        assert "\n" not in str(error)
    else:
        assert all(entry.url is None or entry.url.startswith("http") for entry in feed.entries)
        assert all(entry.html or not entry.full for entry in feed.entries)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda parts: "".join(parts).encode())
    | st.lists(st.sampled_from(PIECES), max_size=30).map(
        lambda parts: f"<rss><channel><item>{''.join(parts)}".encode()
    )
)
def test_any_bytes(data: bytes) -> None:
    anything(data)


LOOSE = st.recursive(
    st.none() | st.integers() | st.text(max_size=9) | st.sampled_from(["https://[", "/x", "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "title", "value"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*JSON["items"][0], "summary", "content_text"]), LOOSE), LOOSE
)
def test_any_json_feed(entry: dict[str, object], title: object) -> None:
    feed = {"version": JSON["version"], "title": title, "items": [entry, title]}
    anything(json.dumps(feed).encode())


@pytest.mark.parametrize(
    ("piece", "end"),
    [
        ("<author>" + "a" * 500_000, "</author>"),
        ("<pubDate>" + "1 " * 200_000, "</pubDate>"),
        ("<category>x</category>" * 50_000, ""),
        ("<item><title>x<description>y", ""),
        ("<item><description>" + "y" * 50_000, ""),
        ("<a ", ""),
        ("<![CDATA[", ""),
        ("<!--", ""),
        ("&", ""),
        ("&a", ""),
        ("<br ", ""),
        ("<link/><guid>x</guid>", ""),
        ("</x>", ""),
    ],
)
def test_nothing_takes_long(piece: str, end: str) -> None:
    times = max(1, 400_000 // len(piece))
    began = time.process_time()
    with contextlib.suppress(SourceError):
        parse(f"<rss><channel><item>{piece * times}{end}")
    assert time.process_time() - began < 5


def test_the_limit_is_far_from_what_feeds_hold() -> None:
    assert len(parse("<rss><channel>" + "<item><title>x</title></item>" * 20_000).entries) == 20_000
    assert rss.paragraphs(" \n\n ") is None
