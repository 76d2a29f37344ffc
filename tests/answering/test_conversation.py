import pytest

from assistant.answering.conversation import leans, needs_rewriting
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
