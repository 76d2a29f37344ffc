"""What stands before every request: which hosts and sites it may come from, and strict headers."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from fastapi.responses import PlainTextResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_REFUSAL = (
    "This page does not answer under that name. Open it at the address that it printed when it"
    " started, or add the name to the setting hosts.\n"
)

# Gradio builds its components from inline scripts and `new Function`, hence the two `unsafe-`.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "same-origin",  # with none at all, our own forms would have no origin
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Lets in only requests that this page itself or a person's address bar makes.

    The Host check holds off DNS rebinding: a name is welcome only where a person allowed it. An
    address in numbers cannot be rebound, so a page in the network answers to any of its own. The
    other checks hold off scripts, pictures and forms of other sites.
    """

    def __init__(self, app: ASGIApp, host: str, names: Collection[str] = ()) -> None:
        self._app = app
        self._names = {name.lower() for name in (*names, *_THIS_MACHINE, host) if name}
        self._any_address = not is_this_machine(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket" or not self._welcome(Headers(scope=scope)):
            refusal = PlainTextResponse(_REFUSAL, status_code=403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _welcome(self, headers: Headers) -> bool:
        host = headers.get("host", "")
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        known = name in self._names or (self._any_address and _is_address(name))
        origin = headers.get("origin")
        return known and (origin is None or origin == f"http://{host}") and not _embedded(headers)


def is_this_machine(host: str) -> bool:
    """Whether only programs of this machine can reach what is bound to `host`."""
    return host.lower() == "localhost" or (
        _is_address(host) and ipaddress.ip_address(host).is_loopback
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _embedded(headers: Headers) -> bool:
    """Whether another site makes the request other than by a link that a person follows."""
    foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return foreign and headers.get("sec-fetch-mode") != "navigate"


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
