"""What has been asked so far, one JSON object a line, so that a broken run can go on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from assistant.errors import UsageError

Json = dict[str, Any]


class Partial:
    """The records of one run, in the order in which its questions are asked."""

    def __init__(self, path: Path, about: Json) -> None:
        """Begin the file, or go on with one that was begun about the same.

        Raises UsageError where it is about something else, or cannot be read or written.
        """
        self._path = path
        self.records: list[Json] = []
        about = json.loads(json.dumps(about))
        try:
            lines = _whole_lines(path)
            if lines:
                self.records = _records(path, lines, about)
            else:
                _append(path, about)
        except OSError as error:
            raise _cannot_write(path, error) from error

    def add(self, record: Json) -> None:
        """Keep a record; it outlives the process and a power cut. Raises UsageError."""
        try:
            _append(self._path, record)
        except OSError as error:
            raise _cannot_write(self._path, error) from error
        self.records.append(record)


def _whole_lines(path: Path) -> list[bytes]:
    """The lines that were written whole; what a break left of another is cut off."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.truncate(path, whole)
    return data[:whole].splitlines()


def _records(path: Path, lines: list[bytes], about: Json) -> list[Json]:
    try:
        begun, *records = [json.loads(line) for line in lines]
    except ValueError as error:
        raise UsageError(f"{path} is damaged; delete it, or name another --out") from error
    if begun != about:
        keys = begun if isinstance(begun, dict) else {}
        other = sorted(key for key in about if keys.get(key) != about[key])
        raise UsageError(
            f"{path} was begun with other {', '.join(other) or 'records'}; "
            "delete it, or name another --out"
        )
    return records


def _append(path: Path, value: Json) -> None:
    with path.open("ab") as file:
        file.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _cannot_write(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"cannot read or write {path} ({error.strerror}); name a file in a folder of your own"
    )
