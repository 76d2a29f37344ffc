"""Where pages begin once the text has been cleaned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.clean import clean, normalise
from assistant.reading.draft import Draft
from assistant.reading.pages import pages_after

FIRST = "The bridge over the river was opened on Monday after three years of work."
SECOND = "The ferry goes on to run in summer, when the road is full of visitors."
THIRD = "On the market square the mayor thanked all who had taken part in it."


def after(raw: str) -> list[str]:
    """The beginnings of the pages, which the raw text has marked with "|", in the cleaned text."""
    pages, text = [], ""
    for part in raw.split("|"):
        text += part
        pages.append(len(text))
    draft = Draft(text=text, title="Bridges", pages=tuple(pages[:-1]))
    cleaned = clean(draft).text
    return [cleaned[at:][:10] for at in pages_after(draft, cleaned)]


@pytest.mark.parametrize(
    ("raw", "begins"),
    [
        (f"{FIRST}\n\n|{SECOND}", ["The ferry "]),
        (f"Bridges\n\n{FIRST}\n\n|{SECOND}", ["The ferry "]),
        (f"{FIRST}\n\n|Advertisement\n\n{SECOND}", ["The ferry "]),
        (f"{FIRST}\n\nAdvertisement|\n\n{SECOND}", ["The ferry "]),
        (
            f"{FIRST}\n\n|Advertisement\n\n|{SECOND}\n\n|{THIRD}",
            ["The ferry "] * 2 + ["On the mar"],
        ),
        (f"{FIRST}\n\n{SECOND}\n\n|Advertisement|", ["", ""]),
        ("The\u00a0 bri\u200bdge  over the ri|ver was   opened.\n\n" + SECOND, ["ver was op"]),
        ("The bridge over |  the river was opened.\n\n" + SECOND, ["the river "]),
        (f"|{FIRST}", ["The bridge"]),
        (f"{FIRST}\n\n{SECOND}\n\n|{FIRST}\n\n{THIRD}", ["The bridge"]),
    ],
)
def test_pages_move_with_their_words(raw: str, begins: list[str]) -> None:
    assert after(raw) == begins


def test_a_paragraph_that_was_changed_is_found_by_its_words() -> None:
    raw = f"{FIRST}\n\n{SECOND} {THIRD}"
    draft = Draft(text=raw, pages=(raw.index("when the"), raw.index(THIRD)))
    cleaned = f"{FIRST}\n\nNotice: {SECOND}\n\n{THIRD}"
    assert pages_after(draft, cleaned) == (cleaned.index("when the"), cleaned.index(THIRD))


def test_nothing_left_and_nothing_to_map() -> None:
    assert pages_after(Draft(text=f"{FIRST}\n\n{SECOND}", pages=(3, 99, 500)), "") == (0, 0, 0)
    assert pages_after(Draft(text="", pages=(0, 0)), "") == (0, 0)
    assert pages_after(Draft(text=FIRST), FIRST) == ()


PARAGRAPH = st.lists(
    st.sampled_from(
        ["The", "ri\u200bver", "cafe\u0301", "is", "\u00a0", "long.", "  ", "in", "May,"]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(
    paragraphs=st.lists(st.tuples(PARAGRAPH, st.booleans()), min_size=1, max_size=12),
    cuts=st.lists(st.integers(0, 400), max_size=6),
)
def test_the_first_kept_words_of_each_page_stand_at_its_offset(
    paragraphs: list[tuple[str, bool]], cuts: list[int]
) -> None:
    # A number makes each paragraph one of its kind, so that it is plain which was kept.
    numbered = [(f"{i} {text} {i}", kept) for i, (text, kept) in enumerate(paragraphs)]
    raw = "\n\n".join(text for text, _ in numbered)
    pages = tuple(sorted(_to_a_word(raw, min(cut, len(raw))) for cut in cuts))
    cleaned = "\n\n".join(normalise(text) for text, kept in numbered if kept)
    expected, start = [], 0
    spans = []
    for text, kept in numbered:
        spans.append((start, start + len(text), kept))
        start += len(text) + 2
    for page in pages:
        rest = [normalise(raw[max(a, page) : b]) for a, b, kept in spans if kept and b > page]
        expected.append("\n\n".join(filter(None, rest)))
    found = pages_after(Draft(text=raw, pages=pages), cleaned)
    assert [cleaned[at:] for at in found] == expected


def _to_a_word(text: str, at: int) -> int:
    """Where the next word begins, as pages begin with one."""
    while at < len(text) and (text[at].isspace() or (at and not text[at - 1].isspace())):
        at += 1
    return at


WORDS = st.sampled_from(
    [FIRST, SECOND, THIRD, "Advertisement", "Bridges", "Read more: Ferries", "*"]
)


@given(paragraphs=st.lists(WORDS, min_size=1, max_size=12), data=st.data())
def test_behind_the_real_cleaning_pages_begin_with_their_words(
    paragraphs: list[str], data: st.DataObject
) -> None:
    texts = [
        f"{text} It is {i}." if text.endswith(".") else text for i, text in enumerate(paragraphs)
    ]
    starts = [sum(len(text) + 2 for text in texts[:i]) for i in range(len(texts))]
    chosen = sorted(data.draw(st.sets(st.sampled_from(range(len(texts))))))
    draft = Draft(text="\n\n".join(texts), title="Bridges", pages=tuple(starts[i] for i in chosen))
    cleaned = clean(draft).text
    offsets = pages_after(draft, cleaned)
    assert list(offsets) == sorted(offsets)
    for i, offset in zip(chosen, offsets, strict=True):
        kept = next((text for text in texts[i:] if f"It is {texts.index(text)}." in text), "")
        if kept and texts[i] == kept:
            assert cleaned[offset:].startswith(kept)


def test_a_long_book_takes_no_time() -> None:
    texts = [f"Paragraph {i} of the book." for i in range(20_000)]
    raw = "\n\n".join(texts)
    pages = tuple(raw.index(text) for text in texts[::100])
    changed = raw.replace("Paragraph", "Section")
    assert len(pages_after(Draft(text=raw, pages=pages), changed)) == 200
    assert pages_after(Draft(text=raw, pages=pages), raw) == pages
