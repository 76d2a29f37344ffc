"""The vector index on a Chroma server: one collection a library.

How far the collection is stands with it on the server, so that one that was lost there or restored
from a copy is known for what it is.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.errors import StoreError
from assistant.library.catalog import Catalog
from assistant.library.chroma import Server, collection_in, connect, disconnect
from assistant.library.doctor import Finding
from assistant.library.index import Index


class ServerIndex(Index):
    """While the server is away, all vectors are compared; it is tried again every minute."""

    def __init__(self, folder: Path, catalog: Catalog, server: Server) -> None:
        super().__init__(folder, catalog)
        self._server = server
        self._holds = 0  # the last change that the collection is known to hold
        self._is_ready = False

    def examine(self) -> list[Finding]:
        with self._opening:
            if self._collection is not None or not self._own():
                return []
            try:
                self._open()
                self._check_count()
                return []
            except StoreError as error:
                return [Finding("server", (), str(error))]
            except Exception:  # Chroma raises errors of many kinds
                return [Finding("index", (), "the vector index is damaged")]
            finally:
                self._close_client()
                self._file_lock.release(force=True)

    def start_anew(self) -> None:
        with self._opening:
            if self._collection is not None or not self._own():
                return
            try:
                with suppress(Exception):  # it only takes room where it stays
                    self._client = connect(self._server)
                    self._client.delete_collection(self._name())
                self._name_anew()
            finally:
                self._close_client()
                self._file_lock.release(force=True)

    def _is_current(self) -> bool:
        return self._is_ready and self._holds == self._catalog.seq()

    def _open_and_apply(self) -> None:
        with self._catalog.alone():  # another machine may keep the same collection
            self._open_or_look_again()

    def _open_or_look_again(self) -> None:
        if self._collection is not None:
            self._look()
        else:
            self._open()
            self._apply()
            try:
                self._check_count()
            except ValueError:
                self._begin()
        self._apply()
        self._is_ready = True

    def _open(self) -> None:
        self._client = connect(self._server)
        self._look()

    def _look(self) -> None:
        """What is there now, or in its place: another machine may have been at it."""
        self._collection = collection_in(self._client, self._name())
        noted = self._collection.metadata or {}
        self._holds = int(noted.get("applied", 0))
        if self._holds and noted.get("last") != self._passage(self._holds):
            self._begin()  # of a copy of this library, or of what it was once

    def _begin(self) -> None:
        """Make another collection: the one there is may be somebody else's."""
        self._collection = collection_in(self._client, self._name_anew())
        self._holds = 0

    def _name(self) -> str:
        return self._catalog.meta("collection") or self._name_anew()

    def _name_anew(self) -> str:
        name = f"articles-{uuid.uuid4().hex}"
        self._catalog.set_meta(collection=name)
        return name

    def _passage(self, change: int) -> str | None:
        """What a change touched; None where there is no such change."""
        number, ids = self._catalog.changed(change - 1, 1)
        return ids[0] if ids and number == change else None

    def _applied(self) -> int:
        return self._holds

    def _last_known(self) -> int:
        return self._holds

    def _note(self, applied: int) -> None:
        self._collection.modify(metadata={"applied": applied, "last": self._passage(applied)})
        self._holds = applied

    def _drop(self, error: Exception) -> None:
        self._rest(error)  # there is nothing to mend at this end

    def _close_client(self) -> None:
        self._is_ready = False
        super()._close_client()

    @staticmethod
    def _let_go(client: Any) -> None:
        disconnect(client)
