"""Evidence, and the answers that cite it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.records.articles import ArticleInfo, Span
from assistant.records.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered sentence that the model is shown. `similarity` is its cosine to the question.

    `around` is the sentence with those beside it in its paragraph, as far as they are known.
    """

    number: int
    article: ArticleInfo
    span: Span
    text: str
    similarity: float = 0.0
    around: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "article": self.article.as_json(),
            "start": self.span.start,
            "end": self.span.end,
            "text": self.text,
            "similarity": round(self.similarity, 3),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Evidence:
        """The evidence that `as_json` gave."""
        article = ArticleInfo.from_json(values["article"])
        span = Span(values["start"], values["end"])
        return cls(values["number"], article, span, values["text"], values["similarity"])


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

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Citation:
        """The citation that `as_json` gave; of its article it knows what stands there."""
        published = values["published"]
        article = ArticleInfo(
            id=values["article_id"],
            title=values["title"],
            source=values["source"],
            published=date.fromisoformat(published) if published else None,
            version=values["version"],
            # As if all pages up to this one began with the text: the quote lies on the last.
            pages=(0,) * (values["page"] or 0),
        )
        return cls(values["number"], article, values["start"], values["end"], values["quote"])


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

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> AnswerSentence:
        """The sentence that `as_json` gave."""
        return cls(**{**values, "citations": tuple(values["citations"])})


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds from the question to the end of the search, to the first word and to the
    checked answer; `check` is what of the total came after the model's last word.
    """

    search: float
    first_token: float
    total: float
    check: float = 0.0

    def as_json(self) -> dict[str, float]:
        return {
            "search": round(self.search, 3),
            "first_token": round(self.first_token, 3),
            "total": round(self.total, 3),
            "check": round(self.check, 3),
        }

    @classmethod
    def from_json(cls, values: dict[str, float]) -> Seconds:
        """The times that `as_json` gave."""
        return cls(**values)


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
            "seconds": self.seconds.as_json(),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Answer:
        """The answer that `as_json` gave."""
        citations = {
            key: tuple(map(Citation.from_json, values[key])) for key in ("citations", "nearest")
        }
        texts = {key: tuple(values[key]) for key in ("missing", "withdrawn")}
        made = {
            "sentences": tuple(map(AnswerSentence.from_json, values["sentences"])),
            "seconds": Seconds.from_json(values["seconds"]),
            "scope": Scope.from_json(values["scope"]),
        }
        return cls(**{**values, **citations, **texts, **made})
