"""Long work for one request: in a thread of its own, and ended when whoever asked has left."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import closing, suppress
from typing import Any, TypeVar, cast

from starlette.requests import Request

from assistant.api.problems import Unexpected
from assistant.errors import AssistantError

log = logging.getLogger(__name__)

T = TypeVar("T")
_END: Any = object()


async def followed(
    request: Request | None, begin: Callable[[threading.Event], Iterator[T]]
) -> AsyncGenerator[T]:
    """What `begin(stop)` gives, as it comes; `stop` is set when nobody reads on.

    With a request that is seen here; without one, whoever reads must close this or be cancelled.
    What it raises is raised here, as Unexpected where it is no error of ours.
    """
    stop = threading.Event()
    loop = asyncio.get_running_loop()
    said: asyncio.Queue[T | Exception] = asyncio.Queue()

    def say(each: T | Exception) -> None:
        with suppress(RuntimeError):  # the server has ended
            loop.call_soon_threadsafe(said.put_nowait, each)

    def work() -> None:
        try:
            with closing(cast(Any, begin(stop))) as made:
                for each in made:
                    say(each)
                    if stop.is_set():
                        break
            say(_END)
        except AssistantError as error:
            say(error)
        except Exception:
            log.exception("a request could not be answered")
            say(Unexpected())

    def left(_: object) -> None:
        stop.set()
        said.put_nowait(_END)

    leaving = asyncio.ensure_future(_disconnected(request)) if request else loop.create_future()
    leaving.add_done_callback(left)
    threading.Thread(target=work, daemon=True).start()
    try:
        while (each := await said.get()) is not _END:
            if isinstance(each, Exception):
                raise each
            yield each
    finally:
        stop.set()
        leaving.cancel()


async def begun(made: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """The same, when its first has come: what fails before that is raised here already."""
    first = await anext(made, _END)

    async def whole() -> AsyncGenerator[T]:
        try:
            if first is not _END:
                yield first
            async for each in made:
                yield each
        finally:
            await made.aclose()

    return whole()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
