"""A binary Excel workbook (.xlsb): values by calamine, else by pyxlsb, counted from its records."""

from __future__ import annotations

from io import BytesIO

import pyxlsb

from pipelines.cells import Book
from pipelines.workbook.formats.binary_excel_walk import BinaryBook, walk_binary_excel
from pipelines.workbook.formats.checked import Reading, by_calamine, read_checked
from pipelines.workbook.package import SAVE_AGAIN, unreadable
from pipelines.workbook.preflight import Received


def read_binary_excel(received: Received) -> Book:
    """The workbook. Raises Unreadable, one sentence, where it can't be read whole."""
    counted = walk_binary_excel(received)
    sheets = [sheet for sheet in counted.sheets if sheet.kind == "worksheet"]
    if not sheets:
        raise unreadable(received.name, f"is an empty workbook without a sheet: {SAVE_AGAIN}")
    numbers = [number for number, sheet in enumerate(counted.sheets, 1) if sheet.kind == "worksheet"]
    read, remarks = read_checked(
        received.name,
        sheets,
        lambda: by_calamine(received, counted.sheets),
        lambda: [_by_pyxlsb(received, number) for number in numbers],
        "pyxlsb",
    )
    doubts = []
    if remarks and any(code for sheet in sheets for _, code in sheet.numbers.values()):
        doubts.append(
            "It could only be read with a reader that knows no dates: each date is the number that Excel keeps for it. "
            "Save the file as an Excel workbook (.xlsx) and send that copy."
        )
    return Book(read, (*_remarks(counted), *remarks), tuple(doubts))


def _by_pyxlsb(received: Received, number: int) -> Reading:
    with (
        pyxlsb.open_workbook(BytesIO(received.data)) as book,
        book.get_sheet(number) as sheet,
    ):
        cells = (cell for row in sheet.rows(sparse=True) for cell in row if cell.v is not None)
        return {(cell.r, cell.c): cell.v for cell in cells}


def _remarks(counted: BinaryBook) -> list[str]:
    remarks = []
    if counted.has_macros:
        remarks.append("It holds macros; they were not run.")
    if counted.has_external_links:
        remarks.append("It shows values from other workbooks; they are taken as last saved.")
    if counted.is_1904:
        remarks.append("Its dates count from 1904.")
    for sheet in counted.sheets:
        if sheet.kind != "worksheet":
            remarks.append(f'"{sheet.name}" is a {sheet.kind} and was not read.')
        elif sheet.has_comments:
            remarks.append(f'The comments on "{sheet.name}" were not read.')
    return remarks
