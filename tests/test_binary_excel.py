"""Binary Excel workbooks (.xlsb): what their records hold, and what is made to mislead."""

import struct
from datetime import date

import pytest
from binary_workbooks import binary_workbook, cell, error, formula, real, record, row, shared

from pipelines.cells import Book, CellError, Unreadable
from pipelines.workbook import open_book
from pipelines.workbook.formats import checked
from pipelines.workbook.limits import LIMITS, Limits


def book_of(tmp_path, data: bytes, limits: Limits = LIMITS) -> Book:
    path = tmp_path / "received"
    path.write_bytes(data)
    return open_book(path, "return.xlsb", limits=limits)


def refusal(tmp_path, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as sentence:
        book_of(tmp_path, data, limits)
    return str(sentence.value)


HEADINGS = row(0, shared(0, 0), shared(1, 1))
GOOD = binary_workbook(
    HEADINGS
    + row(2, shared(0, 2), real(1, 1200.5), real(2, 0.38, style=1), real(3, 38078, style=2), hidden=True)
    + row(
        3,
        error(0, 23),
        formula(1, 12),
        cell(4, 2, b"\1"),
        cell(1, 3, style=3),
        cell(2, 4, struct.pack("<I", 402)),
    ),
    strings=["Project", "Spend", "Wardens"],
    merges=record(176, struct.pack("<IIII", 0, 0, 1, 2)),
    columns=record(60, struct.pack("<IIIIH", 1, 2, 2560, 0, 1)),
)


def test_what_the_records_hold(tmp_path):
    [sheet] = book_of(tmp_path, GOOD).sheets
    assert {found.address: found.value for found in sheet.cells.values()} == {
        "A1": "Project",
        "B1": "Spend",
        "A3": "Wardens",
        "B3": 1200.5,
        "C3": 0.38,
        "D3": date(2004, 4, 1),
        "A4": CellError("#REF!"),
        "B4": 12,
        "C4": True,
        "E4": 100,
    }
    assert (sheet.name, sheet.counted, sheet.merges) == ("Data", 10, ((0, 1, 0, 2),))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {1, 2})
    assert (sheet.formulas, sheet.fills) == ({(3, 1)}, {(3, 3): "FF0000"})
    assert [sheet.cells[2, column].number_format for column in (1, 2, 3)] == [None, "0%", "dd/mm/yyyy"]


def test_text_that_is_struck_through(tmp_path):
    [sheet] = book_of(tmp_path, binary_workbook(row(0, real(0, 1), real(1, 2, 4)))).sheets
    assert sheet.struck == {(0, 1)}


def test_where_the_first_reader_fails_the_second_reads_and_dates_are_asked_about(tmp_path, monkeypatch):
    monkeypatch.setattr(checked, "CalamineWorkbook", None)
    book = book_of(tmp_path, GOOD)
    assert book.sheets[0].cells[2, 1].value == 1200.5
    assert book.sheets[0].cells[2, 3].value == 38078
    assert book.remarks == ("Read with pyxlsb; with calamine it does not open.",)
    assert book.doubts[0].startswith("It could only be read with a reader that knows no dates")


@pytest.mark.parametrize(
    ("data", "limits", "found"),
    [
        (binary_workbook(row(0, real(0, 1), real(0, 2))), LIMITS, 'its sheet "Data" gives one cell twice'),
        (binary_workbook(row(0, real(20_000, 1))), LIMITS, "a place that no sheet has"),
        (binary_workbook(row(2_000_000, real(0, 1))), LIMITS, 'names "2000001", a place that no sheet has'),
        (binary_workbook(row(0, real(0, 1)), dimension=(1 << 31, 5)), LIMITS, "a place that no sheet has"),
        (binary_workbook(row(0, shared(0, 7))), LIMITS, "its records contradict each other"),
        (binary_workbook(row(0, real(0, 1)) + b"\x05\xff"), LIMITS, "its records contradict each other"),
        (binary_workbook(row(0)), LIMITS, "is an empty workbook (no cell is filled in)"),
        (binary_workbook(row(0, *[real(n, 1) for n in range(5)])), Limits(cells=4), "to over 4 cells"),
        (binary_workbook(row(9, real(9, 1))), Limits(grid=99), "reaches 10 rows down and 10 columns across"),
    ],
)
def test_binary_workbooks_that_are_refused(tmp_path, data, limits, found):
    assert found in refusal(tmp_path, data, limits)
