"""Chooses the sentences that the model is shown, and judges whether they can hold an answer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.answering.paragraphs import around
from assistant.answering.words import content_stems, stems
from assistant.records import ArticleInfo, Evidence, Hit, Sentence

_PIECE = re.compile(r"[A-Za-z]+|\d|[^\W\d_]|[^\w\s]")
# A few words without a number or an end say nothing that could be quoted.
_HEADING = re.compile(r"[^\W\d]\D{0,58}[^\W\d]")
_OVERVIEW = re.compile(
    r"\b(summar\w+|sum(s|med)? up|overview|main (points?|ideas?)|key (points?|facts?)|"
    r"tell me (about|more)|what (is|are|was|were)\b.*\babout\W*$|"
    r"what (do|does|did)\b.*\bsay (about|of|on)|what is known (about|of)|"
    r"compar(e|ison)|differences? between|how (do|does|did)\b.*\bdiffer|have in common|"
    r"(which|what)\b.*\bin (the|my|these) articles|zusammenfass\w+|vergleich\w*|überblick)\b",
    re.IGNORECASE,
)
_OVERVIEW_EASE = 0.3
# How much the words count beside the vectors; both lie between 0 and 1.
_WORDS = 0.6
# A sentence of the best passage beats an equal one of the last by this much.
_RANK = 0.1
# "He refused." says little without the sentence before it.
LEANS = re.compile(
    r"^[\W_]*(he|she|it|they|his|her|its|their|this|that|these|those|such|there|here|"
    r"the (former|latter)|both|another|however|but|instead|then|er|sie|es|dies\w*)\b",
    re.IGNORECASE,
)


def is_overview(question: str) -> bool:
    return _OVERVIEW.search(question) is not None


@dataclass(frozen=True)
class Question:
    """A question as evidence and answers are weighed against it.

    `vector` is float32 of length 1. `rarity` tells of a stem how rare it is in the library:
    log((passages + 1) / (passages with the stem + 0.5)), never below 0. `told` are the stems that a
    follow-up has from the conversation before it: an article on them does not say them everywhere.
    """

    text: str
    vector: NDArray[np.float32]
    rarity: Callable[[str], float]
    told: frozenset[str] = frozenset()

    @cached_property
    def overview(self) -> bool:
        """Whether it asks for a summary or a comparison rather than for a fact."""
        return is_overview(self.text)

    @property
    def ease(self) -> float:
        """Added for a request for an overview: it is worded unlike any sentence that answers it."""
        return _OVERVIEW_EASE if self.overview else 0.0

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return tuple(content_stems(self.text))

    def share(self, wanted: Iterable[str], found: Container[str]) -> float:
        """The share of the wanted stems, weighted by rarity, that is among `found`; 1 of none."""
        weights = {stem: self.rarity(stem) for stem in wanted}
        total = sum(weights.values())
        if total == 0:
            return 1.0
        return sum(weight for stem, weight in weights.items() if stem in found) / total

    def held_by(self, text: str) -> float:
        """The share of the question's own words, weighted by rarity, that a text holds."""
        return self.share(self.stems, stems(text))


def weigh(
    text: str, vector: NDArray[np.float32], passages: int, passages_with: Callable[[str], int]
) -> Question:
    """`passages` is how many the library holds, `passages_with` how many hold a stem."""

    def rarity(stem: str) -> float:
        return max(0.0, math.log((passages + 1) / (passages_with(stem) + 0.5)))

    return Question(text, vector, rarity)


def strength(question: Question, hits: Sequence[Hit]) -> float:
    """How likely the library speaks of the question at all, from 0 to 2.

    The similarity of the best passage plus the largest share of the question's words that some
    one passage (with its title) holds.
    """
    if not hits or not question.stems:
        return 0.0
    similarity = max(hit.similarity for hit in hits)
    share = max(question.held_by(f"{hit.article.title} {hit.text}") for hit in hits)
    return max(0.0, similarity) + share + question.ease


@dataclass(frozen=True)
class _Candidate:
    rank: int  # of its hit
    at: int  # place among the hit's sentences
    score: float


