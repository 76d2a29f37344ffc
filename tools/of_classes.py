"""What Python programs use as a page, from the sources: docstrings, and heads as they stand."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tables import joined

import assistant

_HERE = Path(assistant.__file__).parent
_ABOUT = """
# Python

`Assistant`, `Answer`, `Scope` and `Turn` are imported from `assistant`, everything else from where
it is named. [Ask from other programs](../how-to/other-programs.md#python) shows them at work.
"""
_RECORDS = {
    "records/answers.py": ("Answer", "AnswerSentence", "Citation", "Seconds", "Evidence"),
    "records/scope.py": ("Scope",),
    "records/conversations.py": ("Turn",),
    "records/articles.py": ("ArticleInfo", "Article", "Hit", "Passage", "Sentence", "Span"),
    "adding.py": ("AddResult",),
    "records/events.py": ("Waiting", "Searching", "Found", "Token", "Done"),
}
_CHAINS = {"chains.py": ("Retriever", "Answering")}


def page() -> str:
    errors = _Source.of("errors.py").module_docstring()
    return joined(
        [
            _ABOUT,
            *_told(_Source.of("interface.py"), "Assistant", methods=True),
            "## What comes back",
            *(part for each in _named(_RECORDS) for part in _told(*each, level=3)),
            "## Parts of LangChain chains",
            *(part for each in _named(_CHAINS) for part in _told(*each, level=3)),
            "## Errors",
            "All are in `assistant.errors`.",
            errors,
        ]
    )


def _named(files: dict[str, tuple[str, ...]]) -> Iterator[tuple[_Source, str]]:
    for file, names in files.items():
        yield from ((_Source.of(file), name) for name in names)


@dataclass(frozen=True)
class _Source:
    module: str
    lines: tuple[str, ...]
    tree: ast.Module

    @staticmethod
    @cache
    def of(file: str) -> _Source:
        text = (_HERE / file).read_text("utf-8")
        module = ".".join(["assistant", *Path(file).with_suffix("").parts])
        return _Source(module, tuple(text.splitlines()), ast.parse(text))

    def module_docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    def class_named(self, name: str) -> ast.ClassDef:
        return next(
            node for node in self.tree.body if isinstance(node, ast.ClassDef) and node.name == name
        )

    def text(self, first: int, last: int) -> str:
        """Lines, counted from 1, both included."""
        return textwrap.dedent("\n".join(self.lines[first - 1 : last]))


def _told(source: _Source, name: str, level: int = 2, methods: bool = False) -> Iterator[str]:
    node = source.class_named(name)
    yield f"{'#' * level} {name}"
    yield f"`{source.module}.{name}`"
    yield inspect.cleandoc(ast.get_docstring(node) or "")
    yield _code(_fields(source, node))
    for each in node.body if methods else ():
        if isinstance(each, ast.FunctionDef) and _is_public(each):
            if each.name != "__init__":
                yield f"{'#' * (level + 1)} {each.name}"
            yield _code(source.text(each.lineno, _end_of_head(each)))
            yield inspect.cleandoc(ast.get_docstring(each) or "")


def _is_public(function: ast.FunctionDef) -> bool:
    return function.name == "__init__" or not function.name.startswith("_")


def _fields(source: _Source, node: ast.ClassDef) -> str:
    """What a record holds; what is private or of pydantic is left out."""
    fields = [
        each
        for each in node.body
        if isinstance(each, ast.AnnAssign) and "exclude=True" not in ast.unparse(each)
    ]
    return "\n".join(source.text(each.lineno, each.end_lineno or each.lineno) for each in fields)


def _end_of_head(function: ast.FunctionDef) -> int:
    """The last line before its body."""
    return max(function.lineno, function.body[0].lineno - 1)


def _code(text: str) -> str:
    return f"```python\n{text}\n```" if text else ""
