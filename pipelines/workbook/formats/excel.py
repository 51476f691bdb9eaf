"""A workbook of today's Excel (.xlsx, .xlsm): values by calamine, else by openpyxl, counted from its XML."""

from __future__ import annotations

import warnings
from io import BytesIO

from pipelines.cells import Book
from pipelines.workbook.census import Census, take_census
from pipelines.workbook.formats.checked import Reading, by_calamine, read_checked
from pipelines.workbook.preflight import Received
from pipelines.workbook.sheet_census import unescape
from pipelines.workbook.tally import SheetCensus


def read_excel(received: Received) -> Book:
    """The workbook. Raises Unreadable, one sentence, where it can't be read whole."""
    census = take_census(received.package)
    sheets = [sheet for sheet in census.sheets if sheet.kind == "worksheet"]
    read, remarks = read_checked(
        received.name,
        sheets,
        lambda: by_calamine(received, census.sheets),
        lambda: _by_openpyxl(received, sheets),
        "openpyxl",
    )
    return Book(read, (*remarks_on(census), *remarks))


def _by_openpyxl(received: Received, sheets: list[SheetCensus]) -> list[Reading]:
    """What openpyxl makes of each worksheet, streaming: its full mode drops what a merge covers."""
    from openpyxl import load_workbook

    readings: list[Reading] = []
    with warnings.catch_warnings(action="ignore"):
        book = load_workbook(BytesIO(received.data), read_only=True, data_only=True, keep_links=False)
        for sheet in sheets:
            grid = book[sheet.name]
            grid.reset_dimensions()
            filled = [cell for row in grid.iter_rows() for cell in row if cell.value is not None]
            readings.append({(cell.row - 1, cell.column - 1): _plain(cell.value) for cell in filled})
    return readings


def _plain(value: object) -> object:
    """A value of openpyxl's as calamine gives it: escapes resolved, every number a float."""
    if isinstance(value, str):
        return unescape(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def remarks_on(census: Census) -> list[str]:
    """What was left alone, or taken on trust."""
    remarks = []
    if census.has_macros:
        remarks.append("It holds macros; they were not run.")
    if census.has_external_links:
        remarks.append("It shows values from other workbooks; they are taken as last saved.")
    if census.is_recalculated_on_opening and any(sheet.formulas for sheet in census.sheets):
        remarks.append("It asks to be calculated again on opening; results are taken as last saved.")
    if census.is_1904:
        remarks.append("Its dates count from 1904.")
    for sheet in census.sheets:
        if sheet.kind != "worksheet":
            remarks.append(f'"{sheet.name}" is a {sheet.kind} and was not read.')
        elif sheet.has_comments:
            remarks.append(f'The comments on "{sheet.name}" were not read.')
    return remarks
