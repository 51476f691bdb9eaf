"""Old Excel workbooks (.xls) written record by record: what is read, and what is made to mislead."""

import struct
from typing import ClassVar

import pytest
from ole_files import CLOSE, container, error, number, old_workbook, record, text

from pipelines.cells import Book, CellError, Unreadable
from pipelines.workbook import open_book
from pipelines.workbook.formats import checked
from pipelines.workbook.limits import LIMITS, Limits


def book_of(tmp_path, data: bytes, limits: Limits = LIMITS) -> Book:
    path = tmp_path / "received"
    path.write_bytes(data)
    return open_book(path, "return.xls", limits=limits)


def refusal(tmp_path, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as sentence:
        book_of(tmp_path, data, limits)
    return str(sentence.value)


GOOD = number(0, 0, 12) + number(0, 1, 0.5) + error(1, 0, 0x17) + text(1, 1, "£12") + text(2, 0, "  ")


def values(book: Book) -> dict[str, object]:
    return {cell.address: cell.value for cell in book.sheets[0].cells.values()}


def test_what_the_records_hold(tmp_path):
    book = book_of(tmp_path, old_workbook(GOOD, state=1))
    assert values(book) == {"A1": 12, "B1": 0.5, "A2": CellError("#REF!"), "B2": "£12"}
    [sheet] = book.sheets
    assert (sheet.name, sheet.visibility, sheet.counted) == ("Data", "hidden", 4)


def test_text_that_is_struck_through(tmp_path):
    book = book_of(tmp_path, old_workbook(GOOD, font_flags=0x08))
    assert book.sheets[0].struck == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert book_of(tmp_path, old_workbook(GOOD)).sheets[0].struck == frozenset()


def test_where_the_first_reader_fails_the_second_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(checked, "CalamineWorkbook", None)
    book = book_of(tmp_path, old_workbook(GOOD))
    assert values(book) == {"A1": 12, "B1": 0.5, "A2": CellError("#REF!"), "B2": "£12"}
    assert book.remarks == ("Read with xlrd; with calamine it does not open.",)


def test_where_the_readers_differ_in_a_text_the_second_is_told_of(tmp_path, monkeypatch):
    class Misreading:
        """A reader that takes the letters of one encoding for those of another."""

        sheet_names: ClassVar[list[str]] = ["Data"]

        @classmethod
        def from_filelike(cls, file: object) -> "Misreading":
            return cls()

        def get_sheet_by_index(self, number: int) -> "Misreading":
            return self

        def to_python(self, skip_empty_area: bool) -> list[list[object]]:
            return [[12.0, 0.5], ["", "Ł12"], ["  ", ""]]

    monkeypatch.setattr(checked, "CalamineWorkbook", Misreading)
    book = book_of(tmp_path, old_workbook(GOOD))
    assert values(book)["B2"] == "£12"
    assert book.remarks == ('Read with xlrd; with calamine a text of the sheet "Data" differs.',)


@pytest.mark.parametrize(
    ("data", "limits", "found"),
    [
        (old_workbook(number(0, 0, 1) + number(0, 0, 2)), LIMITS, 'its sheet "Data" gives one cell twice'),
        (old_workbook(number(9, 20_000, 1)), LIMITS, "a place that no sheet has"),
        (old_workbook(GOOD, more=record(0x2F, bytes(54))), LIMITS, "is protected by a password: remove"),
        (old_workbook(b""), LIMITS, "is an empty workbook (no cell is filled in)"),
        (old_workbook(number(0, 0, 1) * 1), Limits(sheets=0), "has 1 sheets and we take 0"),
        (old_workbook(GOOD), Limits(cells=4), "brings the file to over 4 cells"),
        (old_workbook(number(60_000, 200, 1)), LIMITS, "reaches 60,001 rows down and 201 columns across"),
        (old_workbook(record(0x201, struct.pack("<HHH", 0, 0, 15)) * 5), Limits(cells=4), "to over 4 cells"),
        (container({"Workbook": b"PK"}), LIMITS, "is damaged (it does not begin as a workbook does)"),
        (
            container({"Workbook": record(0x809, b"\0\x06\x05\0" + bytes(12)) + CLOSE}),
            LIMITS,
            "is an empty workbook without a sheet",
        ),
    ],
)
def test_old_workbooks_that_are_refused(tmp_path, data, limits, found):
    assert found in refusal(tmp_path, data, limits)


def test_a_record_that_reaches_beyond_the_file(tmp_path):
    cut = old_workbook(number(0, 0, 1) + record(0x31, bytes(2_000)))
    data = bytearray(cut)
    at = data.index(struct.pack("<HH", 0x31, 2_000))
    struct.pack_into("<H", data, at + 2, 60_000)
    assert 'its sheet "Data" breaks off' in refusal(tmp_path, bytes(data))
