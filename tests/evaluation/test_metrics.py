from __future__ import annotations

import pytest
from evaluation_fakes import HOW_LONG, WHERE, WHO_WON, answer, refusal, result
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import metrics
from assistant.evaluation.metrics import Rate, Times
from assistant.records import AnswerSentence, Seconds

RIGHT = answer("It lasted 2300 seconds.")
ELSEWHERE = answer("It lasted 2300 seconds.", quote="They talked.")
WRONG = answer("It lasted a day.")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Call,  an hour – a DAY!", "call hour day"),
        ("1,117,320,768 bytes", "1117320768 bytes"),
        ("19.3% of 2,5", "19.3 of 2 5"),
        ("In 1999. Then", "in 1999 then"),
        ("ﬁve µm, Straße", "five μm strasse"),
        ("snake_case isn’t", "snake case isn t"),
        ("", ""),
    ],
)
def test_normalise(text: str, normal: str) -> None:
    assert metrics.normalise(text) == normal


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = metrics.normalise(text)
    assert metrics.normalise(once) == once


@pytest.mark.parametrize(
    ("text", "gold", "holds"),
    [
        ("It was over two hours long.", "Over Two Hours", True),
        ("It took 2,300 s", "2300 s", True),
        ("Norway", "way", False),
        ("19.3 percent", "19", False),
        ("There are seven moons", "7", True),
        ("There are 7 moons", "seven", True),
        ("There are 17 moons", "seven", False),
        ("She lacks vitamin A.", "A", True),
        ("She lacks vitamin C.", "A", False),
        ("Anything", "…", False),
        ("", "x", False),
    ],
)
def test_a_wording_stands_between_word_borders(text: str, gold: str, holds: bool) -> None:
    assert metrics.holds(text, gold) is holds


@given(st.text(), st.text(), st.text())
def test_a_text_holds_its_own_words(before: str, gold: str, after: str) -> None:
    if metrics.normalise(gold):
        assert metrics.holds(f"{before} | {gold} | {after}", gold)


def test_citation_marks_are_not_part_of_an_answer() -> None:
    assert not metrics.answered_right("There are some. [7]", ["7"])
    assert metrics.answered_right("There are 7. [1]", ["8", "7"])


def test_a_right_answer_may_have_a_wrong_citation() -> None:
    assert metrics.right(result(HOW_LONG, ELSEWHERE))
    assert not metrics.cited_right(result(HOW_LONG, ELSEWHERE))
    assert metrics.cited_right(result(HOW_LONG, RIGHT))
    assert not metrics.right(result(HOW_LONG, WRONG))


def test_a_refusal_is_never_right() -> None:
    refused = answer("2300 seconds", refused=True)
    assert not metrics.right(result(HOW_LONG, refused))
    assert not metrics.cited_right(result(HOW_LONG, refused))


def test_the_rates() -> None:
    bare = answer("No mark.", sentences=(AnswerSentence("No mark.", (), None),), citations=())
    rates = metrics.rates([
        result(HOW_LONG, RIGHT, found=("Moss", "The long call!"), verbatim=(True,)),
        result(HOW_LONG, ELSEWHERE, found=("Moss",), verbatim=(False,)),
        result(HOW_LONG, refusal()),
        result(HOW_LONG, None, error="the model failed"),
        result(WHO_WON, bare),
        result(WHO_WON, refusal()),
        result(WHERE, refusal()),
    ])  # fmt: skip
    assert rates == {
        "answered right": Rate(2, 4),
        "answered right, citation right": Rate(1, 4),
        "cited sentence holds the answer": Rate(1, 2),
        "article in the first 5 passages": Rate(1, 4),
        "wrongly refused": Rate(1, 4),
        "rightly refused": Rate(2, 3),
        "rightly refused: absent article": Rate(1, 1),
        "rightly refused: near miss": Rate(1, 2),
        "answer sentences with a citation": Rate(2, 3),
        "quotes verbatim": Rate(1, 2),
        "failed with an error": Rate(1, 7),
    }
    assert rates["answered right"].value == 0.5


def test_the_rates_of_nothing() -> None:
    assert all(rate.value is None for rate in metrics.rates([]).values())
    assert metrics.times([])["whole answer"] == Times(None, None, 0)


def test_times_of_answers_and_refusals_are_apart() -> None:
    slow = answer("x", seconds=Seconds(0.3, 3.0, 5.0))
    times = metrics.times(
        [result(HOW_LONG, RIGHT), result(HOW_LONG, slow), result(WHERE, refusal())]
    )
    assert times["whole answer"].median == 3.5 and times["whole answer"].n == 2
    assert times["first word of an answer"].median == 2.0
    assert times["refusal"] == Times(2.0, 2.0, 1)
    assert times["search"].n == 3


def test_percentile() -> None:
    assert metrics.percentile([], 0.5) is None
    assert metrics.percentile([3, 1, 2], 0.5) == 2
    assert metrics.percentile([1, 2], 0.5) == 1.5
    assert metrics.percentile(range(101), 0.95) == pytest.approx(95)
    assert metrics.percentile([4], 0.95) == 4
