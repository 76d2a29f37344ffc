"""The files of the log, and what of it comes to the terminal."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from assistant import logs

pytestmark = pytest.mark.usefixtures("no_other_log")
log = logging.getLogger("assistant.of.a.test")


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_a_line_is_an_object_with_its_facts(tmp_path: Path) -> None:
    with logs.kept(tmp_path, "serve"):
        log.info("a\n%s \ud800", "ü", extra=logs.facts(n=3, of={"x": 0.5}))
    [line] = lines(logs.path(tmp_path))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info", "from": log.name, "message": "a\nü \ud800", "n": 3, "of": {"x": 0.5},
    }  # fmt: skip


def test_the_terminal_gets_warnings_on_one_line_and_the_file_the_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logs.kept(tmp_path, "serve"):
        log.info("quiet")
        log.warning("a line\n\x1b[31m")
        try:
            raise ValueError("deep down")
        except ValueError:
            log.exception("it broke")
    file = logs.path(tmp_path)
    told = ["assistant: a line  [31m", f"assistant: it broke; see {file}"]
    assert capsys.readouterr().err.splitlines() == told
    quiet, _, broke = lines(file)
    assert quiet["message"] == "quiet" and "deep down" in broke["traceback"]


def test_what_others_log_is_kept_from_warnings_on(tmp_path: Path) -> None:
    with logs.kept(tmp_path, "serve"):
        logging.getLogger("httpx").info("GET https://example.org/a-title")
        logging.getLogger("others.of.a.test").error("went wrong")
    assert [line["message"] for line in lines(logs.path(tmp_path))] == ["went wrong"]


def test_afterwards_all_is_as_before(tmp_path: Path) -> None:
    root, ours = logging.getLogger(), logging.getLogger("assistant")
    before = list(root.handlers), ours.level
    with logs.kept(tmp_path, "serve"):
        assert len(root.handlers) == len(before[0]) + 2
    assert (list(root.handlers), ours.level) == before
    log.info("nobody keeps this")
    assert logs.path(tmp_path).read_text() == ""


def test_files_are_few_and_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_BYTES", 2_000)
    with logs.kept(tmp_path, "serve"):
        for number in range(200):
            log.info("line %s", number)
    files = sorted(tmp_path.glob("logs/*"))
    assert [file.name for file in files] == ["serve.log", *(f"serve.log.{n}" for n in range(1, 5))]
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert lines(files[0])[-1]["message"] == "line 199"


def test_where_no_file_can_be_written_the_terminal_gets_the_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("in the way")
    with logs.kept(tmp_path, "serve") as kept:
        assert not kept
        log.info("one")
        log.error("two", exc_info=ValueError())
    assert capsys.readouterr().err == "assistant: two\n"
    assert logs.keep_error(tmp_path, "commands", ValueError()) is None


def test_a_disk_that_fills_up_meanwhile_breaks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with logs.kept(tmp_path, "serve"):
        file = next(h for h in logging.getLogger().handlers if isinstance(h, logs._Quiet))
        file.stream.close()
        file.stream = open("/dev/full", "w")  # noqa: SIM115 (the handler closes it)
        log.warning("one")
    assert capsys.readouterr().err == "assistant: one\n"


def test_an_error_is_kept_where_there_is_a_library(tmp_path: Path) -> None:
    assert logs.keep_error(tmp_path / "none", "commands", ValueError()) is None
    assert not (tmp_path / "none").exists()
    file = logs.keep_error(tmp_path, "commands", ValueError("odd"))
    assert file == logs.path(tmp_path, "commands")
    [line] = lines(file)
    assert (line["level"], line["message"]) == ("error", "broke off")
    assert "ValueError: odd" in line["traceback"]
