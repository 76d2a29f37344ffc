"""The handbook names what there is: pages, commands, options, settings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from assistant.cli import cli
from assistant.config import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))

LINK = re.compile(r"(?<!`)\]\(([^)\s]+)\)")
SHELL = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"\bASSISTANT_([A-Z_]+)\b")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(DOCS)) for page in pages]


def listed(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    else:
        for each in part.values() if isinstance(part, dict) else part:
            yield from listed(each)


def anchors(page: Path) -> set[str]:
    """As Python-Markdown makes them of headings."""
    plain = (re.sub(r"[^\w\s-]", "", each) for each in HEADING.findall(page.read_text("utf-8")))
    return {re.sub(r"[-\s]+", "-", each.strip().lower()) for each in plain}


def commands(page: Path) -> Iterator[list[str]]:
    for block in SHELL.findall(page.read_text("utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words and (VARIABLE.match(words[0]) or words[0] == "sudo"):
                words = words[1:]
            if words and words[0].rpartition("/")[2] == "assistant":
                yield words[1:]


def test_the_site_leads_to_every_page_and_to_no_other() -> None:
    assert sorted(listed(SITE["nav"])) == sorted(names(PAGES))


def test_the_site_takes_nothing_from_other_hosts() -> None:
    assert SITE["theme"]["font"] is False
    assert not {"repo_url", "edit_uri", "extra_javascript", "extra_css"} & set(SITE)


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_its_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.is_file() and target.is_relative_to(DOCS), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_its_commands_exist_with_their_options(page: Path) -> None:
    for words in commands(page):
        command: click.Command = cli
        for word in words:
            if not isinstance(command, click.Group) or word not in command.commands:
                break
            command = command.commands[word]
        assert command is not cli or words[:1] == ["--version"], words
        known = {name for parameter in command.params for name in parameter.opts}
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= known | {"--help"}, words


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_its_variables_are_settings(page: Path) -> None:
    known = {name.upper() for name in Settings.model_fields} | {"DEBUG"}
    assert set(VARIABLE.findall(page.read_text("utf-8"))) <= known


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "compose.scaled.yaml"])
def test_containers_are_given_settings_that_there_are(name: str) -> None:
    given = set(
        re.findall(r"\bASSISTANT_([A-Z_]+)\b(?=[=:] ?\S)", (ROOT / name).read_text("utf-8"))
    )
    assert {each.lower() for each in given} <= set(Settings.model_fields)


def test_the_server_of_the_vectors_is_as_new_as_its_client() -> None:
    image = yaml.safe_load((ROOT / "compose.scaled.yaml").read_text("utf-8"))["services"]["vectors"]
    locked = re.search(r"^chromadb==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    assert locked and image["image"] == f"chromadb/chroma:{locked[1]}"
