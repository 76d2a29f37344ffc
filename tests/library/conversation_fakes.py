"""Answers of all kinds, for tests of what keeps them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from assistant.records import Answer, AnswerSentence, ArticleInfo, Citation, Scope, Seconds

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(1, 99)
days = st.none() | st.dates(date(1900, 1, 1))
texts = st.lists(words, max_size=3).map(tuple)
seconds = st.floats(0, 1e4)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    start = draw(st.integers(0, 10_000))
    article = ArticleInfo(
        id=draw(words),
        title=draw(words),
        source=draw(words),
        published=draw(days),
        version=draw(numbers),
        pages=tuple(sorted(draw(st.sets(st.integers(1, 9_999), max_size=5)) | {0}))
        if draw(st.booleans())
        else (),
    )
    return Citation(draw(numbers), article, start, start + draw(numbers), draw(words))


sentences = st.builds(
    AnswerSentence, words, st.lists(numbers, max_size=3).map(tuple),
    st.none() | st.booleans(), st.booleans(),
)  # fmt: skip
scopes = st.builds(Scope, texts, texts, texts, days, days)
answers = st.builds(
    Answer,
    question=words,
    text=words,
    refused=st.booleans(),
    sentences=st.lists(sentences, max_size=3).map(tuple),
    citations=st.lists(citations(), max_size=3).map(tuple),
    nearest=st.lists(citations(), max_size=3).map(tuple),
    model=words,
    seconds=st.builds(Seconds, seconds, seconds, seconds, seconds),
    asked=words,
    missing=texts,
    withdrawn=texts,
    strength=st.floats(0, 2),
    support=st.none() | st.floats(0, 2),
    scope=scopes,
)


def answer(text: str = "It was closed.", **changes: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "Why?", "text": text, "refused": False, "model": "fake",
        "sentences": (AnswerSentence(text, (), True),), "citations": (), "nearest": (),
        "seconds": Seconds(0.1, 1.0, 2.0),
    }  # fmt: skip
    return Answer(**{**values, **changes})
