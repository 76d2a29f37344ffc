"""A web server on 127.0.0.1 that answers as a test wants it to and notes what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Of a certificate for articles.example that signed itself; of no use outside these tests.
_KEY = """
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgB4lr94lDBETy+sY0
JjhlcPCkZp21U3dxhRFshCMGOdyhRANCAARTH0tyFBGgt3VeoFJPFVSEyLT3WIlx
kY/Uo/uEv4SgY02Lf+4dae+CJSRS5v04USNg6eKGHOAjtie9n+wa/X+H
"""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBdjCCARygAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBhcnRpY2xl
cy5leGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAbMRkw
FwYDVQQDDBBhcnRpY2xlcy5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEUx9LchQRoLd1XqBSTxVUhMi091iJcZGP1KP7hL+EoGNNi3/uHWnvgiUkUub9
OFEjYOnihhzgI7YnvZ/sGv1/h6NPME0wDwYDVR0TAQH/BAUwAwEB/zAbBgNVHREE
FDASghBhcnRpY2xlcy5leGFtcGxlMB0GA1UdDgQWBBRL3jr5AU4m70sgId2UaGRx
NsmvLTAKBggqhkjOPQQDAgNIADBFAiB79SUXz+sSgju6Jzvh/bz1QV0wQ5KAajni
xe81Icm7WgIhAPBwfYC5jQMwBXY10cPbr9nzF4g3FKSDXmBKsOrSCVRN
-----END CERTIFICATE-----
"""


@dataclass(frozen=True)
class Reply:
    body: bytes = b"<p>Words."
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})


Answering = Callable[[BaseHTTPRequestHandler], None]
Route = Reply | Answering | list[Reply]


class Site(ThreadingHTTPServer):
    """`routes` by path; of a list, each request takes the first. `seen` holds paths and headers."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, routes: dict[str, Route]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes = routes
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.names: list[str | None] = []  # asked for in TLS
        self.scheme = "http"

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # a client that goes away in the middle is what many of the tests are about


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers.items())))
        route = self.server.routes.get(self.path, Reply(status=404))
        if isinstance(route, list):
            route = route.pop(0)
        if not isinstance(route, Reply):
            return route(self)
        self.send_response(route.status)
        for name, value in {"Content-Length": str(len(route.body)), **route.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if route.status != 304:
            self.wfile.write(route.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def site(routes: dict[str, Route], keys: Path | None = None) -> Iterator[Site]:
    """A running site; with a folder for `keys` it speaks https, as articles.example."""
    server = Site(routes)
    if keys:
        server.socket = _context(keys, server.names).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        server.scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _context(keys: Path, names: list[str | None]) -> ssl.SSLContext:
    file = keys / "site.pem"
    label = "PRIVATE KEY-----\n"
    file.write_text(f"-----BEGIN {label}{_KEY.strip()}\n-----END {label}{CERTIFICATE}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    context.sni_callback = lambda connection, name, context: names.append(name)
    return context
