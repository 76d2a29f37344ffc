"""The log: one JSON object a line, in a few files of a few MB; warnings also on the terminal."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

_MOST_BYTES = 2_000_000  # of one file
_OLDER = 4  # files kept beside the one that is written
_OURS = logging.getLogger("assistant")


def path(store: Path, name: str = "serve") -> Path:
    """Where the log of a command lies; each has its own, as no two programs can share a file."""
    return store / "logs" / f"{name}.log"


def facts(**values: Any) -> dict[str, Any]:
    """For `extra=`: what stands in the line beside its message."""
    return {"facts": values}


@contextmanager
def kept(store: Path, name: str) -> Iterator[bool]:
    """What is logged meanwhile goes into the file, and warnings in short to the terminal.

    Whether the file can be written.
    """
    root, level = logging.getLogger(), _OURS.level
    file = _file(path(store, name))
    handlers = [_terminal(path(store, name) if file else None), *([file] if file else [])]
    for handler in handlers:
        root.addHandler(handler)
    _OURS.setLevel(logging.INFO)
    try:
        yield file is not None
    finally:
        _OURS.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def keep_error(store: Path, name: str, error: Exception) -> Path | None:
    """Write one error with its traceback into the log of a command; None where that cannot be."""
    handler = _file(path(store, name)) if store.is_dir() else None
    if handler is None:
        return None
    trace = (type(error), error, error.__traceback__)
    handler.handle(logging.LogRecord(_OURS.name, logging.ERROR, "", 0, "broke off", (), trace))
    handler.close()
    return path(store, name)


class _Quiet(RotatingFileHandler):
    """A full disk ends the log and nothing else; warnings still come to the terminal."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass

    def close(self) -> None:
        with suppress(OSError):
            super().close()


def _file(file: Path) -> logging.Handler | None:
    """None where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = _Quiet(file, maxBytes=_MOST_BYTES, backupCount=_OLDER, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(_Line())
    return handler


class _Terminal(logging.StreamHandler[Any]):
    """Writes to what is the terminal by then: that may change under a server."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _terminal(file: Path | None) -> logging.Handler:
    handler = _Terminal()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Short(file))
    return handler


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class _Short(logging.Formatter):
    def __init__(self, file: Path | None) -> None:
        super().__init__()
        self._file = file

    def format(self, record: logging.LogRecord) -> str:
        said = "".join(c if c.isprintable() else " " for c in record.getMessage())
        more = f"; see {self._file}" if record.exc_info and self._file else ""
        return f"assistant: {said}{more}"
