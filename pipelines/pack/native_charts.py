"""Charts as Excel draws them itself, from the cells of Data_Charts: they can be copied, restyled and read aloud.

Scattered over real days, so that a missing year leaves its gap and the target stands where it falls due.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl.chart import Reference, ScatterChart, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.look import INK
from pipelines.pack.charts import Chart
from pipelines.pack.data_charts import DRAWN, NAME, column_of
from pipelines.pack.layout import ChartPlace
from pipelines.pack.pages import DIGIT

EMU = 12_700  # in a point
YEAR = 365.25
MOST_YEARS, STEPS = 8, 5  # labels along the foot, and about as many lines across
SMALLEST_STEP = 1e-9
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
    drawn.title = _title(chart)
    drawn.legend.position = "b"
    drawn.display_blanks = "gap"
    days = Reference(source, min_col=column_of("period_end"), min_row=rows[0], max_row=rows[1])
    for name in DRAWN:
        if _has(chart, name):
            values = Reference(source, min_col=column_of(name), min_row=rows[0], max_row=rows[1])
            drawn.series.append(_line(name, chart, values, days))
    _axes(drawn, chart)
    drawn.anchor = TwoCellAnchor(
        editAs="oneCell",
        _from=_marker(worksheet, place.begins, place.row - 1),
        to=_marker(worksheet, place.ends, place.last_row),
    )
    worksheet.add_chart(drawn)
    return f"{chart.finding} {chart.description}"


def _marker(worksheet: Worksheet, along: float, row: int) -> AnchorMarker:
    """A corner of a chart: so many columns and rows from the sheet's first cell."""
    column = int(along)
    width = worksheet.column_dimensions[get_column_letter(column + 1)].width * DIGIT
    return AnchorMarker(col=column, colOff=int((along - column) * width * EMU), row=row, rowOff=0)


def _title(chart: Chart) -> Any:
    title: Any = Title(overlay=False)
    size = CharacterProperties(sz=1200, b=True, solidFill=INK)
    small = CharacterProperties(sz=1000, b=False, solidFill=INK)
    title.tx = _text((chart.headline, size), (chart.unit, small))
    return title


def _text(*lines: tuple[str, CharacterProperties]) -> Any:
    paragraphs = [
        Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=words)])
        for words, look in lines
    ]
    return Text(rich=RichText(p=paragraphs))


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
    return line


def _axes(drawn: Any, chart: Chart) -> None:
    words = RichText(
        p=[
            Paragraph(
                pPr=ParagraphProperties(defRPr=CharacterProperties(sz=1000, solidFill=INK)), endParaRPr=None
            )
        ]
    )
    x, y = drawn.x_axis, drawn.y_axis
    for axis in (x, y):
        axis.delete, axis.txPr, axis.title = False, words, None  # nothing said means deleted to Excel
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="6F777B"))
    x.majorGridlines = None
    y.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DADADA", w=int(0.5 * EMU)))
    x.number_format, y.number_format = "yyyy", f"#,##0{'.' + '0' * chart.places if chart.places else ''}"
    ends = [*chart.points, *([chart.target] if chart.target else [])]
    if not ends:
        return
    first, last = min(point.on for point in ends), max(point.on for point in ends)
    years = last.year + 1 - first.year
    x.scaling.min, x.scaling.max = to_excel(date(first.year, 1, 1)), to_excel(date(last.year + 1, 1, 1))
    x.majorUnit = YEAR * math.ceil(years / MOST_YEARS)
    values = [
        value
        for point in ends
        for value in (point.value, point.lower, point.upper, point.needed, point.there)
        if value is not None
    ]
    y.scaling.min, y.scaling.max, y.majorUnit = round_ends(min(values), max(values))


def round_ends(low: float, high: float) -> tuple[float, float, float]:
    """Round numbers around a range of values, and the step between lines: 42.5 to 62.1 lies in 40 to 65 by 5."""
    span = high - low or abs(high) or 1.0
    rough = max(span / STEPS, SMALLEST_STEP)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    bottom = math.floor((low - span * 0.05) / step) * step
    if low >= 0:
        bottom = max(bottom, 0.0)
    return round(bottom, 10), round(math.ceil((high + span * 0.05) / step) * step, 10), step


def draw_charts(
    worksheets: Mapping[str, Worksheet],
    places: Mapping[str, Sequence[ChartPlace]],
    charts: Sequence[Chart],
    rows: Mapping[str, tuple[int, int]],
) -> list[list[str]]:
    """All charts of the pack, sheet by sheet; `rows` are a measure's first and last on Data_Charts.

    Returns, per sheet that has any, the words of each for whoever does not see it, in their order.
    """
    by_id = {chart.target_id: chart for chart in charts}
    return [
        [
            draw_chart(
                worksheets[name], place, by_id[place.target_id], worksheets[NAME], rows[place.target_id]
            )
            for place in of_sheet
        ]
        for name, of_sheet in places.items()
        if of_sheet
    ]
