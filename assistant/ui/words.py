"""The words of the page in the reader's language.

The code holds them in English; `german/*.toml` says what each is in German. A text without a line
there is shown in English.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.ui.wordings import in_german

_GERMAN = Path(__file__).parent / "german"
_LABELS: dict[str, str] = {}


@dataclass(frozen=True)
class Words:
    """Says a text in one language: `say("Remove “{title}”?", title=title)`."""

    language: str = "en"

    def __call__(self, english: str, **values: object) -> str:
        text = german().get(english, english) if self.language == "de" else english
        return text.format(**values) if values else text

    def count(self, number: int, one: str, many: str) -> str:
        """“1 article” or “12 articles”: `say.count(n, "{n} article", "{n} articles")`."""
        shown = f"{number:,}".replace(",", "." if self.language == "de" else ",")
        return self(one if number == 1 else many, n=shown)

    def error(self, error: Exception | str) -> str:
        """The message of one of our errors, or of a text made of one."""
        return in_german(str(error)) if self.language == "de" else str(error)


ENGLISH = Words()


def of(request: gr.Request | None, setting: str = "auto") -> Words:
    """The words for whoever asks: as the setting says, else as the browser does."""
    if setting != "auto":
        return Words(setting)
    wanted = "" if request is None else str(request.headers.get("accept-language", ""))
    first = wanted.split(",")[0].split(";")[0].strip().lower()
    return Words("de" if first.split("-")[0] == "de" else "en")


def label(english: str) -> Any:
    """A text for a component of Gradio's, which its own part in the browser translates.

    Only for what is built once; what a handler returns is said by `Words`.
    """
    key = "w" + hashlib.sha256(english.encode()).hexdigest()[:12]
    _LABELS[key] = english
    return gr.I18n()(key)


def labels(setting: str = "auto") -> gr.I18n:
    """The translations of all labels made so far; a setting stands for the browser's language."""
    spoken = {"en": _LABELS, "de": {key: german().get(text, text) for key, text in _LABELS.items()}}
    if setting in spoken:
        spoken = dict.fromkeys(spoken, spoken[setting])
    return gr.I18n(**spoken)


def speak(page: gr.Blocks, setting: str) -> None:
    """Let the labels of a page that is being served be in this language from its next opening."""
    page.i18n_instance = labels(setting)
    page.config["i18n_translations"] = page.i18n_instance.translations_dict


@cache
def german() -> dict[str, str]:
    """English text → German text."""
    found: dict[str, str] = {}
    for path in sorted(_GERMAN.glob("*.toml")):
        found |= tomllib.loads(path.read_text("utf-8"))
    return found
