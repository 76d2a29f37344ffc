"""What all tests share: no network beyond this machine, no settings of the person's own."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import assets, config


@pytest.fixture(autouse=True)
def no_settings_of_the_person(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for key in list(os.environ):
        if key.startswith("ASSISTANT_"):
            monkeypatch.delenv(key)
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path_factory.mktemp("store")))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A connection to another machine fails the test that tries it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not (host.startswith("127.") or host in ("::1", "localhost")):
                raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


# Looked up before any test changes the environment.
_MODELS = str(config.load().models)


@pytest.fixture
def no_other_log() -> Iterator[None]:
    """Without the logs of pages that other tests serve in this process meanwhile."""
    root = logging.getLogger()
    others = [each for each in root.handlers if not type(each).__module__.startswith("_pytest")]
    for each in others:
        root.removeHandler(each)
    yield
    for each in others:
        root.addHandler(each)


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the real model files; `make test` fetches them."""
    folder = Path(_MODELS)
    needed = [*assets.defaults(), "smollm2-135m"]
    lacking = [name for name in needed if not assets.installed(assets.assets()[name], folder)]
    assert not lacking, f"run `make test`, or `assistant models pull` for {', '.join(lacking)}"
    return folder
