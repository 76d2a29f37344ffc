"""Connections that go to checked addresses only, and end when time is up or work is stopped."""

from __future__ import annotations

import concurrent.futures
import functools
import os
import re
import selectors
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import httpcore

from assistant.background import in_background
from assistant.errors import SourceError, Stopped

T = TypeVar("T")

_POLL = 0.1  # seconds between two looks at the stop events
_BLOCK = 1 << 16


class Watch:
    """How long one piece of work may still take; pauses do not count."""

    def __init__(
        self,
        seconds: float,
        stops: Iterable[threading.Event] = (),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        outer: Watch | None = None,
    ) -> None:
        self._clock, self._sleep, self._stops = clock, sleep, tuple(stops)
        self._until = clock() + seconds
        self._outer = outer

    def part(self, seconds: float) -> Watch:
        """For a step that may take `seconds` of what is left, at most half of it."""
        less = min(seconds, (self._until - self._clock()) / 2)
        return Watch(less, self._stops, self._clock, self._sleep, outer=self)

    def left(self) -> float:
        """Seconds, more than 0. Raises Stopped, or TimeoutError when time is up."""
        if any(stop.is_set() for stop in self._stops):
            raise Stopped
        left = self._until - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def tick(self) -> float:
        """How long to wait at most before asking again. Raises as `left`."""
        return min(self.left(), _POLL)

    def pause(self, seconds: float) -> None:
        begin = self._clock()
        while (left := begin + seconds - self._clock()) > 0:
            if any(stop.is_set() for stop in self._stops):
                raise Stopped
            self._sleep(min(left, _POLL))
        self._extend(self._clock() - begin)

    def _extend(self, seconds: float) -> None:
        self._until += seconds
        if self._outer:
            self._outer._extend(seconds)

    def over(self, call: Callable[[], T]) -> T:
        """The result of a `call` that cannot be interrupted; it is left behind when time is up."""
        future = in_background(call)
        while not future.done():
            concurrent.futures.wait([future], timeout=self.tick())
        return future.result()


class Pinned(httpcore.NetworkBackend):
    """Connects to one of the given addresses, whatever the host is called."""

    def __init__(self, addresses: Iterable[str], watch: Watch) -> None:
        self._addresses = tuple(addresses)
        self._watch = watch

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises SourceError if no address can be reached, TimeoutError, Stopped."""
        untried = len(self._addresses)
        reason = "no address"
        for address in self._addresses:
            share = self._watch.left() / untried
            untried -= 1
            try:
                return _Stream(connect(address, port, self._watch, share), self._watch)
            except TimeoutError:
                reason = "no answer"
            except OSError as error:
                reason = error.strerror or str(error)
        self._watch.left()
        raise SourceError(f"cannot be reached ({reason}); check the address and the connection")


def connect(address: str, port: int, watch: Watch, seconds: float) -> socket.socket:
    """A socket connected to a numeric address. Raises OSError, TimeoutError after `seconds`."""
    connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        connection.setblocking(False)
        try:
            connection.connect((address, port))
        except BlockingIOError:
            _await_connection(connection, watch, seconds)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def _await_connection(connection: socket.socket, watch: Watch, seconds: float) -> None:
    until = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        while not selector.select(watch.tick()):
            if time.monotonic() > until:
                raise TimeoutError
    if error := connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(error, os.strerror(error))


class _Stream(httpcore.NetworkStream):
    """A socket whose every wait is short. Raises OSError, TimeoutError, Stopped."""

    def __init__(self, connection: socket.socket, watch: Watch) -> None:
        self._connection = connection
        self._watch = watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._patiently(functools.partial(self._connection.recv, max_bytes))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        while buffer:
            sent = self._patiently(functools.partial(self._connection.send, buffer))
            buffer = buffer[sent:]

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secure = ssl_context.wrap_socket(
            self._connection, server_hostname=server_hostname, do_handshake_on_connect=False
        )
        self._connection = secure
        try:
            self._patiently(secure.do_handshake)
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        self._connection.close()

    def _patiently(self, step: Callable[[], T]) -> T:
        while True:
            # Asked anew each time: a sender of single bytes must not outlast the watch.
            self._connection.settimeout(self._watch.tick())
            try:
                return step()
            except TimeoutError:
                continue


def unpacked(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """`blocks` without what Content-Encoding names (gzip or deflate), a small piece at a time.

    Raises SourceError for other packings, and for damaged or incomplete data.
    """
    kinds = [kind for kind in re.findall(r"[^\s,]+", encoding.lower()) if kind != "identity"]
    if not kinds:
        yield from blocks
    elif kinds in (["gzip"], ["x-gzip"], ["deflate"]):
        try:
            yield from _inflated(blocks)
        except zlib.error as error:
            raise SourceError("came damaged and cannot be unpacked; try again later") from error
    else:
        raise SourceError("came packed in a way that cannot be unpacked")


def _inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Never more than _BLOCK at a time, because a few bytes can unpack to gigabytes."""
    unzip, rest, members = None, b"", 0
    for block in blocks:
        rest += block
        while len(rest) > 1 or (unzip and rest):
            if unzip is None:
                if members and not rest.startswith(b"\x1f\x8b"):
                    return  # what follows the packed data means nothing
                unzip = zlib.decompressobj(_window(rest))
            yield unzip.decompress(rest, _BLOCK)
            rest = unzip.unconsumed_tail
            if unzip.eof:
                rest, members = unzip.unused_data, members + 1
                unzip = None
    if unzip:
        yield unzip.flush()
    if (unzip and not unzip.eof) or (rest and not members):
        raise SourceError("broke off half-way; try again later")


def _window(head: bytes) -> int:
    """For zlib: gzip, or deflate with the header it should have, or, as some send it, without."""
    if head.startswith(b"\x1f\x8b"):
        return zlib.MAX_WBITS | 16
    headed = head[0] & 15 == zlib.DEFLATED and (head[0] << 8 | head[1]) % 31 == 0
    return zlib.MAX_WBITS if headed else -zlib.MAX_WBITS
