from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation import feedback, questions
from assistant.evaluation.result import Result, cited_right, right
from assistant.records import (
    Answer,
    AnswerSentence,
    ArticleInfo,
    Citation,
    Exchange,
    Scope,
    Seconds,
)

ARTICLE = ArticleInfo(id="a", title="The Tamsel bridge", source="bridge.txt")
OPENED = "The bridge was opened by Anna Berg on 4 May 1912, after three years of work."
CRACKS = "It was closed because engineers found cracks in two of its pillars."
HOME = "Rotterdam was its home."
PORT = "A ship of the line had sailed from Rotterdam in the spring."


def answered(text: str, *quotes: str, asked: str = "Who?", **changes: Any) -> Answer:
    marks = tuple(range(1, len(quotes) + 1))
    citations = tuple(
        Citation(number, ARTICLE, 0, len(quote), quote) for number, quote in enumerate(quotes, 1)
    )
    values: dict[str, Any] = {
        "question": asked, "text": f"{text} [1]", "refused": False, "citations": citations,
        "sentences": (AnswerSentence(text, marks, True),), "nearest": (), "model": "fake",
        "seconds": Seconds(0.1, 1.0, 2.0),
    }  # fmt: skip
    return Answer(**{**values, **changes})


def refused(*nearest: str, asked: str = "Who?", **changes: Any) -> Answer:
    shown = answered("", *nearest, asked=asked).citations
    return answered(
        "The articles do not answer this.", asked=asked, refused=True, sentences=(),
        nearest=shown, **changes,
    )  # fmt: skip


def judged(answer: Answer | None, liked: bool | None = True, remark: str = "") -> Exchange:
    question = answer.question if answer else "Who?"
    return Exchange(1, question, answer, liked=liked, remark=remark)


def row(answer: Answer, liked: bool = True, remark: str = "") -> dict[str, Any] | None:
    rows = feedback.questions([judged(answer, liked, remark)])
    return rows[0] if rows else None


# --- Answers judged good --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "quote", "wording"),
    [
        # The sort that is asked for
        ("Who opened the bridge?", "Anna Berg opened it on 4 May 1912.", OPENED, "Anna Berg"),
        ("When was the bridge opened?", "Anna Berg opened it on 4 May 1912.", OPENED, "4 May 1912"),
        ("What year did it open?", "It opened in 1912 after three years.", OPENED, "1912"),
        ("How long did work take?", "Work took 3 years, until 4 May 1912.", OPENED, "3"),
        ("Wann wurde die Brücke geöffnet?", "Am 4 May 1912.", OPENED, "4 May 1912"),
        ("Where had the ship sailed from?", "Rotterdam was its port.", PORT, "Rotterdam"),
        # Where the question does not say it, the only one
        ("Which port had it sailed from?", "It had sailed from Rotterdam.", PORT, "Rotterdam"),
        ("Which port had it sailed from?", "The Rotterdam one.", HOME, "Rotterdam"),
        ("Did Anna Berg open it in 1912?", "Anna Berg did, after three years.", OPENED, "three"),
        # The shortest of several forms
        ("Who opened it?", "Anna Berg did. Berg was first.", OPENED, "Berg"),
    ],
)
def test_the_wording_that_is_accepted(question: str, text: str, quote: str, wording: str) -> None:
    made = row(answered(text, CRACKS, quote, asked=question))
    assert made is not None
    assert (made["answers"], made["evidence"]) == ([wording], [quote])
    assert (made["article"], made["kind"]) == ("The Tamsel bridge", "feedback")
    assert "cites" not in made


@pytest.mark.parametrize(
    ("question", "text", "quote"),
    [
        ("Why was the bridge closed?", "It was closed because of cracks.", CRACKS),
        ("What do you know of it?", "Anna Berg opened it on 4 May 1912.", OPENED),  # several
        ("Who opened it in 1912?", "It was opened in 1912.", OPENED),  # no name
        ("Who opened it?", "Jo Hill opened it.", OPENED),  # not in the quote
        ("Who opened it, Anna Berg?", "Anna Berg opened it.", OPENED),  # of the question
        ("Which was it?", "Cracks were found.", CRACKS),  # large only where a sentence begins
    ],
)
def test_where_words_cannot_tell_it_must_be_cited(question: str, text: str, quote: str) -> None:
    made = row(answered(text, quote, asked=question))
    assert made is not None
    assert (made["answers"], made["cites"], made["evidence"]) == ([], 1, [quote])


def test_a_sentence_is_held_to_what_it_cites_itself() -> None:
    sentences = (AnswerSentence("Anna Berg opened it.", (1,), True),)
    given = answered("Anna Berg opened it.", CRACKS, OPENED, asked="Who opened it?")
    made = row(replace(given, sentences=sentences))
    assert made is not None and made["cites"] == 1


def test_an_answer_that_cites_nothing_is_left_out() -> None:
    assert row(answered("Anna Berg opened it.", asked="Who opened it?")) is None


