from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.library.canonical import canonical

STORY = "https://example.com/news/a-story"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/news/a-story",
        "HTTP://Example.COM/news/a-story",
        "  https://example.com/news/a-story\n",
        "http://example.com:80/news/a-story",
        "https://example.com:443/news/a-story",
        "https://example.com./news/a-story",
        "https://reader:secret@example.com/news/a-story",
        "https://www.example.com/news/a-story",
        "https://m.example.com/news/a-story",
        "https://mobile.example.com/news/a-story",
        "https://amp.example.com/news/a-story",
        "https://www.m.example.com/news/a-story",
        "https://example.com/news/a-story/",
        "https://example.com//news//a-story//",
        "https://example.com/news/./x/../a-story",
        "https://example.com/news/a-story/index.html",
        "https://example.com/news/a-story/index.php",
        "https://example.com/news/%61-story",
        "https://example.com/news/a-story?",
        "https://example.com/news/a-story#comments",
        "https://example.com/news/a-story#:~:text=some%20words",
    ],
)
def test_writing(url: str) -> None:
    assert canonical(url) == STORY


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/news/a-story/amp",
        "https://example.com/news/a-story/amp/",
        "https://example.com/news/a-story/amp.html",
        "https://example.com/amp/news/a-story",
        "https://example.com/news/a-story.amp",
        "https://example.com/news/a-story?amp=1",
        "https://example.com/news/a-story?amp",
        "https://example.com/news/a-story?outputType=amp",
        "https://cdn.ampproject.org/c/s/example.com/news/a-story",
        "https://cdn.ampproject.org/c/www.example.com/news/a-story/amp/",
        "https://www-example-com.cdn.ampproject.org/v/s/www.example.com/news/a-story/amp"
        "?amp_js_v=0.1&usqp=mq331AQI",
        "https://www.google.com/amp/s/www.example.com/news/a-story/amp/",
        "https://www.google.co.uk/amp/example.com/news/a-story",
        "https://www.google.com/amp/s/cdn.ampproject.org/c/s/example.com/news/a-story",
        "https://example.com/news/a-story/print",
        "https://example.com/news/a-story/print/",
        "https://example.com/print/news/a-story",
        "https://example.com/news/a-story?print=1",
        "https://example.com/news/a-story?output=print",
        "https://example.com/news/a-story?view=print",
        "https://example.com/news/a-story/print/index.html?amp=true",
    ],
)
def test_views(url: str) -> None:
    assert canonical(url) == STORY


def test_amp_before_the_ending() -> None:
    assert canonical("https://example.com/a-story.amp.html") == "https://example.com/a-story.html"


