"""The library: keeps articles and finds the passages that a question is about."""

from assistant.library.library import Library, Search, open_library

__all__ = ["Library", "Search", "open_library"]
