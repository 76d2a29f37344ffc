"""What a field of an export or a feed holds: an address, a text, a day, names, tags."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from assistant.reading import dates

_EMPTY = {"nan", "none", "null", "[]", "{}"}
_LISTED = re.compile(r"(?<![^\[\s,])(?:'([^']*)'|\"([^\"]*)\")(?![^\]\s,])")
_WEB = re.compile(r"https?://[^\s<>\"\x00-\x1f\x7f]+", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:T?\d{4}(?:\d\d)?Z?)?")
_FORENAMES = re.compile(r"[\w'’-]+\.?(?: \w\.)*")
_EPOCHS = ((1e8, 1e11, 1), (1e11, 1e14, 1e3), (1e14, 1e17, 1e6), (1e17, 1e20, 1e9))


def web_address(text: str) -> str | None:
    """`text` if it is nothing but an absolute http or https address."""
    text = text.strip()
    if len(text) > 8000 or not _WEB.fullmatch(text):
        return None
    try:
        return text if urlsplit(text).hostname else None
    except ValueError:
        return None


def absolute(base: str, link: str) -> str | None:
    """Where `link` leads from the page at `base`; None where that is no address of the web."""
    try:
        return web_address(urljoin(base, link.strip()))
    except ValueError:
        return None


def string(value: object) -> str:
    """A value as text that can be stored: objects by what they hold or how they are called."""
    if isinstance(value, dict):
        keys = ("rendered", "value", "text", "content", "name", "title", "tag", "label", "term")
        value = next((value[key] for key in keys if isinstance(value.get(key), str)), "")
    if isinstance(value, list):
        return "\n\n".join(filter(None, (string(v) for v in value if isinstance(v, str | dict))))
    if isinstance(value, bool) or value is None or not isinstance(value, str | int | float):
        return ""
    text = str(value).replace("\0", "").encode("utf-8", "replace").decode().strip()
    return "" if text.casefold() in _EMPTY else text


def day(value: object) -> date | None:
    """The day of an ISO, RFC 2822 or other plain date, or of seconds, ms, µs or ns since 1970."""
    if isinstance(value, dict):
        parts = value.get("date-parts")
        value = value.get("$date") or (parts[0] if isinstance(parts, list) and parts else None)
    if isinstance(value, list):
        value = "-".join(string(part) for part in value[:3])
    if isinstance(value, float):
        value = f"{value:.0f}"
    text = string(value)[:100]
    if compact := _COMPACT.fullmatch(text):
        text = "-".join(compact.groups())
    elif re.fullmatch(r"\d{9,20}(?:\.\d*)?", text, re.ASCII):
        return _since_1970(float(text))
    if found := dates.parse(text):
        return found
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def names(value: object, depth: int = 3) -> tuple[str, ...]:
    """The people in a list, an object or a byline: "By Jane Doe and John Roe", "Doe, Jane"."""
    if isinstance(value, dict):
        if isinstance(family := value.get("family") or value.get("lastName"), str):
            given = string(value.get("given") or value.get("firstName"))
            return (f"{given} {string(family)}".strip(),)
        if not string(value):
            value = [person for person in value.values() if isinstance(person, dict)]
    if isinstance(value, list):
        several = value[:100] if depth else []
        return tuple(name for person in several for name in names(person, depth - 1))
    text = string(value)[:1000]
    if listed := _listed(text):
        return listed
    text = re.sub(r"\A\s*by\b:?\s+", "", text, flags=re.I)
    parts = [part for part in re.split(r"\s*[;|\n]\s*|\s+(?:and|&)\s+", text) if part]
    return tuple(name for part in parts for name in _by_comma(part))


def tags(value: object) -> tuple[str, ...]:
    """Tags in a list, the keys of an object, or text parted by commas, semicolons or bars."""
    if isinstance(value, dict) and not string(value):
        value = list(value)
    if isinstance(value, list):
        return tuple(tag for item in value[:1000] if (tag := string(item)))
    text = string(value)[:10_000]
    items = _listed(text) or re.split(r"[,;|\n]", text)
    return tuple(item.strip() for item in items if item.strip())


def _by_comma(text: str) -> list[str]:
    parts = [part for part in re.split(r"\s*,\s*", text) if part]
    if len(parts) == 2 and " " not in parts[0] and _FORENAMES.fullmatch(parts[1]):
        return [f"{parts[1]} {parts[0]}"]
    return parts


def _listed(text: str) -> tuple[str, ...]:
    """The items of a list that was written into a cell: "['a', 'b']"."""
    if not (text.startswith("[") and text.endswith("]")):
        return ()
    return tuple(one or other for one, other in _LISTED.findall(text) if one or other)


def _since_1970(number: float) -> date | None:
    for low, high, factor in _EPOCHS:
        if low <= number < high:
            return datetime.fromtimestamp(number / factor, UTC).date()
    return None
