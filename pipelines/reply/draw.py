"""A reply becomes a workbook, and the same reply always the same bytes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Protection

from pipelines.framework.references import References
from pipelines.house_style.look import new_workbook
from pipelines.house_style.ooxml import clean, to_bytes
from pipelines.house_style.ours import LINES
from pipelines.reply.looks import put
from pipelines.reply.model import Figures, Reply
from pipelines.reply.names import quarter_in_full
from pipelines.reply.queries_sheet import add_first_sheet, add_pack_sheet, query_lines
from pipelines.submission.answers import PARENT, ROUND
from pipelines.template.draw import HEADER, Drawn
from pipelines.template.given import add_return
from pipelines.template.identity import Identity, write_identity
from pipelines.template.model import Mark
from pipelines.template.ours import marks_of
from pipelines.template.styles import cells_of
from pipelines.template.words import LISTS, PARTNER, QUARTER

TAKEN = Mark(is_locked=True)
SPARE_ROWS = 5
OPEN = Protection(locked=False)


def draw(reply: Reply, references: References, publisher: str, version: str) -> bytes:
    """The bytes of the workbook; the day on which the file came stands for the clock."""
    title = f"Reply to {reply.receipt.original_name}"
    workbook = new_workbook(title, reply.quarter_label, publisher)
    drawn = [_add_figures(workbook, reply, n, references) for n in range(len(reply.figures))]
    places = {
        (number, row, column): (one.title, cell)
        for number, one in enumerate(drawn)
        for (row, column), cell in one.places.items()
        if row < len(reply.figures[number].rows)
    }
    sheet = add_first_sheet(workbook, reply, places)
    workbook.move_sheet(sheet, -workbook.index(sheet))
    if (reply.appearances or reply.also_counted) and not reply.is_clean:
        add_pack_sheet(workbook, reply)
    if LISTS in workbook.sheetnames:
        workbook.move_sheet(LISTS, len(workbook.sheetnames))
    _add_lines(workbook, reply)
    if reply.partner and reply.quarter and reply.figures:
        sheets = {one.title: what.contract.name for one, what in zip(drawn, reply.figures, strict=True)}
        write_identity(workbook, _identity(reply, workbook, sheets, version))
    workbook.active = 0
    for worksheet in workbook.worksheets:
        worksheet.sheet_view.tabSelected = worksheet is sheet
    results = {one.title: one.results for one in drawn}
    return to_bytes(workbook, (), reply.receipt.first_seen.date(), results)


def _add_figures(workbook: Any, reply: Reply, number: int, references: References) -> Drawn:
    figures = reply.figures[number]
    before = [one.contract.title for one in reply.figures[:number]]
    same = before.count(figures.contract.title)
    # two returns of one kind in a file, for two quarters say: a sheet and a table of its own for each
    contract = (
        replace(figures.contract, name=f"{figures.contract.name}_{same + 1}") if same else figures.contract
    )
    title = f"{figures.contract.title[:26]} ({same + 1})" if same else figures.contract.title
    partner = reply.partner_name if figures.partner else ""
    drawn = add_return(
        workbook,
        contract,
        [_as_xml_holds(row) for row in figures.rows],
        _marks(figures),
        references,
        partner=partner,
        quarter=quarter_in_full(figures.quarter),
        sheet_name=title,
        is_nil=figures.is_nil and not figures.rows,
        back_to=reply.first_sheet,
        spare_rows=SPARE_ROWS,
    )
    _open_labels(workbook[drawn.title], is_known=bool(figures.partner and figures.quarter))
    return drawn


def _as_xml_holds(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: clean(value) if isinstance(value, str) else value for name, value in row.items()}


def _marks(figures: Figures) -> Mapping[tuple[int, str], Mark]:
    asked = {
        place: Mark(query.number, clean(f"{query.severity}. {query.expected} {query.fix}"))
        for place, query in figures.marks.items()
    }
    return dict.fromkeys(figures.locked, TAKEN) | asked


def _open_labels(worksheet: Any, *, is_known: bool) -> None:
    """Have the cells beside 'Partner:' and 'Quarter:' filled in where we don't know what belongs there."""
    if is_known:
        return
    for row in worksheet.iter_rows(max_row=6):
        for cell in row:
            if cell.value in (PARTNER, QUARTER):
                beside = worksheet.cell(cell.row, cell.column + 1)
                beside.protection, beside.number_format = OPEN, "@"


def _identity(reply: Reply, workbook: Any, sheets: Mapping[str, str], version: str) -> Identity:
    own = {LISTS: cells_of(workbook[LISTS])} if LISTS in workbook.sheetnames else {}
    return Identity(
        template_id=f"{reply.quarter}.{reply.partner}.reply.{reply.number}",
        version=version,
        partner=reply.partner or "",
        quarter=reply.quarter or "",
        issued_on=reply.receipt.first_seen.date().isoformat(),
        sheets=sheets,
        own=own,
        marks=marks_of(workbook, own, sheets, HEADER),
        parent_sha256=reply.receipt.sha256,
        query_round=reply.query_round,
    )


def _add_lines(workbook: Workbook, reply: Reply) -> None:
    """The very hidden sheet by which answers find their queries again."""
    sheet = workbook.create_sheet(LINES)
    sheet.sheet_state = "veryHidden"
    lines: list[tuple[object, ...]] = [(PARENT, reply.receipt.sha256), (ROUND, reply.query_round)]
    lines += query_lines(() if reply.is_clean else reply.queries)
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            put(sheet, row, column, str(value)).number_format = "@"
