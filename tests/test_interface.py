"""`from assistant import Assistant`, alone and in LangChain chains."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnablePassthrough

import assistant
from assistant import Answer, Assistant, Scope, Turn
from assistant.errors import QuestionError, SettingsError, SourceError, Stopped
from assistant.records import Done, Event

sys.path.append(str(Path(__file__).parent / "answering"))

from fake_chat import FakeChat

CALL = "The call went on for more than two hours. It was the longest of all their calls."
OATS = "A frost killed a third of the oat plants.\n\nWholesale prices of oats rose by 14%."
QUESTION = "How long did the call go on?"
REPLY = "The call went on for more than two hours [1]."


def ran(made: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: the browser of other tests has a loop that runs in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, made).result()


class Model(FakeChat):
    reading_speed: float = 0.0

    def read(self, *_: Any) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = Model(replies=[REPLY] * 9)
    monkeypatch.setattr("assistant.app._chat", lambda settings: model)
    return model


@pytest.fixture
def library(models: Path, tmp_path: Path, model: Model) -> Iterator[Assistant]:
    (tmp_path / "oats.md").write_text(f"---\ndate: 2026-04-30\n---\n# Oats\n\n{OATS}")
    options: dict[str, Any] = {"models": models, "second_look": False, "refuse_below": 0}
    with Assistant(tmp_path / "library", **options) as opened:
        opened.add_text(CALL, "The long call")
        opened.add(tmp_path / "oats.md")
        yield opened


def test_importing_the_package_is_quick() -> None:
    code = "import sys, assistant; print({'pydantic', 'chromadb', 'httpx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    with pytest.raises(AttributeError):
        assistant.nothing  # noqa: B018


def test_a_library_is_filled_asked_and_emptied(library: Assistant, tmp_path: Path) -> None:
    assert [each.title for each in library.articles()] == ["Oats", "The long call"]
    assert [each.outcome for each in library.add(tmp_path / "oats.md")] == ["same"]
    with pytest.raises(SourceError):
        library.add(tmp_path / "none.md")
    answer = library.ask(QUESTION)
    assert isinstance(answer, Answer) and answer.citations[0].quote in CALL
    assert library.search("price of oats")[0].article.title == "Oats"
    article = library.articles()[0]
    assert library.article(article.id[:8]).text == OATS  # type: ignore[union-attr]
    assert library.remove(article.id) and not library.remove(article.id)


def test_a_scope_a_history_and_a_stop(library: Assistant, model: Model) -> None:
    limited = library.ask(QUESTION, scope=Scope(since=date(2026, 1, 1)))
    assert limited.refused and all(each.quote in OATS for each in limited.nearest)
    events = list(library.stream(QUESTION, [Turn("Who called?", "Both did.")]))
    assert isinstance(events[-1], Done)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        library.ask(QUESTION, stop=stop)
    with pytest.raises(QuestionError):
        library.ask(" ")


def test_settings_are_checked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unknown setting “colour”"):
        Assistant(tmp_path, colour="red")


def test_the_retriever_gives_documents_that_say_where_they_stand(library: Assistant) -> None:
    retriever = library.as_retriever()
    assert isinstance(retriever, BaseRetriever)
    [first, *_] = retriever.invoke("the price of oats")
    article = library.article(first.metadata["article_id"])
    assert article is not None and article.title == first.metadata["title"] == "Oats"
    assert article.text[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert first.metadata["published"] == "2026-04-30" and first.metadata["page"] is None
    assert first.metadata["source"].endswith("oats.md") and first.id
    assert ran(retriever.ainvoke("the price of oats")) == retriever.invoke("the price of oats")
    assert len(library.as_retriever(k=1).invoke("the price of oats")) == 1
    limited = library.as_retriever(Scope(since=date(2026, 1, 1)))
    assert {each.metadata["title"] for each in limited.invoke(QUESTION)} == {"Oats"}


@pytest.mark.parametrize(
    "asked",
    [QUESTION, {"question": QUESTION}, HumanMessage(QUESTION),
     [HumanMessage("Who called?"), AIMessage("Both did."), HumanMessage(QUESTION)]],
)  # fmt: skip
def test_a_question_may_come_in_many_forms(library: Assistant, asked: Any) -> None:
    runnable = library.as_runnable()
    assert isinstance(runnable, Runnable)
    answer = runnable.invoke(asked)
    assert answer.question == QUESTION and answer.citations


@pytest.mark.parametrize("asked", [{}, [], [AIMessage("Both did.")]])
def test_what_is_no_question_is_said(library: Assistant, asked: Any) -> None:
    with pytest.raises(QuestionError):
        library.as_runnable().invoke(asked)


def test_messages_before_the_last_are_the_history(
    library: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories: list[Sequence[Turn]] = []

    def ask(question: str, history: Sequence[Turn], *rest: Any) -> Iterator[Event]:
        histories.append(history)
        yield Done(answer)

    answer = library.ask(QUESTION)
    monkeypatch.setattr(library._app, "ask", ask)
    prompt = ChatPromptTemplate(
        [("system", "Be brief."), ("human", "Who called?"), ("ai", "Both."), ("human", "{q}")]
    )
    (prompt | library.as_runnable()).invoke({"q": QUESTION})
    library.as_runnable().invoke({"question": QUESTION, "history": [Turn("a", "b")]})
    assert histories == [[Turn("Who called?", "Both.")], [Turn("a", "b")]]


def test_it_stands_in_a_chain(library: Assistant) -> None:
    prompt = PromptTemplate.from_template("How long did the {what} go on?")
    chain = prompt | library.as_runnable() | (lambda answer: answer.text)
    assert chain.invoke({"what": "call"}).endswith("two hours. [1]")
    assert "".join(chain.stream({"what": "call"})).endswith("two hours. [1]")
    both = {"found": library.as_retriever(), "answer": library.as_runnable()}
    made = (RunnablePassthrough() | both).invoke(QUESTION)
    assert made["found"][0].metadata["title"] == made["answer"].citations[0].article.title


def test_it_stands_in_an_asynchronous_chain(library: Assistant) -> None:
    prompt = PromptTemplate.from_template("How long did the {what} go on?")
    chain = prompt | library.as_runnable()

    async def run() -> list[Answer]:
        streamed = [answer async for answer in chain.astream({"what": "call"})]
        return [
            *streamed,
            await chain.ainvoke({"what": "call"}),
            *await chain.abatch([{"what": "x"}]),
        ]

    answers = ran(run())
    assert [type(answer) for answer in answers] == [Answer] * 3
    assert answers[0].text == answers[1].text


def test_a_cancelled_call_stops_the_model(
    library: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = threading.Event()

    def ask(question: str, history: Any, stop: threading.Event, scope: Scope) -> Iterator[Event]:
        assert stop.wait(30)
        stopped.set()
        yield from ()

    monkeypatch.setattr(library._app, "ask", ask)

    async def run() -> None:
        await asyncio.wait_for(library.as_runnable().ainvoke(QUESTION), 0.3)

    with pytest.raises(TimeoutError):
        ran(run())
    assert stopped.wait(5)
