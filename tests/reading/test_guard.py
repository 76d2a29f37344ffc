from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import guard

PUBLIC = "93.184.215.14"


def never(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


SPELLINGS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "2130706433",
    "2130706433.",
    "0x7f000001",
    "0X7F.0x0.0x0.0x1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "127.0.0.0x1",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.b.localhost",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::1]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fc00::1]",
    "[fec0::1]",
    "192.168.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "example.com@127.0.0.1",
    "127.0.0.1#@example.com",
    "127.0.0.1?@example.com",
    "127.0.0.1\\@example.com",
    "example.com\\@127.0.0.1",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_leads_inside(host: str) -> None:
    """None of them may even be looked up, because then the answer would count, not the spelling."""
    with pytest.raises(SourceError):
        guard.addresses(guard.parse(f"http://{host}/x"), never, allow_private=False)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1."])
def test_odd_numbers_are_refused_even_where_private_addresses_are_allowed(host: str) -> None:
    with pytest.raises(SourceError):
        guard.parse(f"http://{host}/")


@pytest.mark.parametrize(
    "address",
    re.findall(
        r"\S+",
        """
    0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
    172.31.0.1 192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1
    203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    :: ::1 ::ffff:10.0.0.1 ::ffff:0.0.0.0 ::10.0.0.1 ::8.8.8.8 64:ff9b::10.0.0.1 64:ff9b:1::8.8.8.8
    100::1 2001::1 2001:2::1 2001:10::1 2001:db8::1 2002:0a00:0001::1 2002:c0a8:0101:: 3fff::1
    5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%1 fec0::1 ff02::1 ff0e::1
    """,
    ),
)
def test_not_public(address: str) -> None:
    assert not guard.is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    f"{PUBLIC} 1.1.1.1 2606:4700::1111 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8".split(),
)
def test_public(address: str) -> None:
    assert guard.is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_as_public_as_itself(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert guard.is_public(IPv6Address(wrapped)) == guard.is_public(address)


@pytest.mark.parametrize(
    ("found", "bad"),
    [
        (["192.168.0.1"], "192.168.0.1"),
        ([PUBLIC, "10.0.0.1"], "10.0.0.1"),
        (["2606:4700::1111", "::1"], "::1"),
        (["fe80::1%eth0"], "fe80::1%eth0"),
    ],
)
def test_one_private_address_of_a_name_is_enough(found: list[str], bad: str) -> None:
    url = guard.parse("https://example.com/")
    with pytest.raises(SourceError) as caught:
        guard.addresses(url, lambda host, port: found, allow_private=False)
    assert str(caught.value) == (
        f"points to a private address ({bad}); set allow_private_addresses to allow it"
    )
    assert guard.addresses(url, lambda host, port: found, allow_private=True) == tuple(found)


def test_the_name_is_looked_up_once_with_its_port() -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return [PUBLIC, PUBLIC]

    assert guard.addresses(guard.parse("https://Example.com./a"), resolve, False) == (PUBLIC,)
    assert guard.addresses(guard.parse("http://example.com:8000"), resolve, False) == (PUBLIC,)
    assert asked == [("example.com", 443), ("example.com", 8000)]


def test_a_numeric_address_is_not_looked_up() -> None:
    assert guard.addresses(guard.parse(f"http://{PUBLIC}/"), never, False) == (PUBLIC,)
    assert guard.addresses(guard.parse("http://[::1]:8000/"), never, True) == ("::1",)


@pytest.mark.parametrize(
    "error", [socket.gaierror(-2, "Name unknown"), UnicodeError("label"), None]
)
def test_an_unknown_name(error: Exception | None) -> None:
    def resolve(host: str, port: int) -> list[str]:
        if error:
            raise error
        return []

    with pytest.raises(SourceError, match=r"^the name nowhere\.example cannot be found; check "):
        guard.addresses(guard.parse("http://nowhere.example/"), resolve, False)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.com/", "is not a web address; it must begin with http:// or https://"),
        ("file:///etc/passwd", "is not a web address"),
        ("gopher://example.com/", "is not a web address"),
        ("javascript:alert(1)", "is not a web address"),
        ("data:text/html,x", "is not a web address"),
        ("example.com/page", "is not a web address"),
        ("//example.com/page", "is not a web address"),
        ("", "is not a web address"),
        ("http://", "its host is no valid name"),
        ("http:///etc", "its host is no valid name"),
        ("http:/example.com", "its host is no valid name"),
        ("http://a b/", "its host is no valid name"),
        ("http://a..b/", "its host is no valid name"),
        ("http://.example.com/", "its host is no valid name"),
        (f"http://{'a' * 64}.com/", "its host is no valid name"),
        (f"http://{'a.' * 130}com/", "its host is no valid name"),
        ("http://a!b/", "its host is no valid name"),
        ("http://[::1", "is not a web address"),
        ("http://exa\nmple.com/", "is not a web address"),
        ("http://example.com/\r\nHost: evil", "is not a web address"),
        ("http://example.com/\ud800", "is not a web address"),
        ("http://example.com:x/", "is not a web address"),
        ("http://user@example.com/", "holds a user name or a password"),
        ("http://user:secret@example.com/", "holds a user name or a password"),
        ("http://example.com:22/", "asks port 22, where no web pages are served"),
        ("http://example.com:25/", "asks port 25"),
        ("http://example.com:6000/", "asks port 6000"),
        ("http://example.com:0/", "asks port 0"),
        ("http://example.com:-1/", "asks port -1"),
        ("http://example.com:70000/", "asks port 70000"),
    ],
)
def test_no_web_address(address: str, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        guard.parse(address)
    assert reason in str(caught.value) and "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("  HTTP://Example.COM ", "http://example.com/"),
        ("https://example.com.:443/a b?q=ü#part", "https://example.com/a%20b?q=%C3%BC"),
        ("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/"),
        ("http://BÜCHER.example/", "http://xn--bcher-kva.example/"),
        ("http://a_b.example.co/..//x", "http://a_b.example.co//x"),
        ("http://[2606:4700::1111]:81/", "http://[2606:4700::1111]:81/"),
        ("http://1.1.1.1/", "http://1.1.1.1/"),
        ("http://4chan.example/", "http://4chan.example/"),
    ],
)
def test_a_web_address(address: str, plain: str) -> None:
    assert str(guard.parse(address)) == plain


@given(st.text(max_size=40), st.sampled_from(["", "http://", "https://", "http://["]))
def test_any_text_is_parsed_or_refused(text: str, start: str) -> None:
    try:
        url = guard.parse(start + text)
    except SourceError:
        return
    assert guard.parse(str(url)) == url == httpx.URL(str(url))
    assert url.scheme in ("http", "https") and url.raw_host
