"""What can be asked, how far it has come, and the runs that there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from assistant.evaluation.markup import decimal, esc, plain
from assistant.evaluation.page_parts import day
from assistant.evaluation.shape import RETRIEVAL, Metric, Run
from assistant.ui.evaluating import work
from assistant.ui.evaluating.kept import Kept
from assistant.ui.evaluating.plan import FEEDBACK, FILE, SAMPLE
from assistant.ui.evaluating.work import Progress
from assistant.ui.words import Words

# The columns of the list: heading, figure of a run with the model, of one without.
COLUMNS = (
    ("Right", "answered right", ""),
    ("Wrongly refused", "wrongly refused", "wrongly refused before the model"),
    ("Rightly refused", "rightly refused", "rightly refused before the model"),
    ("Citation right", "right answers whose citation is right", ""),
    ("Median", "seconds: whole answer", "seconds: search"),
)
_PHASES = {
    work.PREPARING: "Getting ready…",
    work.ADDING: "Reading the articles: {done} of {total}",
    work.ASKING: "Asking: {done} of {total}",
}


def head(say: Words) -> str:
    told = say(
        "Puts questions with known answers to the assistant, and counts how often it is right,"
        " how often it cites the right sentence, and how often it refuses where it should."
    )
    return f'<h1>{escape(say("Evaluate"))}</h1><p class="ev-lead">{escape(told)}</p>'


def sources(chosen: str, sample: tuple[int, int], judged: int, say: Words) -> str:
    """What to ask; `sample` counts the sample questions and their articles."""
    questions = say.count(sample[0], "{n} question", "{n} questions")
    articles = say.count(sample[1], "{n} article", "{n} articles")
    notes = {
        SAMPLE: (
            "Sample questions",
            say(
                "{questions} about {articles} that come along. Your library is left alone.",
                questions=questions,
                articles=articles,
            ),
        ),
        FILE: (
            "A file of questions",
            say(
                "JSON lines or a table (CSV), asked of your library; a SQuAD file is asked of its"
                " own articles."
            ),
        ),
        FEEDBACK: ("Collected feedback", _judged(judged, say)),
    }
    cards = "".join(
        f'<label><input type="radio" name="ev-source" value="{value}"'
        f"{' checked' if value == chosen else ''}><span><b>{escape(say(title))}</b>"
        f"<small>{escape(note)}</small></span></label>"
        for value, (title, note) in notes.items()
    )
    legend = escape(say("Which questions"))
    return f'<fieldset class="ev-sources"><legend>{legend}</legend>{cards}</fieldset>'


def _judged(number: int, say: Words) -> str:
    if not number:
        return say("None yet: mark answers in the chat as good or bad, and they can be asked here.")
    return say.count(
        number,
        "{n} question whose answer you judged in the chat.",
        "{n} questions whose answers you judged in the chat.",
    )


def buttons(say: Words) -> str:
    return (
        f'<button type="button" class="ev-run" data-run>{escape(say("Run"))}</button>'
        f'<button type="button" class="ev-stop" data-stop>{escape(say("Stop"))}</button>'
    )


# While one is under way


def progress(now: Progress, say: Words, *, own: bool) -> str:
    """`own`: it was started from this page, and can be stopped there."""
    phase = say(_PHASES[now.phase], done=now.done, total=now.total)
    if now.phase == work.ADDING and not now.total:
        phase = say("Reading the articles…")
    width = f' value="{now.done}"' if now.total else ""
    facts = [time_left(now.left, say)] if now.left is not None else []
    facts += [f"{number} {say(name)}" for name, number in now.outcomes]
    other = "" if own else _hint(say("It was started on another page. One can run at a time."))
    return (
        f'<div class="progress{" own" if own else ""}"><progress max="{max(now.total, 1)}"{width}'
        f' aria-label="{escape(phase)}"></progress><span>{escape(phase)}</span></div>'
        f"{_hint(' · '.join(facts))}{other}"
    )


def _hint(text: str) -> str:
    return f'<p class="ev-hint">{escape(text)}</p>' if text else ""


def time_left(seconds: float, say: Words) -> str:
    if seconds < 60:
        return say("less than a minute left")
    minutes = round(seconds / 60)
    if minutes < 60:
        return say.count(minutes, "about {n} minute left", "about {n} minutes left")
    return say.count(round(minutes / 60), "about {n} hour left", "about {n} hours left")


def ended(kept: Kept | None, say: Words) -> str:
    """What became of the run that has just ended, with a way to it."""
    run = kept.run if kept else None
    if run is None or not run.asked:
        told = say("Stopped before the first question.")
    elif run.complete:
        told = say.count(run.questions, "Done: {n} question asked.", "Done: {n} questions asked.")
    else:
        told = say(
            "Stopped after {done} of {total} questions. It can go on later.",
            done=run.asked,
            total=run.questions,
        )
    see = escape(say("See the results"))
    key = escape(kept.name) if kept else ""
    button = f'<button type="button" data-open="{key}">{see}</button>'
    return (
        f'<div class="report ev-done"><p>{escape(told)}</p>{button if run and run.asked else ""}'
        "</div>"
    )


# The list


def listed(runs: Sequence[Kept], say: Words) -> str:
    title = f"<h2>{escape(say('Runs'))}</h2>"
    if not runs:
        none = say("None yet. The sample questions, search only, take some seconds.")
        return f'{title}<p class="empty">{escape(none)}</p>'
    heads = "".join(f'<th scope="col">{escape(say(name))}</th>' for name, *_ in COLUMNS)
    choose, actions = escape(say("Compare")), escape(say("Actions"))
    rows = "".join(_row(kept, say) for kept in runs)
    return (
        f"{title}{_comparing(say) if len(runs) > 1 else ''}"
        f'<table class="ev-runs"><thead><tr><th scope="col" class="pick"><span class="unseen">'
        f'{choose}</span></th><th scope="col" class="what">{escape(say("Questions"))}</th>{heads}'
        f'<th scope="col" class="act"><span class="unseen">{actions}</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _comparing(say: Words) -> str:
    hint = escape(say("Tick two runs to compare them."))
    return (
        f'<div class="ev-comparing"><span>{hint}</span><button type="button" data-compare disabled>'
        f"{escape(say('Compare'))}</button></div>"
    )


def _row(kept: Kept, say: Words) -> str:
    run, key = kept.run, escape(kept.name)
    retrieval = run.mode == RETRIEVAL
    name = run_name(kept, say)
    cells = "".join(
        f'<td data-label="{escape(say(label))}">'
        f"{_cell(run.metrics.get(searched if retrieval else answered), say)}</td>"
        for label, answered, searched in COLUMNS
    )
    pick = escape(say("Choose “{name}” of {day} for comparing", name=name, day=when(run, say)))
    return (
        f'<tr><td class="pick"><input type="checkbox" value="{key}" aria-label="{pick}"></td>'
        f'<th scope="row" class="what"><button type="button" class="link" data-open="{key}">'
        f"{esc(name)}</button><small>{esc(_about(run, say))}</small></th>{cells}"
        f'<td class="act">{_actions(kept, say)}</td></tr>'
    )


def _actions(kept: Kept, say: Words) -> str:
    key = escape(kept.name)
    what = escape(f"{run_name(kept, say)}, {when(kept.run, say)}")
    go_on = "" if kept.run.complete or not kept.source else (
        f'<button type="button" class="ev-small" data-resume="{key}"'
        f' aria-label="{escape(say("Go on"))}: {what}">{escape(say("Go on"))}</button>'
    )  # fmt: skip
    return (
        f'{go_on}<button type="button" class="quiet" data-remove="{key}"'
        f' data-sure="{escape(say("Really remove?"))}"'
        f' aria-label="{escape(say("Remove"))}: {what}">{escape(say("Remove"))}</button>'
    )


def run_name(kept: Kept, say: Words) -> str:
    names = {SAMPLE: say("Sample questions"), FEEDBACK: say("Collected feedback")}
    return names.get(kept.source, plain(kept.run.file) or say("Questions"))


def when(run: Run, say: Words) -> str:
    """Its day and time where the page is read."""
    try:
        local = datetime.fromisoformat(run.started).astimezone().isoformat()
    except ValueError:
        return run.started
    return day(local, say)


def _about(run: Run, say: Words) -> str:
    of = say("{done} of {total} questions", done=run.asked, total=run.questions)
    whole = say.count(run.questions, "{n} question", "{n} questions")
    parts = [when(run, say), whole if run.complete else of]
    if run.mode == RETRIEVAL:
        parts.append(say("search only"))
        kept = run.metrics.get("evidence kept")
        if kept and kept.rate is not None:
            parts.append(f"{say('evidence kept')} {percent(kept.rate, say)}")
    return " · ".join(parts)


def _cell(metric: Metric | None, say: Words) -> str:
    if metric is None or not metric.n:
        return "–"
    if metric.median is not None:
        return decimal(f"{metric.median:.{1 if metric.median >= 1 else 2}f}", say) + "\u00a0s"
    count = say("{hits} of {n}", hits=metric.hits, n=metric.n)
    return f'<span title="{escape(count)}">{percent(metric.rate or 0, say)}</span>'


def percent(share: float, say: Words) -> str:
    return say("{n}%", n=round(100 * share))
