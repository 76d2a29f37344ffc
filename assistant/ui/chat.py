"""The chat: questions in, turns out, one running question per open page."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import gradio as gr

from assistant.errors import AssistantError, Stopped
from assistant.records import Done, Token, Turn
from assistant.ui import render
from assistant.ui.render import TurnView

if TYPE_CHECKING:
    from assistant.app import App

log = logging.getLogger(__name__)

SECONDS_BETWEEN_UPDATES = 1 / 15
GENERIC_TROUBLE = "Something went wrong on this machine. The server's log says more; ask again."


@dataclass
class Talk:
    """A conversation: what the model is told of it, and its turns as HTML.

    It is changed in place and never an output of `ask`: an answer that ends late must not bring
    back a conversation that has been left.
    """

    turns: list[Turn] = field(default_factory=list)
    past: str = ""
    last: str = ""
    asked: int = 0
    over: bool = False


class Running:
    """What each open page has running, so that it can be stopped from outside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stops: dict[str, threading.Event] = {}

    @contextmanager
    def task(self, name: str) -> Iterator[threading.Event]:
        """A stop event for work under this name, set at the end however that comes about."""
        self.stop(name)
        stop = threading.Event()
        with self._lock:
            self._stops[name] = stop
        try:
            yield stop
        finally:
            stop.set()  # also where the page was closed: nothing must go on for nobody
            with self._lock:
                if self._stops.get(name) is stop:
                    del self._stops[name]

    def stop(self, name: str) -> None:
        with self._lock:
            if stop := self._stops.pop(name, None):
                stop.set()

    def stop_all(self) -> None:
        with self._lock:
            for stop in self._stops.values():
                stop.set()


@dataclass(frozen=True)
class Chat:
    """The handlers behind the chat."""

    app: App
    running: Running = field(default_factory=Running)

    def ask(self, question: str, talk: Talk, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Yields (text of the box, earlier turns, this turn); changes `talk` in place."""
        question = question.strip()
        if not question:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        talk.past, talk.last, talk.asked = talk.past + talk.last, "", talk.asked + 1
        first = TurnView(talk.asked, question)
        with self.running.task(page_of(request)) as stop:
            yield "", talk.past, render.turn(first, self._article)
            with closing(self._views(first, talk.turns, stop)) as views:
                for view in views:
                    if talk.over:
                        break
                    talk.last = render.turn(view, self._article)
                    if view.answer:
                        asked = view.answer.asked or question
                        talk.turns.append(Turn(asked, view.answer.text))
                    yield gr.skip(), gr.skip(), talk.last
        if talk.over:  # Gradio sends the last values once more at the end
            yield gr.skip(), "", ""

    def _views(
        self, first: TurnView, history: list[Turn], stop: threading.Event
    ) -> Generator[TurnView]:
        """The turn again and again as its answer grows, at most 15 times a second."""
        view = first
        try:
            for view in self._grown(first, history, stop):
                yield view
            if not view.answer:
                yield replace(view, stopped=True)
        except Stopped:
            yield replace(view, stopped=True)
        except AssistantError as error:
            yield replace(view, trouble=str(error))
        except Exception:
            log.exception("a question could not be answered")
            yield replace(view, trouble=GENERIC_TROUBLE)

    def _grown(
        self, view: TurnView, history: list[Turn], stop: threading.Event
    ) -> Iterator[TurnView]:
        shown = 0.0
        events = cast(Any, self.app.ask(view.question, tuple(history), stop))
        with closing(events):
            for event in events:
                view = view.after(event)
                now = time.monotonic()
                if not isinstance(event, Token) or now - shown >= SECONDS_BETWEEN_UPDATES:
                    shown = now
                    yield view
                if isinstance(event, Done) or stop.is_set():
                    break
        if not view.answer:
            yield view

    def stop(self, request: gr.Request) -> None:
        self.running.stop(page_of(request))

    def begin_anew(self, talk: Talk, request: gr.Request) -> tuple[str, str, Talk]:
        """Ends the conversation; returns (earlier turns, this turn, the new conversation)."""
        talk.over = True
        self.stop(request)
        return "", "", Talk()

    def _article(self, article_id: str) -> Any:
        return self.app.library.get(article_id)


def page_of(request: gr.Request) -> str:
    """The open page that a request came from; every tab of a browser is one."""
    return request.session_hash or ""
