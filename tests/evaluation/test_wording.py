from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import wording


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
    assert wording.normalise(text) == normal


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = wording.normalise(text)
    assert wording.normalise(once) == once


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
    assert wording.holds(text, gold) is holds


@given(st.text(), st.text(), st.text())
def test_a_text_holds_its_own_words(before: str, gold: str, after: str) -> None:
    if wording.normalise(gold):
        assert wording.holds(f"{before} | {gold} | {after}", gold)


def test_citation_marks_are_not_part_of_an_answer() -> None:
    assert not wording.answered_right("There are some. [7]", ["7"])
    assert wording.answered_right("There are 7. [1]", ["8", "7"])


@pytest.mark.parametrize(
    ("quote", "stretch", "overlaps"),
    [
        ("In 1957 the dam broke, and 300 drowned.", "the dam broke", True),
        ("The dam broke.", "In 1957 the dam broke, and 300 drowned.", True),
        ("It stood. In May, the old dam broke.", "in May the old dam broke. 300 drowned.", True),
        ("300 drowned. In May the old dam broke.", "The old dam broke in May.", False),
        ("It was in the middle of May.", "The middle of June was dry.", False),
        ("", "anything", False),
    ],
)
def test_two_stretches_overlap(quote: str, stretch: str, overlaps: bool) -> None:
    assert wording.overlap(quote, stretch) is overlaps
    assert wording.overlap(stretch, quote) is overlaps


words = st.lists(st.sampled_from("bcdef"), min_size=4, max_size=6)


@given(words, words, words)
def test_neighbouring_stretches_of_one_text_overlap(first, shared, last) -> None:
    assert wording.overlap(" ".join(first + shared), " ".join(shared + last))


def test_a_quote_states_the_answer_by_its_wording_or_by_the_known_evidence() -> None:
    quote = "The dam of 1957 broke."
    assert wording.states(quote, ["1957"], ())
    assert not wording.states(quote, ["1958"], ())
    assert not wording.states(quote, ["1957"], ("It was begun in 1957.",))
    assert wording.states(quote, ["1958"], ("It was begun in 1957.", "dam of 1957 broke"))


def test_f1_is_that_of_the_gold_that_fits_best() -> None:
    assert wording.token_f1("The Delta Works. [1]", ["delta works"]) == 1.0
    # 2 of 4 and of 2 words: precision 1/2, recall 1
    assert wording.token_f1("They lasted two hours.", ["a week", "two hours"]) == pytest.approx(
        2 / 3
    )
    assert wording.token_f1("No", ["yes"]) == 0.0
    # a word counts as often as both have it
    assert wording.token_f1("go go go", ["go"]) == pytest.approx(0.5)
