"""The clock is set, by a day or a year, back and forth: order and durations stay as they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser.fake_app import FakeApp
from library_fakes import article, opened

from assistant.records import Exchange
from assistant.ui.chat import Chat

DAY, YEAR = 86_400.0, 365 * 86_400.0
JUMPS = [DAY, -DAY, YEAR, -YEAR, -2 * YEAR, 0.0]

SetClock = Callable[[float], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock of this process so many seconds off the true time."""
    true = time.time

    def set_(offset: float) -> None:
        monkeypatch.setattr(time, "time", lambda: true() + offset)

    return set_


def test_conversations_stand_in_the_order_in_which_they_went_on(
    tmp_path: Path, set_clock: SetClock
) -> None:
    with opened(tmp_path) as library:
        talks = library.conversations
        first = talks.keep("me", talks.begin("me"), Exchange(1, "The first?", None))
        for number, jump in enumerate(JUMPS, start=2):
            set_clock(jump)
            new = talks.keep("me", talks.begin("me"), Exchange(1, f"Question {number}?", None))
            assert next(each.id for each in talks.list("me")) == new.id
            first = talks.keep("me", first, Exchange(number, f"And {number}?", None))
            assert [each.id for each in talks.list("me")][:2] == [first.id, new.id]
            assert talks.get("me", first.id) == first
        asked = [each.number for each in talks.exchanges("me", first.id)]
        assert asked == list(range(1, len(JUMPS) + 2))
        for number in asked:
            talks.judge("me", first.id, number, True)
        assert [each.number for each in talks.judged("me")] == asked


def test_the_right_time_is_kept_once_the_clock_is_right(
    tmp_path: Path, set_clock: SetClock
) -> None:
    with opened(tmp_path) as library:
        talks = library.conversations
        set_clock(-YEAR)
        talks.keep("me", talks.begin("me"), Exchange(1, "When was this?", None))
        set_clock(0)
        kept = talks.keep("me", talks.begin("me"), Exchange(1, "And this?", None))
        assert abs((kept.changed - datetime.now(UTC)).total_seconds()) < 60


def test_versions_and_what_is_found_do_not_go_by_the_clock(
    tmp_path: Path, set_clock: SetClock
) -> None:
    with opened(tmp_path) as library:
        library.add(article(1, "Version 1 of the text tells of one thing."))
        for number, jump in enumerate(JUMPS, start=2):
            set_clock(jump)
            text = f"Version {number} of the text tells of another thing."
            assert library.add(article(1, text)) == "updated"
        [info] = library.articles()
        assert info.version == len(JUMPS) + 1
        for number in range(1, info.version + 1):
            kept = library.version(info.id, number)
            assert kept is not None and kept.text.startswith(f"Version {number} ")
        found = library.search("text tells thing", 3, 10).hits
        assert [hit.text for hit in found] == [
            f"Version {info.version} of the text tells of another thing."
        ]


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
def test_an_answer_takes_as_long_as_it_takes(
    tmp_path: Path, set_clock: SetClock, jump: float
) -> None:
    app = FakeApp(tmp_path, pause=0)
    chat = Chat(app)  # type: ignore[arg-type]
    request: Any = SimpleNamespace(
        session_hash="page", username=None, cookies={"reader": "me"}, headers={}
    )
    lives = chat.ask("What of the frost?", {}, request)
    next(lives)
    set_clock(jump)
    assert "14%" in [live.turn for live in lives if isinstance(live.turn, str)][-1]
    app.library.close()
