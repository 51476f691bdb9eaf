"""Charts as Excel draws them itself, from the cells of Data_Charts: they can be copied, restyled and read aloud.

Scattered over real days, so that a missing year leaves its gap and the target stands where it falls due.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.pack.bars import BarChart
from pipelines.pack.chart_parts import EMU, anchor, small_words, title
from pipelines.pack.chart_places import ChartPlace
from pipelines.pack.chart_scales import along, ends_of, label_place, up
from pipelines.pack.charts import Chart
from pipelines.pack.data_charts import DRAWN, NAME, column_of
from pipelines.pack.layout import Laid
from pipelines.pack.native_bars import draw_bars

# Analysis Function, "Data visualisation: colours in charts": the pair for two series, then the others
LOOKS: dict[str, tuple[str, float, Any, str | None]] = {  # colour, points, dash, marker
    "lower": ("A8A8A8", 0.75, None, None),
    "upper": ("A8A8A8", 0.75, None, None),
    "trajectory_value": ("F46A25", 1.75, "dash", None),
    "comparator_value": ("28A197", 1.25, "sysDot", None),
    "value": ("12436D", 2.25, None, "circle"),
    "aim": ("801650", 0.0, None, "diamond"),
}
NAMES = {
    "lower": "Lower 95% limit",
    "upper": "Upper 95% limit",
    "trajectory_value": "Needed",
    "value": "Value",
    "aim": "Target",
}


def draw_chart(
    worksheet: Worksheet, place: ChartPlace, chart: Chart, source: Worksheet, rows: tuple[int, int]
) -> str:
    """Put a measure's chart on its sheet; `rows` are its first and last on `source`. Returns the chart in words."""
    drawn: Any = ScatterChart()
    drawn.style, drawn.scatterStyle = 2, "lineMarker"
    drawn.title = title(chart.headline, f"{chart.unit}, by the month in which a period ends")
    drawn.legend.position, drawn.legend.txPr = "b", small_words()
    drawn.display_blanks = "gap"
    days = Reference(source, min_col=column_of("period_end"), min_row=rows[0], max_row=rows[1])
    for name in DRAWN:
        if _has(chart, name):
            values = Reference(source, min_col=column_of(name), min_row=rows[0], max_row=rows[1])
            drawn.series.append(_line(name, chart, values, days))
    _axes(drawn, chart)
    drawn.anchor = anchor(worksheet, place)
    worksheet.add_chart(drawn)
    return f"{chart.finding} {chart.description}"


def _has(chart: Chart, name: str) -> bool:
    if name == "aim":
        return chart.target is not None
    points = {"trajectory_value": "needed", "comparator_value": "there"}
    return any(getattr(point, points.get(name, name)) is not None for point in chart.points)


def _line(name: str, chart: Chart, values: Reference, days: Reference) -> Any:
    colour, points, dash, marker = LOOKS[name]
    named = chart.comparator if name == "comparator_value" and chart.comparator else NAMES.get(name, name)
    line: Any = Series(values, days, title=named)
    line.smooth = False  # LibreOffice and Excel draw a curve where nothing is said
    if points:
        line.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=int(points * EMU), prstDash=dash)
        )
    else:
        line.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    line.marker.symbol = marker or "none"
    if marker:
        line.marker.size = 10 if name == "aim" else 7
        line.marker.graphicalProperties = GraphicalProperties(
            solidFill=colour, ln=LineProperties(solidFill=colour)
        )
    if name == "aim":
        line.dLbls = _value_beside(chart)
    return line


def _value_beside(chart: Chart) -> DataLabelList:
    """The target's value above its mark, which is small and may lie on the edge of the chart; or where no line is."""
    return DataLabelList(
        numFmt=_number(chart),
        txPr=small_words(),
        dLblPos=label_place(chart),
        showVal=True,
        showLegendKey=False,
        showCatName=False,
        showSerName=False,
        showPercent=False,
    )


def _number(chart: Chart) -> str:
    return f"#,##0{'.' + '0' * chart.places if chart.places else ''}"


def _axes(drawn: Any, chart: Chart) -> None:
    x, y = drawn.x_axis, drawn.y_axis
    for axis in (x, y):
        axis.delete, axis.txPr, axis.title = False, small_words(), None  # nothing said means deleted to Excel
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="6F777B"))
    x.majorGridlines = None
    y.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DADADA", w=int(0.5 * EMU)))
    x.number_format, y.number_format = "mmm yyyy", _number(chart)
    if not ends_of(chart):
        return
    x.scaling.min, x.scaling.max, x.majorUnit = along(chart)
    y.scaling.min, y.scaling.max, y.majorUnit = up(chart)


def draw_charts(
    worksheets: Mapping[str, Worksheet],
    sheets: Sequence[Laid],
    charts: Sequence[Chart],
    rows: Mapping[str, tuple[int, int]],
) -> list[list[str]]:
    """All charts of the pack, sheet by sheet; `rows` are a measure's first and last on Data_Charts.

    Returns, per sheet that has any, the words of each for whoever does not see it, in their order.
    """
    by_id = {chart.target_id: chart for chart in charts}

    def of_one(laid: Laid, place: ChartPlace) -> str:
        worksheet, of = worksheets[laid.sheet.name], place.of
        if isinstance(of, BarChart):
            return draw_bars(worksheet, place, of, laid.place_of(of.table))
        return draw_chart(worksheet, place, by_id[of], worksheets[NAME], rows[of])

    return [[of_one(laid, place) for place in laid.charts] for laid in sheets if laid.charts]
