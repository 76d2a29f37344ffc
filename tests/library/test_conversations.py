from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conversation_fakes import answer, answers, scopes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_fakes import opened
from unwritable import unwritable

from assistant.errors import StoreError
from assistant.library.conversations import Conversations
from assistant.library.library import Library
from assistant.records import EVERYTHING, Answer, Conversation, Exchange, Scope

pytestmark = pytest.mark.usefixtures("home")

BRIDGE = Exchange(1, "Why was the bridge closed?", answer("It had cracks in its pillars."))
COST = Exchange(2, "And what did it cost?", answer("It cost 31 million euros."))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "store") as library:
        yield library


@pytest.fixture
def kept(library: Library) -> Conversations:
    return library.conversations


def held(kept: Conversations, *exchanges: Exchange, reader: str = "ann") -> Conversation:
    conversation = kept.begin(reader)
    for exchange in exchanges:
        conversation = kept.keep(reader, conversation, exchange)
    return conversation


def titles(kept: Conversations, reader: str | None = "ann", search: str = "") -> list[str]:
    return [each.title for each in kept.list(reader, search)]


# --- What is kept ---------------------------------------------------------------------------------


@given(answers)
def test_an_answer_comes_back_from_json(given: Answer) -> None:
    written = json.loads(json.dumps(given.as_json()))
    back = Answer.from_json(written)
    assert back.as_json() == written
    pages = [(c.article.page(c.start), c.article.version) for c in given.citations]
    assert [(c.article.page(c.start), c.article.version) for c in back.citations] == pages


@given(scopes)
def test_a_scope_comes_back_from_json(scope: Scope) -> None:
    assert Scope.from_json(json.loads(json.dumps(scope.as_json()))) == scope


verdicts = st.none() | st.booleans()
# PostgreSQL has no place for a NUL; see test_postgres.py.
said = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(answers | st.none(), said, said, verdicts, said)
def test_an_exchange_comes_back_as_it_was(
    kept: Conversations, given: Answer | None, words: str, trouble: str, liked: bool, remark: str
) -> None:
    exchange = Exchange(1, "Why?", given, "" if given else words, trouble, liked, remark)
    conversation = held(kept, exchange)
    [back] = kept.exchanges("ann", conversation.id)
    assert (back.words, back.trouble, back.liked, back.remark, back.question) == (
        exchange.words, trouble, liked, remark, "Why?",
    )  # fmt: skip
    assert (back.answer and back.answer.as_json()) == (given and given.as_json())


def test_nothing_is_kept_before_the_first_exchange(kept: Conversations) -> None:
    scope = Scope(tags=("ports",), since=date(2024, 5, 1))
    begun = kept.begin("ann", scope)
    assert (begun.title, begun.scope) == ("", scope)
    assert kept.list("ann") == [] and kept.get("ann", begun.id) is None
    now = kept.keep("ann", begun, BRIDGE)
    assert kept.get("ann", begun.id) == now == kept.list("ann")[0]
    assert (now.id, now.title, now.scope) == (begun.id, BRIDGE.question, scope)
    assert abs(now.changed - datetime.now(UTC)) < timedelta(seconds=10)


def test_exchanges_come_in_their_order_and_replace_by_number(kept: Conversations) -> None:
    conversation = held(kept, COST, BRIDGE)
    again = Exchange(2, "What did it cost?", None, trouble="no model")
    kept.keep("ann", conversation, again)
    assert [each.question for each in kept.exchanges("ann", conversation.id)] == [
        BRIDGE.question, again.question,
    ]  # fmt: skip
    assert kept.exchanges("ann", conversation.id)[1] == again


def test_the_latest_comes_first(kept: Conversations) -> None:
    first = held(kept, BRIDGE)
    held(kept, COST)
    assert titles(kept) == [COST.question, BRIDGE.question]
    time.sleep(0.01)
    kept.keep("ann", first, COST)
    assert titles(kept) == [BRIDGE.question, COST.question]


