"""Ask your own articles, on your own machine.

from assistant import Assistant  # see assistant.interface
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.interface import Assistant as Assistant
    from assistant.records import Answer as Answer
    from assistant.records import Scope as Scope
    from assistant.records import Turn as Turn

__version__ = "0.1.0"

_WHERE = {"Assistant": "interface", "Answer": "records", "Scope": "records", "Turn": "records"}


def __getattr__(name: str) -> Any:
    """What programs import from here, when they do: the command line needs none of it."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
