"""`from assistant import Assistant`: the library for Python programs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assistant import config
from assistant.adding import AddResult
from assistant.app import open_app
from assistant.records import EVERYTHING, Answer, Article, ArticleInfo, Event, Hit, Scope, Turn

if TYPE_CHECKING:
    from assistant.chains import Answering, Retriever


class Assistant:
    """One library with its models; close it, or use it as a context. Safe in several threads.

        with Assistant("articles.library") as assistant:
            assistant.add("~/articles", "https://example.org/page")
            print(assistant.ask("How long did the call last?").text)

    Settings that are not given are those of the library's settings.toml and of the environment.
    The language model is loaded at the first question.
    """

    def __init__(self, store: str | Path | None = None, **settings: object) -> None:
        """Open the library in the folder `store`, or begin one there.

        Raises StoreError, ModelFileError, SettingsError.
        """
        given = {"store": Path(store).expanduser()} if store else {}
        as_variables = {
            f"ASSISTANT_{key.upper()}": str(value) for key, value in {**settings, **given}.items()
        }
        self._app = open_app(config.load({**os.environ, **as_variables}))

    def add(self, *sources: str | Path) -> list[AddResult]:
        """Add files, folders and web addresses: one result each, with an outcome or an error.

        Raises SourceError, before anything is added, for a path that does not exist.
        """
        return list(self._app.add([_expanded(source) for source in sources]))

    def add_text(self, text: str, title: str | None = None) -> AddResult:
        return self._app.add_text(text, title)

    def articles(self, scope: Scope = EVERYTHING) -> list[ArticleInfo]:
        """Newest published first."""
        return self._app.library.articles(scope)

    def article(self, article_id: str) -> Article | None:
        """The article with this id, or the only one whose id begins so."""
        return self._app.library.get(article_id)

    def remove(self, article_id: str) -> bool:
        """Whether there was an article with this id; now there is none."""
        return self._app.library.remove(article_id)

    def search(self, question: str, scope: Scope = EVERYTHING) -> list[Hit]:
        """The passages that an answer would be taken from, best first; no model is at work."""
        return list(self._app.find(question, scope).hits)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        stop: threading.Event | None = None,
    ) -> Answer:
        """The checked answer. Raises QuestionError, ModelFileError; Stopped after `stop` is set."""
        from assistant.chains import answered

        return answered(self._app, question, history, scope, stop or threading.Event())

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope = EVERYTHING,
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """The events of an answer as they come, tokens not yet checked; Done, with it, is last."""
        return self._app.ask(question, history, stop, scope)

    def as_retriever(self, scope: Scope = EVERYTHING, k: int | None = None) -> Retriever:
        """Passages as LangChain documents: `k`, or as many as the setting `passages` says."""
        from assistant.chains import Retriever

        return Retriever(app=self._app, scope=scope, k=k)

    def as_runnable(self, scope: Scope = EVERYTHING) -> Answering:
        """Answers as a part of a LangChain chain."""
        from assistant.chains import Answering

        return Answering(self._app, scope)

    def close(self) -> None:
        self._app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _expanded(source: str | Path) -> str | Path:
    return Path(source).expanduser() if str(source).startswith("~") else source
