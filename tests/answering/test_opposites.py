import pytest

from assistant.answering.opposites import turned

CITED = (
    "Night trains return: The first sleeper was larger than the old one and won back passengers, "
    "although it left Ghent before the harbour bridge opened."
)


@pytest.mark.parametrize(
    "question",
    [
        "What did the sleeper not win back?",
        "Which train was smaller than the old one?",
        "Where did the last sleeper go?",
        "What lost passengers?",
        "Who travelled by the non-Belgian sleeper?",
        "When couldn’t the sleeper run?",
    ],
)
def test_a_question_that_turns_the_sentence_round(question: str) -> None:
    assert turned(question, CITED) == 1


@pytest.mark.parametrize(
    "question",
    [
        "What was larger than the old train?",
        "What did the first sleeper win back?",
        "Did it leave before or after the bridge opened?",
        "Which country is it from?",
        "What was larger instead of the old train?",
    ],
)
def test_a_question_that_does_not(question: str) -> None:
    assert turned(question, CITED) == 0


def test_a_negation_that_the_sentence_has_as_well_is_none() -> None:
    assert turned("Who did not come?", "The mayor never came.") == 0


def test_two_turns_count_twice() -> None:
    assert turned("What did the last sleeper not do?", CITED) == 2
