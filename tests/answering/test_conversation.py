import threading

import pytest
from fake_chat import FakeChat

from assistant import config, prompts
from assistant.answering.conversation import Rewriter, Understood, leans, needs_rewriting
from assistant.records import Turn


@pytest.mark.parametrize(
    "question",
    [
        "And how high is it?",
        "What does he blame?",
        "When did she say that?",
        "Why?",
        "How much was that?",
        "What about the second one?",
        "And Ukraine?",
        "Who else was there?",
        "What does he say about Ukraine?",
        "Who else got the Nobel Prize that year?",
        "How long after the Big Bang is that?",
    ],
)
def test_follow_ups_lean(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Why did the Ever Given get stuck?",
        "Who discovered penicillin?",
        "How long did Trump and Putin talk?",
        "Where was Marie Curie born?",
        "What is the process that plants use to make sugar from light and water?",
        "Which river does the Kariba dam stand on?",
        "What did Putin offer in that call?",
        "Why did the mayor change her mind?",
        "How much will it cost to remove the dam and who pays?",
    ],
)
def test_questions_that_name_their_subject_do_not(question: str) -> None:
    assert not leans(question)
    assert not needs_rewriting(question, BEFORE, lambda text: 2.0)


BEFORE = (Turn("Who built the dam?", "Nobody."),)


@pytest.mark.parametrize("question", ["In which city?", "When was the power station built?"])
def test_a_short_question_leans_where_the_articles_say_little_of_it(question: str) -> None:
    assert needs_rewriting(question, BEFORE, lambda text: 1.0)
    assert not needs_rewriting(question, BEFORE, lambda text: 1.6)
    assert not needs_rewriting(question, (), lambda text: 0.0)


LAGOON = Turn("How did the lagoon come about?", "It is the outflow of the power station.")


def test_what_the_last_answer_spoke_of_is_that_one() -> None:
    """Also where the articles speak as clearly of another."""

    def clear(text: str) -> float:
        return 2.0

    assert needs_rewriting("When was the power station built?", [LAGOON], clear)
    assert not needs_rewriting("When was the power station at Orlo built?", [LAGOON], clear)
    assert not needs_rewriting("When was the harbour bridge built?", [LAGOON], clear)
    unanswered = Turn("Is there a station?", "The articles do not answer this.")
    assert not needs_rewriting("When was the power station built?", [unanswered], clear)


@pytest.mark.parametrize(
    "question", ["Who made the first lamp?", "Which is the oldest lamp?", "How old is the world?"]
)
def test_what_there_is_one_of_anyway_is_not_that_one(question: str) -> None:
    lamp = Turn("What did Orlo make?", "It made the first lamp in the world, and the oldest.")
    assert not needs_rewriting(question, [lamp], lambda text: 2.0)


def rewriting(question: str, written: str, *before: Turn) -> tuple[Understood, str]:
    """What becomes of a question that the model writes anew so, and what the model was told."""
    chat = FakeChat(replies=[written])
    rewriter = Rewriter(chat, prompts.rewrite(config.resource("prompts")))
    found = rewriter(question, before, threading.Event())
    return found, str(chat.prompts[0][-1].content)


def test_the_thing_that_comes_back_unexplained_is_sought_with_the_question_before() -> None:
    same = "When was the power station built?"
    found, _ = rewriting(same, same, LAGOON)
    assert found == Understood(f"{LAGOON.question} {same}", same)


def test_the_whole_conversation_is_no_question() -> None:
    before = (Turn("Who doubted the dance?", "Nobody."), Turn("What did he say instead?", "That."))
    all_of_it = "Who doubted the dance? What did he say instead? How was it tested in 1989?"
    found, _ = rewriting("How was it tested in 1989?", all_of_it, *before)
    assert found.asked == "Who doubted the dance? How was it tested in 1989?"
    assert found.judged == "How was it tested in 1989?"


def test_one_word_is_asked_of_the_last_answer() -> None:
    before = (Turn("How long is the tunnel?", "Ten miles."), Turn("Who digs it?", "Orlo does."))
    written = "Since when does Orlo dig it for the railway of Varn?"
    assert "Ten miles" not in rewriting("Since when?", written, *before)[1]
    assert "Ten miles" in rewriting("And how many people work in it?", written, *before)[1]
    assert "Ten miles" in rewriting("How much does it cost?", written, *before)[1]
