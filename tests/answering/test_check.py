from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.answering.check import Check, facts_in, facts_of
from assistant.answering.evidence import Question
from assistant.answering.parse import Written
from assistant.records import ArticleInfo, Evidence, Span

BRIDGE = ArticleInfo(id="a", title="The Tamsel bridge", source="a.txt", published=date(2024, 5, 4))
BEES = ArticleInfo(id="b", title="A quiet year for beekeepers", source="b.txt")
EVIDENCE = tuple(
    Evidence(n, article, Span(n * 100, n * 100 + 99), text, similarity=0.6)
    for n, (article, text) in enumerate(
        [
            (BRIDGE, "The bridge was closed in 2019 after engineers found cracks in two pillars."),
            (BRIDGE, "Repairs took four years and cost 31 million euros."),
            (BRIDGE, "“We never gave up,” said the mayor, Ines Couto."),
            (BEES, "Beekeepers in the valley lost 12 per cent of their hives last winter."),
            (BEES, "Its chairman, Olaf Brandt, blames a mite that came with imported queens."),
        ],
        start=1,
    )
)


def _check(question: str, evidence: tuple[Evidence, ...]) -> Check:
    vector = np.zeros(384, dtype=np.float32)
    return Check(Question(question, vector, rarity=lambda stem: 1.0), evidence)


def test_a_number_in_a_compound_word_counts() -> None:
    winner = replace(EVIDENCE[4], text="Olaf Brandt is a six-time chairman of the association.")
    check = _check("How often was Olaf Brandt chairman?", (winner,))
    assert check(Written("Olaf Brandt was chairman six times.", (5,))).supported
    assert not check(Written("Olaf Brandt was chairman seven times.", (5,))).supported


