"""How the pack looks: laid-out sheets become a workbook.

One look per kind of cell, made once and shared. Nothing is merged, filtered, frozen or protected; colour
appears on ratings alone, always with a letter, a shape and, in the next cell, a word. Looks follow the
Analysis Function's guidance on spreadsheets; where they don't, the Notes sheet says so and why.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.fills import FILL_SOLID
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.house_style.look import (
    BODY,
    BOLD,
    FACE,
    HEADINGS,
    INK,
    LINK,
    PALE,
    SIZE,
    THIN,
    footer,
    new_workbook,
    set_up_page,
)
from pipelines.house_style.ooxml import SheetXml, Sparkline, XmlCell, XmlLink, to_bytes
from pipelines.pack.charts import Chart, course_ends
from pipelines.pack.content import Style
from pipelines.pack.data_charts import NAME, column_of, rows_of, values_of
from pipelines.pack.layout import Cell, Laid, Place
from pipelines.pack.long_table import long_rows
from pipelines.pack.model import Pack, PackError
from pipelines.pack.native_charts import draw_charts
from pipelines.pack.pages import page_ends, printed_columns, printed_rows, repeated_row

MOST_LINKS = 65_530  # on one sheet; Excel drops the rest
HAIRLINE = Border(bottom=Side("thin", PALE))
RULE = Border(bottom=Side("medium", INK))
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
NUMERIC = Alignment(horizontal="right", vertical="top")  # its distance from the edge is in its format
LOOKS: dict[str, tuple[Font, Alignment, Border | None]] = {
    "text": (BODY, Alignment(horizontal="left", vertical="top"), None),
    "link": (LINK, Alignment(horizontal="left", vertical="top"), None),
    "column heading": (BOLD, Alignment(horizontal="left", vertical="bottom", wrap_text=True, indent=1), RULE),
    "number heading": (
        BOLD,
        Alignment(horizontal="right", vertical="bottom", wrap_text=True, indent=1),
        RULE,
    ),
    "cell": (BODY, WRAPPED, HAIRLINE),
    "link in table": (LINK, WRAPPED, HAIRLINE),
    "course": (BODY, WRAPPED, HAIRLINE),
    "date": (BODY, Alignment(horizontal="left", vertical="top", indent=1), HAIRLINE),
    "number": (BODY, NUMERIC, HAIRLINE),
    "no number": (BODY, NUMERIC, HAIRLINE),
}


def draw(
    pack: Pack, sheets: Sequence[Laid], sources: Mapping[tuple[str, str], str], charts: Sequence[Chart] = ()
) -> bytes:
    """The workbook's bytes. `sources` leads from (sheet, cell) of a figure to its place on Provenance."""
    workbook = _workbook(pack)
    looks = _Looks(workbook, pack)
    known = {
        name: rows for laid in sheets if laid.sheet.name == NAME for name, rows in values_of(laid).items()
    }
    filled = []
    for laid in sheets:
        worksheet = workbook.create_sheet(laid.sheet.name)
        _set_up_page(worksheet, laid, pack)
        for place in laid.places:
            worksheet.add_table(_table(place))
        filled.append(_filled(laid, looks, sources)._replace(sparklines=_courses(laid, known, charts)))
    of_charts = {laid.sheet.name: rows_of(laid) for laid in sheets if laid.sheet.name == NAME}
    described = draw_charts(
        {worksheet.title: worksheet for worksheet in workbook.worksheets},
        sheets,
        charts,
        of_charts.get(NAME, {}),
    )
    workbook.active = 0
    workbook.worksheets[0].sheet_view.tabSelected = True
    return to_bytes(workbook, filled, pack.as_at, described=described)


def _workbook(pack: Pack) -> Any:
    workbook = new_workbook(pack.title, pack.subject, pack.publisher)
    workbook.custom_doc_props.append(StringProperty(name="lsp_run_id", value=pack.run_id))
    return workbook


