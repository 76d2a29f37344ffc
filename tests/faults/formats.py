"""A folder of files of every format, good ones that each state one fact and broken ones."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pdf_files

PLACES = re.findall(
    r"\w+",
    """
    Abbey Birch Cliff Dorn Ember Fallow Gorse Heron Inlet Juniper Kestrel Linden Marsh Nettle Osprey
Plover Quarry Rowan Sorrel Tansy Umber Vetch Willow Yarrow""",
)
ENDS = ["ton", "ham", "by", "wick"]
MAKERS = re.findall(r"\w+", "mason joiner weaver potter cooper smith tanner glazier baker miller")


@dataclass(frozen=True)
class Good:
    """A file's bytes, what to ask of it, and the words of the sentence that answers."""

    name: str
    data: bytes
    question: str
    states: str
    page: int | None = None


def story(n: int) -> tuple[str, str, list[str]]:
    """A title, a question, and sentences of which the third states the answer."""
    place, other = PLACES[n % 24] + ENDS[n // 24], PLACES[(7 * n + 3 + n // 24) % 24]
    made, year = MAKERS[n % 10], 1700 + 3 * n
    return (
        f"The lighthouse of {place} {n}",
        f"Who built the lighthouse of {place} in {year}?",
        [
            f"Ships that come to {place} see its lighthouse from far away.",
            f"Before it stood, many were lost on the rocks of {other} in every winter.",
            f"The lighthouse of {place} was built in {year} by the {made} {other} Venn.",
            f"Its lamp burned oil until the people of {place} got electric light.",
            "Today nobody lives in it, and gulls breed on the gallery in spring.",
        ],
    )


def _zip(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(paragraphs: list[str], **more: str) -> bytes:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return _zip(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
            f'package.relationships+xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{kind}"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="r1" Type="{rel}" Target="word/document.xml"/>'
            "</Relationships>",
            "word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>",
            **more,
        }
    )


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def epub(title: str, paragraphs: list[str], **more: str) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return _zip(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></metadata>'
            '<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
            "a.xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{text}</body></html>',
            **more,
        }
    )


def html(title: str, paragraphs: list[str]) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    nav = "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
    page = f"<html><head><title>{title}</title></head><body>{nav}<article><h1>{title}</h1>{text}"
    return f"{page}</article><footer>All rights reserved</footer></body></html>".encode()


def mhtml(title: str, paragraphs: list[str]) -> bytes:
    page = base64.encodebytes(html(title, paragraphs)).decode()
    return (
        "From: <Saved by a browser>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: https://news.example/{title.replace(' ', '-')}\r\n\r\n"
        f"{page}\r\n--b--\r\n"
    ).encode()


def eml(title: str, paragraphs: list[str]) -> bytes:
    head = f"From: Ann Writer <ann@news.example>\r\nSubject: {title}\r\n"
    head += "Date: Wed, 19 Mar 2025 10:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return (head + "\r\n" + "\r\n\r\n".join(paragraphs) + "\r\n").encode()


def pdf(title: str, paragraphs: list[str]) -> bytes:
    """Two pages; the answer stands on the second."""
    first, second = " ".join(paragraphs[:2]), " ".join(paragraphs[2:])
    pages = [pdf_files.column(first), pdf_files.column(second)]
    return pdf_files.write(pages, {"Title": title})


def _record(title: str, paragraphs: list[str]) -> dict[str, str]:
    return {"title": title, "text": "\n\n".join(paragraphs), "date": "2025-03-19"}


def _csv(title: str, paragraphs: list[str]) -> bytes:
    return f'title,text,date\r\n"{title}","{" ".join(paragraphs)}",2025-03-19\r\n'.encode()


FORMATS: dict[str, Callable[[str, list[str]], bytes]] = {
    "txt": lambda title, text: "\n\n".join([title, *text]).encode(),
    "md": lambda title, text: "\n\n".join([f"# {title}", *text]).encode(),
    "html": html,
    "mhtml": mhtml,
    "pdf": pdf,
    "docx": lambda title, text: docx([title, *text]),
    "epub": epub,
    "eml": eml,
    "json": lambda title, text: json.dumps([_record(title, text)]).encode(),
    "jsonl": lambda title, text: json.dumps(_record(title, text)).encode(),
    "csv": _csv,
}


def good(count: int) -> list[Good]:
    """So many files, all formats in turn."""
    found = []
    for n in range(count):
        ending = list(FORMATS)[n % len(FORMATS)]
        title, question, text = story(n)
        data = FORMATS[ending](title, text)
        page = 2 if ending == "pdf" else None
        found.append(Good(f"good-{n:03d}.{ending}", data, question, text[2], page))
    return found


_LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
_SOUND_PDF = pdf("Sound", ["One sentence on a page.", "Another one.", "And the last of them."])
_SOUND_DOCX, _SOUND_EPUB = docx(["A sentence."]), epub("Sound", ["A sentence."])
_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
_BOMB = "<!--" + "0" * 30_000_000 + "-->"
_SPINE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><spine><itemref idref="x"/></spine></package>'
)
_DRM = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org'
    '/2001/04/xmlenc#"><e:EncryptedData><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/'
    'xmlenc#aes256-cbc"/><e:CipherData><e:CipherReference URI="a.xhtml"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)

BROKEN: dict[str, bytes] = {
    **{f"empty.{ending}": b"" for ending in FORMATS},
    **{f"blank.{ending}": b" \n\t \n" for ending in ("txt", "md", "html")},
    "photo.txt": bytes(range(256)) * 40,
    "noise.md": bytes(255 - n for n in range(256)) * 40,
    "too-large.txt": b"words and " * 300_000,
    "only-menu.html": b"<html><body><nav><a href='/'>Home</a></nav><script>1</script></body>",
    "not-html.html": bytes(range(256)) * 40,
    "head-only.pdf": b"%PDF-1.4\n",
    "cut.pdf": _SOUND_PDF[: len(_SOUND_PDF) // 3],
    "no.pdf": b"This is a text and no PDF at all.",
    "scan.pdf": pdf_files.write([[], []]),
    "locked.pdf": pdf_files.write(
        [pdf_files.column("Secret.")],
        trailer=b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>"
        % (b"o" * 32, b"u" * 32),
    ),
    "vast.pdf": pdf_files.write([pdf_files.column("A page.")], kids=3000),
    "text.docx": b"This is a text and no Word file.",
    "cut.docx": _SOUND_DOCX[:-200],
    "old.docx": _OLE,
    "nothing-in-it.docx": _zip({"readme.txt": "Nothing."}),
    "no-words.docx": docx([]),
    "bomb.docx": docx(["A sentence."], **{"word/styles.xml": _BOMB}),
    "laughs.docx": docx(["A sentence."], **{"docProps/core.xml": _LAUGHS}),
    "climbs.docx": docx(["A sentence."], **{"../../evil.txt": "x"}),
    "text.epub": b"This is a text and no book.",
    "cut.epub": _SOUND_EPUB[:-200],
    "no-container.epub": _zip({"mimetype": "application/epub+zip"}),
    "no-package.epub": _zip({"META-INF/container.xml": CONTAINER}),
    "no-chapter.epub": _zip({"META-INF/container.xml": CONTAINER, "book.opf": _SPINE}),
    "climbs.epub": epub("x", ["A sentence."], **{"../../evil.txt": "x"}),
    "laughs.epub": epub("x", ["A sentence."], **{"book.opf": _LAUGHS}),
    "protected.epub": epub("x", ["A sentence."], **{"META-INF/encryption.xml": _DRM}),
    "no-body.eml": b"Subject: Nothing\r\n\r\n",
    "encrypted.eml": b'Subject: x\r\nContent-Type: multipart/encrypted; boundary="b"\r\n\r\n--b\r\n'
    b"Content-Type: application/octet-stream\r\n\r\nabc\r\n--b--\r\n",
    "no-page.mhtml": b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    b"Content-Type: image/png\r\n\r\nabc\r\n--b--\r\n",
    "cut.json": b'[{"title": "x", "text": "A sent',
    "number.json": b"42",
    "deep.json": b"[" * 100_000,
    "no-text.json": b'[{"name": "x", "size": 3}, {"name": "y", "size": 4}]',
    "all-broken.jsonl": b"{nothing}\n{at all}\n",
    "no-text.csv": b"name,size\r\nx,3\r\n",
    "binary.csv": bytes(range(256)) * 40,
    "nowhere.url": b"[InternetShortcut]\r\nURL=file:///etc/passwd\r\n",
    "no-list.opml": b"<opml><body></body></opml>",
}


def write(folder: Path, count: int) -> list[Good]:
    """The good files and the broken ones, in folders and with names as people have them."""
    files = good(count)
    for n, each in enumerate(files):
        place = folder / f"folder {n % 4}" / "Überblick"
        place.mkdir(parents=True, exist_ok=True)
        (place / each.name).write_bytes(each.data)
    for name, data in BROKEN.items():
        (folder / name).write_bytes(data)
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    return files


BROKEN_NAMES = [*BROKEN, "gone.txt", "pipe.txt"]
