"""From files, addresses, lists and feeds into the library, with a site on this machine."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_fakes import opened
from web_server import Reply, Site, site

from assistant import adding
from assistant.adding import AddResult
from assistant.errors import SourceError
from assistant.library.library import Library
from assistant.reading.web import Web
from assistant.records import Followed

LIMIT = 1_000_000
HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(subject: str, more: str = "") -> bytes:
    text = " ".join(
        f"The {subject} of Kolm was opened in the year {1900 + n} by somebody called {subject}{n}."
        for n in range(12)
    )
    return f"<html><title>The {subject}</title><article><p>{text}{more}</article>".encode()


def feed(base: str, *subjects: str) -> bytes:
    items = "".join(
        f"<item><title>{s}</title><link>{base}/{s}</link><guid>{s}</guid></item>" for s in subjects
    )
    return f"<rss version='2.0'><channel><title>Kolm news</title>{items}</channel></rss>".encode()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "store") as library:
        yield library


@pytest.fixture
def local() -> Iterator[Site]:
    with site({}) as running:
        for name in ("bridge", "tower"):
            headers = {**HTML, "ETag": f'"{name}1"'}
            running.routes[f"/{name}"] = Reply(page(name), headers=headers)
        yield running


def add(library: Library, *targets: str | Path, private: bool = True) -> list[AddResult]:
    web = Web(max_bytes=LIMIT, allow_private=private, per_host_seconds=0)
    places = adding.places(targets)
    return list(adding.add(library, web, LIMIT, places, threading.Event()))


def outcomes(results: list[AddResult]) -> list[str | None]:
    return [result.outcome for result in results]


def test_an_address(library: Library, local: Site) -> None:
    [result] = add(library, local.url("/bridge"))
    assert (result.outcome, result.source) == ("added", local.url("/bridge"))
    [article] = library.articles()
    assert (article.title, article.url) == ("The bridge", local.url("/bridge"))


def test_what_cannot_be_fetched_is_told_and_the_rest_added(library: Library, local: Site) -> None:
    missing, good = add(library, local.url("/nothing"), local.url("/bridge"))
    assert missing.error and "404" in missing.error and local.url("/nothing") in missing.error
    assert good.outcome == "added"


def test_addresses_of_the_own_machine_are_refused_unless_allowed(
    library: Library, local: Site
) -> None:
    [refused] = add(library, local.url("/bridge"), private=False)
    assert refused.error and "allow_private_addresses" in refused.error
    assert local.paths == []


def test_an_unchanged_file_is_not_read_again(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bridge.html"
    file.write_bytes(page("bridge"))
    assert outcomes(add(library, file)) == ["added"]
    with monkeypatch.context() as patched:
        patched.setattr(adding.files, "read", lambda *_: pytest.fail("it was read again"))
        [again] = add(library, file)
    assert again.outcome == "same" and again.article is not None
    assert again.article.title == "The bridge"
    file.write_bytes(page("bridge", " It was painted green."))
    os.utime(file, (1, 1))
    assert outcomes(add(library, file)) == ["updated"]


def test_a_removed_article_comes_back_when_its_unchanged_file_is_added(
    library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "bridge.html"
    file.write_bytes(page("bridge"))
    add(library, file)
    library.remove(library.articles()[0].id)
    assert outcomes(add(library, file)) == ["added"]


def test_rows_of_a_table_and_those_without_a_text(library: Library, tmp_path: Path) -> None:
    rows = [
        {
            "title": "Bridge",
            "text": "The bridge of Kolm is nine metres wide.",
            "url": "https://k.example/b",
        },
        {"title": "Empty", "text": ""},
        {"title": "Tower", "text": "The tower of Kolm is ninety metres high."},
    ]
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    results = add(library, file)
    assert sorted(outcomes(results), key=str) == [None, "added", "added"]
    assert "line 2" in next(result.error for result in results if result.error)
    sources = {article.title: article.source for article in library.articles()}
    assert sources == {"Bridge": "https://k.example/b", "Tower": f"{file}#line 3"}


def test_a_list_of_addresses_is_fetched_and_what_failed_is_tried_again(
    library: Library, local: Site, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    file.write_text("\n".join(local.url(f"/{name}") for name in ("bridge", "later", "tower")))
    results = add(library, file)
    assert sorted(outcomes(results), key=str) == [None, "added", "added"]
    local.routes["/bridge"] = local.routes["/tower"] = Reply(b"", 304)
    local.routes["/later"] = Reply(page("later"), headers=HTML)
    assert sorted(outcomes(add(library, file))) == ["added", "same", "same"]
    local.seen.clear()
    assert outcomes(add(library, file)) == ["same"]
    assert local.paths == []


def test_a_feed_read_again_fetches_only_what_is_new(library: Library, local: Site) -> None:
    base = local.url("").rstrip("/")
    headers = {"Content-Type": "application/rss+xml", "ETag": '"f1"'}
    local.routes["/feed"] = Reply(feed(base, "bridge", "tower"), headers=headers)
    assert outcomes(add(library, local.url("/feed"))) == ["added", "added"]

    local.seen.clear()
    local.routes["/feed"] = Reply(b"", 304)
    assert outcomes(add(library, local.url("/feed"))) == ["same"]
    assert [path for path in local.paths if path != "/robots.txt"] == ["/feed"]

    local.seen.clear()
    local.routes["/harbour"] = Reply(page("harbour"), headers=HTML)
    grown = feed(base, "harbour", "bridge", "tower")
    local.routes["/feed"] = Reply(grown, headers={**headers, "ETag": '"f2"'})
    assert sorted(outcomes(add(library, local.url("/feed")))) == ["added", "same", "same"]
    assert [path for path in local.paths if path != "/robots.txt"] == ["/feed", "/harbour"]


def test_a_changed_page_answers_anew_and_its_old_citation_still_opens(
    library: Library, local: Site
) -> None:
    add(library, local.url("/bridge"))
    [before] = library.articles()
    old = library.get(before.id)
    local.routes["/bridge"] = Reply(page("bridge", " Since May it is closed."), headers=HTML)
    assert outcomes(add(library, local.url("/bridge"))) == ["updated"]
    assert library.search("closed since May", 1, 5).hits[0].article.version == 2
    assert library.version(before.id, 1) == old


def test_what_is_followed(library: Library, local: Site, tmp_path: Path) -> None:
    base = local.url("").rstrip("/")
    local.routes["/"] = Reply(
        b"<link rel='alternate' type='application/rss+xml' href='/feed'><p>News.", headers=HTML
    )
    local.routes["/feed"] = Reply(
        feed(base, "bridge"), headers={"Content-Type": "application/rss+xml"}
    )
    with Web(max_bytes=LIMIT, allow_private=True, per_host_seconds=0) as web:
        assert adding.followed(local.url("/"), web) == Followed(local.url("/feed"), "Kolm news")
        assert adding.followed(str(tmp_path), web).place == str(tmp_path)
        for wrong in (str(tmp_path / "nowhere"), local.url("/bridge")):
            with pytest.raises(SourceError):
                adding.followed(wrong, web)


def test_a_followed_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Something.")
    found, errors = adding.places_followed(
        [Followed(str(tmp_path / "gone")), Followed(str(tmp_path))]
    )
    assert [place.name for place in found] == [str(tmp_path / "a.txt")]
    assert "gone" in (errors[0].error or "")


def test_a_stop_ends_it_and_the_rest_is_added_the_next_time(
    library: Library, local: Site, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    file.write_text("\n".join(local.url(f"/{name}") for name in ("bridge", "tower")))
    stop = threading.Event()
    web = Web(max_bytes=LIMIT, allow_private=True, per_host_seconds=0)

    def then_stop(handler: object) -> None:
        stop.set()

    local.routes["/tower"], kept = then_stop, local.routes["/tower"]
    list(adding.add(library, web, LIMIT, adding.places([file]), stop))
    local.routes["/tower"] = kept
    add(library, file)
    assert {article.title for article in library.articles()} == {"The bridge", "The tower"}


@pytest.mark.parametrize("stamp", ["", "1234567890123456", "12e4", "null", "1700 42", "[1, 2, 3]"])
def test_a_stamp_of_another_kind_holds_no_validators(stamp: str) -> None:
    assert adding._validators(stamp) == {}
