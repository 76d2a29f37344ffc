"""The settings as a page, from pydantic's own data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tables import code, joined, table

from assistant.config import Settings

_ABOUT = """
# Settings

They stand in `settings.toml` in the library's folder, one `key = value` a line, and the page's
settings tab changes those that matter most. A variable of the environment goes before the file:
`ASSISTANT_PORT=8000` sets `port` for one run. A key that is not below is refused, and so is a value
out of its range. Those marked (start) take effect when the page is next started.

In the file a folder or a text stands in quotes (`model = "qwen2.5-coder-0.5b"`), a list in brackets
(`hosts = ["library.lan"]`); in a variable the names of a list have commas between.
"""
_FOLDERS = {
    "store": "`store` in a checkout, else `library` in the user's data folder",
    "models": "`models` in the user's data folder",
}


def page() -> str:
    fields = Settings.model_json_schema()["properties"]
    return joined([_ABOUT, table(("setting", "default", "range", "what it is"), _rows(fields))])


def _rows(fields: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in fields.items():
        default = _FOLDERS.get(name) or code(json.dumps(field.get("default")))
        yield code(name), default, _range(field), field["description"]


def _range(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(code(json.dumps(value)) for value in field["enum"])
    if field.get("type") == "boolean":
        return "`true`, `false`"
    low, high = field.get("minimum"), field.get("maximum")
    if "exclusiveMinimum" in field:
        return f"more than {field['exclusiveMinimum']:g}, to {_plain(high)}"
    return f"{_plain(low)} to {_plain(high)}" if low is not None and high is not None else ""


def _plain(number: float | None) -> str:
    return "any" if number is None else f"{number:,.10g}"
