"""What a run of all benches is to measure, and with what."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pair

from assistant.app import App, open_app
from assistant.config import Settings
from assistant.evaluation.formats import OwnArticle
from assistant.evaluation.questions import Question


@dataclass(frozen=True)
class Plan:
    """`asked` are the questions, `sources` or `own` the articles that they are about.

    `folder` is for this run alone; what lies in `kept`, the next one need not make again.
    """

    settings: Settings
    folder: Path
    kept: Path
    asked: Sequence[Question]
    sources: Sequence[Path] = ()
    own: Sequence[OwnArticle] = ()
    speed: float = 5.0  # letters typed in a second
    starts: int = 5
    few: int = 1_000  # articles that are added, and searched
    many: int = 100_000  # passages that are searched
    before_weighing: int = 20  # questions, after which the memory is looked at
    people: int = 20
    minutes: float = 2.0  # that they ask
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def answerable(self) -> list[str]:
        """The questions that the articles answer."""
        return [question.question for question in self.asked if question.answers]

    def library(self) -> Path:
        """The folder of a library that holds the articles, filled at the first call."""
        return made(self.folder / "asked", self._fill)

    def _fill(self, folder: Path) -> None:
        with open_app(self.with_store(folder)) as app:
            pair.fill(app, self.sources, self.own)

    @contextmanager
    def app(self) -> Iterator[App]:
        """This assistant in this process, with the articles."""
        with open_app(self.with_store(self.library())) as app:
            yield app

    def with_store(self, store: Path) -> Settings:
        return self.settings.model_copy(update={"store": store})

    def environment(self) -> dict[str, str]:
        """For processes that are to have these settings, over a library of these articles."""
        settings = self.with_store(self.library()).model_dump(mode="json", exclude={"hosts"})
        named = {f"ASSISTANT_{name.upper()}": str(value) for name, value in settings.items()}
        return {**os.environ, **named}


def made(folder: Path, fill: Callable[[Path], None]) -> Path:
    """The folder, filled if it is not there yet; what was broken off is begun anew."""
    if not folder.is_dir():
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        fill(partial)
        partial.rename(folder)
    return folder
