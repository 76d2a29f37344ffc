import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import evidence as choosing
from assistant.answering import overview
from assistant.records import ArticleInfo, Hit, Passage, Sentence, Span

RANDOM = np.random.default_rng(7)


def _unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


ASKED = _unit(RANDOM.normal(size=384))


def _hit(title: str, number: int, sentences: list[str], near: float = 0.2) -> Hit:
    spans, at = [], number * 10_000
    for text in sentences:
        spans.append(Span(at, at + len(text)))
        at += len(text) + 1
    vectors = [_unit(_unit(RANDOM.normal(size=384)) + near * ASKED) for _ in sentences]
    return Hit(
        article=ArticleInfo(id=title, title=title, source=title),
        passage=Passage(f"{title}-{number}", title, Span(number * 10_000, at), tuple(spans)),
        text=" ".join(sentences),
        sentences=tuple(map(Sentence, spans, sentences, vectors)),
        similarity=0.5,
        score=1.0,
    )


def _question(text: str) -> choosing.Question:
    return choosing.weigh(text, ASKED, passages=100, passages_with=lambda stem: 3)


KELM = [_hit("The Kelm tower", n, [f"Fact {n} of Kelm.", f"More of {n}."]) for n in range(6)]
DORN = [_hit("The Dorn bridge", n, [f"Dorn has fact {n}.", f"It is {n}."]) for n in range(6)]
FISH = [_hit("Fish", 0, ["Fish swim in the sea.", "They eat weeds."])]
ALL = {"The Kelm tower": KELM, "The Dorn bridge": DORN, "Fish": FISH}


def _gather(text: str, hits: list[Hit], budget: int = 120) -> tuple[object, ...]:
    return overview.gather(_question(text), hits, lambda id_, vector: ALL[id_], budget)


@pytest.mark.parametrize(
    "text",
    [
        "Summarise the article on the Kelm tower",
        "Sum up the history of coffee",
        "What are the main points?",
        "Compare the tower with the bridge",
        "How do the tower and the bridge differ?",
        "What do the articles say about floods?",
        "Which ships are there in the articles?",
        "Gib mir eine Zusammenfassung",
    ],
)
def test_what_asks_for_an_overview(text: str) -> None:
    assert choosing.is_overview(text)


@pytest.mark.parametrize("text", ["How tall is the Kelm tower?", "What did the mayor say?"])
def test_what_asks_for_a_fact(text: str) -> None:
    assert not choosing.is_overview(text)


def test_a_named_article_is_summarised_alone_and_over_its_length() -> None:
    hits = [KELM[2], DORN[0], FISH[0]]
    evidence = _gather("Give me a summary of the Kelm tower", hits)
    assert {item.article.id for item in evidence} == {"The Kelm tower"}
    assert len({item.span.start // 10_000 for item in evidence}) >= 4
    assert [item.number for item in evidence] == list(range(1, len(evidence) + 1))
    assert [item.span.start for item in evidence] == sorted(i.span.start for i in evidence)


def test_a_comparison_gets_as_much_of_both_articles() -> None:
    evidence = _gather("Compare the Kelm tower with the Dorn bridge", [KELM[0], DORN[0], FISH[0]])
    counts = [sum(i.article.id == name for i in evidence) for name in list(ALL)[:2]]
    assert min(counts) >= 2
    assert abs(counts[0] - counts[1]) <= 2


def test_a_sentence_is_not_told_twice() -> None:
    twice = _hit("The Kelm tower", 0, ["The tower is tall.", "Bells ring.", "The tower is tall."])
    same = list(twice.sentences)
    same[2] = Sentence(same[2].span, same[2].text, same[0].vector)
    hit = Hit(twice.article, twice.passage, twice.text, tuple(same), 0.5, 1.0)
    question = _question("Summarise the Kelm tower")
    evidence = overview.gather(question, [hit], lambda id_, vector: [hit], 30)
    assert sorted(item.text for item in evidence) == ["Bells ring.", "The tower is tall."]


def test_nothing_found_gives_nothing() -> None:
    assert _gather("Summarise the Kelm tower", []) == ()


@given(budget=st.integers(40, 400))
def test_the_budget_holds(budget: int) -> None:
    evidence = overview.gather(
        _question("Compare the Kelm tower with the Dorn bridge"),
        [KELM[0], DORN[0]],
        lambda id_, vector: ALL[id_],
        budget,
    )
    assert choosing.tokens_in(choosing.shown(evidence)) <= budget
