"""What a site asks of programs in its robots.txt."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

NAME = "article-assistant"
MAX_BYTES = 500_000  # what is beyond is not read, as RFC 9309 has it

_HEEDED = ("user-agent", "allow", "disallow")


class Rules:
    """The rules in a robots.txt; any bytes will do, and what makes no sense is passed over."""

    def __init__(self, data: bytes) -> None:
        text = data[:MAX_BYTES].decode("utf-8-sig", errors="replace")
        self._parser = RobotFileParser()
        self._parser.parse([line for line in text.splitlines() if _sensible(line)])

    def allow(self, url: httpx.URL) -> bool:
        # With some host, or else a path that begins with // would be taken for one.
        return self._parser.can_fetch(NAME, f"http://site{url.raw_path.decode('ascii')}")


def _sensible(line: str) -> bool:
    """Whether it is safe to parse: the parser fails on odd numbers and on unclosed brackets."""
    key, colon, value = line.partition("#")[0].partition(":")
    if not colon:
        return not line.strip()
    if key.strip().lower() == "user-agent":
        return bool(value.strip())  # an empty one would count as any
    try:
        urlsplit(unquote(value.strip()))
    except ValueError:
        return False
    return key.strip().lower() in _HEEDED
