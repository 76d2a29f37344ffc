"""A server that speaks OpenAI's API (vLLM, llama-server), as LangChain's classes for it want it.

Nothing but its address is contacted, whatever the environment says of proxies, tracing and OpenAI.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import EngineError

# The client's library would add what machine this is, and what the environment holds for OpenAI.
_HEADERS = {"accept", "authorization", "content-length", "content-type", "host"} | {
    "x-stainless-raw-response"  # it asks the library itself, which looks here for it
}


@dataclass(frozen=True)
class Server:
    """`kind` begins the names of its settings: llm_url, llm_key, llm_name.

    `seconds_silent` is the longest that it may say nothing, also while it reads a prompt.
    """

    kind: str
    url: str
    key: str = field(default="", repr=False)
    name: str = ""
    seconds_to_connect: float = 5
    seconds_silent: float = 120

    def options(self) -> dict[str, Any]:
        import openai

        bounds: dict[str, Any] = {"follow_redirects": False, "trust_env": False}
        return {
            "base_url": self.url,
            "api_key": self.key or "none",
            "model": self.name,
            "timeout": openai.Timeout(self.seconds_silent, connect=self.seconds_to_connect),
            "http_client": openai.DefaultHttpxClient(**bounds, event_hooks={"request": [_bare]}),
            "http_async_client": openai.DefaultAsyncHttpxClient(
                **bounds, event_hooks={"request": [_bare_aside]}
            ),
        }

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What goes wrong inside with the server comes out as EngineError."""
        import openai

        try:
            yield
        except openai.APITimeoutError as error:
            raise EngineError(
                f"the server {self.url} gives no answer in time; see whether it is at work and"
                f" {self.kind}_url is right, then try again"
            ) from error
        except openai.APIConnectionError as error:
            raise EngineError(
                f"the server {self.url} cannot be reached ({_reason(error)}); start it, or correct"
                f" {self.kind}_url in the settings"
            ) from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise EngineError(
                f"the server {self.url} refuses the key; put the right one into {self.kind}_key"
            ) from error
        except openai.NotFoundError as error:
            raise EngineError(
                f"the server {self.url} knows no model “{self.name}”, or no such address; correct"
                f" {self.kind}_name and {self.kind}_url, which mostly ends in /v1"
            ) from error
        except openai.APIStatusError as error:
            if error.status_code < 400:
                raise self.strange() from error
            raise EngineError(
                f"the server {self.url} answers {error.status_code} ({_said(error)}); look into its"
                " log, and send it less at once where that was too long"
            ) from error
        except openai.APIError as error:
            raise EngineError(
                f"the server {self.url} has failed ({_said(error)}); look into its log, and try"
                " again"
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise self.strange() from error

    def strange(self) -> EngineError:
        return EngineError(
            f"the server {self.url} does not answer as OpenAI's API does; correct"
            f" {self.kind}_url, which mostly ends in /v1, or look into its log"
        )


def _bare(request: Any) -> None:
    for name in set(request.headers) - _HEADERS:
        del request.headers[name]
    request.headers["connection"] = "close"  # nothing is left open that nobody would close


async def _bare_aside(request: Any) -> None:
    _bare(request)


def _said(error: Any) -> str:
    """The server's own words, in short."""
    body = error.body if isinstance(error.body, dict) else {}
    words = " ".join(str(body.get("message") or error.message).split())
    return words if len(words) <= 200 else f"{words[:200]}…"


def _reason(error: BaseException) -> str:
    """What lies at the bottom of an error."""
    while error.__cause__ is not None:
        error = error.__cause__
    return " ".join(str(error).split()) or type(error).__name__