def test_a_refusal_judged_good() -> None:
    made = row(refused(CRACKS, asked="Who owns the moon?"))
    assert made is not None
    assert (made["question"], made["answers"], made["article"]) == ("Who owns the moon?", [], None)
    assert "cites" not in made and "evidence" not in made


# --- Answers judged bad ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "remark", "answers", "evidence"),
    [
        (refused(CRACKS, OPENED), "Anna Berg", ["Anna Berg"], [OPENED]),
        (refused(CRACKS, asked="Why?"), "“cracks in two of its pillars.”",
         ["cracks in two of its pillars"], [CRACKS]),
        (answered("It was Jo Hill.", OPENED), "No, it was Anna Berg, not Jo Hill", ["Anna Berg"],
         None),
        (answered("It cost 31.", OPENED, asked="How much?"), "It was 42", ["42"], None),
    ],
)  # fmt: skip
def test_a_remark_that_says_what_is_right(
    given: Answer, remark: str, answers: list[str], evidence: list[str] | None
) -> None:
    made = row(given, liked=False, remark=remark)
    assert made is not None
    assert (made["answers"], made.get("evidence")) == (answers, evidence)
    assert made["article"] == ("The Tamsel bridge" if evidence else None)


@pytest.mark.parametrize(
    ("given", "remark"),
    [
        (answered("It was Jo Hill.", OPENED), ""),
        (answered("It was Jo Hill.", OPENED), "too long"),
        (answered("It was Jo Hill.", OPENED), "Wrong"),
        (answered("It was Jo Hill.", OPENED), "not Jo Hill"),
        (answered("It was Jo Hill.", OPENED), "by"),
        (answered("It was Jo Hill.", OPENED), "Jim Frost or Mia Stone"),
        (answered("It was Jo Hill.", OPENED),
         "I think that it was Anna Berg on that day"),
        (refused(CRACKS), ""),
        (refused(CRACKS), "it is in there"),
        (answered("It was Anna Berg.", OPENED), "Anna Berg"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_out(given: Answer, remark: str) -> None:
    assert row(given, liked=False, remark=remark) is None


# --- Which are taken ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scope", [Scope(articles=("a",)), Scope(tags=("x",)), Scope(since=date(2024, 1, 1))]
)
def test_what_was_limited_is_left_out(scope: Scope) -> None:
    assert row(refused(asked="Who?", scope=scope)) is None
    given = answered("Anna Berg opened it.", OPENED, scope=scope)
    assert row(given) is None
    assert row(given, liked=False, remark="Anna Berg") is None


def test_what_has_no_verdict_or_no_answer_is_left_out() -> None:
    assert (
        feedback.questions([judged(refused(), None), judged(None, True), judged(None, False)]) == []
    )


def test_a_follow_up_is_asked_as_it_stands_by_itself() -> None:
    given = answered("She was Anna Berg.", OPENED, asked="And who?")
    made = row(replace(given, asked="Who opened the bridge?"))
    assert made is not None and made["question"] == "Who opened the bridge?"


def test_the_latest_verdict_on_a_question_counts() -> None:
    good = judged(answered("Anna Berg did.", OPENED, asked="Who opened it?"))
    same = judged(refused(asked="who opened it"))
    assert [each["answers"] for each in feedback.questions([good, same])] == [[]]
    assert [each["answers"] for each in feedback.questions([same, good])] == [["Anna Berg"]]
    assert feedback.questions([good, replace(same, liked=False)]) == []


# --- As a question set ----------------------------------------------------------------------------


def test_the_rows_load_again_and_score(tmp_path: Path) -> None:
    named = answered("It was Anna Berg.", OPENED, asked="Who opened the bridge? “Größe”\u2028")
    free = answered("It was closed because of cracks.", CRACKS, asked="Why was it closed?")
    refusal = refused(asked="Who owns the moon?")
    rows = feedback.questions(map(judged, (named, free, refusal)))
    file = tmp_path / "feedback.jsonl"
    file.write_text(feedback.jsonl(rows), encoding="utf-8")
    asked = questions.read(file)
    assert [each.kind for each in asked] == ["feedback"] * 3
    assert [each.answerable for each in asked] == [True, True, False]
    assert [each.question for each in asked] == [
        given.question.strip() for given in (named, free, refusal)
    ]
    assert right(Result(asked[0], named)) and cited_right(Result(asked[0], named))
    assert right(Result(asked[1], free)) and not right(Result(asked[1], refusal))
    wrong = answered("It was Jo Hill.", OPENED)
    assert not right(Result(asked[0], wrong))


def test_a_question_keeps_its_id() -> None:
    one = row(refused(asked="Who owns the moon?"))
    other = row(answered("Anna Berg.", OPENED, asked="Who owns the  moon?"))
    assert one is not None and other is not None and one["id"] == other["id"]
    assert row(refused(asked="Who owns the sun?"))["id"] != one["id"]  # type: ignore[index]
