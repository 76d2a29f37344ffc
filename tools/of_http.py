"""The two APIs as a page, from what FastAPI knows of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI
from starlette.routing import Mount
from tables import code, joined, table

from assistant.api import sites
from assistant.config import Settings

_ABOUT = """
# HTTP

What `assistant serve` answers to programs, at the address of the page; `/api/openapi.json` says the
same in a form for machines. An error is `{"error": "…", "kind": "…"}` with a status to match, under
`/v1` in the form of OpenAI's API. Where the page asks for a login, programs send
`Authorization: Bearer TOKEN`. [Ask from other programs](../how-to/other-programs.md) shows them at
work.
"""
_FORM = "multipart/form-data"

Json = dict[str, Any]


def page() -> str:
    site = FastAPI()
    sites.mount(site, cast(Any, SimpleNamespace(settings=Settings())))
    mounted = [route for route in site.routes if isinstance(route, Mount)]
    known = [(route.path, cast(FastAPI, route.app).openapi()) for route in mounted]
    return joined(
        [
            _ABOUT,
            *(part for path, api in known for part in _addresses(path, api)),
            "## What is sent and answered",
            *_shapes([api for _, api in known]),
        ]
    )


def _addresses(prefix: str, api: Json) -> Iterator[str]:
    yield f"## Under {prefix}"
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            yield f"### {method.upper()} {prefix}{path}"
            yield inspect.cleandoc(operation.get("description", ""))
            yield table(("after the question mark", "what it is"), _parameters(operation))
            yield _sent_and_answered(operation, api)


def _parameters(operation: Json) -> Iterator[tuple[str, str]]:
    for each in operation.get("parameters", ()):
        if each["in"] == "path":  # stands in the heading
            continue
        default = each["schema"].get("default")
        told = [each.get("description", ""), "" if default in (None, []) else f"default {default}"]
        yield code(each["name"]), "; ".join(filter(None, told))


def _sent_and_answered(operation: Json, api: Json) -> str:
    told = []
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        if kind == _FORM:
            form = api["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
            told.append(f"Sent: a form with {', '.join(map(code, form['properties']))}.")
        else:
            told.append(f"Sent: {_type(content['schema'])}.")
    for status, answer in operation["responses"].items():
        shape = answer.get("content", {}).get("application/json", {}).get("schema")
        if status.startswith("2") and shape:
            told.append(f"Answered: {_type(shape)}.")
    return " ".join(told)


def _shapes(apis: Sequence[Json]) -> Iterator[str]:
    every = {name: shape for api in apis for name, shape in api["components"]["schemas"].items()}
    for name, shape in sorted(every.items()):
        if name.startswith("Body_"):  # of a form, told above
            continue
        yield f"### {name}"
        yield inspect.cleandoc(shape.get("description", ""))
        yield table(("field", "type", "what it is"), _fields(shape))


def _fields(shape: Json) -> Iterator[tuple[str, str, str]]:
    needed = shape.get("required", ())
    for name, field in shape["properties"].items():
        optional = "" if name in needed else ", optional"
        yield code(name), f"{_type(field)}{optional}", field.get("description", "")


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(code(f'"{each}"') for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    plain = {"string": "text", "object": "object", "null": "null"}
    kind = str(schema.get("format") or schema.get("type") or "any")
    return {"date": "day"}.get(kind) or plain.get(kind, kind)
