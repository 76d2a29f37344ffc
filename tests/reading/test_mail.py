from __future__ import annotations

import base64
import re
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.reading.clean import clean
from assistant.reading.draft import Draft
from assistant.reading.mail import read_mail, read_mhtml

HEAD = """\
From: =?utf-8?q?Jane_Do=C3=A9?= <jane@news.example>
To: reader@home.example
Subject: The bridge opens at =?utf-8?b?bGFzdCDigJMg?= =?utf-8?b?YSByZXBvcnQ=?=
Date: Wed, 19 Mar 2025 23:30:00 -0500
"""
WORDS = "The bridge was opened on Monday.\n\nIt cost 30 million euros."


def mail(body: str | bytes = WORDS, head: str = HEAD, kind: str = "text/plain") -> Draft:
    head += f"Content-Type: {kind}\n\n"
    return read_mail(head.encode() + (body.encode() if isinstance(body, str) else body))


def text(body: str | bytes, head: str = HEAD, kind: str = "text/plain") -> str:
    return mail(body, head, kind).text.strip()


def built(plain: str = "", page: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Jane Doe <j@news.example>", "Subject": "News", **headers}.items():
        message[name.replace("_", "-")] = value
    if plain:
        message.set_content(plain)
    if page:
        (message.add_alternative if plain else message.set_content)(page, subtype="html")
    return message


def refused(data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read_mail(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_plain_message() -> None:
    draft = mail()
    assert draft.text == WORDS
    assert draft.title == "The bridge opens at last – a report"
    assert draft.authors == ("Jane Doé",)
    assert draft.published == date(2025, 3, 19)


def test_windows_line_ends_and_blank_lines_before() -> None:
    data = f"\n\n{HEAD}\n{WORDS}".replace("\n", "\r\n").encode()
    assert read_mail(data) == mail()


def test_pages_are_read_where_they_say_more() -> None:
    page = "<p>The bridge was opened on <b>Monday</b>, and all of the town came.</p>"
    assert "all of the town" in read_mail(bytes(built("See the page.", page))).text
    assert read_mail(bytes(built(WORDS * 9, page))).text.startswith("The bridge was opened on Mon")
    assert read_mail(bytes(built("", page))).text == (
        "The bridge was opened on Monday, and all of the town came."
    )


def test_links_do_not_count_as_words() -> None:
    page = "<p>The bridge was opened on Monday.</p>"
    plain = f"The bridge ( https://news.example/{'x' * 200} )"
    assert read_mail(bytes(built(plain, page))).text == "The bridge was opened on Monday."


def test_attachments_are_left_out() -> None:
    message = built(WORDS)
    message.add_attachment("Attached words.", filename="a.txt")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(built("Words of another message."))
    assert read_mail(bytes(message)).text == WORDS


@pytest.mark.parametrize(
    ("sender", "authors"),
    [
        ("Jane Doe <j@x.example>, John Roe <r@x.example>", ("Jane Doe", "John Roe")),
        ("'Jane Doe' via The List <list@x.example>", ("Jane Doe",)),
        ('"Doe, Jane" <j@x.example>', ("Doe, Jane",)),
        ("jane@x.example", ()),
        ("", ()),
        ("<<<(((", ()),
    ],
)
def test_senders(sender: str, authors: tuple[str, ...]) -> None:
    assert mail(head=f"Subject: x\nFrom: {sender}\n").authors == authors


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("19 Mar 2025 10:00:00 GMT", date(2025, 3, 19)),
        ("2025-03-19", date(2025, 3, 19)),
        ("Wed, 99 Mar 2025 99:99:99 +9999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(value: str, day: date | None) -> None:
    assert mail(head=f"Subject: x\nDate: {value}\n").published == day


@pytest.mark.parametrize("subject", ["Re: The bridge", "RE: AW: The bridge", "Re[2]: The bridge"])
def test_titles_of_replies(subject: str) -> None:
    assert mail(head=f"Subject: {subject}\n").title == "The bridge"


def test_a_folded_header() -> None:
    assert mail(head="Subject: The bridge\n opens\n\tat last\n").title == "The bridge opens at last"


def test_headers_of_raw_bytes() -> None:
    assert read_mail("Subject: Été à Köln\n\nWords.".encode("cp1252")).title == "Été à Köln"
    assert read_mail("Subject: Été à Köln\n\nWords.".encode()).title == "Été à Köln"


# --- Encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "actual", "declared"),
    [
        ("It was a café, naïve.", "utf-8", "iso-8859-1"),
        ("It was a café, naïve.", "cp1252", "utf-8"),
        ("It was a café, naïve.", "cp1252", "us-ascii"),
        ("Ещё не был открыт.", "koi8-r", "koi8-r"),
        ("橋が開通した。", "iso-2022-jp", "iso-2022-jp"),
        ("Plain words.", "ascii", "no-such-charset"),
        ("Plain words.", "ascii", '""'),
    ],
)
def test_charsets(words: str, actual: str, declared: str) -> None:
    assert text(words.encode(actual), kind=f"text/plain; charset={declared}") == words


def test_the_charset_of_a_page() -> None:
    page = "<p>Ещё не был открыт, и все ждали.</p>".encode("koi8-r")
    assert text(page, kind="text/html; charset=koi8-r") == "Ещё не был открыт, и все ждали."


@pytest.mark.parametrize("how", ["base64", "quoted-printable", "8bit", "no-such-way"])
def test_transfer_encodings(how: str) -> None:
    body = {
        "base64": base64.encodebytes("It was a café.".encode()).decode(),
        "quoted-printable": "It was =\na caf=C3=A9.",
    }.get(how, "It was a café.")
    assert text(body, HEAD + f"Content-Transfer-Encoding: {how}\n") == "It was a café."


def test_flowed_lines_are_joined() -> None:
    body = "The bridge was \nopened on \nMonday.\n\n From there.\n> quoted \nnot quoted"
    assert text(body, kind="text/plain; format=flowed") == (
        "The bridge was opened on Monday.\n\nFrom there.\n\nquoted\n\nnot quoted"
    )
    assert text("brid \nge\n", kind="text/plain; format=flowed; delsp=yes") == "bridge"


# --- What others wrote ----------------------------------------------------------------------------


def test_a_quoted_reply_at_the_end() -> None:
    quoted = "> Is it open?\n>\n>> I do not know.\n\n"
    assert text(f"{WORDS}\n\nOn Tue, 18 Mar 2025, John Roe wrote:\n\n{quoted}") == WORDS
    assert text(
        f"{WORDS}\n\nOn Tue, 18 Mar 2025 at 10:00 John Roe\n<r@x.example> wrote:\n{quoted}"
    ) == (WORDS)
    assert text(f"{WORDS}\n\nAm 18.03.2025 schrieb John Roe:\n{quoted}") == WORDS
    assert text(f"{WORDS}\n\n{quoted}-- \nJane Doe\nThe Daily") == WORDS
    assert text(f"{WORDS}\n\n-----Original Message-----\nFrom: John Roe\n\nIs it open?") == WORDS


def test_a_quotation_between_the_words() -> None:
    body = "As the mayor said:\n\n> We are proud of it.\n\nSo is the town."
    assert "We are proud of it." in text(body) and ">" not in text(body)
    assert text(body, "Subject: Re: x\n") == "As the mayor said:\n\nSo is the town."
    assert text(body.replace("As the mayor said", "On Monday the mayor wrote")) == "So is the town."


def test_nothing_but_quotations() -> None:
    assert text("> The bridge was opened.\n> It is long.") == "The bridge was opened.\nIt is long."


@pytest.mark.parametrize("end", ["-- \nJane Doe\nThe Daily", "--\nJane Doe", "-- \n", "--"])
def test_a_signature(end: str) -> None:
    assert text(f"{WORDS}\n\n{end}") == WORDS


def test_dashes_far_from_the_end_are_no_signature() -> None:
    body = f"{WORDS}\n--\n" + "\n".join(f"Line number {i}." for i in range(30))
    assert text(body) == body


def test_the_footer_of_a_mailing_list() -> None:
    rule = "_" * 47
    assert text(f"{WORDS}\n{rule}\nBridges mailing list\nBridges@x.example\n") == WORDS


def test_a_quoted_reply_in_a_page() -> None:
    own = "<p>The bridge was opened on Monday, and all of the town came to see it.</p>"
    for other in (
        '<blockquote type="cite"><p>Is it open?</p></blockquote>',
        '<div class="gmail_quote">On Tuesday John wrote: <p>Is it open?</p></div>',
    ):
        read = text(own + other, kind="text/html")
        assert "all of the town" in read and "Is it open" not in read


def test_characters_that_no_tree_can_hold() -> None:
    ghost = "<blockquote type=cite>Ghost.</blockquote>"
    page = f"<p>The bridge\x01{ghost}&#1; <i hidden>x</i> is open.</p>"
    read = text(page, kind="text/html")
    assert "The bridge" in read and "is open." in read and "Ghost" not in read


@pytest.mark.parametrize(
    ("subject", "begin"),
    [("Fwd: The bridge", ""), ("The bridge", "---------- Forwarded message ---------\n")],
)
def test_what_is_sent_on_is_kept(subject: str, begin: str) -> None:
    head = (
        f"From: Me <me@home.example>\nDate: Wed, 19 Mar 2025 10:00:00 +0000\nSubject: {subject}\n"
    )
    draft = mail(f"{begin}> {WORDS}\n> On Sunday it closes.", head)
    assert draft.text.strip().endswith(f"{WORDS}\nOn Sunday it closes.")
    assert (draft.title, draft.authors, draft.published) == ("The bridge", (), None)
    page = f'{begin}<div class="gmail_quote"><p>{WORDS}</p></div>'
    assert "30 million" in text(page, head, "text/html")


# --- What cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"Just words.\n\nMore.", b"%PDF-1.4\n", b"PK\x03\x04"]
)
def test_no_message(data: bytes) -> None:
    assert refused(data) == "is no saved message: it does not begin with headers"


SEALED = (
    'Subject: x\nContent-Type: multipart/encrypted; boundary="b"\n\n--b\n'
    "Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
    "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n"
)


@pytest.mark.parametrize(
    "data",
    [
        SEALED,
        'Subject: x\nContent-Type: application/pkcs7-mime; name="smime.p7m"\n\nMIIB',
        "Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n",
    ],
)
def test_encrypted(data: str) -> None:
    assert refused(data.encode()) == "is encrypted; save its text as a .txt file"


def test_signed_in_the_clear() -> None:
    assert text(
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{WORDS}\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----\n"
    ) == WORDS  # fmt: skip


def test_a_binary_body() -> None:
    assert "is binary" in refused(b"Subject: x\n\na\0b")


def test_a_multipart_message_cut_off() -> None:
    data = bytes(built(WORDS, f"<p>{WORDS}</p>"))
    assert "30 million" in read_mail(data[: data.rindex(b"<p>")]).text
    assert read_mail(b"Subject: x\nContent-Type: multipart/mixed\n\nwords").text == ""


@pytest.mark.timeout(60)
def test_nothing_takes_long() -> None:
    for data in (
        b"Content-Type: text/plain; " + b"a=1; " * 400_000 + b"\nSubject: x\n\nWords.",
        b"From: " + b"(" * 1_000_000 + b"\nSubject: x\n\nWords.",
        b"Subject: " + b"=?utf-8?q?a?= " * 200_000 + b"\n\nWords.",
        b"Subject: x\n\n" + b"On " * 700_000,
        b"Subject: x\n\n" + b"\n-" * 700_000,
        b"Subject: x\n\n" + b">" * 1_000_000 + b"\n_",
    ):
        read_mail(data)


def test_deeply_nested() -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(2_000)
    )
    assert "too many messages in one" in refused(b"Subject: x\n" + nested)
    read_mail(b"Subject: x\n" + nested[: nested.index(b"b99")])


# --- Pages saved as messages ----------------------------------------------------------------------

PAGE = (
    "<html><head><title>The bridge opens</title></head><body><article><p>The bridge over the river"
    " was opened on Monday – and thousands of people walked across it.</p></article></body></html>"
)
SAVED = """\
From: <Saved by Blink>
Snapshot-Content-Location: https://news.example/bridge
Subject: =?utf-8?Q?The=20bridge=20opens=20|=20News?=
Date: Wed, 19 Mar 2025 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html"; {start}
\tboundary="----b----"


------b----
Content-Type: text/html
Content-ID: <frame-2@mhtml.blink>
Content-Location: https://ads.example/frame

<p>{other}</p>
------b----
Content-Type: text/html{charset}
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: base64
Content-Location: https://news.example/bridge?x=1

{page}
------b----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://news.example/a.png

iVBORw0KGgo=
------b------
"""


def saved(page: str = PAGE, encoding: str = "utf-8", charset: str = "", start: str = "1") -> bytes:
    return SAVED.format(
        page=base64.encodebytes(page.encode(encoding)).decode(),
        charset=f"; charset={charset}" if charset else "",
        start=f'start="<frame-{start}@mhtml.blink>";' if start else "",
        other="Buy this now.",
    ).encode()


def test_a_saved_page() -> None:
    draft = clean(read_mhtml(saved()))
    assert draft.text == (
        "The bridge over the river was opened on Monday – and thousands of people walked across it."
    )
    assert (draft.title, draft.url) == ("The bridge opens", "https://news.example/bridge")
    assert draft.published is None  # the day of saving is not that of the article


def test_without_a_start_the_first_page_is_the_root() -> None:
    assert "Buy this" in read_mhtml(saved(start="")).text
    assert "Buy this" in read_mhtml(saved(start="7")).text


def test_the_title_and_the_address_may_come_from_the_message() -> None:
    page = PAGE.replace("<title>The bridge opens</title>", "")
    data = saved(page).replace(b"Snapshot-", b"X-")
    draft = read_mhtml(data)
    assert draft.title == "The bridge opens | News"
    assert draft.url == "https://news.example/bridge?x=1"
    local = data.replace(b"Content-Location: https:", b"Content-Location: file:")
    assert read_mhtml(local).url is None


@pytest.mark.parametrize(("encoding", "charset"), [("cp1252", "windows-1252"), ("utf-8", "x")])
def test_the_charset_of_a_saved_page(encoding: str, charset: str) -> None:
    assert "Monday – and" in read_mhtml(saved(encoding=encoding, charset=charset)).text


@pytest.mark.parametrize(
    "data",
    [
        bytes(built(WORDS)),
        b"Subject: x\nContent-Type: multipart/related; boundary=b\n\n--b--\n",
        b"MIME-Version: 1.0\n\n",
    ],
)
def test_no_saved_page(data: bytes) -> None:
    with pytest.raises(SourceError, match="holds no web page"):
        read_mhtml(data)


# --- Anything -------------------------------------------------------------------------------------

GOOD = (
    saved(),
    bytes(built(WORDS, f"<p>{WORDS}</p>", Content_Language="en")),
    f"{HEAD}Content-Type: text/plain; format=flowed; charset=utf-8\n\n{WORDS}\n\n-- \nJ".encode(),
    SEALED.encode(),
)
PIECES = re.findall(
    rb"\S+",
    rb"""From: =?utf-8?q?=41?= =?x?b?A= " < ( @[ , : ; \\ Content-Type: text/html multipart/mixed
    message/rfc822 boundary= charset*0*=x'' filename*= name="a" Content-Transfer-Encoding: base64
    x-uuencode begin 644 a --b -- > Date: 99 format=flowed <p> start=* Content-Disposition:""",
)
PIECES += [b"\xff", b"\x00"]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 1500), st.sampled_from(PIECES), st.booleans()), max_size=5),
    st.sampled_from([b"", b"\n", b" "]),
)
def test_changed_messages(good: bytes, changes: list[tuple[int, bytes, bool]], mark: bytes) -> None:
    for place, piece, instead in changes:
        place %= len(good)
        good = good[:place] + mark + piece + mark + good[place + len(piece) * instead :]
    for read in (read_mail, read_mhtml):
        try:
            clean(read(good))
        except SourceError as error:
            assert "\n" not in str(error)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(b" ".join) | st.binary(max_size=60))
def test_any_headers(head: bytes) -> None:
    for name in (b"From: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"Content-Disposition: "):
        for read in (read_mail, read_mhtml):
            try:
                read(b"To: x\n" + name + head + b"\n\nWords of the message.")
            except SourceError as error:
                assert "\n" not in str(error)
