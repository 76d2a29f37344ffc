"""The tab that adds, lists, shows and removes articles."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from assistant.errors import AssistantError, Stopped
from assistant.records import ArticleInfo
from assistant.ui import render
from assistant.ui.chat import Running, page_of

if TYPE_CHECKING:
    from assistant.adding import AddResult
    from assistant.app import App

log = logging.getLogger(__name__)

ROWS = 200  # rows shown at once; the search box narrows a longer list
NAMED = 12  # results named one by one in a report, those with errors always

# `open` and `remove` are events of our own. Removing asks once more, in its own place.
_TABLE_JS = """
element.addEventListener('click', (event) => {
  const open = event.target.closest('[data-open]');
  if (open) trigger('open', {id: open.dataset.open});
  const remove = event.target.closest('[data-remove]');
  if (remove && assistantPage.confirmed(remove)) trigger('remove', {id: remove.dataset.remove});
});
"""

_BAR = (
    '<div class="reader-bar"><button type="button" class="close" aria-label="Close the article">'
    "Close</button></div>"
)
_NOTHING_OPEN = '<p class="reader-empty">Choose an article to read it here.</p>'

_OUTCOMES = {"added": "added", "updated": "updated", "same": "already there"}


@dataclass(frozen=True)
class Articles:
    """The handlers behind the tab."""

    app: App
    running: Running

    def table(self, search: str = "") -> str:
        try:
            return table(self.app.library.articles(), search)
        except AssistantError as error:
            return trouble(str(error))

    def count(self) -> str:
        try:
            return f"{self.app.library.counts().articles:,}"
        except AssistantError:
            return ""

    def add_files(
        self, files: list[str] | None, search: str, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Yields (chosen files, report, table, count)."""
        if not files:
            return
        paths = [Path(file) for file in files]
        names = {path: f"upload:{path.name}" for path in paths}
        results: list[AddResult] = []
        with self.running.task(f"add {page_of(request)}") as stop:
            trouble_met = ""
            yield gr.skip(), progress(0, len(paths)), gr.skip(), gr.skip()
            try:
                with closing(cast(Any, self.app.add(paths, stop, names))) as adding:
                    for result in adding:
                        results.append(_named(result, paths))
                        shown = progress(result.done, result.total) + report(results)
                        yield gr.skip(), shown, gr.skip(), gr.skip()
            except Stopped:
                pass
            except AssistantError as error:
                trouble_met = trouble(str(error))
            except Exception:
                log.exception("files could not be added")
                trouble_met = trouble("Adding failed; the server's log says more.")
            told = report(results, stopped=stop.is_set()) if results or not trouble_met else ""
        yield None, trouble_met + told, self.table(search), self.count()

    def stop_adding(self, request: gr.Request) -> None:
        self.running.stop(f"add {page_of(request)}")

    def add_text(self, title: str, text: str, search: str) -> tuple[Any, ...]:
        """Returns (title, text, report, table, count); what was typed stays where it failed."""
        try:
            result = self.app.add_text(text, title.strip() or None)
        except AssistantError as error:
            return gr.skip(), gr.skip(), trouble(str(error)), gr.skip(), gr.skip()
        if result.error:
            return gr.skip(), gr.skip(), report([result]), gr.skip(), gr.skip()
        return "", "", report([result]), self.table(search), self.count()

    def open(self, event: gr.EventData) -> str:
        try:
            found = self.app.library.get(str(event.id))
        except AssistantError as error:
            return trouble(str(error))
        return _BAR + (render.article(found) if found else trouble("It is no longer here."))

    def remove(self, search: str, event: gr.EventData) -> tuple[str, str, str, str]:
        """Returns (report, table, count, article being read)."""
        try:
            found = self.app.library.get(str(event.id))
            self.app.library.remove(str(event.id))
            said = f"Removed “{found.title}”." if found else "It was no longer here."
            shown = f'<div class="report"><p>{escape(said)}</p></div>'
        except AssistantError as error:
            shown = trouble(str(error))
        return shown, self.table(search), self.count(), _NOTHING_OPEN


def table(articles: list[ArticleInfo], search: str = "") -> str:
    """The articles whose title, source or authors hold every word of `search`."""
    words = search.casefold().split()
    chosen = [info for info in articles if all(word in _searched(info) for word in words)]
    if not articles:
        return '<p class="empty">No articles yet. Add files above, or paste a text.</p>'
    if not chosen:
        return f'<p class="empty">No article matches “{escape(search.strip())}”.</p>'
    head = (
        '<tr><th>Title</th><th class="date">Published</th><th class="id">Id</th>'
        '<th class="act"><span class="unseen">Remove</span></th></tr>'
    )
    rows = "".join(_row(info) for info in chosen[:ROWS])
    more = len(chosen) - ROWS
    note = f'<p class="empty">{more:,} more: search to narrow the list.</p>' if more > 0 else ""
    return f'<table class="articles"><thead>{head}</thead><tbody>{rows}</tbody></table>{note}'


