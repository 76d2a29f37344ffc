"""A server for tests that speaks OpenAI's API on 127.0.0.1, and can die, hang and refuse."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


class ModelServer(ThreadingHTTPServer):
    """Answers with the pieces that `write` makes of a request, and with the vectors of `embed`.

    `fault` is a status to answer with, or what goes wrong: "hang" before anything is sent; "stall",
    "die", "garbage" and "error" after the second piece; "unended"; "page", which is no API at all.
    `odds` are the log-probabilities of the first word; None where the server does not know such.
    `seen` lists (path, headers, body), `left` is set when a caller goes away before the end.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.write: Callable[[Body], Iterable[str]] = lambda body: ["Paris ", "it ", "is."]
        self.embed: Callable[[list[str]], list[list[float]]] = lambda texts: (
            [[0.0, 2.0]] * len(texts)
        )
        self.fault: str | int = ""
        self.key = ""
        self.odds: dict[str, float] | None = None
        self.refuses_odds = False
        self.seen: list[tuple[str, dict[str, str], Body]] = []
        self.left = threading.Event()
        self.ending = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def last(self) -> Body:
        return self.seen[-1][2]


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        heard = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.path, heard, body))
        fault = self.server.fault
        if fault == "hang":
            self._wait()
        elif isinstance(fault, int):
            self._send({"error": {"message": "the reason, in words"}}, fault)
        elif fault == "page":
            self._send("<html>Welcome</html>")
        elif self.server.key and heard.get("authorization") != f"Bearer {self.server.key}":
            self._send({"error": {"message": "wrong key"}}, 401)
        elif self.path == "/v1/embeddings":
            self._send(_vectors(self.server.embed(body["input"])))
        elif self.path != "/v1/chat/completions":
            self._send({"error": {"message": "no such address"}}, 404)
        elif body.get("logprobs") and self.server.refuses_odds:
            self._send({"error": {"message": "logprobs are not known"}}, 500)
        elif body.get("stream"):
            with suppress(OSError):
                self._stream(body)
        else:
            self._send(self._whole(body))

    def _whole(self, body: Body) -> Body:
        message = {"role": "assistant", "content": "".join(self.server.write(body))}
        choice: Body = {"index": 0, "message": message, "finish_reason": "stop"}
        if self.server.odds and body.get("logprobs"):
            top = [{"token": word, "logprob": odds} for word, odds in self.server.odds.items()]
            choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
        return {"id": "1", "object": "chat.completion", "created": 0, "model": "m"} | {
            "choices": [choice]
        }

    def _stream(self, body: Body) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._event(_piece({"role": "assistant", "content": ""}))
        for number, text in enumerate(self.server.write(body)):
            if number == 2 and not self._goes_on():
                return
            self._event(_piece({"content": text}))
            if self._is_left():
                return
        if self.server.fault != "unended":
            self._event(_piece({}, "stop"))
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _goes_on(self) -> bool:
        fault = self.server.fault
        if fault == "stall":
            self._wait()
        elif fault == "die":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault == "garbage":
            self._chunk(b"data: {no json\n\n")
        elif fault == "error":
            self._event({"error": {"message": "out of memory"}})
        return fault in ("", "unended")

    def _event(self, what: Body) -> None:
        self._chunk(b"data: " + json.dumps(what).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _send(self, what: Body | str, status: int = 200) -> None:
        data = what.encode() if isinstance(what, str) else json.dumps(what).encode()
        self.send_response(status)
        kind = "text/html" if isinstance(what, str) else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _wait(self) -> None:
        while not self.server.ending.is_set() and not self._is_left(0.05):
            pass
        self.close_connection = True

    def _is_left(self, seconds: float = 0.0) -> bool:
        readable, _, _ = select.select([self.connection], [], [], seconds)
        gone = bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)
        if gone:
            self.server.left.set()
        return gone

    def log_message(self, format: str, *args: object) -> None:
        pass


def _piece(delta: Body, reason: str | None = None) -> Body:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"} | {
        "choices": [choice]
    }


def _vectors(vectors: list[list[float]]) -> Body:
    data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    return {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 0}}


@contextmanager
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        thread.join()
        server.server_close()
