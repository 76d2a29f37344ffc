"""Looks again and again at what is followed, while the page is served."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import AssistantError, Stopped

if TYPE_CHECKING:
    from assistant.adding import AddResult
    from assistant.app import App

log = logging.getLogger(__name__)

_SOON = 20.0  # seconds from the start to the first look: loading the model comes first


@dataclass(frozen=True)
class Look:
    """When it ended, how many articles were new or had changed, and what could not be read."""

    at: datetime
    found: int
    refused: int
    message: str = ""


class Watcher:
    """`start` begins a thread that looks every so many seconds; `look` looks now.

    `last` is the latest look of either. An error ends a look, never the watching.
    """

    def __init__(self, app: App, every: float = 300.0) -> None:
        self._app = app
        self._every = every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.last: Look | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends a look that is under way, too, soon after."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(10)

    def look(self, stop: threading.Event) -> Iterator[AddResult]:
        """Read what is followed as far as it has changed; one result a source."""
        found = refused = 0
        message = ""
        with closing(cast(Any, self._app.update(stop))) as results:
            for result in results:
                found += result.outcome in ("added", "updated")
                refused += bool(result.error)
                message = message or result.error or ""
                yield result
        self.last = Look(datetime.now(), found, refused, message)

    def _watch(self) -> None:
        wait = min(self._every, _SOON)
        while not self._stop.wait(wait):
            wait = self._every
            try:
                if self._app.library.followed():
                    for _ in self.look(self._stop):
                        pass
            except Stopped:
                pass
            except AssistantError as error:
                log.warning("%s", error)
                self.last = Look(datetime.now(), 0, 0, str(error))
            except Exception:
                log.exception("what is followed could not be read")
