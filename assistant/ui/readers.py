"""A cookie that tells one browser from another where nobody logs in."""

from __future__ import annotations

import secrets
from http.cookies import SimpleCookie

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.running import READER

_SECONDS = 400 * 24 * 3600  # the longest that browsers keep a cookie

# A link on another site brings no strict cookie along, though the browser may hold one: a new one
# would take that one's place. What the page itself then asks for first shows whether there is one.
_ASKED_FIRST = ("/", "/page/page.js")


class Readers:
    """Gives each browser that has none a random cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _lacks_cookie(Request(scope)):
            send = _with_cookie(send)
        await self._app(scope, receive, send)


def _lacks_cookie(request: Request) -> bool:
    by_foreign_link = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    asked_first = request.url.path in _ASKED_FIRST and not by_foreign_link
    return asked_first and not request.cookies.get(READER)


def _with_cookie(send: Send) -> Send:
    header = cookie(READER, secrets.token_urlsafe(24), _SECONDS, "Strict")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"set-cookie", header.encode())]
        await send(message)

    return sending


def cookie(name: str, value: str, seconds: int, same_site: str) -> str:
    """The value of a Set-Cookie header that no script can read."""
    made: SimpleCookie = SimpleCookie({name: value})
    kept = {"path": "/", "max-age": seconds, "httponly": True, "samesite": same_site}
    for attribute, given in kept.items():
        made[name][attribute] = given
    return made[name].OutputString()
