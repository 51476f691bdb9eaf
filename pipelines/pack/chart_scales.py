"""The scales of a native chart, along its foot and up its side, and where on them the target's value has room."""

import math
from collections.abc import Sequence
from datetime import date

from openpyxl.utils.datetime import to_excel

from pipelines.pack.chart_parts import round_ends
from pipelines.pack.charts import Chart, Point, shown
from pipelines.pack.label_places import Box, Segment, Spot, best, segments

YEAR = 365.25
MOST_LABELS = 6  # along the foot, where each names a month
MARGIN = 0.05  # of a step, to the right of the last label, so that a mark there is whole
# The smallest chart's lines lie in so many points; a letter of a label, a line of it, and half of a mark take these
PLOT = (230.0, 75.0)
LETTER, LINE, MARK = 5.5, 11.0, 6.0


def ends_of(chart: Chart) -> list[Point]:
    """All points that a chart must have room for: its periods and its target."""
    return [*chart.points, *([chart.target] if chart.target else [])]


def along(chart: Chart) -> tuple[float, float, float]:
    """Where the foot begins and ends, and the step between its labels."""
    return ticks([point.on for point in ends_of(chart)], latest(chart))


def up(chart: Chart) -> tuple[float, float, float]:
    """The same of the side, which has room for every value that is drawn."""
    values = [
        value
        for point in ends_of(chart)
        for value in (point.value, point.lower, point.upper, point.needed, point.there)
        if value is not None
    ]
    return round_ends(min(values), max(values))


def label_place(chart: Chart) -> str:
    """Above the target's mark (t), below it (b) or to its left (l): the first in which no line and no mark lies.

    A chart is as large as its columns; reckoned is with a small one, on which a label takes most room.
    """
    if chart.target is None or chart.target.value is None:
        return "t"
    (first, last, _), (low, high, _) = along(chart), up(chart)
    wide, tall = PLOT

    def spot(on: date, value: float) -> Spot:
        return (to_excel(on) - first) / (last - first) * wide, (high - value) / (high - low) * tall

    x, y = spot(chart.target.on, chart.target.value)
    half = len(shown(chart.target.value, chart.places)) * LETTER / 2
    places = {
        "t": Box(x - half, y - MARK - LINE, x + half, y - MARK),
        "b": Box(x - half, y + MARK, x + half, y + MARK + LINE),
        "l": Box(x - MARK - 2 * half, y - LINE / 2, x - MARK, y + LINE / 2),
    }
    drawn: list[Segment] = []
    for name in ("value", "needed", "there"):
        known = [(point.on, getattr(point, name)) for point in chart.points]
        spots = [spot(on, value) for on, value in known if value is not None]
        drawn += segments(spots)
        if name == "value":  # marks have a size
            drawn += [((a, b - MARK), (a, b + MARK)) for a, b in spots]
    return [*places][best([*places.values()], drawn, Box(-half, -LINE, wide + half, tall))]


def latest(chart: Chart) -> date:
    """The last day of the latest period that has a value; of the target where none has."""
    known = [point.on for point in chart.points if point.value is not None]
    return max(known or [point.on for point in (*chart.points, chart.target) if point])


def ticks(days: Sequence[date], at: date) -> tuple[float, float, float]:
    """Where the foot begins and ends, and the step between its labels, in Excel's days; one label stands at `at`.

    Periods of a series end on the same day of the year, a year or several apart: so every label names the month in
    which a period ends, and the point of that period stands above it.
    """
    first, last, here = to_excel(min(days)), to_excel(max(days)), to_excel(at)
    years = math.ceil((last - first) / YEAR) + 1
    step = YEAR * math.ceil(years / MOST_LABELS)
    # a day's slack, as not every year is as long as the mean one; but no point lies outside
    begins = here - step * max(math.ceil((here - first - 1) / step), 0)
    ends = here + step * max(math.ceil((last - here - 1) / step), 0)
    return min(begins, first), max(ends, last, begins + step) + MARGIN * step, step
