"""The handlers of the settings, without a browser."""

from __future__ import annotations

import threading
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant import assets, config
from assistant.config import Settings
from assistant.errors import EngineError, ModelFileError, Stopped
from assistant.ui import facts, models, settings_form, words
from assistant.ui.models import Models
from assistant.ui.running import Running
from assistant.ui.settings import Tab
from assistant.ui.settings_form import Wrong

GERMAN = words.Words("de")
TINY = "smollm2-135m"


@dataclass
class App:
    settings: Settings
    warmed: list[str] = field(default_factory=list)

    def apply(self, settings: Settings) -> None:
        self.settings = settings

    def warm(self) -> None:
        if "broken" in self.settings.model:
            raise EngineError("the model cannot be loaded; choose another")
        self.warmed.append(self.settings.model)


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(Settings(store=tmp_path, models=tmp_path / "models"))


@pytest.fixture
def tab(app: App) -> Tab:
    page = SimpleNamespace(config={}, i18n_instance=None, max_file_size=0)
    return Tab(app, page)  # type: ignore[arg-type]


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def request(language: str = "en", user: str | None = None) -> gr.Request:
    return gr.Request(
        username=user, session_hash="s", headers={"accept-language": language}, cookies={}
    )


def stored(app: App) -> dict[str, Any]:
    return tomllib.loads((app.settings.store / "settings.toml").read_text())


# The form


@pytest.mark.parametrize(
    ("key", "sent", "value"),
    [
        ("evidence_tokens", "500", 500),
        ("evidence_tokens", " 500.0 ", 500),
        ("refuse_below", "0,75", 0.75),
        ("support_below", "0", 0.0),
        ("second_look", False, False),
        ("allow_private_addresses", True, True),
        ("max_waiting", "4", 4),
        ("max_wait_seconds", "90", 90.0),
    ],
)
def test_what_can_be_used_is_taken(key: str, sent: Any, value: Any) -> None:
    read = settings_form.read({key: sent, "nonesuch": "1"}, words.ENGLISH)
    assert read == {key: value} and type(read[key]) is type(value)


@pytest.mark.parametrize(
    ("key", "sent", "said"),
    [
        ("evidence_tokens", "49", "Evidence: give a whole number from 50 to 8000."),
        ("evidence_tokens", "60.5", "Evidence: give a whole number from 50 to 8000."),
        ("answer_tokens", "", "Longest answer: give a whole number from 16 to 4000."),
        ("refuse_below", "2.1", "Refuse at once below: give a number from 0 to 2."),
        ("refuse_below", "nan", "Refuse at once below: give a number from 0 to 2."),
        ("max_waiting", "0", "Questions that may wait: give a whole number from 1 to 24."),
        ("max_file_mb", "inf", "Largest file: give a number from 1 to 1000."),
    ],
)
def test_what_cannot_be_used_is_said_of_its_field(key: str, sent: str, said: str) -> None:
    with pytest.raises(Wrong) as wrong:
        settings_form.read({key: sent}, words.ENGLISH)
    assert (wrong.value.key, str(wrong.value)) == (key, said)


def test_every_field_is_a_setting_and_its_limits_hold_there() -> None:
    parts = settings_form.answers, settings_form.sources, settings_form.bounds
    for setting in (each for part in parts for each in part(GERMAN)):
        for value in (setting.low, setting.high) if setting.step else (True, False):
            Settings(**{setting.key: value})


# Saving


def test_only_what_was_changed_is_stored_and_holds_at_once(app: App, tab: Tab) -> None:
    said = tab.save(request(), event(values={"evidence_tokens": "500", "second_look": False}))
    assert "Saved" in said and 'data-done="saved"' in said
    assert app.settings.evidence_tokens == 500 and not app.settings.second_look
    assert stored(app) == {"evidence_tokens": 500, "second_look": False}


def test_one_wrong_value_saves_nothing(app: App, tab: Tab) -> None:
    said = tab.save(request("de"), event(values={"answer_tokens": "300", "evidence_tokens": "x"}))
    assert 'data-wrong="evidence_tokens"' in said and "von 50 bis 8000" in said
    assert not (app.settings.store / "settings.toml").exists()
    assert app.settings.answer_tokens == 220


