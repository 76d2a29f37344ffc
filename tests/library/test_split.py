from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library.split import LONGEST, MERGED, WITH_HEADING, split

SENTENCE = "The harbour was rebuilt after the storm. "


def passages(text: str) -> list[str]:
    return [text[span.start : span.end] for span, _ in split(text)]


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for _, inside in split(text) for s in inside]


def check(text: str) -> None:
    """What holds of every text."""
    end = 0
    for passage, inside in split(text):
        assert end <= passage.start
        assert not text[end : passage.start].strip()
        assert (inside[0].start, inside[-1].end) == (passage.start, passage.end)
        assert passage.end - passage.start <= WITH_HEADING
        end = passage.start
        for sentence in inside:
            assert end <= sentence.start
            assert not text[end : sentence.start].strip()
            quote = text[sentence.start : sentence.end]
            assert quote == quote.strip()
            assert len(quote) <= LONGEST
            end = sentence.end
    assert not text[end:].strip()


SPACES = [" ", "\n", "\n\n", "\n \n", "\t", "\r\n", "\x85", "\u2028", "\u200b", "\0"]
MARKS = [". ", "! ", "…", "“", "”", '"', "'", "(", ")", "#", "- ", "1. "]
WORDS = [
    "Dr. ",
    "U.S. ",
    "J. ",
    "c. 1200 ",
    "the ",
    "The ",
    "Headline",
    "é",
    "e\u0301",
    "中文。",
    "😀",
]
LONG = ["word " * 60, SENTENCE * 9, "x" * 1500]
PIECES = st.sampled_from(SPACES + MARKS + WORDS + LONG)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost_or_doubled(text: str) -> None:
    check(text)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_characters(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Putin met U.S. troops at No. 5.",
        "He was born c. 1200 in Oslo.",
        "It was written by J. R. Smith in a week.",
        "Sgt. Pepper and Gov. Newsom met on Sept. 5 at Ft. Worth.",
        "See vol. 3, ch. 4 and approx. 5 pages more.",
        "The call began at 10 a.m. Eastern time.",
        "The U.S. President and George W. Bush spoke.",
        "1. The first of several points.",
        "“It is over,” he said.",
        "They came (see Smith v. Jones) and went.",
        "It costs 3.50 euros, i.e. nothing.",
    ],
)
def test_is_one_sentence(text: str) -> None:
    assert sentences(text) == [text]
    assert sentences(f"Before it. {text} After it.") == ["Before it.", text, "After it."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("In the U.S. He said so.", ["In the U.S.", "He said so."]),
        ("Plan B. The end came.", ["Plan B.", "The end came."]),
        ("“No!” she said. Then she left.", ["“No!” she said.", "Then she left."]),
        ("Points:\n- one thing\n- another", ["Points:", "- one thing", "- another"]),
        ("It is done. )", ["It is done. )"]),
        ("Two words here. 1.", ["Two words here. 1."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_long_quotation_is_cut_inside() -> None:
    found = sentences("“" + SENTENCE * 20 + "It is so.” he said.")
    assert len(found) > 10


def test_short_paragraphs_are_merged() -> None:
    paragraph = (SENTENCE * 5).strip()
    found = passages("\n\n".join([paragraph] * 8))
    assert len(found) == 3
    assert all(len(passage) <= MERGED for passage in found)


def test_a_heading_stays_with_what_follows() -> None:
    whole = [
        "Some words first.",
        f"The harbour\n\n{SENTENCE}\n\nThe town\nhall is old.",
        "# Mark\n\nIt is.",
    ]
    assert passages("\n\n".join(whole)) == whole


def test_a_heading_stays_with_a_full_passage() -> None:
    text = "The harbour\n\n" + (SENTENCE * 24).strip()
    assert passages(text) == [text]


def test_a_long_paragraph_is_cut_in_equal_parts() -> None:
    lengths = [len(passage) for passage in passages(SENTENCE * 60)]
    assert len(lengths) == 3
    assert max(lengths) - min(lengths) <= len(SENTENCE)


@pytest.mark.parametrize("unit", ["word ", "x", "He said. ", '“("', ". "])
def test_one_enormous_line(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    begun = time.monotonic()
    check(text)
    assert time.monotonic() - begun < 10


def test_nothing() -> None:
    assert split(" \n\n\t ") == []
