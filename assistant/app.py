"""The composition root: Settings → wired objects. The only place that constructs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from langchain_core.embeddings import Embeddings

from assistant import adding, assets, config, prompts
from assistant.adding import AddResult
from assistant.answering.answer import Answerer
from assistant.answering.asked_of import ModelLikelihood
from assistant.answering.planted import ModelPlanted
from assistant.answering.queue import Queue
from assistant.answering.search import Looked, look
from assistant.answering.second_look import ModelVerdict
from assistant.answering.writer import Prompts
from assistant.config import Settings
from assistant.engines.embedder import MiniLM
from assistant.engines.llama import LocalChat
from assistant.engines.remote import RemoteChat
from assistant.engines.remote_embedder import RemoteEmbeddings
from assistant.engines.server import Server
from assistant.errors import QuestionError, SettingsError, SourceError
from assistant.library import chroma
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
    ) -> None:
        self.settings = settings
        self.library = library
        self._wording = wording
        self._answerer: Answerer | None = None
        self._chat: LocalChat | RemoteChat | None = None
        self._wiring = threading.Lock()
        # Changed settings put another answerer into the place of this one; those who wait stay.
        self._queue = Queue()
        self._keep_room()

    @property
    def model_name(self) -> str:
        return self.settings.llm

    @property
    def waiting(self) -> int:
        """How many questions wait for the model, beside the one that it answers."""
        return self._queue.waiting

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
        reader: str | None = None,
    ) -> Iterator[Event]:
        """The events of one answer. Raises QuestionError, ModelFileError at once.

        Many a `reader` may ask here: they take turns, and BusyError is raised where too many wait.
        """
        question = self._asked(question)
        return self._wired().ask(question, history, stop or threading.Event(), scope, reader)

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> None:
        """Have the model read what a question will need that is still being typed.

        Does nothing before the model is loaded, or while it answers. Raises StoreError,
        EngineError.
        """
        if self._answerer is not None:
            self._answerer.read_ahead(question, history, scope)

    def find(self, question: str, scope: Scope = EVERYTHING, passages: int | None = None) -> Looked:
        """What the model would be shown, with no model at work. Raises QuestionError.

        `passages` is how many are wanted, where that is not as the settings say.
        """
        settings = self.settings
        if passages is not None:
            more = {"passages": passages, "candidates": max(passages, settings.candidates)}
            settings = settings.model_copy(update=more)
        return look(self.library, settings, self._asked(question), scope=scope)

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

    def warm(self, stop: threading.Event | None = None, aside: bool = False) -> None:
        """Load the models and read the fixed beginnings of the prompts: some seconds.

        Raises Stopped after `stop` is set; what is under way is finished first, but for what is
        read `aside`, which whoever asks meanwhile breaks off too, and which goes on then.
        """
        stop = stop or threading.Event()
        self.library.search("article", 1, 1)  # loads the embedder, and opens the index
        self._wired()
        chat = self._chat
        if chat is None or isinstance(chat, RemoteChat):
            return
        self._queue.in_turn(stop, lambda: chat.read(self._wording.answer.head))
        for each in filter(None, (*self._doubts(), *(self._wording.planted or ()))):
            if aside:
                self._queue.aside(stop, partial(self._read, chat, each))
            else:
                self._queue.in_turn(stop, partial(self._read, chat, each))
        if not self.waiting:
            self._queue.in_turn(stop, lambda: self._calibrate(chat, stop))

    def _read(
        self, chat: LocalChat, prompt: prompts.Prompt, stop: threading.Event | None = None
    ) -> None:
        if chat is self._chat:  # and no other since
            chat.read(prompt.head, prompt.name, stop)

    def _calibrate(self, chat: LocalChat, stop: threading.Event) -> None:
        """Somebody who waits goes before; it is tried again at the next start then."""
        chat.calibrate(self._wording.answer.head, lambda: stop.is_set() or self.waiting > 0)

    def use_model(self, model: str) -> None:
        """Answer with another model from now on, by name or .gguf path, and remember it."""
        name = assets.llm_setting(model, self.settings.models)
        self.apply(config.save(self.settings, model=name))

    def apply(self, settings: Settings) -> None:
        """Let changed settings hold for the answers that begin from now on."""
        with self._wiring:
            if self._chat is not None and _which(settings) != _which(self.settings):
                # An answer may still be under way on it; closing waits for that.
                threading.Thread(target=self._chat.close, daemon=True).start()
                self._chat = None
            self.settings = settings
            self._answerer = None
        self._keep_room()

    def _keep_room(self) -> None:
        self.library.keeps_free = self.settings.min_free_disk_mb * 1_000_000

    def close(self) -> None:
        with self._wiring:
            if self._chat is not None:
                self._chat.close()
                self._chat = None
            self._answerer = None
        self.library.close()

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _max_bytes(self) -> int:
        return int(self.settings.max_file_mb * 1_000_000)

    def _wired(self) -> Answerer:
        with self._wiring:
            if self._answerer is None:
                chat = self._chat or _chat(self.settings)
                self._chat = chat
                # A server shows nobody how fast it reads, and keeps what it has read as it likes.
                local = None if isinstance(chat, RemoteChat) else chat
                look, asked = self._doubts()
                kinds = self._wording.planted
                self._answerer = Answerer(
                    self.library,
                    chat,
                    self.settings.llm,
                    self._wording,
                    self.settings,
                    ModelVerdict(chat, look) if look else None,
                    ModelLikelihood(local, asked) if local and asked else None,
                    ModelPlanted(local, *kinds) if local and kinds else None,
                    lambda: local.reading_speed if local else 0.0,
                    self._queue,
                    local.read if local else None,
                )
            return self._answerer

    def _doubts(self) -> tuple[prompts.Prompt | None, prompts.Prompt | None]:
        """The prompts for what is in doubt, where the settings want it looked at again."""
        if not self.settings.second_look:
            return None, None
        return self._wording.second_look, self._wording.asked_of


def open_app(settings: Settings) -> App:
    """Open the library and the embedder. The language model is loaded at the first answer.

    Raises StoreError, ModelFileError or SettingsError (a prompt that cannot be used).
    """
    _keep_private()
    folder = config.resource("prompts")
    wording = Prompts(
        prompts.answer(folder),
        prompts.overview(folder),
        prompts.rewrite(folder),
        prompts.second_look(folder),
        prompts.asked_of(folder),
        (prompts.planted(folder), prompts.written(folder)),
    )
    library = open_library(
        settings.store, *_embedder(settings), _vectors(settings), settings.catalog_url
    )
    return App(settings, library, wording)


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


def _embedder(settings: Settings) -> tuple[Embeddings, str]:
    """The embedder, and the name that a library knows it by."""
    if settings.embedder_url:
        if not settings.embedder_name:
            raise SettingsError(
                "embedder_url is set and embedder_name is not; give the model's name on that server"
            )
        given = (settings.embedder_url, settings.embedder_key, settings.embedder_name)
        return RemoteEmbeddings(Server("embedder", *given)), settings.embedder_name
    embeddings = MiniLM(
        assets.path(EMBEDDER, settings.models),
        assets.path(TOKENIZER, settings.models),
        settings.threads or os.cpu_count() or 1,
    )
    return embeddings, EMBEDDER


def _vectors(settings: Settings) -> chroma.Server | None:
    """The server of the vector index; None where that is in the library's folder."""
    if not settings.chroma_url:
        if settings.catalog_url:
            raise SettingsError(
                "catalog_url is set and chroma_url is not; give the address of a Chroma server for"
                " the vectors of a library that several machines share"
            )
        return None
    return chroma.Server(
        settings.chroma_url,
        settings.chroma_token,
        settings.chroma_tenant,
        settings.chroma_database,
    )


def _which(settings: Settings) -> tuple[str, ...]:
    """What the language model is known by."""
    return settings.model, settings.llm_url, settings.llm_key, settings.llm_name


def _chat(settings: Settings) -> LocalChat | RemoteChat:
    if settings.llm_url:
        given = (settings.llm_url, settings.llm_key, settings.llm_name)
        return RemoteChat(server=Server("llm", *given))
    return LocalChat(
        path=assets.resolve_llm(settings.model, settings.models),
        context_tokens=settings.context_tokens,
        threads=settings.threads,
        beginnings=settings.models / ".beginnings",
    )
