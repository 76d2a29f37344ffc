"""Two runs side by side, over the questions that both were asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.evaluation import shape
from assistant.evaluation.differences import Difference, differences
from assistant.evaluation.markup import ENGLISH, Say, decimal, plain, share
from assistant.evaluation.outcomes import outcome
from assistant.evaluation.shape import PRIVATE, Answer, Run, read

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

__all__ = ["Change", "Comparison", "Difference", "Said", "compare", "read", "table"]

SHOWN = 30  # changed questions of each sort in the table


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a question, and the answer or error message, if there is one."""

    outcome: str
    text: str

    def __str__(self) -> str:
        return f"{self.outcome}: {self.text}" if self.text else self.outcome


@dataclass(frozen=True, slots=True)
class Change:
    """A question that came out otherwise in b."""

    id: str
    question: str
    kind: str
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run b against run a, over `common` questions.

    A changed question stands in one list: with the refusals where it was refused in one run alone,
    else with those that became right or wrong. `settings` are those that differ, model, version and
    library among them: name, first, second.
    """

    common: int
    differences: tuple[Difference, ...]
    became_right: tuple[Change, ...]
    became_wrong: tuple[Change, ...]
    newly_refused: tuple[Change, ...]
    no_longer_refused: tuple[Change, ...]
    settings: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]

    @property
    def changes(self) -> dict[str, tuple[Change, ...]]:
        """The changed questions under the headings of table and page."""
        return {
            "Became right": self.became_right,
            "Became wrong": self.became_wrong,
            "Newly refused": self.newly_refused,
            "No longer refused": self.no_longer_refused,
        }


def compare(a: dict[str, Any], b: dict[str, Any], say: Say = ENGLISH) -> Comparison:
    """Raises UsageError where the runs share no question. Notes and errors are said by `say`."""
    first, second = shape.parse(a, "the first run"), shape.parse(b, "the second run")
    pairs = pairs_of(first, second)
    if not pairs:
        raise UsageError("the runs have no question in common; compare runs of the same file")

    def changes(name: str) -> tuple[Change, ...]:
        if not shape.ANSWERS == first.mode == second.mode:
            return ()
        return tuple(_change(x, y, first, second, say) for x, y in pairs if _turn(x, y) == name)

    return Comparison(
        common=len(pairs),
        differences=tuple(differences(pairs)),
        became_right=changes("became right"),
        became_wrong=changes("became wrong"),
        newly_refused=changes("newly refused"),
        no_longer_refused=changes("no longer refused"),
        settings=tuple(_settings(first, second)),
        notes=tuple(_notes(first, second, len(pairs), say)),
    )


def pairs_of(a: Run, b: Run) -> list[tuple[Answer, Answer]]:
    """Both runs' answers to each common question; an id alone may be a mere line number."""
    other = {(answer.id, answer.question): answer for answer in b.answers}
    found = ((answer, other.get((answer.id, answer.question))) for answer in a.answers)
    return [(x, y) for x, y in found if y is not None]


def _turn(a: Answer, b: Answer) -> str:
    if bool(a.refused) != bool(b.refused):
        return "newly refused" if b.refused else "no longer refused"
    if bool(a.right) != bool(b.right):
        return "became right" if b.right else "became wrong"
    return ""


def _change(a: Answer, b: Answer, first: Run, second: Run, say: Say) -> Change:
    return Change(a.id, a.question, a.kind, _said(a, first, say), _said(b, second, say))


def _said(answer: Answer, run: Run, say: Say) -> Said:
    text = answer.text if answer.given else say.error(answer.error or "")
    return Said(outcome(answer, run), text or "")


# What differs between the runs themselves


def _settings(a: Run, b: Run) -> Iterable[tuple[str, str, str]]:
    first, second = conditions(a), conditions(b)
    for name in {**first, **second}:
        x, y = first.get(name, "–"), second.get(name, "–")
        if x != y:
            yield name, x, y


