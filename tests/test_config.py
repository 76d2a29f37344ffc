from pathlib import Path

import pytest

from assistant import config
from assistant.errors import SettingsError, StoreError


def _env(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"ASSISTANT_STORE": str(tmp_path)} | {f"ASSISTANT_{k}": v for k, v in more.items()}


def test_defaults_then_file_then_environment(tmp_path: Path) -> None:
    assert config.load(_env(tmp_path)).port == 7860
    (tmp_path / "settings.toml").write_text("port = 8000\npassages = 4\n")
    assert config.load(_env(tmp_path)).port == 8000
    assert config.load(_env(tmp_path, PORT="9000")).port == 9000
    assert config.load(_env(tmp_path, PORT="9000")).passages == 4


@pytest.mark.parametrize(
    ("line", "named"),
    [("prot = 1", "prot"), ("port = 'x'", "port"), ("port = 0", "port"), ("port =", "TOML")],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, line: str, named: str) -> None:
    (tmp_path / "settings.toml").write_text(line)
    with pytest.raises(SettingsError, match=named):
        config.load(_env(tmp_path))


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="modell"):
        config.load(_env(tmp_path, MODELL="x"))


def test_saving_keeps_comments_and_other_values(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("# mine\npassages = 4\n")
    changed = config.save(config.load(_env(tmp_path)), model="/a/b.gguf")
    assert changed.model == "/a/b.gguf"
    assert file.read_text().startswith("# mine\npassages = 4")
    assert config.load(_env(tmp_path)).model == "/a/b.gguf"
    with pytest.raises(SettingsError):
        config.save(changed, port=0)


def test_a_store_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(StoreError, match="ASSISTANT_STORE"):
        config.load({"ASSISTANT_STORE": str(tmp_path / "x")})


def test_the_folders_of_prompts_and_seeds_exist() -> None:
    assert (config.resource("prompts") / "answer.toml").is_file()
    assert (config.resource("seeds") / "questions.jsonl").is_file()


def test_defaults_hold_again_where_a_setting_is_taken_out(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("# mine\npassages = 4\nanswer_tokens = 100  # short\n")
    changed = config.reset(config.load(_env(tmp_path)), "answer_tokens", "evidence_tokens")
    assert (changed.answer_tokens, changed.passages) == (220, 4)
    assert file.read_text() == "# mine\npassages = 4\n"


def test_names_of_the_page_come_as_a_list_or_with_commas(tmp_path: Path) -> None:
    assert config.load(_env(tmp_path)).hosts == ()
    assert config.load(_env(tmp_path, HOSTS="nas.local, desk")).hosts == ("nas.local", "desk")
    changed = config.save(config.load(_env(tmp_path)), hosts=("nas.local",))
    assert config.load(_env(tmp_path)).hosts == changed.hosts == ("nas.local",)


def test_a_settings_file_that_became_broken_is_not_written_over(tmp_path: Path) -> None:
    settings = config.load(_env(tmp_path))
    (tmp_path / "settings.toml").write_text("port =")
    with pytest.raises(SettingsError, match="TOML"):
        config.save(settings, port=8000)
    assert (tmp_path / "settings.toml").read_text() == "port ="
