"""STORE/serving.json: where the page of a library is served, for the other programs of this user.

The page shows that it is the one by what only it can make of the secret, and that it answers as its
caller would: another version, or other settings, make another proof. So a file that a crash left
behind, with somebody else at the port by now, misleads nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import __version__, private
from assistant.errors import StoreError

if TYPE_CHECKING:
    from assistant.config import Settings

log = logging.getLogger(__name__)

# What makes no difference to an answer.
_ELSEWHERE = {"store", "models", "threads", "language", "host", "hosts", "port"}


@dataclass(frozen=True)
class Serving:
    url: str
    pid: int
    secret: str


def announce(store: Path, url: str, secret: str) -> None:
    """Write down where the page is; one that cannot be written is only missed."""
    try:
        private.write(_file(store), asdict(Serving(url, os.getpid(), secret)))
    except StoreError as error:
        log.warning("%s", error)


def withdraw(store: Path, secret: str) -> None:
    """The page ends; what another one wrote meanwhile stays."""
    found = find(store)
    if found and found.secret == secret:
        with suppress(OSError):
            _file(store).unlink(missing_ok=True)


def find(store: Path) -> Serving | None:
    """What was announced, by a page that may have ended since."""
    try:
        return Serving(**json.loads(_file(store).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def proof(secret: str, nonce: str, settings: Settings) -> str:
    shaping = settings.model_dump_json(exclude=_ELSEWHERE)
    said = f"{nonce} {__version__} {shaping}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def _file(store: Path) -> Path:
    return store / "serving.json"
