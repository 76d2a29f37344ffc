"""The questions of a run one by one, each folded up, with filters for outcome and kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.evaluation.markup import ENGLISH, Say, badge, decimal, esc, section
from assistant.evaluation.outcomes import TONES, outcome
from assistant.evaluation.shape import Answer, Citation, Run, Sentence

_MARK = re.compile(r"\s*\[\d+\]")


def questions(run: Run, say: Say = ENGLISH) -> str:
    """The section of the questions, in the order in which they were asked."""
    outcomes = [outcome(answer, run) for answer in run.answers]
    listed = (
        question(answer, what, f"q{i}", say)
        for i, (answer, what) in enumerate(zip(run.answers, outcomes, strict=True), 1)
    )
    filters = _filters(outcomes, [answer.kind for answer in run.answers], say)
    return section(say("Questions"), filters, f'<div class="questions">{"".join(listed)}</div>')


def _filters(outcomes: Sequence[str], kinds: Sequence[str], say: Say) -> str:
    """Shown by the script, since without it they would do nothing."""
    options = "".join(
        f'<option value="{esc(kind)}">{esc(say(kind))} ({count})</option>'
        for kind, count in sorted(Counter(kinds).items())
    )
    every, left = esc(say("all")), esc(say("{left} of {all} questions"))
    return (
        f'<form class="filters" hidden=""><div>{outcome_buttons(outcomes, "", say)}</div>'
        f'<label>{esc(say("Kind"))} <select><option value="">{every}</option>{options}</select>'
        f'</label><p role="status" data-of="{left}"></p></form>'
    )


def outcome_buttons(outcomes: Sequence[str], pressed: str, say: Say = ENGLISH) -> str:
    """A button for each outcome that there is, and one for all, whose value is empty."""
    counts = Counter(outcomes)
    named = [("", "all", len(outcomes))] + [(n, n, counts[n]) for n in TONES if counts[n]]
    return "".join(
        f'<button type="button" value="{esc(value)}"'
        f' aria-pressed="{"true" if value == pressed else "false"}">{esc(say(name))}'
        f" <b>{count}</b></button>"
        for value, name, count in named
    )


def question(answer: Answer, what: str, key: str, say: Say = ENGLISH) -> str:
    """One question, folded up; `what` became of it, `key` is unique on the page."""
    total = answer.seconds.total if answer.seconds else None
    took = decimal(f"{total:.1f} s", say) if total is not None else ""
    return (
        f'<details data-outcome="{esc(what)}" data-kind="{esc(answer.kind)}"><summary>'
        f"{badge(TONES[what], say(what))}<span>{esc(answer.question)}</span>"
        f"<small>{esc(say(answer.kind))}</small><small>{took}</small></summary>"
        f'<div class="inside">{_asked(answer, say)}{_said(answer, key, say)}'
        f"{_evidence(answer, say)}{_numbers(answer, say)}</div></details>"
    )


def _asked(answer: Answer, say: Say) -> str:
    """What was asked before it, as what it was searched for, and what is accepted as right."""
    rows = [(say("Asked before"), " · ".join(answer.before))]
    if answer.asked is not None and answer.asked != answer.question:
        rows.append((say("Searched for"), answer.asked))
    rows.append((say("Accepted"), _accepted(answer, say)))
    rows.append((say("Article"), answer.article or ""))
    return _terms(rows)


def _accepted(answer: Answer, say: Say) -> str:
    parts = list(answer.golds)
    if answer.cites is not None:
        parts.append(
            say.count(
                answer.cites,
                "an answer that cites at least {n} sentence",
                "an answer that cites at least {n} sentences",
            )
        )
    return " · ".join(parts) or say("a refusal: the articles do not hold the answer")


def _terms(rows: Iterable[tuple[str, str]]) -> str:
    shown = "".join(f"<dt>{esc(name)}</dt><dd>{esc(text)}</dd>" for name, text in rows if text)
    return f"<dl>{shown}</dl>"


def _said(answer: Answer, key: str, say: Say) -> str:
    if answer.error is not None:
        return f'<p class="trouble">{esc(say.error(answer.error))}</p>'
    if answer.text is None:
        return ""
    if answer.refused:
        return _refusal(answer, say)
    text = " ".join(_sentence(each, answer, key, say) for each in answer.sentences)
    withdrawn = _terms([(say("Withdrawn"), _withdrawn(answer))]) if answer.withdrawn else ""
    said = f'<p class="said">{text or esc(answer.text)}</p>'
    return f"{said}{_quotes(answer.citations, key)}{withdrawn}"


def _withdrawn(answer: Answer) -> str:
    return " ".join(_MARK.sub("", text) for text in answer.withdrawn)


def _sentence(sentence: Sentence, answer: Answer, key: str, say: Say) -> str:
    known = {citation.number for citation in answer.citations}
    numbers = [number for number in sentence.citations if number in known]
    marks = "".join(f'<a href="#{key}-{number}">{number}</a>' for number in numbers)
    text = esc(_MARK.sub("", sentence.text))
    if sentence.supported is False:
        text = (
            f'<span class="unsupported">{text}</span> <small>({esc(say("not supported"))})</small>'
        )
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


def _refusal(answer: Answer, say: Say) -> str:
    rows = [
        (say("Not spoken of"), ", ".join(answer.missing)),
        (say("Withdrawn"), _withdrawn(answer)),
    ]
    near = "".join(
        f"<li><blockquote>“{esc(c.quote)}”<footer>{_from(c)}</footer></blockquote></li>"
        for c in answer.nearest
    )
    heading = f"<h3>{esc(say('Nearest passages'))}</h3>"
    nearest = f'{heading}<ol class="quotes">{near}</ol>' if near else ""
    return f'<p class="said refusal">{esc(answer.text or "")}</p>{_terms(rows)}{nearest}'


def _evidence(answer: Answer, say: Say) -> str:
    if not answer.evidence:
        return ""
    held = {
        True: say(", which hold an accepted answer"),
        False: say(", none with an accepted answer"),
        None: "",
    }
    label = say.count(len(answer.evidence), "Evidence: {n} sentence", "Evidence: {n} sentences")
    lines = "".join(f"<li>{esc(text)}</li>" for text in answer.evidence)
    summary = f"<summary>{esc(label + held[answer.kept])}</summary>"
    return f'<details class="evidence">{summary}<ol>{lines}</ol></details>'


def _numbers(answer: Answer, say: Say) -> str:
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
    parts = [
        f"{say(name)} {decimal(f'{value:.3g}', say)}{unit}"
        for name, value, unit in named
        if _is_number(value)
    ]
    return f'<p class="numbers">{esc(" · ".join([f"id {answer.id}", *parts]))}</p>'


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
