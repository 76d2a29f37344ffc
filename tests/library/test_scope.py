from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from library_fakes import article, opened

from assistant.library.library import Library
from assistant.records import EVERYTHING, Scope

pytestmark = pytest.mark.usefixtures("home")

TEXT = "The ferry harbour of Kolm was dredged by {} ships in that year, more than ever before."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    days = {1: date(2024, 3, 1), 2: date(2025, 3, 1), 3: date(2026, 3, 1), 4: None}
    with opened(tmp_path / "store") as library:
        for number, day in days.items():
            changes = (
                {"tags": ("Harbours", f"year{number}")} if number < 3 else {"site": "Daily Kolm"}
            )
            text = TEXT.format(number)
            library.add(article(number, text, published=day, **changes))
        yield library


def _found(library: Library, scope: Scope = EVERYTHING, newest: bool = False) -> list[int]:
    search = library.search("How many ships dredged the harbour?", 6, 30, scope, newest)
    return [int(hit.article.id[-4:]) for hit in search.hits]


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (EVERYTHING, {1, 2, 3, 4}),
        (Scope(articles=("article0002", "article0004")), {2, 4}),
        (Scope(tags=("harbours",)), {1, 2}),
        (Scope(tags=("year1", "YEAR2")), {1, 2}),
        (Scope(tags=("harbour",)), set()),
        (Scope(sources=("daily kolm",)), {3, 4}),
        (Scope(sources=("/articles/1.txt", "4.txt")), {1, 4}),
        (Scope(since=date(2025, 3, 1)), {2, 3}),
        (Scope(until=date(2025, 3, 1)), {1, 2}),
        (Scope(since=date(2025, 1, 1), until=date(2025, 12, 31)), {2}),
        (Scope(tags=("harbours",), since=date(2025, 1, 1)), {2}),
        (Scope(articles=("nothing",)), set()),
        (Scope(sources=("'; DROP TABLE articles; --",)), set()),
    ],
)
def test_a_search_keeps_to_its_scope(library: Library, scope: Scope, found: set[int]) -> None:
    assert set(_found(library, scope)) == found
    assert {int(each.id[-4:]) for each in library.articles(scope)} == found


def test_the_newest_are_preferred_where_that_is_asked(library: Library) -> None:
    assert _found(library, newest=True)[0] == 3
    assert set(_found(library, newest=True)) == {1, 2, 3, 4}


def test_far_passages_do_not_come_in_by_being_new(library: Library) -> None:
    library.add(article(9, "Herring is dear again.", published=date(2026, 9, 1)))
    search = library.search("How many ships dredged the harbour?", 2, 30, newest=True)
    assert "article0009" not in [hit.article.id for hit in search.hits]
