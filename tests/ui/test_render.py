"""Records as HTML: everything escaped, every citation marked where it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.refusal import NOT_FOUND
from assistant.records import (
    Answer,
    AnswerSentence,
    Article,
    Citation,
    Conversation,
    Done,
    Evidence,
    Exchange,
    Found,
    Scope,
    Searching,
    Seconds,
    Span,
    Token,
    Waiting,
)
from assistant.ui import cited as cited_module
from assistant.ui import head, paper, rail, render
from assistant.ui import scope as scopes
from assistant.ui.render import TurnView
from assistant.ui.words import ENGLISH, Words

EVIL = "<script>x</script><img src=http://evil.example/x onerror=x> \" ' & </mark>"
TAGS = {"a", "article", "b", "bdi", "button", "details", "div", "h2", "i", "li", "mark", "p"}
TAGS |= {"section", "small", "span", "summary", "sup", "ul"}


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
        self.attributes |= {name for name, value in attrs if value != "#articles"}


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
    html = paper.marked(text, 0, len(text), cites)
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
    found = Found((Evidence(1, article, Span(0, 5), EVIL),), 0.1)
    scope = Scope(articles=("a1",), tags=(EVIL,), sources=(EVIL,))
    refused = answer(
        [], [], refused=True, text=EVIL, nearest=(cited,), missing=(EVIL,), withdrawn=(EVIL,),
        scope=scope,
    )  # fmt: skip
    for view in (
        TurnView(1, EVIL, EVIL, answer=done, found=found, asked=EVIL, scope=scope, remark=EVIL),
        TurnView(1, EVIL, answer=done, liked=True, remark=EVIL),
        TurnView(1, EVIL, answer=refused),
        TurnView(1, EVIL, answer=replace(refused, text=f"{NOT_FOUND} {EVIL}")),
        TurnView(1, EVIL, trouble=EVIL),
        TurnView(1, EVIL, words=EVIL, stopped=True),
    ):
        html = render.turn(view, ENGLISH, lambda id: EVIL)
        assert_harmless(html)
        assert escape("<script>x</script>") in html
    for html in (
        render.growing(EVIL),
        cited_sources([cited], Shelf(article)),
        cited_sources([cited], Shelf()),
        scopes.chips(scope, ENGLISH, lambda id: EVIL),
        scopes.matches([article], "script", ENGLISH),
        scopes.editor([(EVIL, 3)], ENGLISH, date(2026, 5, 1)),
        head.head(EVIL, EVIL, ENGLISH),
        rail.listed([Conversation(EVIL, EVIL, datetime.now(UTC), scope)], "", ENGLISH),
    ):
        seen = Tags(html)
        assert "script" not in seen.names and "img" not in seen.names
        assert not {name for name in seen.attributes if name.startswith("on")}


class Shelf:
    """Articles in their versions, the last one current."""

    def __init__(self, *versions: Article) -> None:
        self.versions = versions

    def get(self, id: str) -> Article | None:
        return self.versions[-1] if self.versions else None

    def version(self, id: str, number: int) -> Article | None:
        return next((each for each in self.versions if each.version == number), None)


def cited_sources(citations: list[Citation], library: Shelf) -> str:
    return cited_module.sources(citations, library, ENGLISH)


def test_an_answer_shows_what_supports_it() -> None:
    article = make("One fact. Another fact.", title="Facts", published=date(2025, 3, 9))
    done = answer(
        [AnswerSentence("A fact.", (1, 2), True), AnswerSentence("No fact.", (), False)],
        [cite(article, 1, 0, 9), cite(article, 2, 10, 23)],
    )
    html = render.turn(TurnView(3, "q", answer=done))
    assert 'data-turn="3"' in html
    assert re.findall(r'<button type="button" class="cite" data-n="(\d)"', html) == ["1", "2"]
    assert 'data-quote="One fact." data-title="Facts" data-by="9 March 2025"' in html
    assert re.search(rf'class="un"[^>]*data-why="{re.escape(render.UNSUPPORTED)}">No fact\.', html)
    assert "1 of 2 sentences supported" in html
    assert "5.4 s" in html
    sources = cited_sources(list(done.citations), Shelf(article))
    assert '<mark data-n="1">One fact.</mark> <mark data-n="2">Another fact.</mark>' in sources


def test_a_corrected_citation_is_told() -> None:
    article = make("It rained. It snowed.")
    shown = answer(
        [AnswerSentence("It snowed.", (1,), True, moved=True)], [cite(article, 1, 11, 21)]
    )
    assert "1 citation corrected by the check" in render.turn(TurnView(1, "q", answer=shown))


def test_how_a_follow_up_was_understood_is_told_and_escaped() -> None:
    view = TurnView(1, "And  he?").after(Searching("Who is <b>Olaf</b>?"))
    assert "Understood as: Who is &lt;b&gt;Olaf&lt;/b&gt;?" in render.turn(view)
    same = TurnView(1, "Who  is Olaf?").after(Searching("Who is Olaf?"))
    assert "Understood as" not in render.turn(same)


def test_a_wholly_supported_answer_says_no_more_than_its_time() -> None:
    article = make("One fact.")
    done = answer([AnswerSentence("A fact.", (1,), True)], [cite(article, 1, 0, 9)])
    html = render.turn(TurnView(1, "q", answer=done))
    assert "supported" not in html
    assert "<span>5.4 s</span>" in html


def test_a_refusal_numbers_its_nearest_passages() -> None:
    article = make("One fact. Another fact.")
    nearest = (cite(article, 0, 0, 9), cite(article, 0, 10, 23))
    done = answer([], [], refused=True, text="Not there.", nearest=nearest)
    html = render.turn(TurnView(1, "q", answer=done))
    assert re.findall(r'class="near[^"]*" data-n="(\d)"', html) == ["1", "2"]
    cites = cited_module.cited_by(Exchange(1, "q", done))
    sources = cited_sources(cites, Shelf(article))
    assert '<mark data-n="1">One fact.</mark> <mark data-n="2">Another fact.</mark>' in sources


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
    assert plain(render.growing(words)) == seen


@given(st.lists(st.sampled_from(["Two", " ", "hours.", "[", "3", "]", "<b>", "&", "\n"])))
def test_what_grows_is_only_added_to(pieces: list[str]) -> None:
    """Then Gradio sends no more than what is new; only a mark may come in place of a space."""
    words, before = "", ""
    for piece in pieces:
        words += piece
        now = render.growing(words)
        if "[" not in words:
            assert now.startswith(before)
        before = now


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
        steps.append(plain(render.turn(view)).removeprefix("You asked: q"))
    assert steps == [
        "Waiting: 1 question ahead of yours",
        "Searching the articles…",
        "Found 0 sentences in 0 articles · 0.1 sReading them",
        "Found 0 sentences in 0 articles · 0.1 sWaiting: 2 questions ahead of yours",
        "Found 0 sentences in 0 articles · 0.1 sReading them",
        "Found 0 sentences in 0 articles · 0.1 sReading them",
        "Found 0 sentences in 0 articles · 0.1 sReading them",
    ]
    assert render.growing(view.words) == "Ab"
    assert view.running
    assert not view.after(Done(answer([], []))).running


def test_of_a_long_article_the_surroundings_are_shown() -> None:
    paragraphs = [f"Paragraph {i}. " + "word " * 100 for i in range(200)]
    article = make("\n\n".join(paragraphs))
    start = article.text.index("Paragraph 90.")
    html = paper.article(article, [cite(article, 1, start, start + 13)])
    assert re.findall(r"Paragraph (\d+)\.", html) == [str(i) for i in range(87, 94)]
    assert html.count('class="gap"') == 2
    assert paper.article(article).count("<p ") == 200


def test_a_removed_article_still_shows_its_quote() -> None:
    html = cited_sources([cite(make("One fact."), 1, 0, 9)], Shelf())
    assert '<mark data-n="1">One fact.</mark>' in html
    assert "no longer in the library" in html


def test_a_changed_article_is_shown_as_it_was_cited() -> None:
    old, new = make("One fact. Rest."), make("No fact at all any more.", version=2)
    html = cited_sources([cite(old, 1, 0, 9)], Shelf(old, new))
    assert '<mark data-n="1">One fact.</mark> Rest.' in html
    assert "This is version 1, as cited; the article has changed since." in html
    assert 'data-current="a1"' in html
    lost = cited_sources([cite(old, 1, 0, 9)], Shelf(new))
    assert '<mark data-n="1">One fact.</mark>' in lost and "shown alone" in lost
    other = cited_sources([cite(old, 1, 0, 9)], Shelf(make("Two facts, at the same version.")))
    assert '<mark data-n="1">One fact.</mark>' in other and "Two facts" not in other


def test_a_refusal_says_what_is_missing_in_the_reader_s_language() -> None:
    text = f"{NOT_FOUND} The closest passages do not mention “Zurich” or “Bern”."
    refused = answer([], [], refused=True, text=text, missing=("Zurich", "Bern"))
    assert text in unescape(render.turn(TurnView(1, "q", answer=refused)))
    german = unescape(render.turn(TurnView(1, "q", answer=refused), Words("de")))
    assert "erwähnen „Zurich“ oder „Bern“ nicht." in german
    assert "The" not in plain(german)


def test_a_kept_exchange_looks_as_it_did() -> None:
    article = make("One fact.")
    done = answer([AnswerSentence("A fact.", (1,), True)], [cite(article, 1, 0, 9)], asked="q")
    live = render.turn(TurnView(2, "q", "c1").after(Done(done)))
    assert render.turn(render.of_exchange(Exchange(2, "q", done), "c1")) == live
    stopped = render.turn(render.of_exchange(Exchange(1, "q", None, words="Half a [3")))
    assert "Stopped" in stopped and "Half a<" in stopped
    failed = render.turn(render.of_exchange(Exchange(1, "q", None, trouble="No model")))
    assert 'role="alert">No model' in failed and "Stopped" not in failed


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (Scope(), ""),
        (Scope(since=date(2026, 5, 1)), "since 1 May 2026"),
        (Scope(until=date(2026, 5, 1), tags=("a",)), "tagged “a”, until 1 May 2026"),
        (Scope(articles=("a1",)), "“Oats”"),
        (Scope(articles=("gone",)), "“an article that is gone”"),
    ],
)
def test_a_scope_in_words(scope: Scope, told: str) -> None:
    assert scopes.told(scope, ENGLISH, {"a1": "Oats"}.get) == told  # type: ignore[arg-type]


@given(st.recursive(st.none() | st.text() | st.integers(), lambda v: st.lists(v) | st.dictionaries(
    st.sampled_from(["articles", "tags", "sources", "since", "until"]), v)))  # fmt: skip
def test_whatever_the_page_sends_is_a_scope(given: object) -> None:
    assert isinstance(scopes.read(given), Scope)


def test_what_was_shown_is_read_back() -> None:
    scope = Scope(("a",), ("t",), ("s",), date(2026, 1, 1), date(2026, 2, 1))
    assert scopes.read(scope.as_json()) == scope
    turned = scopes.read({"since": "2026-02-01", "until": "2026-01-01"})
    assert turned == Scope(since=date(2026, 1, 1), until=date(2026, 2, 1))


def test_uploads_are_named_by_their_file() -> None:
    assert paper.origin("upload:harvest.md") == "harvest.md"
    assert paper.origin("https://example.org/a") == "https://example.org/a"
