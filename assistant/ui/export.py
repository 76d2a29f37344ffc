"""A conversation, or one answer, as a text to take along, each with its sources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from assistant.records import Answer, AnswerSentence, ArticleInfo, Citation, Conversation, Exchange
from assistant.ui import paper
from assistant.ui.words import ENGLISH, Words

Info = Callable[[str], ArticleInfo | None]
"""What is known of an article now: a kept answer knows only its title, date and source."""

_UNSUPPORTED = "not found in the articles"
# What Markdown would take for more than a sign: anywhere, and at the beginning of a line.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&])")
_LEADING = re.compile(r"^(\d*)([-+=.)])")


@dataclass(frozen=True)
class File:
    name: str
    type: str
    text: str


def export(
    kind: str,
    conversation: Conversation,
    exchanges: Sequence[Exchange],
    say: Words = ENGLISH,
    info: Info = lambda id: None,
) -> File:
    """The conversation as a file of the kind "markdown", "html" or "json"."""
    make, ending, media = _KINDS[kind]
    words = re.findall(r"\w+", conversation.title.casefold())
    name = "-".join(words)[:60].strip("-") or "conversation"
    return File(f"{name}.{ending}", media, make(conversation, exchanges, say, info))


# --- Sources --------------------------------------------------------------------------------------


def source(citation: Citation, say: Words, info: Info) -> tuple[str, str]:
    """(title, authors, date, page and origin) of a citation, as one line, and its quote."""
    cited = citation.article
    known = info(cited.id)
    authors = cited.authors or (known.authors if known else ())
    page = cited.page(citation.start)
    origin = (known.url if known else None) or paper.origin(cited.source)
    parts = [
        say("“{title}”", title=cited.title),
        ", ".join(authors),
        paper.day(cited.published, say) if cited.published else "",
        say("page {n}", n=page) if page else "",
        origin,
    ]
    return _line(", ".join(part for part in parts if part)), _line(citation.quote)


def _line(text: str) -> str:
    return " ".join(text.split())


def _cited(answer: Answer) -> tuple[Citation, ...]:
    return answer.nearest if answer.refused else answer.citations


def _sentences(answer: Answer) -> tuple[AnswerSentence, ...]:
    return answer.sentences or (AnswerSentence(answer.text, (), None),)


# --- Plain text and Markdown ----------------------------------------------------------------------


def answer_plain(answer: Answer, say: Words = ENGLISH, info: Info = lambda id: None) -> str:
    """An answer with [1] in the text and its sources below."""
    parts = []
    for sentence in _sentences(answer):
        marks = "".join(f"[{n}]" for n in sentence.citations)
        doubt = f" [{say(_UNSUPPORTED)}]" if sentence.supported is False else ""
        parts.append(f"{_line(sentence.text)}{' ' if marks else ''}{marks}{doubt}")
    notes = []
    for number, citation in enumerate(_cited(answer), start=1):
        line, quote = source(citation, say, info)
        shown = number if answer.refused else citation.number
        notes.append(f"[{shown}] {line}: {say('“{title}”', title=quote)}")
    return "\n\n".join([" ".join(parts), "\n".join(notes)] if notes else [" ".join(parts)]) + "\n"


def answer_markdown(
    answer: Answer, say: Words = ENGLISH, info: Info = lambda id: None, prefix: str = ""
) -> str:
    """An answer with footnotes; `prefix` keeps those of several answers apart."""
    parts = []
    for sentence in _sentences(answer):
        marks = "".join(f"[^{prefix}{n}]" for n in sentence.citations)
        doubt = f" *({say(_UNSUPPORTED)})*" if sentence.supported is False else ""
        parts.append(f"{_plain(sentence.text)}{marks}{doubt}")
    text = " ".join(parts)
    nearest = [f"- {_plain(q)}[^{prefix}{n}]" for n, q in _nearest(answer)]
    if nearest:
        text += f"\n\n{say('The closest passages')}:\n\n" + "\n".join(nearest)
    notes = []
    for number, citation in enumerate(_cited(answer), start=1):
        line, quote = source(citation, say, info)
        shown = number if answer.refused else citation.number
        quoted = say("“{title}”", title=_plain(quote))
        notes.append(f"[^{prefix}{shown}]: {_plain(line)}: {quoted}")
    return "\n\n".join([text, "\n".join(notes)] if notes else [text]) + "\n"


def _nearest(answer: Answer) -> list[tuple[int, str]]:
    return [(i, near.quote) for i, near in enumerate(answer.nearest, 1)] if answer.refused else []


def _plain(text: str) -> str:
    """A text of others as Markdown that shows just it, on one line."""
    return _LEADING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _line(text)))


COPIES: dict[str, Callable[..., str]] = {"plain": answer_plain, "markdown": answer_markdown}


def _markdown(
    conversation: Conversation, exchanges: Sequence[Exchange], say: Words, info: Info
) -> str:
    parts = [f"# {_plain(conversation.title)}\n"]
    for exchange in exchanges:
        parts.append(f"## {_plain(exchange.question)}\n")
        if exchange.answer:
            prefix = f"{exchange.number}-"
            parts.append(answer_markdown(exchange.answer, say, info, prefix))
        else:
            parts.append(f"{_plain(exchange.words)}\n\n*({_plain(_ended(exchange, say))})*\n")
    return "\n".join(parts)


def _ended(exchange: Exchange, say: Words) -> str:
    return say.error(exchange.trouble) or say("Stopped")


# --- HTML -----------------------------------------------------------------------------------------

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>
body {{ font: 17px/1.6 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em;
  color: #1d1d1f; background: #fff; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5em; }} h2 {{ font-size: 1.1em; margin-top: 2.2em; }}
ol {{ font-size: .85em; color: #55534f; }} q {{ color: #1d1d1f; }} small {{ color: #9a4a00; }}
.un {{ text-decoration: underline dotted #9a4a00; }}
</style></head><body><h1 dir="auto">{title}</h1>
{body}
</body></html>
"""


