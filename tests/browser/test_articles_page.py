"""The articles' tab over the real library, with files and a site on this machine."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pdf_files
import pytest
from playwright.sync_api import Locator, Page, expect
from real_app import real_app
from serving import serving
from visitor import each_width  # noqa: F401 (the width of `page`)
from web_server import Reply, Site, site

from assistant.app import App
from assistant.records import Article
from assistant.ui.listing import Listing
from assistant.ui.server import Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
EVIL = '<script>window.hacked = 1</script><img src="http://evil.example/x.png" onerror="hacked=2">'
TURN = "\u202e"  # all that follows is written from right to left


@pytest.fixture(scope="module")
def served(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, Server]]:
    with real_app(tmp_path_factory.mktemp("store"), models) as app, serving(app) as server:
        yield app, server


@pytest.fixture
def app(served: tuple[App, Server]) -> App:
    app = served[0]
    for info in app.library.articles():
        app.library.remove(info.id)
    for followed in app.library.followed():
        app.library.unfollow(followed.place)
    app.apply(app.settings.model_copy(update={"allow_private_addresses": True}))
    return app


@pytest.fixture
def web() -> Iterator[Site]:
    with site({}) as running:
        for name in ("bridge", "tower", "mill", "harbour"):
            running.routes[f"/{name}"] = Reply(story(name), headers=HTML)
        yield running


def story(subject: str, more: str = "") -> bytes:
    text = " ".join(
        f"The {subject} of Kolm was opened in the year {1900 + n} by somebody called {subject}{n}."
        for n in range(6)
    )
    return f"<html><title>The {subject}</title><article><p>{text}{more}</article>".encode()


def article(number: int, **changes: object) -> Article:
    values: dict[str, object] = {
        "id": f"id{number:04d}", "title": f"Report {number:03d}", "source": f"/news/{number}.txt",
        "text": f"The council of Kolm met for the {number}th time and talked of road {number * 7}.",
    }  # fmt: skip
    return Article(**{**values, **changes})  # type: ignore[arg-type]


def three(app: App) -> None:
    app.library.add_batch([
        article(1, title="Oats", published=date(2026, 4, 30), tags=("farming",), site="Kolm Daily"),
        article(2, title="Bees", published=date(2025, 1, 5), tags=("Farming", "bees")),
        article(3, title="Crime", site="Kolm Daily"),
    ])  # fmt: skip


def articles_of(page: Page) -> Page:
    page.goto(page.url.split("#")[0] + "#articles")
    return page


@pytest.fixture
def tab(page: Page) -> Page:
    return articles_of(page)


def titles(page: Page) -> Locator:
    return page.locator("#article-table [data-open]")


def give(page: Page, text: str) -> Locator:
    """Add addresses; the report of it."""
    page.locator("#add-address textarea").fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    return page.locator("#add-report")


def opened(page: Page, title: str) -> Locator:
    page.get_by_role("button", name=title, exact=True).click()
    paper = page.locator("#article-paper")
    expect(paper.locator("h2")).to_contain_text(title)
    return paper


# Adding


def test_an_address_is_added_and_can_be_read(tab: Page, web: Site) -> None:
    expect(give(tab, web.url("/bridge"))).to_contain_text("1 added")
    expect(tab.locator("#add-address textarea")).to_have_value("")
    expect(titles(tab)).to_have_text(["The bridge"])
    expect(tab.locator("#article-table")).to_contain_text("127.0.0.1")
    expect(tab.locator("#nav .count")).to_have_text("1")
    expect(tab.locator("#library-state")).to_contain_text("1 article")
    expect(opened(tab, "The bridge")).to_contain_text("by somebody called bridge5")


def test_each_source_that_fails_has_a_line_that_says_what_to_do(tab: Page, web: Site) -> None:
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /hidden")
    given = f"{web.url('/gone')}\n{web.url('/hidden')} nonsense {web.url('/tower')}"
    report = give(tab, given)
    expect(report).to_contain_text("1 added, 3 not added", timeout=20_000)
    said = report.locator("li.bad")
    expect(said.filter(has_text="/gone")).to_contain_text("404 (Not Found). Check the address.")
    expect(said.filter(has_text="/hidden")).to_contain_text("Save the page in a browser and drop")
    expect(said.filter(has_text="nonsense")).to_contain_text("is no web address")
    expect(tab.locator("#add-address textarea")).to_have_value("nonsense")
    expect(titles(tab)).to_have_text(["The tower"])


def test_a_private_address_is_refused_unless_it_is_allowed(tab: Page, web: Site, app: App) -> None:
    app.apply(app.settings.model_copy(update={"allow_private_addresses": False}))
    report = give(tab, web.url("/bridge"))
    expect(report.locator(".bad")).to_contain_text("allow_private_addresses")
    assert web.paths == []


def test_the_entries_of_a_feed_are_added(tab: Page, web: Site) -> None:
    items = "".join(
        f"<item><title>{n}</title><link>{web.url('/' + n)}</link></item>"
        for n in ("bridge", "tower")
    )
    feed = f"<rss version='2.0'><channel><title>Kolm</title>{items}</channel></rss>".encode()
    web.routes["/feed"] = Reply(feed, headers={"Content-Type": "application/rss+xml"})
    expect(give(tab, web.url("/feed"))).to_contain_text("2 added", timeout=20_000)
    expect(titles(tab)).to_have_count(2)


def test_files_good_and_broken(tab: Page, tmp_path: Path) -> None:
    pages = [pdf_files.column(text) for text in (pdf_files.BRIDGE, pdf_files.FERRY)]
    (tmp_path / "ferry.pdf").write_bytes(pdf_files.write(pages, {"Title": "The ferry"}))
    (tmp_path / "scan.pdf").write_bytes(pdf_files.write([[], []]))
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.4\n")
    tab.locator("#upload input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    report = tab.locator("#add-report")
    expect(report).to_contain_text("1 added, 2 not added")
    bad = report.locator("li.bad")
    expect(bad.filter(has_text="scan.pdf")).to_contain_text("run text recognition (OCR)")
    expect(bad.filter(has_text="cut.pdf")).to_contain_text("save or download it anew")
    expect(tab.locator("#articles-main")).not_to_contain_text(str(tmp_path.parent))
    expect(opened(tab, "The ferry")).to_contain_text("goes on to run in summer")


def test_a_pasted_text(tab: Page) -> None:
    tab.get_by_text("Paste a text").click()
    tab.locator("#paste-add").click()
    expect(tab.locator("#add-report .bad")).to_contain_text("the pasted text is empty")
    tab.locator("#paste-title input").fill("Rivers in May")
    tab.locator("#paste-text textarea").fill("Three rivers near Kolm flooded in May.")
    tab.locator("#paste-add").click()
    expect(tab.locator("#add-report")).to_contain_text("1 added")
    expect(titles(tab)).to_have_text(["Rivers in May"])
    expect(tab.locator("#paste-text textarea")).to_have_value("")


def test_an_empty_library_invites_and_offers_samples(tab: Page, app: App) -> None:
    expect(tab.locator(".inviting")).to_contain_text("No articles yet")
    expect(tab.locator("#article-search")).to_be_hidden()
    tab.get_by_role("button", name="Try it with sample articles").click()
    expect(tab.locator("#add-report")).to_contain_text("18 added", timeout=240_000)
    expect(titles(tab)).to_have_count(18)
    expect(tab.locator("#article-search")).to_be_visible()


def test_progress_is_shown_more_can_be_given_and_all_can_be_stopped(
    tab: Page, web: Site, app: App, tmp_path: Path
) -> None:
    going_on = threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        going_on.wait(15)
        handler.send_error(500)

    web.routes["/slow"] = slow
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"Ship number {n} sailed from Kolm to the north.")
    give(
        tab,
        "\n".join(web.url(path) for path in ("/bridge", "/tower", "/mill", "/harbour", "/slow")),
    )
    progress = tab.locator("#add-report .progress")
    expect(progress).to_have_text(
        re.compile("[1-4] of 5 · [1-4] left · .+ a (second|minute)"), timeout=15_000
    )
    expect(tab.locator("#add-report .latest")).to_contain_text(web.url("/"))
    # While that goes on, files are taken too, and wait for their turn.
    tab.locator("#upload input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    tab.wait_for_timeout(500)
    expect(progress).to_be_visible()
    tab.get_by_role("button", name="Stop", exact=True).locator("visible=true").click()
    expect(tab.locator("#add-report")).to_contain_text("added, stopped")
    going_on.set()
    expect(progress).to_have_count(0)
    expect(titles(tab).first).to_be_visible()
    assert not any(article.title.isdecimal() for article in app.library.articles())


def test_what_is_given_meanwhile_is_added_in_its_turn(tab: Page, web: Site, tmp_path: Path) -> None:
    (tmp_path / "ship.txt").write_text("The ship sailed from Kolm to the north.")
    give(tab, f"{web.url('/bridge')} {web.url('/tower')}")
    tab.locator("#add-report .progress").wait_for()
    tab.locator("#upload input[type=file]").set_input_files(tmp_path / "ship.txt")
    expect(tab.locator("#add-report")).to_contain_text("3 added", timeout=20_000)
    expect(titles(tab)).to_have_count(3)


def test_two_tabs_have_their_own_work(open_page, app: App, web: Site) -> None:  # type: ignore[no-untyped-def]
    one, other = articles_of(open_page()), articles_of(open_page())
    expect(give(one, web.url("/bridge"))).to_contain_text("1 added")
    expect(other.locator("#add-report .report")).to_have_count(0)
    expect(other.locator(".inviting")).to_be_visible()
    other.goto(other.url.split("#")[0] + "#settings")
    articles_of(other)  # coming back shows what the other tab did
    expect(titles(other)).to_have_text(["The bridge"])


# Keeping up to date


def test_a_followed_folder_is_read_at_once_and_again(tab: Page, app: App, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The first ship sailed from Kolm to the north.")
    tab.get_by_text("Keep up to date").click()
    expect(tab.locator("#followed")).to_contain_text("Nothing is followed yet")
    place = tab.locator("#follow-place input")
    place.fill(str(tmp_path / "nowhere"))
    tab.get_by_role("button", name="Follow", exact=True).click()
    expect(tab.locator("#followed .trouble")).to_contain_text("is no folder and no web address")
    expect(place).to_have_value(str(tmp_path / "nowhere"))
    place.fill(str(tmp_path))
    place.press("Enter")
    expect(tab.locator("#followed li")).to_contain_text(str(tmp_path))
    expect(titles(tab)).to_have_text(["one"])
    expect(tab.locator("#followed")).to_contain_text("1 new")
    (tmp_path / "two.txt").write_text("The second ship sailed from Kolm to the south.")
    tab.get_by_role("button", name="Look now").click()
    expect(titles(tab)).to_have_count(2)
    tab.get_by_role("button", name=f"Follow “{chr(0x2068)}{tmp_path.name}").click()
    expect(tab.locator("#followed")).to_contain_text("Nothing is followed yet")
    assert app.library.followed() == []
    assert app.library.counts().articles == 2


# The list


def test_search_filters_and_order(app: App, open_page) -> None:  # type: ignore[no-untyped-def]
    three(app)
    page = articles_of(open_page())
    expect(titles(page)).to_have_text(["Oats", "Bees", "Crime"])
    chosen = page.locator("#article-filters")
    order, source = chosen.get_by_label("Order"), chosen.get_by_label("Source")
    order.select_option("By title")
    expect(titles(page)).to_have_text(["Bees", "Crime", "Oats"])
    order.select_option("Oldest first")
    expect(titles(page)).to_have_text(["Bees", "Oats", "Crime"])
    app.library.add(article(4, title="Dams", published=date(2020, 1, 1)))
    page.reload()
    order.select_option("Last added first")
    expect(titles(page).first).to_have_text("Dams")
    app.library.remove("id0004")
    order.select_option("Oldest first")
    source.select_option("Kolm Daily")
    expect(titles(page)).to_have_text(["Oats", "Crime"])
    expect(page.locator(".found")).to_contain_text("2 of 3 articles")
    page.get_by_role("button", name="Show all").click()
    expect(titles(page)).to_have_text(["Oats", "Bees", "Crime"])
    expect(source).to_have_value("")
    chosen.get_by_role("radio", name="farming").check(force=True)
    expect(titles(page)).to_have_text(["Oats", "Bees"])
    chosen.get_by_label("From").fill("2026-01-01")
    expect(titles(page)).to_have_text(["Oats"])
    chosen.get_by_label("until").fill("2026-02-01")
    expect(page.locator("#article-table")).to_contain_text("No article matches")
    page.get_by_role("button", name="Show all").click()
    expect(chosen.get_by_label("From")).to_have_value("")
    page.get_by_label("Search articles").press_sequentially("kolm dai")
    expect(titles(page)).to_have_text(["Oats", "Crime"])
    page.get_by_label("Search articles").fill("")
    expect(titles(page)).to_have_count(3)


def test_filters_chosen_in_quick_succession_all_hold(
    app: App, open_page, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    three(app)
    page = articles_of(open_page())
    table = Listing._table

    def slow(*given: Any) -> str:
        time.sleep(0.3)
        return table(*given)

    monkeypatch.setattr(Listing, "_table", slow)
    page.get_by_label("Order").select_option("Oldest first")
    page.get_by_label("Source").select_option("Kolm Daily")
    expect(titles(page)).to_have_text(["Oats", "Crime"])


def test_a_long_list_comes_in_pages(app: App, open_page) -> None:  # type: ignore[no-untyped-def]
    app.library.add_batch([article(n) for n in range(130)])
    page = articles_of(open_page())
    expect(titles(page)).to_have_count(100)
    expect(page.locator(".page")).to_contain_text("100 of 130")
    page.get_by_role("button", name="Show 30 more").click()
    expect(titles(page)).to_have_count(130)
    page.get_by_label("Search articles").fill("Report 12")
    expect(titles(page)).to_have_count(12)


def test_removing_can_be_undone(app: App, open_page) -> None:  # type: ignore[no-untyped-def]
    three(app)
    app.library.edit("id0002", title="Bumble-bees")
    page = articles_of(open_page())
    opened(page, "Bumble-bees")
    page.locator("[data-remove=id0002]").dblclick()  # the second click must not hit the next row
    expect(page.locator("#article-said")).to_contain_text("Removed “")
    expect(page.locator("#article-said")).to_contain_text("Bumble-bees")
    expect(titles(page)).to_have_text(["Oats", "Crime"])
    expect(page.locator("#article-paper")).to_contain_text("Choose an article")
    expect(page.locator("#nav .count")).to_have_text("2")
    page.get_by_role("button", name="Undo").click()
    expect(titles(page)).to_have_text(["Oats", "Bumble-bees", "Crime"])
    expect(page.locator("#article-said")).to_contain_text("is back")
    found = app.library.get("id0002")
    assert found is not None and found.tags == ("Farming", "bees")


# One article


def test_title_day_and_tags_are_edited(app: App, open_page) -> None:  # type: ignore[no-untyped-def]
    three(app)
    page = articles_of(open_page())
    paper = opened(page, "Oats")
    paper.get_by_role("button", name="Edit").press("Enter")
    title = paper.get_by_label("Title")
    expect(title).to_be_focused()
    title.fill("  ")
    paper.get_by_label("Tags").fill("grain,  frost ,grain")
    title.press("Enter")
    expect(paper.get_by_role("alert")).to_contain_text("the title is empty")
    expect(paper.get_by_label("Tags")).to_have_value("grain,  frost ,grain")
    title.fill("Oats after the frost")
    paper.get_by_label("Published").fill("2026-05-02")
    paper.get_by_role("button", name="Save").click()
    expect(paper.locator("h2")).to_have_text("Oats after the frost")
    expect(paper.locator(".by")).to_contain_text("2 May 2026")
    expect(paper.locator(".tags bdi")).to_have_text(["grain", "frost"])
    expect(paper.get_by_role("button", name="Edit")).to_be_focused()
    expect(titles(page).first).to_have_text("Oats after the frost")
    expect(page.locator("#article-filters")).to_contain_text("frost")
    found = app.library.get("id0001")
    assert found is not None and found.published == date(2026, 5, 2)
    paper.get_by_role("button", name="Edit").click()
    expect(title).to_have_value("Oats after the frost")
    title.fill("Never mind")
    paper.get_by_role("button", name="Cancel").click()
    expect(paper.locator("h2")).to_have_text("Oats after the frost")


def test_further_sources_and_earlier_versions(app: App, open_page) -> None:  # type: ignore[no-untyped-def]
    first = article(1, title="Oats")
    app.library.add(first)
    app.library.add(replace(first, id="x", source="/copies/oats.txt"))
    app.library.add(replace(first, text="Oats are cheap in Kolm again, the growers say."))
    page = articles_of(open_page())
    paper = opened(page, "Oats")
    expect(paper).to_contain_text("Also read from")
    expect(paper).to_contain_text("oats.txt")
    expect(paper).to_contain_text("Version 2 · earlier:")
    expect(paper).to_contain_text("cheap in Kolm again")
    paper.get_by_role("button", name="1", exact=True).click()
    expect(paper).to_contain_text("met for the 1th time")
    expect(paper).to_contain_text("Version 1 of 2, since replaced.")
    expect(paper.get_by_role("button", name="Edit")).to_have_count(0)
    paper.get_by_role("button", name="Show the latest").click()
    expect(paper).to_contain_text("cheap in Kolm again")


@pytest.mark.parametrize("where", ["#article-table", "#article-paper"])
def test_asking_about_an_article_limits_the_chat_to_it(app: App, open_page, where: str) -> None:  # type: ignore[no-untyped-def]
    three(app)
    page = articles_of(open_page())
    opened(page, "Bees")
    page.evaluate("window.addEventListener('assistant:limit', (e) => { window.limit = e.detail; })")
    page.locator(f"{where} [data-ask=id0002]").click()
    assert page.evaluate("window.limit") == {"article": "id0002", "title": "Bees"}
    assert page.url.endswith("#chat")


def test_an_article_that_is_gone_is_said_to_be(
    app: App, open_page, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    three(app)
    with monkeypatch.context() as patched:  # the list is older than the library
        before = app.library.articles()
        patched.setattr(app.library, "articles", lambda: before)
        page = articles_of(open_page())
        expect(titles(page)).to_have_count(3)
        app.library.remove("id0003")
        page.locator("[data-open=id0003]").click()
        expect(page.locator("#article-paper .trouble")).to_contain_text("no longer here")
        page.locator("[data-remove=id0003]").click()
        expect(page.locator("#article-said")).to_contain_text("no longer here")
    page.locator("[data-remove=id0002]").click()
    expect(titles(page)).to_have_text(["Oats"])


# What nobody wants


def test_what_an_article_brings_along_stays_text(
    app: App, open_page, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    evil = article(
        1, title=f"{TURN}Trap {EVIL}", source=f"https://evil.example/{EVIL}", authors=(EVIL,),
        tags=(f"{TURN}{EVIL}",), site=f"{TURN}{EVIL}",
        text=f"It says {EVIL} to all. ${{1+1}} {{{{value}}}}",
    )  # fmt: skip
    app.library.add_batch([evil, article(2)])
    page = articles_of(open_page())
    page.locator("[data-open=id0001]").click()
    paper = page.locator("#article-paper")
    expect(paper).to_contain_text(f"It says {EVIL} to all. ${{1+1}} {{{{value}}}}")
    paper.get_by_role("button", name="Edit").click()
    expect(paper.get_by_label("Title")).to_have_value(f"{TURN}Trap {EVIL}")
    page.get_by_label("Search articles").fill(EVIL)
    expect(titles(page)).to_have_count(1)
    page.locator("[data-remove=id0001]").click()
    expect(page.locator("#article-said")).to_contain_text("Trap <script>")
    # What is read from right to left ends with the title: our own words after it do not move.
    assert page.evaluate("""() => {
        const text = document.querySelector('#article-said .undo span').firstChild;
        const at = (from, to) => { const r = document.createRange();
          r.setStart(text, from); r.setEnd(text, to); return r.getBoundingClientRect(); };
        const end = text.length;
        return at(end - 1, end).left >= at(end - 2, end - 1).left;
    }""")
    page.get_by_role("button", name="Undo").click()
    expect(titles(page)).to_have_count(1)
    monkeypatch.setattr(app.library, "get", lambda id: replace(evil, text="x" * 10_000_000))
    page.locator("[data-open=id0001]").click()
    expect(paper).to_contain_text("The first 200,000 of 10,000,000 characters are shown.")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src*=evil]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("width", "locale"), [(360, "en"), (390, "de"), (1280, "de"), (1920, "en")]
)
def test_nothing_sticks_out(app: App, open_page, width: int, locale: str) -> None:  # type: ignore[no-untyped-def]
    three(app)
    app.library.add(
        article(4, title="W" * 200, tags=("v" * 90,), source="https://kolm.example/" + "w" * 200)
    )
    size = {"width": width, "height": 844}
    page = articles_of(open_page(viewport=size, locale=locale, reduced_motion="reduce"))
    expect(titles(page)).to_have_count(4)
    page.locator("#follow button").first.click()
    page.locator("#follow-place").wait_for()
    page.locator("[data-open=id0004]").click()
    expect(page.locator("#article-paper h2")).to_be_visible()
    for pane in ("#articles-main", "#articles-reader"):
        assert page.locator(pane).evaluate("(e) => e.scrollWidth <= e.clientWidth"), pane
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_tab_speaks_german(app: App, open_page) -> None:  # type: ignore[no-untyped-def]
    three(app)
    page = articles_of(open_page(locale="de-DE"))
    expect(page.locator("#articles-head")).to_have_text("Artikel")
    expect(page.locator("#library-state")).to_contain_text("3 Artikel · 3 Abschnitte")
    expect(page.locator("#article-table")).to_contain_text("30.04.2026")
    expect(page.get_by_role("button", name="Hinzufügen", exact=True)).to_be_visible()
    page.locator("#add-address textarea").fill("unsinn")
    page.locator("#add-go").click()
    expect(page.locator("#add-report")).to_contain_text("1 nicht hinzugefügt")
    expect(page.locator("#add-report .bad")).to_contain_text("ist keine Webadresse")


def test_a_german_page_says_in_german_why_a_file_is_not_read(
    app: App, open_page, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def]
    broken, picture = tmp_path / "kaputt.pdf", tmp_path / "Bild von gestern.txt"
    broken.write_bytes(b"%PDF-1.7 nothing")
    picture.write_bytes(b"\x89PNG\r\n")
    page = articles_of(open_page(locale="de-DE"))
    page.locator("#upload input[type=file]").set_input_files([broken, picture])
    report = page.locator("#add-report")
    expect(report).to_contain_text("2 nicht hinzugefügt")
    bad = report.locator("li.bad")
    expect(bad.filter(has_text="kaputt.pdf")).to_contain_text(
        "ist beschädigt oder gar kein PDF; neu speichern oder herunterladen."
    )
    expect(bad.filter(has_text="Bild von gestern.txt")).to_contain_text(
        "ist ein PNG-Bild und kein Text; den Text als .txt-Datei speichern."
    )
    page.locator("#follow button").first.click()
    place = page.locator("#follow-place input")
    place.fill(str(tmp_path / "nirgends"))
    place.press("Enter")
    expect(page.locator("#followed .trouble")).to_contain_text("ist weder ein Ordner noch eine")
