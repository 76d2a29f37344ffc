"""Pages and texts as people save them: what is not the article goes, the article stays.

Each file in `dirty/` begins with what is to be learnt from it (`title: …`, `authors: A; B`, empty
where there is nothing to learn) and goes on, after a blank line, with the page. In the page ⟪…⟫
marks what must go; all other words must stay, apart from ⟨…⟩, which may do either. ⟦…⟧ marks what
must stay in a script. The marks are taken out before the page is read.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from assistant.errors import SourceError
from assistant.reading import html, markdown
from assistant.reading.clean import clean
from assistant.reading.draft import Draft

FILES = sorted((Path(__file__).parent / "dirty").iterdir())
READERS = {
    ".html": lambda page: html.read(page.encode()),
    ".md": markdown.read,
    ".txt": lambda page: Draft(text=page),
}
_GO, _EITHER, _SCRIPTED = "⟪(.*?)⟫", "⟨.*?⟩", "⟦(.*?)⟧"
_UNSHOWN = r"(?si)<!.*?>|<(head|script|style)\b.*?</\1>"
_INLINE = r"(?i)</?(?:a|b|i|em|strong|span|sup|sub|code|font|cite|time|small|label|button)\b[^>]*>"


@dataclass
class Page:
    name: str
    facts: dict[str, str]
    go: list[str]
    stay: list[str]
    draft: Draft

    def passed(self) -> list[str]:
        """What has to go and is oftener in the text than in what may stay."""
        text, kept = _words(self.draft.text), " / ".join(map(_words, self.stay))
        return [line for line in self.go if text.count(_words(line)) > kept.count(_words(line))]

    def lost(self) -> list[str]:
        text = _words(self.draft.text)
        return [line for line in self.stay if _words(line) not in text]

    def mistaken(self) -> list[str]:
        found = {
            "title": self.draft.title or "",
            "authors": "; ".join(self.draft.authors),
            "published": str(self.draft.published or ""),
            "modified": str(self.draft.modified or ""),
            "site": self.draft.site or "",
            "language": self.draft.language or "",
            "url": self.draft.url or "",
        }
        return [
            f"{key}: {found[key]!r}" for key, value in self.facts.items() if found[key] != value
        ]


@cache
def _page(path: Path) -> Page:
    head, marked = path.read_text("utf-8").split("\n\n", 1)
    facts = dict(re.split(r":\s*", line, maxsplit=1) for line in head.split("\n"))
    page = re.sub("[⟪⟫⟦⟧⟨⟩]", "", marked)
    seen = [*re.findall(_SCRIPTED, marked), _seen(marked, path.suffix)]
    stay = re.sub(f"(?s){_GO}|{_EITHER}|[⟦⟧]", "\n\n", "\n\n".join(seen))
    gone = "\n".join(re.findall(f"(?s){_GO}", seen[-1]))
    return Page(
        name=path.name,
        facts=facts,
        go=_sentences(gone.split("\n")),
        stay=_sentences(re.split(r"(?m)\n(?=[ >]*(?:[-\d#|]|$))", stay)),
        draft=clean(READERS[path.suffix](page)),
    )


def _seen(page: str, ending: str) -> str:
    """The words of a page, each block in a paragraph of its own."""
    if ending == ".html":
        page = re.sub(_INLINE, "", re.sub(r"\s+", " ", re.sub(_UNSHOWN, "", page)))
        return entities.unescape(re.sub("<[^>]*>", "\n\n", page))
    if ending == ".md":
        page = re.sub(r"(?s)\A---\n.*?\n---\n|!\[[^\]]*\]\([^)]*\)", "", page)
        return re.sub(r"\]\([^)]*\)", "]", page)
    return page


def _sentences(lines: list[str]) -> list[str]:
    parts = (
        part for line in lines for part in re.split(r"[.!?…][”\"»’]?\s+", " ".join(line.split()))
    )
    return list({_words(part): part for part in parts if _words(part).strip()}.values())


def _words(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


def _shares(pages: list[Page]) -> tuple[float, float, str]:
    """The share of what had to go and came through, of what had to stay and is lost, and which."""
    passed = {page.name: page.passed() for page in pages}
    lost = {page.name: page.lost() for page in pages}
    through = sum(map(len, passed.values())) / sum(len(page.go) for page in pages)
    missing = sum(map(len, lost.values())) / sum(len(page.stay) for page in pages)
    lines = [f"{through:.1%} of what had to go came through, {missing:.1%} of the rest is lost"]
    lines += [f"{name}: came through: {line}" for name in passed for line in passed[name]]
    lines += [f"{name}: lost: {line}" for name in lost for line in lost[name]]
    return through, missing, "\n".join(lines)


def test_what_goes_and_what_stays() -> None:
    through, missing, report = _shares([_page(path) for path in FILES])
    print(report)
    assert through <= 0.02, report
    assert missing <= 0.02, report


def test_what_is_learnt() -> None:
    mistakes = [f"{page.name}: {line}" for page in map(_page, FILES) for line in page.mistaken()]
    known = sum(len(_page(path).facts) for path in FILES)
    assert len(mistakes) <= 0.05 * known, "\n".join(mistakes)


LONG = (
    "The two presidents spoke by telephone for more than two hours on Tuesday, the longest talk "
    "between them in years, and went from war to trade and from trade to ice hockey."
)
KEPT = """
To keep reading is a skill like any other.
Our idea of journalism became possible with the telegraph.
One in ten readers will become a paying member, the firm hopes.
I agree that the policy has failed.
If you find a wounded bird, follow these steps and share the work.
To see more, visit the east wing of the museum.
Ask questions about the contract before you sign.
Agents may earn a commission on each flat.
Never miss a meal.
No comment.
A week ago.
Published in the print edition of 1768, the map shows eleven towns.
Reporting by candlelight was hard.
Most popular breeds
More by luck than judgement
Lesen Sie auch Romane?
Mit ihrer Zustimmung rettete die Partei das Gesetz.
Fehler entdeckt er sofort.
Zurück zur Natur
Recibe cada año dos mil visitas.
Compartir en familia
Il vous reste dix minutes.
Key finding 1
"""


@pytest.mark.parametrize("line", KEPT.strip().split("\n"))
def test_lines_that_look_like_noise_stay(line: str) -> None:
    text = f"{LONG}\n\n{line}\n\n{LONG[4:]}"
    assert clean(Draft(text=text, title="Bridges")).text == text


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}\n\nSport\n\n{LONG[4:]}",  # words of menus as headings
        f"{LONG}\n\nAdvertisement\n\nSport\n\n{LONG[4:]}",
        f"{LONG}\n\n2. Links\n\n{LONG[4:]}\n\nKultur\n\n{LONG[8:]}",
    ],
)
def test_a_heading_is_no_menu(text: str) -> None:
    expected = text.replace("Advertisement\n\n", "")
    assert clean(Draft(text=text, title="Bridges")).text == expected


def test_numbered_headings_are_no_page_numbers() -> None:
    text = "\n\n".join(f"Key finding {n}\n\nOn day {n}, {LONG}" for n in range(1, 5))
    assert clean(Draft(text=text, title="Bridges")).text == text


def test_code_keeps_its_lonely_brackets() -> None:
    text = f"{LONG}\n\ncall(\n1\n)\n\n{LONG[4:]}"
    assert ")" in clean(Draft(text=text, title="Code")).text.split("\n")


def test_paragraphs_behind_a_paywall_stay() -> None:
    body = "".join(f'<div class="paywall"><p>Part {n}: {LONG}</p></div>' for n in range(9))
    text = html.read(f"<article><h1>Talks</h1>{body}</article>".encode()).text
    assert text.count("The two presidents") == 9


def test_words_in_code_stay_in_their_sentence() -> None:
    code = '<pre><code>go()\n<span class="hljs-comment">// and stop</span></code></pre>'
    page = f"<article><p>{LONG}</p><p>Here <code>panic!</code> ends it.</p>{code}</article>"
    text = html.read(page.encode()).text
    assert "Here panic! ends it." in text and "// and stop" in text


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://a.example/b">', "https://a.example/b"),
        ('<meta property="og:url" content="http://a.example/c">', "http://a.example/c"),
        ('<link rel="canonical" href="/b"><meta property="og:url" content="ftp://a/c">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="canonical" href="http://[half">', None),
    ],
)
def test_only_whole_web_addresses_count(head: str, url: str | None) -> None:
    page = f"<html><head>{head}</head><body><p>{LONG}</p></body></html>"
    assert html.read(page.encode()).url == url


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-GB", "en"), ("DE", "de"), ("zh_Hant", "zh"), ("", None), ("english", None)],
)
def test_language(tag: str, language: str | None) -> None:
    assert html.read(f'<html lang="{tag}"><p>{LONG}</p></html>'.encode()).language == language


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + LONG + "</div>" * 100_000,
        "<ul><li>" * 50_000 + LONG,
        "<p>" + "word " * 600_000,
        "<p>A line" * 20_000,
        "<h2>Related</h2><p>Word" * 5_000,
        "<a href='" * 100_000,
        "<table><tr><td><p>Word" * 20_000,
    ],
)
def test_hostile_pages(page: str) -> None:
    try:
        clean(html.read(page.encode()))
    except SourceError as error:
        assert "\n" not in str(error)


def test_marks_that_are_never_closed() -> None:
    page = "".join(f"<p><b>Part {n}: {LONG}</p>" for n in range(400))
    assert "Part 399" in clean(html.read(page.encode())).text


def test_ten_megabytes_in_a_line() -> None:
    line = "word " * 2_000_000
    assert clean(Draft(text=line)).text == line.strip()


@pytest.mark.parametrize(
    "line", ["By Jane Doe", "Athens, Rome, Paris", "Most read", "Contents", "Page 3", "From: me"]
)
def test_many_lines_of_a_kind(line: str) -> None:
    clean(Draft(text=f"{LONG}\n\n" + f"{line}\n\n" * 5_000))
