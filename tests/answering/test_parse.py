import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.parse import Written, parse, split_sentences


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("It rained. [2]", [("It rained.", (2,))]),
        ("It rained [2].", [("It rained.", (2,))]),
        ("It rained [2]. It stopped. [1][3]", [("It rained.", (2,)), ("It stopped.", (1, 3))]),
        ("It rained. [2] [2]", [("It rained.", (2,))]),
        ("It rained. It stopped. [1]", [("It rained.", ()), ("It stopped.", (1,))]),
        ("It rained. [9]", [("It rained.", ())]),
        ("[1] It rained. [2]", [("It rained.", (2,))]),
        (
            "Mr. Smith met Dr. J. Jones in the U.S. capital. [1]",
            [("Mr. Smith met Dr. J. Jones in the U.S. capital.", (1,))],
        ),
        (
            "The case was Brown v. Board of Education. [1] Capt. Orr climbed Mt. Kelm.",
            [
                ("The case was Brown v. Board of Education.", (1,)),
                ("Capt. Orr climbed Mt. Kelm.", ()),
            ],
        ),
        ("1943. [1]", [("1943.", (1,))]),
        ("electric heating", [("electric heating.", ())]),
        ("“It rained.” He left. [3]", [("“It rained.”", ()), ("He left.", (3,))]),
        ("", []),
        ("[1]", []),
        ("… [1] .", []),
    ],
)
def test_marks_belong_to_the_sentence_before_them(
    raw: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert parse(raw, highest=3) == [Written(text, marks) for text, marks in expected]


@given(st.text(alphabet="Ab .[]123\n?“”", max_size=80))
def test_no_mark_is_invented_and_none_stays_in_the_text(raw: str) -> None:
    for sentence in parse(raw, highest=2):
        assert set(sentence.marks) <= {1, 2}
        assert "[1]" not in sentence.text
        assert "[3]" not in sentence.text


@given(st.text(max_size=200))
def test_splitting_loses_no_word(text: str) -> None:
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())
