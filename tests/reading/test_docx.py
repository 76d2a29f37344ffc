from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from breaking import changed, read_or_told_in_a_line
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading import docx
from assistant.reading.clean import clean

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
    f"{looks}</w:style>"
    for name, looks in {
        "Title": "",
        "heading 1": "",
        "toc 1": "",
        "Secret": "<w:rPr><w:vanish/></w:rPr>",
        "Banner": '<w:pPr><w:shd w:val="clear" w:fill="000080"/></w:pPr>',
    }.items()
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
CORE = """<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>The bridge</dc:title><dc:creator>Jane Doe;John Roe</dc:creator>
<cp:keywords>river, roads; town</cp:keywords><dc:language>en-GB</dc:language>
<cp:lastModifiedBy>Nobody</cp:lastModifiedBy>
<dcterms:created>2025-03-19T10:00:00Z</dcterms:created>
<dcterms:modified>2025-04-02T08:30:00Z</dcterms:modified></cp:coreProperties>"""


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(content: str, style: str = "", properties: str = "") -> str:
    content = content if content.startswith("<") or not content else run(content)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{content}</w:p>"


def part(name: str, content: str, namespace: str = W) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:{name} xmlns:w="{namespace}" xmlns:r="{REL}" '
        f'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="{PIC}" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f"{content}</w:{name}>"
    ).encode()


def parts(body: str, namespace: str = W, **others: str | bytes) -> dict[str, bytes]:
    """The parts of a document; others by the stem of their name."""
    found = {
        "word/document.xml": part("document", f"<w:body>{body}</w:body>", namespace),
        "word/styles.xml": part("styles", STYLES, namespace),
        "word/numbering.xml": part("numbering", NUMBERING, namespace),
    }
    for name, content in others.items():
        place = "docProps/core.xml" if name == "core" else f"word/{name}.xml"
        found[place] = content.encode() if isinstance(content, str) else content
    return found


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def text(body: str, **others: str | bytes) -> str:
    return clean(docx.read(packed(parts(body, **others)))).text


