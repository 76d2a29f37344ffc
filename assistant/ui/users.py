"""Who may open the page where it asks for a login: names and scrypt hashes in users.json."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from assistant import private
from assistant.errors import StoreError, UsageError

SHORTEST_PASSWORD = 8
LONGEST = 200  # characters of a name or a password
_COST, _BLOCK, _PARALLEL = 2**15, 8, 1  # about 32 MB and a tenth of a second for each try
_NOBODY = f"{'00' * 16}${'00' * 32}"


def users_file(store: Path) -> Path:
    return store / "users.json"


def users(store: Path) -> dict[str, str]:
    """The hash of each person's password. Raises StoreError where the file cannot be used."""
    path = users_file(store)
    try:
        return private.read(path)
    except ValueError as error:
        raise StoreError(
            f"{path} is damaged; delete it and add the people again: `assistant users add NAME`"
        ) from error


def add(store: Path, name: str, password: str) -> None:
    """Let `name` in with this password from now on; one given before no longer holds.

    Raises UsageError for a name or password that is no good, StoreError.
    """
    name = name.strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UsageError("the name is empty or too long; give a short one")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST:
        raise UsageError(
            f"the password has fewer than {SHORTEST_PASSWORD} or more than {LONGEST} characters;"
            " choose another"
        )
    private.write(
        users_file(store), users(store) | {name: _hashed(password, secrets.token_bytes(16))}
    )


def remove(store: Path, name: str) -> bool:
    """Let `name` in no more; False where nobody has that name."""
    kept = users(store)
    if kept.pop(name, None) is None:
        return False
    private.write(users_file(store), kept)
    return True


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; as slow where there is none."""
    salt = (kept or _NOBODY).partition("$")[0]
    made = _hashed(password[:LONGEST], bytes.fromhex(salt))
    return hmac.compare_digest(made, kept or _NOBODY) and kept is not None


def _hashed(password: str, salt: bytes) -> str:
    made = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=64 << 20,
    )  # fmt: skip
    return f"{salt.hex()}${made.hex()}"
