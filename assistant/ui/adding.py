"""Adding articles from the page: one line of work for each open tab, its progress and report."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from html import escape
from typing import TYPE_CHECKING, Any, cast

from assistant.errors import AssistantError, Stopped
from assistant.evaluation.markup import decimal
from assistant.ui.parts import clipped, number, trouble
from assistant.ui.reasons import reason, source_name
from assistant.ui.running import Running
from assistant.ui.words import Words

if TYPE_CHECKING:
    from assistant.adding import AddResult

log = logging.getLogger(__name__)

GOOD = 50  # named one by one in a report
BAD = 200
FEW = 3
SECONDS_BETWEEN_UPDATES = 0.15

Work = Callable[[threading.Event], "Iterator[AddResult]"]


class Adding:
    """What each open page adds, one thing after another."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Work]] = {}

    def run(self, work: Work, page: str, say: Words) -> Iterator[str]:
        """What to show while the work goes on and when it is done.

        Nothing where the page adds something already: that shows this as well, in its turn.
        """
        line = deque([work])
        with self._lock:
            if page in self._waiting:
                self._waiting[page].append(work)
                return
            self._waiting[page] = line
        tally = Tally(say)
        try:
            with self._running.task(f"add {page}") as stop:
                yield tally.progress()
                while (following := self._next(page, stop)) is not None:
                    yield from self._steps(following, stop, tally)
                yield tally.report(stopped=stop.is_set())
        finally:
            with self._lock:
                if self._waiting.get(page) is line:
                    del self._waiting[page]

    def stop(self, page: str) -> None:
        self._running.stop(f"add {page}")

    def _next(self, page: str, stop: threading.Event) -> Work | None:
        with self._lock:
            line = self._waiting[page]
            if line and not stop.is_set():
                return line.popleft()
            del self._waiting[page]
            return None

    def _steps(self, work: Work, stop: threading.Event, tally: Tally) -> Iterator[str]:
        tally.begin()
        shown = 0.0
        try:
            with closing(cast(Any, work(stop))) as results:
                for result in results:
                    tally.take(result)
                    if time.monotonic() - shown >= SECONDS_BETWEEN_UPDATES:
                        shown = time.monotonic()
                        yield tally.progress() + tally.report(whole=False)
        except Stopped:
            pass
        except AssistantError as error:
            tally.troubles.append(tally.say.error(error))
        except Exception:
            log.exception("articles could not be added")
            tally.troubles.append(tally.say("Adding failed; the server’s log says more."))


class Tally:
    """What has become of the sources so far."""

    def __init__(self, say: Words) -> None:
        self.say = say
        self.troubles: list[str] = []
        self._outcomes: Counter[str] = Counter()
        self._good: list[AddResult] = []
        self._bad: list[AddResult] = []
        self._since = time.monotonic()
        self._earlier = self._done = self._total = 0
        self._latest = ""

    def begin(self) -> None:
        """Another piece of work begins, which counts from one again."""
        self._earlier = self._done

    def take(self, result: AddResult) -> None:
        self._done = self._earlier + result.done
        self._total = max(self._earlier + result.total, self._done)
        self._latest = source_name(result.source)
        if result.error:
            self._outcomes["refused"] += 1
            self._bad += [result] if len(self._bad) < BAD else []
        else:
            self._outcomes[result.outcome or "same"] += 1
            self._good += [result] if len(self._good) < GOOD else []

    def all(self, results: Iterable[AddResult]) -> Tally:
        for result in results:
            self.take(result)
        return self

    def progress(self) -> str:
        """Done, left, how many a second, and what was read last."""
        say = self.say
        if not self._total:
            return (
                f'<div class="progress"><progress></progress><span>{say("Reading…")}</span></div>'
            )
        rate = self._done / max(time.monotonic() - self._since, 0.1)
        facts = (
            say("{done} of {total}", done=self._shown(self._done), total=self._shown(self._total)),
            say("{n} left", n=self._shown(self._total - self._done)),
            _rate(rate, say),
        )
        bar = f'<progress max="{self._total}" value="{self._done}"></progress>'
        return (
            f'<div class="progress">{bar}<span>{escape(" · ".join(facts))}</span></div>'
            f'<p class="latest"><bdi>{escape(self._latest)}</bdi></p>'
        )

    def report(self, *, stopped: bool = False, whole: bool = True) -> str:
        """A line that counts, then one each; in the midst of the work only what went wrong."""
        troubles = "".join(trouble(each) for each in self.troubles)
        counted = self._counted(stopped)
        if not counted and (troubles or not whole):
            return troubles
        said = escape(counted or self.say("Nothing to add: no article among them."))
        bad = self._lines(self._bad, self._outcomes["refused"])
        good = self._named() if whole else ""
        return f'{troubles}<div class="report"><p>{said}</p>{bad}{good}</div>'

    def _named(self) -> str:
        """What went well is folded away where it is more than a few."""
        lines = self._lines(self._good, self._outcomes.total() - self._outcomes["refused"])
        if len(self._good) <= FEW:
            return lines
        return f"<details><summary>{escape(self.say('Which ones?'))}</summary>{lines}</details>"

    def _lines(self, results: list[AddResult], number: int) -> str:
        lines = "".join(_line(result, self.say) for result in results)
        if number > len(results):
            more = self.say("and {n} more", n=self._shown(number - len(results)))
            lines += f"<li>{escape(more)}</li>"
        return f"<ul>{lines}</ul>" if lines else ""

    def _counted(self, stopped: bool) -> str:
        say = self.say
        texts = {
            "added": "{n} added", "updated": "{n} updated", "same": "{n} already there",
            "refused": "{n} not added",
        }  # fmt: skip
        parts = [
            say(text, n=self._shown(self._outcomes[key]))
            for key, text in texts.items()
            if self._outcomes[key]
        ]
        return ", ".join([*parts, *([say("stopped")] if stopped else [])])

    def _shown(self, value: int) -> str:
        return number(value, self.say)


def _rate(rate: float, say: Words) -> str:
    if rate < 1:
        return say("{rate} a minute", rate=f"{60 * rate:.0f}")
    shown = f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
    return say("{rate} a second", rate=decimal(shown, say))


def _line(result: AddResult, say: Words) -> str:
    name = escape(source_name(result.source))
    full = escape(clipped(result.source, 300))
    if result.error:
        said = escape(reason(result.source, result.error, say))
        return f'<li class="bad"><b title="{full}"><bdi>{name}</bdi></b> <span>{said}</span></li>'
    outcomes = {"added": "added", "updated": "updated", "same": "already there"}
    title = escape(clipped(result.article.title, 160)) if result.article else name
    said = escape(say(outcomes[result.outcome or "same"]))
    return f'<li><b title="{full}"><bdi>{title}</bdi></b> <span>{said}</span></li>'
