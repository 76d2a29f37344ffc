"""The reference pages say what the program says of itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.config import Settings

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    command = [sys.executable, str(ROOT / "tools" / "reference.py"), str(folder)]
    subprocess.run(command, check=True)
    return folder


def test_every_page_is_there_and_no_other(written: Path) -> None:
    assert {page.name for page in KEPT.iterdir()} == {page.name for page in written.iterdir()}


@pytest.mark.parametrize("name", sorted(page.name for page in KEPT.iterdir()))
def test_it_is_as_it_would_be_written_now(written: Path, name: str) -> None:
    now, kept = ((folder / name).read_text("utf-8") for folder in (written, KEPT))
    assert now == kept, "run `make docs`, which writes docs/reference anew"


def test_no_folder_of_this_machine_stands_in_it(written: Path) -> None:
    settings = Settings()
    for page in written.iterdir():
        text = page.read_text("utf-8")
        assert str(settings.models) not in text and str(ROOT) not in text


def test_every_setting_stands_in_it(written: Path) -> None:
    text = (written / "settings.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"| `{name}` |" not in text] == []
