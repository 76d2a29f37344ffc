"""Writes a file whole or not at all: a break leaves what was there before."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from assistant.errors import UsageError


def write(path: Path, text: str) -> None:
    """Raises UsageError where it cannot be written; halves of characters are written as escapes."""
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise UsageError(
            f"cannot write {path} ({error.strerror}); name a file in a folder that can be written"
        ) from error
