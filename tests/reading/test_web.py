from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web_server import CERTIFICATE, Reply, Site, site

from assistant.errors import SourceError, Stopped
from assistant.reading import web, wire
from assistant.reading.web import Fetched, Web

HTML = {"Content-Type": "text/html; charset=utf-8"}
PUBLIC = "93.184.215.14"


def make(**options: Any) -> Web:
    """As a person with an intranet would, impatient and without robots.txt."""
    usual = {"max_bytes": 1_000_000, "allow_private": True, "per_host_seconds": 0, "robots": False}
    return Web(**{**usual, **options})


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def refused(web: Web, url: str, **options: Any) -> str:
    """The reason, after the address and on the same line."""
    with pytest.raises(SourceError) as caught:
        web.get(url, **options)
    start, text = f"{url}: ", str(caught.value)
    assert text.startswith(start) and "\n" not in text
    return text.removeprefix(start)


def to(location: str, status: int = 302) -> Reply:
    return Reply(b"", status, {"Location": location})


def typed(kind: str) -> Reply:
    return Reply(headers={"Content-Type": kind})


class Clock:
    """Goes on only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def local() -> Iterator[Site]:
    with site({"/": Reply(headers=HTML)}) as running:
        yield running


@pytest.fixture
def outside(local: Site, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The local site as if it stood at PUBLIC, and all the addresses that were connected to."""
    connected: list[str] = []

    def connect(address: str, port: int, watch: wire.Watch, seconds: float) -> socket.socket:
        connected.append(address)
        assert address == PUBLIC
        return socket.create_connection(("127.0.0.1", local.port))

    monkeypatch.setattr(wire, "connect", connect)
    return connected


# --- pages ----------------------------------------------------------------------------------------


def test_a_page(local: Site) -> None:
    local.routes["/a?q=1"] = Reply(
        b"<p>\xc3\xa4", headers={**HTML, "ETag": '"7"', "Last-Modified": "Mon, 01 Jan 2024"}
    )
    with make() as web:
        page = web.get(f"  {local.url('/a?q=1#part')}\n")
    assert page == Fetched(
        local.url("/a?q=1"), b"<p>\xc3\xa4", HTML["Content-Type"], '"7"', "Mon, 01 Jan 2024"
    )
    assert make().get(local.url()) == Fetched(
        local.url("/"), b"<p>Words.", HTML["Content-Type"], None, None
    )


def test_what_is_sent(local: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    local.routes["/"] = Reply(headers={**HTML, "Set-Cookie": "id=1"})
    web = make(resolve=here)
    web.get(local.url(host="Articles.Example"))
    web.get(local.url(host="Articles.Example"))
    headers = local.seen[1][1]
    assert headers["Host"] == f"articles.example:{local.port}"
    assert headers["User-Agent"].startswith("article-assistant/")
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_known_pages_are_asked_for_changes(local: Site) -> None:
    local.routes["/"] = Reply(b"", 304, {"ETag": '"7"'})
    web = make()
    assert web.get(local.url(), etag='"7"') is None
    assert web.get(local.url(), last_modified="Mon, 01 Jan 2024") is None
    assert local.seen[0][1]["If-None-Match"] == '"7"'
    assert local.seen[1][1]["If-Modified-Since"] == "Mon, 01 Jan 2024"
    assert "If-None-Match" not in local.seen[1][1]


def test_unchanged_without_having_been_known(local: Site) -> None:
    local.routes["/"] = Reply(b"", 304, {})
    assert refused(make(), local.url()) == "answered 304 (Not Modified)"
    unfit = {"etag": '"a"\r\nX: y', "last_modified": "\u2028"}
    assert refused(make(), local.url(), **unfit) == "answered 304 (Not Modified)"
    assert "X" not in local.seen[1][1]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "answered 404 (Not Found)"),
        (410, "answered 410 (Gone)"),
        (204, "answered 204 (No Content)"),
        (300, "answered 300 (Multiple Choices)"),
        (299, "answered 299 (unknown)"),
        (401, "asks to sign in (401); save the page in a browser and add the file"),
        (403, "asks to sign in (403); save the page in a browser and add the file"),
        (500, "answered 500 (Internal Server Error); try again later"),
        (503, "answered 503 (Service Unavailable); try again later"),
        (302, "answered 302 without saying where to go"),
    ],
)
def test_other_answers(local: Site, status: int, reason: str) -> None:
    local.routes["/"] = Reply(b"", status)
    assert refused(make(), local.url()) == reason


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/html",
        "TEXT/HTML;charset=x",
        "text/html, text/html",
        "text/plain",
        "text/markdown",
        "text/xml",
        "application/xhtml+xml",
        "application/xml",
        "application/rss+xml",
        "application/atom+xml; charset=utf-8",
        "application/json",
        "application/feed+json",
        "application/pdf",
        "application/epub+zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/octet-stream",
    ],
)
def test_kinds_that_can_be_read(local: Site, kind: str) -> None:
    local.routes["/"] = typed(kind) if kind else Reply(headers={})
    page = make().get(local.url())
    assert page and page.content_type == kind


