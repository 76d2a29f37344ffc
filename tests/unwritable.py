"""A folder that cannot be written, also for root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """The folder as one meets it whose owner is another."""
    modes = {path: path.stat().st_mode for path in [folder, *folder.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222 | 0o444)
    user = os.geteuid()
    if user == 0:  # whom no mode stops
        for parent in folder.parents:
            if (mode := parent.stat().st_mode) & 0o055 != 0o055:
                modes[parent] = mode
                parent.chmod(mode | 0o055)
        folder.chmod(0o555)
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)
