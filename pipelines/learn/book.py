"""A proposed layout as a workbook that a person reads, corrects and puts with the framework."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contract import Contract
from pipelines.framework.taught import LEFT_OUT
from pipelines.headings import plain
from pipelines.house_style.ooxml import clean, to_bytes
from pipelines.learn import Proposal

TO_FILL = PatternFill("solid", fgColor="FFF2CC")
WIDTHS = (22, 46, 22, 30, 14, 18, 40)
FONT = "Arial"


def layout_id(proposal: Proposal, partner: str | None, stem: str) -> str:
    """A name for a proposed layout: partner (or file), return and sheet."""
    words = f"{partner or stem} {proposal.contract.name} {proposal.sheet}"
    return re.sub(r" +", "_", plain(words))[:60]


def write_proposals(
    proposals: Sequence[Proposal],
    contracts: Mapping[str, Contract],
    partner: str | None,
    source: Path,
    path: Path,
) -> None:
    """Write the layouts as the framework's two sheets; yellow is what a person must fill in or look at."""
    book = Workbook()
    book.remove(book.worksheets[0])
    layouts = book.create_sheet(contracts["framework.layouts"].title)
    columns = book.create_sheet(contracts["framework.layout_columns"].title[:31])
    rows: list[tuple[str | int, ...]] = [
        (
            layout_id(p, partner, source.stem), partner or "", p.contract.name, p.sheet, p.shape,
            p.header_lines, "", "", "", source.name,
        )
        for p in proposals
    ]  # fmt: skip
    _sheet(layouts, contracts["framework.layouts"], rows, "Layouts proposed; read them before you use them")
    lines = [
        (layout_id(p, partner, source.stem), c.heading, c.place, c.means, c.unit, "", c.example)
        for p in proposals
        for c in p.columns
    ]
    sure = [c.is_sure for p in proposals for c in p.columns]
    title = (
        f"What each heading means: choose one of the list in 'Means', or '{LEFT_OUT}' for what is not to be read. A "
        "blank is refused. Yellow was guessed or is for you to fill in."
    )
    first = _sheet(columns, contracts["framework.layout_columns"], lines, title)
    for number, is_sure in enumerate(sure):
        if not is_sure:
            columns.cell(first + number, 4).fill = TO_FILL
    _choices(book, columns, proposals, first, len(lines))
    path.write_bytes(to_bytes(book, (), date(2000, 1, 1)))


def _sheet(sheet: Worksheet, contract: Contract, rows: Sequence[Sequence[str | int]], title: str) -> int:
    """Title, headings and rows of one sheet of the framework; the line of the first row."""
    sheet.cell(1, 1, title).font = Font(name=FONT, size=14, bold=True)
    for number, column in enumerate(contract.columns, start=1):
        head = sheet.cell(3, number, column.header)
        head.font = Font(name=FONT, size=12, bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[head.column_letter].width = WIDTHS[min(number, len(WIDTHS)) - 1]
    for down, row in enumerate(rows, start=4):
        for number, value in enumerate(row, start=1):
            if value == "":
                continue
            cell = sheet.cell(down, number)
            cell.value = clean(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"  # a heading such as =SUM is text here
            cell.font = Font(name=FONT, size=12)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    return 4


def _choices(book: Workbook, sheet: Worksheet, proposals: Sequence[Proposal], first: int, count: int) -> None:
    """A drop-down of the return's columns beside each heading, from a hidden list."""
    names = sorted({column.name for p in proposals for column in p.contract.columns})
    hidden = book.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    for number, name in enumerate([LEFT_OUT, *names], start=1):
        hidden.cell(number, 1, name)
    listed = DataValidation("list", formula1=f"=Lists!$A$1:$A${len(names) + 1}", allow_blank=True)
    # a heading of several lines means several columns, so another entry is allowed
    listed.errorStyle = "warning"
    sheet.add_data_validation(listed)
    listed.add(f"D{first}:D{first + max(count, 1) - 1}")
