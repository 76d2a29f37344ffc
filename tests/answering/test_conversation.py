import pytest

from assistant.answering.conversation import leans, standalone
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
    history = (Turn("Who built the dam?", "Nobody."),)
    assert standalone(question, history) == question


def test_a_chain_of_follow_ups_goes_back_to_the_question_that_names_the_subject() -> None:
    history = (
        Turn("Where is the Kariba dam?", "On the Zambezi."),
        Turn("How high is it?", "128 metres."),
    )
    assert standalone("And who built it?", history) == "Where is the Kariba dam? And who built it?"


def test_without_anything_before_it_a_question_stays_as_it_is() -> None:
    assert standalone("And how high is it?", ()) == "And how high is it?"
