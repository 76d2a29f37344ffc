"""The real App on a library of its own, which has the embedder and never a language model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.app import App, open_app
from assistant.config import Settings


@contextmanager
def real_app(store: Path, models: Path, **settings: object) -> Iterator[App]:
    """Settings are those of the person's, but for where things lie and the local test sites."""
    values = {"store": store, "models": models, "allow_private_addresses": True, **settings}
    with open_app(Settings.model_validate(values)) as app:
        yield app