@pytest.mark.parametrize("name", ["ABC-DuMont", "Flann O’Brien", "Al-Banna", "Jean-Marie D'Arcy"])
def test_a_name_in_several_parts_counts(name: str) -> None:
    merged = replace(EVIDENCE[4], text=f"The new chairman of the association is {name}.")
    check = _check("Who is the new chairman of the association?", (merged,))
    assert check(Written(f"The new chairman of the association is {name}.", (5,))).supported
    assert not check(Written("The new chairman of the association is Al-Bander.", (5,))).supported


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "Mn"]), max_size=60))
@example("In 1,204,000 of 3.5 cases the O’Neill–D'Arcy twenty-one Jean-Luc’s ALLES’")
@example("0\u0300B")
@example("\U0001d539")
def test_a_text_states_its_own_facts(text: str) -> None:
    item = replace(EVIDENCE[4], text=f"So {text}")
    assert facts_of(item.text, (item,)) <= facts_in(item)


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        # kept
        ("The repairs cost 31 million euros.", (2,), (2,)),
        # one sentence off: moved
        ("The repairs cost 31 million euros.", (3,), (2,)),
        ("The repairs cost 31 million euros.", (), (2,)),
        # spelled and written numbers are the same
        ("The repairs took 4 years.", (2,), (2,)),
        # the title and the date of the article count
        ("The repairs of the Tamsel bridge cost 31 million euros.", (2,), (2,)),
        # a citation that adds nothing is dropped
        ("The repairs cost 31 million euros.", (2, 4), (2,)),
        # two neighbours hold it together
        ("The bridge was closed in 2019 and its repairs cost 31 million euros.", (), (1, 2)),
        # wrong number, wrong name, wrong year: nothing supports these
        ("The repairs cost 13 million euros.", (2,), ()),
        ("The mayor, Olaf Brandt, never gave up.", (3,), ()),
        ("The bridge was closed in 2018 after engineers found cracks.", (1,), ()),
        ("The Sundsvall bridge was closed in 2019.", (1,), ()),
        # no fact at all, but words of which nothing speaks
        ("The weather was mild and the harvest plentiful.", (4,), ()),
    ],
)
def test_a_citation_is_kept_moved_or_taken_away(
    text: str, marks: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    checked = _check("What of the bridge and the beekeepers?", EVIDENCE)(Written(text, marks))
    assert checked.marks == expected
    assert checked.supported == bool(expected)


def test_the_opening_word_is_a_name_only_where_the_evidence_writes_it_so() -> None:
    assert facts_of("Repairs took 4 years.", EVIDENCE) == {"4"}
    assert "couto" in facts_of("Couto never gave up.", EVIDENCE)


@pytest.mark.parametrize("similarity", [0.6, 0.99])
def test_what_only_repeats_the_question_is_not_supported(similarity: float) -> None:
    question = "What caused cracks in two pillars of the bridge that engineers found in 2019?"
    repeated = "Engineers found cracks in two pillars of the bridge in 2019."
    near = [replace(EVIDENCE[0], similarity=similarity), *EVIDENCE[1:]]
    assert not _check(question, near)(Written(repeated, (1,))).supported


def test_the_sentence_with_the_answer_is_cited_not_the_one_nearest_to_the_question() -> None:
    subject = replace(
        EVIDENCE[0], text="The Old harbour bridge at Tamsel is a steel bridge.", similarity=0.9
    )
    answer = replace(EVIDENCE[2], text="In practice it opens twice a week.", similarity=0.6)
    check = _check("How often does the Old harbour bridge at Tamsel open?", (subject, answer))
    written = Written("The Old harbour bridge at Tamsel opens twice a week.", (3,))
    assert check(written).marks == (3,)


def test_a_second_look_is_given_less_supported_sentences_too() -> None:
    written = Written("The chairman blames a mite, the weather and the harvest.", (5,))
    question = Question("Whom?", np.zeros(384, dtype=np.float32), rarity=lambda stem: 1.0)
    support = Check(question, EVIDENCE)(written).support
    assert not Check(question, EVIDENCE, support + 0.01)(written).supported
    assert Check(question, EVIDENCE, support)(written).supported


def test_without_evidence_nothing_is_supported() -> None:
    assert not _check("Did it rain?", ())(Written("It rained.", ())).supported


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # Details of the question that no sentence of the article states.
        ("What did the repairs of the Sundsvall bridge cost?", "They cost 31 million euros."),
        (
            "What did the repairs in Sundsvall in 1987 cost?",
            "The repairs in Sundsvall in 1987 cost 31 million euros.",
        ),
    ],
)
def test_a_detail_of_the_question_that_no_article_states_counts_against_it(
    question: str, text: str
) -> None:
    repairs = "What did the repairs cost?"
    assert _check(repairs, EVIDENCE)(Written("They cost 31 million euros.", (2,))).supported
    plain = _support(repairs, "They cost 31 million euros.")
    asked = _support(question, text)
    assert asked <= plain - 0.2


def _support(question: str, text: str) -> float:
    check = _check(question, EVIDENCE)
    return check._support(check._claim(text), _held(question))


def _held(question: str):  # type: ignore[no-untyped-def]
    return (_check(question, EVIDENCE)._held[2],)


def test_a_number_of_something_else_is_no_answer() -> None:
    check = _check("How many beekeepers lost their hives?", EVIDENCE)
    assert not check(Written("12 beekeepers lost their hives.", (4,))).supported


def test_what_a_follow_up_has_from_the_conversation_need_not_stand_in_the_sentence() -> None:
    evidence = (EVIDENCE[1], replace(EVIDENCE[0], span=Span(900, 999)))
    vector = np.zeros(384, dtype=np.float32)
    alone = Question("What did the repairs of the cracks cost?", vector, rarity=lambda stem: 1.0)
    following = replace(alone, told=frozenset({"crack"}))
    answer = Written("The repairs of the cracks cost 31 million euros.", (2,))
    one, other = Check(alone, evidence)(answer), Check(following, evidence)(answer)
    assert one.marks == other.marks == (2,)
    assert other.support > one.support


def test_what_no_evidence_of_the_article_says_does_not_count_as_told() -> None:
    question = Question(
        "What did the repairs of the lighthouse cost?", np.zeros(384, dtype=np.float32), lambda _: 1
    )
    answer = Written("The repairs of the lighthouse cost 31 million euros.", (2,))
    told = replace(question, told=frozenset({"light"}))
    assert Check(told, EVIDENCE)(answer) == Check(question, EVIDENCE)(answer)
