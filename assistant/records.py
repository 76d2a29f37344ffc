"""The records that travel between the rooms: frozen, with no behaviour beyond their invariants.

All offsets count characters of `Article.text`; `text[start:end]` is the passage, sentence or quote.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleInfo):
    """An article as it was read: clean text, paragraphs parted by one blank line."""

    text: str

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
            "text": self.text,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Article:
        """The article that `as_json` gave."""
        days = {key: values[key] and date.fromisoformat(values[key]) for key in _DAYS}
        lists = {key: tuple(values[key]) for key in ("authors", "tags", "pages")}
        return cls(**{**values, **days, **lists})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles a search looks at: those that meet every condition given.

    `articles` are ids. An article needs one of `tags` (in any case), and one of `sources` in what
    it was read from or in the name of its site. `since` and `until` are days of publication, both
    included; an article without a date lies outside of any period.
    """

    articles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            **{key: list(getattr(self, key)) for key in ("articles", "tags", "sources")},
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


EVERYTHING = Scope()


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered sentence that the model is shown. `similarity` is its cosine to the question."""

    number: int
    article: ArticleInfo
    span: Span
    text: str
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim stretch of an article: `article.text[start:end] == quote`.

    Of the article in its version at that time, which the library keeps.
    """

    number: int
    article: ArticleInfo
    start: int
    end: int
    quote: str

    def as_json(self) -> dict[str, Any]:
        published = self.article.published
        return {
            "number": self.number,
            "article_id": self.article.id,
            "title": self.article.title,
            "source": self.article.source,
            "published": published.isoformat() if published else None,
            "version": self.article.version,
            "page": self.article.page(self.start),
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer. `supported` is None where nothing was checked.

    `moved`: the check attributed it to other sentences than the model had named.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool | None
    moved: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "citations": list(self.citations),
            "supported": self.supported,
            "moved": self.moved,
        }


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds from the question to the end of the search, to the first word and to the
    checked answer; `check` is what of the total came after the model's last word.
    """

    search: float
    first_token: float
    total: float
    check: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer.

    `asked` is the question as it was searched for, standing by itself, and `scope` what articles
    were looked at. For a refusal, `nearest` holds the closest sentences found, `missing` the
    question's names and numbers that none of them speaks of, and `withdrawn` what the model wrote
    and nothing supports.

    `strength` is what the refusal before the model goes by (see `evidence.strength`), `support`
    what the one after it goes by: that of the best supported sentence; None where the model wrote
    none.
    """

    question: str
    text: str
    refused: bool
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    model: str
    seconds: Seconds
    asked: str = ""
    missing: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    strength: float = 0.0
    support: float | None = None
    scope: Scope = EVERYTHING

    def as_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "asked": self.asked or self.question,
            "scope": self.scope.as_json(),
            "text": self.text,
            "refused": self.refused,
            "sentences": [sentence.as_json() for sentence in self.sentences],
            "citations": [citation.as_json() for citation in self.citations],
            "nearest": [citation.as_json() for citation in self.nearest],
            "missing": list(self.missing),
            "withdrawn": list(self.withdrawn),
            "strength": round(self.strength, 3),
            "support": None if self.support is None else round(self.support, 3),
            "model": self.model,
            "seconds": {
                "search": round(self.seconds.search, 3),
                "first_token": round(self.seconds.first_token, 3),
                "total": round(self.seconds.total, 3),
                "check": round(self.seconds.check, 3),
            },
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and what was answered."""

    question: str
    answer: str


# What an answer in the making tells whoever waits for it, in this order.


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another answer is being written; `ahead` questions come first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Searching:
    """The search has begun. `question` stands by itself, also where a follow-up did not; `scope`
    holds the time that it names.
    """

    question: str
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences that the model will be shown (or would have been, before a refusal)."""

    evidence: tuple[Evidence, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer as the model writes it, citation marks included, not yet checked."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The checked answer; always the last event unless the person stopped it."""

    answer: Answer


Event = Waiting | Searching | Found | Token | Done

Outcome = Literal["added", "updated", "same"]


@dataclass(frozen=True, slots=True)
class Followed:
    """A folder (its absolute path) or a feed (its address) that is read again and again."""

    place: str
    title: str = ""
