"""How texts are compared in any case."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """SQL knows it, too: its own lower() is for ASCII alone, or as the server was set up."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
