"""The web server of the page: on this machine alone, or with a login in a network."""

from __future__ import annotations

from assistant.ui import lean  # noqa: F401

# isort: split

import errno
import logging
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response

from assistant import logs
from assistant.api import serving, sites
from assistant.errors import AssistantError, ServeError, Stopped
from assistant.ui import metrics, page, words
from assistant.ui.document import STATIC, Document
from assistant.ui.guard import Guard, is_this_machine
from assistant.ui.login import Login
from assistant.ui.meter import Meter
from assistant.ui.patience import Leaving, Patience, most_connections
from assistant.ui.readers import Readers
from assistant.ui.running import Running
from assistant.ui.users import users
from assistant.ui.watcher import Watcher

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)
_UVICORN = logging.getLogger("uvicorn.error")

# Half a megabyte each. Gradio holds a page's state long after it was closed; where more are open at
# once, those that were left alone longest show their list of articles unsorted and unfiltered.
PAGES_HELD = 200

_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
_NETWORK_WARNING = """\
Others open it at this machine's address in the network, with the same port, and sign in.
Careful: what is sent, passwords too, is not encrypted, and whoever signs in reads and changes
the whole library. Use this only in a network you trust."""


class Server(uvicorn.Server):
    """Serves one page; `run()` until `should_exit` is set or Ctrl-C."""

    def __init__(self, app: App, port: int, ready: Callable[[str], None] = lambda url: None):
        self._host = app.settings.host
        login = _needs_login(app)
        self._socket = _listen(self._host, port)
        self._ready = ready
        self._watcher = Watcher(app)
        self._app = app
        self._secret = secrets.token_urlsafe(32)
        site, self._running = _site(app, login, self._watcher, self._secret)
        config = uvicorn.Config(
            site, log_config=None, log_level="warning",
            timeout_graceful_shutdown=1, ws="none", server_header=False,
            proxy_headers=False,  # the address that a login comes from is the connection's own
            http=Patience, limit_concurrency=most_connections(),
        )  # fmt: skip
        super().__init__(config)

    @property
    def url(self) -> str:
        """Where this machine's own browser finds the page."""
        plain = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{_EVERY_ADDRESS.get(self._host, plain)}:{self._socket.getsockname()[1]}"

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        store = self._app.settings.store
        serving.announce(store, self.url, self._secret)
        try:
            with logs.kept(store, "serve") as kept:
                if not kept:
                    log.warning("no log can be kept: %s is not writable", logs.path(store))
                super().run([self._socket])
        finally:
            self._running.stop_all()
            self._watcher.stop()
            self._socket.close()
            serving.withdraw(store, self._secret)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        _UVICORN.setLevel(logging.WARNING)
        await super().startup(sockets)
        if self.started:
            self._watcher.start()
            self._ready(self.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._running.stop_all()
        serving.withdraw(self._app.settings.store, self._secret)  # SIGTERM would end `run` at once
        _UVICORN.setLevel(logging.CRITICAL)  # pages that are still open are cut off: no error
        await super().shutdown(sockets)


def create_server(
    app: App, port: int = 0, ready: Callable[[str], None] = lambda url: None
) -> Server:
    """A server that holds `port` (0: any free one) from now on; `ready` gets its address.

    Raises ServeError where the port is in use, or where the setting `host` opens the page to a
    network and there is nobody who could log in.
    """
    return Server(app, port, ready)


def serve(app: App, port: int, open_browser: bool) -> None:
    """Serve the page until Ctrl-C. Raises ServeError like `create_server`."""
    stop = threading.Event()
    warming = threading.Thread(target=_warm, args=(app, stop), daemon=True)

    def ready(url: str) -> None:
        print(f"Ready at {url}", flush=True)
        if not is_this_machine(app.settings.host):
            print(_NETWORK_WARNING, flush=True)
        warming.start()
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    try:
        create_server(app, port, ready).run()
    finally:
        stop.set()
        if warming.is_alive():  # llama.cpp aborts where Python ends while it is at work
            warming.join()


def _warm(app: App, stop: threading.Event) -> None:
    try:
        app.warm(stop, aside=True)
    except Stopped:
        pass
    except AssistantError as error:
        log.warning("%s", error)
    except Exception:
        log.exception("the model could not be loaded")


def _needs_login(app: App) -> bool:
    """Where there are people with passwords, everybody logs in; in a network there must be."""
    host = app.settings.host
    if users(app.settings.store):
        return True
    if is_this_machine(host):
        return False
    raise ServeError(
        f"{host} opens the page to the network, and nobody has a password yet; give somebody one"
        " with `assistant users add NAME`, or leave the setting host at 127.0.0.1"
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        held = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ServeError(f"no address is known for the host {host}; check the setting") from error
    if os.name == "posix":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(address)
        held.listen(128)
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise ServeError(f"{host} is no address of this machine; check the host") from error
        taken = error.errno == errno.EADDRINUSE
        why = "is in use" if taken else f"cannot be used ({error.strerror})"
        raise ServeError(f"port {port} {why}; choose another with --port N") from error
    return held


def _site(app: App, login: bool, watcher: Watcher, secret: str) -> tuple[FastAPI, Running]:
    blocks, chat = page.build(app, watcher)
    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _stand_before(site, app, secret if login else None)
    site.get("/healthz")(_healthy(app, secret))
    site.get("/metrics")(_figures(app, chat.meter))
    sites.mount(site, app)
    for path in STATIC:
        site.get(f"/page/{path.name}")(_file(path))
    # Not by `i18n=` below, which comes too late for the document that Gradio has written by then.
    blocks.i18n_instance = words.labels(app.settings.language)
    blocks.state_session_capacity = PAGES_HELD
    gr.mount_gradio_app(
        site,
        blocks,
        path="/",
        server_name=app.settings.host,
        footer_links=[],
        run_history=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        auth_dependency=(lambda request: request.scope.get("user")) if login else None,
        show_error=False,
        max_file_size=int(app.settings.max_file_mb * 1_000_000),
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
    )
    return site, chat.running


def _stand_before(site: FastAPI, app: App, secret: str | None) -> None:
    """What a request passes before the page, the last added first.

    With a secret everybody logs in, but for the programs of this machine that can read it.
    """

    def language() -> str:
        return app.settings.language

    site.add_middleware(Leaving)
    site.add_middleware(Document, language)
    if secret:
        site.add_middleware(Login, app.settings.store, language, secret)
    else:
        site.add_middleware(Readers)
    site.add_middleware(Guard, app.settings.host, app.settings.hosts)


def _healthy(app: App, secret: str) -> Callable[..., PlainTextResponse]:
    def answer(nonce: str = "") -> PlainTextResponse:
        """That it runs; or, to whoever knows the secret, that it is the page it should be."""
        return PlainTextResponse(serving.proof(secret, nonce, app.settings) if nonce else "ok")

    return answer


def _figures(app: App, meter: Meter) -> Callable[[], Any]:
    """Where there is a login it stands before them, too: they tell about use."""

    def answer() -> Response:
        return Response(metrics.text(app, meter), media_type=metrics.CONTENT_TYPE)

    return answer


def _file(path: Path) -> Callable[[], Any]:
    def answer() -> FileResponse:
        return FileResponse(path, headers={"cache-control": "no-cache"})

    return answer


def _theme() -> gr.themes.Base:
    """Gradio's plainest theme without any font of its own; page.css does the rest."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
