"""An App without models: canned answers over a real library, with small sleeps."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from library_fakes import opened

from assistant.answering.search import Looked, look
from assistant.config import Settings
from assistant.errors import ModelFileError, QuestionError
from assistant.records import (
    EVERYTHING,
    Answer,
    AnswerSentence,
    Article,
    ArticleInfo,
    Citation,
    Conversation,
    Done,
    Event,
    Evidence,
    Exchange,
    Followed,
    Found,
    Outcome,
    Scope,
    Searching,
    Seconds,
    Span,
    Token,
    Turn,
    Waiting,
)

EVIL = '<script>window.hacked = 1</script><img src="http://evil.example/x.png" onerror="hacked=2">'

CALL = Article(
    id="call0001",
    title="Trump and Putin talk for two hours, and the war is only one subject",
    source="seeds/articles/phone-call.md",
    authors=("World desk",),
    published=date(2025, 3, 19),
    text="""The presidents of the United States and Russia spoke by telephone on Tuesday. The \
conversation went on for more than two hours, longer than any between the two countries’ leaders \
in years. They talked about the war in Ukraine, but also about their own relations, the Middle \
East, global security, and even hockey.

Moscow called it a step towards a dialogue between equals. Putin offered to halt attacks on \
energy sites for a limited time. In return he wanted the flow of Western arms curbed and \
Ukraine’s mobilisation stopped. Ukraine and its allies refused.

On the ground the pressure was rising. Ukrainian forces risked losing their last hold in the \
Kursk region, and commanders feared that the city of Sumy would be next.

Volodymyr Zelenskyy doubted that anything lasting could be agreed without his country at the \
table. In a poll, 68% of Ukrainians thought that some concessions would be necessary.

The envoy Steve Witkoff praised both presidents and spoke of enormous economic deals. Analysts \
feared that Ukraine and Europe were being sidelined.""",
)

FROST = Article(
    id="frost002",
    title="Oat prices climb after the late frost",
    source="seeds/articles/oats.md",
    authors=("Mara Lind", "Jon Aske"),
    published=date(2026, 4, 30),
    text="""A frost in the last week of April killed a third of the young oat plants in the \
northern counties.

Wholesale prices rose by 14% within ten days. Bakers have begun to mix in barley, which came \
through the cold nearly unharmed.""",
)

EVIL_ARTICLE = Article(
    id="evil0003",
    title=f"A page that would like to run {EVIL}",
    source=f"https://evil.example/{EVIL}",
    authors=(EVIL,),
    published=date(2026, 1, 2),
    text=f"The first paragraph is calm.\n\nThe trap says {EVIL} to whoever reads it. ${{1+1}} "
    "{{value}} `stays` as it is.\n\nThe last paragraph is calm, too.",
)

ANSWER = [
    ("The call lasted more than two hours, the longest between the two leaders in years.",
     [(CALL, "The conversation went on for more than two hours, longer than any between the two "
       "countries’ leaders in years.")], True),
    ("Putin offered to halt attacks on Ukraine’s energy sites for a while, on the condition that "
     "Western arms supplies were curbed and Ukraine’s mobilisation stopped.",
     [(CALL, "Putin offered to halt attacks on energy sites for a limited time."),
      (CALL, "In return he wanted the flow of Western arms curbed and Ukraine’s mobilisation "
       "stopped.")], True),
    ("Kyiv welcomed the offer.", [], False),
]  # fmt: skip


@dataclass(frozen=True)
class AddResult:
    source: str
    outcome: Outcome | None
    article: ArticleInfo | None
    error: str | None
    done: int
    total: int


class FakeApp:
    """A real library, and answers by a word in the question.

    The words are: hockey match, trap, frost, week, slow, model, crash, queue.
    """

    def __init__(self, store: Path, pause: float = 0.03) -> None:
        self.store = store
        self.pause = pause
        self.library = opened(store)
        self.reset()

    def reset(self) -> None:
        self.settings = Settings(store=self.store, models=self.store / "models")
        self.begin_with(CALL, FROST, EVIL_ARTICLE)
        with self.library._catalog._database.writing() as db:
            db.execute("DELETE FROM exchanges")
            db.execute("DELETE FROM conversations")
        self.stops: list[threading.Event] = []
        self.ended: list[float] = []  # time.monotonic() when the events of a question ended
        self.readers: list[str | None] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.scopes: list[Scope] = []
        self.ahead: list[str] = []  # what was being typed
        self.warmed = threading.Event()

    def begin_with(self, *articles: Article) -> None:
        """Let the library hold these articles and no other."""
        for info in self.library.articles():
            self.library.remove(info.id)
        for article in articles:
            self.library.add(article)

    def tag_all(self) -> None:
        tags = {CALL.id: ["Diplomacy", "Ukraine"], FROST.id: ["Farming"]}
        for article_id, names in tags.items():
            self.library.edit(article_id, tags=names)

    def conversations(self) -> list[Conversation]:
        """Everybody's."""
        with self.library._catalog._database.reading() as db:
            readers = [row[0] for row in db.execute("SELECT DISTINCT reader FROM conversations")]
        return [each for reader in readers for each in self.library.conversations.list(reader)]

    def exchanges(self, conversation: Conversation) -> list[Exchange]:
        with self.library._catalog._database.reading() as db:
            [[reader]] = db.execute(
                "SELECT reader FROM conversations WHERE id = ?", (conversation.id,)
            ).fetchall()
        return self.library.conversations.exchanges(reader, conversation.id)

    def follow(self, target: str) -> Followed:
        return Followed(target)

    def update(self, stop: threading.Event | None = None) -> Iterator[AddResult]:
        return iter(())

    @property
    def waiting(self) -> int:
        return 3

    @property
    def model_name(self) -> str:
        return self.settings.model

    def apply(self, settings: Settings) -> None:
        self.settings = settings

    def warm(self, stop: threading.Event | None = None, aside: bool = False) -> None:
        self.warmed.set()

    def add(
        self,
        paths: Sequence[Path],
        stop: threading.Event | None = None,
        names: Mapping[Path, str] | None = None,
    ) -> Iterator[AddResult]:
        for i, path in enumerate(paths, start=1):
            time.sleep(self.pause)
            source = (names or {}).get(path, str(path))
            data = path.read_bytes()
            if b"\0" in data or not data:
                why = "is empty" if not data else "is not text; add .txt, .md or .html files"
                yield AddResult(source, None, None, f"{path} {why}", i, len(paths))
            else:
                yield self._kept(data.decode(), path.stem, source, i, len(paths))

    def add_text(self, text: str, title: str | None = None) -> AddResult:
        if not text.strip():
            return AddResult("paste", None, None, "The text is empty; paste an article.", 1, 1)
        return self._kept(text, title or text[:40], f"paste:{len(text)}", 1, 1)

    def _kept(self, text: str, title: str, source: str, done: int, total: int) -> AddResult:
        id = f"new{self.library.counts().articles:05}"
        article = Article(id=id, title=title, source=source, text=text)
        return AddResult(source, self.library.add(article), article, None, done, total)

    def find(self, question: str, scope: Scope = EVERYTHING) -> Looked:
        return look(self.library, self.settings, question, scope=scope)

    def read_ahead(
        self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYTHING
    ) -> None:
        self.ahead.append(question)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        stop: threading.Event | None = None,
        scope: Scope = EVERYTHING,
        reader: str | None = None,
    ) -> Iterator[Event]:
        stop = stop or threading.Event()
        self.stops.append(stop)
        self.scopes.append(scope)
        self.readers.append(reader)
        self.histories.append(tuple(history))
        if len(question) > self.settings.max_question_chars:
            raise QuestionError("The question is too long; ask it in at most 2,000 characters.")
        if "model" in question:
            raise ModelFileError("The model is not there; fetch it: assistant models pull NAME")
        if "crash" in question:
            raise RuntimeError("secret detail")
        try:
            yield from self._events(question, stop, scope)
        finally:
            self.ended.append(time.monotonic())

    def _events(self, question: str, stop: threading.Event, scope: Scope) -> Iterator[Event]:
        if "week" in question:
            scope = replace(scope, since=date(2026, 5, 1))
        answer = replace(_answer(question), scope=scope)
        yield Searching(question, scope)
        time.sleep(self.pause)
        yield Found(_evidence(answer), 0.1)
        if "queue" in question:
            yield Waiting(2)
            stop.wait(self.pause * 40)
        stop.wait(self.pause * 10)
        words = "" if answer.refused else answer.text.replace("[1]", "[4]")
        if "slow" in question:
            words = f"{words} " * 40
        for word in words.split(" "):
            if stop.is_set():
                return
            yield Token(word + " ")
            time.sleep(self.pause)
        if not stop.is_set():
            yield Done(answer)


