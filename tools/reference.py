"""Writes the reference pages of the handbook from the program itself.

    python tools/reference.py            # into docs/reference
    python tools/reference.py FOLDER

The pages are kept in the repository; tests/docs/test_reference.py writes them anew and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

import of_classes
import of_commands
import of_http
import of_settings

_ROOT = Path(__file__).resolve().parents[1]
_NOTE = "<!-- Written by tools/reference.py from the program: change it there, not here. -->\n\n"

PAGES = {
    "cli.md": of_commands.page,
    "settings.md": of_settings.page,
    "python.md": of_classes.page,
    "http.md": of_http.page,
}


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(_NOTE + page(), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if sys.argv[1:] else _ROOT / "docs" / "reference")
