"""The login that stands before everything else where the library has people with passwords."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import anyio
import gradio as gr
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api import problems
from assistant.errors import StoreError
from assistant.ui import tokens, users, words
from assistant.ui.readers import cookie
from assistant.ui.tries import Tries

log = logging.getLogger(__name__)

_PAGE = Path(__file__).with_name("login.html").read_text("utf-8")
_SECONDS = 30 * 24 * 3600
_LONGEST_FORM = 4096  # bytes
_OPEN = "/healthz"  # what needs no login
_FIGURES = "/metrics"
_THIS_MACHINE = "this machine"  # who asks with the secret


@dataclass(frozen=True)
class _Session:
    name: str
    kept: str  # the password's hash: another password, and all sessions of the old one are over
    ends: float  # on the clock that nobody can set


@dataclass
class Login:
    """Answers everything with the login page until the browser has a session, or a program a token.

    Whoever is in stands in the request's scope as "user". A session ends with the server, after 30
    days, by signing out, and when the person is removed or gets another password.
    """

    app: ASGIApp
    store: Path
    language: Callable[[], str]
    secret: str = ""  # of the programs of this machine (see `assistant.api.serving`)
    tries: Tries = field(default_factory=Tries)
    _sessions: dict[str, _Session] = field(default_factory=dict)
    # One password at a time is hashed, so that guessing does not take the machine.
    _one: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == _OPEN:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        user = self._user(request)
        if answer := await self._answer(request, user):
            await answer(scope, receive, send)
        else:
            await self.app({**scope, "user": user}, receive, send)

    async def _answer(self, request: Request, user: str | None) -> Response | None:
        """Nothing where the page itself is to answer."""
        asked = request.method, request.url.path
        if asked == ("POST", "/login"):
            return await self._enter(request)
        if asked == ("POST", "/logout"):
            self._sessions.pop(request.cookies.get(_cookie_name(request), ""), None)
            return _gone("/login")
        if asked == ("GET", "/login"):
            return _gone("/") if user else self._form(request)
        if user:
            return None
        if asked == ("GET", "/"):
            return _gone("/login")
        refusal = problems.signed_out(request.url.path)
        return refusal or PlainTextResponse("Sign in first.\n", status_code=401)

    def _user(self, request: Request) -> str | None:
        return self._by_token(request) or self._by_session(request)

    def _by_token(self, request: Request) -> str | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        path = request.url.path
        if kind.lower() != "bearer" or not (path == _FIGURES or problems.is_for_programs(path)):
            return None
        if self.secret and secrets.compare_digest(token.encode(), self.secret.encode()):
            return _THIS_MACHINE
        try:
            return tokens.holder(self.store, token)
        except StoreError as error:
            log.error("%s", error)
            return None

    def _by_session(self, request: Request) -> str | None:
        session = self._sessions.get(request.cookies.get(_cookie_name(request), ""))
        if session is None or session.ends < time.monotonic():
            return None
        return session.name if self._kept(session.name) == session.kept else None

    def _kept(self, name: str) -> str | None:
        try:
            return users.users(self.store).get(name)
        except StoreError as error:
            log.error("%s", error)
            return None

    async def _enter(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if wait := self.tries.wait(address):
            return self._form(request, 429, wait)
        self.tries.begin(address)
        form = await _form_of(request)
        if form is None:
            return PlainTextResponse("The form is too large.\n", status_code=413)
        name, password = form
        kept = self._kept(name)
        right = await anyio.to_thread.run_sync(users.matches, kept, password, limiter=self._one)
        if not right or kept is None:
            log.warning("a wrong name or password from %s", address)
            return self._form(request, 403)
        self.tries.passed(address)
        return self._begun(request, _Session(name, kept, time.monotonic() + _SECONDS))

    def _begun(self, request: Request, session: _Session) -> Response:
        now = time.monotonic()
        for token in [t for t, old in self._sessions.items() if old.ends < now]:
            del self._sessions[token]
        token = secrets.token_urlsafe(32)
        self._sessions[token] = session
        # Lax: a link from elsewhere may open the page. Nothing that is asked by GET changes it.
        answer = _gone("/")
        answer.headers["set-cookie"] = cookie(_cookie_name(request), token, _SECONDS, "Lax")
        return answer

    def _form(self, request: Request, status: int = 200, wait: float = 0) -> Response:
        say = words.of(gr.Request(request), self.language())
        told = ""
        if status == 403:
            told = say("That name and password do not belong together.")
        if status == 429:
            told = say("Too many tries. Wait {n} seconds, then try again.", n=int(wait) + 1)
        filled = {
            "language": say.language,
            "title": say("Ask your articles"),
            "name": say("Name"),
            "password": say("Password"),
            "enter": say("Sign in"),
            "told": told,
        }
        shown = _PAGE
        for key, text in filled.items():
            shown = shown.replace(f"${key}$", escape(text))
        return HTMLResponse(shown, status, {"cache-control": "no-store"})


async def _form_of(request: Request) -> tuple[str, str] | None:
    """Name and password as sent; nothing where that is more than a form can be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return None
    sent = parse_qs(body.decode("utf-8", "replace"))
    return sent.get("name", [""])[0].strip(), sent.get("password", [""])[0]


def _cookie_name(request: Request) -> str:
    """Cookies are shared by all ports of a host: another library has a session of its own."""
    return f"session-{request.scope['server'][1]}"


def _gone(to: str) -> Response:
    return RedirectResponse(to, status_code=303, headers={"cache-control": "no-store"})
