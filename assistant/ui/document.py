"""Puts language, styles and scripts of the page into the document that Gradio writes.

Gradio's own way (`head`) adds them by script once its application runs: too late for the first
paint to have the right ground, and for a screen reader to know the language.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui import words

STATIC = sorted((Path(__file__).parent / "static").iterdir())

_KINDS = {
    ".css": '<link rel="stylesheet" href="/page/{}">',
    ".js": '<script src="/page/{}"></script>',
}


class Document:
    """Rewrites the document at `/`; `language` is the setting that holds now."""

    def __init__(self, app: ASGIApp, language: Callable[[], str]) -> None:
        self._app = app
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("GET", "/"):
            await self._app(scope, receive, send)
            return
        spoken = words.of(gr.Request(Request(scope)), self._language()).language
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, _rewriting(send, spoken))


def _rewriting(send: Send, spoken: str) -> Send:
    start: Message = {}
    body = bytearray()

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        text = bytes(body)
        if Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
            text = written(text.decode(), spoken).encode()
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(text))
        headers["cache-control"] = "no-cache"
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": text})

    return sending


def written(text: str, spoken: str) -> str:
    """Gradio's document in a language, with our head at the end of its own.

    There our rules come after those of Gradio's, as they are meant to.
    """
    text = text.replace('lang="en"', f'lang="{spoken}"', 1)
    return text.replace("</head>", f"{_head()}</head>", 1)


def _head() -> str:
    """Each view has a stylesheet and a script of its own; those of the page come first."""
    of_page_first = sorted(STATIC, key=lambda path: path.stem != "page")
    links = [_KINDS[path.suffix].format(path.name) for path in of_page_first]
    return '<meta name="color-scheme" content="light dark">' + "".join(links)
