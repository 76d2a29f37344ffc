from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.reading import markdown
from assistant.reading.clean import clean
from assistant.reading.draft import Draft

PAGE = """\
---
title: "War: a history"
authors:
  - Jane Doe
  - 'John Roe'
date: 2025-03-19T10:00:00Z
tags: [war, "ice hockey"]
layout: post
source: https://news.example/a
---

# War: a history

The **first** war was *short*, as [the book](https://book.example "Book") says[^1],
and `nothing` came of it. ![a map](https://img.example/map.png)

<!-- a note
to self -->

## Causes ##

- land
- ~~gold~~ and
  silver
    1. in bars
    2. in coins

> It was about land.

| Year | Cost |
|------|-----:|
| 1900 | 5    |

```python
x = 1
```

Roses are red\\
violets blue.

***

<div class="note">Fish &amp; chips</div>
"""


def test_marks_go_and_what_they_mark_stays() -> None:
    draft = clean(markdown.read(PAGE))
    assert draft == Draft(
        title="War: a history",
        authors=("Jane Doe", "John Roe"),
        published=date(2025, 3, 19),
        tags=("war", "ice hockey"),
        text=(
            "The first war was short, as the book says, and nothing came of it.\n\n"
            "Causes\n\n"
            "- land\n- gold and silver\n1. in bars\n2. in coins\n\n"
            "It was about land.\n\n"
            "Year | Cost\n1900 | 5\n\n"
            "x = 1\n\n"
            "Roses are red\nviolets blue.\n\n"
            "Fish & chips"
        ),
    )


def test_the_first_heading_is_the_title() -> None:
    draft = clean(markdown.read("A word before.\n\n# The *river*\n\nIt flows, and it is long."))
    assert draft.title == "The river"
    assert draft.text == "A word before.\n\nIt flows, and it is long."


def test_front_matter_that_is_not_quite_yaml() -> None:
    draft = markdown.read("---\ntitle: War: a history\nauthor: Jane Doe\n: x\n[\n---\nText.")
    assert (draft.title, draft.authors, draft.text.strip()) == (
        "War: a history",
        ("Jane Doe",),
        "Text.",
    )


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert "A line" in markdown.read("---\n\nA line.\n").text
    assert "word: a line" in markdown.read("---\nword: a line\n").text


@given(st.text(alphabet="#*_-`>|[]()!<a1. \n~:\\&\"'", max_size=80) | st.text())
def test_any_text(text: str) -> None:
    clean(markdown.read(text))
