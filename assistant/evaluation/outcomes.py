"""What became of one question, in words that report, comparison and plots share."""

from __future__ import annotations

from assistant.evaluation.shape import RETRIEVAL, Answer, Run

RIGHT = "right"
WRONG = "wrong"
REFUSED_RIGHTLY = "rightly refused"
REFUSED_WRONGLY = "wrongly refused"
INVENTED = "answered, should refuse"
FAILED = "failed"
KEPT = "evidence kept"
LOST = "evidence lost"
MISSED = "passage not found"
UNSCORED = "not scored"
PASSED = "passed on to the model"

# In the order of the plots, good ones first, each with the colour class of its bar and badge.
TONES = {
    RIGHT: "good", KEPT: "good", REFUSED_RIGHTLY: "fair", REFUSED_WRONGLY: "mild", LOST: "mild",
    UNSCORED: "mute", PASSED: "mute", WRONG: "bad", INVENTED: "bad", MISSED: "bad", FAILED: "mute",
}  # fmt: skip


def outcome(answer: Answer, run: Run) -> str:
    """One of the keys of TONES."""
    if answer.error is not None:
        return FAILED
    if run.mode == RETRIEVAL:
        return _searched(answer, _threshold(run))
    if answer.refused:
        return REFUSED_WRONGLY if answer.answerable else REFUSED_RIGHTLY
    if not answer.answerable:
        return INVENTED
    return RIGHT if answer.right else WRONG


def _searched(answer: Answer, refuse_below: float) -> str:
    if answer.strength is not None and answer.strength < refuse_below:
        return REFUSED_WRONGLY if answer.answerable else REFUSED_RIGHTLY
    if not answer.answerable:
        return PASSED
    if answer.kept is None:
        return UNSCORED
    return KEPT if answer.kept else MISSED if answer.rank is None else LOST


def _threshold(run: Run) -> float:
    value = run.settings.get("refuse_below")
    return float(value) if isinstance(value, int | float) else 0.0


def found_within(answer: Answer, first: int) -> bool | None:
    """Whether a right passage is among the first so many; None where that cannot be told."""
    if not answer.golds:
        return None
    return answer.rank is not None and answer.rank <= first
