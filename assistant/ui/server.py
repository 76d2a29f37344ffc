"""The web server of the page: 127.0.0.1 alone, with a strict content policy."""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError, ServeError
from assistant.ui import page
from assistant.ui.chat import Chat

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
_HERE = Path(__file__).parent
_HOST_NAMES = {"127.0.0.1", "localhost"}

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
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Lets in only requests that this page itself or a person's address bar makes.

    The Host check holds off DNS rebinding, the Origin check other sites' scripts and forms.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket" or not _welcome(Headers(scope=scope)):
            refusal = PlainTextResponse("This page answers on 127.0.0.1 only.\n", status_code=403)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))


def _welcome(headers: Headers) -> bool:
    host = headers.get("host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    origin = headers.get("origin")
    return name in _HOST_NAMES and (origin is None or origin == f"http://{host}")


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


class Server(uvicorn.Server):
    """Serves one page; `run()` until `should_exit` is set or Ctrl-C."""

    def __init__(self, app: App, port: int, ready: Callable[[str], None] = lambda url: None):
        self._socket = _listen(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._ready = ready
        site, self._chat = _site(app)
        config = uvicorn.Config(
            site, log_level="warning", timeout_graceful_shutdown=1, ws="none", server_header=False
        )
        super().__init__(config)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run([self._socket])
        finally:
            self._chat.running.stop_all()
            self._socket.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(self.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._chat.running.stop_all()
        await super().shutdown(sockets)


def create_server(
    app: App, port: int = 0, ready: Callable[[str], None] = lambda url: None
) -> Server:
    """A server that holds `port` (0: any free one) from now on; `ready` gets its address.

    Raises ServeError where the port is in use.
    """
    return Server(app, port, ready)


def serve(app: App, port: int, open_browser: bool) -> None:
    """Serve the page until Ctrl-C. Raises ServeError where the port is in use."""

    def ready(url: str) -> None:
        print(f"Ready at {url}", flush=True)
        threading.Thread(target=_warm, args=(app,), daemon=True).start()
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    create_server(app, port, ready).run()


def _warm(app: App) -> None:
    try:
        app.warm()
    except AssistantError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("the model could not be loaded")


def _listen(port: int) -> socket.socket:
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((HOST, port))
        held.listen(128)
    except OSError as error:
        held.close()
        taken = error.errno == errno.EADDRINUSE
        why = "is in use" if taken else f"cannot be used ({error.strerror})"
        raise ServeError(f"port {port} {why}; choose another with --port N") from error
    return held


def _site(app: App) -> tuple[FastAPI, Chat]:
    blocks, chat = page.build(app)
    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    site.add_middleware(Guard)
    for name in ("page.css", "page.js"):
        site.get(f"/page/{name}")(_file(_HERE / name))
    gr.mount_gradio_app(
        site,
        blocks,
        path="/",
        server_name=HOST,
        footer_links=[],
        run_history=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        show_error=False,
        max_file_size=int(app.settings.max_file_mb * 1_000_000),
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        head=_head(),
    )
    return site, chat


def _file(path: Path) -> Callable[[], Any]:
    def answer() -> FileResponse:
        return FileResponse(path, headers={"cache-control": "no-cache"})

    return answer


def _head() -> str:
    return (
        '<link rel="stylesheet" href="/page/page.css">'
        '<script src="/page/page.js"></script>'
        '<meta name="color-scheme" content="light dark">'
    )


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme without any font of its own; page.css does the rest."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
