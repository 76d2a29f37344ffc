from __future__ import annotations

import json
import signal

import cli_fakes


def test_add_counts_and_names_what_was_refused(run, app) -> None:
    app.added = [
        ("a.txt", "added", None),
        ("b.txt", "same", None),
        ("c.bin", None, "it is not text; save it as UTF-8"),
    ]
    ran = run("add", "folder")
    assert ran.code == 4
    assert ran.out == "added 1, updated 0, same 1, refused 1\n"
    assert ran.err == "assistant: c.bin: it is not text; save it as UTF-8\n"


def test_add_quietly_tells_only_what_was_refused(run, app) -> None:
    app.added = [("a.txt", "updated", None)]
    ran = run("add", "--quiet", "folder")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_add_of_refused_sources_alone_fails(run, app) -> None:
    app.added = [("c.bin", None, "c.bin is not text")]
    ran = run("add", "c.bin")
    assert ran.code == 1 and ran.err == "assistant: c.bin is not text\n"


def test_add_of_nothing_says_so(run, app) -> None:
    ran = run("add", "empty")
    assert ran.code == 1 and ran.out == ""
    assert ran.err.startswith("assistant: nothing to add in empty") and ran.err.count("\n") == 1


def test_add_stopped_with_ctrl_c_tells_what_is_there(run, app) -> None:
    app.added = [
        ("a.txt", "added", None),
        (lambda: signal.raise_signal(signal.SIGINT), None, None),
    ]
    ran = run("add", "folder")
    assert ran.code == 130 and ran.out.startswith("added 1,")


def test_list(run, app) -> None:
    ran = run("list")
    assert ran.code == 0
    assert ran.out == (
        "aaaaaaaa  2025-03-19  The long call  (https://example.org/call)\n"
        "bbbbbbbb              Moss  (moss.txt)\n"
    )


def test_list_shows_enough_of_an_id_to_tell_it_apart(run, app) -> None:
    app.library.kept = {"x" * 9 + end: _with_id("x" * 9 + end) for end in ("1zz", "2zz")}
    assert [line.split()[0] for line in run("list").out.splitlines()] == [
        "x" * 9 + "1",
        "x" * 9 + "2",
    ]


def test_list_json(run, app) -> None:
    ran = run("list", "--json")
    assert [article["title"] for article in json.loads(ran.out)] == ["The long call", "Moss"]
    assert "text" not in json.loads(ran.out)[0]


def test_an_empty_list(run, app) -> None:
    app.library.kept = {}
    assert run("list").out == ""
    assert json.loads(run("list", "--json").out) == []


def test_show(run, app) -> None:
    ran = run("show", "aaaa")
    assert ran.code == 0
    assert ran.out == (
        "The long call · 19 March 2025\nBy: Ann Writer\nSource: https://example.org/call\n"
        f"Tags: diplomacy\nId: aaaaaaaa1111\n\n{cli_fakes.CALL.text}\n"
    )
    assert json.loads(run("show", "aaaa", "--json").out) == cli_fakes.CALL.as_json()


def test_show_of_an_unknown_article(run, app) -> None:
    ran = run("show", "zzz", "--json")
    assert ran.code == 2 and ran.out == "" and "assistant list" in ran.err


def test_remove(run, app) -> None:
    ran = run("remove", "aaaa", "bbbb")
    assert (ran.code, ran.out) == (0, "removed The long call\nremoved Moss\n")
    assert app.library.kept == {}


def test_remove_removes_all_or_nothing(run, app) -> None:
    assert run("remove", "aaaa", "zzz").code == 2
    assert len(app.library.kept) == 2


def _with_id(id_: str) -> cli_fakes.Article:
    return cli_fakes.Article(id=id_, title="T", source="s", text="x")
