import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.numbers import numbers, numbers_stated


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("4 years", {"4"}),
        ("Four years", {"4"}),
        ("a six-time winner", {"6"}),
        ("twenty-one of ninety nine", {"21", "99"}),
        ("Forty thieves, seventeen camels and thirty-fold gains", {"40", "17", "30"}),
        ("1,204,000 of 3.5, at 21:40.", {"1204000", "3.5", "21:40"}),
        ("someone eighth often tension fortyish", set()),
    ],
)
def test_figures_and_words(text: str, held: set[str]) -> None:
    assert numbers(text) == numbers_stated(text) == held


def test_one_is_held_but_not_stated() -> None:
    assert numbers("one of them") == {"1"}
    assert numbers_stated("one of thirty-one") == {"31"}


@given(st.text(max_size=80))
def test_what_is_stated_is_held(text: str) -> None:
    assert numbers_stated(text) <= numbers(text)
