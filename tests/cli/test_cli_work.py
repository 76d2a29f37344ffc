from __future__ import annotations

import sys
from types import ModuleType

import pytest


@pytest.fixture
def served(monkeypatch) -> list:
    served = []
    server = ModuleType("assistant.ui.server")
    server.serve = lambda *args: served.append(args)
    monkeypatch.setitem(sys.modules, "assistant.ui.server", server)
    monkeypatch.setattr("assistant.ui.server", server, raising=False)
    return served


def test_serve_hands_over_port_and_browser(run, app, served) -> None:
    assert run("serve").code == 0
    assert run("serve", "--port", "8123", "--no-browser").code == 0
    assert served == [(app, app.settings.port, True), (app, 8123, False)]


def test_serve_takes_the_host_from_the_command_line(run, app, served) -> None:
    app.apply = lambda settings: setattr(app, "settings", settings)
    assert run("serve", "--host", "0.0.0.0").code == 0
    assert app.settings.host == "0.0.0.0" and len(served) == 1
