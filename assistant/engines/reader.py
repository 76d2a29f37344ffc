"""Reads tokens with one llama.cpp context, and does not read again what it has just read."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import EngineError, Stopped

BATCH = 256  # tokens read between two looks at the stop event
_TIMED = 64  # tokens at least, for a speed worth knowing


class Reader:
    """One context over a model's weights; not for two threads at once.

    Without `tokens` it is the context that the `llama_cpp.Llama` object has, else one of its own
    with a window of so many tokens: a second prompt then does not push the first one's beginning
    out of the cache, and the weights are in memory once.
    """

    def __init__(self, llama: Any, tokens: int | None = None) -> None:
        import llama_cpp
        from llama_cpp import _internals

        self._own = tokens is not None
        self._context = llama._ctx if tokens is None else _another_context(llama, tokens)
        self._batch: Any = _internals.LlamaBatch(n_tokens=BATCH, embd=0, n_seq_max=1, verbose=False)
        self._vocabulary = llama.n_vocab()
        self._held: list[int] = []
        self.speed = 0.0  # tokens read a second at best, so far; 0 where too few were read
        self.has_begun = False  # holds, or has held, what all its prompts begin with
        self.failed = False  # and of no more use
        self._stop_event: threading.Event | None = None
        # Called while the model reads; it must outlive the context.
        self._callback = llama_cpp.ggml_abort_callback(self._is_stopped)
        llama_cpp.llama_set_abort_callback(self._context.ctx, self._callback, None)

    def close(self) -> None:
        """Before the model is closed."""
        self._batch.close()
        if self._own:
            self._context.close()

    def use(self, reading: int, writing: int) -> None:
        """So many threads from now on."""
        import llama_cpp

        llama_cpp.llama_set_n_threads(self._context.ctx, writing, reading)

    def begin(
        self, tokens: Sequence[int], file: Path, stop_event: threading.Event | None = None
    ) -> None:
        """Hold the tokens, the first time: out of the file, or by reading and keeping them there.

        Reading 400 tokens takes seconds, the file a tenth of one. It is a cache: what goes wrong
        with it is not worth an error. Raises what `logits` does; the batches that were read by then
        are not read again the next time.
        """
        if not self._load(tokens, file):
            self.logits(tokens, stop_event)
            self._save(file)
        self.has_begun = True

    def _load(self, tokens: Sequence[int], file: Path) -> bool:
        import llama_cpp

        if not file.is_file():
            return False
        held = (llama_cpp.llama_token * len(tokens))()
        count = ctypes.c_size_t(0)
        read = llama_cpp.llama_state_seq_load_file(
            self._context.ctx, os.fsencode(file), 0, held, len(tokens), ctypes.byref(count)
        )
        if read and list(held[: count.value]) == list(tokens):
            self._held = list(tokens)
            return True
        self._context.kv_cache_seq_rm(-1, 0, -1)
        self._held.clear()
        with suppress(OSError):
            file.unlink()
        return False

    def _save(self, file: Path) -> None:
        import llama_cpp

        partial = file.with_name(f"{file.name}.{os.getpid()}")
        tokens = (llama_cpp.llama_token * len(self._held))(*self._held)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            written = llama_cpp.llama_state_seq_save_file(
                self._context.ctx, os.fsencode(partial), 0, tokens, len(tokens)
            )
            if written:
                partial.replace(file)
            partial.unlink(missing_ok=True)

    def logits(
        self, tokens: Sequence[int], stop_event: threading.Event | None = None
    ) -> NDArray[np.float32]:
        """The logits of what follows the tokens, of which only those not held are read.

        Raises Stopped within a fraction of a second after `stop_event` is set, EngineError where
        the model fails.
        """
        self._read(tokens, 1, stop_event)
        return self._logits_at(-1)

    def likelihood(
        self, tokens: Sequence[int], more: Sequence[int], stop_event: threading.Event | None = None
    ) -> float:
        """The mean natural logarithm of the probabilities of `more`, at most BATCH tokens and at
        least one, after the tokens.

        Raises what `logits` does.
        """
        count = len(more)
        self._read([*tokens, *more[:-1]], count, stop_event)
        found = (_log_probability(self._logits_at(at - count), more[at]) for at in range(count))
        return sum(found) / count

    def _read(self, tokens: Sequence[int], last: int, stop_event: threading.Event | None) -> None:
        """Hold the tokens; there are logits after each of the `last`, which are read at once."""
        keep = min(_common(self._held, tokens), len(tokens) - last)
        del self._held[keep:]
        self._context.kv_cache_seq_rm(-1, keep, -1)
        self._stop_event = stop_event
        begun = time.monotonic()
        try:
            while left := len(tokens) - len(self._held):
                if stop_event is not None and stop_event.is_set():
                    raise Stopped
                count = left if left <= BATCH else min(BATCH, left - last)
                at = len(self._held)
                part = list(tokens[at : at + count])
                self._batch.set_batch(batch=part, n_past=at, logits_all=False)
                if count == left:
                    for place in range(count - last, count):
                        self._batch.batch.logits[place] = True
                self._context.decode(self._batch)
                self._held += part
        except RuntimeError as error:  # llama_decode gives a number and no more
            if stop_event is not None and stop_event.is_set():
                raise Stopped from error
            self.failed = True
            raise EngineError(f"the model failed while reading ({error}); ask again") from error
        finally:
            self._stop_event = None
        if (read := len(tokens) - keep) >= _TIMED:
            self.speed = max(self.speed, read / (time.monotonic() - begun))

    def _logits_at(self, index: int) -> NDArray[np.float32]:
        import llama_cpp

        logits = llama_cpp.llama_get_logits_ith(self._context.ctx, index)
        return np.array(np.ctypeslib.as_array(logits, shape=(self._vocabulary,)))

    def _is_stopped(self, _: Any) -> bool:
        event = self._stop_event
        return event is not None and event.is_set()


def _another_context(llama: Any, tokens: int) -> Any:
    from llama_cpp import _internals

    params = type(llama.context_params)()
    ctypes.memmove(ctypes.byref(params), ctypes.byref(llama.context_params), ctypes.sizeof(params))
    params.n_ctx = tokens
    return _internals.LlamaContext(model=llama._model, params=params, verbose=False)


def _log_probability(logits: NDArray[np.float32], token: int) -> float:
    most = float(logits.max())
    return float(logits[token]) - most - float(np.log(np.exp(logits - most).sum()))


def _common(held: Sequence[int], tokens: Sequence[int]) -> int:
    """How many tokens at the beginning are held; at least one is left to be read."""
    keep = 0
    while keep < min(len(held), len(tokens) - 1) and held[keep] == tokens[keep]:
        keep += 1
    return keep
