"""A page that is ended while the model is still being loaded."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_page_ended_at_once_ends_in_order(
    models: Path, tmp_path: Path, number: signal.Signals
) -> None:
    own = {"ASSISTANT_STORE": str(tmp_path / "store"), "ASSISTANT_MODELS": str(models)}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--no-browser", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **own, "ASSISTANT_MODEL": "smollm2-135m"},
    ) as serving:
        assert serving.stdout
        assert "Ready at" in serving.stdout.readline()
        serving.send_signal(number)
        _, told = serving.communicate(timeout=60)
    assert serving.returncode not in (-signal.SIGABRT, -signal.SIGSEGV)
    assert "terminate" not in told and "Traceback" not in told
    assert not (tmp_path / "store" / "serving.json").exists()


def test_the_page_starts_without_the_package_of_the_protocol() -> None:
    code = "import sys, assistant.ui.server; assert 'mcp' not in sys.modules, 'imported'"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
