"""The paragraphs of a passage, and what of them stands round each sentence."""

from __future__ import annotations

from assistant.records import Hit, Sentence

_ROUND = 2  # sentences before and after


def paragraphs(hit: Hit) -> list[list[Sentence]]:
    """The sentences of a passage, by paragraph."""
    # A blank line parts paragraphs, as when they were cut; where there is none, a line's end does.
    border = "\n\n" if "\n\n" in hit.text else "\n"
    found: list[list[Sentence]] = []
    first, last = hit.passage.span.start, 0
    for sentence in hit.sentences:
        if not found or border in hit.text[last - first : sentence.span.start - first]:
            found.append([])
        found[-1].append(sentence)
        last = sentence.span.end
    return found


def around(hit: Hit) -> list[str]:
    """Of each sentence of a passage: it with the two before and after it in its paragraph."""
    return [
        " ".join(each.text for each in own[max(0, at - _ROUND) : at + _ROUND + 1])
        for own in paragraphs(hit)
        for at in range(len(own))
    ]
