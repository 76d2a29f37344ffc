import threading
from dataclasses import replace

from assistant.answering.check import Checked
from assistant.answering.second_look import SURE, held, look_again
from assistant.records import ArticleInfo, Evidence, Span

ARTICLE = ArticleInfo(id="a", title="Kelm", source="a.txt")
EVIDENCE = [
    Evidence(n, ARTICLE, Span(n * 10, n * 10 + 5), f"Sentence {n}.", similarity=0.5)
    for n in (1, 2, 3, 4, 5)
]


class Asked:
    """Gives the same verdict each time and keeps what it was asked."""

    def __init__(self, verdict: float) -> None:
        self.verdict = verdict
        self.passages: list[str] = []

    def __call__(self, passage: str, question: str, answer: str, stop: threading.Event) -> float:
        self.passages.append(passage)
        return self.verdict


def _look(sentences: list[Checked], asked: Asked, floor: float = 1.7) -> list[Checked]:
    return held(look_again("Why?", sentences, EVIDENCE, asked, floor, threading.Event()), floor)


def test_a_doubtful_sentence_that_the_model_denies_is_unsupported() -> None:
    (denied,) = _look([Checked("So.", (2,), True, 1.3)], Asked(-1.0))
    assert (denied.marks, denied.supported) == ((), False)
    assert denied.support < 1.3
    (kept,) = _look([Checked("So.", (2,), True, 1.3)], Asked(4.0))
    assert (kept.marks, kept.supported) == ((2,), True)
    assert kept.support > 1.7


def test_the_model_sees_the_title_and_what_is_cited() -> None:
    asked = Asked(4.0)
    _look([Checked("So.", (2, 3), True, 1.3)], asked)
    assert asked.passages == ["Kelm: Sentence 2. Sentence 3."]


def test_the_model_sees_what_a_cited_sentence_points_back_to() -> None:
    asked = Asked(4.0)
    leaning = [*EVIDENCE[:2], replace(EVIDENCE[2], text="It is closed."), *EVIDENCE[3:]]
    sentence = Checked("So.", (3,), True, 1.3)
    look_again("Why?", [sentence], leaning, asked, 1.7, threading.Event())
    assert asked.passages == ["Kelm: Sentence 2. It is closed."]


def test_sure_and_unsupported_sentences_are_not_looked_at() -> None:
    asked = Asked(-9.0)
    sentences = [Checked("So.", (2,), True, SURE), Checked("No.", (), False, 0.2)]
    assert _look(sentences, asked, floor=SURE) == sentences
    stricter = [Checked("So.", (2,), True, 1.7)]
    assert _look(stricter, asked, floor=1.7) == stricter
    assert asked.passages == []


def test_only_the_first_few_are_looked_at() -> None:
    asked = Asked(4.0)
    looked = _look([Checked("So.", (n,), True, 1.3) for n in (1, 2, 3, 4, 5)], asked)
    assert len(asked.passages) == 3
    assert [each.supported for each in looked] == [True] * 3 + [False] * 2
