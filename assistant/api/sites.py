"""The two APIs as sites of their own, each with its own form of errors, and the tools at /mcp."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from assistant import __version__
from assistant.api import over_http, problems, shapes
from assistant.api.articles import Articles
from assistant.api.asking import Asking
from assistant.api.completions import Completions
from assistant.api.limit import Limit

if TYPE_CHECKING:
    from assistant.app import App

_MOST = 2  # times the largest file: a text grows as JSON
_STREAM = {"schema": {"type": "string"}}


def mount(site: FastAPI, app: App) -> None:
    """Let the site answer at all three places."""
    site.mount(problems.API, _own(app))
    site.mount(problems.OPENAI, _openai(app))
    over_http.mount(site, app, _most(app))


def _own(app: App) -> FastAPI:
    site = _site(app, problems.plain, 422, openapi_url="/openapi.json")
    asking, articles = Asking(app), Articles(app)
    streamed: dict[str, Any] = {"text/event-stream": _STREAM}
    answers: dict[int | str, dict[str, Any]] = {200: {"model": shapes.Answer, "content": streamed}}
    site.post("/ask", responses=answers)(asking.ask)
    site.get("/search", responses=_ok(shapes.Found))(asking.search)
    site.get("/articles", responses=_ok(shapes.Articles))(articles.list)
    site.post("/articles", responses=_ok(shapes.AddedAll))(articles.add)
    site.post("/articles/file", responses=_ok(shapes.AddedAll))(articles.upload)
    site.get("/articles/{id}", responses=_ok(shapes.Article))(articles.show)
    site.delete("/articles/{id}", status_code=204)(articles.remove)
    return site


def _openai(app: App) -> FastAPI:
    site = _site(app, problems.openai, 400)
    completions = Completions(app)
    site.post("/chat/completions")(completions.complete)
    site.get("/models")(completions.models)
    site.get("/models/{name:path}")(completions.model)
    return site


def _site(app: App, form: problems.Form, invalid: int, openapi_url: str | None = None) -> FastAPI:
    site = FastAPI(
        title="Ask your articles",
        version=__version__,
        openapi_url=openapi_url,
        docs_url=None,
        redoc_url=None,
        responses={"default": {"model": shapes.Problem}},
    )
    site.add_middleware(Limit, _most(app), form)
    problems.answer_in(site, form, invalid)
    return site


def _most(app: App) -> int:
    return int(_MOST * app.settings.max_file_mb * 1_000_000)


def _ok(shape: Any) -> dict[int | str, dict[str, Any]]:
    return {200: {"model": shape}}
