"""A part of the evidence, to ask the model again with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.check import Checked
from assistant.records import Evidence


@dataclass(frozen=True)
class Part:
    """Evidence numbered anew from 1; `numbers` are the numbers it had, in order."""

    evidence: tuple[Evidence, ...]
    numbers: tuple[int, ...]

    def numbered_back(self, sentences: Sequence[Checked]) -> list[Checked]:
        """The sentences with the numbers of the whole evidence."""
        return [
            replace(s, marks=self._before(s.marks), tried=self._before(s.tried)) for s in sentences
        ]

    def _before(self, marks: Sequence[int]) -> tuple[int, ...]:
        return tuple(self.numbers[mark - 1] for mark in marks)


def part_of(evidence: Sequence[Evidence], keep: Callable[[Evidence], bool]) -> Part:
    kept = [item for item in evidence if keep(item)]
    anew = tuple(replace(item, number=n) for n, item in enumerate(kept, start=1))
    return Part(anew, tuple(item.number for item in kept))
