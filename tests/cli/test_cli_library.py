"""What keeps a library: scope, following, upkeep; the real application, but no language model."""

from __future__ import annotations

import json
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from cli_fakes import ANSWER, CALL, FakeApp, events

from assistant import cli, config
from assistant.app import open_app
from assistant.records import Scope, Searching

BRIDGE = (
    "The Tamsel bridge was closed in 2019 after engineers found cracks in two of its pillars. "
    "Repairs took four years and cost 31 million euros, most of it paid by the region."
)


@pytest.fixture
def store(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ASSISTANT_MODELS", str(models))
    return tmp_path / "store"


def _run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str, str]:
    code = cli.main([str(arg) for arg in args])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_question_is_limited_by_options(run, app: FakeApp) -> None:
    app.script = [events(ANSWER)]
    options = ["--since", "2024", "--until", "2024-02", "--tag", "a", "--tag", "b"]
    assert run("ask", "How long?", *options, "--source", "x.org", "--article", "aaaa").code == 0
    assert app.scope == Scope(
        articles=(CALL.id,), tags=("a", "b"), sources=("x.org",),
        since=date(2024, 1, 1), until=date(2024, 2, 29),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--since", "soon"], "2026-01-31"), (["--article", "zzz"], "no single article")],
)
def test_a_limit_that_is_none(run, app: FakeApp, options: list[str], told: str) -> None:
    ran = run("ask", "How long?", *options)
    assert (ran.code, app.asked) == (2, [])
    assert told in ran.err


def test_the_time_that_a_question_names_is_told(run, app: FakeApp, monkeypatch) -> None:
    monkeypatch.setattr("assistant.cli.door.note", lambda text: print(text))
    named = Searching("How long?", Scope(since=date(2026, 11, 9)))
    app.script = [[named, *events(ANSWER)[1:]]]
    assert "Searching articles dated from 9 November 2026" in run("ask", "How long?").out


def test_a_list_is_limited(store: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "two.json"
    rows = [
        {"title": title, "text": f"{title} is spoken of here.", "tags": [tag], "date": day}
        for title, tag, day in (("Old", "x", "2020-05-01"), ("New", "y", "2026-05-01"))
    ]
    file.write_text(json.dumps(rows))
    assert _run(capsys, "add", file)[0] == 0
    for option, found in ((("--since", "2025"), "New"), (("--tag", "X"), "Old")):
        code, out, _ = _run(capsys, "list", "--json", *option)
        assert (code, [article["title"] for article in json.loads(out)]) == (0, [found])


def test_a_followed_folder_is_brought_up_to_date(store: Path, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "bridge.txt").write_text(BRIDGE)
    assert _run(capsys, "follow", folder)[0] == 0
    assert str(folder) in _run(capsys, "follow")[1]
    assert "added 1" in _run(capsys, "update")[1]
    (folder / "empty.txt").write_text("")
    code, out, err = _run(capsys, "update")
    assert (code, "same 1, refused 1" in out, "empty.txt is empty" in err) == (4, True, True)
    assert _run(capsys, "unfollow", folder)[0] == 0
    assert _run(capsys, "unfollow", folder)[0] == 2
    assert _run(capsys, "follow", tmp_path / "nowhere")[0] == 1


def test_a_watched_folder(store: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    stop = threading.Event()
    monkeypatch.setattr("assistant.cli.door.stop_on_ctrl_c", lambda: _Given(stop))

    def come_and_go() -> None:
        time.sleep(1.5)
        (folder / "bridge.txt").write_text(BRIDGE)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not stop.wait(0.1):
            with open_app(config.load()) as app:
                if app.library.counts().articles:
                    stop.set()

    thread = threading.Thread(target=come_and_go)
    thread.start()
    code, out, _ = _run(capsys, "watch", folder, "--every", "1")
    thread.join()
    assert (code, out.strip()) == (0, "added bridge")


class _Given:
    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop

    def __enter__(self) -> threading.Event:
        return self.stop

    def __exit__(self, *error: object) -> None:
        pass


def test_nothing_to_watch(store: Path, capsys) -> None:
    code, _, err = _run(capsys, "watch")
    assert (code, "nothing is followed" in err) == (2, True)


def test_doctor(store: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "bridge.txt").write_text(BRIDGE)
    _run(capsys, "add", tmp_path / "bridge.txt")
    code, out, _ = _run(capsys, "doctor")
    assert (code, "all is well" in out) == (0, True)
    assert f"in the logs in {store / 'logs'}\n" in out
    with open_app(config.load()) as app, app.library._catalog._database.writing() as db:
        db.execute("DELETE FROM sentences")
    code, out, _ = _run(capsys, "doctor")
    assert (code, "1 article with passages" in out) == (1, True)
    code, out, _ = _run(capsys, "doctor", "--repair")
    assert (code, "mended" in out) == (0, True)
    assert _run(capsys, "doctor")[0] == 0


def test_a_library_moves_as_one_file(store: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    (tmp_path / "bridge.txt").write_text(BRIDGE)
    _run(capsys, "add", tmp_path / "bridge.txt")
    file = tmp_path / "all.articles"
    assert _run(capsys, "export", file)[0] == 0
    assert _run(capsys, "export", file)[0] == 1
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "elsewhere"))
    assert "added 1, updated 0, same 0" in _run(capsys, "import", file)[1]
    assert "bridge" in _run(capsys, "list")[1]
    code, _, err = _run(capsys, "import", tmp_path / "bridge.txt")
    assert (code, "is no library" in err) == (1, True)
