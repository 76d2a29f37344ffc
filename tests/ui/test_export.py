"""A conversation to take along: whole, with its sources, and harmless."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from assistant.records import (
    EVERYTHING,
    Answer,
    AnswerSentence,
    ArticleInfo,
    Citation,
    Conversation,
    Exchange,
    Seconds,
)
from assistant.ui import export
from assistant.ui.words import Words

EVIL = '<script>x</script><img src=x onerror=x> # *bold* [a](javascript:x) "'
INFO = ArticleInfo(
    id="a1", title="Oats", source="upload:oats.md", authors=("Mara Lind",), pages=(0, 40),
    published=date(2026, 4, 30), url="https://example.org/oats",
)  # fmt: skip
CITED = Citation(1, INFO, 50, 60, "Prices\nrose.")
ANSWER = Answer(
    "Why?", "Dearer. Nobody minds.", False,
    (AnswerSentence("Dearer.", (1,), True), AnswerSentence("Nobody minds.", (), False)),
    (CITED,), (), "m", Seconds(0, 0, 1),
)  # fmt: skip
REFUSAL = Answer("Who?", "Not there.", True, (), (), (CITED,), "m", Seconds(0, 0, 1))
TALK = Conversation("c1", "Why are oats dear?", datetime(2026, 5, 1, tzinfo=UTC), EVERYTHING)
EXCHANGES = [
    Exchange(1, "Why?", ANSWER, liked=True, remark="good"),
    Exchange(2, "Who?", REFUSAL),
    Exchange(3, "And?", None, words="Half a"),
    Exchange(4, "Or?", None, trouble="The model is not there"),
]


def known(id: str) -> ArticleInfo | None:
    return INFO if id == "a1" else None


def test_markdown_has_footnotes_with_the_whole_source() -> None:
    text = export.answer_markdown(ANSWER, info=known)
    assert text.startswith("Dearer.[^1] Nobody minds. *(not found in the articles)*")
    note = text.splitlines()[-1]
    assert note.startswith("[^1]: “Oats”, Mara Lind, 30 April 2026, page 2, https://example.org/")
    assert note.endswith("“Prices rose.”")


def test_plain_footnotes() -> None:
    assert export.answer_plain(ANSWER, info=known) == (
        "Dearer. [1] Nobody minds. [not found in the articles]\n\n"
        "[1] “Oats”, Mara Lind, 30 April 2026, page 2, https://example.org/oats: “Prices rose.”\n"
    )


def test_a_removed_article_is_still_named() -> None:
    text = export.answer_plain(ANSWER, info=lambda id: None)
    assert "“Oats”, Mara Lind, 30 April 2026, page 2, oats.md: “Prices rose.”" in text


def test_a_refusal_shows_what_came_closest() -> None:
    for text in (export.answer_plain(REFUSAL), export.answer_markdown(REFUSAL)):
        assert text.startswith("Not there.")
        assert "Prices rose." in text


def test_the_markdown_file_holds_everything() -> None:
    made = export.export("markdown", TALK, EXCHANGES, info=known)
    assert (made.name, made.type) == ("why-are-oats-dear.md", "text/markdown")
    for part in ("# Why are oats dear?", "## Why?", "## Who?", "Half a", "*(Stopped)*",
                 "The model is not there", "[^1-1]: ", "[^2-1]: "):  # fmt: skip
        assert part in made.text
    notes = re.findall(r"^(\[\^[\d-]+\]):", made.text, re.MULTILINE)
    assert len(notes) == len(set(notes)) == 2


def test_json_can_be_read_back() -> None:
    told = json.loads(export.export("json", TALK, EXCHANGES, info=known).text)
    assert [each["question"] for each in told["exchanges"]] == ["Why?", "Who?", "And?", "Or?"]
    first = told["exchanges"][0]
    assert first["liked"] is True and first["remark"] == "good"
    assert first["answer"]["citations"][0]["authors"] == ["Mara Lind"]
    assert first["answer"]["citations"][0]["quote"] == "Prices\nrose."
    assert Answer.from_json(
        {
            **first["answer"],
            "citations": [
                {key: value for key, value in each.items() if key not in ("authors", "url")}
                for each in first["answer"]["citations"]
            ],
        }
    ).text == ANSWER.text  # fmt: skip


def test_html_is_one_file_that_runs_and_fetches_nothing() -> None:
    made = export.export("html", TALK, EXCHANGES, Words("de"), known)
    assert "default-src 'none'" in made.text and '<html lang="de">' in made.text
    assert "nicht in den Artikeln gefunden" in made.text
    assert '<a href="#s1-1">1</a>' in made.text and 'id="s1-1"' in made.text


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs if name.startswith("on") or name == "src"}
        assert all((value or "").startswith("#") for name, value in attrs if name == "href")


@given(st.text(max_size=60))
def test_whatever_was_written_stays_text(text: str) -> None:
    hostile = text + EVIL
    cited = Citation(1, ArticleInfo(id="x", title=hostile, source=hostile), 0, 1, hostile)
    answer = Answer(
        hostile, hostile, False, (AnswerSentence(hostile, (1,), True),), (cited,), (), "m",
        Seconds(0, 0, 1),
    )  # fmt: skip
    talk = Conversation("c", hostile, TALK.changed, EVERYTHING)
    exchanges = [Exchange(1, hostile, answer), Exchange(2, hostile, None, hostile, hostile)]
    html = export.export("html", talk, exchanges)
    assert not Tags(html.text).seen & {"script", "img"}
    assert "<script>x</script><img src=x onerror=x>" in unescape(html.text)
    markdown = export.export("markdown", talk, exchanges).text
    assert "<script" not in markdown.replace("\\<", "")
    assert not re.search(r"(?<!\\)\]\(", markdown)
    assert re.fullmatch(r"[\w-]+\.html", html.name)
