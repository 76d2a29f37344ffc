"""Hosts and origins, the reader's cookie, and the document, around a page of one word."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.ui.document import Document
from assistant.ui.guard import Guard, is_this_machine
from assistant.ui.readers import Readers

AT_HOME = "http://127.0.0.1:7860"


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("page")(scope, receive, send)


def code(guard: Guard, address: str, **headers: str) -> int:
    return TestClient(guard, base_url=address).get("/", headers=headers).status_code


@pytest.mark.parametrize(
    ("host", "address", "allowed"),
    [
        ("127.0.0.1", AT_HOME, True),
        ("127.0.0.1", "http://localhost:7860", True),
        ("127.0.0.1", "http://evil.example", False),
        ("127.0.0.1", "http://192.168.0.7", False),
        ("127.0.0.1", "http://nas.local", True),
        ("0.0.0.0", "http://192.168.0.7:7860", True),
        ("0.0.0.0", "http://[fd00::7]:7860", True),
        ("0.0.0.0", "http://NAS.local", True),
        ("0.0.0.0", "http://evil.example", False),
        ("0.0.0.0", "http://192.168.0.7.evil.example", False),
        ("desk.home", "http://desk.home:7860", True),
        ("desk.home", "http://other.home:7860", False),
        ("::1", "http://[::1]:7860", True),
    ],
)
def test_only_addresses_and_names_that_were_allowed(host: str, address: str, allowed: bool) -> None:
    assert code(Guard(page, host, ["nas.local", ""]), address) == (200 if allowed else 403)


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"origin": AT_HOME}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://127.0.0.1:80"}, False),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, True),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, False),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, False),
        ({"host": ""}, False),
        ({"host": "[::"}, False),
    ],
)
def test_other_sites_get_nothing_but_a_link(headers: dict[str, str], allowed: bool) -> None:
    assert code(Guard(page, "127.0.0.1", [""]), AT_HOME, **headers) == (200 if allowed else 403)


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("localhost", True), ("::1", True),
     ("0.0.0.0", False), ("::", False), ("192.168.0.7", False), ("desk.home", False)],
)  # fmt: skip
def test_which_hosts_are_this_machine_alone(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


def test_each_browser_gets_a_cookie_of_its_own_once() -> None:
    one, other = (TestClient(Readers(page), base_url=AT_HOME) for _ in range(2))
    set_cookie = one.get("/").headers["set-cookie"]
    assert "set-cookie" not in one.get("/").headers
    other.get("/")
    assert len(one.cookies["reader"]) > 20
    assert one.cookies["reader"] != other.cookies["reader"]
    wanted = {"HttpOnly", "SameSite=Strict", "Path=/"}
    assert wanted <= set(set_cookie.split("; "))
    assert int(set_cookie.split("Max-Age=")[1].split(";")[0]) > 365 * 24 * 3600


def test_a_link_on_another_site_does_not_take_the_place_of_a_cookie() -> None:
    """The browser leaves a strict cookie out there, and sends it with what the page then asks."""
    client = TestClient(Readers(page), base_url=AT_HOME)
    assert "set-cookie" not in client.get("/", headers={"sec-fetch-site": "cross-site"}).headers
    assert "set-cookie" not in client.get("/theme.css").headers
    asked_by_page = {"sec-fetch-site": "same-origin"}
    assert "set-cookie" in client.get("/page/page.js", headers=asked_by_page).headers


GRADIO = (
    '<!doctype html>\n<html lang="en"><head><link href="index.css"></head><body>ü</body></html>'
)


async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
    assert "accept-encoding" not in Request(scope).headers  # it would come compressed
    await HTMLResponse(GRADIO)(scope, receive, send)


@pytest.mark.parametrize(
    ("setting", "browser", "spoken"),
    [("auto", "de-DE,de;q=0.9", "de"), ("auto", "en-GB", "en"),
     ("de", "en", "de"), ("en", "de", "en")],
)  # fmt: skip
def test_the_document_says_its_language_and_brings_styles_and_scripts(
    setting: str, browser: str, spoken: str
) -> None:
    client = TestClient(Document(gradio, lambda: setting), base_url=AT_HOME)
    text = client.get("/", headers={"accept-language": browser}).text
    assert f'<html lang="{spoken}">' in text
    assert text.endswith("<body>ü</body></html>")
    order = ["index.css", "/page/page.css", "/page/page.js", "/page/settings.js", "</head>"]
    assert sorted(order, key=text.index) == order


def test_what_is_no_document_is_left_alone() -> None:
    answer = TestClient(Document(page, lambda: "de"), base_url=AT_HOME).get("/")
    assert answer.text == "page"
