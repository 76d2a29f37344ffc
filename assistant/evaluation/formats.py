"""What question sets are written in: JSON lines, tables (CSV) and SQuAD's JSON.

Each reader gives the fields of every question as our own JSON lines have them, with the place where
they stand; whether they make a question is judged elsewhere, for all alike.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from assistant.errors import UsageError

_DELIMITERS = ",;\t"
_COLUMNS = ("question", "answers", "article", "kind", "id")
_TABLES = {".csv", ".tsv", ".tab"}


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one question; `number` is its line, or its place where lines say nothing."""

    fields: Any
    where: str
    number: int


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """An article that the question set carries itself."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    rows: list[Row]
    articles: tuple[OwnArticle, ...] = ()


def read(path: Path) -> Content:
    """Raises UsageError, naming file and place, for what is in none of the three forms."""
    text = _text(path)
    if path.suffix.lower() in _TABLES or not _like_json(path, text):
        return Content(list(_table(text, path)))
    data = _whole(text, path)
    if isinstance(data, dict) and "data" in data:
        return _squad(data["data"], path)
    return Content(list(_lines(text, path)))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path} ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text; save it as UTF-8") from error


def _like_json(path: Path, text: str) -> bool:
    return path.suffix.lower() in {".jsonl", ".ndjson", ".json"} or text.lstrip()[:1] in {"{", "["}


def _whole(text: str, path: Path) -> Any:
    """The file as one JSON value; None where it is rather one JSON value a line."""
    try:
        return json.loads(text)
    except RecursionError:
        return None
    except json.JSONDecodeError as error:
        if path.suffix.lower() != ".json" or error.msg == "Extra data":
            return None
        raise UsageError(f"{path}, line {error.lineno}: not valid JSON ({error.msg})") from error


def _lines(text: str, path: Path) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            where = f"{path}, line {number}"
            yield Row(_json(line, where), where, number)


def _json(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deeply nested"
        raise UsageError(f"{where}: not valid JSON ({reason})") from error


def _table(text: str, path: Path) -> Iterator[Row]:
    header, delimiter = _header(text, path)
    lines = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    number = 1
    while True:
        where, begun = f"{path}, line {number}", number
        try:
            cells = next(lines, None)
        except csv.Error as error:
            raise UsageError(f"{where}: not a row of a table ({error})") from error
        if cells is None:
            return
        number = lines.line_num + 1
        if begun > 1 and any(cell.strip() for cell in cells):
            yield Row(_cells(header, cells, where), where, begun)


def _header(text: str, path: Path) -> tuple[list[str], str]:
    """The names of the columns, and the delimiter that parts them."""
    first = text.split("\n", 1)[0].rstrip("\r")
    for delimiter in _DELIMITERS:
        names = [
            cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])
        ]
        if {"question", "answers"} <= set(names):
            return names, delimiter
    raise UsageError(
        f"{path}, line 1: no table of questions; its first line must name the columns "
        f"“question” and “answers”, and may name {', '.join(_COLUMNS[2:])}"
    )


def _cells(header: list[str], cells: list[str], where: str) -> dict[str, Any]:
    if len(cells) > len(header):
        raise UsageError(
            f"{where}: {len(cells)} cells under {len(header)} columns; "
            "put a text that holds the delimiter in double quotes"
        )
    row = dict(zip(header, cells, strict=False))
    known = {name: row[name].strip() for name in _COLUMNS if row.get(name, "").strip()}
    answers = [answer.strip() for answer in known.get("answers", "").split("|")]
    return {**known, "answers": [answer for answer in answers if answer]}


def _squad(data: Any, path: Path) -> Content:
    """SQuAD 1.1 and 2.0: articles of paragraphs, each with its questions."""
    rows: list[Row] = []
    articles: list[OwnArticle] = []
    for place, article in _each(data, f"{path}, data"):
        title = unquote(_string(article, "title", place)).replace("_", " ").strip()
        paragraphs = []
        for at, paragraph in _each(article.get("paragraphs"), f"{place}.paragraphs"):
            paragraphs.append(_string(paragraph, "context", at).strip())
            for where, asked in _each(paragraph.get("qas"), f"{at}.qas"):
                rows.append(Row(_asked(asked, title, where), where, len(rows) + 1))
        articles.append(OwnArticle(title, "\n\n".join(paragraphs)))
    return Content(rows, tuple(articles))


def _asked(fields: dict[str, Any], title: str, where: str) -> dict[str, Any]:
    answers: list[str] = []
    if not fields.get("is_impossible"):
        for place, answer in _each(fields.get("answers"), f"{where}.answers"):
            answers.append(_string(answer, "text", place))
    return {
        "id": fields.get("id"),
        "question": fields.get("question"),
        "answers": list(dict.fromkeys(answers)),
        "article": title if answers else None,
    }


def _each(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its place."""
    if not isinstance(value, list):
        raise UsageError(f"{place}: not a list, as SQuAD's files have there")
    for number, item in enumerate(value):
        if not isinstance(item, dict):
            raise UsageError(f"{place}[{number}]: not a JSON object")
        yield f"{place}[{number}]", item


def _string(fields: dict[str, Any], key: str, place: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str):
        raise UsageError(f"{place}: “{key}” is missing or not a text")
    return value
