"""Whatever is killed and when: the library opens, and holds what it has said to hold.

KILLS=200 makes the long form of it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import kill_worker
import numpy as np
import pytest
from library_fakes import opened

from assistant.library import index as index_module
from assistant.library.library import Library

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

KILLS = int(os.environ.get("KILLS", "20"))

# Of each article the version that was acknowledged, and, after a kill, also the one that was begun:
# either may stand. 0 is none.
State = dict[tuple[str, int], set[int]]


def _worker(folder: Path, name: str, seed: int) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), str(HERE), str(HERE.parent / "library")])
    return subprocess.Popen(
        [sys.executable, kill_worker.__file__, str(folder), name, str(seed)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )


def _learn(state: State, name: str, lines: Iterable[str]) -> int:
    """What may stand after these lines; how many changes were acknowledged."""
    begun: dict[str, int] = {}
    done = 0
    for line in lines:
        if not line.endswith("\n"):
            break  # torn by the kill
        said = json.loads(line)
        begun = said.get("begin", {})
        for number, version in said.get("done", {}).items():
            state[name, int(number)] = {version}
            done += 1
    for number, version in begun.items():
        state.setdefault((name, int(number)), {0}).add(version)
    return done


def _version(library: Library, name: str, number: int) -> int:
    """Which version of an article stands, found by words, by vectors and by its id; 0 for none."""
    kept = library.get(kill_worker.written(name, number, 1).id)
    if kept is None:
        return 0
    mark = kept.text.split()[0]
    ids = {f"{kept.id}-0"}
    assert ids <= set(library._catalog.by_words([mark], 99)), "not found by words"
    vector = np.asarray(library._embeddings.embed_query(f"{kept.title}\n{kept.text}"), np.float32)
    near = library._index.search(vector, 30)
    assert any(id_.startswith(kept.id) for id_, _ in near), "not found by vectors"
    return int(mark.rpartition("v")[2])


def _check(folder: Path, state: State) -> None:
    with opened(folder) as library:
        for (name, number), allowed in state.items():
            version = _version(library, name, number)
            assert version in allowed, f"{name}{number}: {version} stands, not {allowed}"
            state[name, number] = {version}
        standing = sum(1 for allowed in state.values() if allowed != {0})
        counts = library.counts()
        assert counts.articles == standing
        assert library._index._collection.count() == counts.passages
        assert library._catalog.passages_with("mark") == counts.passages
        assert library.examine() == []


@pytest.mark.timeout(60 + 15 * KILLS)
def test_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "PATIENCE", 120.0)
    monkeypatch.setattr(index_module, "FEW", 0)
    chance = random.Random(20)
    state: State = {}
    acknowledged = 0
    for turn in range(KILLS):
        names = ("a", "b")[: 1 + turn % 2]
        workers = {n: _worker(tmp_path, n, chance.randrange(10**9)) for n in names}
        first = next(iter(workers.values()))
        assert first.stdout is not None
        begun = [first.stdout.readline()]  # so that it is at work when it is killed
        time.sleep(chance.uniform(0, 2.0))
        for worker in workers.values():
            worker.send_signal(signal.SIGKILL)
        for name, worker in workers.items():
            assert worker.stdout is not None
            with worker.stdout:
                lines = [*(begun if worker is first else []), *worker.stdout]
            worker.wait()
            acknowledged += _learn(state, name, lines)
        _check(tmp_path, state)
    assert acknowledged > KILLS
