"""One measured row: a JSON line for programs, and a line of the table for people."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What a row is to reach: at least `value` (or at most, for seconds)."""

    value: float
    is_at_most: bool = False
    #: `value` is a share of the reference, which is worth more than a figure while the machine has other work too.
    is_ratio: bool = False

    def __str__(self) -> str:
        return f"{'<=' if self.is_at_most else '>='} {self.value:g}{' x reference' if self.is_ratio else ''}"


@dataclass(frozen=True)
class Figure:
    """The median of `values`; `references` were measured in turn with them, if there is something to compare with."""

    name: str
    unit: str
    values: Sequence[float]
    references: Sequence[float] = ()
    bars: Sequence[Bar] = ()

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def reference(self) -> float | None:
        return statistics.median(self.references) if self.references else None

    @property
    def ratio(self) -> float | None:
        """The median of the ratios of each pair: noise that hits both halves of a pair falls out."""
        if not self.references:
            return None
        return statistics.median(ours / theirs for ours, theirs in zip(self.values, self.references, strict=True))

    def reaches(self, bar: Bar) -> bool:
        """Whether the median stands on the right side of the bar."""
        measured = (self.ratio or 0.0) if bar.is_ratio else self.value
        return measured <= bar.value if bar.is_at_most else measured >= bar.value

    def line(self) -> str:
        """The row as one JSON object: name, value, unit, reference, ratio, runs, spread."""
        told = {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "reference": _rounded(self.reference),
            "ratio": _rounded(self.ratio),
            "runs": len(self.values),
            "spread": [_rounded(min(self.values)), _rounded(max(self.values))],
        }
        return json.dumps(told)


def table(figures: Sequence[Figure]) -> list[str]:
    """The rows for a terminal, with what they reach."""
    rows: list[tuple[str, ...]] = [("row", "median", "lowest", "highest", "unit", "ratio", "bar")]
    for figure in figures:
        numbers = (figure.value, min(figure.values), max(figure.values))
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        rows.append((figure.name, *map(_said, numbers), figure.unit, ratio, _verdicts(figure)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]


def _verdicts(figure: Figure) -> str:
    return "; ".join(f"{bar}: {'reached' if figure.reaches(bar) else 'not reached'}" for bar in figure.bars)


def _said(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _rounded(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.5g}")
