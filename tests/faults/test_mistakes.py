"""What a person does wrong, or a machine: one clear line, a documented exit code, no change."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from unwritable import unwritable

from assistant import cli, config
from assistant.app import open_app

ARTICLE = (
    "The Tamsel bridge was closed in 2019 after engineers found cracks in two of its pillars. "
    "Repairs took four years and cost 31 million euros, most of it paid by the region."
)


@pytest.fixture
def store(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with one article, in the environment of the commands."""
    folder = tmp_path / "store"
    monkeypatch.setenv("ASSISTANT_STORE", str(folder))
    monkeypatch.setenv("ASSISTANT_MODELS", str(models))
    monkeypatch.setenv("ASSISTANT_MODEL", "smollm2-135m")
    with open_app(config.load()) as app:
        assert app.add_text(ARTICLE, "The Tamsel bridge").outcome == "added"
    return folder


def _fails(capsys: pytest.CaptureFixture[str], store: Path, code: int, *args: object) -> str:
    """Run a command that must fail with this code; return its one line of error."""
    assert cli.main([str(arg) for arg in args]) == code
    lines = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert "Traceback" not in "".join(lines)
    with open_app(config.load()) as app:
        assert app.library.counts().articles == 1
    said = [line for line in lines if not line.startswith("added 0")]
    assert len(said) == 1, lines
    return said[0]


def test_an_empty_file(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.txt"
    file.write_text("")
    assert "empty.txt" in _fails(capsys, store, 1, "add", file)


def test_a_binary_file_named_txt(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "photo.txt"
    file.write_bytes(bytes(range(256)) * 40)
    assert "photo.txt" in _fails(capsys, store, 1, "add", file)


def test_a_file_of_200_mb(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "huge.txt"
    with file.open("wb") as out:
        out.truncate(200_000_000)
    line = _fails(capsys, store, 1, "add", file)
    assert "200 MB" in line
    assert "max_file_mb" in line


def test_a_file_that_does_not_exist(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere.txt" in _fails(capsys, store, 1, "add", "nowhere.txt")


def test_a_file_that_is_not_utf8_is_converted(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(("Das Café öffnete im März. " * 20).encode("cp1252"))
    assert cli.main(["add", str(file)]) == 0
    with open_app(config.load()) as app:
        texts = [app.library.get(info.id) for info in app.library.articles()]
    assert any("Café öffnete im März" in article.text for article in texts if article)


def test_a_missing_model(
    store: Path, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bare = tmp_path / "models"
    bare.mkdir()
    for file in models.glob("all-minilm*"):
        (bare / file.name).symlink_to(file)
    monkeypatch.setenv("ASSISTANT_MODELS", str(bare))
    monkeypatch.setenv("ASSISTANT_MODEL", "qwen2.5-coder-1.5b")
    line = _fails(capsys, store, 1, "ask", "How much did the bridge cost?")
    assert "assistant models pull qwen2.5-coder-1.5b" in line


def test_a_corrupted_model(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(range(256)) * 100)
    monkeypatch.setenv("ASSISTANT_MODEL", str(file))
    assert "assistant models" in _fails(capsys, store, 1, "ask", "How much did the bridge cost?")


def test_a_port_in_use(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = _fails(capsys, store, 1, "serve", "--no-browser", "--port", port)
    assert str(port) in line
    assert "--port" in line


def test_a_read_only_store(
    store: Path, tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    # Where others can read them: for root, the store is made read-only by being somebody else.
    readable = tmp_path / "models"
    readable.mkdir()
    for name in models.glob("all-minilm*"):
        shutil.copy2(name, readable)
    monkeypatch.setenv("ASSISTANT_MODELS", str(readable))
    open_app(config.load()).close()
    file = tmp_path / "new.txt"
    file.write_text("Cats sleep most of the day, as a study of two hundred cats found in 2021.")
    with unwritable(store):
        code = cli.main(["add", str(file)])
    captured = capsys.readouterr()
    assert code == 1
    assert len(captured.err.strip().splitlines()) == 1
    assert "ASSISTANT_STORE" in captured.err
    with open_app(config.load()) as app:
        assert app.library.counts().articles == 1


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question(store: Path, question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "empty" in _fails(capsys, store, 2, "ask", question)


def test_a_question_of_100_000_characters(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = _fails(capsys, store, 2, "ask", "why " * 25_000)
    assert "max_question_chars" in line
    assert len(line) < 300


def test_an_unknown_setting(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("ASSISTANT_PROT", "1")
        assert cli.main(["list"]) == 2
    assert "prot" in capsys.readouterr().err
