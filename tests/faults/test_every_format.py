"""One folder with every format, good and broken ones mixed, added by one command."""

from __future__ import annotations

from pathlib import Path

import formats
import pytest

from assistant import cli, config
from assistant.app import open_app

GOOD = 80


@pytest.fixture
def store(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ASSISTANT_MODELS", str(models))
    monkeypatch.setenv("ASSISTANT_MODEL", "smollm2-135m")
    monkeypatch.setenv("ASSISTANT_MAX_FILE_MB", "2")
    return tmp_path / "store"


def test_a_folder_of_everything(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mixed"
    files = formats.write(folder, GOOD)
    broken = formats.BROKEN_NAMES
    assert len(files) + len(broken) >= 120
    assert len(broken) >= 40

    assert cli.main(["add", str(folder)]) == 4
    said = capsys.readouterr()
    assert f"added {GOOD}, updated 0, same 0, refused {len(broken)}" in said.out
    lines = [line for line in said.err.splitlines() if line.strip()]
    for name in broken:
        told = [line for line in lines if f"/{name} " in line or f"/{name}: " in line]
        assert len(told) == 1, (name, told)
        assert len(told[0]) > len(str(folder / name)) + 15, told  # it gives a reason
    assert "Traceback" not in said.err
    assert len(lines) == len(broken)

    with open_app(config.load()) as app:
        for good in files:
            looked = app.find(good.question)
            stated = [e for e in looked.evidence if good.states in " ".join(e.text.split())]
            assert stated, (good.name, [e.text for e in looked.evidence])
            assert good.name in stated[0].article.source
            assert stated[0].article.page(stated[0].span.start) == good.page, good.name

    assert cli.main(["add", str(folder)]) == 4
    again = capsys.readouterr().out
    assert f"added 0, updated 0, same {GOOD}, refused {len(broken)}" in again
