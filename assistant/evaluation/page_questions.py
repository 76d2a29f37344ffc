"""The questions of a run one by one, each folded up, with filters for outcome and kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.evaluation.markup import badge, counted, esc, section
from assistant.evaluation.outcomes import TONES, outcome
from assistant.evaluation.shape import Answer, Citation, Run, Sentence

_MARK = re.compile(r"\s*\[\d+\]")


def questions(run: Run) -> str:
    """The section of the questions, in the order in which they were asked."""
    outcomes = [outcome(answer, run) for answer in run.answers]
    listed = (
        _question(answer, what, f"q{i}")
        for i, (answer, what) in enumerate(zip(run.answers, outcomes, strict=True), 1)
    )
    filters = _filters(outcomes, [answer.kind for answer in run.answers])
    return section("Questions", filters, f'<div class="questions">{"".join(listed)}</div>')


def _filters(outcomes: Sequence[str], kinds: Sequence[str]) -> str:
    """Shown by the script, since without it they would do nothing."""
    counts = Counter(outcomes)
    buttons = [_button("", "all", len(outcomes), True)]
    buttons += [_button(name, name, counts[name], False) for name in TONES if counts[name]]
    options = "".join(
        f'<option value="{esc(kind)}">{esc(kind)} ({count})</option>'
        for kind, count in sorted(Counter(kinds).items())
    )
    return (
        f'<form class="filters" hidden=""><div>{"".join(buttons)}</div>'
        f'<label>Kind <select><option value="">all</option>{options}</select></label>'
        '<p role="status"></p></form>'
    )


def _button(value: str, name: str, count: int, pressed: bool) -> str:
    state = "true" if pressed else "false"
    return (
        f'<button type="button" value="{esc(value)}" aria-pressed="{state}">{esc(name)}'
        f" <b>{count}</b></button>"
    )


def _question(answer: Answer, what: str, key: str) -> str:
    total = answer.seconds.total if answer.seconds else None
    took = f"{total:.1f} s" if total is not None else ""
    return (
        f'<details data-outcome="{esc(what)}" data-kind="{esc(answer.kind)}"><summary>'
        f"{badge(TONES[what], what)}<span>{esc(answer.question)}</span>"
        f"<small>{esc(answer.kind)}</small><small>{took}</small></summary>"
        f'<div class="inside">{_asked(answer)}{_said(answer, key)}'
        f"{_evidence(answer)}{_numbers(answer)}</div></details>"
    )


def _asked(answer: Answer) -> str:
    """What was asked before it, as what it was searched for, and what is accepted as right."""
    rows = [("Asked before", " · ".join(answer.before))]
    if answer.asked is not None and answer.asked != answer.question:
        rows.append(("Searched for", answer.asked))
    rows.append(("Accepted", _accepted(answer)))
    rows.append(("Article", answer.article or ""))
    return _terms(rows)


def _accepted(answer: Answer) -> str:
    parts = list(answer.golds)
    if answer.cites is not None:
        parts.append(f"an answer that cites at least {counted(answer.cites, 'sentence')}")
    return " · ".join(parts) or "a refusal: the articles do not hold the answer"


def _terms(rows: Iterable[tuple[str, str]]) -> str:
    shown = "".join(f"<dt>{esc(name)}</dt><dd>{esc(text)}</dd>" for name, text in rows if text)
    return f"<dl>{shown}</dl>"


def _said(answer: Answer, key: str) -> str:
    if answer.error is not None:
        return f'<p class="trouble">{esc(answer.error)}</p>'
    if answer.text is None:
        return ""
    if answer.refused:
        return _refusal(answer)
    text = " ".join(_sentence(each, answer, key) for each in answer.sentences)
    return f'<p class="said">{text or esc(answer.text)}</p>{_quotes(answer.citations, key)}'


def _sentence(sentence: Sentence, answer: Answer, key: str) -> str:
    known = {citation.number for citation in answer.citations}
    numbers = [number for number in sentence.citations if number in known]
    marks = "".join(f'<a href="#{key}-{number}">{number}</a>' for number in numbers)
    text = esc(_MARK.sub("", sentence.text))
    if sentence.supported is False:
        text = f'<span class="unsupported">{text}</span> <small>(not supported)</small>'
    return f"{text}<sup>{marks}</sup>" if marks else text


def _quotes(citations: Sequence[Citation], key: str) -> str:
    quotes = "".join(
        f'<li id="{key}-{c.number}"><b>{c.number}</b><blockquote>“{esc(c.quote)}”'
        f"<footer>{_from(c)}</footer></blockquote></li>"
        for c in citations
    )
    return f'<ol class="quotes">{quotes}</ol>' if quotes else ""


def _from(citation: Citation) -> str:
    return esc(" · ".join(part for part in (citation.title, citation.published) if part))


def _refusal(answer: Answer) -> str:
    rows = [
        ("Not spoken of", ", ".join(answer.missing)),
        ("Withdrawn", " ".join(_MARK.sub("", text) for text in answer.withdrawn)),
    ]
    near = "".join(
        f"<li><blockquote>“{esc(c.quote)}”<footer>{_from(c)}</footer></blockquote></li>"
        for c in answer.nearest
    )
    nearest = f'<h3>Nearest passages</h3><ol class="quotes">{near}</ol>' if near else ""
    return f'<p class="said refusal">{esc(answer.text or "")}</p>{_terms(rows)}{nearest}'


def _evidence(answer: Answer) -> str:
    if not answer.evidence:
        return ""
    held = {True: ", which hold an accepted answer", False: ", none with an accepted answer"}
    label = counted(len(answer.evidence), "sentence") + (
        held[answer.kept] if answer.kept is not None else ""
    )
    lines = "".join(f"<li>{esc(text)}</li>" for text in answer.evidence)
    summary = f"<summary>Evidence: {label}</summary>"
    return f'<details class="evidence">{summary}<ol>{lines}</ol></details>'


def _numbers(answer: Answer) -> str:
    """The small line at the foot: times, ranks, and what a refusal goes by."""
    took = answer.seconds
    named = [
        ("search", took and took.search, " s"),
        ("first word", took and answer.given and took.first_token, " s"),
        ("all", took and took.total, " s"),
        ("first right passage", answer.rank, ""),
        ("token F1", answer.f1, ""),
        ("strength", answer.strength, ""),
        ("support", answer.support, ""),
    ]
    parts = [f"{name} {value:.3g}{unit}" for name, value, unit in named if _is_number(value)]
    return f'<p class="numbers">{esc(" · ".join([f"id {answer.id}", *parts]))}</p>'


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
