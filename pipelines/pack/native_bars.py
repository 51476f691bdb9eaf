"""Bullet bars as Excel draws them itself, over the cells of a table on the same sheet.

Pale: allotted. On it, dark: spent. Over both a frame: planned by now. All are as wide, as LibreOffice knows one width
of bars in a chart; and fill, frame and pale differ without colour too.
"""

from typing import Any

from openpyxl.chart import BarChart as Native
from openpyxl.chart import Reference, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.pack.bars import BarChart
from pipelines.pack.chart_parts import EMU, anchor, round_ends, small_words, title
from pipelines.pack.chart_places import ChartPlace
from pipelines.pack.layout import Place

GAP = 60  # between bars, in % of a bar's width
# name, fill, line, its width in points; drawn in this order, and the pale one has a line or it would be lost on paper
LOOKS: tuple[tuple[str, str | None, str, float], ...] = (
    ("Allocation", "E3E8EE", "6F777B", 0.75),
    ("Actual to date", "12436D", "12436D", 0.75),
    ("Profile to date", None, "F46A25", 2.25),
)


def draw_bars(worksheet: Worksheet, place: ChartPlace, chart: BarChart, table: Place) -> str:
    """Put the bars on their sheet; `table` is where the table stands that they draw. Returns them in words."""
    first = table.first_row + 1 + chart.first
    last = first + len(chart.bars) - 1
    names = [column.name for column in table.table.columns]
    label, allocation, profile, actual = (
        Reference(worksheet, min_col=names.index(name) + 1, min_row=first, max_row=last)
        for name in chart.columns
    )
    drawn: Any = Native()
    drawn.type, drawn.grouping, drawn.overlap, drawn.gapWidth = "bar", "clustered", 100, GAP
    for look, values in zip(LOOKS, (allocation, actual, profile), strict=True):
        drawn.series.append(_bars(look, values, label))
    scale_bars(drawn, chart)
    drawn.style, drawn.legend.position, drawn.legend.txPr = 2, "b", small_words()
    drawn.title = title(chart.finding, chart.without)
    drawn.anchor = anchor(worksheet, place)
    worksheet.add_chart(drawn)
    return f"{chart.finding}. {chart.description}"


def _bars(look: tuple[str, str | None, str, float], values: Reference, label: Reference) -> Any:
    name, fill, line, points = look
    bars: Any = Series(values, title=name)
    bars.cat = AxDataSource(strRef=StrRef(f=str(label)))
    bars.invertIfNegative = False
    filled = {"solidFill": fill} if fill else {"noFill": True}
    bars.graphicalProperties = GraphicalProperties(
        ln=LineProperties(solidFill=line, w=int(points * EMU)), **filled
    )
    return bars


def scale_bars(drawn: Any, chart: BarChart) -> None:
    """The axes: the rows' labels at the left, and at the foot a scale with every amount and nought in it."""
    labels, scale = drawn.x_axis, drawn.y_axis
    for axis in (labels, scale):
        axis.delete, axis.txPr, axis.title = False, small_words(), None  # nothing said means deleted to Excel
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="6F777B"))
    labels.scaling.orientation = "maxMin"  # the first row on top
    labels.tickLblSkip = 1  # every bar is named
    labels.tickLblPos = "low"  # at the left, also where a bar goes to the left of nought
    scale.scaling.min, scale.scaling.max, scale.majorUnit = round_ends(chart.start, chart.end)
    scale.crosses = "max"  # at the foot
    scale.number_format = "£#,##0"
    scale.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DADADA", w=int(0.5 * EMU)))
