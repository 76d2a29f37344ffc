import threading

from assistant.answering.asked_of import asked_of, weigh
from assistant.answering.check import Checked
from assistant.records import ArticleInfo, Evidence, Span

ARTICLE = ArticleInfo(id="k", title="Kolm", source="k.txt")
SENTENCES = ["The quay is of oak.", "It is nine metres deep.", "Herring is landed there."]
EVIDENCE = [
    Evidence(n, ARTICLE, Span(n * 50, n * 50 + len(text)), text)
    for n, text in enumerate(SENTENCES, start=1)
]


def _asked_of(word: str, passages: list[str]) -> tuple[int, ...]:
    def likelihood(passage: str, question: str, stop: threading.Event) -> float:
        assert question == "How deep?"
        passages.append(passage)
        return -1.0 if word in passage else -3.0

    return asked_of("How deep?", EVIDENCE, likelihood, threading.Event())


def test_the_likeliest_sentence_is_chosen() -> None:
    assert _asked_of("oak", []) == (1,)


def test_with_what_it_points_back_to_under_the_title_of_its_article() -> None:
    passages: list[str] = []
    assert _asked_of("nine", passages) == (1, 2)
    assert passages[:2] == ["Kolm: The quay is of oak.", f"Kolm: {SENTENCES[0]} {SENTENCES[1]}"]


def _weighed(support: list[float], likely: float) -> tuple[list[float], list[str]]:
    """The support after weighing, and what was looked at."""
    passages: list[str] = []

    def likelihood(passage: str, question: str, stop: threading.Event) -> float:
        passages.append(passage)
        return likely

    sentences = [Checked("So.", (1,), True, each) for each in support]
    found = weigh("How deep?", sentences, EVIDENCE, likelihood, threading.Event())
    return [sentence.support for sentence in found], passages


def test_what_a_question_is_hardly_asked_of_supports_less() -> None:
    (likely,), passages = _weighed([1.4], -1.0)
    (unlikely,), _ = _weighed([1.4], -5.0)
    assert unlikely < 1.4 < likely
    assert passages == ["Kolm: The quay is of oak."]


def test_only_the_first_few_that_are_not_clear_are_weighed() -> None:
    support, passages = _weighed([1.9, 1.4, 1.4, 1.4, 1.4], -5.0)
    assert (support[0], support[-1], len(passages)) == (1.9, 1.4, 3)


def test_what_is_unsupported_stays_so() -> None:
    unsupported = Checked("So.", (), False, 0.4)
    weighed = weigh("How?", [unsupported], EVIDENCE, lambda *_: 0.0, threading.Event())
    assert weighed == [unsupported]
