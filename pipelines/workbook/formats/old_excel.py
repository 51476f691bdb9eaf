"""An old Excel workbook (.xls): values by calamine, counted by xlrd, which also knows how cells are shown.

Both work in the child process; what the records bring has been walked and limited before.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlrd

from pipelines.cells import Book
from pipelines.workbook.formats.checked import Differs, Places, Reading, by_calamine, read_checked
from pipelines.workbook.formats.old_excel_walk import OldBook, walk_old_excel
from pipelines.workbook.package import SAVE_AGAIN, damaged, unreadable
from pipelines.workbook.preflight import PROTECTED, Received
from pipelines.workbook.tally import NO_NUMBER, WHITE, SheetCensus, Tally

SOLID = 1
DAY = timedelta(days=1)
EPOCHS = (datetime(1899, 12, 30), datetime(1904, 1, 1))


def read_old_excel(received: Received) -> Book:
    """The workbook. Raises Unreadable, one sentence, where it can't be read whole."""
    walked = walk_old_excel(received)
    book = _open(received)
    tally = Tally(received.name, received.limits)
    worksheets = [sheet for sheet in walked.sheets if sheet.kind == "worksheet"]
    placed = [
        places for sheet, places in zip(walked.sheets, walked.placed, strict=True) if sheet in worksheets
    ]
    if [sheet.name for sheet in worksheets] != book.sheet_names():
        raise unreadable(received.name, f"can't be read in full (its list of sheets differs): {SAVE_AGAIN}")
    for number, (sheet, places) in enumerate(zip(worksheets, placed, strict=True)):
        found = _count(book, book.sheet_by_index(number), sheet, tally)
        if found != places:
            counts = f"filled in {len(places):,}, read {len(found):,}"
            raise unreadable(
                received.name,
                f'can\'t be read in full (the cells of the sheet "{sheet.name}" differ: {counts}): {SAVE_AGAIN}',
            )
    sheets, remarks = read_checked(
        received.name,
        worksheets,
        lambda: _by_calamine(received, walked, book),
        lambda: [_by_xlrd(book, number) for number in range(len(worksheets))],
        "xlrd",
    )
    return Book(sheets, (*_remarks(walked, book), *remarks))


def _open(received: Received) -> Any:
    try:
        with Path(os.devnull).open("w") as nowhere:
            return xlrd.open_workbook(
                file_contents=received.data, formatting_info=True, ragged_rows=True, logfile=nowhere
            )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except Exception as error:  # it raises whatever comes: struct.error, AssertionError, IndexError …
        if "encrypted" in str(error).lower():
            raise unreadable(received.name, PROTECTED) from None
        raise damaged(received.name, "its records contradict each other") from None


def _count(book: Any, read: Any, sheet: SheetCensus, tally: Tally) -> set[tuple[int, int]]:
    """Fill in the census of a sheet by what xlrd makes of it; the places at which it has content."""
    found = set()
    for row in range(read.nrows):
        kinds, values = read.row_types(row), read.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind == xlrd.XL_CELL_EMPTY:
                continue
            style = book.xf_list[read.cell_xf_index(row, column)]
            background = style.background
            if background.fill_pattern == SOLID:
                colour = book.colour_map.get(background.pattern_colour_index)
                if colour and (fill := "{:02X}{:02X}{:02X}".format(*colour)) != WHITE:
                    sheet.fills[row, column] = fill
            if kind == xlrd.XL_CELL_BLANK:
                continue
            found.add((row, column))
            if kind == xlrd.XL_CELL_TEXT and not value.strip():
                continue
            sheet.filled[row, column] = NO_NUMBER
            if book.font_list[style.font_index].struck_out:
                sheet.struck.add((row, column))
            if kind == xlrd.XL_CELL_TEXT:
                tally.take_text(sheet, len(value))
            elif kind == xlrd.XL_CELL_ERROR:
                sheet.errors[row, column] = xlrd.error_text_from_code.get(value, "#ERROR!")
            elif kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
                known = book.format_map.get(style.format_key)
                code = known.format_str if known else None
                sheet.filled[row, column] = value, None if (code or "").lower() == "general" else code
    sheet.merges = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in read.merged_cells]
    sheet.hidden_rows = {row for row, facts in read.rowinfo_map.items() if facts.hidden}
    sheet.hide_columns((column, column + 1) for column, facts in read.colinfo_map.items() if facts.hidden)
    tally.close(sheet)
    return found


def _by_calamine(received: Received, walked: OldBook, book: Any) -> list[Reading]:
    """What calamine makes of each worksheet, if its texts are xlrd's too: old files have many encodings."""
    readings = by_calamine(received, walked.sheets)
    for number, reading in enumerate(readings):
        read = book.sheet_by_index(number)
        for row in range(read.nrows):
            for column, cell in enumerate(read.row(row)):
                is_text = cell.ctype == xlrd.XL_CELL_TEXT and cell.value.strip()
                if is_text and isinstance(reading, list) and reading[row][column] != cell.value:
                    raise Differs(f'a text of the sheet "{read.name}" differs')
    return readings


def _by_xlrd(book: Any, number: int) -> Places:
    """The values of one sheet, dates as dates."""
    read = book.sheet_by_index(number)
    reading: Places = {}
    for row in range(read.nrows):
        for column, cell in enumerate(read.row(row)):
            if cell.ctype == xlrd.XL_CELL_BOOLEAN:
                reading[row, column] = bool(cell.value)
            elif cell.ctype == xlrd.XL_CELL_DATE:
                reading[row, column] = _date(cell.value, book.datemode)
            elif cell.ctype in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER):
                reading[row, column] = cell.value
    return reading


def _date(saved: float, datemode: int) -> object:
    """The date or time behind a number; the number itself where the calendar has none."""
    moment = EPOCHS[datemode] + timedelta(microseconds=round(saved * 86_400_000_000))
    if not datemode and saved < 60:  # 1900 had no 29 February, and Excel counts one
        moment += DAY
    if 0 <= saved < 1:
        return moment.time()
    return moment if saved >= 1 else saved


def _remarks(walked: OldBook, book: Any) -> list[str]:
    remarks = []
    if walked.has_macros:
        remarks.append("It holds macros; they were not run.")
    if walked.has_external_links:
        remarks.append("It shows values from other workbooks; they are taken as last saved.")
    if book.datemode:
        remarks.append("Its dates count from 1904.")
    for sheet in walked.sheets:
        if sheet.kind != "worksheet":
            remarks.append(f'"{sheet.name}" is a {sheet.kind} and was not read.')
        elif sheet.has_comments:
            remarks.append(f'The comments on "{sheet.name}" were not read.')
    return remarks
