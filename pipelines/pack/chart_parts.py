"""What all native charts share: title, words of an axis, round ends of a scale, and where a chart stands."""

import math
from typing import Any

from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.house_style.look import FACE, INK
from pipelines.pack.chart_places import ChartPlace
from pipelines.pack.pages import DIGIT

EMU = 12_700  # in a point
STEPS = 5  # about as many lines across
SMALLEST_STEP = 1e-9
WORDS = INK[2:]  # a drawing knows no transparency in a colour


def anchor(worksheet: Worksheet, place: ChartPlace) -> TwoCellAnchor:
    """Where a chart stands, as wide as its columns in whatever type they are set."""
    return TwoCellAnchor(
        editAs="oneCell",
        _from=_marker(worksheet, place.begins, place.row - 1),
        to=_marker(worksheet, place.ends, place.last_row),
    )


def _marker(worksheet: Worksheet, along: float, row: int) -> AnchorMarker:
    """A corner of a chart: so many columns and rows from the sheet's first cell."""
    column = int(along)
    width = worksheet.column_dimensions[get_column_letter(column + 1)].width * DIGIT
    return AnchorMarker(col=column, colOff=int((along - column) * width * EMU), row=row, rowOff=0)


def title(headline: str, small: str) -> Any:
    """A chart's title in bold, and a smaller line below it where there is one."""
    made: Any = Title(overlay=False)
    lines = [(headline, _look(1200, is_bold=True))]
    if small:
        lines.append((small, _look(1000)))
    paragraphs = [
        Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=words)])
        for words, look in lines
    ]
    made.tx = Text(rich=RichText(p=paragraphs))
    return made


def _look(size: int, *, is_bold: bool = False) -> CharacterProperties:
    """Words in the pack's own face: where none is named each program takes another, and LibreOffice a wider one."""
    return CharacterProperties(sz=size, b=is_bold, solidFill=WORDS, latin=Font(typeface=FACE))


def small_words() -> RichText:
    """How the words of an axis and of the key look."""
    look = _look(1000)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=None)])


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
