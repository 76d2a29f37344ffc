"""This assistant and the usual recipe over the same articles, asked in the same way."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import usual_recipe
from score import OURS, RECIPE, recipe_result
from usual_recipe import Recipe

from assistant import assets
from assistant.app import EMBEDDER, TOKENIZER, App
from assistant.cli import door
from assistant.config import Settings
from assistant.engines.embedder import MiniLM
from assistant.engines.llama import LocalChat
from assistant.errors import AssistantError, ModelFileError, StoreError, UsageError
from assistant.evaluation import library
from assistant.evaluation.formats import OwnArticle
from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result
from assistant.evaluation.run import answered
from assistant.records import Article

_WARM_UP = Question("", "What do these articles say about the weather?", (), None, "warm-up")


@dataclass(frozen=True)
class Pair:
    """Both systems, each with a language model object of its own, over the same articles."""

    app: App
    recipe: Recipe
    articles: Sequence[Article]

    def warm(self) -> None:
        """Load both models, open both indexes, and read the beginning of every prompt."""
        self.app.warm()
        for system in (OURS, RECIPE):
            self.ask(system, _WARM_UP)

    def ask(self, system: str, question: Question) -> Result:
        """Ask one of the systems. Raises ModelFileError and StoreError; other errors are kept."""
        if system == RECIPE:
            return _from_recipe(self.recipe, question)
        result = answered(self.app, question, threading.Event())
        assert result is not None, "nobody stopped it"
        return result


def _from_recipe(recipe: Recipe, question: Question) -> Result:
    try:
        return recipe_result(question, recipe.ask(question.question))
    except (ModelFileError, StoreError):
        raise
    except AssistantError as error:
        return Result(question, error=str(error), asked=question.question)


@contextmanager
def both(settings: Settings, sources: Sequence[Path], own: Sequence[OwnArticle]) -> Iterator[Pair]:
    """The two systems over a library and an index for this run alone, of the same articles."""
    with (
        library.throwaway(settings) as app,
        tempfile.TemporaryDirectory(prefix="recipe-", ignore_cleanup_errors=True) as folder,
    ):
        articles = fill(app, sources, own)
        # A second object for the same file: its weights are shared, its cache is its own.
        model = LocalChat(
            path=assets.resolve_llm(settings.model, settings.models),
            context_tokens=settings.context_tokens,
            threads=settings.threads,
        )
        embedder = embedder_of(settings)
        try:
            recipe = usual_recipe.build(
                articles, embedder, model, settings.answer_tokens, Path(folder)
            )
            yield Pair(app, recipe, articles)
        finally:
            model.close()


def fill(app: App, sources: Sequence[Path], own: Sequence[OwnArticle]) -> list[Article]:
    """Add the articles, and give them as the library has them.

    What cannot be read is told and left out.
    """
    for result in library.add(app, sources, own, threading.Event()):
        if result.error:
            door.tell(result.error)
    found = (app.library.get(info.id) for info in app.library.articles())
    articles = [article for article in found if article is not None]
    if not articles:
        raise UsageError("there are no articles to ask; name a folder with --articles")
    return articles


def embedder_of(settings: Settings) -> MiniLM:
    return MiniLM(
        assets.path(EMBEDDER, settings.models),
        assets.path(TOKENIZER, settings.models),
        settings.threads or os.cpu_count() or 1,
    )
