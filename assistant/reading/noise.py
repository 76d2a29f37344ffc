"""What web pages leave between the paragraphs of a saved article.

Every rule must match a whole line of at most 200 characters. A rule that an ordinary sentence could
meet is no rule: better one line of noise kept than one sentence lost.
"""

from __future__ import annotations

import re
from functools import cache

_LONGEST = 200  # characters

_WORDS = {
    "<network>": "(?:facebook|twitter|x|whats ?app|telegram|linked-?in|reddit|pinterest|instagram"
    "|you ?tube|tik ?tok|threads|bluesky|mastodon|messenger|flipboard|google news|e-?mail|rss)",
    "<button>": "(?:<network>|share|tweet|print|save|copy link)",
    "<paper>": r"\b(?:subscri\w+|memberships?|newsletters?|unlimited access)\b",
    "<deal>": r"(?:\b(?:starting at|from|for|only|just|save) <price>"
    r"|<price> ?(?:off\b|(?:a|per|/) ?(?:week|month|year)\b))",
    "<price>": r"(?:[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:%|€|£|cents?\b|euros?\b|dollars?\b))",
    "<ad>": "(?:ads?|adverts?|advertise?ments?)",
    "<told>": r"(?!.*\b(?:said|says|told|asked|added|wrote|according)\b)",
}

# One rule a line; a full stop or exclamation mark may follow.
_PHRASES = r"""
# advertisements
(?:<ad>|(?:sponsored|promoted|paid)(?: content| post| partnership)?)(?: by [\w .&]{1,40})?
(?:<ad>\W+)?(?:story|article|content) continues (?:below|after)(?: (?:the |this )?<ad>)?
skip (?:the )?<ad>|skip to (?:main )?content|scroll to continue(?: reading)?|back to top
# subscriptions and accounts
subscribe(?: (?:now|today|here)\b.{0,60}| to (?:our|read|continue|keep|the .*<paper>)\b.*)?
<told>(?=.*<paper>)(?=.*<deal>)(?:get|try|enjoy|unlock|save|subscribe) .*
(?:sign up|register) (?:now|today|here)
<told>sign up (?:for|to) .*(?:<paper>|\b(?:alerts|e-?mails?)\b).*
<told>(?:get|receive) .*\b(?:in|to|into) your inbox\b.*|enter your e-?mail(?: address)?\b.{0,60}
already (?:a|have|subscribed)\b.*\b(?:subscriber|member|account|log ?in|sign ?in)\b.{0,40}
(?:log|sign) ?in(?: (?:to (?:read|continue|comment|your)|or (?:sign|register|subscribe))\b.{0,40})?
create (?:a|an|your) (?:free )?account(?: to .{1,40})?
become a (?:member|subscriber|supporter)(?: (?:now|today|here|to (?:read|support|unlock)\b.{0,40}))?
<told>(?:support|fund) (?:our|independent|quality|free) (?:\w+ )?journalism\b.{0,80}
(?:download|get) (?:our|the) (?:\w+ ){0,3}app(?: (?:now|today|here|for|on)\b.{0,40})?
join (?:us|our)\b.* (?:<network>|channel|newsletter|community)|join the (?:conversation|discussion)
unlock (?:this|the rest of this|the full|unlimited) (?:article|story|access)\b.{0,60}
# where it was taken from
(?:source|original|article|external)(?: article)? (?:link|url)|original(?: article)?
(?:link to|read|view|see) (?:the )?original(?: article| post| story)?|link to (?:the )?source|source
(?:source|url|link|via|read at|original)\s*: ?(?:https?://|www\.)\S+
# where to go next
(?:read|also read|read also|read more|read next|see also|more on this)\s*:.*
(?:read|see|show|load|view|hear|find out|learn) more(?: (?:about|on|at|here|from)\b.{0,60})?
also read|read (?:also|next|on)|(?:continue|keep) reading|(?:click|tap) here(?: to .{1,60})?
read the full (?:story|article|report)(?: here)?|editor[’']?s[’']? (?:picks?|choice)|up next
(?:related|recommended|more|popular|trending|latest|top) (?:articles?|stories|posts?|links|videos?)
most (?:read|popular|viewed)|must reads?|trending(?: now)?|recommended(?: for you)?
you (?:may|might) (?:also )?(?:like|be interested in)
# sharing, following, comments
tweet|copied|share(?: (?:this|the)(?: (?:article|story|post|page|news)\b.{0,60})?)?
share (?:on|via|with|to) .{0,40}\b(?:<button>|friends)\b.{0,40}
(?:print|save|e-?mail|bookmark|like|rate) this (?:article|story|post|page)\b.{0,40}
<button>(?:[ ,|/•·]+(?:and )?<button>)+|copy (?:link|url)
(?:follow|like|find|join|connect with) .{1,60} on <network>(?:[ ,&/]+(?:and )?<network>)*
follow (?:us|@\w+)(?: (?:on|for) .{1,60})?
(?:\d+ |no |view |show |leave a |post a |add a |write a )comments?|comments?(?: \(?\d+\)?)?
\d+ shares|comments are closed
listen to (?:this|the) (?:article|story)\b.{0,30}|(?:play|watch) (?:the )?video
\d+[ -]min(?:ute)?s? read(?:ing)?|reading time\W*\d+[ -]min\w*
# cookies and small print
(?:this|our) (?:web)?site uses cookies\b.*
we (?:and our (?:\w+ )?partners )?use cookies (?:to|and|on|for|in order)\b.*
by (?:continuing|using|browsing|clicking)\b.*\byou (?:agree|accept|consent)\b.*
(?:accept|reject|manage|allow)(?: all)?(?: cookies?)(?: settings| preferences)?
(?:accept|reject|allow) all
cookies? (?:policy|settings|preferences|notice|consent)|privacy policy|terms of (?:use|service)
(?:copyright )?(?:©|\(c\) ?[12]\d{3}\b).*|(?:.{1,80}\b)?all rights reserved
getty images|home(?:\s*[>»›/]\s*[\w &-]{1,40}){1,6}
"""

# One rule a line; no sentence, so no full stop, question or exclamation mark at the end.
_FRAGMENTS = r"""
<told>(?=.*<deal>).*<paper>.*
(?:.{1,40} )?(?:subscription|membership|newsletter) (?:banner|offer|box|form)
copyright [12]\d{3}\b.*
(?:related|watch|listen|recommended|don[’']t miss)\s*:.*
(?:photo|photograph|image|picture)s?(?: credits?| courtesy| source)?(?: of| by)?\s*[:/|©].{1,60}
.{1,40}\bnewsletter\W+sign up\b.*
(?:photo|photograph|image|picture)s? by .{1,60}|(?:photo|image|picture) credits?
"""


@cache
def _rules(lines: str) -> re.Pattern[str]:
    rules = "|".join(f"(?:{x})" for x in lines.strip().split("\n") if not x.startswith("#"))
    for _ in range(2):  # words may hold words
        for word, meaning in _WORDS.items():
            rules = rules.replace(word, meaning)
    return re.compile(rules, re.IGNORECASE)


_RULE = "_=~#*•·. –—-"
_AROUND = " →»›>«*•·|[]▶–—-"


def is_noise(line: str) -> bool:
    """Whether a whole line belongs to the page around an article, not to the article."""
    if not line or len(line) > _LONGEST:
        return False
    line = line.strip(_AROUND)
    if not line.strip(_RULE):
        return True
    if _rules(_PHRASES).fullmatch(line.rstrip(".!… ")):
        return True
    return not line.endswith((".", "?", "!", "”", '"')) and bool(_rules(_FRAGMENTS).fullmatch(line))