@pytest.mark.parametrize(
    "kind",
    [
        "image/png",
        "image/svg+xml",
        "video/mp4",
        "application/zip",
        "application/x-sh",
        "x",
        "a b/c",
    ],
)
def test_kinds_that_cannot_be_read(local: Site, kind: str) -> None:
    local.routes["/"] = typed(kind)
    assert refused(make(), local.url()) == f"is {kind}, not an article, a feed or a document"


# --- size -----------------------------------------------------------------------------------------


def test_a_page_of_just_the_size(local: Site) -> None:
    local.routes["/"] = Reply(bytes(1_000_000))
    page = make().get(local.url())
    assert page and len(page.data) == 1_000_000


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(1 << 16))


def large(handler: BaseHTTPRequestHandler) -> None:
    """Says how large it is, and sends nothing: who waits for the content, waits in vain."""
    handler.send_response(200)
    handler.send_header("Content-Length", "20000001")
    handler.end_headers()
    time.sleep(20)


@pytest.mark.parametrize("route", [endless, large])
def test_too_large(local: Site, route: Callable[[BaseHTTPRequestHandler], None]) -> None:
    local.routes["/"] = route
    begin = time.monotonic()
    reason = refused(make(max_bytes=20_000_000), local.url())
    assert reason == "is larger than 20 MB (setting max_file_mb)"
    assert time.monotonic() - begin < 10


def bomb(window: int) -> bytes:
    packer = zlib.compressobj(9, wbits=window)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "window"),
    [("gzip", zlib.MAX_WBITS | 16), ("deflate", zlib.MAX_WBITS), ("deflate", -zlib.MAX_WBITS)],
)
def test_bombs(local: Site, encoding: str, window: int) -> None:
    packed = bomb(window)
    assert len(packed) < 1_000_000
    local.routes["/"] = Reply(packed, headers={**HTML, "Content-Encoding": encoding})
    tracemalloc.start()
    try:
        assert refused(make(), local.url()) == "is larger than 1 MB (setting max_file_mb)"
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_packed_pages(local: Site) -> None:
    local.routes["/"] = Reply(
        gzip.compress(b"Words. " * 100), headers={**HTML, "Content-Encoding": "gzip"}
    )
    page = make().get(local.url())
    assert page and page.data == b"Words. " * 100


def test_packings_that_were_not_asked_for(local: Site) -> None:
    """Brotli too: its library has no bounds that could be relied on."""
    local.routes["/"] = Reply(b"\x0b\x02\x80", headers={**HTML, "Content-Encoding": "br"})
    assert refused(make(), local.url()) == "came packed in a way that cannot be unpacked"


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
def test_nothing_inside_is_asked(local: Site, host: str) -> None:
    reason = refused(make(allow_private=False), local.url(host=host))
    assert "points to a private address" in reason or "in an odd way" in reason
    assert local.seen == []


