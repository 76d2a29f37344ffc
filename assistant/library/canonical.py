"""One form for the many addresses under which the same article is met.

The form is for telling addresses apart, not for fetching: it says https and leaves "www." out even
where a site answers only without the one or with the other.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from ipaddress import IPv6Address
from urllib.parse import urlsplit

_LONGEST = 8_000  # characters; what is longer is no article's address

_LABEL = r"[a-z0-9_-]+"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# What is left must be somebody's domain: "mobile.de" and "m.co.uk" are.
_FRONT = re.compile(
    r"^(?:(?:www|m|mobile|amp)\.)+(?=[^.]+\.[^.])(?!(?:ac|co|com|edu|net|org)\.[a-z]{2}$)"
)
_MIDDLE = re.compile(rf"^({_LABEL})\.m\.(?=[^.]+\.[^.]+$)")  # en.m.wikipedia.org
_CACHE = re.compile(r"(?:.+\.)?(?:cdn\.ampproject\.org|bing-amp\.com)")
_CACHED = re.compile(r"/(?:c|v|wp)/(?:s/)?([^/]+\.[^/]+.*)", re.DOTALL)
_VIEWER = re.compile(r"(?:google|bing)(?:\.[a-z]{2,3}){1,2}")
_VIEWED = re.compile(r"/amp/(?:s/)?([^/]+\.[^/]+.*)", re.DOTALL)

_INDEX = re.compile(r"index\.(?:html?|php|aspx?|jsp|shtml)|default\.(?:html?|aspx?)", re.IGNORECASE)
_VIEWS = frozenset({"amp", "amp.html", "print", "print.html"})
_MARK = re.compile(r"(?<=\w)\.(?:amp|print)(?=\.html?$|$)")
# After these, "amp" or "print" is what the article is about.
_HEADWORD = frozenset(
    re.findall(r"\w+", "wiki dictionary english word words define definition tag tags topic topics")
)

_TRACKING = frozenset(
    re.findall(
        r"\w+",
        """fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh
        srsltid epik _ga _gl usqp mc_cid mc_eid mkt_tok _hsenc _hsmi vero_id ref ref_src ref_url
        cmp cmpid icid intcid smid smtyp ncid xtor spm scm s_cid ito ocid ftag ftcamp wprov
        soc_src soc_trk guccounter guce_referrer guce_referrer_sig __twitter_impression fb_ref
        fb_source fb_action_ids fb_action_types""",
    )
)
_TRACKING_FRONTS = ("utm_", "at_", "pk_", "mtm_", "hsa_", "ns_", "wt_", "itm_", "oly_", "amp_")
_SWITCHES = frozenset({"amp", "_amp", "print", "printable"})
_ON = frozenset({"", "1", "true", "yes"})
_SHAPES = frozenset({"output", "outputtype", "view", "format", "pagewanted"})

_TOKEN = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~-]")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_EITHER = "!$'()*,:@"  # sites take these for the same, escaped or not
_MARKS = "/;=&+"  # these mean something else when they are escaped


def canonical(url: str) -> str:
    """The address that all addresses of the same article share; whatever is no http(s) address as
    it is. Never raises."""
    # What one step lays bare may be another's to take away, so until nothing changes.
    while (simpler := _once(url)) != url:
        url = simpler
    return url


def _once(url: str) -> str:
    if len(url) > _LONGEST:
        return url
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not host:
        return url
    query = _query(parts.query)
    tail = f"?{query}" if query else ""
    if inner := _inside(host, parts.path):
        return f"https://{inner}{tail}"
    if len(parts.fragment) > 1 and parts.fragment.startswith("!"):
        tail += "#" + _escaped(parts.fragment, _EITHER + "?")
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"https://{place}{_path(parts.path)}{tail}"


# --- Host -----------------------------------------------------------------------------------------


def _host(host: str) -> str | None:
    """The site's name in ASCII; None, or a ValueError, where it is none."""
    if ":" in host:
        return f"[{IPv6Address(host).compressed}]" if "%" not in host else None
    host = unicodedata.normalize("NFKC", host).lower().replace("。", ".").rstrip(".")
    if len(host) > 253:
        return None
    host = ".".join(map(_ascii, host.split(".")))
    if not _HOST.fullmatch(host):
        return None
    return _MIDDLE.sub(r"\1.", _FRONT.sub("", host))


def _ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _inside(host: str, path: str) -> str | None:
    """The address, without its scheme, that a cache or viewer of AMP pages was asked for."""
    found = None
    if _CACHE.fullmatch(host):
        found = _CACHED.fullmatch(path)
    elif _VIEWER.fullmatch(host):
        found = _VIEWED.fullmatch(path)
    return found[1] if found else None


# --- Path and query -------------------------------------------------------------------------------


def _path(path: str) -> str:
    path = _escaped(path, _EITHER)
    parts = posixpath.normpath("/" + path.lstrip("/")).strip("/").split("/")
    while len(parts) > 1 and parts[0] in _VIEWS:
        del parts[0]
    while parts and _adds_nothing(parts):
        parts.pop()
    if parts:
        parts[-1] = _MARK.sub("", parts[-1])
    return "".join(f"/{part}" for part in parts)


def _adds_nothing(parts: list[str]) -> bool:
    last = parts[-1]
    if last in _VIEWS:
        return len(parts) > 1 and parts[-2].lower() not in _HEADWORD
    return not last or bool(_INDEX.fullmatch(last))


def _query(query: str) -> str:
    """Sorted by name; values of the same name keep their order, which may matter."""
    escaped = _escaped(query.replace("+", "%20"), _EITHER + "?")
    fields = [re.sub(r"^(?:amp;)+", "", field) for field in escaped.split("&")]
    pairs = [field.partition("=") for field in fields if field]
    kept = [pair for pair in pairs if not _is_idle(pair[0].lower(), pair[2].lower())]
    return "&".join("".join(pair) for pair in sorted(kept, key=lambda pair: pair[0]))


def _is_idle(name: str, value: str) -> bool:
    """Whether a parameter says where the reader came from or how the page is to look."""
    return (
        name in _TRACKING
        or name.startswith(_TRACKING_FRONTS)
        or (name in _SWITCHES and value in _ON)
        or (name in _SHAPES and value in ("amp", "print"))
    )


def _escaped(text: str, either: str) -> str:
    """`text` with every character escaped that has to be, and no other."""

    def one(match: re.Match[str]) -> str:
        token = match[0]
        if len(token) == 1:
            return token if token in either or token in _MARKS else _bytes(token)
        plain = chr(int(token[1:], 16))
        return plain if plain in either or _UNRESERVED.match(plain) else token.upper()

    return _TOKEN.sub(one, text)


def _bytes(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
