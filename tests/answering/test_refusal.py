"""What a refusal names as missing."""

from __future__ import annotations

import pytest

from assistant.answering.refusal import missing
from assistant.records import ArticleInfo, Evidence, Span

INFO = ArticleInfo(id="a", title="The opera of Lindau", source="a.md")
TEXT = "Otto Grell led the opera house of Lindau."
EVIDENCE = [Evidence(1, INFO, Span(0, len(TEXT)), TEXT)]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which opera did Verdi write in Lisbon?", ("Verdi", "Lisbon")),
        ("Which opera did young Giuseppe Verdi admire?", ("Giuseppe Verdi",)),
        ("Did the opera cost 12 millions?", ("cost 12 millions",)),
        ("Did the opera cost Lindau anything?", ("cost", "anything")),
        ("Who led the opera house of Lindau?", ()),
    ],
)
def test_names_come_without_what_stands_round_them(question: str, named: tuple[str, ...]) -> None:
    assert missing(question, EVIDENCE) == named
