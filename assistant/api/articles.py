"""/api/articles: what is in the library, adding to it, and removing from it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import Depends, Query, UploadFile
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request

from assistant.adding import AddResult, is_address
from assistant.api import shapes
from assistant.api.problems import Missing
from assistant.api.work import followed
from assistant.errors import SourceError, UsageError
from assistant.records import Article, ArticleInfo, Scope

if TYPE_CHECKING:
    from assistant.app import App

_NONE: list[str] = []
_LONGEST_NAME = 150  # characters of an uploaded file's


def in_query(
    article: Annotated[shapes.Names, Query(description="only this; repeatable")] = _NONE,
    tag: Annotated[shapes.Names, Query(description="only with this; repeatable")] = _NONE,
    source: Annotated[shapes.Names, Query(description="only from this; repeatable")] = _NONE,
    since: Annotated[date | None, Query(description="first day of publication")] = None,
    until: Annotated[date | None, Query(description="last day of publication")] = None,
) -> Scope:
    """The scope that an address names."""
    return Scope(tuple(article), tuple(tag), tuple(source), since, until)


Limits = Annotated[Scope, Depends(in_query)]


def known(app: App, scope: Scope) -> Scope:
    """The scope with whole ids. Raises Missing for one that no single article has."""
    return replace(scope, articles=tuple(article(app, id).id for id in scope.articles))


def article(app: App, id: str) -> Article:
    """The article with this id or beginning of one. Raises Missing where there is none."""
    if found := app.library.get(id):
        return found
    raise Missing(f"no single article has an id beginning with “{id}”; a search shows the ids")


@dataclass(frozen=True)
class Articles:
    """The handlers."""

    app: App

    def list(
        self,
        scope: Limits,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> JSONResponse:
        """The articles, newest published first."""
        found = self.app.library.articles(known(self.app, scope))
        shown = [_info(each) for each in found[offset : offset + limit]]
        return JSONResponse({"total": len(found), "articles": shown})

    def show(self, id: str) -> JSONResponse:
        """An article with its text, by its id or the beginning of it."""
        return JSONResponse(article(self.app, id).as_json())

    def remove(self, id: str) -> Response:
        """Remove an article for good, by its whole id."""
        if not self.app.library.remove(id):
            raise Missing(f"no article has the id “{id}”; see GET /api/articles")
        return Response(status_code=204)

    async def add(self, new: shapes.NewArticle, request: Request) -> JSONResponse:
        """Add a text, or what a web address holds; robots.txt is heeded, and addresses inside a
        local network are refused.
        """
        return _told(await added(self.app, new, request))

    async def upload(self, file: UploadFile, request: Request) -> JSONResponse:
        """Add a file of any kind that can be read, sent as a form's field `file`."""

        def begin(stop: threading.Event) -> Iterator[AddResult]:
            with TemporaryDirectory() as folder:
                path = Path(folder, _file_name(file.filename))
                with path.open("wb") as copy:
                    shutil.copyfileobj(file.file, copy)
                names = {path: f"upload:{path.name}"}
                with closing(cast(Any, self.app.add([path], stop, names))) as results:
                    for result in results:
                        said = (result.error or "").replace(f"{folder}/", "")
                        yield replace(result, error=said or None)

        return _told([result async for result in followed(request, begin)])


async def added(
    app: App, new: shapes.NewArticle, request: Request | None = None
) -> list[AddResult]:
    """What became of it. Raises UsageError, SourceError for what is neither text nor address."""
    if (new.text is None) == (new.url is None):
        raise UsageError("send either a text or a url, and not both")
    url, text = new.url or "", new.text

    def begin(stop: threading.Event) -> Iterator[AddResult]:
        if text is not None:
            yield app.add_text(text, (new.title or "").strip() or None)
        else:
            yield from app.add([url.strip()], stop)

    if text is None and not is_address(url.strip()):  # a path of this machine, for one
        raise SourceError(f"{url} is no web address; it begins with https://")
    return [result async for result in followed(request, begin)]


def all_of(results: list[AddResult]) -> dict[str, Any]:
    """As `shapes.AddedAll`."""
    return {"results": [_result(each) for each in results]}


def refusal(results: list[AddResult]) -> str | None:
    """The first reason, where nothing could be added."""
    if not results:
        return "there is nothing to add: no article was found there"
    return results[0].error if all(each.error for each in results) else None


def _file_name(given: str | None) -> str:
    """A name that can lead nowhere else, with its ending."""
    name = "".join(sign for sign in Path(given or "").name if sign.isprintable())
    return name[-_LONGEST_NAME:] if name.strip(". ") else "file"


def _told(results: list[AddResult]) -> JSONResponse:
    """All of them; where nothing could be added, the first reason as the error."""
    if error := refusal(results):
        return JSONResponse({"error": error, "kind": "SourceError", **all_of(results)}, 422)
    return JSONResponse(all_of(results))


def _result(result: AddResult) -> dict[str, Any]:
    return {
        "source": result.source,
        "status": "error" if result.error else result.outcome,
        "article": _info(result.article) if result.article else None,
        "error": result.error,
    }


def _info(info: ArticleInfo) -> dict[str, Any]:
    """Without its text, also where there is one."""
    return ArticleInfo.as_json(info)
