"""What is answered where something cannot be done: a status, and a message in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant import errors
from assistant.errors import AssistantError

API, OPENAI, TOOLS = "/api", "/v1", "/mcp"
_UNEXPECTED = "something went wrong on this machine; the logs in the library’s folder say more"
_SIGNED_OUT = (
    "sign in first, or send a token: Authorization: Bearer TOKEN (`assistant users token`)"
)
_STATUS = (
    (errors.QuestionError, 400),
    (errors.UsageError, 422),
    (errors.SourceError, 422),
    (AssistantError, 503),
)

Form = Callable[[str, int, str], dict[str, Any]]
"""(message, status, name of the error) → what is answered."""


class Unexpected(errors.EngineError):
    """Something that nobody foresaw; the log says what."""

    def __init__(self) -> None:
        super().__init__(_UNEXPECTED)


class Missing(errors.UsageError):
    """There is no such thing; answered with 404."""


def plain(message: str, status: int, kind: str) -> dict[str, Any]:
    return {"error": message, "kind": kind}


def openai(message: str, status: int, kind: str) -> dict[str, Any]:
    """As OpenAI's API tells of errors."""
    told = "invalid_request_error" if status < 500 else "server_error"
    code = "invalid_api_key" if status == 401 else None
    return {"error": {"message": message, "type": told, "param": None, "code": code}}


def told(error: Exception) -> tuple[str, int, str]:
    """What can be said of an error, its status and its name."""
    if isinstance(error, Missing):
        return str(error), 404, "UsageError"
    if isinstance(error, AssistantError) and not isinstance(error, Unexpected):
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return str(error), status, type(error).__name__
    if isinstance(error, RequestValidationError):
        return fault(error), 422, "UsageError"
    if isinstance(error, HTTPException):
        return error.detail, error.status_code, "UsageError"
    return _UNEXPECTED, 500, "EngineError"


def answer_in(site: FastAPI, form: Form, invalid: int) -> None:
    """Let the site tell of all errors in this form, and of what it cannot read with that status."""

    async def answer(request: Request, error: Exception) -> JSONResponse:
        message, status, kind = told(error)
        status = invalid if isinstance(error, RequestValidationError) else status
        return JSONResponse(form(message, status, kind), status)

    for kind in (AssistantError, RequestValidationError, HTTPException, Exception):
        site.add_exception_handler(kind, answer)


def is_for_programs(path: str) -> bool:
    """Whether it is one of the APIs that is asked, not the page."""
    return path == TOOLS or path.startswith((f"{API}/", f"{OPENAI}/"))


def signed_out(path: str) -> JSONResponse | None:
    """The refusal of whoever is not known; none where it is the page that is asked."""
    if not is_for_programs(path):
        return None
    form = openai if path.startswith(OPENAI) else plain
    headers = {"www-authenticate": "Bearer"}
    return JSONResponse(form(_SIGNED_OUT, 401, "UsageError"), 401, headers)


def fault(error: RequestValidationError | ValidationError) -> str:
    """What is wrong first with what was sent."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return f"{where}: {first['msg']}" if where else str(first["msg"])
