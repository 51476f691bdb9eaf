"""A chart as a drawing: lines for what was and what was needed, a ring for the target, gaps as gaps.

Colours are classes of the page's style sheet, so that a chart is dark or light with its page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import NamedTuple

from pipelines.pack.charts import Chart, Point, shown
from pipelines.pack.label_places import Box, Segment, Spot, best, segments


class Size(NamedTuple):
    """Width and height in the drawing's own units, with the room left for words around the lines."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


SMALL = Size(260, 96, 6, 46, 10, 18)
LARGE = Size(460, 200, 46, 56, 14, 26)
TINY = Size(120, 24, 3, 4, 4, 4)
PADDING = 0.08  # of the range of values, above and below
ROUND = 2.4
OF_A_LETTER = 8.0  # how wide a letter of a label is, at most, on a telephone, where labels are larger
ABOVE = 6.0  # beyond its edge there is nothing either, and words may stand there
OF_A_DIGIT, LINE = 7.5, 11.0  # how wide a digit of a value's label is, at most, and how high a label
# where a label may stand: from the mark along and down to the start or end of its words; the first that is free
AROUND = (
    (6.0, 4.0, "start"), (0.0, -8.0, "middle"), (0.0, 16.0, "middle"),
    (-5.0, -6.0, "end"), (-5.0, 14.0, "end"), (5.0, -6.0, "start"), (5.0, 14.0, "start"), (-7.0, 4.0, "end"),
    (-7.0, 9.0, "end"), (7.0, 9.0, "start"), (7.0, -1.0, "start"), (-7.0, -1.0, "end"),
)  # fmt: skip


def draw(chart: Chart, size: Size, name: str) -> str:
    """The chart as one SVG element. `name` begins its ids, which must be its own on the page."""
    frame = _Frame(chart, size)
    body = [*_axes(chart, size, frame), *_lines(chart, frame), *_ends(chart, size, frame)]
    return (
        f'<svg class="chart" viewBox="0 0 {size.width} {size.height}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(chart.finding)}</title>'
        f'<desc id="{name}-d">{escape(chart.description)}</desc>{"".join(body)}</svg>'
    )


def course(chart: Chart) -> str:
    """The values alone as a small line with the last one marked, for a cell of a table; the card says it in words."""
    known = [Point(p.on, p.label, p.value) for p in chart.points if p.value is not None]
    if not known:
        return ""
    frame = _Frame(replace(chart, points=tuple(known), target=None), TINY)
    runs = [
        [frame.spot(p.on, p.value) for p in run if p.value is not None]
        for run in _runs(chart.points, "value")
    ]
    body = "".join(f'<path class="actual" d="M{_path(spots)}"/>' for spots in runs)
    x, y = runs[-1][-1]
    return (
        f'<svg class="chart course" viewBox="0 0 {TINY.width} {TINY.height}" aria-hidden="true">{body}'
        f'<circle class="last" cx="{x:.1f}" cy="{y:.1f}" r="{ROUND}"/></svg>'
    )


class _Frame:
    """From days and values to places in the drawing."""

    def __init__(self, chart: Chart, size: Size) -> None:
        ends = [point for point in (chart.target,) if point]
        days = [point.on for point in (*chart.points, *ends)]
        values = [
            value
            for point in (*chart.points, *ends)
            for value in (point.value, point.lower, point.upper, point.needed)
            if value is not None
        ]
        self.size = size
        self.first, self.last = (min(days), max(days)) if days else (date(2000, 1, 1),) * 2
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = (high - low) * PADDING or abs(high) * PADDING or 1.0
        self.low, self.high = low - room, high + room

    def spot(self, on: date, value: float) -> Spot:
        days = (self.last - self.first).days or 1
        size = self.size
        across = (on - self.first).days / days * (size.width - size.left - size.right)
        up = (value - self.low) / (self.high - self.low) * (size.height - size.top - size.bottom)
        return size.left + across, size.height - size.bottom - up


def _axes(chart: Chart, size: Size, frame: _Frame) -> Iterator[str]:
    """A base line with the first and the last period under it; on a large chart those between that fit, and the
    highest and lowest value.
    """
    base = size.height - size.bottom
    yield f'<path class="axis" d="M{size.left} {base}H{size.width - size.right}"/>'
    if chart.points:
        left = frame.spot(chart.points[0].on, frame.low)[0]
        yield _text(left, size.height - 5, chart.points[0].label, "start")
    last = chart.target or (chart.points[-1] if len(chart.points) > 1 else None)
    if last:
        yield _text(frame.spot(last.on, frame.low)[0], size.height - 5, last.label, "end")
    if size is LARGE:
        yield from _between(chart, size, frame, last)
        values = [
            p.value for p in (*chart.points, *([chart.target] if chart.target else [])) if p.value is not None
        ]
        for value in sorted({min(values), max(values)}) if values else ():
            y = frame.spot(frame.first, value)[1]
            yield f'<path class="grid" d="M{size.left} {y:.1f}H{size.width - size.right}"/>'
            yield _text(size.left - 6, y + 4, shown(value, chart.places), "end")