def _searched(info: ArticleInfo) -> str:
    return " ".join((info.title, info.source, info.id, *info.authors, *info.tags)).casefold()


def _row(info: ArticleInfo) -> str:
    key, title = escape(info.id), escape(info.title)
    date = f"{info.published:%Y-%m-%d}" if info.published else "—"
    return (
        f'<tr><td><button type="button" class="link" data-open="{key}">{title}</button>'
        f'<span class="source">{escape(render.origin(info.source))}</span></td>'
        f'<td class="date">{date}</td><td class="id">{escape(info.id[:8])}</td>'
        f'<td class="act"><button type="button" class="quiet" data-remove="{key}"'
        f' aria-label="Remove {title}">Remove</button></td></tr>'
    )


def progress(done: int, total: int) -> str:
    share = f'<progress max="{max(total, 1)}" value="{done}"></progress>'
    return f'<div class="progress">{share}<span>{done:,} of {total:,}</span></div>'


def _named(result: AddResult, paths: list[Path]) -> AddResult:
    """Its error without the temporary folder that an upload lies in, which says nothing."""
    said = result.error
    for path in paths:
        said = said and said.replace(f"{path.parent}/", "")
    return replace(result, error=said)


def report(results: Iterable[AddResult], *, stopped: bool = False) -> str:
    """What became of the files: a line that counts, then one line each."""
    results = list(results)
    bad = [result for result in results if result.error]
    counts = [
        f"{number:,} {word}"
        for outcome, word in _OUTCOMES.items()
        if (number := sum(1 for result in results if result.outcome == outcome))
    ]
    counts += [f"{len(bad):,} not added"] if bad else []
    counts += ["stopped"] if stopped else []
    good = [result for result in results if not result.error]
    hidden = len(good) - NAMED
    lines = "".join(_result(result) for result in [*bad, *good[:NAMED]])
    lines += f"<li>and {hidden:,} more</li>" if hidden > 0 else ""
    said = ", ".join(counts) or "nothing to add: no article file among them"
    return f'<div class="report"><p>{said[:1].upper()}{said[1:]}</p><ul>{lines}</ul></div>'


def _result(result: AddResult) -> str:
    name = escape(render.origin(result.source))
    if result.error:
        return f'<li class="bad"><b>{name}</b><span>{escape(result.error)}</span></li>'
    title = escape(result.article.title) if result.article else name
    return f"<li><b>{title}</b><span>{_OUTCOMES.get(result.outcome or '', '')}</span></li>"


def trouble(message: str) -> str:
    return f'<div class="trouble" role="alert">{escape(message)}</div>'


def build(handlers: Articles, count: gr.HTML) -> gr.HTML:
    """Lay the tab out; `count` shows how many articles there are. Returns the table."""
    limit = handlers.app.settings.max_file_mb
    with gr.Column(elem_id="articles-main"):
        gr.HTML("<h1>Articles</h1>", apply_default_css=False, js_on_load=None)
        files = gr.File(
            file_count="multiple", label=f"Article files of any kind, up to {limit:g} MB each",
            show_label=False, elem_id="upload", height=132,
        )  # fmt: skip
        with gr.Accordion("Paste a text", open=False, elem_id="paste"):
            title = gr.Textbox(label="Title", max_lines=1, elem_id="paste-title")
            text = gr.Textbox(label="Text", lines=7, max_lines=16, elem_id="paste-text")
            add = gr.Button("Add article", elem_id="paste-add", variant="primary")
        said = _html("", "add-report", live=True)
        stop = gr.Button("Stop adding", elem_id="stop-adding")
        search = gr.Textbox(
            placeholder="Search titles, sources, authors", max_lines=1, container=False,
            show_label=False, label="Search articles", elem_id="article-search",
        )  # fmt: skip
        rows = gr.HTML("", elem_id="article-table", apply_default_css=False, js_on_load=_TABLE_JS)
    with gr.Column(elem_id="articles-reader", elem_classes="reader"):
        paper = _html(_NOTHING_OPEN, "article-paper")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    results = [said, rows, count]
    files.upload(handlers.add_files, [files, search], [files, *results], **quiet)
    stop.click(handlers.stop_adding, queue=False, **quiet)
    add.click(handlers.add_text, [title, text, search], [title, text, *results], **quiet)
    search.change(handlers.table, search, rows, trigger_mode="always_last", **quiet)
    rows.open(handlers.open, None, paper, **quiet)
    rows.remove(handlers.remove, search, [said, rows, count, paper], **quiet)
    return rows


def _html(value: str, name: str, *, live: bool = False) -> gr.HTML:
    around = '<div aria-live="polite">${value}</div>' if live else "<div>${value}</div>"
    return gr.HTML(
        value, html_template=around, elem_id=name, apply_default_css=False, js_on_load=None
    )
