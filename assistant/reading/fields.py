"""What the fields of an exported record say, whatever the tool that wrote them calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

from assistant.errors import SourceError
from assistant.reading import html, values
from assistant.reading.draft import Draft

Record = Mapping[str, Any]  # field names in small letters and digits only: "publishedat"

# By rank: the first that holds something counts.
_FIELDS = {
    kind: tuple(names.split())
    for kind, names in {
        "text": "fulltext text plaintext articletext articlebody maintext bodytext content "
        "contenttext body article",
        "html": "contenthtml html htmlcontent bodyhtml fullhtml",
        "teaser": "description abstract abstractnote",
        "title": "title headline resolvedtitle giventitle webtitle name",
        "url": "url link canonical canonicalurl resolvedurl givenurl sourceurl weburl articleurl "
        "pageurl permalink href uri",
        "published": "published publishedat publisheddate publishdate publishedon "
        "publicationdate datepublished pubdate date issued webpublicationdate created createdat "
        "timeadded",
        "modified": "modified modifiedat datemodified lastmodified updated updatedat dateupdated",
        "added": "timeadded dateadded savedat saveddate addedat added timestamp created createdat",
        "authors": "authors author byline creators creator writer publishedby",
        "tags": "tags keywords categories tag category labels documenttags manualtags",
        "site": "site sitename publication publicationtitle publisher containertitle source",
        "language": "language lang",
    }.items()
}
_KNOWN = frozenset(name for names in _FIELDS.values() for name in names)
_WRAPPERS = ("_source", "fields", "attributes", "article", "node")
_CUT_OFF = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*\Z")


def record(raw: Mapping[Any, Any]) -> Record:
    """The fields of one exported object; of names that are alike, the first with a value counts."""
    for wrapper in _WRAPPERS:
        if isinstance(raw.get(wrapper), dict):
            raw = {**raw, **raw[wrapper]}
    found: dict[str, Any] = {}
    for key, value in raw.items():
        name = _squashed(key)
        if found.get(name) in (None, ""):
            found[name] = value
    return found


def is_known(name: str) -> bool:
    """Whether a column's name is one of those that are looked for."""
    return _squashed(name) in _KNOWN


def has_text_field(fields: Record) -> bool:
    return any(name in fields for kind in ("text", "html", "teaser") for name in _FIELDS[kind])


def has_text(fields: Record) -> bool:
    return bool(_body(fields)[0])


def has_full_text(fields: Record) -> bool:
    """Whether there is more than a description."""
    text, kind = _body(fields)
    return bool(text) and kind != "teaser"


def address(fields: Record) -> str | None:
    """Where the article stands on the web; some tools write that down as its "source"."""
    candidates = (values.string(v) for kind in ("url", "site") for v in _values(fields, kind))
    return next((web for text in candidates if (web := values.web_address(text))), None)


def title(fields: Record) -> str | None:
    titles = (unescape(values.string(value)) for value in _values(fields, "title"))
    return next((text for text in titles if text and not values.web_address(text)), None)


def added(fields: Record) -> date | None:
    """The day on which somebody saved the article."""
    return _first_day(fields, "added")


def tags_of(fields: Record) -> tuple[str, ...]:
    return next((found for value in _values(fields, "tags") if (found := values.tags(value))), ())


def draft(fields: Record, part: str | None) -> Draft:
    """The article of one record; its text is empty where the record has none that can be read."""
    text, kind = _body(fields)
    found = _marked_up(text) if _is_markup(text, kind) else Draft(text=_without_count(text))
    sites = (values.string(value) for value in _values(fields, "site"))
    languages = (values.string(value) for value in _values(fields, "language"))
    people = (values.names(value) for value in _values(fields, "authors"))
    return replace(
        found,
        title=title(fields) or found.title,
        authors=next(filter(None, people), found.authors),
        published=_first_day(fields, "published") or found.published,
        modified=_first_day(fields, "modified") or found.modified,
        tags=tags_of(fields) or found.tags,
        site=next((site for site in sites if site and not values.web_address(site)), found.site),
        language=next((code for code in languages if 2 <= len(code) <= 35), found.language),
        url=address(fields) or found.url,
        part=part,
    )


def _without_count(text: str) -> str:
    """A text that was cut off says so at its end: "… [+1234 chars]"."""
    return text[:-60] + _CUT_OFF.sub(" …", text[-60:])


def _squashed(name: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name)[:100].casefold())


def _first_day(fields: Record, kind: str) -> date | None:
    return next((found for value in _values(fields, kind) if (found := values.day(value))), None)


def _values(fields: Record, kind: str) -> Iterator[Any]:
    return (fields[name] for name in _FIELDS[kind] if fields.get(name) is not None)


def _body(fields: Record) -> tuple[str, str]:
    for kind in ("text", "html", "teaser"):
        for value in _values(fields, kind):
            if isinstance(value, str | dict | list) and (text := values.string(value)):
                return text, kind
    return "", ""


def _is_markup(text: str, kind: str) -> bool:
    opens = re.match(r"<(?:!doctype|!--|[a-z][a-z0-9-]*[\s/>])", text, re.I)
    closes = re.search(r"</[a-z][a-z0-9-]*\s*>", text, re.I)
    return bool(opens and closes) or (kind == "html" and bool(re.search("<[a-z]", text, re.I)))


def _marked_up(text: str) -> Draft:
    try:
        return html.read(text.encode())
    except SourceError:  # one record that cannot be read leaves the others as they are
        return Draft(text="")
