"""The chat: questions in, turns out, one running question per open page."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import gradio as gr

from assistant.errors import AssistantError, QuestionError, Stopped
from assistant.records import EVERYTHING, Done, Scope, Token
from assistant.ui import head, render, scope, words
from assistant.ui.meter import Meter
from assistant.ui.parts import trouble as trouble_html
from assistant.ui.render import TurnView
from assistant.ui.running import Running, page_of, reader_of
from assistant.ui.talks import Talk, Talks
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

SECONDS_BETWEEN_UPDATES = 1 / 9
GENERIC_TROUBLE = "Something went wrong on this machine. The server's log says more; ask again."
SAME: Any = gr.skip()


class Live(NamedTuple):
    """The turn that runs or ran last, and its words as long as they grow.

    While they do, both are said anew: to leave one out would cost Gradio more.
    """

    turn: Any = SAME
    words: Any = SAME


class Shown(NamedTuple):
    """A conversation: its turns, none of them live, what stands above it and what it looks in."""

    past: str
    turn: str
    words: str
    head: str
    limits: Any = SAME


@dataclass(frozen=True)
class Wish:
    """What the page says beside the question: the conversation that it shows, the number of the
    exchange to be replaced, a question that was not typed into the box, and whether to look in
    all articles from now on.
    """

    conversation: str = ""
    replaces: int = 0
    question: str = ""
    everything: bool = False

    @classmethod
    def of(cls, given: Any) -> Wish:
        values = given if isinstance(given, dict) else {}
        kinds = {"conversation": str, "replaces": int, "question": str, "everything": bool}
        fit = {key: values[key] for key, kind in kinds.items() if type(values.get(key)) is kind}
        return cls(**fit)


@dataclass(frozen=True)
class Chat:
    """The handlers behind the chat."""

    app: App
    running: Running = field(default_factory=Running)
    meter: Meter = field(default_factory=Meter)

    @cached_property
    def talks(self) -> Talks:
        return Talks(self.app.library.conversations)

    def ask(self, typed: str, wish: Any, request: gr.Request) -> Iterator[Live]:
        """Answers a question. It is kept as soon as it is done, stopped or failed."""
        wish = Wish.of(wish)
        question = (wish.question or typed).strip()
        if not question:
            yield Live()
            return
        page, reader, say = page_of(request), reader_of(request), self.words(request)
        with self.running.task(page) as stop:
            try:
                talk = self._entered(page, reader, wish.conversation)
                with talk.asking:
                    view = self._begun(question, talk, wish, reader, say)
                    yield from self._asked(view, talk, stop, page, reader, say)
            except AssistantError as error:
                failed = TurnView(0, question, wish.conversation, trouble=str(error))
                yield Live(render.turn(failed, say), "")
        # Gradio says the last values once more at the end, so the turn itself must not be those.
        yield Live()

    def _entered(self, page: str, reader: str, id: str) -> Talk:
        """The conversation that the page shows; a new one where it shows none."""
        talk = self.talks.enter(page, reader, id) if id else None
        return talk or self.talks.at_or_begin(page, reader)

    def _begun(self, question: str, talk: Talk, wish: Wish, reader: str, say: Words) -> TurnView:
        if wish.everything:
            self._limited(talk, reader, EVERYTHING, say)
        if wish.replaces:
            self.app.library.conversations.cut(reader, talk.id, wish.replaces)
            talk.cut(wish.replaces)
        if len(talk.exchanges) >= (most := self.app.settings.max_turns):
            raise QuestionError(
                f"this conversation has {most:,} questions, as many as one may have (setting"
                " max_turns); ask in a new conversation"
            )
        talk.first_question = talk.first_question or question
        return TurnView(talk.next_number, question, talk.id, talk.scope != EVERYTHING)

    def _asked(
        self, view: TurnView, talk: Talk, stop: threading.Event, page: str, reader: str, say: Words
    ) -> Iterator[Live]:
        """What to show until the answer is there, as long as the page shows this conversation."""
        live = Live(self._turn(view, say), "")
        yield live
        trouble = ""
        begun = time.monotonic()
        self.meter.begun()
        try:
            with closing(self._views(view, talk, stop, reader, say)) as views:
                for view in views:
                    if not view.running or self.talks.at(page) is not talk:
                        break
                    if view.words:
                        live = Live(live.turn, render.growing(view.words))
                    else:
                        live = Live(self._turn(view, say), "")
                    yield live
        finally:  # also where the page was closed
            view = replace(view, stopped=True) if view.running else view
            trouble = self._keep(view, talk, reader, say)
            texts = self.app.settings.log_questions
            self.meter.ended(view, time.monotonic() - begun, texts)
        if self.talks.at(page) is talk:
            yield Live(self._turn(view, say) + trouble, "")

    def _views(
        self, view: TurnView, talk: Talk, stop: threading.Event, reader: str, say: Words
    ) -> Generator[TurnView]:
        """The turn again and again as its answer grows, at most 9 times a second."""
        try:
            for view in self._grown(view, talk, stop, reader):  # noqa: B020
                yield view
        except Stopped:
            return
        except AssistantError as error:
            yield replace(view, trouble=str(error), error=type(error).__name__)
        except Exception as error:
            log.exception("a question could not be answered")
            yield replace(view, trouble=GENERIC_TROUBLE, error=type(error).__name__)

    def _grown(
        self, view: TurnView, talk: Talk, stop: threading.Event, reader: str
    ) -> Iterator[TurnView]:
        shown = 0.0
        events = cast(Any, self.app.ask(view.question, talk.history(), stop, talk.scope, reader))
        try:
            with closing(events):
                for event in events:
                    view = view.after(event)
                    if view.found:
                        talk.found[view.number] = view.found
                    now = time.monotonic()
                    if not isinstance(event, Token) or now - shown >= SECONDS_BETWEEN_UPDATES:
                        shown = now
                        yield view
                    if isinstance(event, Done) or stop.is_set():
                        break
        except Exception:
            yield view  # with the words that have come since the last
            raise
        if not view.answer:
            yield view

    def _keep(self, view: TurnView, talk: Talk, reader: str, say: Words) -> str:
        """Write the exchange down; returns HTML that says why it could not be."""
        try:
            self.talks.keep(talk, reader, view.exchange())
        except AssistantError as error:
            told = say(
                "This answer is not kept yet ({why}). It will be, together with the next one.",
                why=say.error(error),
            )
            return trouble_html(told)
        return ""

    def likely(self, request: gr.Request, event: gr.EventData) -> None:
        """Has the model begin to read for a question that is still being typed."""
        talk = self.talks.at(page_of(request))
        question = str(event._data.get("question", ""))[: self.app.settings.max_question_chars]
        history, where = (talk.history(), talk.scope) if talk else ((), EVERYTHING)
        with suppress(AssistantError):  # whoever asks will be told
            self.app.read_ahead(question, history, where)

    def stop(self, request: gr.Request) -> None:
        self.running.stop(page_of(request))

    def closed(self, request: gr.Request) -> None:
        """The page is gone."""
        self.stop(request)
        self.talks.leave(page_of(request), reader_of(request))

    def open(self, request: gr.Request, event: gr.EventData) -> Shown:
        """Shows another conversation; a new one where there is none with that id."""
        page, reader, say = page_of(request), reader_of(request), self.words(request)
        self.stop(request)
        self.talks.leave(page, reader)
        id, visit = str(event._data.get("id", "")), int(event._data.get("visit", 0))
        try:
            talk = self.talks.enter(page, reader, id) if id else None
        except AssistantError as error:
            return Shown(trouble_html(say.error(error)), "", "", head.none(visit))
        if talk is None:
            lost = trouble_html(say("This conversation is no longer here.")) if id else ""
            new = self.talks.begin(page, reader)
            return Shown(lost, "", "", head.none(visit), self._chips(new, say))
        limited = talk.scope != EVERYTHING
        views = [render.of_exchange(each, talk.id, limited) for each in talk.exchanges]
        past = "".join(self._turn(view, say) for view in views)
        above = head.head(talk.id, talk.conversation.title, say, visit)
        return Shown(past, "", "", above, self._chips(talk, say))

    def above(self, request: gr.Request) -> tuple[str, str]:
        """Returns (head, what is looked in) of the conversation that a question has begun."""
        page, say = page_of(request), self.words(request)
        talk = self.talks.at_or_begin(page, reader_of(request))
        title = talk.conversation.title or talk.first_question
        return head.head(talk.id, title, say), self._chips(talk, say)

    def limit(self, request: gr.Request, event: gr.EventData) -> str:
        """Looks in a part of the articles from now on; returns what the composer says of it."""
        page, reader, say = page_of(request), reader_of(request), self.words(request)
        data = event._data
        try:
            talk = self._entered(page, reader, str(data.get("conversation") or ""))
            return self._limited(talk, reader, scope.read(data.get("scope")), say)
        except AssistantError as error:
            return trouble_html(say.error(error))

    def _limited(self, talk: Talk, reader: str, wanted: Scope, say: Words) -> str:
        known = tuple(id for id in wanted.articles if self._title(id))
        wanted = replace(wanted, articles=known)
        self.app.library.conversations.limit(reader, talk.id, wanted)
        talk.conversation = replace(talk.conversation, scope=wanted)
        return self._chips(talk, say)

    def words(self, request: gr.Request) -> Words:
        return words.of(request, self.app.settings.language)

    def _turn(self, view: TurnView, say: Words) -> str:
        return render.turn(view, say, self._title)

    def _chips(self, talk: Talk, say: Words) -> str:
        return scope.chips(talk.scope, say, self._title)

    def _title(self, article_id: str) -> str:
        found = self.app.library.get(article_id)
        return found.title if found else ""
