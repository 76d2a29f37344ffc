"""The page as `assistant serve` serves it, and people who use it as a browser does."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from assistant.errors import UsageError

_PATIENCE = 3600.0  # seconds without a word from the server


@dataclass(frozen=True)
class Served:
    """A process that serves the page; `ready` are the seconds until it said so."""

    process: subprocess.Popen[str]
    url: str
    ready: float


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "assistant", "serve", "--port", port, "--no-browser"]
    begun = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        assert process.stdout
        url = process.stdout.readline().partition("Ready at ")[2].strip()
        if not url:
            raise UsageError("`assistant serve` did not start; see what it says above")
        yield Served(process, url, time.monotonic() - begun)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


@dataclass(frozen=True)
class Turn:
    """What became of a question, in `time.monotonic()`; `html` is its turn as the page shows it.

    `worded` is when its first word came, `stopped` when somebody pressed Stop; None if never.
    """

    asked: float
    worded: float | None
    stopped: float | None
    ended: float
    html: str

    @property
    def outcome(self) -> str:
        if 'class="turn done"' not in self.html:
            return "lost"
        marks = (('class="trouble"', "refused with a message"), ('class="stopped"', "stopped"))
        return next((name for mark, name in marks if mark in self.html), "answered")


class Visitor:
    """One open page."""

    def __init__(self, url: str) -> None:
        self._web = httpx.Client(base_url=url, timeout=_PATIENCE, trust_env=False)
        self._web.get("/").raise_for_status()
        config = self._web.get("/config").raise_for_status().json()
        parts = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
        self._ask, self._stop = (
            _handler(config, [parts[name], "click"]) for name in ("ask", "stop")
        )
        self._session = secrets.token_hex(8)

    def close(self) -> None:
        self._web.close()

    def ask(self, question: str, stop_after: float | None = None) -> Turn:
        """Ask, and press Stop so many seconds after the page shows the question, if it still runs.

        Nobody can stop what is not shown yet.
        """
        asked, worded, html = time.monotonic(), None, ""
        stopped: list[float] = []
        timer: threading.Timer | None = None
        with suppress(httpx.HTTPError):  # then there is no answer, and it counts as lost
            self._send("queue/join", self._ask, [question, {}])
            for turn, words in self._shown():
                html = turn or html
                worded = worded or (time.monotonic() if words else None)
                if stop_after is not None and timer is None and html:
                    timer = threading.Timer(stop_after, self._press_stop, [stopped])
                    timer.start()
        ended = time.monotonic()
        if timer:
            timer.cancel()
            timer.join()
        return Turn(asked, worded, stopped[0] if stopped else None, ended, html)

    def _press_stop(self, pressed: list[float]) -> None:
        pressed.append(time.monotonic())
        self._send("run/predict", self._stop, [])

    def _send(self, path: str, handler: int, data: list[Any]) -> None:
        asked = {"data": data, "fn_index": handler, "session_hash": self._session}
        self._web.post(f"/gradio_api/{path}", json=asked).raise_for_status()

    def _shown(self) -> Iterator[tuple[str, str]]:
        """The turn and its growing words, as they come anew; empty where they did not change."""
        where = {"session_hash": self._session}
        with self._web.stream("GET", "/gradio_api/queue/data", params=where) as stream:
            for line in stream.iter_lines():
                told = json.loads(line.removeprefix("data:")) if line else {}
                if told.get("msg") == "process_generating":
                    turn, words = (told["output"].get("data") or ["", ""])[:2]
                    yield _text(turn), _text(words)
                elif told.get("msg") == "close_stream":
                    return


def _handler(config: dict[str, Any], target: list[Any]) -> int:
    return next(each["id"] for each in config["dependencies"] if target in each["targets"])


def _text(value: Any) -> str:
    """A value as it is first said; later only its changes are: [how, where, what]."""
    if isinstance(value, str):
        return value
    return "".join(change[2] for change in value if isinstance(change[2], str))


def resident(process: int, path: Path | None = None) -> float:
    """MB of a process that lie in memory, or of these those of one file."""
    if path is None:
        return _kilobytes(Path(f"/proc/{process}/status").read_text(), "VmRSS:") / 1000
    ours, total = False, 0.0
    for line in Path(f"/proc/{process}/smaps").read_text("utf-8", "replace").splitlines():
        if not line.partition(" ")[0].endswith(":"):
            ours = line.endswith(str(path.resolve()))
        elif ours and line.startswith("Rss:"):
            total += _kilobytes(line, "Rss:")
    return total / 1000


def anonymous(process: int | str = "self") -> float:
    """MB in memory that are no file's."""
    return _kilobytes(Path(f"/proc/{process}/status").read_text(), "RssAnon:") / 1000


def _kilobytes(text: str, name: str) -> float:
    line = next(each for each in text.splitlines() if each.startswith(name))
    return int(line.split()[1]) * 1.024


def on_linux() -> None:
    """Raises UsageError elsewhere."""
    if not Path("/proc/self/smaps").exists():
        raise UsageError("memory can be measured on Linux only; name other parts with --only")


def every(seconds: float, work: Callable[[], None], until: threading.Event) -> threading.Thread:
    """Does the work again and again in a thread until the event is set."""

    def loop() -> None:
        while not until.wait(seconds):
            work()

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    return thread