def conditions(run: Run) -> dict[str, str]:
    """What the figures of a run depend on, by name."""
    model = run.model.model_dump() if run.model else {}
    return {
        "version": run.version,
        "mode": run.mode,
        **{f"model {key}": str(value)[:40] for key, value in model.items()},
        **{f"library: {key}": f"{value:,}" for key, value in run.library.items()},
        **{key: str(value) for key, value in run.settings.items() if key not in PRIVATE},
    }


def _notes(a: Run, b: Run, common: int, say: Say) -> Iterable[str]:
    only = [len(run.answers) - common for run in (a, b)]
    if any(only):
        yield say(
            "The question sets differ: {common} are in both and count here; "
            "{first} are only in the first run, {second} only in the second.",
            common=common,
            first=only[0],
            second=only[1],
        )
    first = "The first run is incomplete: {asked} of {all} questions."
    second = "The second run is incomplete: {asked} of {all} questions."
    for text, run in ((first, a), (second, b)):
        if not run.complete:
            yield say(text, asked=run.asked, all=run.questions)


# For the terminal


def table(a: dict[str, Any], b: dict[str, Any]) -> Group:
    """The comparison for a terminal."""
    from rich.console import Group
    from rich.text import Text

    found = compare(a, b)
    notes = [Text(plain(note), style="yellow") for note in found.notes]
    changed = [_changed_table(name, each) for name, each in found.changes.items() if each]
    alike = Text("Same version, model, library and settings.", style="dim")
    differing = _settings_table(found) if found.settings else alike
    return Group(_figures_table(found), *notes, differing, *changed)


def _figures_table(found: Comparison) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    title = f"{found.common} questions, second run against first"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("", min_width=14)
    for name, width in (("first", 5), ("second", 6), ("change", 6), ("95% interval", 14)):
        table.add_column(name, justify="right", min_width=width)
    table.add_column("changed", justify="right", min_width=7)
    table.add_column("chance?", min_width=6)
    for each in found.differences:
        row = [plain(each.name), *told(each), f"{each.changed} of {each.n}", verdict(each)]
        style = {True: "green", False: "red", None: ""}[each.better]
        table.add_row(*(Text(cell) for cell in row[:-1]), Text(row[-1], style=style))
    return table


def told(difference: Difference, say: Say = ENGLISH) -> list[str]:
    """Both values, their difference and its interval as a person reads them."""
    form = seconds if difference.seconds else share
    sign = signed_seconds if difference.seconds else signed_share
    low, high = sign(difference.low, say), sign(difference.high, say)
    interval = say("{low} to {high}", low=low, high=high)
    return [form(difference.a, say), form(difference.b, say), sign(difference.value, say), interval]


def seconds(value: float, say: Say = ENGLISH) -> str:
    return decimal(f"{value:.2f} s", say)


def signed_seconds(value: float, say: Say = ENGLISH) -> str:
    return _signed(value, seconds(abs(value), say))


def signed_share(value: float, say: Say = ENGLISH) -> str:
    return _signed(value, share(abs(value), say))


def _signed(value: float, text: str) -> str:
    """A typographic sign, and none for what rounds to nothing."""
    return f"{'+' if value > 0 else '−'}{text}" if text.strip("0., s") else text


def verdict(difference: Difference) -> str:
    if not difference.changed:
        return "no change"
    return {True: "better", False: "worse", None: "may be chance"}[difference.better]


def _settings_table(found: Comparison) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("", "first", "second", title="What differs between the runs")
    table.title_justify = "left"
    for row in found.settings:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table


def _changed_table(name: str, changes: Sequence[Change]) -> Table:
    from rich.table import Table
    from rich.text import Text

    more = len(changes) - SHOWN
    table = Table("question", "before", "after", show_lines=True)
    table.title, table.title_justify = f"{name}: {len(changes)}", "left"
    table.caption, table.caption_justify = (f"and {more} more" if more > 0 else None), "left"
    for each in changes[:SHOWN]:
        cells = (each.question, str(each.before), str(each.after))
        table.add_row(*(Text(plain(cell)) for cell in cells))
    return table
