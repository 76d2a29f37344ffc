"""A local GGUF model through llama.cpp, as a LangChain `BaseChatModel`.

Greedy decoding in a loop of our own rather than the library's: it gives a stop that also reaches
the model while it reads the prompt, the probability of the first token, and citation marks that
can only hold numbers that exist. The beginning that a prompt shares with the last one stays in the
model's cache and is not read again.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.engines.marks import MarkGuide
from assistant.engines.reader import BATCH, Reader
from assistant.engines.template import prompt_tokens
from assistant.engines.threads import Threads, every_core, keep, kept, measured
from assistant.errors import EngineError, ModelFileError

MAIN = "answer"
_ASIDE_TOKENS = 3072  # window of a context for short prompts of another kind
_BEGINNINGS = 8  # kept in the cache, 12 to 50 MB each
_log_nothing: Any = None  # the callback must outlive every model


class LocalChat(BaseChatModel):
    """One model in memory. Calls take turns; `_stream` accepts these keywords:

    `stop_event`: a `threading.Event`; once set, `Stopped` is raised within a fraction of a second.
    `max_tokens`: longest answer, in tokens.
    `marks`: number of the highest citation mark that may be written (see `MarkGuide`), or None.
    `bias`: added to the logits of the first token, as {text that the answer begins with: bias}.
    `context`: a name. Prompts of one name run in one context, whose beginning stays in the cache
    whatever prompts of other names are asked in between.

    With a folder for `beginnings`, what comes before a prompt's last message is kept there, so that
    the first prompt after a start need not read it; and so is what `calibrate` has found, where
    `threads` is 0.

    Raises ModelFileError where the file cannot be loaded, EngineError where the prompt does not
    fit or the model fails. A model that has failed is loaded anew for the next prompt; whatever
    becomes of its file while it is in memory is met at the next loading.
    """

    path: Path
    context_tokens: int = 4096
    threads: int = 0
    beginnings: Path | None = None

    _llama: Any = PrivateAttr(default=None)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _guide: MarkGuide | None = PrivateAttr(default=None)
    _readers: dict[str, Reader] = PrivateAttr(default_factory=dict)
    _file: tuple[int, int] = PrivateAttr(default=(0, 0))  # size and time of what was loaded

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    def load(self) -> None:
        """Load the model now (a second or two) instead of at the first answer."""
        with self._lock:
            self._loaded()

    @property
    def reading_speed(self) -> float:
        """Tokens read a second, the best seen since the model was loaded; 0 where unknown."""
        return max((reader.speed for reader in self._readers.values()), default=0.0)

    def close(self) -> None:
        with self._lock:
            self._unload()

    def _unload(self) -> None:
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()
        if self._llama is not None:
            self._llama.close()
            self._llama = None

    def get_num_tokens(self, text: str) -> int:
        with self._lock:
            return len(self._tokenize(text))

    def read(
        self,
        messages: Sequence[BaseMessage],
        context: str = MAIN,
        stop_event: threading.Event | None = None,
    ) -> None:
        """Read a prompt's beginning into the cache: prompts that begin so then start faster.

        Raises Stopped like `_stream`.
        """
        with self._lock:
            reader = self._reader(context)
            last = messages[-1].type == "human"  # no part of what all prompts begin with
            self._begin(reader, messages[:-1] if last else messages, stop_event)
            reader.logits(self._prompt(messages, answer=False), stop_event)

    def preference(
        self,
        messages: Sequence[BaseMessage],
        one: str,
        other: str,
        stop_event: threading.Event | None = None,
        context: str = MAIN,
    ) -> float:
        """By how much the model would rather answer with `one` than with `other`, in logits.

        Raises EngineError where the prompt does not fit its context, Stopped like `_stream`.
        """
        with self._lock:
            reader, prompt = self._opened(messages, 0, context, stop_event)
            logits = reader.logits(prompt, stop_event)
            return float(logits[self._tokenize(one)[0]] - logits[self._tokenize(other)[0]])

    def likelihood(
        self,
        messages: Sequence[BaseMessage],
        reply: str,
        stop_event: threading.Event | None = None,
        context: str = MAIN,
    ) -> float:
        """The mean log-probability, per token, of a reply's beginning (256 tokens at most).

        Raises EngineError where the prompt does not fit its context, Stopped like `_stream`.
        """
        with self._lock:
            tokens = self._tokenize(reply)[:BATCH]
            reader, prompt = self._opened(messages, len(tokens), context, stop_event)
            return reader.likelihood(prompt, tokens, stop_event)

    def calibrate(
        self, messages: Sequence[BaseMessage], give_up: Callable[[], bool] = lambda: False
    ) -> None:
        """Find out with how many threads this model is fastest on this machine: seconds, once.

        Nothing is done where the number is given, or where nothing can be kept. `messages` are a
        prompt's beginning; `give_up` is asked between two tries.
        """
        with self._lock:
            llama, reader = self._loaded(), self._reader(MAIN)
            file = self._threads_file()
            if self.threads or file is None or kept(file):
                return
            self._begin(reader, messages)
            found = measured(reader, self._prompt(messages, answer=False), give_up)
            if found:
                keep(file, found)
            chosen = found or every_core()
            params = llama.context_params  # of contexts that are made later
            params.n_threads_batch, params.n_threads = chosen.reading, chosen.writing
            for each in self._readers.values():
                each.use(*chosen)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(
            str(chunk.message.content) for chunk in self._stream(messages, stop, None, **kwargs)
        )
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        with self._lock:
            for piece in _until(stop or (), self._write(messages, **kwargs)):
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
                if run_manager:
                    run_manager.on_llm_new_token(piece, chunk=chunk)
                yield chunk

    def _write(
        self,
        messages: Sequence[BaseMessage],
        stop_event: threading.Event | None = None,
        max_tokens: int = 256,
        marks: int | None = None,
        bias: dict[str, float] | None = None,
        context: str = MAIN,
    ) -> Iterator[str]:
        llama = self._loaded()
        reader, tokens = self._opened(messages, max_tokens, context, stop_event)
        logits = reader.logits(tokens, stop_event)
        for text, amount in (bias or {}).items():
            logits[self._tokenize(text)[0]] += amount
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        written = ""
        for _ in range(max_tokens):
            if marks is not None and self._guide is not None:
                self._guide.mask(written, marks, logits)
            token = int(np.argmax(logits))
            if self._ends(token):
                break
            piece = decoder.decode(llama.detokenize([token]))
            written += piece
            if piece:
                yield piece
            tokens.append(token)
            logits = reader.logits(tokens, stop_event)
        yield decoder.decode(b"", final=True)  # mostly empty, but a stream must not be without one

    def _prompt(self, messages: Sequence[BaseMessage], answer: bool) -> list[int]:
        return prompt_tokens(self._loaded(), self._tokenize, messages, answer)

    def _opened(
        self,
        messages: Sequence[BaseMessage],
        room: int,
        context: str,
        stop_event: threading.Event | None,
    ) -> tuple[Reader, list[int]]:
        """The reader that holds a prompt's beginning, and the prompt's tokens, after which `room`
        tokens can be written. Raises EngineError, Stopped.
        """
        reader, tokens = self._reader(context), self._fitting(messages, room, context)
        self._begin(reader, messages[:-1], stop_event)
        return reader, tokens

    def _begin(
        self,
        reader: Reader,
        messages: Sequence[BaseMessage],
        stop_event: threading.Event | None = None,
    ) -> None:
        """Let a context that has had none yet hold a prompt's beginning from the last time."""
        if self.beginnings is None or reader.has_begun or len(messages) < 2:
            return
        tokens = self._prompt(messages, answer=False)
        file = self.beginnings / f"{self._key(tokens)}.beginning"
        reader.begin(tokens, file, stop_event)
        # Those of other models and of prompts that have changed since.
        files = sorted(self.beginnings.glob("*.beginning"), key=lambda file: file.stat().st_mtime)
        for file in files[:-_BEGINNINGS]:
            file.unlink(missing_ok=True)

    def _key(self, *of: object) -> str:
        """Names what is kept of the model that is loaded."""
        import llama_cpp

        what = (llama_cpp.__version__, str(self.path), *self._file, *of)
        return hashlib.sha256(repr(what).encode()).hexdigest()[:16]

    def _threads_file(self) -> Path | None:
        """Where it is kept how many threads are fastest for what is loaded, on this machine."""
        if self.beginnings is None:
            return None
        machine = (platform.node(), platform.machine(), os.cpu_count())
        return self.beginnings / f"{self._key(*machine)}.threads"

    def _chosen(self) -> Threads:
        if self.threads:
            return Threads(self.threads, self.threads)
        file = self._threads_file()
        return (kept(file) if file else None) or every_core()

    def _fitting(self, messages: Sequence[BaseMessage], room: int, context: str) -> list[int]:
        """The tokens of a prompt after which `room` tokens can be written. Raises EngineError."""
        tokens = self._prompt(messages, answer=True)
        if len(tokens) + room > self._window(context):
            raise EngineError(
                f"the prompt ({len(tokens)} tokens) does not fit the model's window; "
                "lower evidence_tokens or raise context_tokens in the settings"
            )
        return tokens

    def _window(self, context: str) -> int:
        return int(self._loaded().n_ctx()) if context == MAIN else _ASIDE_TOKENS

    def _reader(self, context: str) -> Reader:
        if context not in self._readers:
            own = None if context == MAIN else _ASIDE_TOKENS
            self._readers[context] = Reader(self._loaded(), own)
        return self._readers[context]

    def _ends(self, token: int) -> bool:
        import llama_cpp

        return bool(llama_cpp.llama_vocab_is_eog(self._llama._model.vocab, token))

    def _tokenize(self, text: str) -> list[int]:
        tokens: list[int] = self._loaded().tokenize(
            text.encode("utf-8", "replace"), add_bos=False, special=False
        )
        return tokens

    def _loaded(self) -> Any:
        """The llama.cpp object; call with the lock held."""
        if any(reader.failed for reader in self._readers.values()):
            self._unload()
        if self._llama is not None:
            return self._llama
        # Threads that spin while they wait for each other take five times as long as soon as
        # anything else runs on the machine. Read by OpenMP when the library is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import llama_cpp

        _keep_quiet(llama_cpp)
        try:
            stat = self.path.stat()
            self._file = (stat.st_size, stat.st_mtime_ns)
            threads = self._chosen()
            # Read, not mapped: a mapped file that is cut short ends the process, one that is
            # written over changes the answers. And what llama.cpp has put into an order of its own
            # would be in memory twice: 1.9 instead of 1.3 GB. It costs two seconds at the start.
            llama = llama_cpp.Llama(
                str(self.path),
                use_mmap=False,
                n_ctx=self.context_tokens,
                n_batch=BATCH,
                n_threads=threads.writing,
                n_threads_batch=threads.reading,
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError, AssertionError) as error:
            raise ModelFileError(
                f"{self.path} cannot be loaded as a model ({error}); fetch it again with "
                "`assistant models pull`, or choose another with `assistant models use`"
            ) from error
        self._llama = llama
        self._guide = MarkGuide(self._tokenize)
        return llama


def _keep_quiet(llama_cpp: Any) -> None:
    """Drop llama.cpp's log; `verbose=False` would send the whole process's output to nowhere
    while a model loads, other threads' answers included.
    """
    global _log_nothing
    if _log_nothing is None:
        _log_nothing = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(_log_nothing, None)
        untouched = nullcontext()
        llama_cpp.llama.suppress_stdout_stderr = lambda disable=True: untouched
        llama_cpp._internals.suppress_stdout_stderr = lambda disable=True: untouched


def _until(stops: Sequence[str], pieces: Iterator[str]) -> Iterator[str]:
    """Pass the pieces on up to the first stop string, which is left out."""
    if not stops:
        yield from pieces
        return
    longest = max(map(len, stops))
    held = ""
    for piece in pieces:
        held += piece
        ends = [at for stop in stops if (at := held.find(stop)) >= 0]
        if ends:
            yield held[: min(ends)]
            return
        safe = len(held) - longest + 1
        if safe > 0:
            yield held[:safe]
            held = held[safe:]
    yield held
