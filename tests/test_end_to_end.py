"""The whole house with nothing faked: sample articles, real search, the default language model."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import config
from assistant.app import App, open_app
from assistant.evaluation.metrics import answered_right
from assistant.records import Answer, Done, Event, Found, Token, Turn


@pytest.fixture(scope="module")
def app(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    env = {
        "ASSISTANT_STORE": str(tmp_path_factory.mktemp("store")),
        "ASSISTANT_MODELS": str(models),
        # Else a busy machine would be given less to read, and answer otherwise.
        "ASSISTANT_EVIDENCE_SECONDS": "600",
    }
    with open_app(config.load(env)) as opened:
        results = list(opened.add([config.resource("seeds") / "articles"]))
        assert [r.error for r in results if r.error] == []
        opened.warm()
        yield opened


def _ask(app: App, question: str, history: tuple[Turn, ...] = ()) -> Answer:
    last = list(app.ask(question, history))[-1]
    assert isinstance(last, Done)
    return last.answer


def _verbatim(app: App, answer: Answer) -> None:
    for citation in answer.citations:
        article = app.library.get(citation.article.id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("question", "wordings"),
    [
        ("How long did Trump and Putin talk on the telephone?", ["two hours", "2 hours"]),
        ("What share of Ukrainians thought concessions were necessary?", ["68"]),
        ("Who discovered penicillin?", ["Fleming"]),
        ("On which river does the Kariba dam stand?", ["Zambezi"]),
    ],
)
def test_a_question_is_answered_with_the_sentence_that_says_so(
    app: App, question: str, wordings: list[str]
) -> None:
    answer = _ask(app, question)
    assert not answer.refused
    assert answered_right(answer.text, wordings)
    assert any(answered_right(c.quote, wordings) for c in answer.citations)
    assert all(s.citations or s.supported is False for s in answer.sentences)
    _verbatim(app, answer)


@pytest.mark.parametrize(
    "question",
    [
        "Which enzyme unwinds the double helix of DNA?",
        "Who won the football world cup in 1954?",
        "What is the recipe for a good sourdough bread?",
    ],
)
def test_what_the_articles_do_not_hold_is_refused(app: App, question: str) -> None:
    answer = _ask(app, question)
    assert answer.refused
    assert answer.nearest


def test_words_arrive_while_the_answer_is_written(app: App) -> None:
    events: list[tuple[float, Event]] = []
    begun = time.monotonic()
    for event in app.ask("What did Steve Witkoff say of the two presidents?"):
        events.append((time.monotonic() - begun, event))
    tokens = [at for at, event in events if isinstance(event, Token)]
    found = next(at for at, event in events if isinstance(event, Found))
    assert len(tokens) > 5
    assert found < tokens[0] < tokens[-1]


def test_a_stop_while_the_model_reads_ends_within_a_second(app: App) -> None:
    stop = threading.Event()
    stopped_at: list[float] = []

    def press() -> None:
        stopped_at.append(time.monotonic())
        stop.set()

    for event in app.ask("Why was the Montreal Protocol agreed, and when?", (), stop):
        assert not isinstance(event, Token | Done)
        if isinstance(event, Found):
            threading.Timer(0.5, press).start()  # in the middle of the first stretch it reads
    assert time.monotonic() - stopped_at[0] < 1
    assert not _ask(app, "Who discovered penicillin?").refused


def test_a_follow_up_is_understood(app: App) -> None:
    first = "On which river does the Kariba dam stand?"
    answer = _ask(app, "And how high is it?", (Turn(first, "On the Zambezi. [1]"),))
    assert not answer.refused
    assert any("Kariba" in c.article.title for c in answer.citations)
