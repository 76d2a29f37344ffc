from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from assistant import assets

GGUF = b"GGUF" + bytes(20)


def test_list_tells_what_is_there_and_in_use(run, app) -> None:
    ran = run("models", "list")
    assert ran.code == 0
    lines = {line[3:].split()[0]: line for line in ran.out.splitlines() if len(line) > 3}
    assert lines["qwen2.5-coder-1.5b"].startswith("*")
    assert lines["smollm2-135m"].startswith(" ") and lines["smollm2-135m"].endswith("no")
    assert str(app.settings.models) in ran.out


def test_use_saves_the_choice(run, app, tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(GGUF)
    assert run("models", "use", str(file)).out == f"using {file}\n"
    saved = tomllib.loads((app.settings.store / "settings.toml").read_text())
    assert saved["model"] == str(file)
    assert f"*  {file}" in run("models", "list").out


def test_use_of_a_missing_model_changes_nothing(run, app) -> None:
    ran = run("models", "use", "smollm2-135m")
    assert ran.code == 1 and "assistant models pull smollm2-135m" in ran.err
    assert not (app.settings.store / "settings.toml").exists()


def test_use_tells_of_a_variable_that_goes_before(run, app, monkeypatch, tmp_path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(GGUF)
    monkeypatch.setenv("ASSISTANT_MODEL", "smollm2-135m")
    assert "ASSISTANT_MODEL" in run("models", "use", str(file)).err


def test_servers_are_named_in_the_place_of_models(run, app, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_URL", "http://big.local/v1")
    monkeypatch.setenv("ASSISTANT_EMBEDDER_URL", "http://big.local/v2")
    ran = run("models", "list")
    used = [line for line in ran.out.splitlines() if line.startswith("*  ")]
    assert [line.split()[-1] for line in used] == ["http://big.local/v1", "http://big.local/v2"]
    (tmp_path / "own.gguf").write_bytes(GGUF)
    assert "llm_url is set" in run("models", "use", str(tmp_path / "own.gguf")).err


@pytest.mark.parametrize("command", ["path", "pull", "use"])
def test_an_unknown_name_is_one_line_with_the_known(run, app, command: str) -> None:
    ran = run("models", command, "nonesuch")
    assert ran.code == 1 and ran.out == ""
    assert ran.err.count("\n") == 1 and "smollm2-135m" in ran.err


def test_pull_without_a_name_fetches_the_defaults(run, app, monkeypatch) -> None:
    pulled = []

    def pull(name, folder, progress) -> Path:
        pulled.append((name, folder))
        progress(5, 10)
        return folder / name

    monkeypatch.setattr(assets, "pull", pull)
    ran = run("models", "pull")
    assert ran.code == 0 and [name for name, _ in pulled] == assets.defaults()
    assert ran.out.splitlines()[0] == f"{pulled[0][0]}: {app.settings.models / pulled[0][0]}"
    assert run("models", "pull", "minilm").out.startswith("minilm: ")
