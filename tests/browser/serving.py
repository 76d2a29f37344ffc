"""The real server in a thread, around whichever app a test brings."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.ui.server import Server, create_server

CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


# What Gradio says of a request that was under way when the page was left.
OF_LEAVING = (
    "AbortError: signal is",
    "Unexpected error Connection errored out",
    "Connection errored out",
)


async def _created(app: Any) -> Server:
    """Where no event loop runs, Gradio begins one for each of its locks, and closes none."""
    return create_server(app)


@contextmanager
def serving(app: Any) -> Iterator[Server]:
    with ThreadPoolExecutor(1) as aside:
        server = aside.submit(asyncio.run, _created(app)).result()
    thread = threading.Thread(target=server.run)
    thread.start()
    end = time.monotonic() + 30
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    assert server.started
    yield server
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive(), "the server did not end"
