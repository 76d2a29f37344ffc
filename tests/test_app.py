"""The wired application: adding, the limits of a question, models, and that nobody is told."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import config
from assistant.app import App, open_app
from assistant.engines.llama import LocalChat
from assistant.errors import ModelFileError, QuestionError, SourceError, Stopped, StoreError
from assistant.records import Done, Found

SEEDS = config.resource("seeds") / "articles"


@pytest.fixture
def app(models: Path, tmp_path: Path) -> Iterator[App]:
    env = {
        "ASSISTANT_STORE": str(tmp_path / "store"),
        "ASSISTANT_MODELS": str(models),
        "ASSISTANT_MODEL": "smollm2-135m",
    }
    with open_app(config.load(env)) as opened:
        yield opened


def test_adding_twice_adds_nothing_and_removing_removes_everywhere(app: App) -> None:
    paths = [SEEDS / "phone-call.md", SEEDS / "kariba.md"]
    assert [r.outcome for r in app.add(paths)] == ["added", "added"]
    before = app.library.counts()
    assert [r.outcome for r in app.add(paths)] == ["same", "same"]
    assert app.library.counts() == before
    for article in app.library.articles():
        assert app.library.remove(article.id)
    assert set(vars_of(app.library.counts())) == {0}
    assert app.library.search("Kariba dam", 5, 30).hits == []


def vars_of(counts: object) -> list[int]:
    return [getattr(counts, name) for name in ("articles", "passages", "sentences")]


def test_a_folder_with_a_broken_file_adds_the_rest(app: App, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A true sentence about the harbour of Ghent in 1820.")
    (tmp_path / "b.txt").write_text("")
    results = list(app.add([tmp_path / "a.txt", tmp_path / "b.txt"]))
    assert [r.outcome for r in results] == ["added", None]
    assert results[1].error
    assert [(r.done, r.total) for r in results] == [(1, 2), (2, 2)]


def test_a_path_that_does_not_exist_adds_nothing(app: App, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A true sentence about the harbour of Ghent in 1820.")
    with pytest.raises(SourceError):
        list(app.add([tmp_path / "a.txt", tmp_path / "none.txt"]))
    assert app.library.counts().articles == 0


def test_adding_can_be_stopped(app: App) -> None:
    stop = threading.Event()
    results = []
    for result in app.add([SEEDS], stop):
        results.append(result)
        stop.set()
    # What went in together with the first one is told as well.
    assert 1 <= len(results) == app.library.counts().articles < 18


def test_an_upload_keeps_its_own_name_as_source(app: App, tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("A true sentence about the harbour of Ghent in 1820.")
    (result,) = app.add([file], names={file: "upload:x.txt"})
    assert result.article is not None
    assert result.article.source == "upload:x.txt"


def test_pasted_text_and_what_is_none(app: App) -> None:
    assert app.add_text("Cats sleep most of the day, a study found.", "Cats").outcome == "added"
    assert app.add_text("Cats sleep most of the day, a study found.", "Cats").outcome == "same"
    assert app.add_text("  ").error
    assert "max_file_mb" in str(app.add_text("x" * 21_000_000).error)


def test_questions_that_cannot_be_asked(app: App) -> None:
    with pytest.raises(QuestionError, match="empty"):
        app.ask("  \n ")
    with pytest.raises(QuestionError, match="max_question_chars"):
        app.ask("why " * 25_000)


def test_using_another_model_is_remembered(app: App, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        app.use_model(str(tmp_path / "none.gguf"))
    assert app.model_name == "smollm2-135m"
    app.use_model("qwen2.5-coder-1.5b")
    assert app.model_name == "qwen2.5-coder-1.5b"
    again = config.load({"ASSISTANT_STORE": str(app.settings.store)})
    assert again.model == "qwen2.5-coder-1.5b"


def test_settings_hold_from_the_next_answer_on(app: App) -> None:
    list(app.add([SEEDS / "kariba.md"]))
    app.apply(app.settings.model_copy(update={"refuse_below": 2.0}))
    events = list(app.ask("Where is the Kariba dam?"))
    assert isinstance(events[1], Found)
    assert isinstance(events[-1], Done)
    assert events[-1].answer.refused


def test_one_queue_outlasts_changed_settings_and_knows_who_waits(app: App) -> None:
    before = app._wired()
    app.apply(app.settings.model_copy(update={"passages": 3}))
    with before.queue.ticket("a"), before.queue.ticket("b"):
        assert app.waiting == 1
        assert app._wired() is not before and app._wired().queue is before.queue


def test_nothing_is_added_where_the_disk_is_nearly_full(app: App) -> None:
    list(app.add([SEEDS / "kariba.md"]))
    app.apply(app.settings.model_copy(update={"min_free_disk_mb": 1_000_000_000}))
    with pytest.raises(StoreError, match=r"MB are free .* \(setting min_free_disk_mb\)"):
        list(app.add([SEEDS / "phone-call.md"]))
    with pytest.raises(StoreError, match="min_free_disk_mb"):
        app.add_text("Cats sleep most of the day, a study found.", "Cats")
    assert [result.outcome for result in app.add([SEEDS / "kariba.md"])] == ["same"]
    assert list(app.find("Where is the Kariba dam?").evidence)
    app.apply(app.settings.model_copy(update={"min_free_disk_mb": 0}))
    assert [result.outcome for result in app.add([SEEDS / "phone-call.md"])] == ["added"]


def test_what_was_added_is_logged_by_its_number(app: App, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "assistant"):
        list(app.add([SEEDS / "kariba.md"]))
        list(app.add([SEEDS / "kariba.md"]))
    [record] = [each for each in caplog.records if each.message == "articles"]
    told = dict(record.facts)  # type: ignore[attr-defined]
    assert told.pop("seconds") >= 0 and told == {"added": 1, "updated": 0, "refused": 0}


def test_warming_loads_the_model_and_an_answer_comes_from_it(app: App) -> None:
    list(app.add([SEEDS / "kariba.md"]))
    app.warm()
    events = list(app.ask("On which river does the Kariba dam stand?"))
    assert isinstance(events[-1], Done)
    assert events[-1].answer.model == "smollm2-135m"


def test_who_asks_while_the_looks_prompts_are_read_goes_before(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def read(self: LocalChat, head: object, context: str = "", stop: object = None) -> None:
        order.append(context)
        if context and order.count(context) == 1:
            ticket = app._queue.join()
            assert isinstance(stop, threading.Event) and stop.is_set()
            app._queue.leave(ticket)
            raise Stopped

    monkeypatch.setattr(LocalChat, "read", read)
    app.warm(aside=True)
    aside = ["second_look", "asked_of", "planted", "written"]
    assert order == ["", *(name for name in aside for _ in range(2))]


_TRACED = """
import os, sys, threading, http.server
seen = []
class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self): seen.append(self.path); self.send_response(200); self.end_headers()
    do_GET = do_POST
    def log_message(self, *a): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ.update(LANGSMITH_TRACING="true", LANGSMITH_TRACING_V2="true", LANGCHAIN_TRACING="true",
    LANGCHAIN_TRACING_V2="true", LANGSMITH_API_KEY="x",
    LANGSMITH_ENDPOINT=f"http://127.0.0.1:{server.server_port}")
if sys.argv[1] == "ours":
    from assistant import config
    from assistant.app import open_app
    with open_app(config.load()) as app:
        app.add_text("The Kelm tower is 90 metres tall, the tallest of the county.", "Kelm tower")
        list(app.ask("How tall is the Kelm tower?"))
else:
    from langchain_core.language_models import FakeListChatModel
    FakeListChatModel(responses=["x"]).invoke("hello")
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
print(len(seen))
"""


@pytest.mark.parametrize("whose", ["ours", "plain"])
def test_a_tracing_service_in_the_environment_is_not_told(
    whose: str, models: Path, tmp_path: Path
) -> None:
    """`plain` shows that the same environment does make LangChain tell; ours must not."""
    env = os.environ | {
        "ASSISTANT_STORE": str(tmp_path / "s"),
        "ASSISTANT_MODELS": str(models),
        "ASSISTANT_MODEL": "smollm2-135m",
    }
    done = subprocess.run(
        [sys.executable, "-c", _TRACED, whose], env=env, capture_output=True, text=True, timeout=120
    )
    told = int(done.stdout.split()[-1])
    assert (told == 0) == (whose == "ours"), done.stderr
