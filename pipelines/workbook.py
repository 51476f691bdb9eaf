"""A workbook as sheets of cells: values by calamine, checked cell by cell against the census.

Call it through reader.py for a file that came from outside: calamine can take the whole process down.
"""

from __future__ import annotations

import math
import re
import warnings
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook

from pipelines.cells import Book, Cell, CellError, Sheet, Value
from pipelines.census import Census, take_census
from pipelines.package import SAVE_AGAIN, Package, unreadable
from pipelines.preflight import open_package
from pipelines.sheet_census import Position, SheetCensus, unescape

EXACT_UP_TO = 2**53  # a spreadsheet keeps numbers as floats; whole ones are exact up to here
NOT_SHOWN = re.compile(r'"[^"]*"|\[[^]]*\]|\\.')  # of a number format: plain words, colours, languages

Readings = list[dict[Position, object]]  # per worksheet, what a reader returned


def open_book(path: Path, name: str) -> Book:
    """Read a workbook in this process; `name` is what people call the file.

    Raises Unreadable, one sentence, for anything that can't be read whole.
    """
    package = open_package(path, name)
    census = take_census(package)
    sheets = [sheet for sheet in census.sheets if sheet.kind == "worksheet"]
    if not any(sheet.filled for sheet in sheets):
        raise unreadable(name, "is an empty workbook (no cell is filled in): send the one that is filled in")
    remarks = _remarks(census)
    values, doubt = _first_reading(package, census, sheets)
    if doubt:
        values, second_doubt = _second_reading(package, sheets)
        if second_doubt:
            raise unreadable(name, f"can't be read in full ({doubt}): {SAVE_AGAIN}")
        remarks.append(f"Read with openpyxl; with calamine {doubt}.")
    return Book(tuple(_sheet(*pair) for pair in zip(sheets, values, strict=True)), tuple(remarks))


def _first_reading(package: Package, census: Census, sheets: list[SheetCensus]) -> tuple[Readings, str]:
    """What calamine makes of each worksheet, and what is wrong with it ("" where nothing is)."""
    readings: Readings = []
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(package.data))
        if book.sheet_names != [sheet.name for sheet in census.sheets]:
            return [], "its list of sheets differs"
        for sheet in sheets:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            cells = (((r, c), value) for r, row in enumerate(rows) for c, value in enumerate(row))
            readings.append({place: value for place, value in cells if value != ""})
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's panics are no Exception
        return [], "it does not open"
    return readings, _difference(sheets, readings)


def _second_reading(package: Package, sheets: list[SheetCensus]) -> tuple[Readings, str]:
    """The same by openpyxl, streaming: its full mode drops what a merge covers and chokes on large ones."""
    from openpyxl import load_workbook

    readings: Readings = []
    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(BytesIO(package.data), read_only=True, data_only=True, keep_links=False)
            for sheet in sheets:
                grid = book[sheet.name]
                grid.reset_dimensions()
                filled = [cell for row in grid.iter_rows() for cell in row if cell.value is not None]
                readings.append({(cell.row - 1, cell.column - 1): _plain(cell.value) for cell in filled})
    except Exception:
        return [], "it does not open"
    return readings, _difference(sheets, readings)


def _plain(value: object) -> object:
    """A value of openpyxl's as calamine gives it: escapes resolved, every number a float."""
    if isinstance(value, str):
        return unescape(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _difference(sheets: list[SheetCensus], readings: Readings) -> str:
    """The first sheet that was read otherwise than counted, in words. Takes blanks and errors out."""
    for sheet, reading in zip(sheets, readings, strict=True):
        wrong = 0
        for place, value in list(reading.items()):
            if place in sheet.errors or (isinstance(value, str) and not value.strip()):
                del reading[place]
            elif isinstance(value, float) and place in sheet.numbers:
                wrong += value != sheet.numbers[place][0] and not math.isnan(value)
        expected = sheet.filled - sheet.errors.keys()
        if wrong or reading.keys() != expected:
            counts = f"filled in {len(expected):,}, read {len(reading):,}, with another number {wrong:,}"
            return f'the cells of the sheet "{sheet.name}" differ: {counts}'
    return ""


def _sheet(census: SheetCensus, reading: dict[Position, object]) -> Sheet:
    cells = {}
    for place in sorted(census.filled):
        saved, code = census.numbers.get(place, (None, None))
        error = census.errors.get(place)
        value = CellError(error) if error else _value(reading[place], saved, code)
        cells[place] = Cell(*place, value, code)
    return Sheet(
        name=census.name,
        cells=cells,
        counted=len(census.filled),
        visibility=census.visibility,
        merges=tuple(census.merges),
        hidden_rows=frozenset(census.hidden_rows),
        hidden_columns=frozenset(census.hidden_columns),
    )


def _value(value: object, saved: float | None, code: str | None) -> Value:
    """A reader's value as ours; `saved` is the number in the file, where it is one.

    A time of day that the cell's format can't show, a date before the calendar's first day and a length of
    time are the numbers they were saved as: a reader's dates for them are wrong, or no dates.
    """
    if saved is not None and isinstance(value, date | time | timedelta):
        is_hidden_time = isinstance(value, time) and not _shows_time(code or "")
        if saved < 0 or is_hidden_time or isinstance(value, timedelta):
            value = saved
    if isinstance(value, timedelta):
        value = value / timedelta(days=1)
    if isinstance(value, float):
        if not math.isfinite(value):
            return CellError("#NUM!")
        return int(value) if value.is_integer() and abs(value) < EXACT_UP_TO else value
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, str | bool | date | time):
        return value
    raise TypeError(f"a reader returned a {type(value).__name__}")


def _shows_time(code: str) -> bool:
    return any(letter in NOT_SHOWN.sub("", code).lower() for letter in "hs")


def _remarks(census: Census) -> list[str]:
    remarks = []
    if census.has_macros:
        remarks.append("It holds macros; they were not run.")
    if census.has_external_links:
        remarks.append("It shows values from other workbooks; they are taken as last saved.")
    if census.is_recalculated_on_opening and any(sheet.has_formulas for sheet in census.sheets):
        remarks.append("It asks to be calculated again on opening; results are taken as last saved.")
    if census.is_1904:
        remarks.append("Its dates count from 1904.")
    for sheet in census.sheets:
        if sheet.kind != "worksheet":
            remarks.append(f'"{sheet.name}" is a {sheet.kind} and was not read.')
        elif sheet.has_comments:
            remarks.append(f'The comments on "{sheet.name}" were not read.')
    return remarks
