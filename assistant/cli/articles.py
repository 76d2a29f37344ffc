"""`add`, `list`, `show` and `remove`."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import door, text
from assistant.cli.scope import article as find
from assistant.cli.scope import known, scoped
from assistant.errors import SourceError, UsageError
from assistant.records import Article, ArticleInfo, Scope

if TYPE_CHECKING:
    from assistant.adding import AddResult
    from assistant.app import App


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option("--quiet", is_flag=True, help="Print nothing but what was refused.")
def add(sources: tuple[str, ...], quiet: bool) -> int:
    """Add articles from files, folders and web addresses.

    Read are text, Markdown, HTML, MHTML, PDF, DOCX, EPUB, e-mail, and exports as JSON, JSON Lines
    or CSV. A list of addresses (a browser's bookmarks, a text file with one a line, OPML) is
    fetched, and of a feed all that it announces. What has not changed is not read again.

    Exits with 4 where some of them were refused, with 1 where all were.
    """
    with door.open_app() as app, door.logged(app, "add"), door.stop_on_ctrl_c() as stop:
        results = followed_through(app.add(sources, stop), quiet)
    if not results and not stop.is_set():
        raise SourceError(f"nothing to add in {', '.join(sources)}: no article file there")
    return told(results, quiet, stop.is_set())


def told(results: Sequence[AddResult], quiet: bool, stopped: bool) -> int:
    """Say what became of the sources; the exit code for it."""
    if stopped:
        door.note("Stopped; what was added before stays. The same command goes on.")
    for result in results:
        if result.error:
            door.tell(_refusal(result))
    outcomes: Counter[str] = Counter(result.outcome or "refused" for result in results)
    if not quiet:
        kinds = ("added", "updated", "same", "refused")
        click.echo(", ".join(f"{kind} {outcomes[kind]}" for kind in kinds))
    if stopped:
        return door.STOPPED
    if results and outcomes["refused"] == len(results):
        return door.FAILED
    return door.PARTLY if outcomes["refused"] else door.DONE


def followed_through(adding: Iterator[AddResult], quiet: bool) -> list[AddResult]:
    """All results, with a bar while they come."""
    results: list[AddResult] = []
    with _progress(quiet) as advance:
        for result in adding:
            results.append(result)
            advance(result.done, result.total)
    return results


def _progress(quiet: bool) -> contextlib.AbstractContextManager[Callable[[int, int], None]]:
    if quiet:
        return contextlib.nullcontext(lambda done, total: None)
    from assistant.cli.progress import bar

    return bar("Adding", "sources")


def _refusal(result: AddResult) -> str:
    error = result.error or ""
    return error if result.source in error else f"{result.source}: {error}"


@click.command("list")
@click.option("--json", "json_", is_flag=True, help="Print the articles as a JSON array.")
@scoped
def list_(json_: bool, scope: Scope) -> int:
    """List the articles, newest first.

    Each with the beginning of its id, which is enough for show and remove.
    """
    with door.open_app() as app:
        articles = app.library.articles(known(app, scope))
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
@click.option("--version", type=click.IntRange(min=1), help="As it was, as an old answer cites it.")
def show(id_: str, json_: bool, version: int | None) -> int:
    """Show an article, found by its ID or the beginning of it."""
    with door.open_app() as app:
        article = find(app, id_)
        if version is not None:
            article = _version(app, article, version)
    click.echo(text.as_json(article.as_json()) if json_ else _page(article))
    return door.DONE


def _version(app: App, article: Article, version: int) -> Article:
    found = app.library.version(article.id, version)
    if found is None:
        raise UsageError(
            f"there is no version {version} of “{article.title}”; the latest is {article.version}"
        )
    return found


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
        articles = {article.id: article for article in [find(app, id_) for id_ in ids]}
        for article in articles.values():
            app.library.remove(article.id)
            click.echo(f"removed {text.line(article.title)}")
    return door.DONE


COMMANDS = (add, list_, show, remove)
