"""The door of the reading room: which files to read, and a file or a pasted text as an Article."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import SourceError
from assistant.reading import addresses
from assistant.reading.addresses import LISTS, Address
from assistant.reading.clean import clean
from assistant.reading.draft import Draft
from assistant.reading.forms import FORMS, Form, article, articles, digest
from assistant.records import Article

ENDINGS = (*FORMS, *LISTS)
Found = Article | Address | SourceError


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


def read(path: Path, max_bytes: int, source: str | None = None) -> list[Found]:
    """The articles in a file, or the web addresses that it lists, and what of it is neither.

    Its source is the absolute path, if no other is given. Raises SourceError with one line that
    names the file and says why it holds no article.
    """
    place = source or _shown(path.resolve())
    try:
        form = _form(path)
        data = _bytes(path, max_bytes)
        listed = addresses.read(data, path.name)
        if listed is not None:
            return list(listed)
        found = list(articles(form(data), place, _readable(_shown(path))))
        if len(found) == 1 and isinstance(found[0], SourceError):
            raise found[0]
    except SourceError as error:
        raise SourceError(f"{_shown(path)} {error}") from error
    return list(found)


def from_text(text: str, source: str | None = None, title: str | None = None) -> Article:
    """The article in a pasted text; without a `source` the same text always gets the same one.

    Raises SourceError if nothing is left of the text.
    """
    draft = clean(Draft(text=text, title=title))
    if not draft.text:
        raise SourceError("the pasted text is empty; paste the text of an article")
    return article(draft, source or f"pasted:{digest(draft.text)}", _first_words(draft.text))


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
    return sorted(file for file in found if file.suffix.lower() in ENDINGS)


def _existing(path: Path) -> Path:
    try:
        path.stat()
    except (OSError, ValueError) as error:
        raise SourceError(f"{_shown(path)} {_reason(error)}") from error
    return path


def _form(path: Path) -> Form:
    ending = path.suffix.lower()
    if ending in ENDINGS or not path.is_file():
        return FORMS.get(ending, FORMS[".txt"])  # what is no file is refused when it is opened
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
