"""How much one request may bring."""

from __future__ import annotations

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import Form


class Limit:
    """Refuses what says that it is larger than `most` bytes, or proves to be."""

    def __init__(self, app: ASGIApp, most: int, form: Form) -> None:
        self._app = app
        self._most = most
        self._form = form
        self._why = f"more than {most / 1_000_000:g} MB were sent (setting max_file_mb)"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length) > self._most:
            refusal = JSONResponse(self._form(self._why, 413, "UsageError"), 413)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        size = 0

        async def receiving() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                raise HTTPException(413, self._why)
            return message

        return receiving
