"""An application over a real library whose answers are made up at once, without a model."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import config
from assistant.app import App, open_app
from assistant.records import (
    EVERYTHING,
    Answer,
    AnswerSentence,
    Citation,
    Done,
    Event,
    Evidence,
    Found,
    Scope,
    Searching,
    Seconds,
    Turn,
)

MOSS = "Moss has no roots. It takes up water with its leaves. It grew for 2300 seconds."
CALL = "The call lasted over two hours. They spoke of hockey and of the war in Ukraine."

ROOTS = {"id": "roots", "question": "What does moss lack?", "answers": ["no roots"],
         "article": "Moss", "evidence": ["Moss has no roots."]}  # fmt: skip
HOCKEY = {"id": "hockey", "question": "What did they speak of in the call?", "answers": ["chess"],
          "article": "The long call"}  # fmt: skip
NEVER = {"id": "never", "question": "What was never told?", "answers": [], "kind": "near miss"}
THREE = [ROOTS, HOCKEY, NEVER]


class StubApp(App):
    """Answers with the best sentence found; refuses where the question says “never”.

    A question that says “wait” is answered once `free` is set. All are refused where `silent`.
    """

    def __init__(self, opened: App) -> None:
        super().__init__(opened.settings, opened.library, opened._wording)
        self._usual = opened.settings
        self.reset()

    def reset(self) -> None:
        self.settings = self._usual
        self.asked: list[str] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.free = threading.Event()
        self.silent = False

    def warm(self, stop: threading.Event | None = None, aside: bool = False) -> None:
        pass

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        scope: Scope = EVERYTHING,
        reader: str | None = None,
    ) -> Iterator[Event]:
        self.asked.append(question)
        self.histories.append(tuple(history))
        yield Searching(question, scope)
        looked = self.find(question, scope)
        yield Found(looked.evidence, 0.01)
        while "wait" in question and not self.free.is_set() and not (stop and stop.is_set()):
            self.free.wait(0.02)
        if stop and stop.is_set():
            return
        evidence = () if self.silent else looked.evidence
        yield Done(_answer(question, evidence, looked.strength))


def _answer(question: str, evidence: Sequence[Evidence], strength: float) -> Answer:
    seconds = Seconds(0.01, 0.4, 1.5, 0.1)
    if "never" in question or not evidence:
        return Answer(
            question, "The articles do not say.", True, (), (), (), "stub", seconds,
            question, ("never",), ("Perhaps [1].",), strength,
        )  # fmt: skip
    best = max(evidence, key=lambda each: each.similarity)
    cited = Citation(1, best.article, best.span.start, best.span.end, best.text)
    sentence = AnswerSentence(best.text, (1,), True)
    return Answer(
        question, f"{best.text} [1]", False, (sentence,), (cited,), (), "stub", seconds, question,
        (), ("Withdrawn words [2].",), strength, 2.0,
    )  # fmt: skip


@contextmanager
def stub_app(store: Path, models: Path, **settings: Any) -> Iterator[StubApp]:
    env = {"ASSISTANT_STORE": str(store), "ASSISTANT_MODELS": str(models)}
    env |= {f"ASSISTANT_{key.upper()}": str(value) for key, value in settings.items()}
    with open_app(config.load(env)) as opened:
        opened.add_text(MOSS, "Moss")
        opened.add_text(CALL, "The long call")
        yield StubApp(opened)
