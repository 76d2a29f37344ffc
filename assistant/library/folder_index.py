"""The vector index in a Chroma folder of this machine.

One process at a time owns the folder, because two on one path destroy it; whoever does not own it
compares all vectors.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from assistant.errors import StoreError
from assistant.library.catalog import Catalog
from assistant.library.chroma import fingerprint, open_collection, probe, settle
from assistant.library.doctor import Finding
from assistant.library.index import Index, Vector

_CHANGED = "its files were changed by others"


@dataclass(frozen=True, slots=True)
class _State:
    """What the catalog remembers of the index.

    `applied` is the last change the index holds. `seal` is the fingerprint of the files as they
    were closed; it is empty while a process has them open, and after one died.
    """

    generation: int = 0
    applied: int = 0
    seal: str = ""


class FolderIndex(Index):
    """Sees to it, too, that a folder is not used that was deleted or changed by others while it was
    open: Chroma would go on with what it has in memory, and the damage be met at the next start.
    """

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        super().__init__(folder, catalog)
        self._folder = folder / "index"
        # The files' fingerprint as this process has left them; empty while it writes. Only then is
        # the index searched: a search of what Chroma has not settled would write, too.
        self._looks = ""
        self._state = _State()

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        self._notice_changes()
        return super().search(vector, k)

    def examine(self) -> list[Finding]:
        with self._opening:
            if self._collection is not None or not self._own():
                return []
            try:
                self._state = self._kept()
                if not self._generation().is_dir() or probe(self._generation()):
                    return []
                return [Finding("index", (), "the vector index is damaged")]
            finally:
                self._file_lock.release(force=True)

    def start_anew(self) -> None:
        with self._opening:
            if self._collection is None and self._own():
                self._clear()
                self._file_lock.release(force=True)

    def _close(self) -> None:
        sound = self._is_as_left()
        self._close_client()
        with suppress(StoreError):  # unsealed, the index is only probed before its next use
            seal = fingerprint(self._generation()) if sound else ""
            self._save(replace(self._state, seal=seal))

    def _is_current(self) -> bool:
        return bool(self._looks) and self._state.applied == self._catalog.seq()

    def _is_as_left(self) -> bool:
        try:
            return fingerprint(self._generation()) == self._looks
        except OSError:  # something went while it was looked at
            return False

    def _notice_changes(self) -> None:
        """Drop the index where others have changed its files; not while it is at work itself."""
        if self._looks and self._opening.acquire(blocking=False):
            try:
                if self._is_current() and not self._is_as_left():
                    self._drop(ValueError(_CHANGED))
            finally:
                self._opening.release()

    def _open_and_apply(self) -> None:
        opening = self._collection is None
        if opening:
            self._open()
        elif not self._is_as_left():
            raise ValueError(_CHANGED)
        self._looks = ""
        self._apply()
        if opening:
            self._check_count()
        settle(self._collection)
        self._looks = fingerprint(self._generation())

    def _open(self) -> None:
        """Open the folder that is there or, where that is not sound, a new and empty one."""
        self._state = self._kept()
        if self._drops or not self._is_sound():
            self._state = _State(generation=self._state.generation + 1)
            self._clear()
            self._generation().mkdir(parents=True)
        self._save(replace(self._state, seal=""))
        self._client, self._collection = open_collection(self._generation())

    def _is_sound(self) -> bool:
        folder = self._generation()
        if not folder.is_dir():
            return False
        if self._state.seal:
            return self._state.seal == fingerprint(folder)
        return probe(folder)

    def _close_client(self) -> None:
        self._looks = ""
        super()._close_client()

    def _clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        with suppress(OSError):
            self._folder.unlink()  # where it is a file

    def _applied(self) -> int:
        return self._state.applied

    def _last_known(self) -> int:
        return self._kept().applied

    def _note(self, applied: int) -> None:
        self._save(replace(self._state, applied=applied))

    def _kept(self) -> _State:
        return _State(**json.loads(self._catalog.meta("index") or "{}"))

    def _save(self, state: _State) -> None:
        self._catalog.set_meta(index=json.dumps(asdict(state)))
        self._state = state

    def _generation(self) -> Path:
        return self._folder / str(self._state.generation)
