"""LangChain's own tests, in a process of their own: they bring plugins and a loop of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PARTS = Path(__file__).with_name("langchain_parts.py")
OF_THEIR_OWN = ("addopts=", "asyncio_mode=auto", "filterwarnings=")


def test_our_parts_of_langchain_are_as_langchain_wants_them(models: Path) -> None:
    options = [part for each in OF_THEIR_OWN for part in ("-o", each)]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(PARTS)],
        cwd=PARTS.parents[2],
        capture_output=True,
        text=True,
        timeout=500,
    )
    passed = re.search(r"(\d+) passed", ran.stdout)
    assert ran.returncode == 0, ran.stdout
    assert passed and int(passed[1]) >= 25, "they must not be skipped"
