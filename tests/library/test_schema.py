"""A library that an earlier version made opens and loses nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from library_fakes import opened

from assistant.errors import StoreError
from assistant.library import schema
from assistant.library.catalog import Catalog
from assistant.library.database import FILE
from assistant.records import Exchange, Followed

LIBRARIES = Path(__file__).parent / "libraries"


def put(version: str, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    shutil.copy(LIBRARIES / f"version-{version}.sqlite3", folder / FILE)
    return folder


@pytest.mark.parametrize("version", ["1", "2"])
def test_there_is_a_library_of_each_earlier_version(tmp_path: Path, version: str) -> None:
    catalog = Catalog(put(version, tmp_path), {"1": "minilm", "2": "bag-of-words"}[version])
    try:
        assert catalog.meta("schema") == schema.VERSION
        assert catalog.examine() == []
        assert catalog.counts().articles == 2
        assert catalog.conversations.list(None) == []
    finally:
        catalog.close()


def test_no_earlier_version_is_forgotten() -> None:
    kept = {path.stem for path in LIBRARIES.glob("*.sqlite3")}
    assert kept == {f"version-{number}" for number in range(1, int(schema.VERSION))}


def test_version_2_keeps_all_that_it_knew(tmp_path: Path) -> None:
    with opened(put("2", tmp_path)) as library:
        bridge, bees = library.articles()
        assert (bridge.title, bridge.version) == ("The Tamsel bridge", 2)
        assert (bridge.published, bridge.modified) == (date(2024, 5, 4), date(2024, 5, 9))
        assert (bridge.site, bridge.url) == ("Example", "https://example.org/bridge")
        before = library.version(bridge.id, 1)
        assert before is not None and "4.2 million" in before.text
        assert library.sources(bees.id) == ["/articles/bees.html", "/copies/bees.txt"]
        assert library.followed() == [Followed("/articles", "articles")]
        assert library.is_read("/articles/bees.html", "17 81")
        assert library.search("Who lost a third of their hives?", 1, 5).hits[0].article == bees


def test_version_2_can_do_what_is_new(tmp_path: Path) -> None:
    with opened(put("2", tmp_path)) as library:
        bridge, _ = library.articles()
        edited = library.edit(bridge.id, title="The bridge", tags=["closed"])
        assert edited is not None and edited.tags == ("closed",)
        removed = library.take_out(bridge.id)
        assert removed is not None and library.put_back(removed) == edited
        kept = library.conversations
        kept.keep("", kept.begin(""), Exchange(1, "Why?", None, "Because"))
        assert [each.title for each in kept.list("")] == ["Why?"]
        assert library.examine() == []


def test_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as library:
        library._catalog.set_meta(schema="99")
    with pytest.raises(StoreError, match="newer version"):
        opened(tmp_path)
