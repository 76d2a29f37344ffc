"""Both homes that a library can have: a folder of this machine, or a PostgreSQL database with its
index on a Chroma server.

Each test that asks for `home` runs in both, but for those marked `folder`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import library_fakes
import pytest
from chroma_server import chroma_server
from postgres_server import PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with closing(PostgresServer()) as server:
        yield server


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_server(tmp_path_factory.mktemp("chroma")) as url:
        yield url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "home" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("folder")
        homes = ["folder"] if alone else ["folder", "servers"]
        metafunc.parametrize("home", homes, indirect=True)


@pytest.fixture
def home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "servers":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv(library_fakes.POSTGRES, postgres.url())
        monkeypatch.setenv(library_fakes.CHROMA, request.getfixturevalue("chroma"))
    return str(request.param)
