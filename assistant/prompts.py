"""Loads the prompts and checks them: a wrongly edited file fails at the start, not in an answer."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate, HumanMessagePromptTemplate

from assistant.errors import SettingsError


@dataclass(frozen=True)
class Prompt:
    """A prompt whose `head` is always the same and whose `template` takes what changes.

    `name` is that of its file.

    `words` are those of the model's replies that mean something to the code.
    """

    name: str
    head: tuple[BaseMessage, ...]
    template: ChatPromptTemplate
    words: Mapping[str, str]

    def until(self, evidence: str) -> list[BaseMessage]:
        """The messages up to the end of the evidence: the question is not known yet."""
        messages = self.template.format_messages(evidence=evidence, question="")
        last = str(messages[-1].content)
        return [*messages[:-1], HumanMessage(last[: last.index(evidence) + len(evidence)])]


def answer(folder: Path) -> Prompt:
    """The prompt for an answer: takes `evidence` and `question`; its word is `refusal`.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "answer.toml", {"evidence", "question"}, ("refusal",))


def overview(folder: Path) -> Prompt:
    """The prompt for a summary or a comparison; takes the same.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "overview.toml", {"evidence", "question"}, ("refusal",))


def rewrite(folder: Path) -> Prompt:
    """The prompt for a follow-up question: takes `conversation` and `question`.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "rewrite.toml", {"conversation", "question"}, ())


def second_look(folder: Path) -> Prompt:
    """The prompt for a doubt: takes `passage`, `question` and `answer`; its words: `yes`, `no`.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "second_look.toml", {"passage", "question", "answer"}, ("yes", "no"))


def asked_of(folder: Path) -> Prompt:
    """The prompt for a question that a `passage` answers.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "asked_of.toml", {"passage"}, ())


def planted(folder: Path) -> Prompt:
    """The prompt for a paragraph that steers whoever answers; takes nothing.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "planted.toml", set(), ())


def written(folder: Path) -> Prompt:
    """The prompt for a paragraph that is meant for readers; takes nothing.

    Raises SettingsError naming what is wrong with the file.
    """
    return _load(folder / "written.toml", set(), ())


def _load(path: Path, placeholders: set[str], words: tuple[str, ...]) -> Prompt:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        question = str(values["question"]).strip()
        _check(question, placeholders)
        head = (SystemMessage(str(values["system"]).strip()), *_examples(values, question))
        meanings = {word: str(values[word]) for word in words}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the prompt {path} cannot be read ({error})") from error
    except (KeyError, TypeError) as error:
        raise SettingsError(f"the prompt {path} lacks {error}") from error
    template = ChatPromptTemplate([*head, HumanMessagePromptTemplate.from_template(question)])
    return Prompt(path.stem, head, template, meanings)


def _check(question: str, placeholders: set[str]) -> None:
    named = {field for _, field, _, _ in string.Formatter().parse(question) if field is not None}
    if named != placeholders:
        wanted = ", ".join(f"{{{name}}}" for name in sorted(placeholders))
        raise KeyError(f"{wanted} in “question”, and no other placeholder")


def _examples(values: dict[str, Any], question: str) -> list[BaseMessage]:
    messages: list[BaseMessage] = []
    for example in values["examples"]:
        filled = {key: text.strip() for key, text in example.items()}
        messages += [HumanMessage(question.format(**filled)), AIMessage(filled["reply"])]
    return messages
