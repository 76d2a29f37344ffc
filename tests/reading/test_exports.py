from __future__ import annotations

import json
import re
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import exports
from assistant.reading.draft import Draft

TEXT = "The bridge over the river was opened on Monday.\n\nThe ferry goes on to run."
PAGE = "<p>The <b>bridge</b> opened.</p>\n<p>The ferry goes on.</p>"
DAY = date(2025, 3, 19)


def as_json(value: Any) -> list[Draft]:
    return exports.read_json(json.dumps(value).encode())


def one(**fields: Any) -> Draft:
    [draft] = as_json({"text": TEXT, **fields})
    return draft


# --- What a record says ---------------------------------------------------------------------------


def test_a_whole_record() -> None:
    assert one(
        title="Bridge opens",
        author="Jane Doe",
        date="2025-03-19T10:00:00Z",
        updated="2025-03-20",
        tags=["roads", "rivers"],
        publication="The Daily",
        lang="en",
        url="https://daily.example/bridge",
    ) == Draft(
        text=TEXT,
        title="Bridge opens",
        authors=("Jane Doe",),
        published=DAY,
        modified=date(2025, 3, 20),
        tags=("roads", "rivers"),
        site="The Daily",
        language="en",
        url="https://daily.example/bridge",
    )


@pytest.mark.parametrize("name", ["Full Text", "fullText", "plain_text", "Body", "ARTICLE"])
def test_names_are_matched_loosely(name: str) -> None:
    assert as_json([{name: TEXT}])[0].text == TEXT


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"description": "A teaser.", "content": TEXT}, TEXT),
        ({"content": "", "body": TEXT}, TEXT),
        ({"description": TEXT}, TEXT),
        ({"content": {"rendered": TEXT}}, TEXT),
        ({"body": ["One.", "Two."]}, "One.\n\nTwo."),
        ({"content": "The bridge opened and … [+1234 chars]"}, "The bridge opened and …"),
        ({"_source": {"text": TEXT}}, TEXT),
        ({"text": 5, "title": "A"}, ""),
    ],
)
def test_which_field_is_the_text(record: dict[str, Any], text: str) -> None:
    assert as_json([record, {"text": "other"}])[0].text == text


@pytest.mark.parametrize("record", [{"text": PAGE}, {"content_html": PAGE}, {"html": PAGE}])
def test_html_is_read_as_html(record: dict[str, Any]) -> None:
    [draft] = as_json({"title": "Own title", **record})
    assert draft.text.split("\n\n") == ["The bridge opened.", "The ferry goes on."]
    assert draft.title == "Own title"


def test_what_only_looks_like_html_stays() -> None:
    for text in ("a < b and b </ c", "<3 this bridge", "The <p> tag ends with </p>."):
        assert as_json({"text": text})[0].text == text


def test_a_page_tells_what_the_record_does_not() -> None:
    page = f"<html><head><title>Bridge opens</title></head><body>{PAGE}</body></html>"
    [draft] = as_json({"html": page, "tags": "roads"})
    assert (draft.title, draft.tags) == ("Bridge opens", ("roads",))


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-19",
        "2025-03-19T23:59:00+0100",
        "20250319",
        20250319,
        "Wed, 19 Mar 2025 10:15:00 GMT",
        "19 Mar 25 10:15 +0000",
        1742342400,
        "1742342400",
        1742342400.5,
        1742342400000,
        1742342400000000000,
        {"$date": "2025-03-19T00:00:00Z"},
        {"date-parts": [[2025, 3, 19]]},
    ],
)
def test_dates(written: Any) -> None:
    assert one(published_at=written).published == DAY


@pytest.mark.parametrize("written", [None, True, "", "soon", 2025, 5, -1, 1e300, "9" * 400, [[]]])
def test_no_date(written: Any) -> None:
    assert one(published=written).published is None


def test_the_day_of_publishing_counts_before_that_of_saving() -> None:
    draft = one(created_at="2025-05-05", published_at="2025-03-19", time_added="1700000000")
    assert draft.published == DAY


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Doe, Jane; Roe, John A.", ("Jane Doe", "John A. Roe")),
        ("Jane Doe, John Roe", ("Jane Doe", "John Roe")),
        (["Jane Doe", {"name": "John Roe"}], ("Jane Doe", "John Roe")),
        ({"1": {"author_id": "1", "name": "Jane Doe"}}, ("Jane Doe",)),
        ([{"given": "Jane", "family": "Doe"}], ("Jane Doe",)),
        ("['Jane Doe', \"John Roe\"]", ("Jane Doe", "John Roe")),
        ("Byron", ("Byron",)),
        (None, ()),
        ([], ()),
    ],
)
def test_authors(written: Any, authors: tuple[str, ...]) -> None:
    assert one(author=written).authors == authors


