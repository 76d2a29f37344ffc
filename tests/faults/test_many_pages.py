"""A hundred pages opened at once, as browsers do it: all get the page, and leave nothing behind."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
from browser.fake_app import FakeApp
from browser.serving import serving

from assistant.ui import page as page_module
from assistant.ui import server as server_module
from assistant.ui.chat import Chat
from assistant.ui.server import Server

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # what Gradio leaves behind

PAGES = 100
HELD = 40
API = "/gradio_api"


@dataclass
class Served:
    app: FakeApp
    server: Server
    blocks: Any
    chat: Chat

    def get(self, path: str) -> HTTPResponse:
        connection = HTTPConnection(*self.server._socket.getsockname(), timeout=60)
        connection.request("GET", path)
        return connection.getresponse()

    def tell(self, page: str, event: str, *data: object) -> dict[str, Any]:
        """Do what the page's script does for an event; returns the last that comes of it."""
        [index] = [i for i, each in self.blocks.fns.items() if each.api_name == event]
        asked = {"data": data, "fn_index": index, "session_hash": page}
        connection = HTTPConnection(*self.server._socket.getsockname(), timeout=60)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"{API}/queue/join", json.dumps(asked), headers)
        assert connection.getresponse().status == 200
        for line in self.get(f"{API}/queue/data?session_hash={page}"):
            if line.startswith(b"data:"):
                told: dict[str, Any] = json.loads(line[5:])
                if told["msg"] == "process_completed":
                    return told
        raise AssertionError("the server said nothing more")

    def opened(self, page: str) -> HTTPResponse:
        """Open a page; returns the connection that tells the server that it is open."""
        assert b"gradio" in self.get("/").read()
        alive = self.get(f"{API}/heartbeat/{page}")
        assert alive.readline().startswith(b"data: ALIVE")
        assert self.tell(page, "begin")["success"]
        return alive


@pytest.fixture
def served(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    built: list[Any] = []
    build = page_module.build

    def remembered(*given: Any) -> Any:
        built.extend(build(*given))
        return tuple(built)

    monkeypatch.setattr(page_module, "build", remembered)
    monkeypatch.setattr(server_module, "PAGES_HELD", HELD)
    app = FakeApp(tmp_path_factory.mktemp("store"), pause=0.001)
    with serving(app) as server:
        yield Served(app, server, *built)
    gc.collect()


def _until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def test_a_hundred_pages(served: Served) -> None:
    names = [f"page{number}" for number in range(PAGES)]
    with ThreadPoolExecutor(PAGES) as pool:
        alive = list(pool.map(served.opened, names))
    told = served.tell(names[7], "ask", "What of the frost?", "")
    assert told["success"]
    [conversation] = served.app.conversations()
    assert served.app.exchanges(conversation)[0].answer is not None
    assert len(served.chat.talks._talks) == 1
    for each in alive:
        each.close()
    assert _until(lambda: not served.chat.talks._talks)
    assert not served.chat.running._stops
    assert len(served.blocks.state_holder.session_data) <= HELD
    assert served.get("/").status == 200