def choose(
    question: Question,
    hits: Sequence[Hit],
    budget: int,
) -> tuple[Evidence, ...]:
    """The best sentences of the hits within `budget` tokens, numbered as they will be shown.

    Passages stand in the order worst to best (a small model heeds most what it read last), the
    sentences of one passage in the order of the text.
    """
    chosen: dict[int, set[int]] = {}
    left = budget
    for candidate in sorted(_candidates(question, hits), key=lambda c: -c.score):
        hit = hits[candidate.rank]
        taken = chosen.get(candidate.rank, set())
        wanted = [i for i in with_context(hit, candidate.at) if i not in taken]
        cost = sum(cost_of(hit.sentences[i].text) for i in wanted)
        if not taken:
            cost += tokens_in(heading(hit.article)) + 1
        if wanted and cost <= left:
            left -= cost
            chosen.setdefault(candidate.rank, set()).update(wanted)
    if not chosen and hits:  # one sentence longer than the whole budget
        best = max(_candidates(question, hits[:1]), key=lambda c: c.score, default=None)
        chosen = {0: {best.at if best else 0}}
    return numbered(question, hits, chosen)


def _candidates(question: Question, hits: Sequence[Hit]) -> list[_Candidate]:
    found = []
    for rank, hit in enumerate(hits):
        title = stems(hit.article.title)
        for at, sentence in enumerate(hit.sentences):
            if is_heading(sentence.text):
                continue
            similarity = similarity_of(question, sentence)
            share = question.share(question.stems, stems(sentence.text) | title)
            score = similarity + _WORDS * share - _RANK * rank / len(hits)
            found.append(_Candidate(rank, at, score))
    return found


def is_heading(text: str) -> bool:
    return _HEADING.fullmatch(text) is not None


def with_context(hit: Hit, at: int) -> list[int]:
    """The places of a sentence and of the one before it, where it points back."""
    leans = at > 0 and LEANS.match(hit.sentences[at].text)
    return [at - 1, at] if leans else [at]


def tokens_in(text: str) -> int:
    """About how many tokens a model reads in a text, a little more rather than less.

    Counted without a model, so that evidence can be shown while the model is still being loaded.
    On English articles the default model reads 0.94 of this.
    """
    return sum((len(piece) + 6) // 7 for piece in _PIECE.findall(text))


def cost_of(sentence: str) -> int:
    """Tokens of a sentence as it is shown."""
    return tokens_in(sentence) + 5  # the number, its brackets and the line end


def similarity_of(question: Question, sentence: Sentence) -> float:
    """The cosine of question and sentence."""
    return float(np.dot(question.vector, sentence.vector))


def numbered(
    question: Question, hits: Sequence[Hit], chosen: Mapping[int, set[int]]
) -> tuple[Evidence, ...]:
    """The evidence of the chosen sentences, given as {rank of their hit: their places in it}."""
    evidence: list[Evidence] = []
    for rank in _worst_first(hits, chosen):
        hit = hits[rank]
        beside = around(hit)
        for at in sorted(chosen[rank]):
            sentence = hit.sentences[at]
            evidence.append(
                Evidence(
                    number=len(evidence) + 1,
                    article=hit.article,
                    span=sentence.span,
                    text=sentence.text,
                    similarity=similarity_of(question, sentence),
                    around=beside[at],
                )
            )
    return tuple(evidence)


def _worst_first(hits: Sequence[Hit], chosen: Mapping[int, set[int]]) -> list[int]:
    """Ranks, worst first, but passages of one article side by side where its best one stands."""
    best: dict[str, int] = {}
    for rank in sorted(chosen):
        best.setdefault(hits[rank].article.id, rank)
    return sorted(
        chosen, key=lambda rank: (-best[hits[rank].article.id], hits[rank].passage.span.start)
    )


def heading(article: ArticleInfo) -> str:
    if article.published is None:
        return f'"{article.title}"'
    return f'"{article.title}" ({article.published:%-d %B %Y})'


def shown(evidence: Sequence[Evidence]) -> str:
    """The evidence as the prompt holds it: numbered sentences under their articles' titles."""
    lines: list[str] = []
    last = ""
    for item in evidence:
        if item.article.id != last:
            lines.append(heading(item.article))
            last = item.article.id
        lines.append(f"[{item.number}] {_one_line(item.text)}")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    # A bracketed number in the article must not pass for one of our marks.
    return re.sub(r"\[(\d+)\]", r"(\1)", " ".join(text.split()))


def nearest(evidence: Sequence[Evidence], most: int) -> list[Evidence]:
    """The sentences that come closest to the question, best first."""
    return sorted(evidence, key=lambda item: -item.similarity)[:most]
