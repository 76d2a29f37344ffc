"""The model file is cut short, written over, replaced or deleted, before and while it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from langchain_core.messages import HumanMessage

from assistant import assets
from assistant.app import open_app
from assistant.config import Settings
from assistant.engines.llama import LocalChat
from assistant.errors import EngineError, ModelFileError
from assistant.records import Token

ROOT = Path(__file__).resolve().parents[2]
COUNT = [HumanMessage("Count from 1 to 100.")]


@pytest.fixture
def file(tmp_path: Path, models: Path) -> Path:
    """A copy of the tiny model, to be spoilt."""
    file = tmp_path / "model.gguf"
    file.write_bytes(assets.resolve_llm("smollm2-135m", models).read_bytes())
    return file


@pytest.fixture
def chat(file: Path) -> Iterator[LocalChat]:
    chat = LocalChat(path=file, context_tokens=1024, threads=1, beginnings=file.parent / "kept")
    yield chat
    chat.close()


def _text(chat: LocalChat, messages: Any = COUNT) -> str:
    return "".join(str(chunk.content) for chunk in chat.stream(messages, max_tokens=12))


# In another process: where the file is mapped, the first of these ends the one that reads it.
_SPOILT = """
import os, sys
from pathlib import Path
from langchain_core.messages import HumanMessage
from assistant.engines.llama import LocalChat
file, count = Path(sys.argv[1]), [HumanMessage("Count from 1 to 100.")]
chat = LocalChat(path=file, context_tokens=1024, threads=1)
def text(pieces): return "".join(str(each.content) for each in pieces)
whole = text(chat.stream(count, max_tokens=12))
pieces = chat.stream(count, max_tokens=12)
begun = text([next(pieces)])
{spoil}
assert begun + text(pieces) == whole
assert text(chat.stream(count, max_tokens=12)) == whole
chat.close()
"""


@pytest.mark.parametrize(
    "spoil",
    [
        "os.truncate(file, 1_000_000)",
        "file.open('r+b').write(os.urandom(file.stat().st_size))",
        "other = file.with_name('other'); other.write_bytes(b'GGUF junk'); other.replace(file)",
        "file.unlink()",
    ],
    ids=["truncated", "written over", "replaced", "deleted"],
)
def test_a_file_spoilt_in_the_middle_of_an_answer_changes_nothing(file: Path, spoil: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SPOILT.replace("{spoil}", spoil), str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_another_file_does_not_get_the_beginnings_of_the_one_in_memory(
    chat: LocalChat, file: Path
) -> None:
    messages = [HumanMessage("You are asked of numbers."), *COUNT]
    chat.load()
    key = chat._key([1, 2, 3])
    os.truncate(file, 1_000_000)
    assert chat._key([1, 2, 3]) == key
    file.unlink()
    assert _text(chat, messages)


def test_a_file_cut_short_before_it_is_loaded_is_told_and_can_be_put_back(
    chat: LocalChat, file: Path
) -> None:
    whole = file.read_bytes()
    os.truncate(file, len(whole) // 2)
    for _ in range(2):
        with pytest.raises(ModelFileError, match="assistant models pull"):
            _text(chat)
    file.write_bytes(whole)
    assert "1" in _text(chat)


def test_a_model_that_fails_in_the_middle_of_an_answer_is_loaded_anew(chat: LocalChat) -> None:
    whole = _text(chat)
    beside = chat.preference(COUNT, "yes", "no", context="beside")
    pieces = chat.stream(COUNT, max_tokens=12)
    assert next(pieces).content

    def fail(batch: object) -> None:
        raise RuntimeError("llama_decode returned -3")

    chat._readers["answer"]._context.decode = fail
    with pytest.raises(EngineError, match="ask again"):
        list(pieces)
    assert _text(chat) == whole
    assert chat.preference(COUNT, "yes", "no", context="beside") == beside


def test_a_damaged_file_of_a_running_app_is_told_and_can_be_fetched_again(
    tmp_path: Path, models: Path
) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    for kept in models.glob("all-minilm*"):
        (folder / kept.name).symlink_to(kept)
    tiny = assets.assets()["smollm2-135m"]
    file = folder / tiny.file
    whole = (models / tiny.file).read_bytes()
    file.write_bytes(whole[:-1000])
    settings = Settings(
        store=tmp_path / "store", models=folder, model="smollm2-135m", threads=1, second_look=False
    )
    with open_app(settings) as app:
        app.add_text("The Tamsel bridge was closed in 2019. Repairs cost 31 million euros. " * 3)
        question = "What did the repairs of the Tamsel bridge cost?"
        for _ in range(2):
            with pytest.raises(ModelFileError, match="assistant models pull smollm2-135m"):
                list(app.ask(question))
        file.write_bytes(whole)
        with closing(cast(Any, app.ask(question))) as events:
            assert any(isinstance(event, Token) for event in events)
