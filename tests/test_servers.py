"""The whole application with its models, and its vectors, on servers: by settings alone."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from chroma_server import chroma_server
from langchain_core.messages import convert_to_messages
from model_server import Body, ModelServer, model_server

from assistant import assets, config
from assistant.app import App, open_app
from assistant.config import Settings
from assistant.engines.embedder import MiniLM
from assistant.engines.llama import LocalChat
from assistant.errors import EngineError, SettingsError, StoreError
from assistant.evaluation.library import throwaway
from assistant.library.folder_index import FolderIndex
from assistant.library.server_index import ServerIndex
from assistant.records import Answer, Done, Found, Token, Turn

SEEDS = config.resource("seeds") / "articles"
CALL = "The call went on for more than two hours. It was the longest of all their calls."
QUESTION = "How long did the call go on?"
REPLY = "The call went on for more than two hours [1]."


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        server.odds = {"yes": -0.1, "no": -4.0}
        server.write = lambda body: re.findall(r"\S+\s*", REPLY)
        yield server


def _settings(store: Path, models: Path, **more: str) -> Settings:
    given = {"STORE": str(store), "MODELS": str(models), "REFUSE_BELOW": "0", **more}
    return config.load({f"ASSISTANT_{key}": value for key, value in given.items()})


@pytest.fixture
def app(models: Path, tmp_path: Path, server: ModelServer) -> Iterator[App]:
    settings = _settings(tmp_path / "store", models, LLM_URL=server.url, LLM_NAME="big")
    with open_app(settings) as opened:
        opened.add_text(CALL, "The long call")
        yield opened


def _answer(app: App, question: str = QUESTION, history: tuple[Turn, ...] = ()) -> Answer:
    last = list(app.ask(question, history))[-1]
    assert isinstance(last, Done)
    return last.answer


def test_a_server_answers(app: App, server: ModelServer) -> None:
    answer = _answer(app)
    assert answer.model == app.model_name == "big"
    assert answer.text == REPLY.replace("hours [1].", "hours. [1]")
    assert [citation.quote for citation in answer.citations] == [CALL.split(". ")[0] + "."]
    assert server.seen[0][2]["model"] == "big"


@pytest.mark.parametrize("mark", ["[99]", "[0]", "[1] [99]"])
def test_marks_that_do_not_exist_are_dropped(app: App, server: ModelServer, mark: str) -> None:
    server.write = lambda body: [REPLY.replace("[1]", mark)]
    answer = _answer(app)
    assert "99" not in answer.text
    assert [sentence.citations for sentence in answer.sentences] == [(1,)]
    assert all(citation.quote in CALL for citation in answer.citations)


def test_a_follow_up_is_written_anew_by_the_server(app: App, server: ModelServer) -> None:
    def write(body: Body) -> list[str]:
        rewriting = "Next question" in body["messages"][-1]["content"]
        return ["How long did the call go on, in hours?" if rewriting else REPLY]

    server.write = write
    answer = _answer(app, "And how long was it?", (Turn("Who called?", "Nobody knows."),))
    assert answer.asked == "How long did the call go on, in hours?"
    assert not answer.refused


def test_nothing_is_read_ahead_on_a_server(app: App, server: ModelServer) -> None:
    app.warm()
    app.read_ahead(QUESTION)
    assert server.seen == []


def test_a_stop_reaches_the_server_and_the_next_question_is_answered(
    app: App, server: ModelServer
) -> None:
    server.fault, stop = "stall", threading.Event()
    for event in app.ask(QUESTION, (), stop):
        assert not isinstance(event, Done)
        if isinstance(event, Found):
            threading.Timer(0.3, stop.set).start()
    assert server.left.wait(10)
    server.fault = ""
    assert not _answer(app).refused


def test_what_goes_wrong_with_the_server_is_one_message(app: App, server: ModelServer) -> None:
    server.fault = "die"
    with pytest.raises(EngineError, match="broke off"):
        list(app.ask(QUESTION))
    server.fault = 401
    with pytest.raises(EngineError, match="llm_key"):
        list(app.ask(QUESTION))
    server.fault = ""
    assert not _answer(app).refused


def test_changed_settings_hold_from_the_next_answer_on(app: App, server: ModelServer) -> None:
    assert _answer(app).model == "big"
    app.apply(app.settings.model_copy(update={"llm_name": "bigger"}))
    assert _answer(app).model == "bigger"
    assert server.last["model"] == "bigger"
    app.apply(app.settings.model_copy(update={"llm_url": "", "model": "smollm2-135m"}))
    assert _answer(app).model == "smollm2-135m"


def test_the_same_model_on_a_server_writes_the_same(
    models: Path, tmp_path: Path, server: ModelServer
) -> None:
    """A real model behind the wire, and a real embedder."""
    local = LocalChat(path=assets.resolve_llm("smollm2-135m", models), threads=1)
    given: list[Body] = []

    def write(body: Body) -> Iterator[str]:
        given.append(body)
        messages = convert_to_messages(body["messages"])
        for chunk in local.stream(messages, stop=body.get("stop"), max_tokens=body["max_tokens"]):
            yield str(chunk.content)

    near = MiniLM(assets.path("minilm", models), assets.path("minilm-tokenizer", models), 1)
    server.write, server.embed, server.odds = write, near.embed_documents, None
    servers = {"LLM_URL": server.url, "EMBEDDER_URL": server.url, "EMBEDDER_NAME": "minilm"}
    short = {"ANSWER_TOKENS": "24", "EVIDENCE_TOKENS": "100", "SECOND_LOOK": "false"}
    with open_app(_settings(tmp_path / "store", models, **servers, **short)) as app:
        assert [r.outcome for r in app.add([SEEDS / "kariba.md"])] == ["added"]
        events = list(app.ask("On which river does the Kariba dam stand?"))
        written = "".join(event.text for event in events if isinstance(event, Token))
        [found] = [event for event in events if isinstance(event, Found)]
        assert isinstance(events[-1], Done) and found.evidence
        again = "".join(write(next(body for body in given if body.get("stream"))))
        assert written == again != ""
        # The same vectors as at home, so the same library.
        searched = [hit.passage.id for hit in app.find("the Kariba dam").hits]
    with open_app(_settings(tmp_path / "store", models)) as home:
        assert [hit.passage.id for hit in home.find("the Kariba dam").hits] == searched
    local.close()


def test_a_library_keeps_to_its_embedder(models: Path, tmp_path: Path, server: ModelServer) -> None:
    server.embed = lambda texts: [[float(len(text) % 7), 1.0, 2.0] for text in texts]
    servers = {"EMBEDDER_URL": server.url, "EMBEDDER_NAME": "three-numbers"}
    with open_app(_settings(tmp_path / "store", tmp_path, **servers)) as app:
        assert app.add_text(CALL, "The long call").outcome == "added"
        assert app.library.search("call", 1, 1).vector.shape == (3,)
        assert app.find(QUESTION).hits and app.library.examine() == []
        server.fault = 503
        with pytest.raises(EngineError, match="503"):
            app.find(QUESTION)
    with pytest.raises(StoreError, match="made with the embedder three-numbers, not minilm"):
        open_app(_settings(tmp_path / "store", models))
    with pytest.raises(SettingsError, match="embedder_name"):
        open_app(_settings(tmp_path / "other", models, EMBEDDER_URL=server.url))


def test_vectors_on_a_chroma_server(models: Path, tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    with chroma_server(tmp_path / "chroma") as url:
        settings = _settings(tmp_path / "store", models, CHROMA_URL=url)
        with open_app(settings) as app:
            list(app.add([SEEDS / "kariba.md", SEEDS / "phone-call.md"]))
            before = [hit.passage.id for hit in app.find("the Kariba dam").hits]
            index = app.library._index
            assert isinstance(index, ServerIndex)
            index.catch_up()
            assert index._collection.count() == app.library.counts().passages
            assert [hit.passage.id for hit in app.find("the Kariba dam").hits] == before
            assert not (tmp_path / "store" / "index").exists()
            with throwaway(settings) as aside:
                assert isinstance(aside.library._index, FolderIndex)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://a", "http://", "http://a:99999", "x"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    for key in ("LLM_URL", "EMBEDDER_URL", "CHROMA_URL"):
        with pytest.raises(SettingsError, match=f"{key.lower()}.*http"):
            _settings(tmp_path, tmp_path, **{key: url})