def test_everybody_has_their_own(kept: Conversations) -> None:
    mine, nobodys = held(kept, BRIDGE), held(kept, COST, reader="")
    assert titles(kept, "ann") == [BRIDGE.question]
    assert titles(kept, "") == [COST.question]
    assert titles(kept, None) == [COST.question, BRIDGE.question]
    for other in ("", "bob"):
        assert kept.get(other, mine.id) is None
        assert kept.exchanges(other, mine.id) == []
        assert not kept.rename(other, mine.id, "Stolen")
        assert not kept.judge(other, mine.id, 1, True)
        assert not kept.delete(other, mine.id)
        kept.cut(other, mine.id, 1)
        kept.limit(other, mine.id, Scope(tags=("x",)))
    assert kept.get("ann", mine.id) == mine
    assert len(kept.exchanges(None, mine.id)) == len(kept.exchanges("", nobodys.id)) == 1


def test_what_another_reader_goes_on_with_becomes_their_own(kept: Conversations) -> None:
    mine = held(kept, BRIDGE)
    theirs = kept.keep("bob", mine, COST)
    assert theirs.id != mine.id
    assert [each.question for each in kept.exchanges("bob", theirs.id)] == [COST.question]
    assert [each.question for each in kept.exchanges("ann", mine.id)] == [BRIDGE.question]


# --- Titles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (" Why\n was it\tclosed? ", "Why was it closed?"),
        ("w" * 100, "w" * 100),
        ("w" * 101, "w" * 99 + "…"),
        ("word " * 40, "word " * 19 + "word…"),
    ],
)
def test_the_first_question_gives_the_title(kept: Conversations, question: str, title: str) -> None:
    held(kept, Exchange(1, question, None), COST)
    assert titles(kept) == [title]


def test_a_first_question_asked_otherwise_changes_the_title(kept: Conversations) -> None:
    conversation = held(kept, BRIDGE, COST)
    kept.keep("ann", conversation, Exchange(1, "Why was it shut?", None))
    assert titles(kept) == ["Why was it shut?"]
    kept.cut("ann", conversation.id, 1)
    assert titles(kept) == []
    kept.keep("ann", conversation, BRIDGE)
    assert titles(kept) == [BRIDGE.question]


def test_a_name_that_was_given_stays(kept: Conversations) -> None:
    conversation = held(kept, BRIDGE)
    assert kept.rename("ann", conversation.id, "  The\nbridge ")
    kept.keep("ann", conversation, Exchange(1, "Why was it shut?", None))
    assert titles(kept) == ["The bridge"]
    assert kept.rename("ann", conversation.id, "  ")
    assert titles(kept) == ["The bridge"]
    kept.cut("ann", conversation.id, 1)
    kept.keep("ann", conversation, COST)
    assert titles(kept) == ["The bridge"]
    assert not kept.rename("ann", "nowhere", "x")


# --- Search ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("BRIDGE", ["Why was the bridge closed?"]),
        ("cracks  in", ["Why was the bridge closed?"]),
        ("31 million", ["Why was the bridge closed?"]),
        ("größe", ["Maße"]),
        ("GRÖSSE", ["Maße"]),
        ("had come", ["Maße"]),
        ("100%", ["Maße"]),
        ("1_0", []),
        ("%", ["Maße"]),
        ("nothing of this", []),
        ("  ", ["Maße", "Why was the bridge closed?"]),
    ],
)
def test_search(kept: Conversations, search: str, found: list[str]) -> None:
    held(kept, BRIDGE, COST)
    named = held(kept, Exchange(1, "Welche Größe?", None, "100% had come"))
    kept.rename("ann", named.id, "Maße")
    held(kept, Exchange(1, "bridge größe 31 million 100%", None), reader="bob")
    assert titles(kept, search=search) == found


# --- Changing -------------------------------------------------------------------------------------


def test_cut_forgets_what_came_later(kept: Conversations) -> None:
    conversation = held(kept, BRIDGE, COST, Exchange(3, "Who paid?", None))
    kept.cut("ann", conversation.id, 2)
    assert [each.number for each in kept.exchanges("ann", conversation.id)] == [1]
    assert titles(kept) == [BRIDGE.question]


def test_delete(kept: Conversations, library: Library) -> None:
    conversation = held(kept, BRIDGE, COST)
    other = held(kept, COST)
    assert kept.delete("ann", conversation.id) and not kept.delete("ann", conversation.id)
    assert titles(kept) == [other.title]
    assert kept.exchanges("ann", conversation.id) == []
    with library._catalog._database.reading() as db:
        assert db.execute("SELECT count(*) FROM exchanges").fetchone()[0] == 1


