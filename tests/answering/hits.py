"""Hits of a passage, for tests that need no library."""

import re

import numpy as np

from assistant.records import ArticleInfo, Hit, Passage, Sentence, Span


def hit(*paragraphs: str) -> Hit:
    """Of one passage, each paragraph of which is cut into its sentences at full stops."""
    text = "\n\n".join(paragraphs)
    spans = tuple(Span(*each.span()) for each in re.finditer(r"[^.\s][^.]*\.", text))
    vector = np.zeros(384, np.float32)
    return Hit(
        article=ArticleInfo(id="a", title="A bridge", source="a.md"),
        passage=Passage("p", "a", Span(0, len(text)), spans),
        text=text,
        sentences=tuple(Sentence(each, text[each.start : each.end], vector) for each in spans),
        similarity=0.5,
        score=1.0,
    )
