"""Records as HTML: everything escaped, every citation marked where it stands."""

from __future__ import annotations

import re
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import (
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Done,
    Found,
    Searching,
    Seconds,
    Token,
    Waiting,
)
from assistant.ui import render
from assistant.ui.render import TurnView

EVIL = "<script>x</script><img src=http://evil.example/x onerror=x> \" ' & </mark>"
TAGS = {"article", "b", "button", "div", "h2", "h3", "i", "mark", "p", "section", "small"}
TAGS |= {"span", "sup"}


def make(text: str, **fields: object) -> Article:
    return Article(**({"id": "a1", "title": "T", "source": "s.md", "text": text} | fields))  # type: ignore[arg-type]


def cite(article: Article, number: int, start: int, end: int) -> Citation:
    return Citation(number, article, start, end, article.text[start:end])


def answer(sentences: list[AnswerSentence], citations: list[Citation], **fields: object) -> Answer:
    values: dict[str, object] = {
        "question": "q", "text": " ".join(s.text for s in sentences), "refused": False,
        "sentences": tuple(sentences), "citations": tuple(citations), "nearest": (),
        "model": "m", "seconds": Seconds(0.1, 1.0, 5.44),
    }  # fmt: skip
    return Answer(**(values | fields))  # type: ignore[arg-type]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def assert_harmless(html: str) -> None:
    seen = Tags(html)
    assert seen.names <= TAGS
    assert not {
        name for name in seen.attributes if name.startswith("on") or name in ("src", "href")
    }


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200))))
def test_marks_keep_the_text_and_cover_each_quote(text: str, pairs: list[tuple[int, int]]) -> None:
    article = make(text)
    spans = [(a, b) for a, b in pairs if 0 <= a < b <= len(text)]
    cites = [cite(article, i, a, b) for i, (a, b) in enumerate(spans, start=1)]
    html = render.marked(text, 0, len(text), cites)
    pieces = re.findall(r'<mark data-n="([\d ]+)">(.*?)</mark>|([^<]+)', html, re.DOTALL)
    assert "".join(unescape(inside or outside) for _, inside, outside in pieces) == text
    for one in cites:
        marked = [inside for numbers, inside, _ in pieces if str(one.number) in numbers.split()]
        assert "".join(unescape(piece) for piece in marked) == one.quote


def test_an_answer_of_evil_texts_is_harmless() -> None:
    article = make(f"Calm.\n\n{EVIL}", title=EVIL, source=EVIL, authors=(EVIL,))
    cited = cite(article, 1, 7, 7 + len(EVIL))
    done = answer(
        [AnswerSentence(EVIL, (1,), True), AnswerSentence(EVIL, (), False)], [cited], text=EVIL
    )
    for view in (
        TurnView(1, EVIL, answer=done),
        TurnView(1, EVIL, answer=answer([], [], refused=True, text=EVIL, nearest=(cited,))),
        TurnView(1, EVIL, words=EVIL),
        TurnView(1, EVIL, trouble=EVIL),
        TurnView(1, EVIL, words=EVIL, stopped=True),
    ):
        for lookup in (lambda key: article, lambda key: None):
            html = render.turn(view, lookup)
            assert_harmless(html)
            assert escape("<script>x</script>") in html


def test_an_answer_shows_what_supports_it() -> None:
    article = make("One fact. Another fact.", title="Facts", published=date(2025, 3, 9))
    done = answer(
        [AnswerSentence("A fact.", (1, 2), True), AnswerSentence("No fact.", (), False)],
        [cite(article, 1, 0, 9), cite(article, 2, 10, 23)],
    )
    html = render.turn(TurnView(3, "q", answer=done), lambda key: article)
    assert 'data-turn="3"' in html
    assert re.findall(r'<button type="button" class="cite" data-n="(\d)"', html) == ["1", "2"]
    assert '<mark data-n="1">One fact.</mark> <mark data-n="2">Another fact.</mark>' in html
    assert re.search(rf'class="un"[^>]*title="{re.escape(render.UNSUPPORTED)}">No fact\.', html)
    assert "1 of 2 sentences supported" in html
    assert "5.4 s" in html
    assert "9 March 2025" in html


