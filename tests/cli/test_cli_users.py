from __future__ import annotations

import io
import sys

from assistant.ui import tokens, users

SECRET = "a long secret"


def test_people_are_added_listed_and_removed(run, app, monkeypatch) -> None:
    store = app.settings.store
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{SECRET}\n"))
    added = run("users", "add", "Ada")
    assert (added.code, added.out) == (0, "Ada may sign in\n")
    assert users.matches(users.users(store)["Ada"], SECRET)
    assert run("users", "list").out == "Ada\n"
    assert run("users", "remove", "Ada").code == 0
    assert users.users(store) == {}


def test_a_token_is_printed_for_somebody_who_is_there(run, app) -> None:
    store = app.settings.store
    assert run("users", "token", "Ada").code == 2
    users.add(store, "Ada", SECRET)
    token = run("users", "token", "Ada").out.strip()
    assert tokens.holder(store, token) == "Ada"


def test_what_is_wrong_is_one_line(run, app, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    for ran in (run("users", "add", "Ada"), run("users", "remove", "Ada")):
        assert ran.code == 2 and ran.out == "" and ran.err.count("\n") == 1
    assert not users.users_file(app.settings.store).exists()