def test_the_way_out_is_named(local: Site) -> None:
    reason = "points to a private address (127.0.0.1); set allow_private_addresses to allow it"
    assert refused(make(allow_private=False), local.url()) == reason


def test_a_name_that_leads_inside(local: Site) -> None:
    web = make(allow_private=False, resolve=lambda host, port: [PUBLIC, "127.0.0.1"])
    assert "private address (127.0.0.1)" in refused(web, local.url(host="articles.example"))
    assert local.seen == []


def test_rebinding(local: Site, outside: list[str]) -> None:
    """A name that leads out when it is checked, and inside when it is looked up once more."""
    answers = [[PUBLIC], ["127.0.0.1"]]
    web = make(allow_private=False, resolve=lambda host, port: answers.pop(0))
    page = web.get(local.url(host="articles.example"))
    assert page and outside == [PUBLIC] and answers == [["127.0.0.1"]]
    assert "private address (127.0.0.1)" in refused(web, local.url(host="articles.example"))
    assert outside == [PUBLIC]


def test_the_next_address_is_tried(local: Site) -> None:
    web = make(resolve=lambda host, port: ["::1", "127.0.0.1"])
    assert web.get(local.url(host="articles.example"))


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    reason = refused(make(), f"http://127.0.0.1:{port}/")
    assert reason == "cannot be reached (Connection refused); check the address and the connection"


def test_a_name_that_is_unknown() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    reason = refused(make(resolve=resolve), "http://nowhere.example/")
    assert (
        reason == "the name nowhere.example cannot be found; check the address and the connection"
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://jo:secret@example.com/", "http://…@example.com/: holds a user name or a password"),
        ("http://exam\nple.com/", "http://exam ple.com/: is not a web address"),
        ("http://a/\x1b[2J", "http://a/\ufffd[2J: is not a web address"),
        (f"ftp://{'x' * 400}", f"ftp://{'x' * 293}…: is not a web address"),
        ("", ": is not a web address"),
    ],
)
def test_addresses_in_messages(url: str, shown: str) -> None:
    with pytest.raises(SourceError) as caught:
        make().get(url)
    text = str(caught.value)
    assert text.startswith(shown) and text.isprintable() and "secret" not in text


# --- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects(local: Site, status: int) -> None:
    local.routes |= {"/a/b": to("../c?d", status), "/c?d": to(local.url("/#x"), status)}
    page = make().get(local.url("/a/b"))
    assert page and page.url == local.url("/")
    assert local.paths == ["/a/b", "/c?d", "/"]


def test_five_redirects_and_no_more(local: Site) -> None:
    local.routes |= {f"/{n}": to(f"/{n - 1}") for n in range(1, 7)} | {"/0": Reply()}
    page = make().get(local.url("/5"))
    assert page and page.url == local.url("/0")
    assert refused(make(), local.url("/6")) == "redirects more than 5 times"
    local.routes["/loop"] = to("/loop")
    assert refused(make(), local.url("/loop")) == "redirects more than 5 times"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1/x", "points to a private address (127.0.0.1)"),
        ("//localhost/x", "points to a private address (localhost)"),
        ("http://inside.example/", "points to a private address (10.0.0.1)"),
        ("http://169.254.169.254/latest/meta-data", "points to a private address"),
        ("http://2130706433/", "spells its host in an odd way"),
        ("file:///etc/passwd", "is not a web address"),
        ("http://jo:secret@other.example/", "holds a user name or a password"),
        ("http://other.example:22/", "asks port 22"),
        ("http://[::1", "Invalid"),
        ("http://b\xfc\xdf\xf0.example:\x7f/", "Invalid"),
    ],
)
def test_redirects_are_checked_like_any_address(
    local: Site, outside: list[str], location: str, reason: str
) -> None:
    names = {"outside.example": PUBLIC, "inside.example": "10.0.0.1"}
    local.routes["/"] = to(location)
    web = make(allow_private=False, resolve=lambda host, port: [names[host]])
    text = refused(web, local.url(host="outside.example"))
    assert text.startswith("leads to ") and reason in text and "secret" not in text
    assert local.paths == ["/"]


