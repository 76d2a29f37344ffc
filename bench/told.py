"""Figures, told on the terminal and kept in a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

OUT: Callable[..., Any] = click.option(
    "--out", type=click.Path(path_type=Path), help="Write the figures there, as JSON."
)


def tell(figures: dict[str, Any], out: Path | None) -> None:
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    click.echo(text)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", "utf-8")
