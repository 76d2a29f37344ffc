from __future__ import annotations

import random
import re
import time
from functools import cache
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.library import near

ARTICLES = Path(__file__).parents[2] / "seeds" / "articles"
INTRODUCTION = (
    "This report first appeared in another paper and is reprinted here by kind permission. Our own"
    " desk has put a few lines at its head, and chosen another headline."
)
TEXT = " ".join(f"word{i}" for i in range(200))


@cache
def articles() -> dict[str, str]:
    """The sample articles' texts, paragraphs apart."""
    texts = {}
    for path in sorted(ARTICLES.iterdir()):
        text = re.sub(r"(?s)\A---.*?\n---\n", "", path.read_text("utf-8"))
        if path.suffix == ".html":
            text = re.sub(r"(?s)<(script|style|head).*?</\1>", "", text)
            text = re.sub(r"<[^>]+>", "", text.replace("</p>", "\n\n"))
        texts[path.name] = text.strip()
    return texts


def words(text: str, start: float = 0, end: float = 1) -> str:
    """A stretch of a text, by shares of its words."""
    found = text.split(" ")
    return " ".join(found[round(start * len(found)) : round(end * len(found))])


def rare_words_replaced(text: str, share: float) -> str:
    rng = random.Random(7)
    return re.sub(r"\w+", lambda m: "elsewhere" if rng.random() < share else m[0], text)


