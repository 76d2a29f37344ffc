"""Articles and what is found in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self

_DAYS = ("published", "modified")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of an article's text, in characters."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """What is known of an article, without its text.

    `source` is where it was read first, `url` the address that it gives itself, if it does.
    `version` counts the changes of its text, from 1. `pages` are the offsets in the text at which
    its pages begin, where it has pages.
    """

    id: str
    title: str
    source: str
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    tags: tuple[str, ...] = ()
    site: str | None = None
    language: str | None = None
    url: str | None = None
    version: int = 1
    pages: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """The page, from 1, on which a character of the text stands; None where it has none."""
        return bisect_right(self.pages, offset) if self.pages else None

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "authors": list(self.authors),
            "published": self.published.isoformat() if self.published else None,
            "modified": self.modified.isoformat() if self.modified else None,
            "source": self.source,
            "site": self.site,
            "language": self.language,
            "url": self.url,
            "tags": list(self.tags),
            "version": self.version,
            "pages": list(self.pages),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The article that `as_json` gave."""
        days = {key: values[key] and date.fromisoformat(values[key]) for key in _DAYS}
        lists = {key: tuple(values[key]) for key in ("authors", "tags", "pages")}
        return cls(**{**values, **days, **lists})


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleInfo):
    """An article as it was read: clean text, paragraphs parted by one blank line."""

    text: str

    def as_json(self) -> dict[str, Any]:
        return {**ArticleInfo.as_json(self), "text": self.text}


@dataclass(frozen=True, slots=True)
class Passage:
    """A few neighbouring paragraphs (or a part of a long one) and the sentences in it."""

    id: str
    article_id: str
    span: Span
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a found passage with its vector (float32, shape (384,), length 1)."""

    span: Span
    text: str
    vector: Any = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found.

    `similarity` is the cosine between question and passage (0 where it was found by words alone and
    has not been compared), `score` the fused rank score that orders the hits, best first.
    """

    article: ArticleInfo
    passage: Passage
    text: str
    sentences: tuple[Sentence, ...]
    similarity: float
    score: float


Outcome = Literal["added", "updated", "same"]


@dataclass(frozen=True, slots=True)
class Followed:
    """A folder (its absolute path) or a feed (its address) that is read again and again."""

    place: str
    title: str = ""
