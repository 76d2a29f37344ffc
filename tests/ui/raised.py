"""Every wording of the errors that a page can show, by the package's code: not those of the command
line, nor those for other programs.

A gap stands for what is known only when the error is raised; what a variable, a parameter or a
function puts there in so many words is spelt out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

import assistant

PACKAGE = Path(assistant.__file__).parent
GAP = "\0"

_Placed = tuple[ast.expr, ast.FunctionDef | None]  # an expression and the function that it is in


@cache
def raised() -> frozenset[str]:
    family = {"AssistantError"}
    for _ in range(4):  # as deep as the family goes, at the least
        family |= {
            each.name for module in _modules() for each in module.classes if family & _above(each)
        }
    found = (module.wordings(*each) for module in _modules() for each in module.said(family))
    return frozenset(text for texts in found for text in texts if any(map(str.isalpha, text)))


@cache
def constants() -> frozenset[str]:
    """Every text of the same modules that stands there as it is."""
    nodes = (node for module in _modules() for node in ast.walk(module.tree))
    return frozenset(str(node.value) for node in nodes if isinstance(node, ast.Constant))


@cache
def _modules() -> list[_Module]:
    paths = sorted(PACKAGE.rglob("*.py"))
    shown = [path for path in paths if path.parent.name not in ("cli", "api")]
    return [_Module(path) for path in shown if path.stem not in ("interface", "chains")]


def _above(each: ast.ClassDef) -> set[str]:
    return {base.id for base in each.bases if isinstance(base, ast.Name)}


class _Module:
    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text("utf-8"))
        nodes = list(ast.walk(self.tree))
        self.classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
        self.calls = [(ast.unparse(n.func), n) for n in nodes if isinstance(n, ast.Call)]
        self.functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        self.within = {id(node): f for f in self.functions for node in ast.walk(f)}

    def said(self, family: set[str]) -> Iterator[_Placed]:
        """What errors, and the errors of results, are made with."""
        for name, call in self.calls:
            here = self.within.get(id(call))
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            if name in family or name == "super().__init__":
                yield from ((each, here) for each in [*call.args, *named.values()])
            elif name == "AddResult":
                yield named.get("error") or call.args[3], here
            elif name == "replace" and "error" in named:
                yield named["error"], here

    def wordings(self, value: ast.expr, here: ast.FunctionDef | None) -> set[str]:
        match value:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.JoinedStr(values=parts):
                return _joined(self.wordings(part, here) for part in parts)
            case ast.FormattedValue(value=inner, format_spec=None):
                return self.wordings(inner, here)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined(self.wordings(part, here) for part in (left, right))
            case ast.IfExp(body=one, orelse=other):
                return self.wordings(one, here) | self.wordings(other, here)
            case ast.Name(id=name):
                bound = self._assigned(name, here) or self._given(name, here)
            case ast.Call(func=ast.Name(id=name)):
                bound = self._returned(name)
            case _:
                bound = []
        return {text for each in bound for text in self.wordings(*each)} or {GAP}

    def _assigned(self, name: str, here: ast.FunctionDef | None) -> list[_Placed]:
        """What a variable can be set to in its function, else what it is in the module."""
        for place in filter(None, (here, self.tree)):
            nodes = ast.walk(place) if place is here else self.tree.body
            found = [
                node
                for node in nodes
                if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets)
            ]
            # What is set in any case replaces what was set before.
            since = max([each.lineno for each in found if each in place.body], default=0)
            if found:
                where = here if place is here else None
                return [(each.value, where) for each in found if each.lineno >= since]
        return []

    def _given(self, name: str, here: ast.FunctionDef | None) -> list[_Placed]:
        """What a parameter of a function is, where it is called with a literal."""
        names = [each.arg for each in here.args.args] if here else []
        if here is None or name not in names:
            return []
        at = names.index(name)
        given = [
            call.args[at] for to, call in self.calls if to == here.name and len(call.args) > at
        ]
        return [(each, None) for each in given if isinstance(each, ast.Constant)]

    def _returned(self, name: str) -> list[_Placed]:
        return [
            (node.value, function)
            for function in self.functions
            if function.name == name
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value
        ]


def _joined(parts: Iterable[set[str]]) -> set[str]:
    return {"".join(each) for each in product(*parts)}
