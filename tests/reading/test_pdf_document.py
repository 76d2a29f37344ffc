"""What a PDF says of itself, what is no article, and what no file may do."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_files import BRIDGE, FERRY, MARKET, Piece, column, write

from assistant.errors import SourceError
from assistant.reading import pdf
from assistant.reading.clean import clean, normalise
from assistant.reading.draft import Draft
from assistant.reading.pages import pages_after

HEADLINE = Piece(60, 740, "A bridge and a ferry on one river", 22)


def read(*pages: Iterable[Piece], **info: str) -> Draft:
    return pdf.read(write(pages, info))


# --- What the document says of itself -------------------------------------------------------------


def test_information() -> None:
    draft = read(
        column(BRIDGE),
        Title="  Bridges of  Europe ",
        Author="Jane Doe; John Roe and Ann Poe",
        CreationDate="D:20240503104500+02'00'",
    )
    assert draft.title == "Bridges of Europe"
    assert draft.authors == ("Jane Doe", "John Roe", "Ann Poe")
    assert draft.published == date(2024, 5, 3)


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - x.doc",
        "untitled",
        "Untitled-3",
        "x.indd",
        "My story.PDF",
        "",
        "Layout 1",
        "Document1",
        "  ",
        "12",
        "https://news.example/a",
    ],
)
def test_a_file_name_is_no_title(title: str) -> None:
    assert read([HEADLINE, *column(BRIDGE)], Title=title).title == HEADLINE.text
    assert read(column(BRIDGE), Title=title).title is None


def test_a_headline_of_two_lines() -> None:
    lines = column(["Bridge Opens", "After Three Long Years of Waiting"], y=720, size=20)
    assert read(lines + column(BRIDGE, y=650)).title == (
        "Bridge Opens After Three Long Years of Waiting"
    )


@pytest.mark.parametrize("said", ["D:19700101", "D:20249", "yesterday", "D:20241350", "tomorrow"])
def test_a_date_that_cannot_be(said: str) -> None:
    said = f"D:{date.today() + timedelta(2):%Y%m%d}" if said == "tomorrow" else said
    assert read(column(BRIDGE), CreationDate=said).published is None


# --- What is no article ---------------------------------------------------------------------------

GOOD = write([column(BRIDGE), column(FERRY)], {"Title": "Bridges"})
STANDARD = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (
    b"ab" * 32,
    b"cd" * 32,
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (write([column(BRIDGE)], trailer=STANDARD), "is encrypted; save"),
        (write([column(BRIDGE)], trailer=b"/Encrypt<</Filter/Odd/V 9>>"), "is encrypted; save"),
        (write([[]]), r"is a scan without text; run text recognition \(OCR\)"),
        (write([]), "is damaged"),
        (GOOD[:400], "is damaged"),
        (b"", "is damaged"),
        (b"%PDF-1.4", "is damaged"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "is damaged"),
        (GOOD.replace(b"/Type/Page/", b"/Type/Font/"), "is damaged"),
        (write([[]], kids=3000), "has 3,000 pages, more than 2,000"),
    ],
    ids=range(10),
)
def test_what_is_no_article(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        pdf.read(data)
    assert "\n" not in str(caught.value)


def test_too_slow_and_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_CHARACTERS", 200)
    with pytest.raises(SourceError, match="holds more than 200 characters"):
        pdf.read(GOOD)
    monkeypatch.setattr(pdf, "_LONGEST", -1.0)
    with pytest.raises(SourceError, match="takes longer than"):
        pdf.read(GOOD)


def test_a_broken_page_is_passed_over() -> None:
    second = GOOD.index(b"/Type/Page/", GOOD.index(b"/Type/Page/") + 1)
    broken = GOOD[:second] + b"/Type/Pong/" + GOOD[second + 11 :]
    assert pdf.read(broken).text == BRIDGE


def test_a_table_as_long_as_a_book_on_one_page_takes_no_time() -> None:
    rows = [Piece(60 + 100 * k, 780 - i * 0.9, "x" * 5, 0.8) for i in range(860) for k in range(5)]
    assert read(rows).text.count("xxxxx") == len(rows)


def test_several_threads() -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(pdf.read(GOOD).text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [f"{BRIDGE}\n\n{FERRY}"] * 8


def test_nothing_is_left_open() -> None:
    from pypdfium2.internal.bases import ObjectTracker

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pdf.read(GOOD)
        with pytest.raises(SourceError):
            pdf.read(GOOD[:400])
    assert not any(ObjectTracker.values())


@settings(max_examples=150, deadline=None)
@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=4), st.integers(0, 6)),
        max_size=6,
    )
)
def test_a_mangled_file_is_read_or_refused(edits: list[tuple[int, bytes, int]]) -> None:
    data = GOOD
    for at, new, length in edits:
        data = data[:at] + new + data[at + length :]
    try:
        draft = pdf.read(data)
    except SourceError as error:
        assert "\n" not in str(error)
    else:
        assert draft.text.strip() == draft.text != ""
        assert list(draft.pages) == sorted(draft.pages)


@settings(max_examples=60, deadline=None)
@given(
    pieces=st.lists(
        st.builds(
            Piece,
            st.floats(-50, 700),
            st.floats(-50, 850),
            st.text("abcA .,-1•fil", min_size=1, max_size=30),
            st.floats(1, 60),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_letters_anywhere(pieces: list[Piece]) -> None:
    try:
        draft = read(pieces, pieces[::2])
    except SourceError:
        return
    assert draft.text == normalise(draft.text)
    assert all(0 <= at <= len(draft.text) for at in draft.pages)
    assert all("\n" not in paragraph for paragraph in draft.text.split("\n\n"))


def test_pages_of_the_cleaned_text() -> None:
    pages = [[HEADLINE, *column(BRIDGE)], column(["Advertisement"]), column(FERRY), column(MARKET)]
    draft = read(*pages)
    cleaned = clean(draft).text
    assert "Advertisement" not in cleaned and cleaned != draft.text
    begins = [cleaned[at:].split("\n")[0] for at in pages_after(draft, cleaned)]
    assert begins == [FERRY, FERRY, MARKET]
