"""Figures side by side: ours, what they are compared with, and what is wanted."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """Samples of ours and of what stands beside, and the ratios of ours to that.

    Where each of ours has its own sample beside it, the ratios are of these pairs. `at_most` is
    wanted of the median ratio, or of the median of ours if there is `no_ratio`.
    """

    name: str
    unit: str
    ours: Sequence[float]
    beside: str = ""
    other: Sequence[float] = ()
    ratios: Sequence[float] = ()
    at_most: float | None = None
    no_ratio: bool = False

    def as_json(self) -> Json:
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": spread(self.ours),
            "beside": self.beside or None,
            "other": spread(self.other),
            "ratio": spread(self.ratios),
            "wanted at most": self.at_most,
            "as wanted": self._as_wanted(),
        }

    def _as_wanted(self) -> bool | None:
        judged = self.ours if self.no_ratio else self.ratios
        if self.at_most is None or not judged:
            return None
        return statistics.median(judged) <= self.at_most


def paired(line: Line) -> Line:
    """With the ratio of each of ours to the sample that was taken beside it."""
    ratios = [ours / other for ours, other in zip(line.ours, line.other, strict=True)]
    return replace(line, ratios=ratios)


def spread(values: Sequence[float]) -> Json | None:
    """Median and quartiles; None of nothing."""
    if not values:
        return None
    low, middle, high = (
        statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    )
    return {"median": _short(middle), "quartiles": [_short(low), _short(high)], "n": len(values)}


def _short(value: float) -> float:
    """Four digits; more would claim what no such measurement knows."""
    return float(f"{value:.4g}")


def markdown(result: Json) -> str:
    """The whole result as a page of tables."""
    about = result["about"]
    rows = [
        "# Measured",
        "",
        f"{result['at']} · {about['model']} · {about['processor']}, {about['cores']} cores · "
        f"{about['asked']} questions of {about['file']}"
        + ("" if result["complete"] else " · **broken off**"),
        "",
        "Medians, with the quartiles in brackets. See bench/README.md for what each line means.",
    ]
    for part in result["parts"]:
        rows += ["", f"## {part['name']}", "", *_table(part["lines"])]
    return "\n".join(rows) + "\n"


def _table(lines: Sequence[Json]) -> list[str]:
    rows = ["| | ours | beside it | | ratio | wanted | |", "|---|---|---|---|---|---|---|"]
    for line in lines:
        wanted, met = line["wanted at most"], line["as wanted"]
        cells = [
            line["name"],
            _cell(line["ours"], line["unit"]),
            line["beside"] or "",
            _cell(line["other"], line["unit"]),
            _cell(line["ratio"], ""),
            "" if wanted is None else f"≤ {wanted:g}",
            {True: "yes", False: "**no**", None: ""}[met],
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return rows


def _cell(figure: Json | None, unit: str) -> str:
    if figure is None:
        return ""
    quartiles = "–".join(f"{each:g}" for each in figure["quartiles"])
    return f"{figure['median']:g} {unit}".strip() + (f" ({quartiles})" if figure["n"] > 1 else "")
