"""`models`: the model files by name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from assistant.cli import door, text

if TYPE_CHECKING:
    from assistant.assets import Asset
    from assistant.config import Settings


@click.group()
def models() -> None:
    """List, fetch and choose the model files."""


@models.command("list")
def list_() -> int:
    """List the model files and which are in use."""
    from assistant import assets

    settings = door.settings()
    known = assets.assets()
    head = ("", "name", "kind", "size", "licence", "installed")
    click.echo(text.columns([head, *(_row(asset, settings) for asset in known.values())]))
    if settings.llm_url:
        click.echo(f"*  {text.line(settings.llm_name)} on the server {settings.llm_url}")
    elif settings.model not in known:
        click.echo(f"*  {text.line(settings.model)}")
    if settings.embedder_url:
        click.echo(f"*  {text.line(settings.embedder_name)} on the server {settings.embedder_url}")
    click.echo(f"\n* in use. Folder: {text.line(str(settings.models))}")
    return door.DONE


def _row(asset: Asset, settings: Settings) -> tuple[str, ...]:
    from assistant import assets

    if asset.kind == "llm":
        used = not settings.llm_url and asset.name == settings.model
    else:
        used = not settings.embedder_url
    size = f"{asset.size / 1e6:,.0f} MB" if asset.size >= 1e6 else f"{asset.size / 1e3:,.0f} kB"
    there = "yes" if assets.installed(asset, settings.models) else "no"
    return "*" if used else "", asset.name, asset.kind, size, asset.licence, there


@models.command()
@click.argument("name", required=False)
def pull(name: str | None) -> int:
    """Fetch the model file NAME, or the default ones.

    Each is checked against its checksum. A broken download goes on where it ended.
    """
    from assistant import assets
    from assistant.cli.progress import bar

    folder = door.settings().models
    names = [name] if name else assets.defaults()
    for wanted in names:
        with bar(wanted, "bytes") as advance:
            path = assets.pull(wanted, folder, advance)
        click.echo(f"{wanted}: {path}")
    return door.DONE


@models.command()
@click.argument("name")
def path(name: str) -> int:
    """Print the path of the model file NAME."""
    from assistant import assets

    click.echo(assets.path(name, door.settings().models))
    return door.DONE


@models.command()
@click.argument("model", metavar="NAME-or-FILE.gguf")
def use(model: str) -> int:
    """Choose the model that answers from now on.

    A name of `assistant models list`, or any GGUF file of an instruct model.
    """
    from assistant import assets, config

    settings = door.settings()
    chosen = assets.llm_setting(model, settings.models)
    config.save(settings, model=chosen)
    click.echo(f"using {chosen}")
    if os.environ.get("ASSISTANT_MODEL"):
        door.tell("ASSISTANT_MODEL is set and goes before this; unset it for the change to hold")
    if settings.llm_url:
        door.tell("llm_url is set, so a server answers; empty it for the change to hold")
    return door.DONE
