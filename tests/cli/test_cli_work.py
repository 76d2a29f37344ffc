from __future__ import annotations

import sys
from types import ModuleType


def test_serve_hands_over_port_and_browser(run, app, monkeypatch) -> None:
    served = []
    server = ModuleType("assistant.ui.server")
    server.serve = lambda *args: served.append(args)
    monkeypatch.setitem(sys.modules, "assistant.ui.server", server)
    monkeypatch.setattr("assistant.ui.server", server, raising=False)
    assert run("serve").code == 0
    assert run("serve", "--port", "8123", "--no-browser").code == 0
    assert served == [(app, app.settings.port, True), (app, 8123, False)]
