"""Articles that another tool exported as JSON, JSON Lines or CSV → drafts, one a record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from assistant.errors import SourceError
from assistant.reading import fields
from assistant.reading.decoding import decode
from assistant.reading.draft import Draft

_MOST = 100_000  # records in one file
_MOST_VALUES = 2_000_000  # objects and lists in one file: each takes far more memory than its text
_LONGEST_CELL = 10_000_000  # characters
_DEPTH = 4  # of objects within objects, in which the list of articles is looked for
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")  # marks of UTF-16 and UTF-32


@dataclass(frozen=True, slots=True)
class Row:
    """One record of an export; without fields where it is damaged."""

    part: str | None
    record: fields.Record = field(default_factory=dict)


def read_json(data: bytes) -> list[Draft]:
    """The articles of an object, of a list, or of the list within an object.

    This and the next two: a record without a text gives a draft without one. Raises SourceError
    where no record can be read or none has a field for the text.
    """
    return _drafts(_json_rows(decode(data)), "field")


def read_jsonl(data: bytes) -> list[Draft]:
    """The articles of a file that holds one object a line; a broken line gives an empty draft."""
    return _drafts(_line_rows(decode(data)), "field")


def read_csv(data: bytes) -> list[Draft]:
    """The articles of a table whose first line names the columns."""
    return _drafts(_table_rows(data), "column")


def rows(data: bytes, ending: str) -> list[Row]:
    """The records of a .json, .jsonl or .csv file as they are. Raises SourceError."""
    if ending == ".csv":
        return _table_rows(data)
    return (_line_rows if ending == ".jsonl" else _json_rows)(decode(data))


def loads(text: str) -> Any:
    """The value of a JSON text. Raises SourceError for one that is damaged or vast."""
    _refuse_vast(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"is not valid JSON ({place}); export or save it again") from error
    except RecursionError as error:
        raise SourceError("is nested too deeply to be an export of articles") from error
    except ValueError as error:  # more digits than Python converts
        raise SourceError("holds a number that is too long; export or save it again") from error


def _refuse_vast(text: str) -> None:
    if text.count("{") + text.count("[") > _MOST_VALUES:
        raise SourceError("holds too many objects and lists to be read at once; split it")


def _drafts(found: list[Row], noun: str) -> list[Draft]:
    if any(fields.has_text_field(row.record) for row in found):
        return [fields.draft(row.record, row.part) for row in found]
    if any(fields.address(row.record) for row in found):
        raise SourceError(
            "holds addresses but no texts; `assistant add` takes it as a list of addresses"
        )
    raise SourceError(f"has no {noun} with the text; name it text, content or body")


def _rows(records: Iterator[tuple[int, Any]], noun: str) -> list[Row]:
    found = [
        Row(f"{noun} {number}", fields.record(value) if isinstance(value, dict) else {})
        for number, value in islice(records, _MOST + 1)
    ]
    if len(found) > _MOST:
        raise SourceError(f"holds more than {_MOST:,} records; split it")
    return found


# --- JSON -----------------------------------------------------------------------------------------


def _json_rows(text: str) -> list[Row]:
    try:
        value = loads(text)
    except SourceError:
        first, _, others = text.strip().partition("\n")
        if others and isinstance(_line(first), dict):  # JSON Lines under another name
            return _lines(text)
        raise
    if isinstance(value, dict) and _is_article(alone := fields.record(value)):
        return [Row(None, alone)]
    return _rows(enumerate(_list_of_articles(value), start=1), "item")


def _is_article(record: fields.Record) -> bool:
    """A description alone is also what any other object has: that of a program, of the export."""
    described = fields.has_text(record) and fields.address(record)
    return fields.has_full_text(record) or bool(described)


def _list_of_articles(value: Any) -> list[Any]:
    """The records within: the list with the most texts, else the one with the most addresses."""
    if isinstance(value, dict) and (table := _data_frame(value)):
        return table
    best: list[Any] = []
    most = (0, 0, 0, False)
    for values, listed in _lists(value, _DEPTH):
        records = [fields.record(each) for each in values[:_MOST] if isinstance(each, dict)]
        full, texts = (sum(map(has, records)) for has in (fields.has_full_text, fields.has_text))
        score = full, texts, sum(bool(fields.address(record)) for record in records), listed
        if any(score[:3]) and score > most:
            best, most = values, score
    return best


def _lists(value: Any, depth: int) -> Iterator[tuple[list[Any], bool]]:
    """Every list of objects, and (False) the values of every object that names them by an id."""
    if not isinstance(value, dict | list):
        return
    values = list(value.values()) if isinstance(value, dict) else value
    if any(isinstance(each, dict) for each in values):
        yield values, isinstance(value, list)
    for each in values if depth else ():
        yield from _lists(each, depth - 1)


def _data_frame(value: dict[str, Any]) -> list[Any]:
    """The rows of a table that pandas wrote by columns, or as columns and rows ("split")."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list):
        names = [str(name) for name in columns]
        lines = (line for line in data if isinstance(line, list))
        return [dict(zip(names, line, strict=False)) for line in lines]
    known = sum(fields.is_known(name) for name in value)
    if known < 2 or not all(isinstance(column, dict) for column in value.values()):
        return []
    index = max(value.values(), key=len)
    if len(index) * len(value) > _MOST_VALUES:
        raise SourceError("holds too many records to be read at once; split it")
    return [{name: column.get(row) for name, column in value.items()} for row in index]


def _line_rows(text: str) -> list[Row]:
    found = _lines(text)
    # No line is an object: it may be one JSON value, whose error says more if it is not.
    return found if any(row.record for row in found) else _json_rows(text)


def _lines(text: str) -> list[Row]:
    _refuse_vast(text)
    lines = enumerate(io.StringIO(text), start=1)  # splitlines() would part at U+2028 in a text
    return _rows(((number, _line(line)) for number, line in lines if line.strip()), "line")


def _line(line: str) -> Any:
    try:
        return loads(line)
    except SourceError:
        return None


# --- CSV ------------------------------------------------------------------------------------------


def _table_rows(data: bytes) -> list[Row]:
    if not data.startswith(_WIDE) and data.count(0) * 100 < len(data):
        data = data.replace(b"\0", b"")  # here and there one, as databases pad their fields
    text = decode(data)
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    try:
        delimiter = max(",;\t|", key=lambda mark: _fit(text, mark))
        table = _table(text, delimiter)
        header = next(table, [])
        return _rows(enumerate((_named(header, line) for line in table), start=1), "row")
    except csv.Error as error:
        raise SourceError(f"cannot be read as a table ({error}); export it again") from error


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    header = next(_table(text, delimiter), [])[:1000]
    return sum(map(fields.is_known, header)), len(header)


def _table(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return (line for line in lines if any(map(str.strip, line)))


def _named(header: list[str], line: list[str]) -> dict[str, str]:
    return dict(reversed(list(zip(header, line, strict=False))))  # of two alike, the first counts