def _between(chart: Chart, size: Size, frame: _Frame, last: Point | None) -> Iterator[str]:
    """The periods between the first and the last that have room under the base line, each with a tick at its point."""
    if last is None or not chart.points:
        return
    base, letter = size.height - size.bottom, OF_A_LETTER
    begins = frame.spot(chart.points[0].on, frame.low)[0] + letter * (len(chart.points[0].label) + 1)
    ends = frame.spot(last.on, frame.low)[0] - letter * (len(last.label) + 1)
    for point in reversed(chart.points[1:]):  # the latest matters most
        x, half = frame.spot(point.on, frame.low)[0], letter * len(point.label) / 2
        if point is not last and begins <= x - half and x + half <= ends:
            yield f'<path class="axis" d="M{x:.1f} {base}v4"/>'
            yield _text(x, size.height - 5, point.label, "middle")
            ends = x - half - letter


def _lines(chart: Chart, frame: _Frame) -> Iterator[str]:
    for run in _runs(chart.points, "lower", "upper"):
        upper = [frame.spot(p.on, p.upper) for p in run if p.upper is not None]
        lower = [frame.spot(p.on, p.lower) for p in run if p.lower is not None]
        yield f'<path class="limits" d="M{_path([*upper, *reversed(lower)])}Z"/>'
    needed = [frame.spot(p.on, p.needed) for p in chart.points if p.needed is not None]
    if len(needed) > 1:
        yield f'<path class="needed" d="M{_path(needed)}"/>'
    if chart.target and chart.target.value is not None and needed:
        aim = frame.spot(chart.target.on, chart.target.value)
        yield f'<path class="ahead" d="M{_path([needed[-1], aim])}"/>'
    for run in _runs(chart.points, "value"):
        spots = [frame.spot(p.on, p.value) for p in run if p.value is not None]
        yield f'<path class="actual" d="M{_path(spots)}"/>'
        yield from (f'<circle class="actual" cx="{x:.1f}" cy="{y:.1f}" r="{ROUND}"/>' for x, y in spots)


def _ends(chart: Chart, size: Size, frame: _Frame) -> Iterator[str]:
    """The latest value and the target, each named beside its mark where no line goes through its name."""
    latest = next((p for p in reversed(chart.points) if p.value is not None), None)
    taken = list(_drawn(chart, frame))
    if chart.target and chart.target.value is not None:
        x, y = frame.spot(chart.target.on, chart.target.value)
        yield f'<circle class="target" cx="{x:.1f}" cy="{y:.1f}" r="{ROUND + 1.6}"/>'
        words = shown(chart.target.value, chart.places)
        along, down, anchor = _place((x, y), words, taken, size)
        yield _text(x + along, y + down, words, anchor, "target")
        box = _box((x, y), words, (along, down, anchor))
        taken += [
            ((box.left, box.top), (box.right, box.bottom)),
            ((box.left, box.bottom), (box.right, box.top)),
            ((x - ROUND - 1.6, y), (x + ROUND + 1.6, y)),
        ]
    if latest and latest.value is not None:
        x, y = frame.spot(latest.on, latest.value)
        words = shown(latest.value, chart.places)
        along, down, anchor = _place((x, y), words, taken, size)
        yield _text(x + along, y + down, words, anchor, "actual")


def _drawn(chart: Chart, frame: _Frame) -> Iterator[Segment]:
    """All lines between values of the chart."""
    needed = [frame.spot(p.on, p.needed) for p in chart.points if p.needed is not None]
    aim = chart.target and chart.target.value is not None and frame.spot(chart.target.on, chart.target.value)
    yield from segments([*needed, aim] if aim and needed else needed)
    for run in _runs(chart.points, "value"):
        yield from segments([frame.spot(p.on, p.value) for p in run if p.value is not None])


def _place(at: Spot, words: str, taken: Sequence[Segment], size: Size) -> tuple[float, float, str]:
    """Where a label stands beside its mark: above the base line, below which periods are named."""
    page = Box(0.0, -ABOVE, float(size.width), size.height - size.bottom + 1.0)
    return AROUND[best([_box(at, words, place) for place in AROUND], taken, page)]


def _box(at: Spot, words: str, place: tuple[float, float, str]) -> Box:
    """What the words of a label cover."""
    (x, y), (along, down, anchor) = at, place
    wide = len(words) * OF_A_DIGIT
    left = x + along - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return Box(left, y + down - LINE + 2, left + wide, y + down + 1)


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _runs(points: Sequence[Point], *names: str) -> Iterator[list[Point]]:
    """Periods one after the other in which all of these are known: a gap stays a gap, a break in the series a break."""
    run: list[Point] = []
    for point in points:
        if point.is_anew and run:
            yield run
            run = []
        if all(getattr(point, name) is not None for name in names):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(spots: Iterable[Spot]) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
