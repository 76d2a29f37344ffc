"""A conversation as the tokens of a model's own chat template."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage

from assistant.errors import ModelFileError

_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


def prompt_tokens(
    llama: Any,
    tokenize: Callable[[str], list[int]],
    messages: Sequence[BaseMessage],
    answer: bool,
) -> list[int]:
    """The messages' tokens; with `answer`, up to where the model's answer begins.

    The frame is tokenized with its control tokens, the contents without: an article that holds
    "<|im_end|>" writes nine characters, it does not end the turn. Raises ModelFileError where the
    model has no chat template.
    """
    # Letters that no tokenizer or template touches stand for the contents.
    frame = _frame(llama, [(m.type, f"\ue000{i}\ue001") for i, m in enumerate(messages)], answer)
    tokens: list[int] = []
    for i, part in enumerate(re.split("\ue000(\\d+)\ue001", frame)):
        if i % 2:
            tokens += tokenize(str(messages[int(part)].content))
        elif part:
            tokens += llama.tokenize(part.encode(), add_bos=False, special=True)
    return tokens


def _frame(llama: Any, contents: Sequence[tuple[str, str]], answer: bool) -> str:
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = llama.metadata.get("tokenizer.chat_template")
    if template is None:
        name = Path(llama.model_path).name
        raise ModelFileError(f"{name} is not a chat model; choose an instruct model")
    formatter = Jinja2ChatFormatter(
        template=template,
        eos_token=_piece(llama, llama.token_eos()),
        bos_token=_piece(llama, llama.token_bos()),
        add_generation_prompt=answer,
    )
    turns: list[Any] = [
        {"role": _ROLES.get(role, "user"), "content": content} for role, content in contents
    ]
    return formatter(messages=turns).prompt


def _piece(llama: Any, token: int) -> str:
    if token < 0:
        return ""
    return bytes(llama.detokenize([token], special=True)).decode("utf-8", "replace")