@pytest.mark.parametrize(
    "query",
    re.findall(
        r"\S+",
        """utm_source=feed&utm_medium=rss UTM_Campaign=x fbclid=1 gclid=1 dclid=1 msclkid=1
        mc_cid=1&mc_eid=2 igshid=1 ref=home ref_src=twsrc%5Etfw cmpid=1 CMP=share_btn_tw
        smid=tw-share ncid=1 xtor=AL-72 spm=a1.b2 at_medium=RSS&at_campaign=KARANGA
        amp_js_v=0.1""",
    ),
)
def test_tracking(query: str) -> None:
    assert canonical(f"{STORY}?{query}") == STORY
    assert canonical(f"{STORY}?page=2&{query}&id=7") == f"{STORY}?id=7&page=2"


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://example.com/", "https://example.com"),
        ("https://example.com/index.php?p=123", "https://example.com?p=123"),
        ("https://example.com:8080/a", "https://example.com:8080/a"),
        ("http://[2001:DB8:0::1]:80/a", "https://[2001:db8::1]/a"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("https://xn--mnchen-3ya.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://MÜNCHEN.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://en.m.wikipedia.org/wiki/Tea", "https://en.wikipedia.org/wiki/Tea"),
        ("https://example.com/a%c3%a9%7e%2f", "https://example.com/a%C3%A9~%2F"),
        ("https://example.com/aé b", "https://example.com/a%C3%A9%20b"),
        ("https://example.com/Tea_%28drink%29", "https://example.com/Tea_(drink)"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/a?q=green+tea", "https://example.com/a?q=green%20tea"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?b=2&amp;a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a?t=2&t=1", "https://example.com/a?t=2&t=1"),
        ("https://example.com/app#!/story/1", "https://example.com/app#!/story/1"),
    ],
)
def test_form(url: str, form: str) -> None:
    assert canonical(url) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?id=1", "https://example.com/?id=2"),
        ("https://example.com/?p=123", "https://example.com/?p=124"),
        ("https://example.com/?p=123", "https://example.com/"),
        ("https://example.com/a/b", "https://example.com/a/c"),
        ("https://example.com/a/b", "https://example.com/a"),
        ("https://example.com/A", "https://example.com/a"),
        ("https://example.com/a?article=1", "https://example.com/a?article=2"),
        ("https://example.com/a?page=1", "https://example.com/a?page=2"),
        ("https://example.com/a?view=list", "https://example.com/a"),
        ("https://example.com/a?print=3", "https://example.com/a"),
        ("https://example.com/a?refid=3", "https://example.com/a"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/a?x=1%26y=2", "https://example.com/a?x=1&y=2"),
        ("https://example.com/a?x=1%2B1", "https://example.com/a?x=1+1"),
        ("https://example.com/app#!/story/1", "https://example.com/app#!/story/2"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("https://news.example.com/a", "https://example.com/a"),
        ("https://mobile.de/a", "https://amp.de/a"),
        ("https://m.co.uk/a", "https://amp.co.uk/a"),
        ("https://en.wikipedia.org/wiki/amp", "https://en.wikipedia.org/wiki/print"),
        ("https://example.com/amp", "https://example.com/print"),
        ("https://www.google.com/amp/s/a.example/x", "https://www.google.com/amp/s/b.example/x"),
        ("https://example.com/ampere", "https://example.com/"),
        ("https://example.com/blueprint", "https://example.com/"),
    ],
)
def test_different_articles(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a title",
        "example.com/a?utm_source=x",
        "/home/ada/Article.HTML#top",
        "C:\\Articles\\a.txt",
        "file:///a/index.html",
        "mailto:ada@example.com",
        "ftp://WWW.example.com/",
        "https://",
        "https:///a",
        "http://[::1",
        "https://exa mple.com/?ref=x",
        "https://example.com:99999/?ref=x",
        "https://example.com:port/?ref=x",
        "https://a..b/?ref=x",
        "https://example.com/" + "a" * 9_000 + "?ref=x",
    ],
)
def test_no_address(text: str) -> None:
    assert canonical(text) == text


PIECES = st.sampled_from(
    [
        *re.findall(
            r"\S+",
            """http:// https:// HTTPS:// www. m. amp. mobile. example com co uk google.com . / //
            : @ ? & = # #! ! % %2 %2f %2e %61 %25 + ; amp print index.html index.php utm_source ref
            id 1 c s v wp cdn.ampproject.org é 。 ß [::1] :80 :443 :8080 \\ .. amp;""",
        ),
        *("é\u0301", "\ud800", " ", "\n"),
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
@example("http://example.com:443/")
@example("https://example.com/%2561%")
@example("https://cdn.ampproject.org/c/s/cdn.ampproject.org/v/m.www.example.com/print/amp/")
def test_canonical_once_is_canonical_for_good(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_every_address_keeps_its_scheme_host_and_nothing_unsafe(tail: str) -> None:
    form = canonical(f"https://news.example.com/{tail}")
    assert form.startswith("https://news.example.com")
    assert form.isascii() and form.isprintable() and " " not in form


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com" + "/amp" * 1_990,
        "https://example.com" + "/print/index.php" * 490,
        "https://" + "www." * 60 + "example.com/" + "m." * 3_000,
        "https://cdn.ampproject.org" + "/c/s/cdn.ampproject.org" * 340,
        "https://" + "".join(map(chr, range(0x4E00, 0x4E00 + 7_900))),
        "https://example.com/?" + "&amp;" * 1_590,
        "https://example.com/" + "%" * 7_900,
    ],
)
def test_hostile_addresses_take_no_time(url: str) -> None:
    start = time.process_time()
    canonical(url)
    assert time.process_time() - start < 2
