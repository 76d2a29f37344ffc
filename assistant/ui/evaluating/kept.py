"""The runs that are kept in the library's folder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import StoreError, UsageError
from assistant.evaluation import shape
from assistant.evaluation.shape import Run
from assistant.ui.running import reader_of

if TYPE_CHECKING:
    from assistant.app import App

FOLDER = "evaluations"
GONE = "this run is no longer here; choose another one from the list"
_NOT_IN_NAMES = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Kept:
    """A run by its name, without its answers."""

    name: str
    run: Run
    source: str = ""
    owner: str = ""


@dataclass(frozen=True)
class Runs:
    """The runs in a folder, each `NAME.json`. Those of one person's feedback are that person's."""

    folder: Path

    def all(self, owner: str = "") -> list[Kept]:
        """The latest first; files that hold no run are passed over."""
        found = [_head(path, *_stamp(path)) for path in self.folder.glob("*.json")]
        seen = [kept for kept in found if kept and kept.owner in ("", owner)]
        return sorted(seen, key=lambda kept: (kept.run.started, kept.name), reverse=True)

    def read(self, name: str, owner: str = "") -> dict[str, Any]:
        """The JSON of a run. Raises UsageError where it is gone, or is somebody else's."""
        if name not in {kept.name for kept in self.all(owner)}:
            raise UsageError(GONE)
        path = self.path(name)
        return _whole(path, *_stamp(path))

    def run(self, name: str, owner: str = "") -> Run:
        """Raises as `read` does."""
        self.read(name, owner)
        path = self.path(name)
        return _parsed(path, *_stamp(path))

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def remove(self, name: str, owner: str = "") -> None:
        """Raises UsageError as `read` does, StoreError where the disk refuses."""
        self.read(name, owner)
        try:
            for path in (self.path(name), *self.folder.glob(f"{name}.questions.*")):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot remove {self.path(name)} ({error.strerror}); check that it is writable"
            ) from error

    def new_name(self, file: str) -> str:
        """A name for a new run of a question file. Raises StoreError where none can be kept."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot write {self.folder} ({error.strerror}); check that it is writable"
            ) from error
        stem = _NOT_IN_NAMES.sub("-", Path(file).stem).strip("-")[:60] or "questions"
        name = first = f"{stem}-{datetime.now():%Y-%m-%d-%H%M%S}"
        number = 2
        while self.path(name).exists():
            name, number = f"{first}-{number}", number + 1
        return name


def runs_of(app: App) -> Runs:
    return Runs(app.settings.store / FOLDER)


def whose(request: gr.Request) -> str:
    """The owner of what this person alone may see."""
    return owner_of(reader_of(request))


def owner_of(reader: str) -> str:
    """Tells people apart in a file without saying who they are: a cookie is as good as a key."""
    return hashlib.sha256(reader.encode()).hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        known = path.stat()
    except OSError:
        return 0, 0
    return known.st_mtime_ns, known.st_size


@lru_cache(maxsize=500)
def _head(path: Path, changed: int, size: int) -> Kept | None:
    try:
        written = _whole(path, changed, size)
        run = shape.parse(written).model_copy(update={"answers": []})
    except UsageError:
        return None
    return Kept(path.stem, run, str(written.get("source", "")), str(written.get("owner", "")))


@lru_cache(maxsize=3)
def _whole(path: Path, changed: int, size: int) -> dict[str, Any]:
    """As the file was when it was last changed."""
    return shape.read(path)


@lru_cache(maxsize=2)
def _parsed(path: Path, changed: int, size: int) -> Run:
    return shape.parse(_whole(path, changed, size))
