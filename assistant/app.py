"""The composition root: Settings → wired objects. The only place that constructs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from assistant import adding, assets, config, prompts
from assistant.adding import AddResult
from assistant.answering.answer import Answerer, Prompts
from assistant.answering.search import Looked, look
from assistant.answering.second_look import ModelVerdict
from assistant.config import Settings
from assistant.engines.embedder import MiniLM
from assistant.engines.llama import LocalChat
from assistant.errors import QuestionError, SourceError
from assistant.library.library import Library, open_library
from assistant.reading import files
from assistant.reading.web import Web
from assistant.records import EVERYTHING, Article, Event, Followed, Scope, Turn

EMBEDDER = "minilm"
TOKENIZER = "minilm-tokenizer"


class App:
    """One library with its models. `open_app` makes it; close it, or use it as a context."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        wording: Prompts,
        second_look: prompts.Prompt,
    ) -> None:
        self.settings = settings
        self.library = library
        self._wording = wording
        self._second_look = second_look
        self._answerer: Answerer | None = None
        self._chat: LocalChat | None = None
        self._wiring = threading.Lock()

    @property
    def model_name(self) -> str:
        return self.settings.model

    def add(
        self,
        targets: Sequence[str | Path],
        stop: threading.Event | None = None,
        names: Mapping[Path, str] | None = None,
    ) -> Iterator[AddResult]:
        """Add files, folders and web addresses, also those that a file or a feed lists.

        One result a source; `names` gives a path another source name. Raises SourceError before
        anything is added where a path does not exist, StoreError where the library cannot be
        written.
        """
        found = adding.places(targets, names)
        stop = stop or threading.Event()
        yield from adding.add(self.library, self._web(), self._max_bytes(), found, stop)

    def follow(self, target: str) -> Followed:
        """Remember a folder or feed, to be read by `update`; a page stands for the feed it names.

        Raises SourceError for what is neither.
        """
        with self._web() as web:
            followed = adding.followed(target, web)
        self.library.follow(followed)
        return followed

    def update(self, stop: threading.Event | None = None) -> Iterator[AddResult]:
        """Read what is followed again, as far as it has changed; one result a source.

        A folder or feed that cannot be read gives a result with an error.
        """
        found, errors = adding.places_followed(self.library.followed())
        yield from errors
        stop = stop or threading.Event()
        yield from adding.add(self.library, self._web(), self._max_bytes(), found, stop)

    def _web(self) -> Web:
        private = self.settings.allow_private_addresses
        return Web(max_bytes=self._max_bytes(), allow_private=private)

    def add_text(self, text: str, title: str | None = None) -> AddResult:
        """Add a pasted text; a text that is no article gives a result with an error."""
        if len(text.encode("utf-8", "replace")) > self._max_bytes():
            error = f"the text is larger than {self.settings.max_file_mb:g} MB (max_file_mb)"
            return AddResult("pasted text", None, None, error, 1, 1)
        try:
            article: Article = files.from_text(text, title=title)
        except SourceError as error:
            return AddResult("pasted text", None, None, str(error), 1, 1)
        return AddResult(article.source, self.library.add(article), article, None, 1, 1)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        scope: Scope = EVERYTHING,
    ) -> Iterator[Event]:
        """The events of one answer. Raises QuestionError, ModelFileError at once."""
        question = self._asked(question)
        return self._wired().ask(question, history, stop or threading.Event(), scope)

    def find(self, question: str, scope: Scope = EVERYTHING) -> Looked:
        """What the model would be shown, with no model at work. Raises QuestionError."""
        return look(self.library, self.settings, self._asked(question), scope=scope)

    def _asked(self, question: str) -> str:
        question = " ".join(question.split())
        if not question:
            raise QuestionError("the question is empty; write what you want to know")
        if len(question) > self.settings.max_question_chars:
            raise QuestionError(
                f"the question has {len(question):,} characters, more than "
                f"{self.settings.max_question_chars:,} (setting max_question_chars); shorten it"
            )
        return question

    def warm(self) -> None:
        """Load the model and read the fixed beginnings of its prompts: some seconds."""
        answerer = self._wired()
        chat = self._chat
        if chat is not None:
            self._in_turn(answerer, lambda: chat.read(self._wording.answer.head))
        if isinstance(answerer.verdict, ModelVerdict):
            self._in_turn(answerer, answerer.verdict.warm)

    @staticmethod
    def _in_turn(answerer: Answerer, work: Callable[[], None]) -> None:
        with answerer.queue.ticket() as ticket:
            for _ in answerer.queue.places(ticket, threading.Event()):
                pass
            work()

    def use_model(self, model: str) -> None:
        """Answer with another model from now on, by name or .gguf path, and remember it."""
        name = assets.llm_setting(model, self.settings.models)
        self.apply(config.save(self.settings, model=name))

    def apply(self, settings: Settings) -> None:
        """Let changed settings hold for the answers that begin from now on."""
        with self._wiring:
            if self._chat is not None and settings.model != self.settings.model:
                # An answer may still be under way on it; closing waits for that.
                threading.Thread(target=self._chat.close, daemon=True).start()
                self._chat = None
            self.settings = settings
            self._answerer = None

    def close(self) -> None:
        with self._wiring:
            if self._chat is not None:
                self._chat.close()
                self._chat = None
            self._answerer = None
        self.library.close()

    def __enter__(self) -> App:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _max_bytes(self) -> int:
        return int(self.settings.max_file_mb * 1_000_000)

    def _wired(self) -> Answerer:
        with self._wiring:
            if self._answerer is None:
                chat = self._chat or _chat(self.settings)
                self._chat = chat
                self._answerer = Answerer(
                    self.library,
                    chat,
                    self.settings.model,
                    self._wording,
                    self.settings,
                    ModelVerdict(chat, self._second_look) if self.settings.second_look else None,
                    lambda: chat.reading_speed,
                )
            return self._answerer


def open_app(settings: Settings) -> App:
    """Open the library and the embedder. The language model is loaded at the first answer.

    Raises StoreError, ModelFileError or SettingsError (a prompt that cannot be used).
    """
    _keep_private()
    folder = config.resource("prompts")
    wording = Prompts(prompts.answer(folder), prompts.overview(folder), prompts.rewrite(folder))
    embeddings = MiniLM(
        assets.path(EMBEDDER, settings.models),
        assets.path(TOKENIZER, settings.models),
        settings.threads or os.cpu_count() or 1,
    )
    library = open_library(settings.store, embeddings, EMBEDDER)
    return App(settings, library, wording, prompts.second_look(folder))


def _keep_private() -> None:
    """No library may tell anybody of a question: LangChain would send every prompt to a tracing
    service where a person's environment asks for it, and others count their users.
    """
    os.environ.update(
        LANGSMITH_TRACING="false",
        LANGSMITH_TRACING_V2="false",
        LANGCHAIN_TRACING="false",
        LANGCHAIN_TRACING_V2="false",
        ANONYMIZED_TELEMETRY="False",
        HF_HUB_DISABLE_TELEMETRY="1",
    )


def _chat(settings: Settings) -> LocalChat:
    return LocalChat(
        path=assets.resolve_llm(settings.model, settings.models),
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        beginnings=settings.models / ".beginnings",
    )
