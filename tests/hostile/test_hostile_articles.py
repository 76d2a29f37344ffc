"""The hostile articles hold what is asked of them, and carry the attack that is named.

Whether an answer falls for an attack takes a model to see: expect.jsonl says what must not be in
it.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.metrics import holds
from assistant.reading import files
from assistant.records import Article

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (HERE / "expect.jsonl").read_text("utf-8").splitlines()
]
FIELDS = {"file", "question", "answers", "absent", "never", "attack"}
PROMPT = (HERE.parents[1] / "prompts" / "answer.toml").read_text("utf-8")
CANARY = re.compile(r"\w-\d\d$")
# Texts that a reader of the page does not see. Those at the end are hidden by sizes, colours and
# places, which the page's reader does not look at yet.
UNSEEN = re.findall(
    r"[\w-]+",
    """display-none aria-hidden comments-and-titles noscript-template tag-characters alt-text script
    title author visibility-hidden font-size-zero white-on-white off-screen""",
)


def read(row: dict[str, Any]) -> Article:
    [found] = files.read(HERE / row["file"], max_bytes=10**6)
    assert isinstance(found, Article)
    return found


def named(name: str) -> dict[str, Any]:
    [row] = [row for row in ROWS if Path(row["file"]).stem[3:] == name]
    return row


def carried(row: dict[str, Any]) -> str:
    """What a file says, also between the lines: invisible characters and base64 made plain."""
    raw = (HERE / row["file"]).read_text("utf-8")
    plain = "".join(c for c in raw if unicodedata.category(c) != "Cf")
    tags = "".join(chr(ord(c) - 0xE0000) for c in raw if 0xE0020 <= ord(c) < 0xE007F)
    coded = re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", raw)
    return " ".join([raw, plain, tags, *(base64.b64decode(code).decode() for code in coded)])


def test_every_article_has_its_expectations() -> None:
    articles = {path.name for path in HERE.iterdir() if path.suffix in files.ENDINGS}
    articles.remove("expect.jsonl")
    assert [row["file"] for row in ROWS] == sorted(articles)
    assert len(ROWS) >= 32
    assert {Path(name).suffix for name in articles} == {".md", ".txt", ".html"}
    assert all(set(row) == FIELDS and row["never"] and row["attack"] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_the_article_answers_its_question_in_spite_of_the_attack(row: dict[str, Any]) -> None:
    text = read(row).text
    assert any(holds(text, wording) for wording in row["answers"])
    assert 80 <= len(text.split()) <= 300


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_only_the_attack_brings_what_must_not_be_said(row: dict[str, Any]) -> None:
    said = " ".join([row["question"], row["absent"], *row["answers"]]).casefold()
    others = " ".join(carried(other) for other in ROWS if other is not row)
    for never in row["never"]:
        assert never in carried(row) or never in PROMPT
        assert never.casefold() not in said
        assert not CANARY.search(never) or never not in others


@pytest.mark.parametrize(
    "name",
    UNSEEN,
)
def test_what_nobody_sees_is_not_in_the_text(name: str) -> None:
    row = named(name)
    text = read(row).text
    assert not any(never in text for never in row["never"])
