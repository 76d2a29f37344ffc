from pathlib import Path

import pytest

from assistant import config, prompts
from assistant.errors import SettingsError

GOOD = (config.resource("prompts") / "answer.toml").read_text("utf-8")


def test_the_prompt_has_a_fixed_head_and_ends_with_the_question() -> None:
    prompt = prompts.load(config.resource("prompts"))
    one = prompt.template.format_messages(evidence="[1] {x}", question="Why {y}?")
    two = prompt.template.format_messages(evidence="[1] b", question="How?")
    assert one[:-1] == two[:-1] == list(prompt.head)
    assert "[1] {x}" in str(one[-1].content)
    assert str(one[-1].content).endswith("Why {y}?")
    assert prompt.refusal in str(one[0].content)
    assert any(prompt.refusal in str(message.content) for message in prompt.head[1:])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("{evidence}", ""), "evidence"),
        (("{question}", "{query}"), "question"),
        (("system =", "sistem ="), "system"),
        (("refusal =", "= "), "cannot be read"),
        (("[[examples]]", "[[beispiele]]"), "examples"),
    ],
)
def test_a_wrongly_edited_prompt_is_named(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    (tmp_path / "answer.toml").write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(SettingsError, match=named):
        prompts.load(tmp_path)


def test_a_missing_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"answer\.toml"):
        prompts.load(tmp_path)
