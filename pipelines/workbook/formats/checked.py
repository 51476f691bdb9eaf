"""What a reader returned, held against the census, and made into the sheets of a book."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import compress
from operator import eq, itemgetter
from typing import Any, cast

from python_calamine import CalamineWorkbook

from pipelines.cells import CellError, Cells, Sheet, Value
from pipelines.workbook.package import SAVE_AGAIN, unreadable
from pipelines.workbook.preflight import Received
from pipelines.workbook.tally import Position, Saved, SheetCensus

EXACT_UP_TO = 2**53  # a spreadsheet keeps numbers as floats; whole ones are exact up to here
NOT_SHOWN = re.compile(r'"[^"]*"|\[[^]]*\]|\\.')  # of a number format: plain words, colours, languages

Places = dict[Position, object]
# of one worksheet, what a reader returned: by place, or row by row with "" for nothing
Reading = Places | list[list[object]]
Reader = Callable[[], list[Reading]]  # raises anything where the file does not open with it
TEXTS_AND_NUMBERS = frozenset((str, float))


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
    read, doubt = _try(first, sheets)
    if doubt:
        read, second_doubt = _try(second, sheets)
        if second_doubt:
            raise unreadable(name, f"can't be read in full ({doubt}): {SAVE_AGAIN}")
        remarks.append(f"Read with {second_name}; with calamine {doubt}.")
    return tuple(read), remarks


def _try(reader: Reader, sheets: Sequence[SheetCensus]) -> tuple[list[Sheet], str]:
    """What a reader makes of each worksheet, and what is wrong with it ("" where nothing is)."""
    try:
        readings = reader()
    except Differs as difference:
        return [], str(difference)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's panics are no Exception
        return [], "it does not open"
    try:
        return [sheet_of(*pair) for pair in zip(sheets, readings, strict=True)], ""
    except Differs as difference:
        return [], str(difference)


def by_calamine(received: Received, every: Sequence[SheetCensus]) -> list[Reading]:
    """What calamine makes of each worksheet; `every` are all sheets, chart sheets and the like too."""
    book = CalamineWorkbook.from_filelike(BytesIO(received.data))
    if book.sheet_names != [sheet.name for sheet in every]:
        raise Differs("its list of sheets differs")
    return [
        cast(Reading, book.get_sheet_by_index(number).to_python(skip_empty_area=False))
        for number, sheet in enumerate(every)
        if sheet.kind == "worksheet"
    ]


def sheet_of(census: SheetCensus, reading: Reading) -> Sheet:
    """The sheet with the values that were read and what else the census knows of it. Raises Differs."""
    rows, columns, raw = _lists(reading) if isinstance(reading, list) else ([], [], [])
    is_same = len(raw) == len(census.filled) and all(map(eq, zip(rows, columns, strict=True), census.filled))
    if is_same and not census.errors:  # the same places in the same order, and so by far the most sheets
        saved = list(census.filled.values())
    else:
        places = sorted(census.filled)
        rows, columns = (list(map(itemgetter(at), places)) for at in (0, 1))
        raw, saved = _found(census, places, reading), list(map(census.filled.__getitem__, places))
    values = _with_errors(census, rows, columns, values_of(census, raw, saved))
    return Sheet(
        name=census.name,
        cells=Cells(rows, columns, values, list(map(itemgetter(1), saved))),
        counted=len(census.filled),
        visibility=census.visibility,
        merges=tuple(census.merges),
        hidden_rows=frozenset(census.hidden_rows),
        hidden_columns=frozenset(census.hidden_columns),
        formulas=frozenset(census.formulas),
        fills=census.fills,
        struck=frozenset(census.struck),
    )


def _lists(reading: list[list[object]]) -> tuple[list[int], list[int], list[object]]:
    """Row, column and value of everything that was read row by row, as three lists."""
    rows: list[int] = []
    columns: list[int] = []
    raw: list[object] = []
    for row, line in enumerate(reading):
        blanks = line.count("")
        taken: Sequence[int] = range(len(line))
        if blanks == len(line):
            continue
        if blanks:
            taken = [column for column in taken if line[column] != ""]
            line = [line[column] for column in taken]
        rows += [row] * len(line)
        columns += taken
        raw += line
    return rows, columns, raw


def values_of(census: SheetCensus, raw: Sequence[object], saved: Sequence[Saved]) -> list[Value]:
    """What was read, as our values; `saved` are the numbers in the file at the same places, and their formats.

    Raises Differs where a reader has another number.
    """
    kinds = list(map(type, raw))
    are_numbers = [kind is float for kind in kinds]
    numbers = cast(list[float], list(compress(raw, are_numbers)))
    counted = list(compress(saved, are_numbers))
    if numbers != list(map(itemgetter(0), counted)):
        pairs = zip(numbers, counted, strict=True)
        wrong = sum(
            1 for value, (known, _) in pairs if known is not None and value != known and value == value
        )
        if wrong:
            raise Differs(_difference(census, len(raw) - len(census.errors), wrong))
    if TEXTS_AND_NUMBERS.issuperset(kinds) and all(map(math.isfinite, numbers)):
        # by far the most sheets: nothing but texts and plain numbers, without a call for each
        return [
            int(value) if is_number and value.is_integer() and -EXACT_UP_TO < value < EXACT_UP_TO else value
            for value, is_number in zip(cast(list[Any], raw), are_numbers, strict=True)
        ]
    return [value_of(value, *facts) for value, facts in zip(raw, saved, strict=True)]


def _with_errors(
    census: SheetCensus, rows: Sequence[int], columns: Sequence[int], values: list[Value]
) -> list[Value]:
    """The same values, with the errors that the census found in their places."""
    if not census.errors:
        return values
    return [
        CellError(census.errors[row, column]) if (row, column) in census.errors else value
        for row, column, value in zip(rows, columns, values, strict=True)
    ]


def _found(census: SheetCensus, places: Sequence[Position], reading: Reading) -> list[object]:
    """What stands at each place, as the reader has it; "" where the census knows an error better. Raises Differs."""
    errors = census.errors
    if isinstance(reading, list):
        rows, columns, raw = _lists(reading)
        reading = dict(zip(zip(rows, columns, strict=True), raw, strict=True))
    kept = {
        place: value
        for place, value in reading.items()
        if place not in errors and not (isinstance(value, str) and not value.strip())
    }
    expected = [place for place in places if place not in errors]
    if len(kept) != len(expected) or any(place not in kept for place in expected):
        raise Differs(_difference(census, len(kept), 0))
    return [kept.get(place, "") for place in places]


def _difference(census: SheetCensus, read: int, wrong: int) -> str:
    expected = len(census.filled) - len(census.errors)
    counts = f"filled in {expected:,}, read {read:,}, with another number {wrong:,}"
    return f'the cells of the sheet "{census.name}" differ: {counts}'


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
