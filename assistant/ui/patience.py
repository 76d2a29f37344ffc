"""How long the server waits for a request that has begun, and how many connections it holds."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import Any

import h11
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 20.0  # between two looks at a connection
LEAST = 5_000  # bytes; whoever sends fewer of a request from one look to the next is cut off
_HEARD_OUT = 5.0  # seconds in which what is refused unread may still arrive
_MOST = 4096  # open files and connections, where the system allows so many
_FILES = 200  # of them left for the library, the models and uploads


class Patience(H11Protocol):
    """Cuts off whoever begins a request and does not go on with it.

    Uvicorn itself waits for ever, and with enough such connections nobody else gets one. How long
    an answer takes is no matter.
    """

    _look_again: asyncio.TimerHandle | None = None
    _received = 0  # bytes since the last look
    _owed = False  # at the last look
    _refused = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._look_again = self.loop.call_later(SECONDS, self._look)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        if not self._refused:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Lets the other side finish: to close while it sends would reset what it is told, too."""
        self._refused = True
        if self.cycle is not None:  # whoever reads or answers the request stops
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):  # an answer has begun
            self.transport.abort()
            return
        headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        for event in (
            h11.Response(status_code=400, reason="Bad Request", headers=headers),
            h11.Data(data=msg.encode()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(_HEARD_OUT, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        owes = self._owes()
        if owes and self._owed and self._received < LEAST:
            self.transport.abort()
            return
        self._owed, self._received = owes, 0
        self._look_again = self.loop.call_later(SECONDS, self._look)

    def _owes(self) -> bool:
        """Whether it is the other side's turn, and not only to ask something more."""
        if self.cycle is None or self.cycle.response_complete:
            return self.cycle is None or bool(self.conn.trailing_data[0])
        return self.cycle.more_body and not self.flow.read_paused


class Leaving:
    """Lets a request end quietly whose sender has gone in the middle of it: no fault of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await self._app(scope, receive, send)


def most_connections() -> int:
    """How many connections may be open at once; lets the system allow that many."""
    if sys.platform == "win32":
        return _MOST
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = _MOST if hard == resource.RLIM_INFINITY else min(_MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(_FILES, allowed - _FILES)
