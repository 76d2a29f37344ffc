"""The sample library holds what its questions ask for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[1] / "seeds"
KINDS = {"answerable", "absent article", "near miss"}
TITLE = {
    ".md": re.compile(r'^title: "?(.+?)"?$', re.MULTILINE),
    ".txt": re.compile(r"\A(.+)$", re.MULTILINE),
    ".html": re.compile(r'<meta property="og:title" content="([^"]+)">'),
}


def articles() -> dict[str, str]:
    """Every sample article's file text by its title."""
    texts = {}
    for path in (SEEDS / "articles").iterdir():
        text = path.read_text("utf-8")
        found = TITLE[path.suffix].search(text)
        assert found, f"{path.name} has no title"
        texts[found[1]] = text
    return texts


def questions() -> list[dict[str, Any]]:
    lines = (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_there_are_enough_articles_in_every_format() -> None:
    suffixes = [path.suffix for path in (SEEDS / "articles").iterdir()]
    assert len(articles()) == len(suffixes) >= 12
    assert min(suffixes.count(suffix) for suffix in TITLE) >= 2


def test_one_article_embeds_a_remote_image() -> None:
    assert sum("<img src=" in text for text in articles().values()) == 1


def test_at_least_a_third_of_the_questions_is_not_answerable() -> None:
    rows = questions()
    others = [row for row in rows if row["kind"] != "answerable"]
    assert len(rows) >= 60
    assert len(others) * 3 >= len(rows)


def test_every_question_is_well_formed() -> None:
    rows = questions()
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["question"].casefold() for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"id", "question", "answers", "article", "kind"}
        assert row["kind"] in KINDS
        assert len(json.dumps(row)) < 100_000
        answerable = row["kind"] == "answerable"
        assert bool(row["answers"]) == bool(row["article"]) == answerable, row["id"]


def test_every_answer_stands_in_its_article() -> None:
    texts = articles()
    for row in questions():
        if row["kind"] == "answerable":
            text = texts[row["article"]].casefold()
            assert any(answer.casefold() in text for answer in row["answers"]), row["id"]


def test_every_article_is_asked_about() -> None:
    assert {row["article"] for row in questions()} - {None} == set(articles())