def test_a_store_that_cannot_be_written_is_said(app: App, tab: Tab) -> None:
    app.settings = app.settings.model_copy(update={"store": Path("/dev/null/no")})
    assert "/dev/null/no" in tab.save(request(), event(values={"answer_tokens": "300"}))


def test_a_variable_that_goes_before_is_told(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ANSWER_TOKENS", "100")
    said = tab.save(request(), event(values={"answer_tokens": "300", "evidence_tokens": "400"}))
    assert said.count("goes before this") == 1 and "ASSISTANT_ANSWER_TOKENS is set" in said


def test_defaults_come_back_and_leave_the_other_settings(app: App, tab: Tab) -> None:
    app.apply(config.save(app.settings, evidence_tokens=500, passages=3, language="de"))
    form, said = tab.reset(request())
    assert "Vorgaben" in said and 'value="320"' in form
    assert stored(app) == {"passages": 3, "language": "de"}
    assert (app.settings.evidence_tokens, app.settings.passages) == (320, 3)


def test_the_language_also_changes_the_labels_of_the_page(app: App, tab: Tab) -> None:
    label = words.label("Stop fetching")
    assert "reload" in tab.speak(request("en"), event(language="de"))
    labels = tab.page.config["i18n_translations"]
    assert labels["en"][label.key] == labels["de"][label.key] == "Laden abbrechen"
    assert stored(app) == {"language": "de"}
    assert "Einstellungen" in tab.shown(request("en"))[0]
    assert 'class="trouble"' in tab.speak(request("en"), event(language="tlh"))
    assert app.settings.language == "de"


def test_the_largest_file_holds_for_uploads_too(tab: Tab) -> None:
    tab.save(request(), event(values={"max_file_mb": "3"}))
    assert tab.page.max_file_size == tab.page.config["max_file_size"] == 3_000_000


# What is told


def test_a_page_in_a_network_warns_and_says_who_is_in(app: App) -> None:
    alone = facts.facts(app, request())  # type: ignore[arg-type]
    assert "not encrypted" not in alone and "/logout" not in alone
    app.settings = app.settings.model_copy(update={"host": "0.0.0.0"})
    told = facts.facts(app, request(user="<b>Bo</b>"))  # type: ignore[arg-type]
    assert "not encrypted" in told and 'action="/logout"' in told
    assert "Signed in as &lt;b&gt;Bo&lt;/b&gt;" in told


def test_the_log_is_named(app: App) -> None:
    told = facts.facts(app, request("de"))  # type: ignore[arg-type]
    assert f"<dt>Protokoll</dt><dd>{app.settings.store / 'logs' / 'serve.log'} " in told


def test_sizes_are_those_of_the_files(app: App) -> None:
    (app.settings.store / "deep").mkdir()
    (app.settings.store / "deep" / "x").write_bytes(bytes(3_000_000))
    assert "<span>3 MB</span>" in facts.facts(app, request())  # type: ignore[arg-type]


# Models


@pytest.fixture
def handlers(app: App) -> Models:
    return Models(app, Running())  # type: ignore[arg-type]


def own_model(folder: Path, name: str = "own.gguf") -> str:
    (folder / name).write_bytes(b"GGUF" + bytes(20))
    return str(folder / name)


def test_the_list_says_what_is_here_and_what_fetching_asks(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "installed", lambda asset, folder: asset.name == TINY)
    shown = models.listed(app, GERMAN)  # type: ignore[arg-type]
    rows = {row.split("</b>")[0].split("<b>")[1]: row for row in shown.split("<li")[1:]}
    assert "data-use" in rows[TINY] and "data-fetch" not in rows[TINY]
    small = rows["qwen2.5-coder-0.5b"]
    assert "491 MB" in small and "Apache-2.0" in small
    assert small.index("Hugging Face") < small.index("data-fetch")
    assert "aber noch nicht da" in rows["qwen2.5-coder-1.5b"]


def test_a_server_that_answers_stands_alone_in_the_list(app: App) -> None:
    app.settings = app.settings.model_copy(
        update={"llm_url": "http://big.local/v1", "llm_name": "<b>big</b>", "llm_key": "secret"}
    )
    shown = models.listed(app, GERMAN)  # type: ignore[arg-type]
    assert "&lt;b&gt;big&lt;/b&gt;" in shown and "auf dem Server http://big.local/v1" in shown
    assert "data-use" not in shown and "<form" not in shown and "secret" not in shown


def test_what_the_servers_are_told_is_said(app: App) -> None:
    assert "Nothing that you read" in facts.facts(app, request())  # type: ignore[arg-type]
    app.settings = app.settings.model_copy(
        update={
            "llm_url": "http://big.local/v1",
            "chroma_url": "http://big.local:8000",
            "catalog_url": "postgresql://ann:secret@big.local/all",
        }
    )
    told = facts.facts(app, request())  # type: ignore[arg-type]
    assert "Nothing that you read" not in told
    assert "sentences found for them: http://big.local/v1" in told
    assert told.count("postgresql://ann@big.local/all") == 2 and "secret" not in told
    assert "vectors of questions and of all articles: http://big.local:8000" in told
    assert "texts of all articles" not in told


def test_using_a_model_loads_it_and_is_kept(app: App, handlers: Models, tmp_path: Path) -> None:
    path = own_model(tmp_path)
    *_, (shown, said) = handlers.use(request(), event(model=path))
    assert "own.gguf answers from now on" in said and path in shown
    assert app.warmed == [path] and stored(app) == {"model": path}


@pytest.mark.parametrize("name", ["", "nonesuch", TINY, "broken.gguf"])
def test_a_model_that_cannot_be_used_leaves_the_one_before(
    app: App, handlers: Models, tmp_path: Path, name: str
) -> None:
    before = app.settings.model
    model = own_model(tmp_path, name) if name.startswith("broken") else name
    *_, (_, said) = handlers.use(request(), event(model=model))
    assert 'class="trouble"' in said
    assert app.settings.model == before
    assert config.load({"ASSISTANT_STORE": str(tmp_path)}).model == before


def test_fetching_shows_progress_and_ends_with_a_word(
    handlers: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def pull(name: str, folder: Path, progress: Any) -> None:
        progress(49_000_000, 98_362_432)
        go_on.wait(10)

    monkeypatch.setattr(assets, "pull", pull)
    monkeypatch.setattr(models, "SECONDS_BETWEEN_UPDATES", 0.01)
    steps = handlers.fetch(request(), event(model=TINY))
    assert "on its way" in next(steps)[0]
    assert "49 MB of 98 MB" in next(steps)[1]
    go_on.set()
    assert "checksum is right" in list(steps)[-1][1]


@pytest.mark.parametrize(
    ("ending", "said"), [("stop", "goes on from there"), ("fail", "no &lt;hub&gt;")]
)
def test_fetching_can_be_stopped_and_can_fail(
    handlers: Models, monkeypatch: pytest.MonkeyPatch, ending: str, said: str
) -> None:
    def pull(name: str, folder: Path, progress: Any) -> None:
        if ending == "fail":
            raise ModelFileError("no <hub>")
        while True:
            progress(1, 2)

    monkeypatch.setattr(assets, "pull", pull)
    monkeypatch.setattr(models, "SECONDS_BETWEEN_UPDATES", 0.01)
    steps = handlers.fetch(request(), event(model=TINY))
    next(steps)
    if ending == "stop":
        handlers.stop(request())
    assert said in list(steps)[-1][1]


def test_a_page_that_is_closed_ends_its_fetching(
    handlers: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    def pull(name: str, folder: Path, progress: Any) -> None:
        try:
            while True:
                progress(1, 2)
        except Stopped:
            ended.set()
            raise

    monkeypatch.setattr(assets, "pull", pull)
    steps = handlers.fetch(request(), event(model=TINY))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert ended.wait(5)


@pytest.mark.parametrize("name", ["nonesuch", "minilm", "../x"])
def test_nothing_else_is_fetched(handlers: Models, name: str) -> None:
    assert list(handlers.fetch(request(), event(model=name))) == []
