from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import config, prompts
from assistant.errors import SettingsError
from assistant.prompts import Prompt

FOLDER = config.resource("prompts")
GOOD = (FOLDER / "answer.toml").read_text("utf-8")
BOTH = [
    (prompts.answer, {"evidence": "[1] {x}", "question": "Why {y}?"}),
    (prompts.overview, {"evidence": "[1] {x}", "question": "Why {y}?"}),
    (prompts.rewrite, {"conversation": "Question: {x}", "question": "Why {y}?"}),
    (prompts.second_look, {"passage": "{p}", "question": "Why {y}?", "answer": "So."}),
    (prompts.asked_of, {"passage": "{p}"}),
    (prompts.planted, {}),
    (prompts.written, {}),
]


@pytest.mark.parametrize(("load", "filled"), BOTH)
def test_a_prompt_has_a_fixed_head_and_ends_with_what_changes(
    load: Callable[[Path], Prompt], filled: dict[str, str]
) -> None:
    prompt = load(FOLDER)
    one = prompt.template.format_messages(**filled)
    two = prompt.template.format_messages(**dict.fromkeys(filled, "other"))
    assert one[:-1] == two[:-1] == list(prompt.head)
    assert all(text in str(one[-1].content) for text in filled.values())


@pytest.mark.parametrize(("load", "filled"), BOTH)
def test_the_words_that_mean_something_are_shown_in_the_examples(
    load: Callable[[Path], Prompt], filled: dict[str, str]
) -> None:
    prompt = load(FOLDER)
    replies = {str(message.content) for message in prompt.head if message.type == "ai"}
    assert set(prompt.words.values()) <= replies


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("{evidence}", ""), "evidence"),
        (("{question}", "{query}"), "question"),
        (("system =", "sistem ="), "system"),
        (("refusal =", "= "), "cannot be read"),
        (("[[examples]]", "[[beispiele]]"), "examples"),
        (("reply =", "replie ="), "reply"),
    ],
)
def test_a_wrongly_edited_prompt_is_named(
    tmp_path: Path, change: tuple[str, str], named: str
) -> None:
    (tmp_path / "answer.toml").write_text(GOOD.replace(*change), "utf-8")
    with pytest.raises(SettingsError, match=named):
        prompts.answer(tmp_path)


def test_a_missing_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"second_look\.toml"):
        prompts.second_look(tmp_path)