def refused(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        docx.read(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


LISTED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
NOTES = part(
    "footnotes",
    '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
    f'<w:footnote w:id="2">{par("As the town council wrote in its report.")}</w:footnote>',
)
BODY = (
    par("The bridge opens at last", "Title")
    + par("Costs . . . . 2", "toc1")
    + par(run("It was ") + run("opened", "<w:b/>") + run(" on Monday.") + NOTE)
    + par("Costs", "heading1")
    + par("The north bank paid half", "", LISTED)
    + par("The south bank paid the rest", "", LISTED)
    + "<w:tbl>"
    + "".join(
        f"<w:tr><w:tc>{par(year)}</w:tc><w:tc>{par(cost)}</w:tc></w:tr>"
        for year, cost in [("Year", "Cost"), ("2022", "10")]
    )
    + "</w:tbl>"
    + par("The ferry goes on to run in the summer.")
)
PARTS = parts(BODY, footnotes=NOTES, core=CORE)


@pytest.mark.parametrize("namespace", [W, STRICT])
def test_a_whole_document(namespace: str) -> None:
    notes = NOTES.replace(W.encode(), namespace.encode())
    draft = clean(docx.read(packed(parts(BODY, namespace, footnotes=notes, core=CORE))))
    assert draft.text == (
        "It was opened on Monday.\n\n"
        "Costs\n\n"
        "- The north bank paid half\n- The south bank paid the rest\n\n"
        "Year | Cost\n2022 | 10\n\n"
        "The ferry goes on to run in the summer.\n\n"
        "- As the town council wrote in its report."
    )
    assert draft.title == "The bridge opens at last"
    assert draft.authors == ("Jane Doe", "John Roe")
    assert (draft.published, draft.modified) == (date(2025, 3, 19), date(2025, 4, 2))
    assert (draft.tags, draft.language) == (("river", "roads", "town"), "en-GB")


def test_the_title_of_the_properties() -> None:
    assert docx.read(packed(parts(par("Words."), core=CORE))).title == "The bridge"


@pytest.mark.parametrize("title", ["", "Untitled", "Document1", "Microsoft Word - a.doc", " - "])
def test_a_title_that_is_none(title: str) -> None:
    core = CORE.replace("The bridge", title)
    assert docx.read(packed(parts(par("Words."), core=core))).title is None


def test_a_template_says_nothing_of_the_document() -> None:
    draft = docx.read(
        packed(parts(par("Words."), core=CORE.replace("Jane Doe;John Roe", "python-docx")))
    )
    assert (draft.text, draft.authors, draft.published) == ("Words.", (), None)


def test_what_mammoth_passes_over() -> None:
    field = f'<w:fldSimple w:instr="REF x">{run("Table 1")}</w:fldSimple>'
    formula = "<m:oMath><m:r><m:rPr/><m:t>v = 5</m:t></m:r></m:oMath>"
    link = f'<w:hyperlink r:id="rId9">{run("the report")}</w:hyperlink>'
    body = par(run("See ") + field + run(" and ") + link + run(" for ") + formula + run("."))
    assert text(body) == "See Table 1 and the report for v = 5."


def test_changes_as_if_accepted() -> None:
    gone = "<w:del><w:r><w:delText>old </w:delText></w:r></w:del>"
    assert text(par(run("the ") + gone + f"<w:ins>{run('new')}</w:ins>" + run(" road"))) == (
        "the new road"
    )


def test_images_are_left_out() -> None:
    image = (
        '<w:r><w:drawing><wp:inline><wp:docPr descr="a bridge"/><a:graphic><a:graphicData><pic:pic>'
        '<pic:blipFill><a:blip r:embed="rId5"/></pic:blipFill></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )
    assert text(par(run("Before") + image + run(" and after."))) == "Before and after."


def test_a_main_part_of_another_name() -> None:
    members = parts(par("Words."))
    members["word/document2.xml"] = members.pop("word/document.xml")
    members["_rels/.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="/word/document2.xml"/>'
        "</Relationships>"
    ).encode()
    assert docx.read(packed(members)).text == "Words."


# --- Words that nobody sees -----------------------------------------------------------------------

WHITE = '<w:color w:val="FFFFFF"/>'


@pytest.mark.parametrize(
    "hidden",
    [
        run("Ghost.", "<w:vanish/>"),
        run("Ghost.", WHITE),
        run("Ghost.", '<w:sz w:val="1"/>'),
    ],
)
def test_hidden_runs(hidden: str) -> None:
    assert text(par(run("Seen. ") + hidden)) == "Seen."


def test_a_hidden_style() -> None:
    assert text(par("Seen.") + par("Ghost.", "Secret")) == "Seen."


@pytest.mark.parametrize(
    "body",
    [
        par(run("Seen.", '<w:vanish w:val="false"/>')),
        par(run("Seen.", WHITE + '<w:highlight w:val="black"/>')),
        par(run("Seen.", WHITE), "Banner"),
        par(run("Seen.", WHITE), "", '<w:shd w:fill="800000"/>'),
        "<w:tbl><w:tr><w:tc>" + par(run("Seen.", WHITE)) + "</w:tc></w:tr></w:tbl>",
    ],
)
def test_words_on_a_dark_ground_are_seen(body: str) -> None:
    assert text(body) == "Seen."


# --- What cannot be read --------------------------------------------------------------------------


def test_a_password_or_the_old_form() -> None:
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)) == (
        "is encrypted or an old .doc; save it as .docx without a password"
    )


def without(name: str) -> dict[str, bytes]:
    return {key: data for key, data in PARTS.items() if key != name}


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "holds no Word document"),
        ({"xl/workbook.xml": b"<a/>"}, "holds no Word document"),
        (without("word/document.xml"), "holds no Word document"),
        (without("word/footnotes.xml"), "is no Word document or damaged"),
        (PARTS | {"word/document.xml": b"<a/>"}, "is no Word document or damaged"),
        (PARTS | {"word/document.xml": b""}, "is damaged"),
        (PARTS | {"word/document.xml": PARTS["word/document.xml"][:-20]}, "is damaged"),
        (PARTS | {"word/styles.xml": b"\x00\x01"}, "is damaged"),
        (PARTS | {"../evil.xml": b"<a/>"}, "points out of the file"),
        (PARTS | {"word/document.xml": b" " * 60_000_000}, "unpacks to far more"),
    ],
)
def test_broken_documents(members: dict[str, bytes], reason: str) -> None:
    assert re.search(reason, refused(packed(members)))


