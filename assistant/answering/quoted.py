"""Where the model finds no words that hold: the sentence nearest to the question, as it stands."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering import evidence as choosing
from assistant.answering.check import Check, Checked
from assistant.answering.evidence import Question
from assistant.answering.parse import Written
from assistant.answering.second_look import Verdict, held, look_again, with_what_it_leans_on
from assistant.records import Evidence

# Asked of it beyond the threshold of the settings: a sentence always holds its own words, so the
# model's view must speak for it. Chosen on 79 refused questions, where 6 of 22 pass that the
# articles answer and 2 of 57 others; on 300 others 8 passed: 4 right, 1 wrong, 3 in vain.
_MORE = 0.35


def nearest(evidence: Sequence[Evidence]) -> tuple[int, ...]:
    """The number of the sentence nearest to the question, after that of the one it leans on; none
    where there is no evidence.
    """
    by_number = {item.number: item for item in evidence}
    found = [
        with_what_it_leans_on(each.number, by_number) for each in choosing.nearest(evidence, 1)
    ]
    return found[0] if found else ()


def quoted(
    question: Question,
    evidence: Sequence[Evidence],
    marks: tuple[int, ...],
    verdict: Verdict,
    floor: float,
    stop: threading.Event,
) -> list[Checked]:
    """The sentences of these numbers in quotation marks, where the model holds that they state the
    answer; else none. Raises Stopped.
    """
    if not marks:
        return []
    by_number = {item.number: item for item in evidence}
    text = " ".join(" ".join(by_number[mark].text.split()) for mark in marks)
    sentence = Check(question, evidence)(Written(text, marks))
    enough = floor + _MORE
    looked = look_again(question.text, [sentence], evidence, verdict, enough, stop)
    told = [each for each in held(looked, enough) if each.supported]
    return [replace(each, text=f"“{each.text}”") for each in told]
