"""How many threads are chosen, on machines with clocks of our own and with a tiny real model."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from assistant import assets
from assistant.engines import threads
from assistant.engines.llama import LocalChat
from assistant.engines.threads import Threads, fastest, keep, kept, measured

HEAD = [SystemMessage("Answer briefly. " * 40)]
TOKENS = list(range(100))


@dataclass
class Machine:
    """Stands in for a reader: so many tokens take so long, by number of threads."""

    seconds: Callable[[int, int], float]
    now: float = 0.0
    count: int = 0
    held: int = 0
    tried: list[int] = field(default_factory=list)

    def use(self, reading: int, writing: int) -> None:
        assert reading == writing
        self.count = reading
        self.tried.append(reading)

    def logits(self, tokens: Sequence[int]) -> None:
        new = max(1, len(tokens) - self.held)
        self.now += self.seconds(self.count, new)
        self.held = len(tokens) if len(tokens) > self.held else len(TOKENS)

    def monotonic(self) -> float:
        return self.now


def on(machine: Machine, cores: int, monkeypatch: pytest.MonkeyPatch, **given: Any) -> Any:
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(threads, "time", machine)
    return measured(machine, TOKENS, **given)  # type: ignore[arg-type]


def test_every_core_where_more_threads_are_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(lambda count, new: new / count)
    assert on(machine, 8, monkeypatch) == Threads(8, 8)
    assert machine.tried[0] == machine.tried[-1] == 8
    assert 1 not in machine.tried, "what is hopeless is not tried"


def test_fewer_where_cores_get_in_each_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading needs cores; writing waits for memory, and for the slowest of the threads."""

    def seconds(count: int, new: int) -> float:
        return new / min(count, 8) if new > 1 else 1 + abs(count - 6) / 4

    found = on(Machine(seconds), 16, monkeypatch)
    assert found == Threads(16, 6)


def test_a_container_with_fewer_cores_than_it_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(lambda count, new: new * max(count, 4) / min(count, 4) ** 2)
    assert on(machine, 64, monkeypatch) == Threads(4, 4)


@pytest.mark.parametrize("disturbed", [1, 3])
def test_what_other_work_disturbed_is_not_believed(
    disturbed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seconds(count: int, new: int) -> float:
        return new / count * (3 if len(machine.tried) == disturbed else 1)

    machine = Machine(seconds)
    assert on(machine, 2, monkeypatch) is None


def test_whoever_waits_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(lambda count, new: new / count)
    assert on(machine, 8, monkeypatch, give_up=lambda: len(machine.tried) > 1) is None
    assert len(machine.tried) == 2


def test_little_gain_is_no_reason_for_fewer_threads() -> None:
    assert fastest({4: 1.0, 3: 0.95, 2: 2.0}) == 4
    assert fastest({4: 1.0, 3: 0.95, 2: 0.8}) == 2


@pytest.mark.parametrize(
    "content", ["", "nonsense", "[1]", '["2", 2]', "[0, 2]", "7", "null", "\xff"]
)
def test_a_damaged_file_is_measured_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.threads"
    file.write_text(content, "latin-1")
    assert kept(file) is None


def test_what_was_measured_is_kept_for_a_month(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.threads"
    assert kept(file) is None
    keep(file, Threads(3, 2))
    assert kept(file) == Threads(3, 2)
    old = time.time() - 31 * 24 * 3600
    os.utime(file, (old, old))
    assert kept(file) is None


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keep(tmp_path / "file" / "a.threads", Threads(3, 2))


def _chat(models: Path, beginnings: Path | None, number: int = 0) -> LocalChat:
    path = assets.resolve_llm("smollm2-135m", models)
    return LocalChat(path=path, context_tokens=2048, threads=number, beginnings=beginnings)


def _text(chat: LocalChat) -> str:
    return str(chat.invoke([*HEAD, HumanMessage("Name a colour.")], max_tokens=8).content)


def test_a_model_is_measured_once_and_answers_as_before(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _chat(models, None)
    expected = _text(plain)
    plain.close()
    monkeypatch.setattr(threads, "_QUIET", math.inf)  # other tests may run beside
    chat = _chat(models, tmp_path)
    chat.calibrate(HEAD)
    (file,) = tmp_path.glob("*.threads")
    written = file.stat().st_mtime_ns
    assert _text(chat) == expected
    chat.calibrate(HEAD)
    assert file.stat().st_mtime_ns == written
    chat.close()


def test_what_was_measured_holds_for_the_next_start_and_every_context(
    models: Path, tmp_path: Path
) -> None:
    import llama_cpp

    later = _chat(models, tmp_path)
    later.load()
    file = later._threads_file()
    assert file is not None
    keep(file, Threads(3, 1))
    later.close()
    later.load()
    for name in ("answer", "another"):
        context = later._reader(name)._context.ctx
        assert llama_cpp.llama_n_threads_batch(context) == 3
        assert llama_cpp.llama_n_threads(context) == 1
    later.close()


def test_a_number_that_is_given_holds(models: Path, tmp_path: Path) -> None:
    chat = _chat(models, tmp_path, number=1)
    chat.calibrate(HEAD)
    assert not list(tmp_path.glob("*.threads"))
    chat.close()


def test_where_somebody_waits_it_is_left_for_the_next_start(models: Path, tmp_path: Path) -> None:
    import llama_cpp

    chat = _chat(models, tmp_path)
    chat.calibrate(HEAD, lambda: True)
    assert not list(tmp_path.glob("*.threads"))
    context = chat._reader("answer")._context.ctx
    assert llama_cpp.llama_n_threads(context) == os.cpu_count()
    chat.close()
