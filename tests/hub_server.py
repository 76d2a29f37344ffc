"""A hub for tests: speaks what a model hub speaks over HTTP, on 127.0.0.1, with its faults."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hub(ThreadingHTTPServer):
    """Serves `files` ("owner/name/file" → bytes).

    `break_after`: bytes of a body after which the next answers break off, one entry an answer.
    `seen` lists (method, path, Range header or "") of all requests, `sent` the bytes of all bodies.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.break_after: list[int] = []
        self.ranges = True
        self.seen: list[tuple[str, str, str]] = []
        self.sent = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        range_ = self.headers.get("Range", "")
        self.server.seen.append((self.command, self.path, range_))
        name = self.path.lstrip("/").removeprefix("cdn/").replace("/resolve/main/", "/")
        content = self.server.files.get(name)
        if content is None:
            self.send_error(404)
        elif self.path.startswith("/cdn/"):
            self._content(content, range_, body)
        else:
            self._redirect(name, content)

    def _redirect(self, name: str, content: bytes) -> None:
        self.send_response(302)
        self.send_header("Location", f"{self.server.endpoint}/cdn/{name}")
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("X-Linked-Etag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _content(self, content: bytes, range_: str, body: bool) -> None:
        begin = int(range_[len("bytes=") : -1]) if range_ and self.server.ranges else 0
        rest = content[begin:]
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        if body:
            if self.server.break_after:
                rest = rest[: self.server.break_after.pop(0)]
            self.server.sent += len(rest)
            self.wfile.write(rest)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def hub() -> Iterator[Hub]:
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