def test_failures_behind_a_redirect_name_both_addresses(local: Site) -> None:
    local.routes["/"] = to("/gone")
    reason = f"leads to {local.url('/gone')}: answered 404 (Not Found)"
    assert refused(make(), local.url()) == reason


# --- https ----------------------------------------------------------------------------------------


def test_https_asks_for_the_name_at_the_checked_address(tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cadata=CERTIFICATE)
    with site({"/": Reply()}, keys=tmp_path) as secure:
        url = secure.url(host="articles.example")
        page = make(resolve=here, tls=trusting).get(url)
        assert page and page.url == url
        assert secure.names == ["articles.example"]
        assert secure.seen[0][1]["Host"] == f"articles.example:{secure.port}"
        other = refused(make(resolve=here, tls=trusting), secure.url(host="other.example"))
        assert other.startswith("the certificate cannot be verified (Hostname mismatch")


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with site({"/": Reply()}, keys=tmp_path) as secure:
        reason = refused(make(resolve=here), secure.url(host="articles.example"))
        assert reason.startswith("the certificate cannot be verified (self")
        assert secure.seen == []


def test_http_where_https_was_asked_for(local: Site) -> None:
    reason = refused(make(), local.url().replace("http:", "https:"))
    assert reason.startswith("no secure connection can be made (") and "_" not in reason


def test_no_redirect_from_https_to_http(local: Site, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cadata=CERTIFICATE)
    with site({"/": to(local.url())}, keys=tmp_path) as secure:
        local.routes["/up"] = to(secure.url(host="articles.example"))
        web = make(resolve=here, tls=trusting)
        reason = f"leads from https to unprotected http ({local.url()})"
        assert refused(web, secure.url(host="articles.example")) == reason
        assert reason in refused(web, local.url("/up"))
        assert local.paths == ["/up"]


# --- robots.txt -----------------------------------------------------------------------------------


RULES = Reply(b"User-agent: article-assistant\nDisallow: /closed\n")


def test_robots_are_heeded_and_fetched_once(local: Site) -> None:
    local.routes |= {"/robots.txt": RULES, "/open": to("/closed"), "/closed": Reply()}
    web = make(robots=True)
    assert refused(web, local.url("/closed")) == "its robots.txt asks programs to stay away"
    assert web.get(local.url())
    assert "robots.txt asks" in refused(web, local.url("/open"))
    assert local.paths == ["/robots.txt", "/", "/open"]
    assert make(robots=False).get(local.url("/closed"))


def test_every_site_has_its_own_rules(local: Site) -> None:
    local.routes["/robots.txt"] = RULES
    with site({"/closed": Reply()}) as other:
        local.routes["/"] = to(other.url("/closed"))
        assert make(robots=True).get(local.url())
        assert other.paths == ["/robots.txt", "/closed"]


@pytest.mark.parametrize(
    "route",
    [
        Reply(status=404),
        Reply(b"User-agent: *\nDisallow: /", 403),
        Reply(status=503, headers={"Retry-After": "1"}),
        to("/robots.txt"),
        to("file:///etc/passwd"),
        Reply(b"\xff\xfe\x00[", headers={"Content-Encoding": "br"}),
        Reply(b"#" * 2_000_000),
    ],
)
def test_robots_that_cannot_be_read_forbid_nothing(local: Site, route: Reply) -> None:
    local.routes["/robots.txt"] = route
    web = make(robots=True, seconds=4, resolve=here)
    assert web.get(local.url()) and web.get(local.url())
    assert local.paths.count("/robots.txt") == (6 if route == to("/robots.txt") else 1)