def test_deeply_nested() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 80 + par("Deep.") + "</w:tc></w:tr></w:tbl>" * 80
    assert "is nested too deeply" in refused(packed(parts(body)))


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize("name", ["docProps/core.xml", "word/document.xml", "word/styles.xml"])
def test_entities(name: str) -> None:
    hostile = PARTS[name].replace(b"?>", f"?>{LAUGHS}".encode(), 1)
    assert "declares XML entities" in refused(packed(PARTS | {name: hostile}))


def test_a_truncated_file() -> None:
    data = packed(PARTS)
    assert all("is damaged" in refused(data[:end]) for end in range(0, len(data), 200))


# --- Small files that would grow large ------------------------------------------------------------


@pytest.mark.timeout(120)
def test_a_note_is_written_once() -> None:
    long = part("footnotes", f'<w:footnote w:id="2">{par("word " * 20_000)}</w:footnote>')
    assert len(text(par("Text.") + par(NOTE * 2_000), footnotes=long)) < 200_000


@pytest.mark.timeout(120)
def test_the_target_of_a_field_is_not_repeated() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    target = f'<w:r><w:instrText>HYPERLINK "http://{"x" * 1_000_000}"</w:instrText></w:r>'
    body = par(begin + target + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>')
    read = text(body + "".join(par(f"Line {i}.") for i in range(3_000)))
    assert "Line 2999." in read and "xxx" not in read


def test_more_than_can_be_read() -> None:
    assert "longer than can be read" in refused(packed(parts("<w:p/>" * 300_001)))


# --- Anything -------------------------------------------------------------------------------------

PIECES = re.findall(
    r"<[^>]+>|\w+",
    BODY + '<w:sym w:char="F0E0"/> <w:sym/> <w:gridSpan w:val="x"/> <w:tc> <w:vMerge/> <w:numId/> '
    '<mc:AlternateContent> </mc:AlternateContent> <mc:Fallback> <w:fldChar w:fldCharType="end"/>'
    '<w:del/> <w:pict/> <m:r> <m:t/> <w:br w:type="x"/> <w:body> <w:commentReference/> <w:style/>',
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 60))
def test_any_markup(extra: list[str], place: int) -> None:
    """Elements with and without their ends, put into a document that is good."""
    whole = re.findall(r"<[^>]+>|[^<]+", BODY)
    closed = [
        f"{tag}</{tag[1:].split()[0].rstrip('>')}>"
        if re.fullmatch(r"<[^/!][^/]*>", tag) and place % 2
        else tag
        for tag in extra
    ]
    body = "".join([*whole[:place], *closed, *whole[place:]])
    with read_or_told_in_a_line():
        docx.read(packed(PARTS | parts(body)))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(PARTS)),
    st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(b'<>"/wx1 \x00\xff&')), max_size=4),
)
def test_changed_parts(name: str, changes: list[tuple[int, int]]) -> None:
    with read_or_told_in_a_line():
        docx.read(packed(PARTS | {name: changed(PARTS[name], changes)}))


GOOD = packed(PARTS)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=5)
)
def test_changed_bytes(changes: list[tuple[int, int]]) -> None:
    with read_or_told_in_a_line():
        docx.read(changed(GOOD, changes))
