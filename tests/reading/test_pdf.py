"""PDFs as they are printed: what is read in which order, and what is no article."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from pdf_files import BRIDGE, FERRY, LEADING, MARKET, Piece, column, write

from assistant.reading import pdf
from assistant.reading.draft import Draft


def read(*pages: Iterable[Piece], **info: str) -> Draft:
    return pdf.read(write(pages, info))


def under(lines: list[Piece], gap: float = 2 * LEADING) -> float:
    return lines[-1].y - gap


# --- Paragraphs -----------------------------------------------------------------------------------


def test_lines_are_joined_and_a_gap_parts_paragraphs() -> None:
    first = column(BRIDGE)
    second = column(FERRY, y=under(first))
    assert read(first + second).text == f"{BRIDGE}\n\n{FERRY}"


def test_an_indentation_parts_paragraphs() -> None:
    lines: list[Piece] = []
    for text in (BRIDGE, FERRY, MARKET):
        begun = column("++" + text, y=under(lines, LEADING) if lines else 700, width=60)
        lines += [begun[0]._replace(x=72, text=begun[0].text[2:]), *begun[1:]]
    assert read(lines).text == f"{BRIDGE}\n\n{FERRY}\n\n{MARKET}"


def test_a_short_last_line_parts_paragraphs() -> None:
    first = column(BRIDGE, width=70)
    second = column(FERRY, y=under(first, LEADING), width=70)
    assert len(first[-1].text) < 50
    assert read(first + second).text == f"{BRIDGE}\n\n{FERRY}"


def test_a_heading_of_the_same_size_stands_alone() -> None:
    first = column(BRIDGE)
    heading = Piece(60, under(first, LEADING), "The ferry")
    second = column(FERRY, y=heading.y - LEADING)
    assert read([*first, heading, *second]).text == f"{BRIDGE}\n\nThe ferry\n\n{FERRY}"


def test_items_and_rows_keep_their_lines() -> None:
    items = ["1. First the roof, then the walls of the house.", "2. Then the floor.", "• Bread"]
    rows = ["Year        Bridges     Ferries", "1990        12          34", "1991  13          35"]
    lines = column(items) + column(rows, y=600)
    assert read(lines).text.split("\n\n") == [*items, *(" ".join(row.split()) for row in rows)]


def test_double_spacing_is_no_gap() -> None:
    lines = [piece._replace(y=700 - 24 * i) for i, piece in enumerate(column(BRIDGE + " " + FERRY))]
    assert read(lines).text == f"{BRIDGE} {FERRY}"


# --- Columns --------------------------------------------------------------------------------------


def columns(texts: list[str], y: float = 640, width: int = 38, step: float = 250) -> list[Piece]:
    return [p for i, text in enumerate(texts) for p in column(text, 60 + step * i, y, width)]


HEADLINE = Piece(60, 690, "A bridge and a ferry on one river", 22)


@pytest.mark.parametrize("offset", [0, 5])
def test_two_columns_under_a_headline(offset: float) -> None:
    right = [p._replace(y=p.y + offset) for p in column(FERRY, 310, 640, 38)]
    draft = read([*column(BRIDGE, 60, 640, 38), *right, HEADLINE])
    assert draft.text == f"{HEADLINE.text}\n\n{BRIDGE}\n\n{FERRY}"
    assert draft.title == HEADLINE.text


def test_columns_drawn_line_by_line() -> None:
    pieces = sorted(columns([BRIDGE, FERRY]), key=lambda piece: -piece.y)
    assert read(pieces).text == f"{BRIDGE}\n\n{FERRY}"


def test_three_columns() -> None:
    pieces = columns([BRIDGE, FERRY, MARKET], width=25, step=165)
    assert read(pieces).text == f"{BRIDGE}\n\n{FERRY}\n\n{MARKET}"


def test_a_paragraph_over_a_column_break() -> None:
    lines = column(BRIDGE + " " + FERRY, 60, 640, 38)
    half = [piece._replace(x=310, y=piece.y + 5 * LEADING) for piece in lines[5:]]
    assert lines[4].text[-1].isalpha()
    assert read([HEADLINE, *lines[:5], *half]).text.endswith(f"\n\n{BRIDGE} {FERRY}")


def test_text_across_the_page_between_columns() -> None:
    across = column(MARKET, y=560)
    upper, lower = columns([BRIDGE, FERRY]), columns([FERRY, BRIDGE], y=500)
    texts = [BRIDGE, FERRY, MARKET, FERRY, BRIDGE]
    assert read(upper + across + lower).text == "\n\n".join(texts)


def test_a_column_that_begins_above_the_other_comes_second_still() -> None:
    right = column(FERRY + " " + MARKET, 310, 640, 38)
    left = column(BRIDGE, 60, 640 - 4 * LEADING, 38)
    assert read(left + right).text == f"{BRIDGE}\n\n{FERRY} {MARKET}"


def test_a_large_initial_belongs_to_its_word() -> None:
    lines = column(BRIDGE, 90)
    rest = lines[0]._replace(text=lines[0].text[1:])
    initial = Piece(60, 700 - 2 * LEADING, "T", 38)
    assert read([initial, rest, *lines[1:]]).text == BRIDGE


def test_what_runs_up_the_margin_is_left_out() -> None:
    stamp = Piece(30, 300, "stamped in the margin", 14, turned=True)
    assert read([stamp, *column(BRIDGE)]).text == BRIDGE


def test_a_page_that_lies_on_its_side() -> None:
    turned = [Piece(792 - p.y, p.x, p.text, turned=True) for p in column(BRIDGE)]
    assert read(turned).text == BRIDGE


def test_what_stands_outside_the_page_is_left_out() -> None:
    assert read([*column(BRIDGE), Piece(60, 900, "story.indd 1"), Piece(700, 300, "x")]).text == (
        BRIDGE
    )


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("an exam-", "ple of it", "an example of it"),
        ("the inter-", "national bridge", "the international bridge"),
        ("a long-", "lived thing", "a long-lived thing"),  # written so elsewhere
        ("a well-", "known bridge", "a well-known bridge"),
        ("Jean-", "Luc came", "Jean-Luc came"),
        ("the years 1990-", "95 were good", "the years 1990-95 were good"),
        ("the BRID-", "GES fell", "the BRIDGES fell"),
        ("pre-", "and post-war", "pre- and post-war"),
        ("state-of-the-", "art works", "state-of-the-art works"),
        ("two -", "three", "two - three"),
    ],
)
def test_words_broken_at_the_end_of_a_line(above: str, below: str, joined: str) -> None:
    before = "A long-lived bridge is what the town on the river wanted, and so "
    text = read(column([before + above, below + "."])).text
    assert f"{joined}." in text


def test_ligatures_are_letters() -> None:
    assert read(column("The first flood was a fine affair.")).text == (
        "The first flood was a fine affair."
    )


# --- Pages ----------------------------------------------------------------------------------------


def book(texts: list[str]) -> list[list[Piece]]:
    return [
        [
            Piece(60, 760, f"{i}  The Daily Globe" if i % 2 else f"The Daily Globe  {i}"),
            *column(text),
            Piece(300, 30, f"- {i} -"),
            Piece(60, 18, "Printed on 3 May 2024 at 10:5" + str(i)),
        ]
        for i, text in enumerate(texts, 9)
    ]


def test_what_pages_repeat_is_dropped() -> None:
    texts = [BRIDGE, FERRY, MARKET, "Nothing else was heard of it."]
    draft = read(*book(texts))
    assert draft.text == "\n\n".join(texts)
    assert [draft.text[at:].split(" ")[1] for at in draft.pages] == ["ferry", "the", "else"]


def test_the_same_line_at_another_height_stays() -> None:
    pages = [[*column(BRIDGE), Piece(60, 600 - 40 * i, "No comment.")] for i in range(4)]
    assert read(*pages).text.count("No comment.") == 4


def test_pages_that_hold_nothing_but_the_same_stay() -> None:
    assert read(*[[Piece(60, 700, "Slide")]] * 4).text == "\n\n".join(["Slide"] * 4)


def test_what_a_browser_prints_around_a_page_is_dropped() -> None:
    page = [
        Piece(30, 775, "11/22/24, 8:10 PM"),
        Piece(300, 775, "Bridges"),
        *column(BRIDGE),
        Piece(30, 15, "https://news.example/bridges"),
        Piece(560, 15, "1/1"),
    ]
    assert read(page).text == BRIDGE


def test_a_paragraph_over_a_page_break() -> None:
    lines = column(BRIDGE)
    pages = [lines[:1], [piece._replace(y=piece.y + LEADING) for piece in lines[1:]]]
    draft = read(*pages)
    assert draft.text == BRIDGE
    assert draft.pages == (BRIDGE.index(lines[1].text),)


def test_a_paragraph_around_a_note_at_the_foot_of_the_page() -> None:
    lines, note = column(BRIDGE), Piece(60, 60, "1 See the report of the council.", 8)
    rest = [piece._replace(y=piece.y + LEADING) for piece in lines[1:]]
    draft = read([lines[0], note], rest)
    assert draft.text == f"{note.text}\n\n{BRIDGE}"
    assert draft.text[draft.pages[0] :].startswith(lines[1].text)


def test_a_word_over_a_page_break() -> None:
    draft = read(column(["It was an exam-"]), column(["ple of its kind."]))
    assert (draft.text, draft.pages) == ("It was an example of its kind.", (14,))


def test_a_page_without_text_begins_where_the_next_does() -> None:
    draft = read([], column(BRIDGE), [], column(FERRY), [])
    ferry, end = draft.text.index(FERRY), len(draft.text)
    assert draft.pages == (0, ferry, ferry, end)
    assert read([], column(BRIDGE)).pages == (0,)


def test_text_recognition_guesses_sizes() -> None:
    sizes = [10, 10.8, 9.4, 11, 10.2, 9, 10.6, 9.8]
    lines = column(f"{BRIDGE} {FERRY} {MARKET}", width=70)
    guessed = [piece._replace(size=sizes[i % 8]) for i, piece in enumerate(lines)]
    assert len({piece.size for piece in guessed}) > 5
    assert read(guessed).text == f"{BRIDGE} {FERRY} {MARKET}"
