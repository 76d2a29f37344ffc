"""A refusal as HTML: what the articles lack, what comes closest in them, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.answering.refusal import NO_ARTICLES, NOT_FOUND
from assistant.records import Answer
from assistant.ui import paper
from assistant.ui.words import Words


def refusal(answer: Answer, say: Words, limited: bool) -> str:
    """`limited`: a person had chosen what to look in, and can choose more."""
    return (
        f'<div class="no" dir="auto">{escape(_said(answer, say))}</div>'
        f"{_nearest(answer, say)}{_withdrawn(answer, say)}{_onward(answer, say, limited)}"
    )


def _said(answer: Answer, say: Words) -> str:
    """The refusal in the reader's language, where it is worded as ours are."""
    if answer.text == NO_ARTICLES:
        return say(NO_ARTICLES)
    if not answer.text.startswith(NOT_FOUND):
        return answer.text
    if answer.missing:
        things = _listed(answer.missing, say)
        lacking = say("The closest passages do not mention {things}.", things=things)
        return f"{say(NOT_FOUND)} {lacking}"
    rest = answer.text.removeprefix(NOT_FOUND).strip()
    return " ".join(filter(None, [say(NOT_FOUND), rest and say(rest)]))


def _listed(things: Sequence[str], say: Words) -> str:
    quoted = [say("“{title}”", title=thing) for thing in things]
    return say(" or ").join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _nearest(answer: Answer, say: Words) -> str:
    if not answer.nearest:
        return ""
    cards = "".join(
        f'<button type="button" class="near" data-n="{number}">'
        f'<span dir="auto">“{escape(paper.short(near.quote, 280))}”</span>'
        f"<small>{paper.byline(near.article, say, page=near.article.page(near.start))}</small>"
        "</button>"
        for number, near in enumerate(answer.nearest, start=1)
    )
    several = len(answer.nearest) > 1
    closest = say("The closest passages") if several else say("The closest passage")
    return f"<h2>{closest}</h2>{cards}"


def _withdrawn(answer: Answer, say: Words) -> str:
    """What the model wrote, folded away: it is no answer, but nobody should have to guess at it."""
    if not answer.withdrawn:
        return ""
    text = escape(" ".join(answer.withdrawn))
    return (
        f'<details class="withdrawn"><summary>{say("What the model wrote instead")}</summary>'
        f"<p>{say('No article supports it, so it is not given as an answer:')}</p>"
        f'<p class="said" dir="auto">{text}</p></details>'
    )


def _onward(answer: Answer, say: Words, limited: bool) -> str:
    if limited or answer.scope.articles or answer.scope.tags or answer.scope.sources:
        return (
            f'<p class="onward"><span>{say("Only a part of the articles was looked in.")}</span> '
            '<button type="button" class="plain" data-do="widen">'
            f"{say('Ask all articles')}</button></p>"
        )
    hint = say("Name people and places as the articles do, or add articles that tell of it.")
    return f'<p class="onward">{hint} <a href="#articles">{say("Add articles")}</a></p>'
