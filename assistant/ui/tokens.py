"""The tokens of people's programs: names and hashes in tokens.json.

A token is random and long, so a plain hash keeps it. The hash covers that of the person's password:
with that, the token ends, too.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from assistant import private
from assistant.errors import StoreError, UsageError
from assistant.ui.users import users


def tokens_file(store: Path) -> Path:
    return store / "tokens.json"


def give(store: Path, name: str) -> str:
    """A new token for a person's programs; one given before no longer holds.

    Raises UsageError for a name that nobody has, StoreError.
    """
    people = users(store)
    if name not in people:
        raise UsageError(f"nobody is named {name}; give them a password: `assistant users add`")
    token = secrets.token_urlsafe(32)
    kept = {other: hash for other, hash in _kept(store).items() if other in people}
    private.write(tokens_file(store), kept | {name: _hashed(token, people[name])})
    return token


def holder(store: Path, token: str) -> str | None:
    """Whose token it is. Raises StoreError."""
    kept = _kept(store)
    for name, password in users(store).items():
        if name in kept and secrets.compare_digest(kept[name], _hashed(token, password)):
            return name
    return None


def _hashed(token: str, password: str) -> str:
    return hashlib.sha256(f"{token} {password}".encode("utf-8", "replace")).hexdigest()


def _kept(store: Path) -> dict[str, str]:
    path = tokens_file(store)
    try:
        return private.read(path)
    except ValueError as error:
        raise StoreError(
            f"{path} is damaged; delete it and give the tokens again: `assistant users token NAME`"
        ) from error