def _evidence(answer: Answer) -> tuple[Evidence, ...]:
    known = [*answer.citations, *answer.nearest]
    return tuple(
        Evidence(i, c.article, Span(c.start, c.end), c.quote) for i, c in enumerate(known, start=1)
    )


def _answer(question: str) -> Answer:
    if "hockey match" in question:
        nearest = [_cite(0, CALL, "They talked about the war in Ukraine, but also about their own "
                         "relations, the Middle East, global security, and even hockey."),
                   _cite(0, FROST, "Wholesale prices rose by 14% within ten days.")]  # fmt: skip
        text = "The articles do not say who won a hockey match."
        return Answer(
            question, text, True, (), (), tuple(nearest), "fake", Seconds(0.1, 0.1, 0.2),
            missing=("Zurich",), withdrawn=("The Eagles won the match.",),
        )  # fmt: skip
    if "trap" in question:
        quote = f"The trap says {EVIL} to whoever reads it."
        return _built(
            question, [(f"It says {EVIL} ${{1+1}} {{{{value}}}}.", [(EVIL_ARTICLE, quote)], True)]
        )
    if "frost" in question:
        quote = "Wholesale prices rose by 14% within ten days."
        return _built(
            question, [("Oats became 14% dearer within ten days.", [(FROST, quote)], True)]
        )
    return _built(question, ANSWER)


def _built(question: str, parts: list[tuple[str, list[tuple[Article, str]], bool]]) -> Answer:
    citations: list[Citation] = []
    sentences, texts = [], []
    for text, cited, supported in parts:
        new = [_cite(len(citations) + i, *c) for i, c in enumerate(cited, start=1)]
        citations += new
        numbers = tuple(c.number for c in new)
        sentences.append(AnswerSentence(text, numbers, supported))
        texts.append(" ".join([text, "".join(f"[{n}]" for n in numbers)]).strip())
    return Answer(
        question, " ".join(texts), False, tuple(sentences), tuple(citations), (), "fake",
        Seconds(0.1, 2.1, 5.4),
    )  # fmt: skip


def _cite(number: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(number, _info(article), start, start + len(quote), quote)


def _info(article: Article) -> ArticleInfo:
    names = [field.name for field in fields(ArticleInfo)]
    return ArticleInfo(**{name: getattr(article, name) for name in names})
