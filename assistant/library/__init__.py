"""The library: keeps articles and finds the passages that a question is about."""

from assistant.library.library import Library, open_library
from assistant.library.search import Search

__all__ = ["Library", "Search", "open_library"]
