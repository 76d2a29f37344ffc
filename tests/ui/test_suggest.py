"""First questions: from the articles, of different kinds, and such as any article can answer."""

from __future__ import annotations

import pytest

from assistant.answering.evidence import is_overview
from assistant.records import ArticleInfo
from assistant.ui import suggest
from assistant.ui.words import ENGLISH, Words


def info(number: int, title: str = "", tags: tuple[str, ...] = ()) -> ArticleInfo:
    return ArticleInfo(id=f"a{number}", title=title or f"Title {number}", source="s", tags=tags)


@pytest.mark.parametrize("say", [ENGLISH, Words("de")])
def test_all_ask_for_an_overview(say: Words) -> None:
    articles = [info(1), info(2), info(3, tags=("Water",)), info(4, tags=("water",))]
    questions = suggest.questions(articles, say)
    assert len(questions) == 3
    assert all(is_overview(question) for question in questions)
    assert all(sum(a.title in question for question in questions) == 1 for a in articles)


def test_nothing_is_made_of_nothing() -> None:
    assert suggest.questions([], ENGLISH) == []
    assert suggest.questions([info(1, "x" * 200)], ENGLISH) == []


def test_two_articles_under_one_tag_are_compared() -> None:
    [question] = suggest.questions([info(1, "A", ("x",)), info(2, "B", ("X",))], ENGLISH)
    assert question == "Compare “A” and “B”"
