from datetime import date

import pytest

from assistant.answering.check import check, facts_of
from assistant.answering.parse import Written
from assistant.records import ArticleInfo, Evidence, Span

BRIDGE = ArticleInfo(id="a", title="The Tamsel bridge", source="a.txt", published=date(2024, 5, 4))
BEES = ArticleInfo(id="b", title="A quiet year for beekeepers", source="b.txt")
EVIDENCE = tuple(
    Evidence(n, article, Span(n * 100, n * 100 + 50), text)
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
    checked = check(Written(text, marks), EVIDENCE)
    assert checked.marks == expected
    assert checked.supported == bool(expected)


def test_the_opening_word_is_a_name_only_where_the_evidence_writes_it_so() -> None:
    assert facts_of("Repairs took 4 years.", EVIDENCE) == {"4"}
    assert "couto" in facts_of("Couto never gave up.", EVIDENCE)


def test_without_evidence_nothing_is_supported() -> None:
    assert not check(Written("It rained.", ()), ()).supported
