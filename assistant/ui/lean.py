"""Imports Gradio without what this page leaves unused; to be imported before any other does."""

from __future__ import annotations

import importlib
import os
import sys

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when it is imported

# For a server of its own Gradio would import this package, for a second or two of every start.
_UNUSED = "mcp"

_held = sys.modules.get(_UNUSED)
sys.modules[_UNUSED] = None  # type: ignore[assignment]  # an ImportError, which Gradio passes over
try:
    importlib.import_module("gradio")
finally:
    del sys.modules[_UNUSED]
    if _held is not None:
        sys.modules[_UNUSED] = _held
