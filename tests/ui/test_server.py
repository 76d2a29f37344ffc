"""Where the page may be served, and with whom."""

from __future__ import annotations

import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.config import Settings
from assistant.errors import ServeError
from assistant.ui import users
from assistant.ui.server import create_server


def app(store: Path, **settings: Any) -> Any:
    return SimpleNamespace(settings=Settings(store=store, models=store / "models", **settings))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.7", "desk.home"])
def test_a_network_needs_a_login_first(tmp_path: Path, host: str) -> None:
    with pytest.raises(ServeError, match="assistant users add NAME") as refused:
        create_server(app(tmp_path, host=host))
    assert host in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_a_host_that_is_not_here_is_named(
    tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users.add(tmp_path, "Bo", "a long secret")
    if " " in host:
        monkeypatch.setattr(socket, "getaddrinfo", _unknown)
    with pytest.raises(ServeError, match=host):
        create_server(app(tmp_path, host=host))


def _unknown(*args: Any, **options: Any) -> None:
    raise socket.gaierror(-2, "Name or service not known")
