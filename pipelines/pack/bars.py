"""Bullet bars as data: for each row of a table what was allotted, what was planned by now, and what was spent.

They are drawn over the cells of that table, so that nothing stands in a chart that does not stand in a mart. Charts of
one table share their scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_BARS = 10  # in one chart: more are parted evenly over several
NOTHING = "[x]"


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its label, and amounts of money. What is missing is None."""

    label: str
    allocation: float | None
    profile: float | None
    actual: float | None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars of consecutive rows of the table called `table`, of which `first` is the first, from 0.

    `columns` are the names of the table's columns for label, allocation, profile and actual; the scale runs from
    `start` to `end`, the least and the largest amount of any chart of the table, and has nought in it: money that came
    back is less than none. `finding` is its title, `without` says which rows have no figures, and
    `description` says in words what is drawn.
    """

    name: str
    finding: str
    without: str
    description: str
    table: str
    first: int
    columns: tuple[str, str, str, str]
    bars: tuple[Bar, ...]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Charts of bars, two beside each other."""

    charts: Sequence[BarChart]


def bar_charts(
    table: str, title: str, rows: Sequence[Mapping[str, Any]], label: str, allocation: str
) -> list[BarChart]:
    """The charts of a table's rows; none where no amount is known. `label` and `allocation` are names of columns.

    The others are profile_to_date and actual_to_date; variance_pct says how far actual is from profile.
    """
    columns = (label, allocation, "profile_to_date", "actual_to_date")
    bars = [Bar(row[columns[0]], *(row[name] for name in columns[1:])) for row in rows]
    amounts = [
        amount for bar in bars for amount in (bar.allocation, bar.profile, bar.actual) if amount is not None
    ]
    if not amounts:
        return []
    return [
        BarChart(
            name=f"{table}_{first + 1}",
            finding=f"{title}: {_finding(rows[first:last], label, is_part=last - first < len(rows))}",
            without=_without(bars[first:last]),
            description=f"{title}, in pounds: {'; '.join(map(_said, bars[first:last]))}.",
            table=table,
            first=first,
            columns=columns,
            bars=tuple(bars[first:last]),
            start=min(0.0, *amounts),
            end=max(0.0, *amounts),
        )
        for first, last in _parts(len(bars))
    ]


def _parts(count: int) -> Iterator[tuple[int, int]]:
    """So many rows in as few parts as may be, the first ones a row longer where they don't come out even."""
    parts = -(-count // MOST_BARS)
    first = 0
    for number in range(parts):
        last = first + count // parts + (number < count % parts)
        yield first, last
        first = last


def _finding(rows: Sequence[Mapping[str, Any]], label: str, *, is_part: bool) -> str:
    """Which row is furthest from its profile, and how far; of a chart that has only some of them, among these."""
    known = [row for row in rows if row["variance_pct"] is not None]
    if not known:
        return "how far from profile can't be said"
    furthest = max(known, key=lambda row: abs(row["variance_pct"]))
    if not round(abs(furthest["variance_pct"]), 1):
        return "as planned by now"
    way = f"{abs(furthest['variance_pct']):.1f}% {'under' if furthest['variance_pct'] < 0 else 'over'}"
    if len(rows) == 1:
        return f"{way} profile"
    return f"furthest from profile{' among these' if is_part else ''} is {furthest[label]}, {way}"


def _without(bars: Sequence[Bar]) -> str:
    named = [bar.label for bar in bars if bar.actual is None]
    return f"No figure of what was spent: {'; '.join(named)}." if named else ""


def _said(bar: Bar) -> str:
    spent, planned, allotted = (pounds(amount) for amount in (bar.actual, bar.profile, bar.allocation))
    return f"{bar.label}: {spent} spent, {planned} planned by now, {allotted} allotted"


def pounds(amount: float | None) -> str:
    """An amount as the pack's tables show it."""
    if amount is None:
        return NOTHING
    return f"{'-' if round(amount) < 0 else ''}£{abs(amount):,.0f}"
