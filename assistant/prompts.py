"""Loads the prompts and checks them: a wrongly edited file fails at the start, not in an answer."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate, HumanMessagePromptTemplate

from assistant.errors import SettingsError


@dataclass(frozen=True)
class AnswerPrompt:
    """The prompt for an answer.

    `head` is the same for every question. `template` takes `evidence` and `question`.
    `refusal` is what the model writes where the evidence holds no answer.
    """

    head: tuple[BaseMessage, ...]
    template: ChatPromptTemplate
    refusal: str


def load(folder: Path) -> AnswerPrompt:
    """Read `answer.toml` in `folder`. Raises SettingsError naming what is wrong with it."""
    path = folder / "answer.toml"
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        question = str(values["question"]).strip()
        head = (SystemMessage(str(values["system"]).strip()), *_examples(values, question))
        refusal = str(values["refusal"])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the prompt {path} cannot be read ({error})") from error
    except (KeyError, TypeError) as error:
        raise SettingsError(f"the prompt {path} lacks {error}") from error
    template = ChatPromptTemplate([*head, HumanMessagePromptTemplate.from_template(question)])
    return AnswerPrompt(head, template, refusal)


def _examples(values: dict[str, Any], question: str) -> list[BaseMessage]:
    named = {field for _, field, _, _ in string.Formatter().parse(question) if field is not None}
    if named != {"evidence", "question"}:
        raise KeyError("{evidence} and {question} in “question”, and no other placeholder")
    messages: list[BaseMessage] = []
    for example in values["examples"]:
        asked = question.format(evidence=example["evidence"].strip(), question=example["question"])
        messages += [HumanMessage(asked), AIMessage(example["answer"])]
    return messages
