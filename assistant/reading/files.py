"""The door of the reading room: which files to read, and a file or a pasted text as an Article."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from assistant.errors import SourceError
from assistant.reading import html, markdown
from assistant.reading.clean import Draft, clean
from assistant.reading.decoding import decode
from assistant.records import Article

_FORMS: dict[str, Callable[[bytes], Draft]] = {
    ".txt": lambda data: Draft(text=decode(data)),
    ".md": lambda data: markdown.read(decode(data)),
    ".markdown": lambda data: markdown.read(decode(data)),
    ".html": html.read,
    ".htm": html.read,
}
ENDINGS = tuple(_FORMS)


def find(paths: Iterable[Path]) -> list[Path]:
    """The files to read, each once: named files as they are, folders with all that is in them.

    In folders only files with one of ENDINGS count, and hidden files and folders are passed over.
    Raises SourceError for a path that does not exist or a named folder that cannot be listed.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _walk(path) if path.is_dir() else [_existing(path)]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def read(path: Path, max_bytes: int, source: str | None = None) -> Article:
    """The article in a file; its source is the absolute path, if no other is given.

    Raises SourceError with one line that names the file and says why it is no article.
    """
    try:
        form = _form(path)
        draft = clean(form(_bytes(path, max_bytes)))
    except SourceError as error:
        raise SourceError(f"{_shown(path)} {error}") from error
    if not draft.text:
        raise SourceError(f"{_shown(path)} holds no text")
    return _article(draft, source or _shown(path.resolve()), draft.title or _readable(_shown(path)))


def from_text(text: str, source: str | None = None, title: str | None = None) -> Article:
    """The article in a pasted text; without a `source` the same text always gets the same one.

    Raises SourceError if nothing is left of the text.
    """
    draft = clean(Draft(text=text, title=title))
    if not draft.text:
        raise SourceError("the pasted text is empty; paste the text of an article")
    return _article(
        draft, source or f"pasted:{_digest(draft.text)}", draft.title or _first_words(draft.text)
    )


def _walk(folder: Path) -> list[Path]:
    def unlisted(error: OSError) -> None:
        if error.filename == str(folder):
            raise SourceError(f"{_shown(folder)} cannot be read ({error.strerror})") from error

    found, seen = [], set()
    for here, folders, names in os.walk(folder, onerror=unlisted, followlinks=True):
        place = Path(here).resolve()
        folders[:] = [] if place in seen else [f for f in folders if not f.startswith(".")]
        if place not in seen:
            found += [Path(here, n) for n in names if not n.startswith(".")]
        seen.add(place)
    return sorted(file for file in found if file.suffix.lower() in _FORMS)


def _existing(path: Path) -> Path:
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise SourceError(f"{_shown(path)} {_reason(error)}") from error
    return path


def _form(path: Path) -> Callable[[bytes], Draft]:
    form = _FORMS.get(path.suffix.lower())
    if form or not path.is_file():
        return form or _FORMS[".txt"]  # what is no file is refused when it is opened
    ending = f"the ending {path.suffix}" if path.suffix else "no ending"
    raise SourceError(f"has {ending}; files that can be read end in {', '.join(ENDINGS)}")


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError("is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("is not a regular file")
        if status.st_size > max_bytes:
            raise SourceError(_too_large(status.st_size, max_bytes))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise SourceError(_reason(error)) from error
    if not data.strip():
        raise SourceError("is empty")
    return data


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read ({getattr(error, 'strerror', None) or error})"


def _too_large(size: int, limit: int) -> str:
    return (
        f"is {size / 1e6:.3g} MB, larger than the {limit / 1e6:.3g} MB limit (setting max_file_mb)"
    )


def _article(draft: Draft, source: str, title: str) -> Article:
    return Article(
        id=_digest(source),
        title=title,
        source=source,
        authors=draft.authors,
        published=draft.published,
        tags=draft.tags,
        text=draft.text,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()[:12]


def _shown(path: Path) -> str:
    """A path as text; file names need not be valid UTF-8."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def _readable(path: str) -> str:
    name = Path(path).stem
    spaced = name.replace("_", " ").strip()
    return (spaced if " " in spaced else spaced.replace("-", " ")).strip() or name


def _first_words(text: str) -> str:
    words = text.split()
    title = " ".join(words[:8])[:80].rstrip(" ,;:")
    return title if len(words) <= 8 else f"{title} …"
