"""The sample library holds what its questions ask for."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from assistant.evaluation.metrics import holds
from assistant.reading import files

SEEDS = Path(__file__).parents[1] / "seeds"
KINDS = {"answerable", "absent article", "near miss"}
FIELDS = {"id", "question", "answers", "article", "kind"}
NOT_ANSWERABLE = "follow-up, not answerable"
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


def questions(name: str = "questions") -> list[dict[str, Any]]:
    lines = (SEEDS / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def texts() -> dict[str, str]:
    """Every sample article's text by its title, both as the assistant reads them."""
    read = [files.read(path, max_bytes=10**6)[0] for path in (SEEDS / "articles").iterdir()]
    return {article.title: article.text for article in read}


def assert_evidence(row: dict[str, Any]) -> None:
    """Each stretch stands in the article as it is, and states an accepted wording itself."""
    assert row["evidence"], row["id"]
    for stretch in row["evidence"]:
        assert stretch in texts()[row["article"]], row["id"]
        assert any(holds(stretch, wording) for wording in row["answers"]), row["id"]


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
        answerable = row["kind"] == "answerable"
        assert set(row) == FIELDS | ({"evidence"} if answerable else set())
        assert row["kind"] in KINDS
        assert len(json.dumps(row)) < 100_000
        assert bool(row["answers"]) == bool(row["article"]) == answerable, row["id"]


def test_the_articles_are_read_under_the_titles_that_the_questions_name() -> None:
    assert set(texts()) == set(articles())


def test_every_answer_stands_in_its_article() -> None:
    for row in questions():
        if row["kind"] == "answerable":
            text = texts()[row["article"]].casefold()
            assert any(answer.casefold() in text for answer in row["answers"]), row["id"]


def test_the_evidence_of_every_answerable_question_states_its_answer() -> None:
    answerable = [row for row in questions() if row["kind"] == "answerable"]
    assert answerable
    for row in answerable:
        assert_evidence(row)


def test_every_article_is_asked_about() -> None:
    assert {row["article"] for row in questions()} - {None} == set(articles())


def test_there_are_enough_conversations_of_each_kind() -> None:
    kinds = Counter(row["kind"] for row in questions("conversations"))
    turns = Counter(len(row["before"]) for row in questions("conversations"))
    assert set(kinds) == {"follow-up", "new subject", NOT_ANSWERABLE}
    assert kinds["follow-up"] >= 32 and kinds["new subject"] >= 8 and kinds[NOT_ANSWERABLE] >= 4
    assert set(turns) == {1, 2} and turns[1] >= 30 and turns[2] >= 14


def test_every_conversation_is_well_formed() -> None:
    rows = questions("conversations")
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({(*row["before"], row["question"]) for row in rows}) == len(rows)
    for row in rows:
        answerable = row["kind"] != NOT_ANSWERABLE
        assert set(row) == FIELDS | {"before"} | ({"evidence"} if answerable else set())
        assert bool(row["answers"]) == bool(row["article"]) == answerable, row["id"]
        assert all(isinstance(turn, str) and turn.strip() for turn in row["before"]), row["id"]


def test_every_answer_of_a_conversation_stands_in_its_article() -> None:
    for row in questions("conversations"):
        if row["kind"] != NOT_ANSWERABLE:
            assert all(wording in texts()[row["article"]] for wording in row["answers"]), row["id"]
            assert_evidence(row)


def test_no_conversation_gives_its_answer_away() -> None:
    for row in questions("conversations"):
        asked = " ".join([*row["before"], row["question"]])
        assert not any(holds(asked, wording) for wording in row["answers"]), row["id"]


def test_every_article_is_followed_up() -> None:
    followed = Counter(
        row["article"] for row in questions("conversations") if row["kind"] == "follow-up"
    )
    assert set(followed) == set(texts())
    assert max(followed.values()) - min(followed.values()) <= 1


def test_every_overview_is_well_formed() -> None:
    rows = questions("overviews")
    assert len({row["id"] for row in rows}) == len(rows) >= 15
    assert len({row["question"].casefold() for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == FIELDS | {"cites"}
        assert row["kind"] == "overview" and row["answers"] == [] and row["cites"] >= 2
        assert row["article"] is None or row["article"] in texts(), row["id"]


def test_overviews_are_of_one_article_and_of_several() -> None:
    single = [row for row in questions("overviews") if row["article"]]
    assert len(single) >= 7
    assert len(questions("overviews")) - len(single) >= 8