@pytest.mark.parametrize(
    "written",
    [
        ["a", "b c"],
        "a, b c",
        "a;b c",
        "a|b c",
        '["a","b c"]',
        [{"tag": "a"}, {"label": "b c"}],
        {"a": {"item_id": "1", "tag": "a"}, "b c": {"item_id": "1"}},
    ],
)
def test_tags(written: Any) -> None:
    assert one(tags=written).tags == ("a", "b c")


def test_a_source_is_a_site_or_an_address() -> None:
    assert one(source="The Daily").site == "The Daily"
    assert one(source={"id": None, "name": "The Daily"}).site == "The Daily"
    linked = one(source="https://daily.example/x")
    assert (linked.site, linked.url) == (None, "https://daily.example/x")


@pytest.mark.parametrize(
    "url", ["/x", "javascript:alert(1)", "https://", "http://[::1", "file:///x"]
)
def test_what_is_no_address(url: str) -> None:
    assert one(url=url).url is None


def test_everything_can_be_stored() -> None:
    [draft] = exports.read_json(
        b'{"text": "a\\ud800b\\u0000", "title": "\\udfff", "tags": ["\\ud800"]}'
    )
    for value in (draft.text, draft.title, *draft.tags):
        assert value is not None
        value.encode()
        assert "\0" not in value


# --- Where the records stand ----------------------------------------------------------------------

RECORDS = [{"title": "A", "text": "One."}, {"title": "B", "text": "Two."}]


@pytest.mark.parametrize(
    "value",
    [
        RECORDS,
        {"status": "ok", "totalResults": 2, "articles": RECORDS},
        {
            "description": "All that I saved",
            "items": RECORDS,
            "feeds": [{"url": "https://a.example"}],
        },
        {"response": {"docs": RECORDS}},
        {"list": {"17": RECORDS[0], "18": RECORDS[1]}},
        {"17": RECORDS[0], "18": RECORDS[1]},
        {"title": {"0": "A", "1": "B"}, "text": {"0": "One.", "1": "Two."}},
        {"columns": ["title", "text"], "index": [0, 1], "data": [["A", "One."], ["B", "Two."]]},
    ],
)
def test_where_the_articles_are(value: Any) -> None:
    drafts = as_json(value)
    assert [(d.part, d.title, d.text) for d in drafts] == [
        ("item 1", "A", "One."),
        ("item 2", "B", "Two."),
    ]


def test_the_list_of_articles_is_not_that_of_their_authors() -> None:
    people = [{"name": f"P{i}", "url": f"https://p.example/{i}"} for i in range(3)]
    feed = {"title": "F", "description": "A feed", "link": "https://f.example"}
    [draft] = as_json({"feed": feed, "items": [{"text": TEXT, "url": "", "authors": people}]})
    assert (draft.text, draft.authors) == (TEXT, ("P0", "P1", "P2"))


def test_one_article_has_no_part() -> None:
    assert as_json({"title": "A", "text": TEXT})[0].part is None


def test_a_record_without_text_is_named() -> None:
    drafts = as_json([{"text": "One."}, {"title": "B"}, 5, {"text": None}, {"text": "Five."}])
    assert [(d.part, d.text) for d in drafts] == [
        ("item 1", "One."),
        ("item 2", ""),
        ("item 3", ""),
        ("item 4", ""),
        ("item 5", "Five."),
    ]


def test_json_lines() -> None:
    data = (
        '{"text": "One."}\n\n{"text": "Two\u2028lines."}\r\n{"text": \n[1]\n{"title": "T"}'.encode()
    )
    for read in (exports.read_jsonl, exports.read_json):
        assert [(d.part, d.text) for d in read(data)] == [
            ("line 1", "One."),
            ("line 3", "Two\u2028lines."),
            ("line 4", ""),
            ("line 5", ""),
            ("line 6", ""),
        ]


