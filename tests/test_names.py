"""Test modules and bench scripts are imported by their bare names: no two may share one."""

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED_BY_RIGHT = {"__init__.py", "conftest.py"}


def test_no_two_modules_of_tests_and_bench_share_a_name() -> None:
    names = [path.name for room in ("tests", "bench") for path in (ROOT / room).rglob("*.py")]
    twice = {name for name, times in Counter(names).items() if times > 1}
    assert twice <= SHARED_BY_RIGHT
