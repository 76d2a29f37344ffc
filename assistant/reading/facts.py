"""What a page says of itself: in its head, in its data for machines and around its title."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from assistant.reading import credits, dates
from assistant.reading.draft import Draft
from assistant.reading.lines import letters

_MODIFIED = re.compile(r'"dateModified"\s*:\s*"([^"]{8,40})"')
_BESIDE = 8  # lines below a title in which its author and day are sought


def said(tree: Any) -> Draft:
    """What the head of a page and its data for machines say; the title is that of the window."""
    stamps = [
        _meta(tree, "article:modified_time"),
        *(_MODIFIED.search(script.text or "") for script in tree.iter("script")),
    ]
    return Draft(
        text="",
        title=tree.findtext(".//title"),
        modified=next(filter(None, map(_day, stamps)), None),
        site=_meta(tree, "og:site_name"),
        language=_language(tree.get("lang") or _meta(tree, "og:locale") or ""),
        url=_address([*tree.xpath("//link[@rel='canonical']/@href"), _meta(tree, "og:url")]),
    )


def _meta(tree: Any, name: str) -> str | None:
    found = tree.xpath("//meta[@property=$name or @name=$name]/@content", name=name)
    return next((" ".join(text.split()) for text in found if text.strip()), None)


def _day(stamp: str | re.Match[str] | None) -> date | None:
    return dates.parse(stamp if isinstance(stamp, str) else stamp[1]) if stamp else None


def _language(tag: str) -> str | None:
    """The language of a tag such as "de-AT"."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag)
    return found[1].lower() if found else None


def _address(candidates: list[str | None]) -> str | None:
    for candidate in candidates:
        try:
            parts = urlsplit((candidate or "").strip())
        except ValueError:  # "http://[half an address"
            continue
        if parts.scheme in ("http", "https") and parts.netloc:
            return parts.geturl()
    return None


def title(found: str | None, window: str | None, headings: list[str]) -> str | None:
    """The found one; where the window's title has another, the heading that the window has."""
    whole = letters(window or "")
    if not found or not whole or (letters(found) in whole and letters(found) != whole):
        return found or window
    known = [heading for heading in headings if len(letters(heading)) > 3]
    first = [heading for heading in known if whole.startswith(letters(heading))]
    within = [heading for heading in known if letters(heading) in whole and " " in heading]
    return max(first or within, key=len, default=found)


def near(shown: list[str], title: str | None) -> credits.Credit:
    """The byline and the day below the title, which the extractor takes for no part of the text."""
    sought = letters(title or "")
    at = next((i for i, line in enumerate(shown) if sought and letters(line) == sought), len(shown))
    lines = [line for line in shown[at + 1 : at + 1 + 3 * _BESIDE] if line.strip()][:_BESIDE]
    found = [credit for line in lines if (credit := credits.credit(" ".join(line.split())))]
    return credits.Credit(
        next((credit.authors for credit in found if credit.authors), ()),
        next((credit.published for credit in found if credit.published), None),
    )
