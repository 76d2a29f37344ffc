"""The records that travel between the rooms: frozen, with no behaviour beyond their invariants.

All offsets count characters of `Article.text`; `text[start:end]` is the passage, sentence or quote.
"""

from assistant.records.answers import Answer, AnswerSentence, Citation, Evidence, Seconds
from assistant.records.articles import (
    Article,
    ArticleInfo,
    Followed,
    Hit,
    Outcome,
    Passage,
    Sentence,
    Span,
)
from assistant.records.conversations import Conversation, Exchange, Turn
from assistant.records.events import Done, Event, Found, Searching, Token, Waiting
from assistant.records.scope import EVERYTHING, Scope

__all__ = [
    "EVERYTHING",
    "Answer",
    "AnswerSentence",
    "Article",
    "ArticleInfo",
    "Citation",
    "Conversation",
    "Done",
    "Event",
    "Evidence",
    "Exchange",
    "Followed",
    "Found",
    "Hit",
    "Outcome",
    "Passage",
    "Scope",
    "Searching",
    "Seconds",
    "Sentence",
    "Span",
    "Token",
    "Turn",
    "Waiting",
]
