"""What was read, and what is read again and again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant.library.sql import Database, put
from assistant.records import Followed


class Places:
    """The part of the catalog that knows files, folders, feeds and addresses."""

    _database: Database

    def stamp(self, place: str) -> str:
        with self._database.reading() as db:
            row = db.execute("SELECT stamp FROM places WHERE place = ?", (place,)).fetchone()
        return row["stamp"] if row else ""

    def note_read(self, places: Sequence[tuple[str, str, int]]) -> None:
        if not places:
            return
        now = time.time()
        with self._database.writing() as db:
            for place, stamp, articles in places:
                row = {"place": place, "stamp": stamp, "articles": articles, "read_at": now}
                put(db, "places", "place", row)

    def follow(self, followed: Followed) -> None:
        with self._database.writing() as db:
            put(db, "followed", "place", {"place": followed.place, "title": followed.title})

    def unfollow(self, place: str) -> bool:
        with self._database.writing() as db:
            return db.execute("DELETE FROM followed WHERE place = ?", (place,)).rowcount > 0

    def followed(self) -> list[Followed]:
        with self._database.reading() as db:
            rows = db.execute("SELECT place, title FROM followed ORDER BY place").fetchall()
        return [Followed(row["place"], row["title"]) for row in rows]
