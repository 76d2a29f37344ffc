"""Pages, feeds and documents from the web: politely, within limits, and never from the inside.

`guard` says what may be asked, `asking` asks it over `wire`, which connects to nothing else, and
`robots` says what a site does not want. Redirects are followed by hand, each step as if it had been
asked for outright.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import responses
from typing import Self

import httpx

from assistant import __version__
from assistant.errors import SourceError
from assistant.reading import guard
from assistant.reading.asking import BUSY, GOOD, Answer, Asker
from assistant.reading.robots import MAX_BYTES as MAX_RULES
from assistant.reading.robots import NAME, Rules
from assistant.reading.wire import Watch

AGENT = f"{NAME}/{__version__}"

_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_UNCHANGED = 304
_PATIENCE = 30.0  # seconds; a site that asks for more is left alone
_ROBOTS_WITHIN = 10.0  # seconds
_READABLE = re.compile(
    r"text/[\w.+-]+|application/([\w.-]+\+)?(xml|json)|application/(x-)?pdf|application/epub\+zip"
    r"|application/vnd\.openxmlformats-officedocument\.wordprocessingml\.document"
    r"|(application|binary)/octet-stream"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at `url`, the address after all redirects; `content_type` may be empty."""

    url: str
    data: bytes
    content_type: str
    etag: str | None
    last_modified: str | None


class Web:
    """Fetches for one piece of work in one thread; it remembers whom it asked, and their rules.

    `resolve`, `clock`, `sleep` and `tls` (whose certificates are trusted) are there for tests.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        allow_private: bool = False,
        seconds: float = 30,
        per_host_seconds: float = 1.0,
        robots: bool = True,
        agent: str = AGENT,
        resolve: guard.Resolve = guard.look_up,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes, self._seconds, self._robots = max_bytes, seconds, robots
        self._clock, self._sleep = clock, sleep
        self._asker = Asker(
            agent=agent,
            allow_private=allow_private,
            seconds=seconds,
            per_host_seconds=per_host_seconds,
            resolve=resolve,
            clock=clock,
            tls=tls,
        )
        self._rules: dict[tuple[str, bytes, int], Rules] = {}
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """A `get` that is under way in another thread ends with Stopped, and so do later ones."""
        self._closed.set()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        stop: threading.Event | None = None,
    ) -> Fetched | None:
        """What is at `url`; None if it is as it was when it had `etag` or `last_modified`.

        Raises SourceError with one line that begins with the address, and Stopped soon after
        `stop` was set.
        """
        stops = (self._closed, stop) if stop else (self._closed,)
        watch = Watch(self._seconds, stops, self._clock, self._sleep)
        known = _conditions(etag, last_modified)
        try:
            place, answer = _follow(guard.parse(url), lambda step: self._page(step, known, watch))
        except SourceError as error:
            raise SourceError(f"{_shown(url)}: {_one_line(str(error))}") from error
        if answer.status == _UNCHANGED:
            return None
        return Fetched(
            url=str(place),
            data=answer.data,
            content_type=answer.headers.get("Content-Type", ""),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
        )

    def _page(self, place: httpx.URL, known: dict[str, str], watch: Watch) -> Answer:
        """A page, a redirect, or, if something is `known`, that nothing has changed."""
        if self._robots and not self._welcome(place, watch):
            raise SourceError("its robots.txt asks programs to stay away")
        answer = self._asker.ask(place, watch, self._readable, known)
        wait = answer.wanted_pause()
        if wait is not None and wait <= _PATIENCE:
            watch.pause(wait)
            answer = self._asker.ask(place, watch, self._readable, known)
        unchanged = answer.status == _UNCHANGED and bool(known)
        if unchanged or answer.status in (*GOOD, *_MOVED):
            return answer
        raise SourceError(_refusal(answer))

    def _welcome(self, place: httpx.URL, watch: Watch) -> bool:
        origin = (place.scheme, place.raw_host, guard.port(place))
        if origin not in self._rules:
            self._rules[origin] = self._fetched_rules(place, watch.part(_ROBOTS_WITHIN))
        return self._rules[origin].allow(place)

    def _fetched_rules(self, place: httpx.URL, watch: Watch) -> Rules:
        """The rules of a site; what cannot be fetched forbids nothing."""
        start = place.copy_with(raw_path=b"/robots.txt")
        try:
            _, answer = _follow(start, lambda step: self._asker.ask(step, watch, _head))
        except SourceError:
            return Rules(b"")
        return Rules(answer.data)

    def _readable(self, headers: httpx.Headers, blocks: Iterator[bytes]) -> bytes:
        """The body, if it is of a readable kind and, counted as it comes, not too large."""
        kind = re.split("[;,]", headers.get("Content-Type", ""))[0].strip().lower()
        if kind and not _READABLE.fullmatch(kind):
            raise SourceError(f"is {kind[:80]}, not an article, a feed or a document")
        large = f"is larger than {self._max_bytes / 1e6:.3g} MB (setting max_file_mb)"
        length = headers.get("Content-Length", "")
        if length.isdecimal() and int(length[:19]) > self._max_bytes:
            raise SourceError(large)
        data = bytearray()
        for block in blocks:
            data += block
            if len(data) > self._max_bytes:
                raise SourceError(large)
        return bytes(data)


def _head(headers: httpx.Headers, blocks: Iterator[bytes]) -> bytes:
    data = bytearray()
    for block in blocks:
        data += block
        if len(data) > MAX_RULES:
            break
    return bytes(data)


def _follow(start: httpx.URL, ask: Callable[[httpx.URL], Answer]) -> tuple[httpx.URL, Answer]:
    """Where the redirects from `start` end, and the answer there. Raises SourceError."""
    place = start
    for _ in range(_REDIRECTS + 1):
        try:
            answer = ask(place)
            if answer.status not in _MOVED:
                return place, answer
            following = _redirected(place, answer)
        except SourceError as error:
            if place is start:
                raise
            raise SourceError(f"leads to {_shown(str(place))}: {error}") from error
        place = following
    raise SourceError(f"redirects more than {_REDIRECTS} times")


def _redirected(place: httpx.URL, answer: Answer) -> httpx.URL:
    location = answer.headers.get("Location", "")
    if not location:
        raise SourceError(f"answered {answer.status} without saying where to go")
    try:
        following = guard.parse(str(place.join(location)))
    except (SourceError, httpx.InvalidURL, ValueError) as error:
        raise SourceError(f"leads to {_shown(location)}: {error}") from error
    if place.scheme == "https" and following.scheme == "http":
        raise SourceError(f"leads from https to unprotected http ({_shown(str(following))})")
    return following


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Headers for a page that is known; what no header can hold is left out."""
    known = {"If-None-Match": etag or "", "If-Modified-Since": last_modified or ""}
    return {
        key: value for key, value in known.items() if re.fullmatch(r"[!-~]([ -~]*[!-~])?", value)
    }


def _refusal(answer: Answer) -> str:
    status = answer.status
    if status in (401, 403):
        return f"asks to sign in ({status}); save the page in a browser and add the file"
    told = f"answered {status} ({responses.get(status, 'unknown')})"
    if status < 500 and status not in BUSY:
        return told
    wait = answer.wanted_pause()
    return f"{told}; try again " + (f"in {wait:.0f} s" if wait else "later")


def _shown(address: str) -> str:
    """An address for a message: short, on one line, without a password."""
    shown = re.sub(r"//[^/?#]*@", "//…@", _one_line(address))
    return shown if len(shown) <= 300 else f"{shown[:299]}…"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
