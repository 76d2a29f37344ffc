from __future__ import annotations

from dataclasses import replace

import pytest
from evaluation_fakes import ARTICLE, HOW_LONG, WHERE, WHO_WON, answer, refusal, result
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation import metrics
from assistant.evaluation.metrics import Mean, Rate, Times
from assistant.evaluation.questions import Question
from assistant.evaluation.result import cited_right, f1, right
from assistant.records import AnswerSentence, Citation, Seconds

RIGHT = answer("It lasted 2300 seconds.")
ELSEWHERE = answer("It lasted 2300 seconds.", quote="They talked.")
WRONG = answer("It lasted a day.")
OVERVIEW = Question("9", "Sum it up", (), None, "overview", cites=2)


def cited(*spans: tuple[int, int]) -> tuple[Citation, ...]:
    return tuple(
        Citation(n, ARTICLE, start, end, ARTICLE.text[start:end])
        for n, (start, end) in enumerate(spans, 1)
    )


BOTH = cited((0, 24), (25, 37))


def test_what_other_measurements_use_of_this_module() -> None:
    assert metrics.answered_right("7 of them", ["seven"])
    assert metrics.holds("7", "seven")
    assert metrics.normalise("The A") == ""


def test_a_right_answer_may_have_a_wrong_citation() -> None:
    assert right(result(HOW_LONG, ELSEWHERE))
    assert not cited_right(result(HOW_LONG, ELSEWHERE))
    assert cited_right(result(HOW_LONG, RIGHT))
    assert not right(result(HOW_LONG, WRONG))


def test_the_very_sentence_that_answers_must_cite_what_states_it() -> None:
    sentences = (
        AnswerSentence("They talked.", (1,), True),
        AnswerSentence("It lasted 2300 seconds.", (2,), True),
    )
    crossed = answer("", sentences=sentences, citations=BOTH)
    straight = answer("", sentences=sentences, citations=BOTH[::-1])
    straight = replace(straight, citations=tuple(replace(c, number=3 - c.number) for c in BOTH))
    assert not cited_right(result(HOW_LONG, crossed))
    assert cited_right(result(HOW_LONG, straight))


def test_known_evidence_decides_over_the_wording() -> None:
    elsewhere = replace(HOW_LONG, evidence=("They talked for 2300 seconds.",))
    there = replace(HOW_LONG, evidence=("lasted 2,300 seconds",))
    assert not cited_right(result(elsewhere, RIGHT))
    assert cited_right(result(there, RIGHT))


def test_a_refusal_is_never_right() -> None:
    refused = answer("2300 seconds", refused=True)
    assert not right(result(HOW_LONG, refused))
    assert not cited_right(result(HOW_LONG, refused))
    assert f1(result(HOW_LONG, refused)) == 0.0
    assert not right(result(OVERVIEW, answer("", refused=True, citations=BOTH)))


def test_an_overview_cites_enough_different_sentences_and_all_of_it_is_supported() -> None:
    assert right(result(OVERVIEW, answer("", citations=BOTH)))
    assert not right(result(OVERVIEW, answer("", citations=cited((0, 24), (0, 24)))))
    unsupported = (AnswerSentence("a", (1,), True), AnswerSentence("b", (2,), False))
    assert not right(result(OVERVIEW, answer("", citations=BOTH, sentences=unsupported)))
    worded = replace(OVERVIEW, answers=("2300 seconds",))
    assert right(result(worded, answer("2300 seconds", citations=BOTH)))
    assert not right(result(worded, answer("a day", citations=BOTH)))


