"""What is sent and answered at /api and by the tools at /mcp: for the checks of requests, and for
what both say of themselves.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant import records

Name = Annotated[str, Field(min_length=1, max_length=300)]
Names = Annotated[list[Name], Field(max_length=200)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Scope(_Shape):
    """Which articles to look in: those that meet every condition given."""

    articles: Names = Field(default=[], description="ids, or beginnings of them")
    tags: Names = Field(default=[], description="one of these, in any case")
    sources: Names = Field(
        default=[], description="one of these in the source or the name of the site"
    )
    since: date | None = Field(default=None, description="first day of publication")
    until: date | None = Field(default=None, description="last day of publication")

    def record(self) -> records.Scope:
        return records.Scope(
            tuple(self.articles), tuple(self.tags), tuple(self.sources), self.since, self.until
        )


class Turn(_Shape):
    """An earlier question and what was answered."""

    question: str
    answer: str


class Ask(_Shape):
    question: str
    history: list[Turn] = Field([], description="what was said before, oldest first")
    scope: Scope = Scope()


class Question(Ask):
    stream: bool = Field(False, description="answer with server-sent events, one as it happens")


class Search(_Shape):
    question: str = Field(description="a question, or words")
    scope: Scope = Scope()


class Read(_Shape):
    id: str = Field(min_length=1, description="of an article, or the beginning of it")
    start: int = Field(0, ge=0, description="characters to pass over")
    length: int = Field(20_000, ge=1, description="characters to read at most")


class NewArticle(_Shape):
    """Either a text, or a web address."""

    text: str | None = None
    title: str | None = Field(None, description="of the text")
    url: str | None = Field(None, description="a page, or a feed with all that it announces")


class Problem(_Shape):
    error: str = Field(description="what happened and what to do next")
    kind: str


class ArticleInfo(_Shape):
    id: str
    title: str
    authors: list[str]
    published: date | None
    modified: date | None
    source: str = Field(description="where it was read first")
    site: str | None
    language: str | None
    url: str | None = Field(description="the address that it gives itself")
    tags: list[str]
    version: int = Field(description="counts the changes of its text, from 1")
    pages: list[int] = Field(description="the offsets in the text at which its pages begin")


class Article(ArticleInfo):
    text: str = Field(description="paragraphs parted by one blank line")


class Stretch(Article):
    """An article of whose text this is `text[start:end]`."""

    start: int
    end: int
    length: int = Field(description="characters of the whole text")


class Articles(_Shape):
    total: int
    articles: list[ArticleInfo] = Field(description="newest published first")


class Added(_Shape):
    source: str
    status: Literal["added", "updated", "same", "error"]
    article: ArticleInfo | None
    error: str | None


class AddedAll(_Shape):
    """One result for each article; a feed or an export can hold many."""

    results: list[Added]


class Citation(_Shape):
    """A verbatim stretch of an article: `text[start:end] == quote`, in its version."""

    number: int
    article_id: str
    title: str
    source: str
    published: date | None
    version: int
    page: int | None
    start: int
    end: int
    quote: str


class Sentence(_Shape):
    text: str
    citations: list[int]
    supported: bool | None = Field(description="whether the articles state it; null: not checked")
    moved: bool = Field(description="whether the check attributed it to another sentence")


class Seconds(_Shape):
    search: float
    first_token: float
    total: float
    check: float


class Answer(_Shape):
    """A checked answer; where it is refused, `nearest` holds the closest sentences."""

    question: str
    asked: str = Field(description="the question as it was searched for, standing by itself")
    scope: Scope
    text: str
    refused: bool
    sentences: list[Sentence]
    citations: list[Citation]
    nearest: list[Citation]
    missing: list[str] = Field(description="what of the question no closest sentence speaks of")
    withdrawn: list[str] = Field(description="what the model wrote and nothing supports")
    strength: float
    support: float | None
    model: str
    seconds: Seconds


class Passage(_Shape):
    article: ArticleInfo
    start: int
    end: int
    page: int | None
    text: str
    similarity: float
    score: float


class Evidence(_Shape):
    """A sentence that the model would be shown."""

    number: int
    article: ArticleInfo
    start: int
    end: int
    text: str
    similarity: float


class Found(_Shape):
    question: str
    scope: Scope
    strength: float = Field(description="below the setting refuse_below, an answer is refused")
    passages: list[Passage] = Field(description="best first")
    evidence: list[Evidence]
    seconds: float
