from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.robots import MAX_BYTES, Rules


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("<html>Not found", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /private # here\r\n", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("User-agent: Article-Assistant\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: article-assistant\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("User-agent:\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /a?b=", "/a?b=1", False),
        ("User-agent: *\nCrawl-delay: ²\nDisallow: /a", "/a", False),
        (f"User-agent: *\nCrawl-delay: {'9' * 5000}\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: //[x\nDisallow: //%5Bx\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a", "//[x", True),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert Rules(text.encode()).allow(httpx.URL(f"http://example.com{path}")) is allowed


def test_only_the_beginning_counts() -> None:
    text = b"User-agent: *\n" + b"#\n" * (MAX_BYTES // 2) + b"Disallow: /"
    assert Rules(text).allow(httpx.URL("http://example.com/"))


@given(
    st.lists(st.sampled_from(["User-agent", "Allow", "Disallow", "Crawl-delay", "Request-rate"])),
    st.lists(st.text(max_size=12)),
    st.binary(max_size=40),
    st.text(max_size=10),
)
def test_any_bytes_will_do(keys: list[str], values: list[str], rest: bytes, path: str) -> None:
    lines = "\n".join(f"{key}: {value}" for key, value in zip(keys, values, strict=False))
    url = httpx.URL(f"http://example.com/{quote(path, safe='/?[]:;@')}")
    assert Rules(lines.encode() + rest).allow(url) in (True, False)