def test_the_figures() -> None:
    bare = answer("No mark.", sentences=(AnswerSentence("No mark.", (), False),), citations=())
    figures = metrics.of_answers([
        result(HOW_LONG, RIGHT, found=("Moss", "The long call!"), rank=2, kept=True,
               verbatim=(True,)),
        result(HOW_LONG, ELSEWHERE, found=("Moss",), rank=4, kept=False, verbatim=(False,)),
        result(HOW_LONG, refusal(), rank=1, kept=True),
        result(HOW_LONG, error="the model failed"),
        result(OVERVIEW, WRONG),
        result(WHO_WON, bare),
        result(WHO_WON, refusal()),
        result(WHERE, refusal()),
    ])  # fmt: skip
    rates = {name: figure for name, figure in figures.items() if isinstance(figure, Rate)}
    assert rates == {
        "answered right": Rate(2, 5),
        "answered right: answerable": Rate(2, 4),
        "answered right: overview": Rate(0, 1),
        "wrongly refused": Rate(1, 5),
        "rightly refused": Rate(2, 3),
        "rightly refused: absent article": Rate(1, 1),
        "rightly refused: near miss": Rate(1, 2),
        "answered right, citation right": Rate(1, 4),
        "right answers whose citation is right": Rate(1, 2),
        "answer sentences with a citation": Rate(3, 4),
        "answer sentences with a citation or a mark": Rate(4, 4),
        "quotes verbatim": Rate(1, 2),
        "recall@1": Rate(1, 4),
        "recall@3": Rate(2, 4),
        "recall@5": Rate(3, 4),
        "recall@10": Rate(3, 4),
        "article in the first 5 passages": Rate(1, 4),
        "evidence kept": Rate(2, 4),
        "failed with an error": Rate(1, 8),
    }
    assert rates["answered right"].value == 0.4
    assert figures["MRR@10"] == Mean(pytest.approx((1 / 2 + 1 / 4 + 1) / 4), 4)
    # “it lasted 2300 seconds” against “2300 seconds”, twice; a refusal and an error are 0
    assert figures["token F1"] == Mean(pytest.approx(2 * (2 / 3) / 4), 4)


def test_kinds_are_told_apart_only_where_there_are_several() -> None:
    assert "answered right: answerable" not in metrics.of_answers([result(HOW_LONG, RIGHT)])


def test_the_figures_of_a_search_alone() -> None:
    strong = {"strength": 0.9, "search_seconds": 0.2}
    figures = metrics.of_retrieval(
        [
            result(HOW_LONG, rank=3, kept=True, **strong),
            result(HOW_LONG, strength=0.5, search_seconds=0.4),
            result(WHO_WON, strength=0.79, search_seconds=0.3),
            result(WHERE, **strong),
            result(WHERE, error="too long"),
        ],
        refuse_below=0.8,
    )
    assert figures["recall@3"] == Rate(1, 2) and figures["recall@1"] == Rate(0, 2)
    assert figures["evidence kept"] == Rate(1, 2)
    assert figures["wrongly refused before the model"] == Rate(1, 2)
    assert figures["rightly refused before the model"] == Rate(1, 3)
    assert figures["rightly refused before the model: near miss"] == Rate(1, 1)
    assert figures["rightly refused before the model: absent article"] == Rate(0, 2)
    assert figures["seconds: search"] == Times(pytest.approx(0.25), pytest.approx(0.385), 4)
    assert figures["failed with an error"] == Rate(1, 5)
    assert "answered right" not in figures


def test_the_figures_of_nothing() -> None:
    figures = metrics.of_answers([])
    assert all(rate.value is None for rate in figures.values() if isinstance(rate, Rate | Mean))
    assert figures["seconds: whole answer"] == Times(None, None, 0)
    assert figures["answered right"] == Rate(0, 0) and Rate(0, 0).interval is None


def test_the_interval_of_a_rate_is_wilsons() -> None:
    # 8 of 10, as the textbooks have it
    assert Rate(8, 10).interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert Rate(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert Rate(10, 10).interval == pytest.approx((0.7225, 1.0), abs=1e-4)


@given(st.integers(0, 50), st.integers(1, 50))
def test_a_rate_lies_in_its_interval(hits: int, more: int) -> None:
    rate = Rate(hits, hits + more)
    assert rate.value is not None and rate.interval is not None
    assert 0 <= rate.interval[0] <= rate.value + 1e-9 <= rate.interval[1] + 2e-9 <= 1 + 2e-9


def test_times_of_answers_and_refusals_are_apart() -> None:
    slow = answer("x", seconds=Seconds(0.3, 3.0, 5.0))
    figures = metrics.of_answers(
        [result(HOW_LONG, RIGHT), result(HOW_LONG, slow), result(WHERE, refusal())]
    )
    assert figures["seconds: whole answer"] == Times(3.5, pytest.approx(4.85), 2)
    assert figures["seconds: first word of an answer"] == Times(2.0, pytest.approx(2.9), 2)
    assert figures["seconds: refusal"] == Times(2.0, 2.0, 1)
    assert figures["seconds: search"].n == 3


def test_percentile() -> None:
    assert metrics.percentile([], 0.5) is None
    assert metrics.percentile([3, 1, 2], 0.5) == 2
    assert metrics.percentile([1, 2], 0.5) == 1.5
    assert metrics.percentile(range(101), 0.95) == pytest.approx(95)
    assert metrics.percentile([4], 0.95) == 4
