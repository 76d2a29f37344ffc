import threading
from dataclasses import replace

import numpy as np

from assistant.answering.evidence import weigh
from assistant.answering.quoted import nearest, quoted
from assistant.records import ArticleInfo, Evidence, Span

ARTICLE = ArticleInfo(id="k", title="Kolm", source="k.txt")
QUESTION = weigh("How deep is the quay of Kolm?", np.zeros(2, np.float32), 10, lambda stem: 1)
SENTENCES = [
    "The quay was built of oak in 1911.",
    "It is nine metres deep at high water.",
    "Herring is landed there.",
]
EVIDENCE = [
    Evidence(n, ARTICLE, Span(n * 50, n * 50 + len(text)), text, similarity)
    for n, (text, similarity) in enumerate(zip(SENTENCES, (0.4, 0.7, 0.2), strict=True), start=1)
]
FLOOR = 1.7


def _quoted(sure: float, evidence: list[Evidence] = EVIDENCE) -> list[tuple[str, tuple[int, ...]]]:
    def verdict(passage: str, question: str, answer: str, stop: threading.Event) -> float:
        assert answer in passage
        return sure

    told = quoted(QUESTION, evidence, nearest(evidence), verdict, FLOOR, threading.Event())
    return [(sentence.text, sentence.marks) for sentence in told]


def test_the_nearest_sentence_stands_in_for_an_answer_with_what_it_points_back_to() -> None:
    assert _quoted(4.0) == [(f"“{SENTENCES[0]} {SENTENCES[1]}”", (1, 2))]


def test_a_sentence_that_stands_by_itself_is_quoted_alone() -> None:
    alone = [EVIDENCE[0], replace(EVIDENCE[1], text="The quay is nine metres deep."), EVIDENCE[2]]
    assert _quoted(4.0, alone) == [("“The quay is nine metres deep.”", (2,))]


def test_its_own_words_do_not_speak_for_it_but_the_model_must() -> None:
    assert _quoted(1.0) == []
    assert _quoted(-1.0) == []


def test_a_sentence_far_from_the_question_needs_more_of_the_model() -> None:
    far = [replace(item, similarity=item.similarity - 0.6) for item in EVIDENCE]
    assert _quoted(4.0, far) == []


def test_without_evidence_there_is_nothing_to_quote() -> None:
    assert _quoted(9.0, []) == []