def paragraph_dropped(text: str) -> str:
    paragraphs = text.split("\n\n")
    del paragraphs[len(paragraphs) // 2]
    return "\n\n".join(paragraphs)


def retyped(text: str) -> str:
    marks = str.maketrans({'"': "”", "'": "’", "-": "–", "\n": " "})
    return text.translate(marks).replace("ffi", "ﬃ")


EDITS = {
    "headline": lambda text: f"Seven things that you should know\n\n{text}",
    "retyped": retyped,
    "paragraph dropped": paragraph_dropped,
    "introduction": lambda text: f"{INTRODUCTION}\n\n{text}",
    "5% replaced": lambda text: rare_words_replaced(text, 0.05),
    "cut": lambda text: words(text, 0, 0.6),
    "cut, introduction": lambda text: f"{INTRODUCTION}\n\n{words(text, 0, 0.6)}",
}


@pytest.mark.parametrize("edit", EDITS)
def test_edited_articles_are_the_same(edit: str) -> None:
    missed = [n for n, text in articles().items() if not near.same(text, EDITS[edit](text))]
    assert not missed


@pytest.mark.parametrize("edit", ["headline", "retyped", "paragraph dropped", "introduction"])
def test_edited_articles_share_a_band(edit: str) -> None:
    for name, text in articles().items():
        assert bands_of(text) & bands_of(EDITS[edit](text)), name


def test_most_cut_and_corrected_articles_share_a_band() -> None:
    found = [
        bool(bands_of(text) & bands_of(EDITS[edit](text)))
        for text in articles().values()
        for edit in ("cut", "5% replaced")
    ]
    assert sum(found) > 0.9 * len(found)


def test_different_articles() -> None:
    for one, other in combinations(articles().values(), 2):
        assert not near.same(one, other)
        assert near.contains(one, other) < 0.05
        assert not bands_of(one) & bands_of(other)


def test_two_parts_of_one_article() -> None:
    for text in articles().values():
        assert not near.same(words(text, 0, 0.5), words(text, 0.5, 1))
        assert not near.same(words(text, 0, 0.35), text)


def test_follow_up_that_repeats_the_story() -> None:
    texts = list(articles().values())
    for old, news in zip(texts, texts[1:] + texts[:1], strict=True):
        assert not near.same(old, words(news, 0, 0.5) + "\n\n" + old)
        assert not near.same(old, words(news, 0, 0.35) + "\n\n" + words(old, 0.3, 1))


def test_two_reports_of_one_event_with_the_same_quotation() -> None:
    quotation = (
        '"We heard a dull noise, then the water came over the wall and took the road with it,"'
        " said Marta Lind, who keeps the bakery at the corner of the market square."
    )
    one = (
        "A dam above the town of Arendal gave way on Tuesday morning after three days of rain."
        f" Nobody was hurt, but forty houses were flooded and the main road is closed. {quotation}"
        " Engineers had warned of cracks in the wall two years ago, the county said. Repairs were"
        " planned for the autumn. The minister for the interior is expected to visit this week."
    )
    other = (
        "Forty families in Arendal are spending the night in a school gym. The old dam burst at"
        f" seven in the morning, when most were still at breakfast. {quotation} The mayor asked"
        " people to stay away from the river, as more rain is forecast. The railway runs buses"
        " instead of trains until the bridge has been looked at, and schools stay shut until"
        " Friday."
    )
    assert min(len(one.split()), len(other.split())) >= near.WORDS
    assert 0.1 < near.contains(one, other) < near.SAME
    assert not near.same(one, other)


def report(month: str, figures: list[str]) -> str:
    return (
        f"Consumer prices in {month}\n\nConsumer prices rose by {figures[0]} per cent on the year"
        f" before, the office for statistics said. Food was {figures[1]} per cent dearer, energy"
        f" {figures[2]} per cent, and services {figures[3]} per cent. The office computes the"
        " index from prices that its staff and retailers report from towns in every part of the"
        " country. The basket of goods and its weights follow what households spend, and are"
        " looked over every five years. Rents, fares and fees are taken at the middle of the"
        " month. The core rate leaves out food and energy, whose prices swing with weather and"
        f" world markets; it stood at {figures[4]} per cent. Results are provisional at first, and"
        " become final about two weeks later. Tables for the states, for groups of goods and for"
        " earlier years are to be found on the pages of the office, free of charge."
    )


def test_next_report_of_a_series() -> None:
    march = report("March", ["2.1", "3.4", "7.9", "4.6", "2.5"])
    april = report("April", ["1.8", "2.9", "9.3", "5.1", "3.7"])
    corrected = report("March", ["2.1", "3.4", "7.9", "4.6", "2.8"])
    assert near.contains(march, april) > near.SAME
    assert not near.same(march, april)
    assert near.same(march, corrected)


# --- Short texts ----------------------------------------------------------------------------------


def test_short_texts_are_the_same_only_word_for_word() -> None:
    short = words(TEXT, 0, 0.25)
    assert near.same(short, short.upper() + "!")
    assert not near.same(short, short + " more")
    assert not near.same(short, TEXT)
    assert near.likeness(near.signature(short), near.signature(short.upper())) == 1
    assert near.likeness(near.signature(short), near.signature(short + " more")) < 0.05
    assert not bands_of(short) & bands_of(short + " more")


@pytest.mark.parametrize("text", ["", " ", "?!", "🎉 🎉"])
def test_texts_without_words(text: str) -> None:
    assert len(near.signature(text)) == near.SIZE
    assert near.same(text, text)
    assert not near.same(text, "— …")


# --- Numbers --------------------------------------------------------------------------------------


def bands_of(text: str) -> set[int]:
    return set(near.bands(near.signature(text)))


def sets(common: int, own: int) -> tuple[str, str]:
    """Two texts of which the first `common` of `common + own` shingles are the same."""
    head = [f"h{i}" for i in range(common + 4)]
    return tuple(" ".join(head + [f"{each}{i}" for i in range(own)]) for each in "xy")  # type: ignore[return-value]


@pytest.mark.parametrize(("common", "own"), [(100, 900), (300, 350), (700, 150), (950, 25)])
def test_likeness_estimates_jaccard(common: int, own: int) -> None:
    one, other = sets(common, own)
    jaccard = common / (common + 2 * own)
    assert near.likeness(near.signature(one), near.signature(other)) == pytest.approx(
        jaccard, abs=0.11
    )
    assert near.contains(one, other) == pytest.approx(common / (common + own))


def test_bands_find_likeness_of_7_in_10_and_leave_3_in_10() -> None:
    def chance(likeness: float) -> float:
        return 1 - (1 - likeness**near.ROWS) ** near.BANDS

    assert chance(0.7) > 0.95
    assert chance(0.3) < 0.1


@pytest.mark.parametrize(
    ("common", "own", "least", "most"), [(140, 30, 0.95, 1), (60, 70, 0, 0.17)]
)
def test_bands_keep_to_the_formula(common: int, own: int, least: float, most: float) -> None:
    """Likeness 0.7 and 0.3 in 200 pairs of texts."""
    found = 0
    for number in range(200):
        one, other = (re.sub(r"\b", f"{number}a", text) for text in sets(common, own))
        found += bool(bands_of(one) & bands_of(other))
    assert least <= found / 200 <= most


def test_bands_fit_sqlite_and_do_not_collide_with_one_another() -> None:
    keys = near.bands(near.signature(TEXT))
    assert len(set(keys)) == len(keys) == near.BANDS
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert any(key < 0 for key in keys)
    assert len(set(near.bands(bytes(near.SIZE)))) == near.BANDS


def test_signatures_do_not_change_between_versions() -> None:
    """The catalog keeps them: whoever changes how they are made must have them made anew."""
    kept = sha256(near.signature(TEXT) + near.signature("a few words")).hexdigest()[:16]
    assert kept == "6c8bb29710a36e3b"


def test_scripts_without_spaces() -> None:
    text = "".join(chr(0x4E00 + i * 37 % 4_000) for i in range(300))
    assert near.same(text, text[:100] + "。" + text[101:])
    assert not near.same(text, "".join(sorted(text)))


def test_apostrophes_and_soft_hyphens_do_not_part_words() -> None:
    assert near.contains("don't " + TEXT, "don’t " + TEXT) == 1
    assert near.contains("news\u00adpaper " + TEXT, "newspaper " + TEXT) == 1


@given(st.text(), st.text())
def test_any_text(one: str, other: str) -> None:
    assert len(near.signature(one)) == near.SIZE
    assert near.same(one, one)
    assert near.same(one, other) == near.same(other, one)
    assert 0 <= near.contains(one, other) == near.contains(other, one) <= 1


@settings(max_examples=30)
@given(
    st.lists(
        st.sampled_from(["a", "b", "c", "ü", "1", "2", "词", "�", "-", "'", "é"]), max_size=400
    )
)
def test_few_different_words(found: list[str]) -> None:
    text = " ".join(found)
    assert near.same(text, text)
    assert near.likeness(near.signature(text), near.signature(text)) == 1


def test_signing_takes_milliseconds() -> None:
    text = " ".join(list(articles().values())[:4])
    near.signature(text)
    start = time.process_time()
    for _ in range(10):
        near.signature(text)
    assert (time.process_time() - start) / 10 < 0.1
