from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SourceError
from assistant.reading import files
from assistant.records import Article

LIMIT = 1_000_000
TEXT = "The bridge over the river was opened on Monday.\n\nThe ferry goes on to run in summer.\n"


def write(path: Path, content: str | bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, limit: int, source: str | None = None) -> Article:
    [found] = files.read(path, limit, source)
    assert isinstance(found, Article)
    return found


# --- find -----------------------------------------------------------------------------------------


def test_find_walks_folders(tmp_path: Path) -> None:
    wanted = ["a.txt", "b/c.md", "b/d.MARKDOWN", "e.html", "f.htm"]
    others = ["g.exe", ".hidden.txt", ".git/h.txt", "b/.i/j.md", "k"]
    for name in wanted + others:
        write(tmp_path / name)
    assert files.find([tmp_path]) == [tmp_path / name for name in wanted]


def test_find_takes_a_named_file_as_it_is_and_each_once(tmp_path: Path) -> None:
    odd, plain = write(tmp_path / "x.exe"), write(tmp_path / "y.txt")
    assert files.find([odd, tmp_path, plain, tmp_path / "." / "y.txt"]) == [odd, plain]


def test_find_comes_out_of_symlink_loops(tmp_path: Path) -> None:
    inside = write(tmp_path / "a" / "x.txt")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert files.find([tmp_path]) == [inside]


def test_find_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.txt does not exist"):
        files.find([tmp_path, tmp_path / "no.txt"])


def test_find_names_a_folder_that_cannot_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(SourceError, match=r"cannot be read .Permission denied"):
        files.find([tmp_path])


# --- read -----------------------------------------------------------------------------------------


def test_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "news.txt", f"Bridge opens\nBy Jane Doe\n19 March 2025\n\n{TEXT}\nA, B, C\n"
    )
    article = read(path, LIMIT)
    assert article.text == TEXT.strip()
    assert article.title == "Bridge opens"
    assert article.authors == ("Jane Doe",)
    assert article.published == date(2025, 3, 19)
    assert article.source == str(path.resolve())
    assert article.id == hashlib.sha256(article.source.encode()).hexdigest()[:12]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Amazon_rainforest.txt", "Amazon rainforest"),
        ("amazon-rainforest.md", "amazon rainforest"),
        ("The well-known.txt", "The well-known"),
    ],
)
def test_the_file_name_is_the_last_resort_for_a_title(
    tmp_path: Path, name: str, title: str
) -> None:
    assert read(write(tmp_path / name), LIMIT).title == title


def test_another_source_may_be_given(tmp_path: Path) -> None:
    article = read(write(tmp_path / "a.txt"), LIMIT, source="seeds/a.txt")
    assert article.source == "seeds/a.txt"
    assert article.id == hashlib.sha256(b"seeds/a.txt").hexdigest()[:12]


def test_the_same_file_is_the_same_article_by_any_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    assert read(Path("a.txt"), LIMIT) == read(path, LIMIT)


def test_markdown_and_html(tmp_path: Path) -> None:
    marked = read(write(tmp_path / "a.md", "# Bridges\n\nThey are *long*, all of them."), LIMIT)
    page = read(
        write(tmp_path / "a.html", "<title>Bridges</title><p>They are long, all of them.</p>"),
        LIMIT,
    )
    assert (marked.title, marked.text) == (page.title, page.text)
    assert page.text == "They are long, all of them."


def test_not_utf_8(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "A café, naïve – “quotes”.".encode("cp1252"))
    assert read(path, LIMIT).text == "A café, naïve – “quotes”."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.md", b" \n\t\n", "is empty"),
        ("a.txt", b"Advertisement\n", "holds no text"),
        ("a.html", b"<!doctype html><title>T</title><body></body>", "holds no text"),
        ("a.txt", b"\x7fELF\x02\x01\x01", "is a program"),
        ("a.txt", b"%PDF-1.4", "is a PDF"),
        ("a.md", b"text\0text", "is binary"),
        ("a.html", b"<p>\0</p>", "is binary"),
        ("a.exe", b"MZ", r"has the ending \.exe; files that can be read end in \.txt, "),
        ("README", b"Words.", "has no ending"),
    ],
)
def test_what_is_no_article(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(SourceError, match=reason) as caught:
        read(path, LIMIT)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_too_large_is_known_without_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(SourceError, match=r"is 200 MB, larger than the 20 MB limit .setting max"):
        read(path, 20_000_000)


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path, reason in [
        (tmp_path / "no.txt", "does not exist"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe.txt", "is not a regular file"),
        (tmp_path / ("x" * 300 + ".txt"), "cannot be read"),
    ]:
        with pytest.raises(SourceError, match=reason):
            read(path, LIMIT)


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(SourceError, match=r"cannot be read .Permission denied"):
        read(write(tmp_path / "a.txt"), LIMIT)


def test_a_name_that_is_not_utf_8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    article = read(write(tmp_path / name), LIMIT)
    article.source.encode()
    article.title.encode()


# --- from_text ------------------------------------------------------------------------------------


def test_pasted_text() -> None:
    article = files.from_text(TEXT)
    assert article.text == TEXT.strip()
    assert article.title == "The bridge over the river was opened on …"
    assert article.source == f"pasted:{hashlib.sha256(article.text.encode()).hexdigest()[:12]}"
    assert files.from_text(TEXT + "\n\n") == article


def test_pasted_text_with_title_and_source() -> None:
    article = files.from_text(f"Bridge opens\n\n{TEXT}", source="notes", title="Bridge opens")
    assert (article.title, article.source, article.text) == ("Bridge opens", "notes", TEXT.strip())


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "Advertisement"])
def test_nothing_pasted(text: str) -> None:
    with pytest.raises(SourceError, match="the pasted text is empty"):
        files.from_text(text)
