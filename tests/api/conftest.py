"""The real server over a fake App, asked by a plain client."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).parent.parent / "browser"))

from fake_app import FakeApp
from serving import serving

from assistant.ui.server import Server


@pytest.fixture(scope="module")  # a served page keeps a log, which tests of the log would see
def api_served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeApp, Server]]:
    app = FakeApp(tmp_path_factory.mktemp("store"), pause=0.005)
    with serving(app) as server:
        yield app, server


@pytest.fixture
def app(api_served: tuple[FakeApp, Server]) -> FakeApp:
    api_served[0].reset()
    return api_served[0]


@pytest.fixture
def client(api_served: tuple[FakeApp, Server]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api_served[1].url, timeout=30, trust_env=False) as client:
        yield client