def test_robots_after_a_redirect_count(local: Site) -> None:
    local.routes |= {"/robots.txt": to("/rules"), "/rules": RULES, "/closed": Reply()}
    assert "robots.txt asks" in refused(make(robots=True), local.url("/closed"))


def test_robots_lead_nowhere_inside(local: Site, outside: list[str]) -> None:
    local.routes["/robots.txt"] = to("http://10.0.0.1/")
    web = make(robots=True, allow_private=False, resolve=lambda host, port: [PUBLIC])
    assert web.get(local.url(host="outside.example"))
    assert local.paths == ["/robots.txt", "/"]


def test_robots_that_never_come_leave_time_for_the_page(local: Site) -> None:
    local.routes["/robots.txt"] = lambda handler: time.sleep(5)
    assert make(robots=True, seconds=1).get(local.url())


# --- patience -------------------------------------------------------------------------------------


def test_a_pause_between_two_requests_to_one_host(local: Site) -> None:
    clock = Clock()
    local.routes |= {"/robots.txt": RULES, "/a": to("/")}
    web = make(robots=True, per_host_seconds=2, clock=clock, sleep=clock.sleep, resolve=here)
    web.get(local.url("/a"))
    assert clock.now == pytest.approx(1004)  # robots.txt, then /a, then /
    web.get(local.url("/"))
    assert clock.now == pytest.approx(1006)
    web.get(local.url("/", host="other.example"))
    assert clock.now == pytest.approx(1008)  # only between its own robots.txt and page


def test_pauses_do_not_use_up_the_time(local: Site) -> None:
    clock = Clock()
    web = make(seconds=5, per_host_seconds=60, clock=clock, sleep=clock.sleep)
    assert web.get(local.url()) and web.get(local.url())
    assert clock.now == pytest.approx(1060)


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "least", "most"), [("7", 7, 7.1), ("date", 15, 20), ("0", 0, 0)])
def test_retry_after(local: Site, status: int, asked: str, least: float, most: float) -> None:
    clock = Clock()
    asked = http_date(20) if asked == "date" else asked
    busy = Reply(b"", status, {"Retry-After": asked})
    local.routes["/"] = [busy, Reply(), busy, busy, Reply()]
    web = make(clock=clock, sleep=clock.sleep, seconds=5)
    assert web.get(local.url())
    assert least <= clock.now - 1000 <= most
    assert f"answered {status} (" in refused(web, local.url())  # it waits only once
    assert len(local.seen) == 4


@pytest.mark.parametrize(
    ("asked", "later"),
    [
        ("31", "in 31 s"),
        ("99999999999999999999", "in 999999999 s"),
        ("soon", "later"),
        ("-5", "later"),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", "later"),
    ],
)
def test_no_longer_than_thirty_seconds(local: Site, asked: str, later: str) -> None:
    clock = Clock()
    local.routes["/"] = Reply(b"", 429, {"Retry-After": asked})
    reason = refused(make(clock=clock, sleep=clock.sleep), local.url())
    assert reason == f"answered 429 (Too Many Requests); try again {later}"
    assert clock.now == 1000 and len(local.seen) == 1


# --- time -----------------------------------------------------------------------------------------


