from __future__ import annotations

import threading

import pytest
from evaluation_fakes import (
    HOW_LONG,
    MOSS,
    QUESTIONS,
    WHERE,
    WHO_WON,
    FakeApp,
    answer,
    hits,
    refusal,
)

from assistant.errors import EngineError, ModelFileError, QuestionError
from assistant.evaluation.questions import Question
from assistant.evaluation.result import Result
from assistant.evaluation.run import RETRIEVAL, Run, answered, evaluate, searched
from assistant.records import Turn

FOLLOW_UP = Question(
    "f", "And then?", ("2300 seconds",), None, "follow-up", before=("Who called?", "When?")
)


def run(app: FakeApp) -> tuple[Run, list[int]]:
    seen: list[int] = []
    done = Run(QUESTIONS)
    evaluate(app, done, lambda run: seen.append(len(run.results)), threading.Event())
    return done, seen


def one(app: FakeApp, question: Question = HOW_LONG) -> Result:
    done = answered(app, question, threading.Event())
    assert done
    return done


def test_a_run_goes_through_all_questions() -> None:
    app = FakeApp(answer("It lasted 2300 seconds."), refusal(), refusal())
    done, seen = run(app)
    assert done.complete and seen == [1, 2, 3] and app.warmed
    first = done.results[0]
    assert first.found == ("The Long Call",) and first.verbatim == (True,)
    assert first.evidence == ("It lasted 2,300 seconds.",)
    assert first.asked == "How long? (by itself)"


def test_a_run_goes_on_after_what_it_has() -> None:
    app = FakeApp(refusal())
    before = Run(QUESTIONS, [Result(HOW_LONG), Result(WHO_WON)], seconds=100.0)
    evaluate(app, before, lambda run: None, threading.Event())
    assert [asked for asked, _ in app.asked] == ["Where?"]
    assert before.complete and 100 <= before.seconds < 110


def test_the_first_right_passage_and_the_evidence_are_judged() -> None:
    first = one(FakeApp(refusal()))
    assert first.rank == 3 and first.kept is True
    other = Question("x", "How long?", ("a day",), "The long call", "answerable")
    assert one(FakeApp(refusal()), other).rank is None
    assert one(FakeApp(refusal()), other).kept is False
    assert one(FakeApp(refusal()), WHERE).kept is None


def test_a_passage_of_another_article_is_not_right() -> None:
    app = FakeApp(refusal())
    app.hits = hits("It grew for 2300 seconds.", article=MOSS) + hits("It lasted 2,300 seconds.")
    assert one(app).rank == 2


def test_a_passage_after_the_tenth_does_not_count() -> None:
    app = FakeApp(refusal())
    app.hits = hits(*["Nothing."] * 10, "It lasted 2,300 seconds.")
    assert one(app).rank is None


def test_the_earlier_questions_of_a_conversation_come_first_and_only_the_last_counts() -> None:
    app = FakeApp(answer("Trump."), refusal(), answer("For 2300 seconds."))
    done = one(app, FOLLOW_UP)
    first, second = Turn("Who called?", "Trump. [1]"), Turn("When?", "No. [1]")
    assert app.asked == [
        ("Who called?", ()),
        ("When?", (first,)),
        ("And then?", (first, second)),
    ]
    assert done.answer and done.answer.text == "For 2300 seconds. [1]"
    assert done.asked == "And then? (by itself)"


def test_a_conversation_that_fails_early_has_failed() -> None:
    done = one(FakeApp(EngineError("the model failed")), FOLLOW_UP)
    assert done.error == "the model failed" and done.answer is None
    assert done.asked == "And then?" and done.kept is None


def test_a_quote_that_is_not_in_its_article_is_noticed() -> None:
    invented = answer("It lasted.", quote="It lasted 9 seconds.")
    assert one(FakeApp(invented)).verbatim == (False,)


def test_a_question_that_fails_is_counted_and_the_rest_asked() -> None:
    done, _ = run(FakeApp(refusal(), EngineError("the model failed"), refusal()))
    assert done.complete and done.results[1].error == "the model failed"


def test_a_missing_model_ends_the_run() -> None:
    with pytest.raises(ModelFileError):
        run(FakeApp(refusal(), ModelFileError("gone")))


def test_a_stopped_run_keeps_what_is_there() -> None:
    done, seen = run(FakeApp(refusal(), None))
    assert not done.complete and len(done.results) == 1 and seen == [1]


def test_a_stopped_conversation_is_no_result() -> None:
    assert answered(FakeApp(refusal(), None), FOLLOW_UP, threading.Event()) is None


def test_the_search_alone_asks_no_model() -> None:
    app = FakeApp()
    done = Run(QUESTIONS)
    evaluate(app, done, lambda run: None, threading.Event(), RETRIEVAL)
    assert done.complete and app.asked == [] and not app.warmed
    first = done.results[0]
    assert (first.strength, first.search_seconds, first.rank, first.kept) == (1.0, 0.25, 3, True)
    assert first.answer is None and first.error is None


def test_the_search_alone_puts_before_a_follow_up_what_it_leans_on() -> None:
    app = FakeApp()
    searched(app, FOLLOW_UP, threading.Event())
    unlike = Question("n", "Who built the Kariba dam?", (), None, "new", before=("Who called?",))
    searched(app, unlike, threading.Event())
    assert app.searched == ["Who called? And then?", "Who built the Kariba dam?"]


def test_a_search_that_fails_is_counted() -> None:
    done = searched(FakeApp(QuestionError("too long")), HOW_LONG, threading.Event())
    assert done and done.error == "too long" and done.strength is None


def test_a_stopped_search_keeps_what_is_there() -> None:
    stop = threading.Event()
    done = Run(QUESTIONS)
    evaluate(FakeApp(), done, lambda run: stop.set(), stop, RETRIEVAL)
    assert len(done.results) == 1
