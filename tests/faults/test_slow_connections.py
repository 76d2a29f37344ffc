"""Connections that begin a request and stay: others are served, and the idle ones are cut off."""

from __future__ import annotations

import gc
import logging
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from browser.fake_app import FakeApp
from browser.serving import serving

from assistant.ui import patience
from assistant.ui.server import Server

HALVES = {
    "nothing": b"",
    "half a line": b"GET /he",
    "half the headers": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Some: ",
    "no body": b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
    "half a file": b"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 900000\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nSome words',
}


pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # what Gradio leaves behind


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(FakeApp(tmp_path_factory.mktemp("store"))) as server:
        yield server
    gc.collect()


def _connected(server: Server) -> socket.socket:
    return socket.create_connection(server._socket.getsockname(), timeout=20)


def _served(server: Server) -> bool:
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=20) as answer:
        return bool(answer.read() == b"ok")


def _is_cut(connection: socket.socket) -> bool:
    """Whether the other side ends the connection, having answered at most that it is wrong."""
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("half", HALVES)
def test_half_a_request_is_cut_off(
    server: Server, half: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.3)
    with caplog.at_level(logging.ERROR), ExitStack() as stack:
        held = [stack.enter_context(_connected(server)) for _ in range(100)]
        for connection in held:
            connection.sendall(HALVES[half])
        assert _served(server)
        assert all(map(_is_cut, held))
        assert _served(server)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("half", ["half the headers", "half a file"])
def test_one_byte_now_and_then_is_not_enough(
    server: Server, half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.3)
    with _connected(server) as connection:
        connection.sendall(HALVES[half])
        end = time.monotonic() + 15
        with pytest.raises(OSError):
            while time.monotonic() < end:
                connection.sendall(b"x")
                time.sleep(0.05)


def test_who_goes_on_slowly_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.2)
    monkeypatch.setattr(patience, "LEAST", 10)
    head = (
        b"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"
    )
    body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    body += b"words " * 200 + b"\r\n--b--\r\n"
    with _connected(server) as connection:
        connection.sendall(head % len(body))
        for at in range(0, len(body), 50):
            connection.sendall(body[at : at + 50])
            time.sleep(0.05)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_an_answer_that_takes_long_is_not_cut_off(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.1)
    with _connected(server) as connection:
        connection.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connection.settimeout(1.0)
        with pytest.raises(TimeoutError):
            while connection.recv(4096):
                pass


def test_whoever_sends_too_long_a_head_is_told(server: Server) -> None:
    with _connected(server) as connection:
        connection.sendall(b"GET /healthz?" + b"a" * 5_000_000 + b" HTTP/1.1\r\n\r\n")
        told = b"".join(iter(lambda: connection.recv(4096), b""))
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.endswith(b"Invalid HTTP request received.")
    assert _served(server)


def test_whoever_goes_on_after_being_refused_is_cut_off(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_HEARD_OUT", 0.3)
    with _connected(server) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")
        with pytest.raises(OSError):  # reset or broken pipe, as it comes
            while True:
                connection.sendall(b"more nonsense")
                time.sleep(0.02)
    assert _served(server)


def test_a_body_that_breaks_off_into_nonsense_ends_the_connection(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with _connected(server) as connection, caplog.at_level(logging.ERROR):
        connection.sendall(
            b"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nnot a length\r\n"
        )
        assert _is_cut(connection)
    assert _served(server)
    assert "Traceback" not in caplog.text
