"""`add`, `list`, `show` and `remove`."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import door, text
from assistant.errors import SourceError, UsageError
from assistant.records import Article, ArticleInfo

if TYPE_CHECKING:
    from assistant.app import AddResult, App


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="Print nothing but what was refused.")
def add(paths: tuple[Path, ...], quiet: bool) -> int:
    """Add articles from files and folders.

    Text, Markdown and HTML files are read.

    Exits with 4 where some of them were refused, with 1 where all were.
    """
    with door.open_app() as app, door.stop_on_ctrl_c() as stop, _progress(quiet) as advance:
        results: list[AddResult] = []
        for result in app.add(paths, stop):
            results.append(result)
            advance(result.done, result.total)
    if stop.is_set():
        door.note("Stopped; what was added before stays.")
    elif not results:
        raise SourceError(f"nothing to add in {', '.join(map(str, paths))}: no article file there")
    for result in results:
        if result.error:
            door.tell(_refusal(result))
    outcomes: Counter[str] = Counter(result.outcome or "refused" for result in results)
    if not quiet:
        kinds = ("added", "updated", "same", "refused")
        click.echo(", ".join(f"{kind} {outcomes[kind]}" for kind in kinds))
    if stop.is_set():
        return door.STOPPED
    if outcomes["refused"] == len(results):
        return door.FAILED
    return door.PARTLY if outcomes["refused"] else door.DONE


def _progress(quiet: bool) -> contextlib.AbstractContextManager[Callable[[int, int], None]]:
    if quiet:
        return contextlib.nullcontext(lambda done, total: None)
    from assistant.cli.progress import bar

    return bar("Adding", "articles")


def _refusal(result: AddResult) -> str:
    error = result.error or ""
    return error if result.source in error else f"{result.source}: {error}"


@click.command("list")
@click.option("--json", "json_", is_flag=True, help="Print the articles as a JSON array.")
def list_(json_: bool) -> int:
    """List the articles, newest first.

    Each with the beginning of its id, which is enough for show and remove.
    """
    with door.open_app() as app:
        articles = app.library.articles()
    if json_:
        click.echo(text.as_json([_info_json(article) for article in articles]))
    elif articles:
        length = _unique_length([article.id for article in articles])
        click.echo(text.columns([_row(article, length) for article in articles]))
    else:
        door.note("No articles yet; add some: assistant add PATH")
    return door.DONE


def _row(article: ArticleInfo, length: int) -> tuple[str, str, str]:
    published = article.published.isoformat() if article.published else ""
    title, source = text.line(article.title), text.line(article.source)
    return article.id[:length], published, f"{title}  ({source})"


def _unique_length(ids: Sequence[str]) -> int:
    """How much of each id tells it from all the others, 8 at least."""
    longest = max(map(len, ids))
    return next((n for n in range(8, longest) if len({i[:n] for i in ids}) == len(ids)), longest)


def _info_json(article: ArticleInfo) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "source": article.source,
        "tags": list(article.tags),
    }


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--json", "json_", is_flag=True, help="Print the article as one JSON object.")
def show(id_: str, json_: bool) -> int:
    """Show an article, found by its ID or the beginning of it."""
    with door.open_app() as app:
        article = _article(app, id_)
    click.echo(text.as_json(article.as_json()) if json_ else _page(article))
    return door.DONE


def _page(article: Article) -> str:
    facts = {
        "By": ", ".join(article.authors),
        "Source": article.source,
        "Tags": ", ".join(article.tags),
        "Id": article.id,
    }
    known = [f"{name}: {text.line(value)}" for name, value in facts.items() if value]
    return "\n".join([text.heading(article), *known, "", text.clean(article.text)])


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
def remove(ids: tuple[str, ...]) -> int:
    """Remove articles, found by ID or the beginning of it.

    If one of them is unknown, none is removed.
    """
    with door.open_app() as app:
        articles = {article.id: article for article in [_article(app, id_) for id_ in ids]}
        for article in articles.values():
            app.library.remove(article.id)
            click.echo(f"removed {text.line(article.title)}")
    return door.DONE


def _article(app: App, id_: str) -> Article:
    article: Article | None = app.library.get(id_)
    if article is None:
        raise UsageError(f"no single article has an id beginning with “{id_}”; see: assistant list")
    return article


COMMANDS = (add, list_, show, remove)
