"""The conversations that people had, each kept for the one who had it."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from assistant.library import tables
from assistant.library.folded import folded
from assistant.library.sql import Connection, Database, Row, put
from assistant.records import EVERYTHING, Answer, Conversation, Exchange, Scope

_LONGEST = 100  # characters of a title that is made from a question

# `list` is a method below.
_Conversations = list[Conversation]
_Exchanges = list[Exchange]


class Conversations:
    """Safe to use from several threads, and beside other processes on the same library.

    A reader is whoever a conversation belongs to, by any name; another one's is as good as not
    there. Where it says so, None stands for everybody.

    Every method raises StoreError where the disk refuses, and has then changed nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, reader: str, scope: Scope = EVERYTHING) -> Conversation:
        """A new conversation; `keep` writes it down with its first exchange."""
        return Conversation(token_hex(6), "", datetime.now(UTC), scope)

    def list(self, reader: str | None, search: str = "") -> _Conversations:
        """The conversations (None: everybody's) that hold something, the latest first.

        `search` is looked for in titles, questions and answers, in any case.
        """
        wanted = folded(" ".join(search.split()))
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT * FROM conversations c WHERE reader = coalesce(?, reader) AND EXISTS ("
                " SELECT 1 FROM exchanges e WHERE e.conversation_id = c.id AND ("
                " instr(folded(c.title), ?) > 0 OR instr(folded(e.question), ?) > 0"
                " OR instr(folded(e.said), ?) > 0)) ORDER BY changed_at DESC, c.id",
                (reader, wanted, wanted, wanted),
            ).fetchall()
        return [_conversation(row) for row in rows]

    def get(self, reader: str, id: str) -> Conversation | None:
        with self._database.reading() as db:
            row = _row(db, reader, id)
        return _conversation(row) if row is not None else None

    def exchanges(self, reader: str | None, id: str) -> _Exchanges:
        """What was asked and answered, in order; nothing where there is no such conversation.

        None: whosever it is.
        """
        return self._exchanges("c.id = ? ORDER BY e.number", reader, id)

    def keep(self, reader: str, conversation: Conversation, exchange: Exchange) -> Conversation:
        """Add an exchange, or put it in the place of the one with its number.

        The first question gives the title until somebody renames it. A conversation that was
        deleted meanwhile begins anew with this exchange.
        """
        with self._database.writing() as db:
            now = _now(db)
            row = _row(db, reader, conversation.id)
            kept = _conversation(row) if row is not None else _begun(db, reader, conversation, now)
            if not kept.title or _is_named_after(db, kept, exchange.number):
                kept = replace(kept, title=_title(exchange.question))
            db.execute(
                "UPDATE conversations SET title = ?, changed_at = ? WHERE id = ?",
                (kept.title, now, kept.id),
            )
            row = {"conversation_id": kept.id, **_values(exchange), "asked_at": now}
            put(db, "exchanges", "conversation_id, number", row)
        return replace(kept, changed=_moment(now))

    def cut(self, reader: str, id: str, number: int) -> None:
        """Forget the exchange with this number and all later ones."""
        with self._database.writing() as db:
            row = _row(db, reader, id)
            if row is None:
                return
            if _is_named_after(db, _conversation(row), number):
                db.execute("UPDATE conversations SET title = '' WHERE id = ?", (id,))
            db.execute(
                "DELETE FROM exchanges WHERE conversation_id = ? AND number >= ?", (id, number)
            )

    def rename(self, reader: str, id: str, title: str) -> bool:
        """Whether there is such a conversation; an empty title is none, and changes nothing."""
        title = " ".join(title.split())
        with self._database.writing() as db:
            return _changed(
                db,
                "UPDATE conversations SET title = coalesce(nullif(?, ''), title)"
                " WHERE reader = ? AND id = ?",
                (title, reader, id),
            )

    def delete(self, reader: str, id: str) -> bool:
        """Whether there was such a conversation; now there is none."""
        with self._database.writing() as db:
            there = _changed(
                db, "DELETE FROM conversations WHERE reader = ? AND id = ?", (reader, id)
            )
            if there:
                db.execute("DELETE FROM exchanges WHERE conversation_id = ?", (id,))
            return there

    def limit(self, reader: str, id: str, scope: Scope) -> None:
        """Keep another scope with the conversation."""
        with self._database.writing() as db:
            db.execute(
                "UPDATE conversations SET scope = ? WHERE reader = ? AND id = ?",
                (json.dumps(scope.as_json()), reader, id),
            )

    def judge(
        self, reader: str, id: str, number: int, liked: bool | None, remark: str = ""
    ) -> bool:
        """Keep a verdict on an exchange, or take it back; whether there is such an exchange."""
        with self._database.writing() as db:
            return _changed(
                db,
                "UPDATE exchanges SET liked = ?, remark = ? WHERE number = ? AND conversation_id ="
                " (SELECT id FROM conversations WHERE reader = ? AND id = ?)",
                (liked, remark, number, reader, id),
            )

    def judged(self, reader: str | None = None) -> _Exchanges:
        """The exchanges with a verdict, the oldest first; None: everybody's."""
        return self._exchanges("e.liked IS NOT NULL ORDER BY e.asked_at, c.id, e.number", reader)

    def take_in(self, other: Conversations) -> None:
        """Add the conversations of another library; one that is here stays as it is."""
        with other._database.reading() as db:
            conversations = db.execute("SELECT * FROM conversations").fetchall()
            exchanges = db.execute("SELECT * FROM exchanges").fetchall()
        with self._database.writing() as db:
            here = {row["id"] for row in db.execute("SELECT id FROM conversations")}
            tables.copy_rows(db, "conversations", conversations)
            new = [row for row in exchanges if row["conversation_id"] not in here]
            tables.copy_rows(db, "exchanges", new)

    def _exchanges(self, which: str, reader: str | None, *values: str) -> _Exchanges:
        with self._database.reading() as db:
            rows = db.execute(
                "SELECT e.* FROM exchanges e JOIN conversations c ON c.id = e.conversation_id"
                f" WHERE c.reader = coalesce(?, c.reader) AND {which}",
                (reader, *values),
            ).fetchall()
        return [_exchange(row) for row in rows]


