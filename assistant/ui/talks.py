"""Which conversation each open page is in, with what the library keeps of it."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import StoreError
from assistant.records import Conversation, Exchange, Found, Scope, Turn

if TYPE_CHECKING:
    from assistant.library.conversations import Conversations


@dataclass
class Talk:
    """A conversation as a page shows it.

    `found` is the evidence behind the exchanges of this visit, by their numbers; `asking` is held
    while a question runs. `unkept` are the exchanges that could not be written down yet.
    """

    conversation: Conversation
    exchanges: list[Exchange] = field(default_factory=list)
    unkept: list[Exchange] = field(default_factory=list)
    found: dict[int, Found] = field(default_factory=dict)
    asking: threading.Lock = field(default_factory=threading.Lock)
    first_question: str = ""  # of a conversation that is not kept yet

    @property
    def id(self) -> str:
        return self.conversation.id

    @property
    def scope(self) -> Scope:
        return self.conversation.scope

    @property
    def next_number(self) -> int:
        return self.exchanges[-1].number + 1 if self.exchanges else 1

    def exchange(self, number: int) -> Exchange | None:
        return next((each for each in self.exchanges if each.number == number), None)

    def cut(self, number: int) -> None:
        """Forget the exchange with this number and all later ones."""
        self.exchanges = [each for each in self.exchanges if each.number < number]
        self.unkept = [each for each in self.unkept if each.number < number]

    def history(self) -> tuple[Turn, ...]:
        """What was asked, standing by itself, and answered; half an answer is no history."""
        done = [each.answer for each in self.exchanges if each.answer is not None]
        return tuple(Turn(answer.asked or answer.question, answer.text) for answer in done)


class Talks:
    """The conversation of each open page. What a page shows is only held here for speed: it is
    read anew where another page or process has changed it.
    """

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._lock = threading.Lock()
        self._talks: dict[str, Talk] = {}
        self._forgotten: set[str] = set()

    def at(self, page: str) -> Talk | None:
        with self._lock:
            return self._talks.get(page)

    def enter(self, page: str, reader: str, id: str) -> Talk | None:
        """The conversation with this id, in which the page is from now on; None: there is none."""
        talk = self.at(page)
        kept = self._conversations.get(reader, id)
        if talk is None or talk.id != id:
            if kept is None:
                return None
            return self._put(page, Talk(kept, self._conversations.exchanges(reader, id)))
        if kept is not None and kept != talk.conversation and not talk.asking.locked():
            # In place: a question that runs goes by the very talk that it began in.
            talk.conversation = kept
            talk.exchanges = [*self._conversations.exchanges(reader, id), *talk.unkept]
        return talk

    def begin(self, page: str, reader: str) -> Talk:
        return self._put(page, Talk(self._conversations.begin(reader)))

    def at_or_begin(self, page: str, reader: str) -> Talk:
        with self._lock:
            return self._talks.setdefault(page, Talk(self._conversations.begin(reader)))

    def keep(self, talk: Talk, reader: str, exchange: Exchange) -> None:
        """Write an exchange down, but for what was deleted while it was asked.

        Before it those that could not be written down when they were asked.
        """
        talk.exchanges.append(exchange)
        talk.unkept.append(exchange)
        self._keep(talk, reader)

    def _keep(self, talk: Talk, reader: str) -> None:
        with self._lock:
            while talk.unkept and talk.id not in self._forgotten:
                first = talk.unkept[0]
                talk.conversation = self._conversations.keep(reader, talk.conversation, first)
                talk.unkept = talk.unkept[1:]

    def forget(self, reader: str, id: str) -> None:
        with self._lock:
            if self._conversations.delete(reader, id):
                self._forgotten.add(id)

    def leave(self, page: str, reader: str) -> None:
        with self._lock:
            talk = self._talks.pop(page, None)
        if talk is not None and not talk.asking.locked():
            with suppress(StoreError):  # the person was told when it failed first
                self._keep(talk, reader)

    def _put(self, page: str, talk: Talk) -> Talk:
        with self._lock:
            self._talks[page] = talk
        return talk
