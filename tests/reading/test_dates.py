from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import dates


@pytest.mark.parametrize(
    "written",
    [
        "19 March 2025",
        "19th of March, 2025",
        "19 Mar. 2025",
        "March 19, 2025",
        "Mar 19 2025",
        "MARCH 19th, 2025",
        "19-Mar-2025",
        "2025-03-19",
        "2025/03/19",
        "2025-03-19T10:15:00+01:00",
        "19.03.2025",
        "19.3.2025",
        "19/03/2025",
        "03/19/2025",
        "Wednesday, 19 March 2025 10:15 GMT",
    ],
)
def test_forms(written: str) -> None:
    assert dates.parse(written) == date(2025, 3, 19)
    assert not dates.cut(written).strip(" ,")


@pytest.mark.parametrize(
    "written", ["", "March 2025", "in 2025", "31.02.2025", "19.13.2025", "1.2.3", "03/04/2025"]
)
def test_no_whole_or_no_certain_date(written: str) -> None:
    assert dates.parse(written) is None


def test_same_day_and_month_is_certain() -> None:
    assert dates.parse("04/04/2025") == date(2025, 4, 4)


@given(st.text())
def test_any_text(text: str) -> None:
    dates.find(text)
    dates.cut(text)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
def test_every_day(day: date) -> None:
    assert dates.parse(day.isoformat()) == day
    assert dates.parse(f"{day:%d %B} {day.year}") == day
    assert dates.parse(f"on {day:%b} {day.day}, {day.year} at noon") == day
