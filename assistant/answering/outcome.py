"""What was found, written and checked → the Answer record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering import evidence as choosing
from assistant.answering import refusal
from assistant.answering.check import Checked
from assistant.answering.search import Looked
from assistant.records import Answer, AnswerSentence, Citation, Evidence, Seconds

_NEAREST = 3  # sentences shown with a refusal


@dataclass(frozen=True)
class Report:
    """What an answer or a refusal says of its making."""

    model: str
    seconds: Seconds
    support: float | None


def refused(question: str, looked: Looked, withdrawn: Sequence[Checked], report: Report) -> Answer:
    nearest = choosing.nearest(looked.evidence, _NEAREST)
    lacking = refusal.missing(looked.asked, looked.evidence) if looked.evidence else ()
    return Answer(
        question=question,
        text=refusal.text(looked.evidence, lacking, bool(withdrawn), looked.scope),
        refused=True,
        sentences=(),
        citations=(),
        nearest=tuple(_citation(n, item) for n, item in enumerate(nearest, start=1)),
        model=report.model,
        seconds=report.seconds,
        asked=looked.asked,
        scope=looked.scope,
        missing=lacking,
        withdrawn=tuple(sentence.text for sentence in withdrawn),
        strength=looked.strength,
        support=report.support,
    )


def answered(question: str, looked: Looked, sentences: Sequence[Checked], report: Report) -> Answer:
    """Number the citations in the order in which they appear and cut the quotes out."""
    order = dict.fromkeys(mark for sentence in sentences for mark in sentence.marks)
    number = {mark: n for n, mark in enumerate(order, start=1)}
    by_mark = {item.number: item for item in looked.evidence}
    final = tuple(
        AnswerSentence(s.text, tuple(number[m] for m in s.marks), s.supported, s.moved)
        for s in sentences
    )
    return Answer(
        question=question,
        text=" ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in final),
        refused=False,
        sentences=final,
        citations=tuple(_citation(number[mark], by_mark[mark]) for mark in order),
        nearest=(),
        model=report.model,
        seconds=report.seconds,
        asked=looked.asked,
        scope=looked.scope,
        strength=looked.strength,
        support=report.support,
    )


def _citation(number: int, item: Evidence) -> Citation:
    return Citation(number, item.article, item.span.start, item.span.end, item.text)
