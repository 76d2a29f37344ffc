"""Where a question turns what a sentence says into its opposite.

A small model overlooks a "not", and reads "more" where "less" is asked. English only: of another
language nothing is found here, and the other checks are left.
"""

from __future__ import annotations

import re

_NEGATION = re.compile(
    r"\b(?:not|no|non|never|neither|nor|nobody|nothing|without|unable|un(?=-)|\w+n[’']t|cannot|"
    r"fail(?:s|ed|ure)?|lack(?:s|ed|ing)?|except|rather|instead|unlike|hardly|rarely)\b",
    re.IGNORECASE,
)
# "What do they grow instead of coffee?" asks for what they do grow.
_CONTRAST = re.compile(r"\b(?:rather|instead|unlike)\b", re.IGNORECASE)
_PAIRS = [
    tuple(set(side.split(",")) for side in pair.split("/"))
    for pair in re.findall(
        r"\S+",
        """more,greater/less,fewer most,greatest/least,fewest first/last before/after
        higher,high/lower,low highest/lowest larger,bigger,large/smaller,small
        largest,biggest/smallest oldest,older/youngest,younger,newest,newer
        longest,longer/shortest,shorter
        increase,increased,increases,rise,rose/decrease,decreased,decreases,decline,declined,fell
        win,won,victory,wins/lose,lost,defeat,defeated,loses
        begin,began,start,started/end,ended,stop,stopped
        north,northern/south,southern east,eastern/west,western male,men,man/female,women,woman
        rich,wealthy/poor good/bad best/worst strong,strongest/weak,weakest
        early,earliest/late,latest
        allow,allowed,allows,permit,permitted/forbid,forbids,forbidden,prohibited,ban,banned
        inside,internal/outside,external import,imported,imports/export,exported,exports
        accept,accepted/reject,rejected,refuse,refused support,supported/oppose,opposed
        maximum/minimum always/never same/different above/below upper/lower
        success,successful,succeeded/failure,unsuccessful,failed legal,lawful/illegal,unlawful
        possible/impossible able/unable fast,faster,fastest/slow,slower,slowest
        public/private day/night husband/wife father/mother son/daughter brother/sister
        arrive,arrived/leave,left,depart,departed buy,bought/sell,sold""",
    )
]
_WORD = re.compile(r"[^\W_]+")


def turned(question: str, text: str) -> int:
    """How often the question denies what the text does not, or asks for the opposite of its words.

    `text` is the cited sentences with their article's title.
    """
    asked, said = _words(question), _words(text)
    count = sum(
        bool(asked & side and said & other and not said & side and not asked & other)
        for pair in _PAIRS
        for side, other in (pair, pair[::-1])
    )
    denied = _NEGATION.search(_CONTRAST.sub("", question))
    return count + bool(denied and not _NEGATION.search(text))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