def _now(db: Connection) -> float:
    """The time, and later than that of all that is kept: a clock that was set back must not put
    what was said last below what was said before.
    """
    [last] = db.execute("SELECT max(changed_at) FROM conversations").fetchone()
    return max(time.time(), math.nextafter(last or 0.0, math.inf))


def _begun(db: Connection, reader: str, new: Conversation, now: float) -> Conversation:
    """Write a conversation down, under another id where this one is somebody else's."""
    if db.execute("SELECT 1 FROM conversations WHERE id = ?", (new.id,)).fetchone():
        new = replace(new, id=token_hex(6))
    db.execute(
        "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)",
        (new.id, reader, new.title, json.dumps(new.scope.as_json()), now),
    )
    return new


def _is_named_after(db: Connection, conversation: Conversation, number: int) -> bool:
    """Whether the title comes from the first question, and that is this number or a later one."""
    first = db.execute(
        "SELECT number, question FROM exchanges WHERE conversation_id = ? ORDER BY number LIMIT 1",
        (conversation.id,),
    ).fetchone()
    return (
        first is not None
        and number <= first["number"]
        and conversation.title == _title(first["question"])
    )


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _changed(db: Connection, statement: str, values: tuple[Any, ...]) -> bool:
    return db.execute(statement, values).rowcount > 0


# --- Rows -----------------------------------------------------------------------------------------


def _row(db: Connection, reader: str, id: str) -> Row | None:
    found: Row | None = db.execute(
        "SELECT * FROM conversations WHERE reader = ? AND id = ?", (reader, id)
    ).fetchone()
    return found


def _conversation(row: Row) -> Conversation:
    scope = Scope.from_json(json.loads(row["scope"]))
    return Conversation(row["id"], row["title"], _moment(row["changed_at"]), scope)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _values(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    return {
        "number": exchange.number,
        "question": exchange.question,
        "answer": json.dumps(answer.as_json()) if answer is not None else None,
        "said": answer.text if answer is not None else exchange.words,
        "trouble": exchange.trouble,
        "liked": exchange.liked,
        "remark": exchange.remark,
    }


def _exchange(row: Row) -> Exchange:
    answer = Answer.from_json(json.loads(row["answer"])) if row["answer"] else None
    return Exchange(
        number=row["number"],
        question=row["question"],
        answer=answer,
        words=row["said"] if answer is None else "",
        trouble=row["trouble"],
        liked=None if row["liked"] is None else bool(row["liked"]),
        remark=row["remark"],
    )
