"""Bullet bars as a drawing: each row's label and amount, and below them pale what was allotted, dark what was spent,
and a tick at what was planned by now.

Narrow enough to be read on a telephone; colours are classes of the page's style sheet.
"""

from collections.abc import Iterator
from html import escape

from pipelines.pack.bars import Bar, BarChart, pounds

WIDTH, ROW, LABEL, THICK = (
    360,
    34,
    13,
    13,
)  # in the drawing's own units: the whole, each row, its words, its bar
LONGEST = 44  # letters of a label that fit before the amount
SPARE = 4  # left for what the last tick is wide


def draw_bars(chart: BarChart, name: str) -> str:
    """The bars as one SVG element. `name` begins its ids, which must be its own on the page."""
    body = "".join(part for number, bar in enumerate(chart.bars) for part in _row(bar, number * ROW, chart))
    return (
        f'<svg class="chart bars" viewBox="0 0 {WIDTH} {len(chart.bars) * ROW}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(chart.finding)}</title>'
        f'<desc id="{name}-d">{escape(chart.description)}</desc>{body}</svg>'
    )


def _row(bar: Bar, top: int, chart: BarChart) -> Iterator[str]:
    label = bar.label if len(bar.label) <= LONGEST else f"{bar.label[: LONGEST - 1].rstrip()}…"
    yield f'<text x="0" y="{top + LABEL - 2}">{escape(label)}</text>'
    yield f'<text class="actual" x="{WIDTH}" y="{top + LABEL - 2}" text-anchor="end">{pounds(bar.actual)}</text>'
    y = top + LABEL + 2
    for kind, amount, inset in (("allotted", bar.allocation, 0), ("spent", bar.actual, 3)):
        if amount is not None:
            left, right = _along(min(amount, 0.0), chart), _along(max(amount, 0.0), chart)
            yield (
                f'<rect class="{kind}" x="{left:.1f}" y="{y + inset}" width="{right - left:.1f}" '
                f'height="{THICK - 2 * inset}"/>'
            )
    if chart.start < 0:
        yield f'<path class="axis" d="M{_along(0.0, chart):.1f} {y - 2}v{THICK + 4}"/>'
    if bar.profile is not None:
        yield f'<path class="planned" d="M{_along(bar.profile, chart):.1f} {y - 1}v{THICK + 2}"/>'


def _along(amount: float, chart: BarChart) -> float:
    """How far from the left an amount lies on the scale of the chart."""
    return (amount - chart.start) / ((chart.end - chart.start) or 1.0) * (WIDTH - SPARE)
