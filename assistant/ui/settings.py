"""The tab with the settings that matter."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant import config
from assistant.config import Settings
from assistant.errors import AssistantError
from assistant.ui import facts, models, settings_form, words
from assistant.ui.parts import IN_TURN, QUIET, part, trouble
from assistant.ui.running import Running
from assistant.ui.settings_form import Wrong
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

# settings.js reads the form and shows what became of it.
_LOOK_JS = """
assistantSettings.showTheme(element);
watch('value', () => assistantSettings.showTheme(element));
element.addEventListener('change', (event) => {
  if (event.target.name === 'theme') assistantSettings.choose(event.target.value);
  if (event.target.name === 'language') trigger('speak', {language: event.target.value});
});
"""
_FORM_JS = """
element.addEventListener('submit', (event) => {
  event.preventDefault();
  trigger('save', {values: assistantSettings.changed(event.target)});
});
element.addEventListener('click', (event) => {
  if (event.target.closest('#reset-settings')) trigger('reset', {});
});
"""
_SAID_JS = "watch('value', () => assistantSettings.told(element.firstElementChild));"


@dataclass(frozen=True)
class Tab:
    """The handlers behind the tab, but for the models'."""

    app: App
    page: gr.Blocks

    def shown(self, request: gr.Request) -> tuple[str, str, str, str]:
        """Returns (heading, look, form, facts)."""
        say, settings = self._say(request), self.app.settings
        heading = f"<h1>{escape(say('Settings'))}</h1>"
        told = facts.facts(self.app, request)
        return heading, look(settings, say), settings_form.form(settings, say), told

    def save(self, request: gr.Request, event: gr.EventData) -> str:
        """Store what was changed and let it hold from the next question on."""
        say = self._say(request)
        try:
            changes = settings_form.read(dict(event.values), say)
            self._hold(config.save(self.app.settings, **changes))
        except Wrong as wrong:
            # settings.js shows it beside the field; here it is read out.
            told = trouble(str(wrong))
            return f'<div class="unseen" {_now()} data-wrong="{wrong.key}">{told}</div>'
        except AssistantError as error:
            return trouble(say.error(error))
        lines = [line for key in changes for line in models.overruled(key, say)]
        return _report(say("Saved. The next question uses it."), *lines, done="saved")

    def reset(self, request: gr.Request) -> tuple[str, str]:
        """Returns (form, what to say)."""
        say = self._say(request)
        try:
            self._hold(config.reset(self.app.settings, *settings_form.keys()))
        except AssistantError as error:
            return gr.skip(), trouble(say.error(error))
        form = settings_form.form(self.app.settings, say)
        return form, _report(say("The defaults hold again."), done="saved")

    def speak(self, request: gr.Request, event: gr.EventData) -> str:
        """Change the language; the page is then opened anew by settings.js."""
        try:
            self._hold(config.save(self.app.settings, language=str(event.language)))
        except AssistantError as error:
            return trouble(self._say(request).error(error))
        return '<div data-done="reload"></div>'

    def _hold(self, settings: Settings) -> None:
        """Also what Gradio was told when the page was built."""
        self.app.apply(settings)
        words.speak(self.page, settings.language)
        self.page.max_file_size = int(settings.max_file_mb * 1_000_000)
        self.page.config["max_file_size"] = self.page.max_file_size

    def _say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)


def look(settings: Settings, say: Words) -> str:
    """Theme and language, which hold at once."""
    themes = [("auto", say("As the system")), ("light", say("Light")), ("dark", say("Dark"))]
    languages = [("auto", say("As the browser")), ("en", "English"), ("de", "Deutsch")]
    chosen = "".join(
        f'<label><input type="radio" name="theme" value="{value}">{escape(text)}</label>'
        for value, text in themes
    )
    options = "".join(
        f'<option value="{value}"{" selected" if value == settings.language else ""}'
        f"{f' lang={value}' if value != 'auto' else ''}>{escape(text)}</option>"
        for value, text in languages
    )
    return (
        f"<fieldset><legend>{escape(say('Look'))}</legend>"
        f'<div class="setting"><div class="row" role="radiogroup" aria-labelledby="theme-name">'
        f'<b id="theme-name">{escape(say("Theme"))}</b><span class="choice">{chosen}</span></div>'
        f'</div><div class="setting" id="set-language"><label><b>{escape(say("Language"))}</b>'
        f'<select name="language">{options}</select></label></div>'
        "</fieldset>"
    )


def _report(text: str, *more: str, done: str) -> str:
    rest = "".join(f"<p>{escape(line)}</p>" for line in more)
    return f'<div class="report" {_now()} data-done="{done}"><p>{escape(text)}</p>{rest}</div>'


def _now() -> str:
    """Makes the same words said again a change, which is seen and read out."""
    return f'data-at="{time.monotonic_ns()}"'


def build(page: gr.Blocks, app: App, running: Running) -> None:
    """Lay the tab out."""
    tab = Tab(app, page)
    heading = part("settings-heading")
    looks = part("settings-look", js=_LOOK_JS)
    listed, fill = models.build(app, running)
    form = part("settings-fields", js=_FORM_JS)
    said = part("settings-said", live=True, js=_SAID_JS)
    told = part("facts")
    form.save(tab.save, None, said, **IN_TURN)
    form.reset(tab.reset, None, [form, said], **QUIET)
    looks.speak(tab.speak, None, said, **IN_TURN)
    opened: Any = {**QUIET, "queue": False}
    page.load(tab.shown, None, [heading, looks, form, told], **opened)
    page.load(fill, None, listed, **opened)
