"""Dirty texts as they are saved from the web: what must stay, what must go, what is learnt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.clean import clean, normalise
from assistant.reading.draft import Draft

LONG = (
    "The two presidents spoke by telephone for more than two hours on Tuesday, the longest talk "
    "between them in years, and went from war to trade and from trade to ice hockey."
)
MORE = (
    "Officials in the capital welcomed the call as a step to a more equal dialogue, but analysts "
    "feared that those who were not at the table would have to pay for what was agreed there."
)
BODY = f"{LONG}\n\n{MORE}"
NO_ONE: tuple[str, ...] = ()


@dataclass
class Case:
    name: str
    dirty: str
    text: str = BODY
    title: str | None = "Two leaders talk"
    authors: tuple[str, ...] = NO_ONE
    published: date | None = None
    tags: tuple[str, ...] = NO_ONE


MARCH = date(2025, 3, 19)
CASES = [
    Case(
        "the whole of it",
        f"Two leaders talk\n@worlddesk24\nTwo leaders talk\n{LONG}\n"
        f"The Daily Globe subscription banner – starting at $1 a week\n{MORE}\nSource link\n"
        "Diplomacy, Energy, Hockey, Kremlin",
        tags=("Diplomacy", "Energy", "Hockey", "Kremlin"),
    ),
    Case(
        "title again after a blank line",
        f"Two leaders talk\n\n{LONG}\n\nTWO LEADERS TALK\n\n{MORE}",
    ),
    Case(
        "title again with the site", f"Two leaders talk\n\nTwo leaders talk | Daily Globe\n\n{BODY}"
    ),
    Case(
        "title first with the site", f"Two leaders talk | Daily Globe\nTwo leaders talk\n\n{BODY}"
    ),
    Case("rules", f"Two leaders talk\n\n* * *\n\n{LONG}\n\n___\n\n{MORE}\n\n-----"),
    Case(
        "a desk with a number",
        f"Two leaders talk\n@news24\nTwo leaders talk\nBy News 24 Desk\n\n{BODY}",
    ),
    Case("account with a name", f"Two leaders talk\n\nBy NewsDesk @newsdesk\n\n{BODY}"),
    Case("agency", f"Two leaders talk\nReuters\n\n{BODY}"),
    Case(
        "account, date and count of comments",
        f"Two leaders talk\nby admin - March 19, 2025 0\n\n{BODY}",
        published=MARCH,
    ),
    Case(
        "posted on by",
        f"Two leaders talk\nPosted on March 19, 2025 by Jane Doe (@jdoe)\n\n{BODY}",
        authors=("Jane Doe",),
        published=MARCH,
    ),
    Case("admin", f"Two leaders talk\nadmin\n\n{BODY}"),
    Case(
        "staff with a date",
        f"Two leaders talk\nSite Staff\nMarch 19, 2025\n\n{BODY}",
        published=MARCH,
    ),
    Case("byline", f"Two leaders talk\n\nBy Jane Doe\n\n{BODY}", authors=("Jane Doe",)),
    Case(
        "byline of two with their place",
        f"Two leaders talk\n\nBy Jane Doe and Luis de la Cruz in Berlin\n\n{BODY}",
        authors=("Jane Doe", "Luis de la Cruz"),
    ),
    Case(
        "name and date beside a bar",
        f"Two leaders talk\nJane Doe | 19 March 2025\n\n{BODY}",
        authors=("Jane Doe",),
        published=MARCH,
    ),
    Case(
        "published before updated, whatever their order",
        f"Two leaders talk\n\nUpdated: 20 March 2025, 10:15 GMT\n"
        f"Published: Wed 19 March 2025\n\n{BODY}",
        published=MARCH,
    ),
    Case(
        "both on a line",
        f"Two leaders talk\n\nUpdated 20.03.2025 | Published 19.03.2025 at 9:00 am\n\n{BODY}",
        published=MARCH,
    ),
    Case(
        "byline with role, date and reading time",
        f"Two leaders talk\nBy Jane Doe, Political Editor • 19/03/2025 • 4 min read\n\n{BODY}",
        authors=("Jane Doe",),
        published=MARCH,
    ),
    Case(
        "byline at the end",
        f"Two leaders talk\n\n{BODY}\n\nWritten by Jane Doe",
        authors=("Jane Doe",),
    ),
    Case("advertisement in the middle", f"Two leaders talk\n\n{LONG}\n\nAdvertisement\n\n{MORE}"),
    Case("sponsored", f"Two leaders talk\n\n{LONG}\nSponsored by Acme Ltd.\n{MORE}"),
    Case(
        "an offer in words",
        f"Two leaders talk\n\n{LONG}\n\nGet the best of The Globe – subscription banner – "
        f"starting at $4.99\n\n{MORE}",
    ),
    Case("subscribe", f"Two leaders talk\n\n{LONG}\n\nSubscribe now to read more!\n\n{MORE}"),
    Case(
        "read more", f"Two leaders talk\n\n{LONG}\n\nRead more: Minister says no to talks\n\n{MORE}"
    ),
    Case(
        "sharing and following",
        f"Two leaders talk\nShare this article\nFacebook | Twitter | WhatsApp\n\n{BODY}\n\n"
        "Follow us on Facebook and Twitter.\n5 comments",
    ),
    Case(
        "cookies and small print",
        "This website uses cookies to give you the best experience.\nAccept all cookies\n"
        f"Two leaders talk\n\n{BODY}\n\n© 2025 Daily Globe. All rights reserved.",
    ),
    Case(
        "labelled tags before the source",
        f"Two leaders talk\n\n{BODY}\n\nTags: energy; war\n\nSource: https://news.example/a",
        tags=("energy", "war"),
    ),
    Case("hashtags", f"Two leaders talk\n\n{BODY}\n\n#Energy #War", tags=("Energy", "War")),
    Case(
        "odd characters and line ends",
        "\ufeffTwo\u00a0leaders talk\r\n\r\n\u202a"
        + LONG.replace("war", "w\u200bar")
        + "\u202c\r\n\r\n"
        "\r\n \t\r\n" + MORE.replace(" ", "  ", 3),
    ),
    Case("credits of a picture", f"Two leaders talk\n\nPhoto: Jane Doe/Agency\n\n{BODY}"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_dirty_text(case: Case) -> None:
    draft = clean(Draft(text=case.dirty))
    assert draft.text == case.text
    assert draft.title == case.title
    assert draft.authors == case.authors
    assert draft.published == case.published
    assert draft.tags == case.tags


@pytest.mark.parametrize(
    "kept",
    [
        "The newspaper starts a subscription at 5 euros, he said.",
        "Paris, London and Berlin refused.",
        "Subscribers, readers, and writers met.",
        "By Friday the talks had failed.",
        "Published in 1999, the book sold well.",
        "On 19 March 2025 the bridge fell.",
        "Share prices fell on Monday.",
        "Get a subscription for 5 euros, he said.",
        "Save the Children raised $5 million with its newsletter.",
        "We use cookies in half of our recipes, the baker said.",
        "Advertisement spending rose by 5% last year.",
        "By clicking the button he accepted the cookies.",
        "(c) the third condition of the treaty.",
        "Copyright law changed in 2019.",
        "Source of the river",
        "Follow the money.",
        "Sign up for school opened on Monday.",
        "Athens, Rome",
        "He asked: “Read more?”",
        "12 May 1937\n\nThe bridge opened.\n\n3 June 1950\n\nIt closed.",
    ],
)
def test_ordinary_lines_stay(kept: str) -> None:
    text = f"{LONG}\n\n{kept}\n\n{MORE}"
    assert clean(Draft(text=text, title="Bridges")).text == text
    at_the_end = f"{LONG}\n\n{kept}"
    assert clean(Draft(text=at_the_end, title="Bridges")).text == at_the_end


def test_a_list_of_notes_is_dropped_and_numbered_paragraphs_stay() -> None:
    notes = "[1] Smith, A history of ferries, 2001.\n[2] Harbour office, letter of 4 May."
    said = "The ferry [1] goes three times a day. It needs an hour for the crossing [2]."
    assert clean(Draft(text=f"{said}\n\n{notes}")).text == said
    judgment = "[1] The ferry company appeals.\n\n[2] The appeal is dismissed."
    assert clean(Draft(text=judgment)).text == judgment
    assert clean(Draft(text=f"{said}\n[7] A single one stays.")).text.endswith("stays.")


def test_a_diary_keeps_its_dates() -> None:
    text = "1 May 1940\n\nToday it rained.\n\n2 May 1940\n\nToday it did not."
    assert clean(Draft(text=text, title="Diary")) == Draft(text=text, title="Diary")


WRAPPED = """\
The bridge over the river was opened on Monday after three years of
work, and some thousand people walked across it on the first day. It
cost 30 million, which was more than the town had planned.

