"""Runs the command line against a fake application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli_fakes import FakeApp

from assistant.cli import door, main


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeApp:
    for name in ("STORE", "MODEL", "MODELS", "PORT", "DEBUG"):
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    fake = FakeApp(door.settings())
    monkeypatch.setattr(door, "open_app", lambda: fake)
    return fake


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(app: FakeApp, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def run(*args: str) -> Ran:
        capsys.readouterr()
        code = main(args)
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run