def test_json_under_the_name_of_json_lines() -> None:
    data = json.dumps(RECORDS, indent=1).encode()
    assert [draft.part for draft in exports.read_jsonl(data)] == ["item 1", "item 2"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{\n "text": "x",\n "date" 5}', r"is not valid JSON \(line 3, column 9\); export"),
        (b"", "is not valid JSON"),
        (b"5", "has no field with the text; name it text, content or body"),
        (b"[1, 2]", "has no field with the text"),
        (b'[{"url": "https://a.example"}]', "holds addresses but no texts; `assistant add`"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"text": ' + b"1" * 10_000 + b"}", "number that is too long"),
        (b"[" + b"[]," * 2_100_000 + b"[]]", "too many objects"),
        (b'{"text": "' + b"\0" * 20, "is binary"),
    ],
)
def test_what_cannot_be_read(data: bytes, reason: str) -> None:
    for read in (exports.read_json, exports.read_jsonl):
        with pytest.raises(SourceError, match=reason) as caught:
            read(data)
        assert "\n" not in str(caught.value)


def test_a_description_alone_makes_no_article() -> None:
    about = {"name": "tool", "description": "Does things."}
    with pytest.raises(SourceError, match="has no field with the text"):
        as_json(about)
    [draft] = as_json({**about, "url": "https://tool.example"})
    assert (draft.title, draft.text) == ("tool", "Does things.")


def test_too_many_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_MOST", 3)
    rows = b"text\n" + b"x\n" * 4
    assert len(exports.read_csv(rows[:-2])) == 3
    for read, data in [
        (exports.read_csv, rows),
        (exports.read_jsonl, b'{"text": "x"}\n' * 4),
        (exports.read_json, json.dumps([{"text": "x"}] * 4).encode()),
    ]:
        with pytest.raises(SourceError, match="holds more than 3 records; split it"):
            read(data)


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables(mark: str, encoding: str) -> None:
    lines = ["id,title,text", '1,Café,"One, two;\n\nthree|""four"" – naïve"', "", "2,B", '3,C,"x"']
    table = "\r\n".join(line.replace(",", mark) if line[:1] != "1" else line for line in lines)
    table = table.replace("1,Café,", f"1{mark}Café{mark}")
    drafts = exports.read_csv(table.encode(encoding))
    assert [(d.part, d.title, d.text) for d in drafts] == [
        ("row 1", "Café", 'One, two;\n\nthree|"four" – naïve'),
        ("row 2", "B", ""),
        ("row 3", "C", "x"),
    ]


def test_old_line_ends_long_cells_and_stray_nul() -> None:
    long = "word " * 100_000
    data = f"text,title\rOne.,A\0\r{long},B\r".encode()
    assert [(d.text, d.title) for d in exports.read_csv(data)] == [
        ("One.", "A"),
        (long.strip(), "B"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a,b\n1,2\n", "has no column with the text; name it text, content or body"),
        (b"", "has no column with the text"),
        (b"title,url,time_added,tags,status\nA,https://a.example,1,,unread\n", "addresses but no"),
        (b"text\n" + b"x" * 10_000_001, "cannot be read as a table .field larger"),
        (b"\0\x01\x02" * 50, "is binary"),
        (b"," * 3_000_000, "has no column"),
    ],
)
def test_what_is_no_table(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        exports.read_csv(data)


# --- Anything -------------------------------------------------------------------------------------

NAMES = st.sampled_from(
    re.findall(r"\w+", "text content html url title date author tags list columns data x")
)
WORDS = st.sampled_from(["", "<p>a</p>", "https://a.example/", "1742342400", "a, b", "By A"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def nothing_but_a_source_error(data: bytes) -> None:
    for read in (exports.read_json, exports.read_jsonl, exports.read_csv):
        try:
            drafts = read(data)
        except SourceError as error:
            assert "\n" not in str(error)
        else:
            assert all(isinstance(draft.text, str) for draft in drafts)


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUES, max_size=3))
def test_any_json(values: list[Any]) -> None:
    nothing_but_a_source_error(json.dumps(values).encode())
    nothing_but_a_source_error("\n".join(map(json.dumps, values)).encode())


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=60)
    | st.lists(
        st.sampled_from([*'\n\r,;|"\0[]{}:', "text", "url", '"text":', "é"]), max_size=30
    ).map(lambda parts: "".join(parts).encode())
)
def test_any_bytes(data: bytes) -> None:
    nothing_but_a_source_error(data)


@pytest.mark.parametrize(
    "value",
    [
        "[" + "'" * 300_000 + "]",
        " " * 300_000 + "[+1",
        "https://a" * 800,
        ", " * 300_000,
        "</a" * 100_000,
        "<a" * 100_000,
    ],
)
def test_no_value_takes_long(value: str) -> None:
    start = time.process_time()
    one(tags=value, author=value, url=value, date=value, content=value, title=value)
    as_json([{"text": f"{value}x"}])
    assert time.process_time() - start < 5
