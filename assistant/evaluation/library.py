"""A library for one run alone, made of the articles that the questions are about."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluation.formats import OwnArticle

if TYPE_CHECKING:
    from assistant.adding import AddResult
    from assistant.app import App
    from assistant.config import Settings


@contextmanager
def throwaway(settings: Settings, lender: App | None = None) -> Iterator[App]:
    """An application with these settings and models but an empty library, gone at the end.

    It answers with the model of `lender`, in one queue with its questions, where one is named.
    """
    from assistant import app

    with (
        tempfile.TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True) as folder,
        app.open_app(
            settings.model_copy(update={"store": Path(folder), "chroma_url": "", "catalog_url": ""})
        ) as opened,
    ):
        if lender is None:
            yield opened
        else:
            from assistant.evaluation.borrowed import Borrowed

            yield Borrowed(opened, lender)


def add(
    app: App, paths: Sequence[Path], own: Sequence[OwnArticle], stop: threading.Event
) -> Iterator[AddResult]:
    """Add files and folders, or, where none are named, a question set's own articles.

    One result each, as `App.add` gives them.
    """
    if paths:
        yield from app.add(paths, stop)
        return
    for done, article in enumerate(own, 1):
        if stop.is_set():
            return
        added = app.add_text(article.text, article.title)
        error = f"{article.title}: {added.error}" if added.error else None
        yield replace(added, error=error, done=done, total=len(own))
