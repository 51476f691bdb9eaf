"""What a reader returned, held against the census, and made into the sheets of a book."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineWorkbook

from pipelines.cells import Cell, CellError, Sheet, Value
from pipelines.package import SAVE_AGAIN, unreadable
from pipelines.preflight import Received
from pipelines.tally import Position, SheetCensus

EXACT_UP_TO = 2**53  # a spreadsheet keeps numbers as floats; whole ones are exact up to here
NOT_SHOWN = re.compile(r'"[^"]*"|\[[^]]*\]|\\.')  # of a number format: plain words, colours, languages

Reading = dict[Position, object]  # of one worksheet, what a reader returned
Reader = Callable[[], list[Reading]]  # raises anything where the file does not open with it


class Differs(Exception):
    """What was read is not what was counted; the message says where, in words."""


def read_checked(
    name: str, sheets: Sequence[SheetCensus], first: Reader, second: Reader, second_name: str
) -> tuple[tuple[Sheet, ...], list[str]]:
    """The sheets as the first reader has them, or else the second; and a remark where it was the second.

    Raises Unreadable where neither returns what was counted, and where nothing was.
    """
    if not any(sheet.filled for sheet in sheets):
        raise unreadable(name, "is an empty workbook (no cell is filled in): send the one that is filled in")
    remarks = []
    readings, doubt = _try(first, sheets)
    if doubt:
        readings, second_doubt = _try(second, sheets)
        if second_doubt:
            raise unreadable(name, f"can't be read in full ({doubt}): {SAVE_AGAIN}")
        remarks.append(f"Read with {second_name}; with calamine {doubt}.")
    return tuple(sheet_of(*pair) for pair in zip(sheets, readings, strict=True)), remarks


def _try(reader: Reader, sheets: Sequence[SheetCensus]) -> tuple[list[Reading], str]:
    """What a reader makes of each worksheet, and what is wrong with it ("" where nothing is)."""
    try:
        readings = reader()
    except Differs as difference:
        return [], str(difference)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's panics are no Exception
        return [], "it does not open"
    return readings, difference_between(sheets, readings)


def by_calamine(received: Received, every: Sequence[SheetCensus]) -> list[Reading]:
    """What calamine makes of each worksheet; `every` are all sheets, chart sheets and the like too."""
    book = CalamineWorkbook.from_filelike(BytesIO(received.data))
    if book.sheet_names != [sheet.name for sheet in every]:
        raise Differs("its list of sheets differs")
    readings: list[Reading] = []
    for number, sheet in enumerate(every):
        if sheet.kind == "worksheet":
            rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
            readings.append(
                {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row) if value != ""}
            )
    return readings


def difference_between(sheets: Sequence[SheetCensus], readings: Sequence[Reading]) -> str:
    """The first sheet that was read otherwise than counted, in words. Takes blanks and errors out."""
    for sheet, reading in zip(sheets, readings, strict=True):
        wrong = 0
        numbers = sheet.numbers
        blank = [place for place, value in reading.items() if isinstance(value, str) and not value.strip()]
        for place in (*blank, *(sheet.errors.keys() & reading.keys())):
            reading.pop(place, None)
        for place, value in reading.items():
            if isinstance(value, float) and place in numbers:
                wrong += value != numbers[place][0] and not math.isnan(value)
        expected = sheet.filled - sheet.errors.keys()
        if wrong or reading.keys() != expected:
            counts = f"filled in {len(expected):,}, read {len(reading):,}, with another number {wrong:,}"
            return f'the cells of the sheet "{sheet.name}" differ: {counts}'
    return ""


def sheet_of(census: SheetCensus, reading: Reading) -> Sheet:
    """The sheet with the values that were read and what else the census knows of it."""
    cells = {}
    nothing: tuple[None, None] = (None, None)
    for place in sorted(census.filled):
        saved, code = census.numbers.get(place, nothing)
        error = census.errors.get(place)
        value = CellError(error) if error else value_of(reading[place], saved, code)
        cells[place] = Cell(*place, value, code)
    return Sheet(
        name=census.name,
        cells=cells,
        counted=len(census.filled),
        visibility=census.visibility,
        merges=tuple(census.merges),
        hidden_rows=frozenset(census.hidden_rows),
        hidden_columns=frozenset(census.hidden_columns),
        formulas=frozenset(census.formulas),
        fills=census.fills,
    )


def value_of(value: object, saved: float | None, code: str | None) -> Value:
    """A reader's value as ours; `saved` is the number in the file, where it is one.

    A time of day that the cell's format can't show, a date before the calendar's first day and a length of
    time are the numbers they were saved as: a reader's dates for them are wrong, or no dates.
    """
    if isinstance(value, str):
        return value
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
    if isinstance(value, int):  # a whole number, or yes and no
        return value
    if isinstance(value, date | time):
        return value
    raise TypeError(f"a reader returned a {type(value).__name__}")


def _shows_time(code: str) -> bool:
    return any(letter in NOT_SHOWN.sub("", code).lower() for letter in "hs")
