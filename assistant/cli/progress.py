"""Progress bars on stderr. Imports rich, so it is imported only inside commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text


class _Rate(ProgressColumn):
    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.1f} {self._unit}/s", style="progress.data.speed")


@contextmanager
def bar(description: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar to be moved by calls of (done, total); nothing is shown where nobody watches.

    The unit "bytes" counts in MB; any other is the plural of what is counted.
    """
    console = Console(stderr=True)
    counts: tuple[ProgressColumn, ...] = (MofNCompleteColumn(), _Rate(unit))
    if unit == "bytes":
        counts = (DownloadColumn(), TransferSpeedColumn())
    with Progress(
        TextColumn(description, markup=False),
        BarColumn(),
        *counts,
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(description, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
