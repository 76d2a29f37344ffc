"""The JSON of a run, read back: typed, with what an older or unfinished run lacks left empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.errors import UsageError

ANSWERS, RETRIEVAL = "answers", "retrieval"
# Settings that are not in a run: where things lie on a machine changes no figure, and is nobody
# else's business.
PRIVATE = {
    *("store", "models", "port", "llm_url", "llm_key", "embedder_url", "embedder_key"),
    "catalog_url",
    *("chroma_url", "chroma_token", "chroma_tenant", "chroma_database"),
}

_LARGEST = 500_000_000  # bytes; 10,000 questions take about 60 MB


def _none_as_empty(value: Any) -> Any:
    return [] if value is None else value


_Texts = Annotated[list[str], BeforeValidator(_none_as_empty)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Sentence(_Part):
    text: str
    citations: Annotated[list[int], BeforeValidator(_none_as_empty)] = []
    supported: bool | None = None


class Citation(_Part):
    number: int
    title: str
    quote: str
    published: str | None = None


class Seconds(_Part):
    search: float | None = None
    first_token: float | None = None
    total: float | None = None
    check: float | None = None


class Answer(_Part):
    """A question and what became of it; see `assistant.evaluation.report` for the fields."""

    id: str
    question: str
    kind: str
    golds: _Texts = []
    before: _Texts = []
    article: str | None = None
    cites: int | None = None
    right: bool | None = None
    f1: float | None = None
    cited_right: bool | None = None
    kept: bool | None = None
    rank: int | None = None
    evidence: _Texts = []
    error: str | None = None
    asked: str | None = None
    text: str | None = None
    refused: bool | None = None
    sentences: Annotated[list[Sentence], BeforeValidator(_none_as_empty)] = []
    citations: Annotated[list[Citation], BeforeValidator(_none_as_empty)] = []
    nearest: Annotated[list[Citation], BeforeValidator(_none_as_empty)] = []
    missing: _Texts = []
    withdrawn: _Texts = []
    strength: float | None = None
    support: float | None = None
    seconds: Seconds | None = None

    @property
    def answerable(self) -> bool:
        return bool(self.golds) or self.cites is not None

    @property
    def given(self) -> bool:
        """An answer was given, neither refused nor failed."""
        return self.text is not None and not self.refused and self.error is None


class Metric(_Part):
    """A rate with its 95% interval, a mean, or seconds; what it is not stays None."""

    n: int = 0
    hits: int | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    median: float | None = None
    p95: float | None = None


class Model(_Part):
    name: str = ""
    sha256: str = ""


class Run(_Part):
    version: str
    answers: list[Answer]
    metrics: dict[str, Metric]
    model: Model | None = None
    settings: dict[str, Any] = {}
    library: dict[str, int] = {}
    file: str = ""
    started: str = ""
    seconds: float = 0
    complete: bool = True
    mode: str = ANSWERS
    asked: int = Field(0, ge=0)
    questions: int = Field(0, ge=0)


def parse(run: dict[str, Any], name: str = "this run") -> Run:
    """Raises UsageError, naming the first field that a run does not have so."""
    try:
        return Run.model_validate(run)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UsageError(
            f"{name} is not a run that `assistant evaluate --out` wrote ({place}: {first['msg']}); "
            "name the JSON file of a run, or make the run again"
        ) from error


def read(path: Path) -> dict[str, Any]:
    """The JSON of a run. Raises UsageError where the file cannot be read or holds no run."""
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageError(f"{path} is too large for a run; name the JSON file of a run")
        run = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(
            f"cannot read {path} ({error.strerror}); name the JSON file of a run"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is not JSON; name a file that `assistant evaluate --out` wrote"
        ) from error
    parse(run, str(path))
    assert isinstance(run, dict)
    return run