def test_what_was_deleted_meanwhile_begins_anew(kept: Conversations) -> None:
    conversation = held(kept, BRIDGE)
    kept.delete("ann", conversation.id)
    assert kept.keep("ann", conversation, COST).id == conversation.id
    assert [each.number for each in kept.exchanges("ann", conversation.id)] == [2]


def test_limit(kept: Conversations) -> None:
    conversation = held(kept, BRIDGE)
    scope = Scope(articles=("a",), until=date(2024, 1, 1))
    kept.limit("ann", conversation.id, scope)
    found = kept.get("ann", conversation.id)
    assert found is not None and found.scope == scope
    # A page that knows the old one does not take it back.
    assert kept.keep("ann", conversation, COST).scope == scope
    kept.limit("ann", conversation.id, EVERYTHING)
    assert kept.list("ann")[0].scope == EVERYTHING


def test_verdicts(kept: Conversations) -> None:
    bridge, cost = held(kept, BRIDGE, COST), held(kept, COST, reader="bob")
    assert kept.judged() == []
    assert kept.judge("bob", cost.id, 2, False, "It was 32 million")
    assert kept.judge("ann", bridge.id, 1, True)
    assert not kept.judge("ann", bridge.id, 9, True)
    assert [(each.question, each.liked, each.remark) for each in kept.judged()] == [
        (BRIDGE.question, True, ""), (COST.question, False, "It was 32 million"),
    ]  # fmt: skip
    assert [each.liked for each in kept.judged("bob")] == [False]
    assert kept.judge("ann", bridge.id, 1, None)
    assert [each.liked for each in kept.judged()] == [False]
    assert kept.exchanges("bob", cost.id)[0].remark == "It was 32 million"


# --- Several at once ------------------------------------------------------------------------------


def test_two_pages_on_one_library(library: Library, tmp_path: Path) -> None:
    with opened(tmp_path / "store") as other:
        one = held(library.conversations, BRIDGE)
        two = other.conversations.keep("ann", one, COST)
        assert two.id == one.id
        assert len(library.conversations.exchanges("ann", one.id)) == 2
        assert other.conversations.delete("ann", one.id)
        assert library.conversations.get("ann", one.id) is None


def test_many_write_at_once(library: Library, tmp_path: Path) -> None:
    conversation = held(library.conversations, Exchange(0, "Who writes?", None))
    with opened(tmp_path / "store") as other:

        def write(kept: Conversations, numbers: range) -> None:
            for number in numbers:
                kept.keep("ann", conversation, Exchange(number, f"Question {number}", None))
                kept.judge("ann", conversation.id, number, True)

        threads = [
            threading.Thread(target=write, args=(each.conversations, range(first, 40, 4)))
            for first, each in enumerate([library, other, library, other], 1)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        exchanges = other.conversations.exchanges("ann", conversation.id)
    assert [each.number for each in exchanges] == list(range(40))
    assert all(each.liked for each in exchanges[1:])
    assert titles(library.conversations) == ["Who writes?"]


@pytest.mark.folder
def test_a_read_only_store(library: Library, tmp_path: Path) -> None:
    conversation = held(library.conversations, BRIDGE)
    library.close()
    with unwritable(tmp_path / "store"), opened(tmp_path / "store") as again:
        assert titles(again.conversations) == [BRIDGE.question]
        with pytest.raises(StoreError, match="is read-only"):
            again.conversations.keep("ann", conversation, COST)


# --- Moving ---------------------------------------------------------------------------------------


def test_conversations_travel_with_a_library(library: Library, tmp_path: Path) -> None:
    kept, file = library.conversations, tmp_path / "all.articles"
    first, second = held(kept, BRIDGE, COST), held(kept, COST, reader="bob")
    kept.judge("ann", first.id, 1, True)
    library.save(file)
    with opened(tmp_path / "there") as there:
        held(there.conversations, Exchange(1, "Of my own?", None))
        assert list(there.take_in(file)) == []  # there are no articles
        assert there.conversations.exchanges("ann", first.id) == kept.exchanges("ann", first.id)
        assert there.conversations.get("bob", second.id) == second
        assert sorted(titles(there.conversations)) == ["Of my own?", BRIDGE.question]
        there.conversations.cut("ann", first.id, 2)
        there.conversations.rename("ann", first.id, "Mine now")
        list(there.take_in(file))
        assert len(there.conversations.exchanges("ann", first.id)) == 1
        assert sorted(titles(there.conversations)) == ["Mine now", "Of my own?"]
        assert there.examine() == []
