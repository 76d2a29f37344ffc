"""Chooses evidence for a request that no single sentence answers: a summary, a comparison, a theme.

The sentences are spread over the articles in question and over their length: each next one is the
most telling of those that say something else than the ones before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answering.check import Checked
from assistant.answering.evidence import (
    LEANS,
    Question,
    cost_of,
    heading,
    is_heading,
    numbered,
    similarity_of,
    tokens_in,
    with_context,
)
from assistant.records import Evidence, Hit

SHARE = (
    0.7  # of the evidence of a fact: as many sentences as an overview can speak of, and few more
)
_SEVERAL = re.compile(r"\b(articles|compar\w+|differ\w*|in common|both|vergleich\w*)\b", re.I)
_NAMED = 0.3  # share of the question's words that the title of an article in question holds
_NEAR = 0.75  # of the best article's weight; what has less is not in question
_MOST_ARTICLES = 4
_LEAST_SENTENCES = 3  # of an overview, each citing another one
# What a sentence counts for: words shared with the question, likeness to its article as a whole,
# standing first in its passage; and what it loses for likeness to a sentence chosen before.
_WORDS, _CENTRAL, _LEAD, _REPEATED = 0.5, 0.5, 0.1, 0.8
_CENTRAL_TO_A_THEME = 0.1  # the same where the article is about more than what is asked

PassagesOf = Callable[[str, NDArray[np.float32]], Sequence[Hit]]


def gather(
    question: Question, hits: Sequence[Hit], passages_of: PassagesOf, budget: int
) -> tuple[Evidence, ...]:
    """Evidence within `budget` tokens, shared fairly among the articles in question."""
    articles = in_question(question, hits)
    passages: list[Hit] = []
    chosen: dict[int, set[int]] = {}
    for article in articles:
        own = list(passages_of(article, question.vector))
        picked = _pick(question, own, budget // len(articles))
        chosen |= {len(passages) + rank: places for rank, places in picked.items()}
        passages += own
    return numbered(question, passages, chosen)


def in_question(question: Question, hits: Sequence[Hit]) -> list[str]:
    """Ids of the articles that are spoken of, the most likely one first."""
    weights: dict[str, float] = {}
    titled: dict[str, float] = {}
    for hit in hits:
        titled[hit.article.id] = question.held_by(hit.article.title)
        weight = hit.similarity + question.held_by(f"{hit.article.title} {hit.text}")
        weights[hit.article.id] = max(weight, weights.get(hit.article.id, 0.0))
    order = sorted(weights, key=lambda id_: -(weights[id_] + titled[id_]))
    if not order:
        return []
    if not _SEVERAL.search(question.text) and titled[order[0]] >= _NAMED:
        return order[:1]
    best = max(weights.values())
    near = [id_ for id_ in order if weights[id_] >= _NEAR * best or titled[id_] >= _NAMED]
    least = 2 if _SEVERAL.search(question.text) else 1
    return (near if len(near) >= least else order[:least])[:_MOST_ARTICLES]


@dataclass(frozen=True)
class _Candidate:
    rank: int
    at: int
    score: float
    vector: NDArray[np.float32]


def _pick(question: Question, hits: Sequence[Hit], budget: int) -> Mapping[int, set[int]]:
    """The places of the most telling and different sentences of one article, by passage."""
    left = budget - (tokens_in(heading(hits[0].article)) + 1 if hits else 0)
    candidates = _candidates(question, hits)
    chosen: dict[int, set[int]] = {}
    taken: list[NDArray[np.float32]] = []
    while candidates:
        best = max(candidates, key=lambda c: c.score - _REPEATED * _likeness(c.vector, taken))
        candidates.remove(best)
        places = chosen.get(best.rank, set())
        wanted = [i for i in with_context(hits[best.rank], best.at) if i not in places]
        cost = sum(cost_of(hits[best.rank].sentences[i].text) for i in wanted)
        if cost <= left:
            left -= cost
            chosen.setdefault(best.rank, set()).update(wanted)
            taken.append(best.vector)
    return chosen


def _candidates(question: Question, hits: Sequence[Hit]) -> list[_Candidate]:
    found = [
        (rank, at, sentence)
        for rank, hit in enumerate(hits)
        for at, sentence in enumerate(hit.sentences)
        if not is_heading(sentence.text)
    ]
    if not found:
        return []
    middle = np.mean([sentence.vector for _, _, sentence in found], axis=0)
    title = question.held_by(hits[0].article.title)
    central, lead = (_CENTRAL, _LEAD) if title >= _NAMED else (_CENTRAL_TO_A_THEME, 0.0)
    candidates = []
    for rank, at, sentence in found:
        share = question.held_by(sentence.text)
        score = similarity_of(question, sentence) + _WORDS * share
        score += central * float(middle @ sentence.vector) + (lead if at == 0 else 0.0)
        candidates.append(_Candidate(rank, at, score, sentence.vector))
    return candidates


def _likeness(vector: NDArray[np.float32], taken: Sequence[NDArray[np.float32]]) -> float:
    return max((float(vector @ other) for other in taken), default=0.0)


def completed(
    question: Question, sentences: Sequence[Checked], evidence: Sequence[Evidence]
) -> list[Checked]:
    """The supported sentences that say something new, and so many of the articles' own, word for
    word, that at least three are cited.

    An overview is a choice as it is: what is not supported is left out of it.
    """
    told: list[Checked] = []
    cited: set[int] = set()
    for sentence in sentences:
        if sentence.supported and not cited.issuperset(sentence.marks):
            told.append(sentence)
            cited |= set(sentence.marks)
    while len(cited) < _LEAST_SENTENCES and (item := _next(question, evidence, cited)):
        text = " ".join(item.text.split())
        told.append(Checked(text, (item.number,), True, item.similarity + question.ease + 1))
        cited.add(item.number)
    return told


def _next(question: Question, evidence: Sequence[Evidence], cited: set[int]) -> Evidence | None:
    """The evidence that comes nearest to the question, of an article cited least so far."""

    def order(item: Evidence) -> tuple[int, float]:
        own = sum(e.number in cited for e in evidence if e.article.id == item.article.id)
        share = question.held_by(f"{item.article.title} {item.text}")
        return own, -item.similarity - _WORDS * share

    left = [e for e in evidence if e.number not in cited and not LEANS.match(e.text)]
    return min(left, key=order, default=None)
