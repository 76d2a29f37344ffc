"""What the settings tell rather than ask: where the data lies, and what leaves the machine."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from assistant import config, logs
from assistant.config import Settings
from assistant.ui import words
from assistant.ui.guard import is_this_machine
from assistant.ui.models import size
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App


def facts(app: App, request: gr.Request) -> str:
    say = words.of(request, app.settings.language)
    return _data(app, say) + _leaving(app.settings, say) + _network(app, request.username, say)


def _data(app: App, say: Words) -> str:
    settings = app.settings
    catalog = config.without_password(settings.catalog_url)
    rows = [
        (say("Library"), settings.store, size(_bytes_in(settings.store), say)),
        *([(say("Catalog"), catalog, "")] if catalog else []),
        (say("Models"), settings.models, size(_bytes_in(settings.models), say)),
        (say("Settings"), config.settings_file(settings.store), ""),
        (say("Log"), logs.path(settings.store), ""),
    ]
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(str(path))} <span>{escape(amount)}</span></dd>"
        for name, path, amount in rows
    )
    return _section(say("Where your data lies"), f"<dl>{listed}</dl>")


def _leaving(settings: Settings, say: Words) -> str:
    told = _told_servers(settings, say)
    if told:
        first = say("What the servers in the settings do for this machine, they are told:")
        but = say("Beside them, only what you ask to be fetched makes this machine call another:")
    else:
        first = say(
            "Nothing that you read, ask or are answered. The models run here, and the page asks no "
            "other host for anything."
        )
        but = say("Only what you ask to be fetched makes this machine call another:")
    fetched = [
        say("model files: the Hugging Face hub, then the Python package index"),
        say("articles from an address that you add: that address"),
        say("feeds that you follow: their addresses, every few minutes"),
    ]
    return _section(
        say("What leaves this machine"),
        f"<p>{escape(first)}</p>{_listed(told)}<p>{escape(but)}</p>{_listed(fetched)}",
    )


def _told_servers(settings: Settings, say: Words) -> list[str]:
    llm, embedder, chroma = settings.llm_url, settings.embedder_url, settings.chroma_url
    catalog = config.without_password(settings.catalog_url)
    lines = [
        (llm, say("questions and the sentences found for them: {url}", url=llm)),
        (embedder, say("questions and the texts of all articles: {url}", url=embedder)),
        (chroma, say("vectors of questions and of all articles: {url}", url=chroma)),
        (
            catalog,
            say("all articles and conversations, and the words of questions: {url}", url=catalog),
        ),
    ]
    return [line for url, line in lines if url]


def _listed(lines: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def _network(app: App, user: str | None, say: Words) -> str:
    """Only where there is something to tell: the page is open to others, or somebody logged in."""
    shown = ""
    if not is_this_machine(app.settings.host):
        warning = say(
            "This page is open to the network. What is sent, passwords too, is not encrypted, and "
            "whoever signs in reads and changes the whole library. Use this only in a network "
            "you trust."
        )
        shown += f'<p class="warning">{escape(warning)}</p>'
    if user:
        who, out = say("Signed in as {name}", name=user), say("Sign out")
        shown += (
            f'<form method="post" action="/logout"><p>{escape(who)}</p>'
            f'<button class="plain">{escape(out)}</button></form>'
        )
    return _section(say("Who can open this page"), shown) if shown else ""


def _section(title: str, inner: str) -> str:
    return f'<section class="facts"><h2>{escape(title)}</h2>{inner}</section>'


def _bytes_in(folder: Path) -> int:
    """What the files in a folder take; one that goes away meanwhile takes nothing."""
    found = 0
    for path in folder.rglob("*"):
        try:
            found += path.stat().st_size if path.is_file() and not path.is_symlink() else 0
        except OSError:
            continue
    return found