The old bridge, a well-
known sight, will be taken down.
"""


def test_wrapped_lines_are_joined() -> None:
    first, second = clean(Draft(text=WRAPPED)).text.split("\n\n")
    assert first.startswith("The bridge over") and first.endswith("had planned.")
    assert "three years of work, and" in first and "\n" not in first
    assert second.count("\n") == 1  # too short to tell from verse


def test_wrapped_paragraphs_without_blank_lines() -> None:
    text = clean(Draft(text=WRAPPED.split("\n\n")[0] + "\n" + WRAPPED.split("\n\n")[0])).text
    assert [paragraph[:10] for paragraph in text.split("\n\n")] == ["The bridge"] * 2


def test_noise_within_wrapped_lines_goes_and_the_rest_is_joined() -> None:
    lines = WRAPPED.split("\n\n")[0].split("\n")
    dirty = "\n".join([*lines[:2], "Advertisement", *lines[2:]])
    assert clean(Draft(text=dirty)).text == " ".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        "The night is long,\nThe road is white,\nAnd no one walks\nBeneath the light.",
        "To bring along:\n- a coat\n- two pairs of shoes\n- bread",
        "1. First the roof\n2. Then the walls\n3. The floor last of all",
        "Year | Cost\n2022 | 10\n2023 | 12",
    ],
)
def test_lines_that_mean_something_stay(text: str) -> None:
    assert clean(Draft(text=text, title="Known")).text == text


def test_a_stray_break_within_a_sentence_is_closed() -> None:
    broken = (
        f"{LONG}\nA process found in 1895 gave a good deal of almost pure O\n2. It is used still."
    )
    assert "almost pure O 2. It is" in clean(Draft(text=broken)).text


def test_a_wrapped_line_that_begins_like_a_list_item() -> None:
    lines = [
        "The bridge over the river was opened, as had been promised, on",
        "12. May, after three years of work, and some thousand people of",
        "the town walked across it.",
    ]
    assert clean(Draft(text="\n".join(lines))).text == " ".join(lines)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Amazon rainforest\n\nThe forest is large.", "Amazon rainforest"),
        ("Will it rain?\n\nNo one knows.", "Will it rain?"),
        ("Life in the U.S.\n\nIt is varied.", "Life in the U.S."),
        ("The forest is large.\n\nVery large.", None),
        ("Dear friends,\n\nThe forest is large.", None),
        ("- a coat\n- two shoes\n- bread", None),
        ("A lone line", None),
    ],
)
def test_title_from_the_first_line(text: str, title: str | None) -> None:
    assert clean(Draft(text=text)).title == title


def test_a_known_title_is_kept_and_its_repeat_dropped() -> None:
    assert clean(Draft(text=f"Two  Leaders talk\n\n{LONG}", title="Two leaders talk!")) == Draft(
        text=LONG, title="Two leaders talk!"
    )


def test_a_text_is_not_emptied_by_its_title() -> None:
    assert (
        clean(Draft(text="Two leaders talk", title="Two leaders talk")).text == "Two leaders talk"
    )


def test_authors_and_tags_given_by_the_form_are_tidied() -> None:
    draft = clean(
        Draft(text=LONG, authors=("Jane Doe ", "@desk", "Site Staff"), tags=("war; trade,War", "x"))
    )
    assert draft.authors == ("Jane Doe",)
    assert draft.tags == ("war", "trade", "x")


PIECES = st.sampled_from(
    [line for case in CASES for line in case.dirty.split("\n")]
    + [LONG[:70], LONG[70:130], MORE[:60], "- item", "a | b", "and", "Two Words", "19 March 2025"]
)
SEPARATORS = st.sampled_from(["\n", "\n\n", "\r\n", " ", "\u2029", "\n- "])
DIRTY = st.lists(st.tuples(PIECES, SEPARATORS), max_size=14).map(
    lambda pairs: "".join(piece + separator for piece, separator in pairs)
)


@given(text=DIRTY | st.text(), title=st.none() | st.text(max_size=20) | PIECES)
def test_cleaning_is_idempotent(text: str, title: str | None) -> None:
    once = clean(Draft(text=text, title=title))
    assert clean(once) == once
    assert once.text == once.text.strip()
    assert "\n\n\n" not in once.text


@given(st.text())
def test_normalising_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_letter_is_changed(text: str) -> None:
    def letters(value: str) -> list[str]:
        return sorted(filter(str.isalnum, unicodedata.normalize("NFC", value)))

    kept = [c for c in letters(normalise(text)) if c.isascii()]
    assert kept == [c for c in letters(text) if c.isascii()]
