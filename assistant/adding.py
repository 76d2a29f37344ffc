"""Files, folders, web addresses, lists of them and feeds → articles in the library.

What a place lists (the addresses of a bookmark file, the entries of a feed) is read in its turn. A
place that looks as it did when it was read last is not read again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant import logs
from assistant.errors import SourceError, Stopped
from assistant.library.library import Library
from assistant.reading import feeds, files, html
from assistant.reading.addresses import Address
from assistant.reading.feeds import Entry
from assistant.reading.forms import articles, form_of_page
from assistant.reading.web import Fetched, Web
from assistant.records import Article, ArticleInfo, Followed, Outcome

log = logging.getLogger(__name__)

_AT_ONCE = 40_000  # characters that go into the library together: some seconds of embedding
_WAIT = 2.0  # seconds after which less goes in, so that a slow web does not hold back what is read
_WHOLE = 600  # characters of a feed's entry; with fewer it may be a teaser, and the page is fetched


@dataclass(frozen=True)
class AddResult:
    """What became of one source: an outcome and its article, or an error.

    `done` of `total` places have been read, as far as they are known by now.
    """

    source: str
    outcome: Outcome | None
    article: ArticleInfo | None
    error: str | None
    done: int
    total: int


@dataclass(frozen=True)
class Place:
    """A file or a web address to read; `name` is what its article will have as its source.

    `entry` is what a feed said of the address, `tags` what a list of addresses did.
    """

    name: str
    path: Path | None = None
    entry: Entry | None = None
    tags: tuple[str, ...] = ()


_Found = Article | SourceError | Place


class _Unchanged(Exception):
    """Raised where a place looks as it did when it was read last."""


@dataclass(frozen=True)
class _Read:
    """What was found at a place and goes into the library together with others."""

    place: Place
    stamp: str = ""
    articles: list[Article] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    listed: list[Place] = field(default_factory=list)
    unchanged: bool = False
    done: int = 0
    total: int = 0


def is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def places(targets: Iterable[str | Path], names: Mapping[Path, str] | None = None) -> list[Place]:
    """The files and addresses to read. Raises SourceError for a path that does not exist."""
    found: list[Place] = []
    for target in targets:
        if isinstance(target, str) and is_address(target):
            found.append(Place(target.strip()))
            continue
        for path in files.find([Path(target)]):
            name = (names or {}).get(path) or str(path.resolve())
            found.append(Place(name, path))
    return list({place.name: place for place in found}.values())


def followed(target: str, web: Web) -> Followed:
    """The folder or feed that is meant; a page stands for the first feed that it names.

    Raises SourceError for what is neither, or cannot be read.
    """
    if not is_address(target):
        folder = Path(target).expanduser().resolve()
        if not folder.is_dir():
            raise SourceError(f"{target} is no folder and no web address; follow one of these")
        return Followed(str(folder), folder.name)
    fetched = web.get(target)
    if fetched is not None and not feeds.is_feed(fetched.data, fetched.content_type):
        named = feeds.find_feeds(fetched.data, fetched.url)
        fetched = web.get(named[0]) if named else None
    if fetched is None:
        raise SourceError(f"{target}: is no feed and names none; look for one called RSS or Atom")
    return Followed(fetched.url, feeds.parse(fetched.data, fetched.url).title or fetched.url)


def places_followed(found: Iterable[Followed]) -> tuple[list[Place], list[AddResult]]:
    """What is to be read of what is followed, and a result for each folder that is gone."""
    read: list[Place] = []
    errors: list[AddResult] = []
    for each in found:
        try:
            read += places([each.place])
        except SourceError as error:
            errors.append(AddResult(each.place, None, None, str(error), 0, 0))
    return read, errors


class Adding:
    """One piece of work in one thread."""

    def __init__(self, library: Library, web: Web, max_bytes: int) -> None:
        self._library = library
        self._web = web
        self._max_bytes = max_bytes

    def run(self, found: Sequence[Place], stop: threading.Event) -> Iterator[AddResult]:
        """One result for each source; ends soon after `stop` is set. Raises StoreError."""
        left = deque(found)
        known = {place.name for place in found}
        waiting: list[_Read] = []
        lists: list[_Read] = []
        done, size, since = 0, 0, time.monotonic()
        while left and not stop.is_set():
            place = left.popleft()
            try:
                read = self._read(place, stop)
            except Stopped:
                return
            left += [each for each in read.listed if each.name not in known]
            known |= {each.name for each in read.listed}
            lists += [read] if read.listed else []
            done += 1
            waiting.append(replace(read, done=done, total=done + len(left)))
            size += sum(len(article.text) for article in read.articles)
            if size >= _AT_ONCE or time.monotonic() - since > _WAIT or not left:
                yield from self._added(waiting, stop)
                waiting, size, since = [], 0, time.monotonic()
        # Not before: what was not reached, or failed, is to be tried again.
        if not stop.is_set():
            self._library.note_read(
                (read.place.name, read.stamp, len(read.listed))
                for read in lists
                if all(self._library.stamp(each.name) for each in read.listed)
            )

    def _added(self, waiting: Sequence[_Read], stop: threading.Event) -> Iterator[AddResult]:
        """Put what was read into the library, and tell of each place in its turn."""
        batch = [article for each in waiting for article in each.articles]
        try:
            outcomes = iter(self._library.add_batch(batch, stop))
        except Stopped:
            return
        self._library.note_read(
            (read.place.name, read.stamp, len(read.articles))
            for read in waiting
            if read.stamp and not read.errors and not read.listed
        )
        for read in waiting:
            name, where = read.place.name, (read.done, read.total)
            for article, outcome in zip(read.articles, outcomes, strict=False):
                yield AddResult(article.source, outcome, article, None, *where)
            for error in read.errors:
                yield AddResult(name, None, None, error, *where)
            if read.unchanged:
                yield AddResult(name, "same", self._library.by_source(name), None, *where)

    def _read(self, place: Place, stop: threading.Event) -> _Read:
        """What is new at a place. Raises Stopped."""
        try:
            stamp, found = self._file(place) if place.path else self._page(place, stop)
        except _Unchanged:
            return _Read(place, unchanged=True)
        except SourceError as error:
            return _Read(place, errors=[str(error)])
        read = _Read(place, stamp)
        for each in found:
            if isinstance(each, SourceError):
                read.errors.append(str(each))
            elif isinstance(each, Article):
                read.articles.append(replace(each, tags=_joined(each.tags, place.tags)))
            else:
                read.listed.append(each)
        return read

    def _file(self, place: Place) -> tuple[str, list[_Found]]:
        assert place.path is not None
        stamp = _stamp_of_file(place.path)
        if self._library.is_read(place.name, stamp):
            raise _Unchanged
        found = files.read(place.path, self._max_bytes, place.name)
        return stamp, [_as_place(each) for each in found]

    def _page(self, place: Place, stop: threading.Event) -> tuple[str, list[_Found]]:
        stamp = _stamp_of_entry(place.entry)
        if self._library.is_read(place.name, stamp):
            raise _Unchanged
        if place.entry is not None and (article := _from_entry(place.entry, place.name)):
            return stamp, [article]
        known = _validators(self._library.stamp(place.name))
        fetched = self._web.get(place.name, stop=stop, **known)
        if fetched is None:
            raise _Unchanged
        stamp = stamp or json.dumps([fetched.etag, fetched.last_modified])
        try:
            return stamp, _found_in(fetched, place.name)
        except SourceError as error:
            raise SourceError(f"{place.name}: {error}") from error


def _found_in(fetched: Fetched, source: str) -> list[_Found]:
    """The entries of a feed, or the articles of a page."""
    if feeds.is_feed(fetched.data, fetched.content_type):
        feed = feeds.parse(fetched.data, fetched.url)
        return [Place(each.url, entry=each) for each in feed.entries if each.url]
    drafts = form_of_page(fetched.url, fetched.content_type)(fetched.data)
    # Its own address stands for it where it names none.
    named = [replace(d, url=d.url or fetched.url) if not d.part else d for d in drafts]
    return list(articles(named, source, source))


def add(
    library: Library, web: Web, max_bytes: int, found: Sequence[Place], stop: threading.Event
) -> Iterator[AddResult]:
    """Read places and add what they hold; see `Adding.run`."""
    begun = time.monotonic()
    outcomes: Counter[str] = Counter(added=0, updated=0, refused=0)
    try:
        with web:
            for result in Adding(library, web, max_bytes).run(found, stop):
                outcomes[result.outcome or "refused"] += 1
                yield result
    finally:
        if outcomes["added"] or outcomes["updated"] or outcomes["refused"]:
            seconds = round(time.monotonic() - begun, 1)
            log.info("articles", extra=logs.facts(seconds=seconds, **outcomes))


def _as_place(found: files.Found) -> _Found:
    return Place(found.url, tags=found.tags) if isinstance(found, Address) else found


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one + other))


def _stamp_of_file(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""  # reading it will tell why
    return f"{status.st_mtime_ns} {status.st_size}"


def _stamp_of_entry(entry: Entry | None) -> str:
    if entry is None:
        return ""
    told = (entry.title, entry.updated, entry.published, entry.html)
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:16]


def _validators(stamp: str) -> dict[str, str | None]:
    try:
        etag, last_modified = json.loads(stamp)
    except (ValueError, TypeError):  # what a feed said of it, which may look like a number
        return {}
    return {"etag": etag, "last_modified": last_modified}


def _from_entry(entry: Entry, source: str) -> Article | None:
    """The article that a feed carries whole; None where it only announces one."""
    if not entry.full or not entry.html:
        return None
    draft = html.read(entry.html.encode())
    draft = replace(
        draft,
        title=entry.title or draft.title,
        authors=entry.authors or draft.authors,
        published=entry.published or draft.published,
        modified=entry.updated or draft.modified,
        tags=entry.tags or draft.tags,
        url=entry.url,
    )
    [found] = articles([draft], source, entry.title or source)
    return found if isinstance(found, Article) and len(found.text) >= _WHOLE else None
