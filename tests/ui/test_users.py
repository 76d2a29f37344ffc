from __future__ import annotations

import stat
from pathlib import Path

import pytest

from assistant.errors import StoreError, UsageError
from assistant.ui import users

SECRET = "a long secret"


def test_a_password_is_kept_only_as_a_salted_hash(tmp_path: Path) -> None:
    users.add(tmp_path, "Änne", SECRET)
    users.add(tmp_path, "Bo", SECRET)
    kept = users.users(tmp_path)
    assert SECRET not in users.users_file(tmp_path).read_text()
    assert kept["Änne"] != kept["Bo"]
    assert users.matches(kept["Änne"], SECRET)
    assert not users.matches(kept["Änne"], SECRET + "!")
    assert not users.matches(None, "") and not users.matches(None, SECRET)


def test_nobody_else_on_the_machine_can_read_the_file(tmp_path: Path) -> None:
    users.users_file(tmp_path).with_suffix(".partial").write_text("left by a crash")
    users.add(tmp_path, "Bo", SECRET)
    assert stat.S_IMODE(users.users_file(tmp_path).stat().st_mode) == 0o600


def test_another_password_takes_the_place_of_the_first(tmp_path: Path) -> None:
    users.add(tmp_path, "Bo", SECRET)
    users.add(tmp_path, "Bo", "quite another")
    kept = users.users(tmp_path)["Bo"]
    assert users.matches(kept, "quite another") and not users.matches(kept, SECRET)


def test_who_was_removed_is_gone(tmp_path: Path) -> None:
    users.add(tmp_path, "Bo", SECRET)
    assert users.remove(tmp_path, "Bo") and not users.remove(tmp_path, "Bo")
    assert users.users(tmp_path) == {}


@pytest.mark.parametrize(
    ("name", "password"),
    [("", SECRET), (" ", SECRET), ("a\nb", SECRET), ("x" * 300, SECRET),
     ("Bo", "short"), ("Bo", "x" * 300)],
)  # fmt: skip
def test_what_is_no_name_or_password_is_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(UsageError):
        users.add(tmp_path, name, password)
    assert users.users(tmp_path) == {}


@pytest.mark.parametrize("text", ["{", "[]", "3"])
def test_a_damaged_file_lets_nobody_in_and_says_what_to_do(tmp_path: Path, text: str) -> None:
    users.users_file(tmp_path).write_text(text)
    with pytest.raises(StoreError, match="assistant users add NAME"):
        users.users(tmp_path)
