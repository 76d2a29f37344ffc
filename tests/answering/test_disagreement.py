"""Two sentences of one answer that state different numbers; whole articles are in test_answer."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.check import Checked
from assistant.answering.disagreement import without_others
from assistant.records import ArticleInfo, Evidence, Span

POWER = ArticleInfo(id="p", title="Hot water", source="p.txt")
SENTENCES = [
    "The first geothermal power station, at Bjarnarflag in the north, opened in 1969.",
    "The Lagoon is the outflow of the Svartsengi power station, which was built in 1976.",
    "Svartsengi heats 21,000 homes.",
    "It was built anew in 2008.",
]
EVIDENCE = [
    Evidence(number, POWER, Span(number * 100, number * 100 + len(text)), text, similarity=0.6)
    for number, text in enumerate(SENTENCES, start=1)
]
NAMED = Checked("The Svartsengi power station was built in 1976.", (2,), True, 1.6)


def _told(*sentences: Checked) -> list[bool]:
    return [each.supported for each in without_others(sentences, EVIDENCE)]


def test_what_is_said_of_another_of_its_kind_is_unsupported() -> None:
    short = Checked("The power station was built in 1969.", (1,), True, 1.7, moved=True)
    assert _told(NAMED, short) == [True, False]
    assert _told(short, NAMED) == [False, True]
    told = without_others([NAMED, short], EVIDENCE)[1]
    assert (told.marks, told.moved, told.support) == ((), False, 1.7)


def test_a_sentence_that_names_its_own_subject_stays() -> None:
    other = Checked("The power station at Bjarnarflag opened in 1969.", (1,), True, 1.7)
    assert _told(NAMED, other) == [True, True]


def test_another_number_of_what_is_named_stays() -> None:
    homes = Checked("The power station heats 21,000 homes.", (3,), True, 1.7)
    assert _told(NAMED, homes) == [True, True]
    same = Checked("The power station was built in 1976.", (2,), True, 1.7)
    assert _told(NAMED, same) == [True, True]


def test_a_month_is_no_name() -> None:
    closed = ["The bridge was closed in October 2019.", "In 2021 the bridge was closed again."]
    evidence = [replace(EVIDENCE[n], text=text) for n, text in enumerate(closed)]
    one = Checked("The bridge was closed in October 2019.", (1,), True, 1.7)
    other = Checked("The bridge was closed in 2021.", (2,), True, 1.7)
    assert without_others([one, other], evidence) == [one, other]


def test_what_a_sentence_points_back_to_is_named_in_it() -> None:
    anew = Checked("The power station was built in 2008.", (4,), True, 1.7)
    assert _told(NAMED, anew) == [True, True]


def test_nothing_is_mistaken_for_what_is_itself_unsupported() -> None:
    lost = Checked("The Svartsengi power station was built in 1976.", (), False, 0.4)
    short = Checked("The power station was built in 1969.", (1,), True, 1.7)
    assert _told(lost, short) == [False, True]


@given(
    st.lists(
        st.builds(
            Checked,
            text=st.sampled_from([*SENTENCES, NAMED.text, "It was built in 1969.", "", "1969"]),
            marks=st.sampled_from([(1,), (2,), (3,), (1, 2)]),
            supported=st.booleans(),
            support=st.just(1.6),
        ),
        max_size=4,
    )
)
def test_no_sentence_is_lost_and_not_all_are_put_in_doubt(sentences: list[Checked]) -> None:
    told = without_others(sentences, EVIDENCE)
    assert [each.text for each in told] == [each.text for each in sentences]
    assert any(each.supported for each in told) == any(each.supported for each in sentences)
