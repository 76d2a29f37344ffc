"""Whether an article that comes in is one that the library has, from the same or another source.

It is known by its source; else by its text, by the address it gives itself, or as a near copy. All
that an article was read from is kept, with a hash of what stood there: reading it again is no
change, though the library keeps the text of another source.

These functions run inside a transaction of the catalog's.
"""

from __future__ import annotations

import json
import time
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from assistant.library import near
from assistant.library.canonical import canonical
from assistant.library.sql import Connection, Row, put
from assistant.records import Article, Outcome


@dataclass(frozen=True)
class Plan:
    """What adding comes to: `article_id` is the article that there will be, `left` another one
    that was read from this source before.
    """

    outcome: Outcome
    article_id: str
    left: str | None = None


@dataclass(frozen=True)
class Incoming:
    """An article on its way in, with what it is recognised by worked out once."""

    article: Article

    @cached_property
    def content_hash(self) -> str:
        return content_hash(self.article.text)

    @cached_property
    def signature(self) -> bytes:
        return near.signature(self.article.text)

    @cached_property
    def told(self) -> str:
        """What its source says of it beside the text."""
        told = {**self.article.as_json(), "text": "", "id": "", "version": 0}
        return sha256(json.dumps(told).encode()).hexdigest()[:16]

    @cached_property
    def urls(self) -> tuple[str, ...]:
        return urls_of(self.article.source, self.article.url)


def content_hash(text: str) -> str:
    """The same for texts that differ only in white space, case or the form of their letters."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def urls_of(*addresses: str | None) -> tuple[str, ...]:
    """The web addresses among some, in one form; a site's front page says nothing of an article."""
    plain = (canonical(each) for each in addresses if each and each.startswith("http"))
    return tuple(dict.fromkeys(url for url in plain if url.count("/") > 2))


def plan(db: Connection, new: Incoming) -> Plan:
    own = db.execute(
        "SELECT s.article_id, s.content_hash, s.told, a.source FROM sources s"
        " JOIN articles a ON a.id = s.article_id WHERE s.source = ?",
        (new.article.source,),
    ).fetchone()
    if own is None:
        return _by_itself(db, new)
    here, first = own["article_id"], own["source"] == new.article.source
    told_anew = first and own["told"] not in ("", new.told)
    if own["content_hash"] == new.content_hash and not told_anew:
        return Plan("same", here)
    # What an article was read from first says what stands in it.
    found = Plan("updated", here) if first and not _by_hash(db, new, here) else _by_itself(db, new)
    return replace(found, left=here if found.article_id != here else None)


def _by_itself(db: Connection, new: Incoming) -> Plan:
    """What it comes to by text and address, whatever stood at its source before."""
    if twin := _by_hash(db, new) or _by_likeness(db, new):
        return Plan("same", twin)
    if twin := _by_url(db, new):
        return Plan("updated", twin)
    taken = db.execute("SELECT 1 FROM articles WHERE id = ?", (new.article.id,)).fetchone()
    return Plan("added", new.content_hash[:12] if taken else new.article.id)


def _by_hash(db: Connection, new: Incoming, but: str = "") -> str | None:
    row = db.execute(
        "SELECT id FROM articles WHERE content_hash = ? AND id != ?", (new.content_hash, but)
    )
    return _id(row.fetchone())


def _by_url(db: Connection, new: Incoming) -> str | None:
    for url in new.urls:
        row = db.execute("SELECT article_id AS id FROM urls WHERE url = ?", (url,)).fetchone()
        if row is not None:
            return _id(row)
    return None


def _by_likeness(db: Connection, new: Incoming) -> str | None:
    bands = near.bands(new.signature)
    rows = db.execute(
        "SELECT id, text FROM articles WHERE id IN"
        f" (SELECT article_id FROM bands WHERE band IN ({','.join('?' * len(bands))}))",
        bands,
    ).fetchall()
    return next((_id(row) for row in rows if near.same(row["text"], new.article.text)), None)


def _id(row: Row | None) -> str | None:
    return str(row["id"]) if row is not None else None


def is_noted(db: Connection, plan: Plan, new: Incoming) -> bool:
    """Whether it is known already that the article was read from this source."""
    row = db.execute("SELECT article_id FROM sources WHERE source = ?", (new.article.source,))
    found = row.fetchone()
    return found is not None and found["article_id"] == plan.article_id


def attach(db: Connection, article_id: str, new: Incoming) -> None:
    """Note that the article was read from this source, too, and what stood there."""
    read = {
        "source": new.article.source,
        "article_id": article_id,
        "content_hash": new.content_hash,
        "told": new.told,
        "seen_at": time.time(),
    }
    put(db, "sources", "source", read)
    rows = [(url, article_id) for url in new.urls]
    db.executemany("INSERT INTO urls VALUES (?, ?) ON CONFLICT DO NOTHING", rows)


def leave(db: Connection, article_id: str) -> bool:
    """Let an article that lost a source go by the next of them; whether it has one left."""
    row = db.execute(
        "SELECT source FROM sources WHERE article_id = ? ORDER BY seen_at LIMIT 1", (article_id,)
    ).fetchone()
    if row is not None:
        db.execute("UPDATE articles SET source = ? WHERE id = ?", (row["source"], article_id))
    return row is not None


def learn(db: Connection, article_id: str, signature: bytes) -> None:
    """Keep what near copies of the article will be recognised by."""
    db.execute("DELETE FROM bands WHERE article_id = ?", (article_id,))
    rows = [(band, article_id) for band in near.bands(signature)]
    db.executemany("INSERT INTO bands VALUES (?, ?)", rows)


def forget(db: Connection, article_id: str) -> None:
    # What was read is read again when it is added again.
    db.execute(
        "DELETE FROM places WHERE articles != 1"
        " OR place IN (SELECT source FROM sources WHERE article_id = ?)",
        (article_id,),
    )
    for table in ("sources", "urls", "bands", "versions", "edits"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
