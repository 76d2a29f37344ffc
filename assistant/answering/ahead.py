"""Reads evidence into the model's cache while its question is still being typed.

Reading is most of what a person waits for on a small machine. What was read for half a question is
of use to the whole one only where it stands first in the prompt, as it was: so the evidence of the
whole question is put into that order, and what it has beyond that comes after.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, takewhile

from assistant.answering.evidence import LEANS, cost_of, tokens_in
from assistant.records import Evidence

# Tokens of what was read ahead that may stand before a question without being needed by it: they
# take no time any more, and neither gain nor cost an answer in what was measured.
_IN_VAIN = 250
# Tokens that are read at once, at least: of 16 at a time two cores read 48 a second, of 32 at a
# time 64, of 48 at a time 78, and hardly more of more.
_AT_ONCE = 32
# Tokens that are read after Enter, where enough was read before: of a hundred questions typed at
# five letters a second, 97 have the answering sentence then, and 98 with all that is wanted.
_AFTER_ENTER = 40


class Ahead:
    """What has been read for a question that is being typed. For several threads.

    There is one model and so one such question: the last one.
    """

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._stop = threading.Event()  # nothing more is begun
        self._abandon = threading.Event()  # nor finished
        self._wanted: tuple[Evidence, ...] = ()
        self._read: tuple[Evidence, ...] = ()  # or being read just now
        self._sure = 0  # so many of them are read
        self.ends = 0  # so far

    def parts(
        self, evidence: tuple[Evidence, ...], ends: int
    ) -> Iterator[tuple[tuple[Evidence, ...], threading.Event]]:
        """The evidence up to where it is to be read next, and the event that ends this reading.

        Ends when more is typed or somebody asks; gives nothing where all reading was ended since
        there were so many ends. What is being read when more is typed is still finished: at once
        forgotten, it would have been for nothing.
        """
        begun = self._begun(evidence, ends)
        if begun is None:
            return
        done, stop, abandon = begun
        for end in _ends(evidence, done):
            with self._changing:
                if stop.is_set():
                    return
                self._read = evidence[:end]
            yield evidence[:end], abandon
            with self._changing:
                if _same(evidence[:end], self._read) == end:
                    self._sure = max(self._sure, end)

    def _begun(
        self, evidence: tuple[Evidence, ...], ends: int
    ) -> tuple[int, threading.Event, threading.Event] | None:
        with self._changing:
            if ends != self.ends or _same(evidence, self._wanted) == len(evidence):
                return None
            self._stop.set()
            self._stop, self._wanted = threading.Event(), evidence
            done = _same(evidence, self._read)
            self._read, self._sure = evidence[:done], min(self._sure, done)
            return done, self._stop, self._abandon

    def end(self) -> None:
        """End what is being read: somebody is to have the model."""
        with self._changing:
            self._abandoned()
            self._ended()

    def taken(self, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """The evidence of a question that is asked, as it is best shown; ends what is read.

        What is being read is finished where it is wanted. Where much was read already, of the rest
        only what takes little time is left, and the nearest sentence of all.
        """
        with self._changing:
            if len(_kept(self._read, {_key(item) for item in evidence})) < len(self._read):
                self._abandoned()
            read, self._read, self._sure = self._read, (), 0
            self._ended()
        return arranged(read, _fewer(read, evidence))

    def _abandoned(self) -> None:
        self._abandon.set()
        self._abandon = threading.Event()
        self._read = self._read[: self._sure]

    def _ended(self) -> None:
        self._stop.set()
        self._wanted = ()
        self.ends += 1

    def arranged(self, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """The evidence of more of the question, as it is best read: what is nearest to it first,
        as that will be wanted longest.
        """
        articles = [list(each) for _, each in groupby(evidence, lambda item: item.article.id)]
        return arranged(self._read, tuple(chain(*reversed(articles))))


def arranged(read: Sequence[Evidence], wanted: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The wanted sentences, those first that have been read, with a few others between them at
    most; numbered anew.
    """
    now = {_key(item): item for item in wanted}
    kept = _kept(read, now)
    held = {_key(item) for item in kept}
    shown = [now.get(_key(item), item) for item in kept]
    for before, item in zip((None, *wanted), wanted, strict=False):
        if _key(item) in held:
            continue
        if before is not None and _leans_on(item, before) and shown[-1:] != [before]:
            shown.append(before)  # once more: it says whom the next one speaks of
        shown.append(item)
    return tuple(replace(item, number=number) for number, item in enumerate(shown, start=1))


def _ends(evidence: Sequence[Evidence], begin: int) -> Iterator[int]:
    """Where reading may pause: at the end of a sentence, with enough to be read by then."""
    size = 0
    for end in range(begin + 1, len(evidence) + 1):
        size += cost_of(evidence[end - 1].text)
        if size >= _AT_ONCE or end == len(evidence):
            yield end
            size = 0


def _fewer(read: Sequence[Evidence], wanted: Sequence[Evidence]) -> list[Evidence]:
    """The wanted sentences that have been read, and of the others the nearest to the question, as
    far as they take few tokens: together no more than all that are wanted do.

    Where all that were read are farther from the question, the nearest comes whatever it takes.
    """
    kept = _kept(read, {_key(item): item for item in wanted})
    held = {_key(item) for item in kept}
    spare = max(_AFTER_ENTER, _tokens(wanted) - _tokens(kept)) if kept else _tokens(wanted)
    by_nearness = sorted(wanted, key=lambda item: -item.similarity)
    for rank, item in enumerate(by_nearness):
        if _key(item) not in held and (rank == 0 or _tokens([item]) <= spare):
            held.add(_key(item))
            spare -= _tokens([item])
    return [item for item in wanted if _key(item) in held]


def _tokens(evidence: Sequence[Evidence]) -> int:
    return sum(cost_of(item.text) for item in evidence)


def _kept(read: Sequence[Evidence], now: Container[tuple[str, int]]) -> list[Evidence]:
    """The beginning of what was read that ends with a wanted sentence and has few others."""
    kept, best, in_vain = [], 0, 0
    for item in read:
        kept.append(item)
        if _key(item) in now:
            best = len(kept)
        else:
            in_vain += tokens_in(item.text)
            if in_vain > _IN_VAIN:
                break
    return kept[:best]


def _same(some: Sequence[Evidence], others: Sequence[Evidence]) -> int:
    """How many sentences at the beginning are the same."""
    both = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: _key(pair[0]) == _key(pair[1]), both))


def _key(item: Evidence) -> tuple[str, int]:
    return item.article.id, item.span.start


def _leans_on(item: Evidence, before: Evidence) -> bool:
    return item.article.id == before.article.id and LEANS.match(item.text) is not None
