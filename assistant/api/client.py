"""Asks the page that is served from the same library, whose model is loaded already.

By the standard library's own client, which goes through no proxy and is there at once.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Self
from urllib.parse import quote, urlsplit

from assistant import errors
from assistant.api import serving
from assistant.api.serving import Serving
from assistant.config import Settings
from assistant.errors import AssistantError, EngineError
from assistant.records import EVERYTHING, Article, Event, Scope, Turn, events

_PATIENCE = 1.0  # seconds that the page has to show itself
_LOOK = 0.1  # seconds from a stop to the end
_GONE = "the page that was to answer (assistant serve) has ended or failed; ask again"


def running(settings: Settings) -> Page | None:
    """The page served from this library with these settings, if there is one that answers."""
    found = serving.find(settings.store)
    if found is None:
        return None
    nonce = secrets.token_hex(16)
    with suppress(OSError, HTTPException, ValueError), closing(_connection(found)) as connection:
        connection.request("GET", f"/healthz?nonce={nonce}")
        said = connection.getresponse().read(200)
        wanted = serving.proof(found.secret, nonce, settings)
        if secrets.compare_digest(said, wanted.encode()):
            return Page(found)
    return None


class Page:
    """Does what the command line needs of an App."""

    def __init__(self, found: Serving) -> None:
        self._found = found
        self.library = Shelf(found)

    def warm(self) -> None:
        """The page has done so, or does."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        """The events of one answer; `stop` ends it there, too. Raises what the page raised."""
        turns = [{"question": turn.question, "answer": turn.answer} for turn in history]
        asked = {"question": question, "history": turns, "scope": scope.as_json(), "stream": True}
        stop = stop or threading.Event()
        try:
            yield from _events(self._found, asked, stop)
        except (OSError, HTTPException, ValueError, KeyError) as error:
            if not stop.is_set():
                raise EngineError(_GONE) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass  # every question has a connection of its own


class Shelf:
    """The articles of the page's library."""

    def __init__(self, found: Serving) -> None:
        self._found = found

    def get(self, article_id: str) -> Article | None:
        """The article with this id, or the only one whose id begins so."""
        try:
            with closing(_connection(self._found)) as connection:
                path = f"/api/articles/{quote(article_id, safe='')}"
                connection.request("GET", path, headers=_headers(self._found))
                response = connection.getresponse()
                if response.status == 404:
                    return None
                return Article.from_json(_values(response))
        except (OSError, HTTPException, ValueError) as error:
            raise EngineError(_GONE) from error


def _events(found: Serving, asked: dict[str, Any], stop: threading.Event) -> Iterator[Event]:
    with closing(_connection(found)) as connection:
        connection.connect()
        held = connection.sock
        held.settimeout(None)  # the model may read for long before its first word
        with _cut(held, stop):
            connection.request("POST", "/api/ask", json.dumps(asked), _headers(found))
            with connection.getresponse() as response:
                if response.status != 200:
                    _values(response)
                yield from _read(response)


def _read(response: HTTPResponse) -> Iterator[Event]:
    for line in response:
        if line.startswith(b"data: "):
            values = json.loads(line.removeprefix(b"data: "))
            if values["event"] == "error":
                raise _error(values)
            yield events.from_json(values)
            if values["event"] == "done":
                return
    raise HTTPException("the answer broke off")


@contextmanager
def _cut(held: socket.socket, stop: threading.Event) -> Iterator[None]:
    """Cut the connection when `stop` is set: whoever reads from it would wait for the page."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK):
            if stop.is_set():
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _connection(found: Serving) -> HTTPConnection:
    address = urlsplit(found.url)
    return HTTPConnection(address.hostname or "", address.port, timeout=_PATIENCE)


def _headers(found: Serving) -> dict[str, str]:
    return {"authorization": f"Bearer {found.secret}", "content-type": "application/json"}


def _values(response: HTTPResponse) -> dict[str, Any]:
    """What was answered. Raises the error that was."""
    values: dict[str, Any] = json.loads(response.read())
    if response.status != 200:
        raise _error(values)
    return values


def _error(values: dict[str, Any]) -> AssistantError:
    kind = getattr(errors, str(values.get("kind")), EngineError)
    known = isinstance(kind, type) and issubclass(kind, AssistantError)
    return (kind if known else EngineError)(str(values.get("error") or _GONE))
