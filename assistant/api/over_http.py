"""The tools at /mcp of the page, by the Model Context Protocol over HTTP."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import anyio
from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.api import problems

if TYPE_CHECKING:
    from assistant.app import App


class Endpoint:
    """Speaks the protocol from its first request on: its package takes a second to import, which
    every start of the page would wait for.
    """

    def __init__(self, app: App, most: int) -> None:
        self._app = app
        self._most = most
        self._wanted = asyncio.Event()
        self._manager: asyncio.Future[Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._manager is not None, "the site has not been started"
        self._wanted.set()
        manager = await asyncio.shield(self._manager)
        await manager.asgi_app(scope, receive, send)

    async def run(self) -> None:
        """Runs while the site does."""
        started = self._manager = asyncio.get_running_loop().create_future()
        await self._wanted.wait()
        try:
            name = "assistant.api.protocol"
            protocol = await anyio.to_thread.run_sync(importlib.import_module, name)
            manager = protocol.over_http(self._app, self._most)
            async with manager.run():
                started.set_result(manager)
                await anyio.sleep_forever()
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)


def mount(site: FastAPI, app: App, most: int) -> None:
    """Let the site speak it while it runs; a message has `most` bytes at most."""
    endpoint = Endpoint(app, most)
    site.router.routes.append(Route(problems.TOOLS, endpoint))
    within = site.router.lifespan_context

    @asynccontextmanager
    async def running(site: FastAPI) -> AsyncIterator[Any]:
        task = asyncio.create_task(endpoint.run())
        try:
            async with within(site) as state:
                yield state
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    site.router.lifespan_context = running
