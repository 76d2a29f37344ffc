"""The parts of the articles' tab that need no browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import gradio as gr
import pytest
from library_fakes import article, opened

from assistant.adding import AddResult
from assistant.config import Settings
from assistant.errors import SourceError, StoreError
from assistant.records import ArticleInfo, Followed
from assistant.ui import filters, following, pane, reasons, table
from assistant.ui.adding import Adding, Tally
from assistant.ui.running import Running
from assistant.ui.table import Choice, Line, Shelf
from assistant.ui.watcher import Watcher
from assistant.ui.words import ENGLISH, Words

GERMAN = Words("de")


def info(**values: object) -> ArticleInfo:
    return ArticleInfo(**{"id": "a", "title": "T", "source": "/x/y.txt", **values})  # type: ignore[arg-type]


def result(source: str, outcome: str | None, error: str | None = None, n: int = 1) -> AddResult:
    return AddResult(source, outcome, None, error, n, 5)  # type: ignore[arg-type]


# The list


@pytest.mark.parametrize(
    ("source", "site", "place", "said"),
    [
        ("https://www.kolm.example/a?b", None, "kolm.example", "kolm.example"),
        ("https://kolm.example/a", "Kolm Daily", "Kolm Daily", "Kolm Daily"),
        ("/home/x/news.txt", None, "files:", "news.txt"),
        ("upload:news.txt", None, "uploads:", "news.txt"),
        ("pasted:abc", None, "pasted:", "Pasted text"),
        ("http://[broken", None, "files:", "[broken"),
    ],
)
def test_where_an_article_came_from(source: str, site: str | None, place: str, said: str) -> None:
    one = info(source=source, site=site)
    assert (Line(one).place, table.came_from(one, ENGLISH)) == (place, said)


def test_what_the_filters_say_is_taken_with_care() -> None:
    choice = Choice(search="oats", rows=500).chosen(
        {"order": "title", "tag": None, "since": "2026-02-30", "until": "2026-03-01", "x": 1}
    )
    assert choice == Choice("oats", "title", until=date(2026, 3, 1))


def test_an_article_without_a_day_lies_outside_of_any_period() -> None:
    lines = [Line(info(published=day)) for day in (None, date(2026, 1, 1), date(2026, 1, 2))]
    assert table.chosen(lines, Choice(since=date(2026, 1, 2))) == [lines[2]]
    assert table.chosen(lines, Choice(until=date(2026, 1, 1))) == [lines[1]]
    assert table.chosen(lines, Choice(order="oldest")) == [lines[1], lines[2], lines[0]]


def test_what_came_in_last_can_stand_first() -> None:
    lines = [Line(info(), added) for added in (1.0, 3.0, 2.0)]
    assert table.chosen(lines, Choice(order="added")) == [lines[1], lines[2], lines[0]]


def test_one_letter_more_takes_no_time_with_ten_thousand_articles() -> None:
    class Many:
        reads = 0

        def added_at(self) -> dict[str, float]:
            return {}

        def articles(self) -> list[ArticleInfo]:
            self.reads += 1
            return [
                info(
                    id=str(n), title=f"Number {n} of the rivers", tags=(f"tag{n % 40}", "news"),
                    published=date(2020, 1, 1) + timedelta(days=n % 2000),
                )
                for n in range(10_000)
            ]  # fmt: skip

        def counts(self) -> tuple[int, int, int]:
            return 10_000, 1, 1

    library = Many()
    shelf = Shelf(library)  # type: ignore[arg-type]
    seconds = []
    for search in ("", "r", "ri", "riv", "riv 7", "riv 77", "none"):
        began = time.process_time()
        table.table(shelf.lines(), Choice(search=search, order="title"), ENGLISH)
        seconds.append(time.process_time() - began)
    assert library.reads == 1
    assert max(seconds[1:]) < 0.1


def test_the_shelf_is_filled_anew_when_the_library_has_changed(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        shelf = Shelf(library)
        assert shelf.lines() == []
        library.add(article(1))
        [line] = shelf.lines()
        assert shelf.lines() == [line]
        library.edit(line.info.id, title="Another")
        shelf.forget()
        assert [each.info.title for each in shelf.lines()] == ["Another"]


def test_a_chosen_tag_is_offered_however_rare() -> None:
    tags = [(f"tag{n}", 99 - n) for n in range(40)]
    shown = filters.filters([Line(info())], tags, Choice(tag="tag39"), ENGLISH)
    assert shown.count('name="tag"') == filters.TAGS + 2
    assert 'value="tag39" checked' in shown


# Adding


def test_what_is_an_address() -> None:
    text = "https://a.example/x\n<b.example/y>  HTTP://c.example d.example/z, plain /etc/passwd"
    good, bad = reasons.addresses(f"{text} ftp://e.example https://a.example/x")
    assert good == [
        "https://a.example/x", "https://b.example/y", "HTTP://c.example", "https://d.example/z,",
    ]  # fmt: skip
    assert bad == ["plain", "/etc/passwd", "ftp://e.example"]


def test_a_reason_goes_on_from_the_name_and_says_what_to_do() -> None:
    url = "https://kolm.example/a"
    said = reasons.reason(url, f"{url}: its robots.txt asks programs to stay away", ENGLISH)
    assert said.startswith("its robots.txt asks programs to stay away. Save the page")
    spoken = reasons.reason("upload:a.pdf", "a.pdf is empty", GERMAN)
    assert spoken == "ist leer. Neu speichern oder herunterladen."


def test_the_report_counts_all_and_names_what_was_refused() -> None:
    tally = Tally(ENGLISH)
    for n in range(60):
        tally.take(result(f"/x/{n}.txt", "added", n=n))
    tally.take(result("/x/<b>.txt", None, "/x/<b>.txt is empty"))
    shown = tally.report(stopped=True)
    assert "60 added, 1 not added, stopped" in shown
    assert "&lt;b&gt;.txt" in shown and "<b>.txt" not in shown
    assert "and 10 more" in shown


def test_work_of_one_page_goes_one_after_another_and_ends_with_a_stop() -> None:
    work = Adding(Running())
    order: list[str] = []
    release = threading.Event()

    def first(stop: threading.Event) -> Iterator[AddResult]:
        order.append("first")
        assert release.wait(5)
        yield result("one", "added")

    def second(stop: threading.Event) -> Iterator[AddResult]:
        order.append("second")
        yield result("two", "same")

    shown: list[str] = []
    thread = threading.Thread(target=lambda: shown.extend(work.run(first, "page", ENGLISH)))
    thread.start()
    while not order:
        time.sleep(0.01)
    assert list(work.run(second, "page", ENGLISH)) == []
    assert "1 already there" in list(work.run(second, "other page", ENGLISH))[-1]
    release.set()
    thread.join(5)
    assert order == ["first", "second", "second"]
    assert "1 added, 1 already there" in shown[-1]
    assert "1 already there" in list(work.run(second, "page", ENGLISH))[-1]


def test_work_that_fails_is_told_and_what_waits_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    def refuses(stop: threading.Event) -> Iterator[AddResult]:
        yield result("one", "added")
        raise StoreError("the disk is full; make room")

    def breaks(stop: threading.Event) -> Iterator[AddResult]:
        raise ValueError("secret detail")
        yield

    work = Adding(Running())
    last = list(work.run(refuses, "page", ENGLISH))[-1]
    assert "the disk is full" in last and "1 added" in last
    last = list(work.run(breaks, "page", ENGLISH))[-1]
    assert "Adding failed" in last and "secret" not in last
    assert "secret detail" in caplog.text


# Keeping up to date


class Followers:
    """An app whose looks go as told, one after another."""

    def __init__(self, *looks: list[AddResult] | Exception) -> None:
        self.looks = list(looks)
        self.library = self
        self.places = [Followed("/news", "News")]
        self.looked = threading.Event()
        self.settings = Settings()
        self.follow: Callable[[str], None] = lambda _: None

    def followed(self) -> list[Followed]:
        return self.places if self.looks else []

    def update(self, stop: threading.Event) -> Iterator[AddResult]:
        look = self.looks.pop(0) if self.looks else []
        self.looked.set() if not self.looks else None
        if isinstance(look, Exception):
            raise look
        yield from look


@pytest.mark.parametrize(("user", "target", "followed"), [
    (None, "/news", True), ("Ada", "/news", False), ("Ada", "https://example.org/feed", True),
])  # fmt: skip
def test_whoever_logs_in_follows_no_folder_of_this_machine(
    user: str | None, target: str, followed: bool
) -> None:
    app = Followers()
    given: list[str] = []
    app.follow = given.append
    request = gr.Request(username=user, headers={"accept-language": "en"}, cookies={})
    does = following.Following(app, Watcher(app))  # type: ignore[arg-type]
    does.follow(target, request)
    assert given == ([target] if followed else [])


@pytest.mark.parametrize(
    ("last", "message"), [([result("a", "added")], ""), (StoreError("the disk is full"), "disk")]
)
def test_no_error_ends_the_watching(
    last: list[AddResult] | Exception, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    others = set(threading.enumerate())  # a page of another test may have its own watcher
    app = Followers(SourceError("no feed"), ValueError("oops"), last)
    watcher = Watcher(app, every=0.01)  # type: ignore[arg-type]
    watcher.start()
    assert app.looked.wait(5)
    watcher.stop()
    assert watcher.last is not None and message in watcher.last.message
    assert "no feed" in caplog.text and "oops" in caplog.text
    assert not any(one.name == "watcher" for one in set(threading.enumerate()) - others)


def test_what_was_seen_last_is_told() -> None:
    seen = [result("a", "added"), result("b", "same"), result("c", None, "c is gone")]
    watcher = Watcher(Followers(seen))  # type: ignore[arg-type]
    list(watcher.look(threading.Event()))
    assert watcher.last is not None
    shown = following.listed([Followed("/x", "<b>")], watcher.last, ENGLISH)
    assert "1 new, 1 not read." in shown and "c is gone" in shown and "<b><bdi>&lt;b&gt;" in shown


def test_where_nothing_is_followed_nothing_is_done() -> None:
    app = Followers([result("a", "added")])
    app.places = []
    watcher = Watcher(app, every=0.01)  # type: ignore[arg-type]
    watcher.start()
    time.sleep(0.1)
    watcher.stop()
    assert watcher.last is None and len(app.looks) == 1


# One article


def test_of_a_very_long_article_only_a_part_is_sent() -> None:
    shown = pane.reading(article(1, "y" * 10_000_000, title="x" * 10_000_000), 1, [], ENGLISH)
    assert len(shown) < 2 * pane.LONGEST
    assert "The first 200,000 of 10,000,000 characters are shown." in shown
