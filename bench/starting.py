"""How long the command and the page take to start."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence

import httpx
from lines import Json, Line, paired
from plan import Plan
from served import serving


def steps(plan: Plan, begin: int) -> Iterator[Json]:
    """One start of each; the very first does not count, it fills the file cache."""
    environment = plan.environment()
    if begin == 0:
        _started(environment)
    for _ in range(begin, plan.starts):
        yield _started(environment)


def lines(found: Sequence[Json]) -> list[Line]:
    def line(name: str, ours: str, beside: str, other: str, at_most: float) -> Line:
        samples, others = ([each[key] for each in found] for key in (ours, other))
        return paired(Line(name, "s", samples, beside, others, at_most=at_most, no_ratio=True))

    gradio = "python -c 'import gradio'"
    return [
        line("`assistant --help`", "help", "python -c pass", "python", 0.3),
        line("`assistant serve` until “Ready at …”", "ready", gradio, "gradio", 6),
        line("until the page and its configuration are there", "page", gradio, "gradio", 6),
    ]


def _started(environment: Mapping[str, str]) -> Json:
    found = {
        name: _seconds(arguments, environment)
        for name, arguments in (
            ("python", ["-c", "pass"]),
            ("help", ["-m", "assistant", "--help"]),
            ("gradio", ["-c", "import gradio"]),
        )
    }
    with serving(dict(environment)) as served:
        begun = time.monotonic()
        with httpx.Client(base_url=served.url, timeout=60, trust_env=False) as web:
            for path in ("/", "/config"):
                web.get(path).raise_for_status()
        page = served.ready + time.monotonic() - begun
        return {**found, "ready": served.ready, "page": page}


def _seconds(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, *arguments],
        env={**environment, "GRADIO_ANALYTICS_ENABLED": "False"},
        stdout=subprocess.DEVNULL,
        check=True,
        start_new_session=True,
    )
    return time.monotonic() - begun
