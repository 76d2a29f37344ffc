"""One request at a time, each on a connection of its own, and not too many to one host."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from assistant.errors import SourceError
from assistant.reading import guard, wire
from assistant.reading.wire import Watch

GOOD = (200, 203)
BUSY = (429, 503)

_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is empty unless `status` is one of GOOD."""

    status: int
    headers: httpx.Headers
    data: bytes

    def wanted_pause(self) -> float | None:
        """Seconds that a busy site asks to wait, if it says."""
        value = self.headers.get("Retry-After", "").strip()
        if self.status not in BUSY or not value:
            return None
        if value.isdecimal():
            return float(value[:9])
        try:
            until = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())


class Asker:
    """Asks hosts that `guard` lets pass; it remembers when it asked whom.

    `clock` and `sleep` serve the pauses between two requests to one host.
    """

    def __init__(
        self,
        *,
        agent: str,
        allow_private: bool,
        seconds: float,
        per_host_seconds: float,
        resolve: guard.Resolve,
        clock: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._agent, self._allow_private, self._resolve = agent, allow_private, resolve
        self._seconds, self._per_host_seconds, self._clock = seconds, per_host_seconds, clock
        self._tls = tls
        self._asked: dict[bytes, float] = {}

    def ask(
        self,
        place: httpx.URL,
        watch: Watch,
        read: Callable[[httpx.Headers, Iterator[bytes]], bytes],
        extra: dict[str, str] | None = None,
    ) -> Answer:
        """The answer to one request; `read` is given the body, unpacked, of a good one.

        Raises SourceError with a message that goes on from the address, and Stopped.
        """
        host = place.raw_host
        watch.pause(self._asked.get(host, float("-inf")) + self._per_host_seconds - self._clock())
        with _in_words(self._seconds):
            backend = wire.Pinned(self._addresses(place, watch), watch)
            try:
                with (
                    self._pool(place.scheme, backend) as pool,
                    pool.stream("GET", _target(place), headers=self._headers(place, extra)) as got,
                ):
                    headers = httpx.Headers(got.headers)
                    blocks = wire.unpacked(got.iter_stream(), headers.get("Content-Encoding", ""))
                    data = read(headers, blocks) if got.status in GOOD else b""
                    return Answer(got.status, headers, data)
            finally:
                self._asked[host] = self._clock()

    def _addresses(self, place: httpx.URL, watch: Watch) -> tuple[str, ...]:
        def resolve(host: str, port: int) -> list[str]:
            return watch.over(lambda: self._resolve(host, port))

        return guard.addresses(place, resolve, self._allow_private)

    def _headers(self, place: httpx.URL, extra: dict[str, str] | None) -> list[tuple[str, str]]:
        own = {"Host": place.netloc.decode("ascii"), "User-Agent": self._agent}
        return [*{**own, **_HEADERS, **(extra or {})}.items()]

    def _pool(self, scheme: str, backend: wire.Pinned) -> httpcore.ConnectionPool:
        if scheme == "https" and self._tls is None:
            self._tls = httpx.create_ssl_context(trust_env=False)
            self._tls.load_default_certs()  # also those that this machine trusts
        return httpcore.ConnectionPool(ssl_context=self._tls, network_backend=backend)


def _target(place: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=place.scheme.encode("ascii"),
        host=place.raw_host,
        port=guard.port(place),
        target=place.raw_path,
    )


@contextmanager
def _in_words(seconds: float) -> Iterator[None]:
    """What goes wrong on the wire as SourceError."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        reason = error.verify_message
        raise SourceError(f"the certificate cannot be verified ({reason})") from error
    except ssl.SSLError as error:
        reason = (error.reason or "broken off").replace("_", " ").lower()
        raise SourceError(f"no secure connection can be made ({reason})") from error
    except TimeoutError as error:
        raise SourceError(f"no answer within {seconds:g} s; try again later") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"the connection broke off ({reason}); try again later") from error
    except (httpcore.ProtocolError, httpcore.NetworkError) as error:
        raise SourceError(f"does not answer as a web server should ({error})") from error
