"""Room on the disk: articles are refused before it is full, so that all else goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.errors import StoreError


def check(folder: Path, least: int) -> None:
    """Raises StoreError where fewer than `least` bytes of the folder's disk are free."""
    free = free_bytes(folder)
    if free is not None and free < least:
        raise StoreError(
            f"no article is added: {free // 1_000_000:,} MB are free on the disk of {folder}, and"
            f" {least // 1_000_000:,} MB are to stay free (setting min_free_disk_mb); free some"
            " space, then add it again"
        )


def free_bytes(folder: Path) -> int | None:
    """None where the system does not tell; writing there will say why."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
