from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import html
from assistant.reading.clean import clean

PAGE = """<!doctype html>
<html><head><title>Bridge opens at last | The Daily</title>
<meta property="og:title" content="Bridge opens at last">
<meta property="og:site_name" content="The Daily">
<meta name="author" content="Jane Doe">
<meta name="keywords" content="bridge, river; roads">
<meta property="article:published_time" content="2025-03-19T10:00:00Z">
<style>p { color: red }</style><script>var secret = 1;</script></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div hidden>hidden words</div><p style="color:red; DISPLAY : none">unseen words</p>
<template><p>template words</p></template><span aria-hidden="true">aria words</span>
<article><h1>Bridge opens at last</h1><p class="byline">By Jane Doe</p>
<p>The bridge over the river opened on Monday after three years of work,
and thousands of people walked across it on the first day.</p>
<p>Advertisement</p>
<h2>Costs</h2>
<p>It cost <b>30 million</b> euros, more than planned, as <a href="/mayor">the mayor</a> said.
<img src="http://elsewhere.example/x.png" alt="a bridge"></p>
<ul><li>The north bank paid half</li><li>The south bank paid <i>the rest</i></li></ul>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2022</td><td>10</td></tr></table>
<p style="visibility: hidden">ghost words</p>
<blockquote><p>We are proud of it, said the mayor, and so is the whole town.</p></blockquote>
<p>The ferry will go on to run in the summer.<br>So it was decided.</p></article>
<div id="comments"><h3>Comments</h3><p>First! I was there and I liked it a lot.</p></div>
<footer>We use cookies. <a href="/legal">Legal notice</a></footer></body></html>"""


def test_a_whole_page() -> None:
    draft = clean(html.read(PAGE.encode()))
    assert draft.title == "Bridge opens at last"
    assert draft.authors == ("Jane Doe",)
    assert draft.published == date(2025, 3, 19)
    assert draft.tags == ("bridge", "river", "roads")
    assert draft.text == (
        "The bridge over the river opened on Monday after three years of work, and thousands of "
        "people walked across it on the first day.\n\n"
        "Costs\n\n"
        "It cost 30 million euros, more than planned, as the mayor said.\n\n"
        "- The north bank paid half\n- The south bank paid the rest\n\n"
        "Year | Cost\n2022 | 10\n\n"
        "We are proud of it, said the mayor, and so is the whole town.\n\n"
        "The ferry will go on to run in the summer.\nSo it was decided."
    )


def test_a_tiny_page() -> None:
    draft = clean(html.read(b"<title>Hi</title><body><nav>Home</nav><p>Hello <b>there</b>.</p>"))
    assert (draft.title, draft.text) == ("Hi", "Hello there.")


def test_a_page_without_an_article_element() -> None:
    rows = "".join(f"<div>Line number {i} of the page tells a thing.</div>" for i in range(4))
    assert clean(html.read(f"<body>{rows}".encode())).text.count("tells a thing") == 4


@pytest.mark.parametrize(
    "head",
    ['<meta charset="windows-1251">', "<meta http-equiv=x content='text/html;charset=cp1251'>"],
)
def test_the_declared_charset_counts(head: str) -> None:
    page = f"<html><head>{head}</head><body><p>Ещё не был.</p></body></html>"
    assert clean(html.read(page.encode("cp1251"))).text == "Ещё не был."


def test_western_page_without_charset() -> None:
    assert clean(html.read("<p>café naïve – “quotes”</p>".encode("cp1252"))).text == (
        "café naïve – “quotes”"
    )


def test_a_declared_xml_encoding() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Été.</p></body></html>'
    assert clean(html.read(page.encode("latin-1"))).text == "Été."


def test_deeply_nested() -> None:
    html.read(b"<div>" * 5000 + b"A sentence within." + b"</div>" * 5000)


PIECES = re.findall(
    r"\S+",
    "<p> </p> <div hidden> </div> <table> <tr> <td> <br> <!-- --> <ul> <li> </ul> <body <title> < "
    "&#0; &nbsp; &amp; words. <h1> </h1> <article> <?xml <pre>",
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map(lambda parts: " ".join(parts).encode())
    | st.binary(max_size=100)
)
def test_nothing_but_a_source_error(data: bytes) -> None:
    try:
        clean(html.read(data))
    except SourceError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("sign", [b"\x01", b"&#1;", b"&#x1F;"])
def test_a_control_character_beside_something_hidden(sign: bytes) -> None:
    words = b" on Monday and on Tuesday" * 20
    page = b"<p>The ferry" + sign + b"<b hidden>x</b>" + sign + b" runs." + words + b"</p>"
    text = html.read(page).text
    assert "ferry" in text and "runs." in text