def test_a_corrected_citation_is_told() -> None:
    article = make("It rained. It snowed.")
    shown = answer(
        [AnswerSentence("It snowed.", (1,), True, moved=True)], [cite(article, 1, 11, 21)]
    )
    assert "1 citation corrected by the check" in render.turn(
        TurnView(1, "q", answer=shown), {}.get
    )


def test_how_a_follow_up_was_understood_is_told_and_escaped() -> None:
    view = TurnView(1, "And  he?").after(Searching("Who is <b>Olaf</b>?"))
    assert "Understood as: Who is &lt;b&gt;Olaf&lt;/b&gt;?" in render.turn(view, {}.get)
    same = TurnView(1, "Who  is Olaf?").after(Searching("Who is Olaf?"))
    assert "Understood as" not in render.turn(same, {}.get)


def test_a_wholly_supported_answer_says_no_more_than_its_time() -> None:
    article = make("One fact.")
    done = answer([AnswerSentence("A fact.", (1,), True)], [cite(article, 1, 0, 9)])
    html = render.turn(TurnView(1, "q", answer=done), lambda key: article)
    assert "supported" not in html
    assert "<span>5.4 s</span>" in html


def test_a_refusal_numbers_its_nearest_passages() -> None:
    article = make("One fact. Another fact.")
    nearest = (cite(article, 0, 0, 9), cite(article, 0, 10, 23))
    done = answer([], [], refused=True, text="Not there.", nearest=nearest)
    html = render.turn(TurnView(1, "q", answer=done), lambda key: article)
    assert re.findall(r'class="near[^"]*" data-n="(\d)"', html) == ["1", "2"]
    assert '<mark data-n="1">One fact.</mark> <mark data-n="2">Another fact.</mark>' in html


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("Two hours. [3][5] More", "Two hours.·· More"),
        ("Two hours. [", "Two hours."),
        ("Two hours. [12", "Two hours."),
        ("An array [a] stays", "An array [a] stays"),
    ],
)
def test_marks_of_the_model_have_no_number_before_the_check(words: str, seen: str) -> None:
    html = render.turn(TurnView(1, "q", words=words), lambda key: None)
    body = html[html.index('<div class="a">') :]
    assert plain(body) == seen


def test_the_events_follow_one_another() -> None:
    view = TurnView(1, "q")
    steps = []
    found = Found((), 0.12)
    for event in (
        Waiting(1),
        Searching("q"),
        found,
        Waiting(2),
        Waiting(0),
        Token("A"),
        Token("b"),
    ):
        view = view.after(event)
        steps.append(plain(render.turn(view, lambda key: None)).removeprefix("You asked: q"))
    assert steps == [
        "Waiting: 1 question ahead of yours",
        "Searching the articles…",
        "Found 0 sentences in 0 articles · 0.1 sReading them",
        "Found 0 sentences in 0 articles · 0.1 sWaiting: 2 questions ahead of yours",
        "Found 0 sentences in 0 articles · 0.1 sReading them",
        "Found 0 sentences in 0 articles · 0.1 sA",
        "Found 0 sentences in 0 articles · 0.1 sAb",
    ]
    assert view.running
    assert not view.after(Done(answer([], []))).running


def test_of_a_long_article_the_surroundings_are_shown() -> None:
    paragraphs = [f"Paragraph {i}. " + "word " * 100 for i in range(200)]
    article = make("\n\n".join(paragraphs))
    start = article.text.index("Paragraph 90.")
    html = render.article(article, [cite(article, 1, start, start + 13)])
    assert re.findall(r"Paragraph (\d+)\.", html) == [str(i) for i in range(87, 94)]
    assert html.count('class="gap"') == 2
    assert render.article(article).count("<p>") == 200


def test_a_removed_article_still_shows_its_quote() -> None:
    article = make("One fact.")
    html = render.sources([cite(article, 1, 0, 9)], lambda key: None)
    assert '<mark data-n="1">One fact.</mark>' in html
    assert "no longer in the library" in html


def test_uploads_are_named_by_their_file() -> None:
    assert render.origin("upload:harvest.md") == "harvest.md"
    assert render.origin("https://example.org/a") == "https://example.org/a"
