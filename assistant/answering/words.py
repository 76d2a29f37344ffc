"""Words as search, evidence and check compare them."""

from __future__ import annotations

import re
import unicodedata

# Words that carry no subject: a question shares them with every passage, or they say what is to
# be done with it.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about according after all also an and any are article articles as at be
        because been before being between briefly but by called can could describe did
        do does doing during each explain for from give had happen happened has have
        having he her here hers him his how i if in into is it its itself just key kind
        like list main many may me might more most much must my name named no not of off
        on once only or other our out over overview own please point points said same
        say says she should so some such summarise summarize summary tell than that the
        their them then there these they this those through to too type under until up
        us very was we were what when where which while who whom whose why will with
        would you your""",
    )
)

_WORD = re.compile(r"\w+(?:[’'´-]\w+)*", re.UNICODE)
NAME = re.compile(r"\b[A-ZÀ-ÖØ-Þ][\w’'-]*")  # or whatever else begins with a capital
_STEM = 5  # letters; crude, but the same in every language that inflects at the end


def words(text: str) -> list[str]:
    """The words of a text, case-folded and without accents, possessive endings dropped."""
    return [re.sub(r"[’'´]s?$", "", word) for word in _WORD.findall(_plain(text))]


def stem(word: str) -> str:
    return word[:_STEM]


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry a subject, in order, each once."""
    return list(dict.fromkeys(stem(each) for each in _parts(text) if each not in STOP_WORDS))


def stems(text: str) -> set[str]:
    return set(every_stem(text))


def every_stem(text: str) -> list[str]:
    """The stems of all words, in order, as often as they come."""
    return [stem(part) for part in _parts(text)]


def _parts(text: str) -> list[str]:
    return [part for word in words(text) for part in re.split(r"[’'´-]", word) if part]


def unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _plain(text: str) -> str:
    return unaccented(text).casefold()
