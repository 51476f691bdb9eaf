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
    body = "".join(
        part for number, bar in enumerate(chart.bars) for part in _row(bar, number * ROW, chart.end)
    )
    return (
        f'<svg class="chart bars" viewBox="0 0 {WIDTH} {len(chart.bars) * ROW}" role="img" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(chart.finding)}</title>'
        f'<desc id="{name}-d">{escape(chart.description)}</desc>{body}</svg>'
    )


def _row(bar: Bar, top: int, end: float) -> Iterator[str]:
    label = bar.label if len(bar.label) <= LONGEST else f"{bar.label[: LONGEST - 1].rstrip()}…"
    yield f'<text x="0" y="{top + LABEL - 2}">{escape(label)}</text>'
    yield f'<text class="actual" x="{WIDTH}" y="{top + LABEL - 2}" text-anchor="end">{pounds(bar.actual)}</text>'
    y = top + LABEL + 2
    for kind, amount, inset in (("allotted", bar.allocation, 0), ("spent", bar.actual, 3)):
        if amount is not None:
            yield (
                f'<rect class="{kind}" x="0" y="{y + inset}" width="{_along(amount, end):.1f}" '
                f'height="{THICK - 2 * inset}"/>'
            )
    if bar.profile is not None:
        yield f'<path class="planned" d="M{_along(bar.profile, end):.1f} {y - 1}v{THICK + 2}"/>'


def _along(amount: float, end: float) -> float:
    return max(amount, 0.0) / end * (WIDTH - SPARE) if end > 0 else 0.0
