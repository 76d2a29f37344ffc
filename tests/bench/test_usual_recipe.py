"""The usual recipe: what it reads, asks and measures, and what counts as its refusal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import usual_recipe
from answering.fake_chat import FakeChat
from hypothesis import given
from hypothesis import strategies as st
from usual_recipe import Recipe, refuses

from assistant import assets
from assistant.engines.embedder import MiniLM
from assistant.records import Article

TOPICS = {
    "Bees": "The dance of the bees tells the hive where the flowers are. ",
    "Dams": "The dam holds back the river and its turbines feed two countries. ",
    "Coffee": "Coffee came from Ethiopia and was drunk in the houses of Cairo. ",
    "Reefs": "Coral reefs lose their colour where the sea grows too warm. ",
}
ARTICLES = [
    Article(id=title, title=title, source=f"/{title}.txt", text=(sentence * 30).strip())
    for title, sentence in TOPICS.items()
]


@pytest.fixture(scope="module")
def embedder(models: Path) -> MiniLM:
    return MiniLM(assets.path("minilm", models), assets.path("minilm-tokenizer", models), 2)


def built(
    embedder: MiniLM, folder: Path, *replies: str, articles: Sequence[Article] = ARTICLES
) -> tuple[Recipe, FakeChat]:
    chat = FakeChat(replies=list(replies))
    return usual_recipe.build(articles, embedder, chat, 99, folder), chat


def test_the_nearest_four_chunks_stand_in_the_prompt(embedder: MiniLM, tmp_path: Path) -> None:
    recipe, chat = built(embedder, tmp_path, "Two countries.")
    assert recipe.chunks > 4
    reply = recipe.ask("How many countries do the turbines of the dam feed?")
    assert reply.text == "Two countries."
    assert len(reply.chunks) == 4 and reply.chunks[0].metadata["title"] == "Dams"
    assert all(len(chunk.page_content) <= 1000 for chunk in reply.chunks)
    (messages,) = chat.prompts
    system, human = (str(message.content) for message in messages)
    assert human == "How many countries do the turbines of the dam feed?"
    assert all(chunk.page_content in system for chunk in reply.chunks)
    assert "don't know" in system and "three sentences" in system


def test_the_model_is_told_nothing_of_ours(embedder: MiniLM, tmp_path: Path) -> None:
    recipe, chat = built(embedder, tmp_path, "Ethiopia.")
    recipe.ask("Where did coffee come from?")
    assert chat.options == [{"max_tokens": 99}]


def test_neighbouring_chunks_overlap(embedder: MiniLM, tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(350))
    long = Article(id="l", title="Long", source="l.txt", text=words)
    recipe, _ = built(embedder, tmp_path, "So.", articles=[long])
    sets = [set(chunk.page_content.split()) for chunk in recipe.ask("word1?").chunks]
    assert len(sets) == recipe.chunks == 4
    assert all(any(10 < len(one & two) < 40 for two in sets if two is not one) for one in sets)
    assert set().union(*sets) == set(words.split())


def test_braces_in_articles_and_questions_do_no_harm(embedder: MiniLM, tmp_path: Path) -> None:
    code = Article(id="c", title="{title}", source="c.txt", text="Write {context} in braces.")
    recipe, chat = built(embedder, tmp_path, "In {braces}.", articles=[code])
    assert recipe.ask("What of {question}?").text == "In {braces}."
    system, human = (str(message.content) for message in chat.prompts[0])
    assert "Write {context} in braces." in system and human == "What of {question}?"


def test_the_seconds_count_from_the_question(
    embedder: MiniLM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    class Clock:
        @staticmethod
        def monotonic() -> float:
            return now

    class Slow(FakeChat):
        def _stream(self, *args: Any, **kwargs: Any) -> Any:
            nonlocal now
            for chunk in super()._stream(*args, **kwargs):
                now += 2.0
                yield chunk

    recipe = usual_recipe.build(
        ARTICLES, embedder, Slow(replies=["One two three.", ""]), 9, tmp_path
    )
    monkeypatch.setattr(usual_recipe, "time", Clock)
    reply = recipe.ask("Where?")
    assert (reply.search, reply.first_token, reply.total) == (0.0, 2.0, 6.0)
    monkeypatch.undo()


def test_a_model_that_writes_nothing_has_no_first_token(embedder: MiniLM, tmp_path: Path) -> None:
    class Silent:
        def stream(self, _: str) -> list[dict[str, Any]]:
            return [{"documents": []}, {"answer": ""}]

    reply = Recipe(Silent(), 0).ask("Where?")  # type: ignore[arg-type]
    assert reply.text == "" and reply.first_token is None and refuses(reply.text)


REFUSALS = """
I don't know.
I don’t know the answer to this question.
I do not know.
I'm sorry, but I don't know.
Sorry, I really don't know who that was.
Don't know.
Based on the context, I don't know when the tower was built.
The bridge was built in steel. I don't know who designed it.
I'm not sure who the mayor is.
I am unable to answer this question from the given context.
I cannot determine the year from the text.
I can't find that in the articles.
We do not have enough information to answer.
I don't have any information about that.
I do not have access to this.
The provided context does not mention the mayor of Lisbon.
The context doesn't say.
The given text does not provide information about the price.
The text provided does not specify when it opened.
The context you provided does not contain the answer.
The passage does not explicitly state who won.
The articles do not answer this.
The pieces of context do not include the number of seats.
The information provided does not give a date.
There is no mention of a bridge in the text.
There is no information about the population in the provided context.
Based on the provided context, there is no specific information on his birthplace.
The context provides no information about this.
The passage mentions the dam, but it does not say who designed it.
The provided text discusses the rainforest but does not specify its size in 1900.
The text makes no mention of any treaty.
The name of the architect is not mentioned in the provided context.
The year is not explicitly stated in the given passage.
It is not specified.
The answer is not in the context.
The answer cannot be determined from the context.
This question cannot be answered with the given information.
There is not enough information in the text to answer.
Insufficient information.
It is unclear from the context who paid for it.
It is impossible to say from the passages.
The answer is unknown.
Unknown.
N/A
None.
"""
ANSWERS = """
The dam was built in 1959.
The dam was built in 1959. The context does not say who designed it.
Scientists do not know why the bees dance.
The treaty does not mention religion.
The name is not given to every child in Iceland.
No information was lost in the flood.
There is no evidence that the king ever visited.
The ship did not contain any gold.
The cause of the fire is unknown.
The article was written in 1953 by a journalist.
The documents were found in Berlin.
Nobody knows.
Yes, the information is stored in the hippocampus.
None of the ships were lost.
He could not answer the letters that he got.
The text of the law states that all are equal.
Unknown Pleasures was released in 1979.
"""


@pytest.mark.parametrize("text", REFUSALS.strip().splitlines())
def test_what_says_that_it_does_not_know_is_a_refusal(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize("text", ANSWERS.strip().splitlines())
def test_an_answer_is_no_refusal(text: str) -> None:
    assert not refuses(text)


@given(st.text(max_size=300))
def test_any_text_is_judged_and_emptiness_refuses(text: str) -> None:
    assert isinstance(refuses(text), bool)
    assert refuses("I don't know. " + text)
    if not text.strip():
        assert refuses(text)
