"""The form of the settings: what can be set, in plain words, and what a person set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from assistant.config import Settings
from assistant.ui.words import Words


@dataclass(frozen=True)
class Setting:
    """`low` and `high` are what makes sense; no step: it is on or off."""

    key: str
    label: str
    hint: str
    low: float = 0
    high: float = 0
    step: float = 0
    unit: str = ""


class Wrong(Exception):
    """What cannot be used, and why, in words."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key = key


def answers(say: Words) -> list[Setting]:
    return [
        Setting(
            "evidence_tokens", say("Evidence"),
            say("How much of your articles the model reads for a question. More takes longer: "
                "100 tokens, about 75 words, take a small machine about a second."),
            50, 8000, 10, say("tokens"),
        ),
        Setting(
            "answer_tokens", say("Longest answer"),
            say("The model stops there. A token is about three quarters of a word."),
            16, 4000, 10, say("tokens"),
        ),
        Setting(
            "refuse_below", say("Refuse at once below"),
            say("How well the best passage must fit the question, from 0 to 2. Below this you are "
                "told at once that the articles do not say it. Higher: fewer invented answers, "
                "more questions turned down. 0: never at once."),
            0, 2, 0.05,
        ),
        Setting(
            "support_below", say("Call unsupported below"),
            say("How well a sentence of an answer must fit the one it cites, from 0 to 5. What "
                "fits less is dotted or left out. Higher: stricter."),
            0, 5, 0.1,
        ),
        Setting(
            "second_look", say("Second look"),
            say("Let the model read doubtful sentences once more beside their source. Fewer "
                "mistakes, about two seconds for each."),
        ),
    ]  # fmt: skip


def sources(say: Words) -> list[Setting]:
    return [
        Setting(
            "max_file_mb", say("Largest file"), say("Larger ones are not read."),
            1, 1000, 1, say("MB"),
        ),
        Setting(
            "allow_private_addresses", say("Addresses in your own network"),
            say("Let articles be fetched from them, too. Otherwise a link or a feed cannot make "
                "this machine call others near it."),
        ),
    ]  # fmt: skip


def bounds(say: Words) -> list[Setting]:
    return [
        Setting(
            "max_waiting", say("Questions that may wait"),
            say("One is answered at a time. Whoever asks while so many wait is asked to try again "
                "later; one person may have half of them."),
            1, 24, 1,
        ),
        Setting(
            "max_wait_seconds", say("Longest wait"),
            say("A question that has waited so long is given up, and its page says so."),
            1, 86400, 1, say("seconds"),
        ),
        Setting(
            "max_turns", say("Longest conversation"),
            say("After so many questions, the next one goes into a new conversation."),
            1, 10000, 1, say("questions"),
        ),
        Setting(
            "min_free_disk_mb", say("Disk that stays free"),
            say("No article is added where less is free. Questions are still answered."),
            0, 1000000, 1, say("MB"),
        ),
    ]  # fmt: skip


def _all(say: Words) -> list[Setting]:
    return [*answers(say), *sources(say), *bounds(say)]


def keys() -> list[str]:
    return [setting.key for setting in _all(Words())]


def form(settings: Settings, say: Words) -> str:
    parts = (
        (say("Answers"), answers(say)),
        (say("Articles"), sources(say)),
        (say("Bounds"), bounds(say)),
    )
    groups = "".join(
        f"<fieldset><legend>{escape(title)}</legend>"
        + "".join(_field(setting, getattr(settings, setting.key)) for setting in of_part)
        + "</fieldset>"
        for title, of_part in parts
    )
    return (
        f'<form id="settings-form" novalidate>{groups}<div class="buttons">'
        f'<button class="primary" id="save-settings">{escape(say("Save"))}</button>'
        f'<button type="button" class="plain" id="reset-settings">'
        f"{escape(say('Back to defaults'))}</button></div></form>"
    )


def _field(setting: Setting, value: Any) -> str:
    about, why = f"about-{setting.key}", f"why-{setting.key}"
    name = f'name="{setting.key}" aria-describedby="{why} {about}"'
    if setting.step:
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        control = (
            f'<input type="number" {name} value="{shown}" min="{setting.low:g}"'
            f' max="{setting.high:g}" step="{setting.step:g}">'
        )
    else:
        control = f'<input type="checkbox" {name}{" checked" if value else ""}>'
    unit = f"<small>{escape(setting.unit)}</small>" if setting.unit else ""
    return (
        f'<div class="setting" id="set-{setting.key.replace("_", "-")}"><label><b>'
        f"{escape(setting.label)}{unit}</b>{control}</label>"
        f'<p class="why" id="{why}"></p><p id="{about}">{escape(setting.hint)}</p></div>'
    )


def read(sent: Mapping[str, Any], say: Words) -> dict[str, Any]:
    """The values that the form sent, as the settings take them. Raises Wrong."""
    known = {setting.key: setting for setting in _all(say)}
    return {key: _value(known[key], value, say) for key, value in sent.items() if key in known}


def _value(setting: Setting, sent: Any, say: Words) -> Any:
    if not setting.step:
        return bool(sent)
    whole = Settings.model_fields[setting.key].annotation is int
    try:
        value = float(str(sent).replace(",", "."))
        if setting.low <= value <= setting.high and not (whole and value % 1):
            return int(value) if whole else value
    except ValueError:
        pass
    told = say(
        "{label}: give a whole number from {low} to {high}."
        if whole
        else "{label}: give a number from {low} to {high}.",
        label=setting.label, low=f"{setting.low:g}", high=f"{setting.high:g}",
    )  # fmt: skip
    raise Wrong(setting.key, told)
