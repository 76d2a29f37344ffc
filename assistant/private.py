"""Files that nobody else on this machine may read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from assistant.errors import StoreError


def read(path: Path) -> dict[str, str]:
    """The JSON object that `write` left, of texts; nothing where there is no file.

    Raises StoreError where it cannot be read, ValueError where it holds something else.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(f"cannot read {path} ({error.strerror})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no object")
    return {str(key): str(value) for key, value in found.items()}


def write(path: Path, values: dict[str, Any]) -> None:
    """Write a JSON object, whole or not at all. Raises StoreError."""
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(values, file, indent=1)
        partial.replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot write {path} ({error.strerror}); check that the folder is writable"
        ) from error
