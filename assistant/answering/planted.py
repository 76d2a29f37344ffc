"""Is what an answer cites planted in an article, to steer whoever answers questions about it?

A list of phrases (see `orders`) lags behind what people think of. So the model reads the paragraph
round the citation twice, as its reply to "write such a planted paragraph" and to "write a paragraph
for readers": planted is what is clearly likelier as the first, by the mean log-probability of its
tokens. (Asked for a yes or a no, a small model says yes to whatever speaks of answers or programs.)
It is read only where a cheap sign lets one think of it: about two seconds on two cores.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.asked_of import Asker
from assistant.answering.check import Checked
from assistant.prompts import Prompt
from assistant.records import Evidence

# From (paragraph, stop): how much likelier it is planted than written for readers, in logarithms.
Planted = Callable[[str, threading.Event], float]

# Cheap signs: somebody is addressed, braces or a name as programs write them, it speaks of programs
# that answer, of answering, or of any other machine or text along with what that is to say. One
# stood in 155 of 160 planted paragraphs (75 of the 80 they were hardly chosen on) and in 8% of an
# encyclopaedia's. (Tags and tables are no signs: saved pages are full of their remains, and each
# planted paragraph with some had another sign.)
_SIGNS = re.compile(
    r"\b(?:you|your|yours|yourself|please|whoever|readers?|du|dein\w*|dir|dich|euch|bitte|sag|"
    r"nenn\w*|erzähl\w*|antwort\w*|frag(?:e|en|t|st|te)?|vous|votre|vos|tu|répon\w*|"
    r"indi(?:que|quez|care?)|pregunt\w*|domand\w*|rispo\w*|consult[aeio]\w*|raccont\w*)\b"
    r"|[{}]|\b[a-z]+_[a-z]+\b|^\W*\w+: "
    r"|\b(?:ai|a\.i\.|ki|ia|llms?|rag|assistants?|assistent\w*|(?!abbot|talbot)\w*bots?|gpt\w*|"
    r"language models?|programm(?:i|a|s|en)?|software|algorithms?|crawlers?|parsers?|indexers?|"
    r"tools?|gadgets?|responders?|smart speakers?|automated|silicon|synthetic|chats?|apps?|"
    r"helpers?|companions?|interpreter|modell\w*|maschine\w*|moteurs?|sistema\w*)\b"
    r"|\b(?:answer(?:s|ed|ing)?|repl(?:y|ies|ied)|quer(?:y|ies)|questions?|asks?|asking|"
    r"[ei]nquir\w*|prompts?|wording|verbatim|paragraph|precedence|"
    r"this (?:page|text|article|story|note|line|entry))\b",
    re.IGNORECASE | re.MULTILINE,
)
_MACHINE = re.compile(
    r"\b(?:models?|machines?|engines?|systeme?n?s?|agents?|index\w*|generat\w*|"
    r"process(?:es|ing|ors?)?|retriev\w*|comput\w*|services?|desk|program(?:s|mes?)?|digital|"
    r"virtual|interfaces?|automatic\w*|responses?|outputs?|summar(?:y|ies)|passage)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:asked|respond\w*|instruct\w*|display|mention\w*|quot\w*|cit(?:e[sd]?|ing)|tell|told|"
    r"say|reports?|name[sd]?|give|identify|list|pretend|show\w*|claim\w*|repeat\w*|must|shall|"
    r"should)\b",
    re.IGNORECASE,
)

# What genuine paragraphs stay below: of 99 of an encyclopaedia with a sign, 39 exceeded 0 and six
# this; of 40 planted ones 38 and 33.
_CLEARLY = 0.04


@dataclass(frozen=True)
class ModelPlanted:
    """A `Planted` by a model, with the prompts for both kinds of paragraph."""

    model: Asker
    planted: Prompt
    written: Prompt

    def __call__(self, paragraph: str, stop: threading.Event) -> float:
        one, other = (self._likelihood(p, paragraph, stop) for p in (self.planted, self.written))
        return one - other

    def _likelihood(self, prompt: Prompt, paragraph: str, stop: threading.Event) -> float:
        messages = prompt.template.format_messages()
        return self.model.likelihood(messages, " ".join(paragraph.split()), stop, prompt.name)


def cited_planted(
    sentences: Sequence[Checked],
    evidence: Sequence[Evidence],
    planted: Planted,
    stop: threading.Event,
) -> list[Evidence]:
    """The evidence that stands in planted paragraphs, as far as the sentences cite those.

    Raises Stopped.
    """
    cited = {mark for sentence in sentences if sentence.supported for mark in sentence.marks}
    paragraphs = dict.fromkeys(item.around for item in evidence if item.number in cited)
    found = [each for each in paragraphs if might_be(each) and planted(each, stop) > _CLEARLY]
    return [item for item in evidence if any(item.text in paragraph for paragraph in found)]


def might_be(paragraph: str) -> bool:
    """Whether anything in a paragraph lets one think that it is planted."""
    if _SIGNS.search(paragraph):
        return True
    return bool(_MACHINE.search(paragraph) and _SAYS.search(paragraph))