def _html(conversation: Conversation, exchanges: Sequence[Exchange], say: Words, info: Info) -> str:
    body = "\n".join(_exchange(each, say, info) for each in exchanges)
    title = escape(conversation.title)
    return _PAGE.format(language=say.language, title=title, body=body)


def _exchange(exchange: Exchange, say: Words, info: Info) -> str:
    question = f'<h2 dir="auto">{escape(exchange.question)}</h2>'
    if exchange.answer is None:
        words = f'<p dir="auto">{escape(exchange.words)}</p>' if exchange.words else ""
        return f"{question}{words}<p><small>{escape(_ended(exchange, say))}</small></p>"
    answer, of = exchange.answer, exchange.number
    text = " ".join(_sentence(sentence, of, say) for sentence in _sentences(answer))
    rows = []
    for number, citation in enumerate(_cited(answer), start=1):
        line, quote = source(citation, say, info)
        shown = number if answer.refused else citation.number
        rows.append(
            f'<li id="s{of}-{shown}" value="{shown}" dir="auto">{escape(line)}'
            f"<br><q>{escape(quote)}</q></li>"
        )
    notes = f"<ol>{''.join(rows)}</ol>" if rows else ""
    closest = f"<p>{say('The closest passages')}:</p>" if answer.refused and rows else ""
    return f'{question}<p dir="auto">{text}</p>{closest}{notes}'


def _sentence(sentence: AnswerSentence, of: int, say: Words) -> str:
    marks = "".join(f'<a href="#s{of}-{n}">{n}</a> ' for n in sentence.citations).strip()
    marks = f"<sup>{marks}</sup>" if marks else ""
    text = escape(sentence.text)
    if sentence.supported is False:
        return f'<span class="un">{text}</span>{marks} <small>({say(_UNSUPPORTED)})</small>'
    return text + marks


# --- JSON -----------------------------------------------------------------------------------------


def _json(conversation: Conversation, exchanges: Sequence[Exchange], say: Words, info: Info) -> str:
    told = {
        "title": conversation.title,
        "changed": conversation.changed.isoformat(),
        "scope": conversation.scope.as_json(),
        "exchanges": [_as_json(each, info) for each in exchanges],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _as_json(exchange: Exchange, info: Info) -> dict[str, Any]:
    answer = exchange.answer.as_json() if exchange.answer else None
    for citation in [*answer["citations"], *answer["nearest"]] if answer else []:
        known = info(citation["article_id"])
        citation["authors"] = list(known.authors) if known else []
        citation["url"] = known.url if known else None
    return {
        "number": exchange.number,
        "question": exchange.question,
        "answer": answer,
        "words": exchange.words,
        "trouble": exchange.trouble,
        "liked": exchange.liked,
        "remark": exchange.remark,
    }


_Maker = Callable[[Conversation, Sequence[Exchange], Words, Info], str]
_KINDS: dict[str, tuple[_Maker, str, str]] = {
    "markdown": (_markdown, "md", "text/markdown"),
    "html": (_html, "html", "text/html"),
    "json": (_json, "json", "application/json"),
}
