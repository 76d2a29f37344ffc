"""Whatever the OpenAPI document allows to be sent, and what it forbids, ends in no server error."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from fake_app import FakeApp
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from assistant.ui.server import Server

OPERATIONS = [
    ("/ask", "POST"),
    ("/search", "GET"),
    ("/articles", "GET"),
    ("/articles", "POST"),
    ("/articles/file", "POST"),
    ("/articles/{id}", "GET"),
    ("/articles/{id}", "DELETE"),
]
WITHOUT_WRONG = "/articles/{id}"  # any text may be an id
SENT = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def test_all_operations_are_tried(client: httpx.Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {(path, method.upper()) for path in paths for method in paths[path]} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        (path, method, mode)
        for path, method in OPERATIONS
        for mode in GenerationMode
        if (path, mode) != (WITHOUT_WRONG, GenerationMode.NEGATIVE)
    ],
)
def test_no_request_makes_the_server_fail(
    api_served: tuple[FakeApp, Server], app: FakeApp, path: str, method: str, mode: GenerationMode
) -> None:
    described = schemathesis.openapi.from_url(f"{api_served[1].url}/api/openapi.json")

    @SENT
    @given(case=described[path][method].as_strategy(mode))
    def send(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=[not_a_server_error])

    send()