class _Looks:
    """The number of each look in the workbook's list of styles, made when first asked for."""

    def __init__(self, workbook: Workbook, pack: Pack) -> None:
        self._proto = Worksheet(workbook).cell(1, 1)
        self._pack = pack
        self._known: dict[Style, int] = {}

    def __getitem__(self, style: Style) -> int:
        if style not in self._known:
            self._known[style] = self._make(style)
        return self._known[style]

    def _make(self, style: Style) -> int:
        cell = self._proto
        if style.role in HEADINGS:
            cell.style = HEADINGS[style.role][0]
            return cell.style_id
        cell.style = "Normal"
        if style.role == "rating":
            rating = self._pack.scale[style.rating]
            cell.font = Font(name=FACE, size=SIZE, bold=True, color=f"FF{rating.font}")
            cell.fill = PatternFill(FILL_SOLID, fgColor=f"FF{rating.fill}")
            cell.alignment, cell.border = WRAPPED, BOX
            return cell.style_id
        cell.font, cell.alignment, border = LOOKS[style.role]
        if border:
            cell.border = border
        if style.format:
            cell.number_format = style.format
        return cell.style_id


def _set_up_page(worksheet: Worksheet, laid: Laid, pack: Pack) -> None:
    set_up_page(worksheet, laid.widths, is_one_page=laid.sheet.is_one_page)
    worksheet.print_area = f"A1:{get_column_letter(printed_columns(laid))}{printed_rows(laid)}"
    for row in page_ends(laid):
        worksheet.row_breaks.append(Break(row))
    repeated = repeated_row(laid)
    worksheet.print_title_rows = f"{repeated}:{repeated}"
    footer(worksheet, f"{pack.publisher}: {laid.sheet.name}", f"Run {pack.run_id}")


def _table(place: Place) -> Table:
    """A table object: header row marked as such, no filter buttons, no stripes."""
    columns = [TableColumn(id=n, name=column.heading) for n, column in enumerate(place.table.columns, 1)]
    return Table(displayName=place.table.name, ref=place.range, tableColumns=columns)


def _filled(laid: Laid, looks: _Looks, sources: Mapping[tuple[str, str], str]) -> SheetXml:
    cells = [XmlCell(c.row, c.column, looks[c.content.style], c.content.value) for c in laid.cells]
    links = [link for cell in laid.cells if (link := _link(laid.sheet.name, cell, sources))]
    if len(links) > MOST_LINKS:
        raise PackError(
            f"Sheet {laid.sheet.name} would have {len(links):,} links; Excel allows {MOST_LINKS:,}."
        )
    rows = sum(len(place.table.rows) for place in laid.places if place.table.is_long)
    return SheetXml(cells, links, laid.heights, more=long_rows(laid, looks.__getitem__), more_rows=rows)


def _courses(laid: Laid, known: Mapping[str, tuple[int, int]], charts: Sequence[Chart]) -> list[Sparkline]:
    """Small columns for each measure with a period; `known` are the rows of its periods on Data_Charts."""
    ends = {chart.target_id: course_ends(chart) for chart in charts}
    return [
        Sparkline(cell, _values(*known[target_id]), *ends[target_id])
        for cell, target_id in laid.courses
        if target_id in known
    ]


def _values(first: int, last: int) -> str:
    letter = get_column_letter(column_of("value"))
    return f"{quote_sheetname(NAME)}!{letter}{first}:{letter}{last}"


def _link(sheet: str, cell: Cell, sources: Mapping[tuple[str, str], str]) -> XmlLink | None:
    if cell.link:
        return XmlLink(cell.address, f"{quote_sheetname(cell.link)}!A1", f"Go to {cell.link}")
    # a value that was sent as hidden has its line on Provenance; an empty cell has nothing that one could follow
    source = sources.get((sheet, cell.source_of)) if cell.content.shown else None
    return XmlLink(cell.address, source, "Where this figure came from") if source else None
