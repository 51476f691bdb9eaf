"""Where calamine loses or changes cells, openpyxl reads the file; where both do, nobody is told half of it."""

from datetime import date

import pytest
from workbooks import one_sheet, write

from pipelines.cells import CellError, Unreadable
from pipelines.workbook import open_book
from pipelines.workbook.formats import checked


def book_of(tmp_path, made):
    return open_book(write(tmp_path / "return.xlsx", made), "return.xlsx")


@pytest.mark.parametrize(
    ("cells", "shared", "value"),
    [
        ('<c t="e"><v>#SPILL!</v></c>', [], CellError("#SPILL!")),  # calamine does not open the sheet
        ("<c><v>1<!-- -->2</v></c>", [], 12),  # calamine says 1
        ("<c><v><![CDATA[12.5]]></v></c>", [], 12.5),  # calamine says nothing
        ('<c t="str"><v><![CDATA[a_x000D_b]]></v></c>', [], "a\rb"),
        ("<c s='1'><v><![CDATA[38078]]></v></c>", [], date(2004, 4, 1)),
    ],
)
def test_where_the_first_reader_loses_or_changes_a_cell_the_second_reads_the_file(
    tmp_path, cells, shared, value
):
    book = book_of(tmp_path, one_sheet(f'<row r="1">{cells}</row>', shared=shared, formats=[14]))
    found = book.sheets[0].cells[0, 0].value
    assert (found, type(found)) == (value, type(value))
    assert [remark.split(";")[0] for remark in book.remarks] == ["Read with openpyxl"]


class Forgetful:
    """A reader that opens everything and finds nothing in it."""

    def __init__(self) -> None:
        self.sheet_names = ["Data"]

    @classmethod
    def from_filelike(cls, file: object) -> "Forgetful":
        return cls()

    def get_sheet_by_index(self, number: int) -> "Forgetful":
        return self

    def to_python(self, skip_empty_area: bool) -> list[list[str]]:
        return [["", ""]]


class Panic(BaseException):
    """Like calamine's own panics, no Exception."""


class Panicking:
    """A reader that falls over."""

    failure: BaseException = Panic("range end index 7 out of range")

    @classmethod
    def from_filelike(cls, file: object) -> None:
        raise cls.failure


@pytest.mark.parametrize(
    ("reader", "doubt"),
    [
        (Forgetful, 'the cells of the sheet "Data" differ: filled in 1, read 0, with another number 0'),
        (Panicking, "it does not open"),
    ],
)
def test_a_reader_that_loses_cells_or_panics_is_found_out_and_replaced(tmp_path, monkeypatch, reader, doubt):
    monkeypatch.setattr(checked, "CalamineWorkbook", reader)
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
    book = book_of(tmp_path, one_sheet(cells))
    assert [cell.value for cell in book.sheets[0].cells.values()] == [1, CellError("#REF!")]
    assert book.remarks == (f"Read with openpyxl; with calamine {doubt}.",)


def test_the_second_reader_believes_no_dimension_either(tmp_path):
    rows = '<row r="1"><c t="e"><v>#SPILL!</v></c></row><row r="9"><c r="C9"><v>2</v></c></row>'
    [data] = book_of(tmp_path, one_sheet(rows, before='<dimension ref="A1"/>')).sheets
    assert [cell.value for cell in data.cells.values()] == [CellError("#SPILL!"), 2]


def test_a_person_can_still_interrupt(tmp_path, monkeypatch):
    monkeypatch.setattr(Panicking, "failure", KeyboardInterrupt())
    monkeypatch.setattr(checked, "CalamineWorkbook", Panicking)
    with pytest.raises(KeyboardInterrupt):
        book_of(tmp_path, one_sheet("<row><c><v>1</v></c></row>"))


def test_a_file_that_neither_reader_reads_whole_is_refused(tmp_path):
    """A value where only a text can stand: the census counts it, both readers pass over it."""
    made = one_sheet('<row r="1"><c r="A1" t="inlineStr"><v>lost</v></c></row>')
    with pytest.raises(Unreadable) as sentence:
        book_of(tmp_path, made)
    assert str(sentence.value) == (
        'return.xlsx can\'t be read in full (the cells of the sheet "Data" differ: filled in 1, read 0, with '
        "another number 0): open it in Excel, save it as an Excel workbook (.xlsx) and send that copy."
    )