def drip(before: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """A server that is never done: a byte now and then, so that no single wait is a long one."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(before)
        for _ in range(300):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    return answer


SLOW = {
    "status": drip(b"HTTP/1.1 200 "),
    "headers": drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Long: "),
    "body": drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"),
    "silence": lambda handler: time.sleep(15),
}


@pytest.mark.parametrize("kind", SLOW)
def test_slow_servers_are_cut_off(local: Site, kind: str) -> None:
    local.routes["/"] = SLOW[kind]
    begin = time.monotonic()
    assert refused(make(seconds=0.5), local.url()) == "no answer within 0.5 s; try again later"
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("kind", SLOW)
def test_stopped_while_it_waits_for_a_server(local: Site, kind: str) -> None:
    local.routes["/"] = SLOW[kind]
    assert stopped_after(lambda stop: make().get(local.url(), stop=stop)) < 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_stopped_while_a_connection_is_made(scheme: str) -> None:
    """The system answers for a server that listens; the server itself says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/"
        assert stopped_after(lambda stop: make().get(url, stop=stop)) < 3
        assert refused(make(seconds=0.4), url) == "no answer within 0.4 s; try again later"


def test_stopped_while_a_name_is_looked_up() -> None:
    hanging = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        hanging.wait(20)
        return []

    url = "http://slow.example/"
    assert stopped_after(lambda stop: make(resolve=resolve).get(url, stop=stop)) < 3
    reason = refused(make(resolve=resolve, seconds=0.4), url)
    assert reason == "no answer within 0.4 s; try again later"
    hanging.set()


def test_stopped_in_a_pause(local: Site) -> None:
    local.routes["/"] = [Reply(), Reply(b"", 429, {"Retry-After": "25"})]
    slow = make(per_host_seconds=20)
    slow.get(local.url())
    assert stopped_after(lambda stop: slow.get(local.url(), stop=stop)) < 3
    assert stopped_after(lambda stop: make().get(local.url(), stop=stop)) < 3


def test_stopped_before_it_begins(local: Site) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        make().get(local.url(), stop=stop)
    assert local.seen == []


def test_close_ends_what_is_under_way(local: Site) -> None:
    local.routes["/"] = SLOW["body"]
    web = make()
    threading.Timer(0.2, web.close).start()
    with pytest.raises(Stopped):
        web.get(local.url())
    with pytest.raises(Stopped):
        web.get(local.url())


def stopped_after(work: Callable[[threading.Event], object]) -> float:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begin = time.monotonic()
    with pytest.raises(Stopped):
        work(stop)
    return time.monotonic() - begin


# --- what no web server would say -----------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200\x00 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n".replace(b"\r\n", b"\r\nX Y: \x1b[2J\r\n", 1),
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnot!",
    ],
)
def test_nonsense(local: Site, said: bytes) -> None:
    local.routes["/"] = lambda handler: handler.wfile.write(said) and None
    assert refused(make(seconds=5), local.url()).isprintable()


def test_any_answer_is_a_page_or_a_reason() -> None:
    """The beginnings lead deeper in than random bytes do."""
    said = [b""]
    routes: dict[str, Any] = {"/": lambda handler: handler.wfile.write(said[0])}
    starts = [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "]
    starts += [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08"]
    with site(routes) as running:

        @settings(max_examples=150, deadline=None)
        @given(st.sampled_from(starts), st.binary(max_size=60), st.sampled_from([b"", b"\r\n\r\n"]))
        def try_it(start: bytes, rest: bytes, end: bytes) -> None:
            said[0] = start + rest + end
            try:
                make(seconds=5, resolve=here).get(running.url())
            except SourceError as error:
                assert str(error).startswith(f"{running.url()}: ") and str(error).isprintable()

        try_it()


def test_a_connection_that_is_reset(local: Site) -> None:
    def reset(handler: BaseHTTPRequestHandler) -> None:
        linger = b"\x01\0\0\0\0\0\0\0"
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()

    local.routes["/"] = reset
    reason = refused(make(), local.url())
    assert "broke off (Connection reset by peer)" in reason or "as a web server should" in reason


def test_the_usual_settings() -> None:
    """Outward only, and as this program, without anything said."""
    with Web(max_bytes=1) as usual:
        assert "private address" in refused(usual, "http://127.0.0.1:8000/")
    assert web.AGENT.split("/")[0] == "article-assistant"
