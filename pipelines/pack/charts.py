"""Charts as data: what a measure was, what was needed, and what is aimed at, with the finding as its title.

Both editions of the pack draw the same chart; neither works anything out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.pack.lookups import measure, periods_known, targets
from pipelines.pack.model import Rating
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import rating_words
from pipelines.pack.words import mark

# of the range of values: room that small columns have below the lowest and above the highest
BELOW, ABOVE = 0.5, 0.1


@dataclass(frozen=True, slots=True)
class Point:
    """A period of a series: its last day, its label, and what is known of it. A value that is missing is None.

    `there` is the value of the place that the measure is compared with. `is_anew`: counted in another way than the
    period before, so that no line joins the two.
    """

    on: date
    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    needed: float | None = None
    there: float | None = None
    status: str | None = None
    needed_places: int = 0
    is_anew: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A measure's chart: `headline` names it with its rating, `reason` says why, `finding` says both.

    `rated` is the rating in words with its mark, or whose it is where no rule gave it, `basis` how far the values can
    be relied on. `description` says in words what is drawn; `places` are decimals; `comparator` is the place it is
    compared with.
    """

    target_id: str
    parent_id: str
    title: str
    unit: str
    headline: str
    reason: str
    finding: str
    description: str
    rating: str | None
    rated: str
    basis: str | None
    points: tuple[Point, ...]
    target: Point | None
    places: int
    comparator: str | None


def target_charts(marts: Marts, quarter: str, scale: Mapping[str, Rating]) -> list[Chart]:
    """One for each measurable target of the quarter, in the framework's order, by what was known then."""
    rows = targets(marts, quarter)
    known = periods_known(marts, quarter, [row["target_id"] for row in rows])
    return [
        _chart(row, [one for one in known if one["target_id"] == row["target_id"]], scale) for row in rows
    ]


def _chart(row: Row, periods: Sequence[Row], scale: Mapping[str, Rating]) -> Chart:
    points = tuple(
        Point(
            one["period_end"],
            one["period_label"],
            one["value"],
            one["lower"],
            one["upper"],
            one["trajectory_value"],
            one["comparator_value"],
            one["status"],
            one["needed_places"],
            before is not None and one["counted_since"] != before["counted_since"],
        )
        for before, one in zip([None, *periods], periods, strict=False)
    )
    target = None
    if row["due_on"] and row["target_value"] is not None:
        target = Point(row["due_on"], row["target_label"], row["target_value"])
    rated = rating_words(row, scale)
    headline = f"{row['title']}: {rated}"
    return Chart(
        target_id=row["target_id"],
        parent_id=row["parent_id"],
        title=row["title"],
        unit=row["unit"],
        headline=headline,
        reason=row["rating_reason"],
        finding=f"{headline}. {row['rating_reason']}",
        description=_description(measure(row), points, target, row["places"]),
        rating=row["rating"],
        rated=rated,
        basis=row["values_basis"],
        points=points,
        target=target,
        places=row["places"],
        comparator=row["comparator_title"],
    )


def course_ends(chart: Chart) -> tuple[float, float]:
    """Where the scale of a measure's small columns begins and ends: so far below the lowest value that it has a column
    of its own, a third as high as the highest, and a little above that one.
    """
    values = [point.value for point in chart.points if point.value is not None] or [0.0]
    span = max(values) - min(values) or abs(values[0]) or 1.0
    return min(values) - span * BELOW, max(values) + span * ABOVE


def _description(name: str, points: Sequence[Point], target: Point | None, places: int) -> str:
    """The chart in words, for whoever does not see it."""
    said = [f"{name}:"]
    said.append(
        ", ".join(f"{shown(p.value, places, p.status)} in {p.label}" for p in points) or "no value yet"
    )
    needed = [p for p in points if p.needed is not None]
    if needed:
        last = needed[-1]
        said.append(f"; needed on the trajectory in {last.label}: {shown(last.needed, last.needed_places)}")
    if target:
        said.append(f"; the target for {target.label} is {shown(target.value, places)}")
    return f"{said[0]} {''.join(said[1:])}."


def shown(value: float | None, places: int, status: str | None = None) -> str:
    """A value of a chart as the pack's tables show it."""
    return f"{value:,.{places}f}" if value is not None else mark(status or "x")
