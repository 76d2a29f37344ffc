from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import evidence as choosing
from assistant.records import ArticleInfo, Hit, Passage, Sentence, Span


def _vector(seed: int, near: np.ndarray | None = None) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=384)
    if near is not None:
        vector = vector * 0.3 + near * 20
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _hit(
    article: str, sentences: list[str], vectors: list[np.ndarray], published: date | None = None
) -> Hit:
    spans, at = [], 0
    for text in sentences:
        spans.append(Span(at, at + len(text)))
        at += len(text) + 1
    return Hit(
        article=ArticleInfo(id=article, title=article, source=article, published=published),
        passage=Passage(f"{article}-0", article, Span(0, at), tuple(spans)),
        text=" ".join(sentences),
        sentences=tuple(
            Sentence(span, text, vector)
            for span, text, vector in zip(spans, sentences, vectors, strict=True)
        ),
        similarity=0.5,
        score=1.0,
    )


ASKED = _vector(0)


def _question(text: str = "How tall is the Kelm tower?") -> choosing.Question:
    return choosing.weigh(text, ASKED, passages=100, passages_with=lambda stem: 3)


def test_the_sentence_that_speaks_of_the_question_is_kept() -> None:
    hit = _hit(
        "Kelm",
        ["It rained all day long.", "The Kelm tower is 90 metres tall.", "Cats sleep."],
        [_vector(1), _vector(2, ASKED), _vector(3)],
    )
    chosen = choosing.choose(_question(), [hit], budget=20)
    assert [item.text for item in chosen] == ["The Kelm tower is 90 metres tall."]


def test_a_pronoun_brings_the_sentence_before_it() -> None:
    hit = _hit(
        "Kelm",
        ["Cats sleep.", "The tower stands in Kelm.", "It is 90 metres tall."],
        [_vector(1), _vector(2), _vector(3, ASKED)],
    )
    chosen = choosing.choose(_question(), [hit], budget=30)
    assert [item.text for item in chosen] == [
        "The tower stands in Kelm.",
        "It is 90 metres tall.",
    ]


def test_the_best_passage_stands_last_and_numbers_run_through() -> None:
    best = _hit("best", ["The Kelm tower is tall."], [_vector(1, ASKED)])
    other = _hit("other", ["Towers are tall."], [_vector(2)])
    chosen = choosing.choose(_question(), [best, other], budget=100)
    assert [item.article.id for item in chosen] == ["other", "best"]
    assert [item.number for item in chosen] == [1, 2]


def test_a_sentence_longer_than_the_budget_is_better_than_nothing() -> None:
    hit = _hit("a", ["word " * 300 + "."], [_vector(1)])
    assert len(choosing.choose(_question(), [hit], budget=50)) == 1


def test_nothing_found_gives_no_evidence_and_no_strength() -> None:
    assert choosing.choose(_question(), [], budget=50) == ()
    assert choosing.strength(_question(), []) == 0.0


def test_shown_evidence_carries_title_date_and_numbers_and_no_marks_of_the_article() -> None:
    hit = _hit("Kelm", ["A tower [7] stands."], [_vector(1)], date(2024, 5, 4))
    chosen = choosing.choose(_question(), [hit], budget=50)
    assert choosing.shown(chosen) == '"Kelm" (4 May 2024)\n[1] A tower (7) stands.'


@given(
    budget=st.integers(20, 200),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=12),
)
def test_the_budget_holds(budget: int, lengths: list[int]) -> None:
    hit = _hit("a", ["w " * n + "." for n in lengths], [_vector(i) for i in range(len(lengths))])
    chosen = choosing.choose(_question(), [hit], budget=budget)
    if len(chosen) > 1:
        assert choosing.tokens_in(choosing.shown(chosen)) <= budget
