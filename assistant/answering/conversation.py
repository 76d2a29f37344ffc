"""Makes a follow-up question stand by itself.

Rules decide whether a question leans on what was said before; only then is the model asked to write
it anew.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from assistant.answering.refusal import NOT_FOUND
from assistant.answering.words import content_stems, stems
from assistant.prompts import Prompt
from assistant.records import Turn

# Words that point back at what was said before: at somebody or something, and at a whole matter.
_SOMEBODY = re.compile(r"\b(he|she|it|they|him|her|them|his|hers|its|their|theirs)\b", re.I)
_MATTER = re.compile(r"\b(that|those|these|this|then|former|latter|others?|else|more)\b", re.I)
_THEN = re.compile(
    r"\b(that|the same) (year|time|day|night|month|week|place|country|town|city|man|woman|person|"
    r"one|case|way)\b|\b(is|was|are|were|about|after|before) (that|this)\W*$|"
    r"\b(who|what|where) else\b|\b(between|of) the two\b|\b(of them|they) both\b",
    re.I,
)
_GOES_ON = re.compile(r"^\W*(and|but|or|also|what about|how about)\b", re.I)
# "What did it cost to repair the bridge?": this one points forward.
_FORWARD = re.compile(r"\bit(?= (?:costs?|takes?|took)\b.*\bto\b)", re.I)
# A pronoun with no name before it in the question.
_POINTS_BACK = re.compile(
    r"\W*\w+(?: [^A-ZÀ-ÖØ-Þ\s]\S*)* (?:he|she|it|they|him|her|them|his|hers|its|their)\b"
)
_NAME = re.compile(r"(?<=\w )[A-ZÀ-ÖØ-Þ]\w")
# "the power station": one that was spoken of a moment ago, where the answer spoke of one. Of "the
# world" there is one only, and "the first engine" is one of all engines.
_DEFINITE = re.compile(
    r"\bthe (?!(?:first|last|next|most|least|same|only|best|worst|world|earth|sun|moon|sea|year|"
    r"(?:larg|small|bigg|old|young|tall|high|low|long|short|great|fast|slow|earli|lat|new|near|"
    r"strong|deep|rich)est)\b)([a-zß-öø-ÿ][\w’'-]*)"
)
# Content words: a question with more of them names its subject itself. A pronoun among some of them
# mostly points inside the question.
_FEW_WITH_PRONOUN, _FEW = 2, 4
_FEW_WITHOUT_NAME = 3
# Where the articles speak as clearly as this of a question (see `evidence.strength`), it needs
# nothing from before.
_CLEAR = 1.4

_TURNS = 2  # of the conversation that the model is told
_LONGEST_ANSWER = 300  # characters of each
_TOKENS = 60  # a question has room in
_MUCH_LONGER = 200  # characters; what grows by more is no question any more


@dataclass(frozen=True)
class Understood:
    """A question as it is searched for and put to the model, and as its answer is judged.

    The two differ where an earlier question had to be put in front: that one's answer is not
    asked for again.
    """

    asked: str
    judged: str


@dataclass(frozen=True)
class Rewriter:
    """Writes follow-ups anew with a model and the prompt for it."""

    model: BaseChatModel
    prompt: Prompt

    def __call__(self, question: str, history: Sequence[Turn], stop: threading.Event) -> Understood:
        """The question as it can be understood by itself, at about two seconds. Raises Stopped."""
        messages = self.prompt.template.format_messages(
            conversation=_told(question, history), question=question
        )
        pieces = self.model.stream(
            messages, stop=["\n"], stop_event=stop, max_tokens=_TOKENS, context=self.prompt.name
        )
        written = " ".join("".join(str(piece.content) for piece in pieces).split())
        # What leans and comes back as it was has not been understood.
        same = written == question
        if same and not _leans_on(question, history):
            return Understood(question, question)
        if not same and _is_usable(written, question):
            return Understood(written, written)
        return Understood(in_front(question, [turn.question for turn in history]), question)


def needs_rewriting(
    question: str, history: Sequence[Turn], strength: Callable[[str], float]
) -> bool:
    """Whether a question is hardly understood without what was said before."""
    if not history:
        return False
    return _leans_on(question, history) or (_may_lean(question) and strength(question) < _CLEAR)


def leans(question: str) -> bool:
    """Whether a question's words point back."""
    stems = content_stems(question)
    if _THEN.search(question):
        return True
    if len(stems) > _FEW:
        return False
    if not stems or _GOES_ON.match(question):
        return True
    if len(stems) > _FEW_WITH_PRONOUN:
        return False
    named = _NAME.search(question) is not None
    return bool(_SOMEBODY.search(question) or (not named and _MATTER.search(question)))


def _leans_on(question: str, history: Sequence[Turn]) -> bool:
    return leans(question) or _goes_on_with(question, history[-1].answer)


def _may_lean(question: str) -> bool:
    return len(content_stems(question)) <= _FEW_WITHOUT_NAME and not _NAME.search(question)


def _goes_on_with(question: str, answer: str) -> bool:
    """Whether a question that names nobody speaks of "the" thing that the last answer spoke of."""
    if len(content_stems(question)) > _FEW or _NAME.search(question):
        return False
    things = content_stems(" ".join(_DEFINITE.findall(question)))
    return not answer.startswith(NOT_FOUND) and not stems(answer).isdisjoint(things)


def _told(question: str, history: Sequence[Turn]) -> str:
    lines = []
    # "Since when?" is asked of the last answer; "it" may be of the one before.
    bare = len(content_stems(question)) <= 1 and not _SOMEBODY.search(question)
    turns = 1 if bare else _TURNS
    for turn in history[-turns:]:
        lines.append(f"Question: {turn.question}")
        if not turn.answer.startswith(NOT_FOUND):
            answer = re.sub(r"\s*\[\d+\]", "", turn.answer)[:_LONGEST_ANSWER]
            lines.append(f"Answer: {answer}")
    return "\n".join(lines)


def _is_usable(written: str, question: str) -> bool:
    """A question, not an answer, that has kept the numbers and half the words of the one it came
    from: a small model at times repeats an earlier one, or the whole conversation.
    """
    numbers = set(re.findall(r"\d+", question))
    own = set(content_stems(question))
    without = _FORWARD.sub("", written)
    return (
        written.endswith("?")
        and written.count("?") <= max(1, question.count("?"))
        and not leans(without)
        and not _POINTS_BACK.match(without)
        and len(written) <= len(question) + _MUCH_LONGER
        and numbers <= stems(written)
        and len(own & stems(written)) >= len(own) / 2
    )


def in_front(question: str, before: Sequence[str]) -> str:
    """The question with the last of those before it that does not lean, else the first."""
    if not before:
        return question
    rest = (earlier for earlier in reversed(before) if not leans(earlier))
    first = next(rest, before[0]).strip()
    return f"{first}{'' if first[-1:] in '.?!' else '?'} {question}"
