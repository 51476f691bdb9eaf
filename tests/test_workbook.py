"""Cells as they were typed: what stands in the file's XML, and what comes out as values."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from workbooks import one_sheet, parts, relations, sheet, write

from pipelines.cells import Cell, CellError, Unreadable
from pipelines.workbook import open_book


def book_of(tmp_path, made):
    return open_book(write(tmp_path / "return.xlsx", made), "return.xlsx")


def values(tmp_path, cells: str, **more) -> dict[str, object]:
    """The values of a sheet's first row by column letter, of a workbook that calamine reads by itself."""
    book = book_of(tmp_path, one_sheet(f'<row r="1">{cells}</row>', **more))
    assert book.remarks == ()
    return {cell.address.rstrip("1"): cell.value for cell in book.sheets[0].cells.values()}


def refusal(tmp_path, made) -> str:
    with pytest.raises(Unreadable) as sentence:
        book_of(tmp_path, made)
    return str(sentence.value)


def same(found: object, expected: object) -> bool:
    """Equal and of one type: 1, 1.0 and True are different things in a return."""
    return found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("saved", "value"),
    [
        ("12", 12),
        ("12.0", 12),
        ("-0", 0),
        ("0.1", 0.1),
        ("81.41000000000001", 81.41000000000001),
        ("1E+3", 1000),
        ("9007199254740991", 9007199254740991),
        ("9007199254740992", 9007199254740992.0),  # from here on a float can't tell neighbours apart
        ("1E+300", 1e300),
        ("1E+400", CellError("#NUM!")),
        ("NaN", CellError("#NUM!")),
        ("1,5", "1,5"),  # no number to Excel; left to the rules, as typed
    ],
)
def test_numbers(tmp_path, saved, value):
    assert same(values(tmp_path, f"<c><v>{saved}</v></c>")["A"], value)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("<t>plain</t>", "plain"),
        ('<t xml:space="preserve"> kept </t>', " kept "),
        ("<r><t>rich</t></r><r><rPr><b/></rPr><t>er</t></r>", "richer"),
        ("<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh>", "東京"),
        ("<t>one_x000D_\ntwo</t>", "one\r\ntwo"),
        ("<t>_x005F_x000D_</t>", "_x000D_"),
        ("<t>a &amp; b &lt;c&gt;</t>", "a & b <c>"),
        ("<t>=1+1</t>", "=1+1"),
        ("<t>£1.2m\u00a0(p)</t>", "£1.2m\u00a0(p)"),
    ],
)
def test_texts_shared_and_in_the_cell(tmp_path, item, value):
    cells = f'<c t="s"><v>0</v></c><c t="inlineStr"><is>{item}</is></c>'
    assert values(tmp_path, cells, shared=[item]) == {"A": value, "B": value}


def test_kinds_of_cells(tmp_path):
    cells = (
        '<c t="b"><v>1</v></c><c t="b"><f>1=2</f><v>0</v></c><c t="str"><f>A2</f><v>text</v></c>'
        '<c><f>1+1</f><v>2</v></c><c t="e"><v>#N/A</v></c><c><f>SUM(A2)</f></c><c t="d"><v>2004-04-01</v></c>'
        '<c t="str"><f>IF(A2="","",A2)</f><v></v></c><c t="s"><v>0</v></c>'
    )
    assert values(tmp_path, cells, shared=['<t xml:space="preserve">   </t>']) == {
        "A": True,
        "B": False,
        "C": "text",
        "D": 2,
        "E": CellError("#N/A"),
        "F": CellError("uncalculated"),
        "G": date(2004, 4, 1),
    }


@pytest.mark.parametrize(
    ("saved", "shown_as", "value"),
    [
        ("38078", 14, date(2004, 4, 1)),
        ("38078", 22, date(2004, 4, 1)),
        ("38078.5", 22, datetime(2004, 4, 1, 12)),
        ("38078.5", 14, datetime(2004, 4, 1, 12)),
        ("38078", "mmm\\ yy", date(2004, 4, 1)),
        ("0.75", 20, time(18)),
        ("0.5", 45, time(12)),
        ("0.38", 9, 0.38),
        ("38", "0.0%", 38),
        ("1.5", "[h]:mm", 1.5),
        ("1.123456789", "[h]:mm", 1.123456789),
        ("0", 14, 0),  # no day of the calendar; a reader calls it midnight
        ("0.38", 14, 0.38),
        ("0.38", "&quot;the &quot;d mmm", 0.38),  # the h is in a word
        ("-5", 14, -5),
        ("-0.5", 20, -0.5),
        ("99999999", 14, 99999999),
    ],
)
def test_dates_and_times_are_what_the_cell_shows_and_otherwise_the_number(tmp_path, saved, shown_as, value):
    assert same(values(tmp_path, f'<c s="1"><v>{saved}</v></c>', formats=[shown_as])["A"], value)


def test_dates_counted_from_1904(tmp_path):
    made = one_sheet('<row r="1"><c s="1"><v>36616</v></c></row>', formats=[14])
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    book = book_of(tmp_path, made)
    assert book.sheets[0].cells[0, 0].value == date(2004, 4, 1)
    assert book.remarks == ("Its dates count from 1904.",)


def test_cells_keep_their_places_and_formats(tmp_path):
    rows = (
        '<row r="3"><c r="C3" t="str"><v>Spend</v></c><c r="E3" s="1"><v>0.38</v></c></row>'
        '<row r="7"><c r="A7"><v>1</v></c></row>'
    )
    [data] = book_of(tmp_path, one_sheet(rows, formats=[9])).sheets
    assert data.cells == {
        (2, 2): Cell(2, 2, "Spend", None),
        (2, 4): Cell(2, 4, 0.38, "0%"),
        (6, 0): Cell(6, 0, 1, None),
    }
    assert data.counted == 3


def test_what_else_is_known_of_a_sheet(tmp_path):
    rows = '<row r="1" hidden="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    merges = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    xml = sheet(rows, before='<cols><col min="2" max="2" hidden="1"/></cols>', after=merges)
    [data] = book_of(tmp_path, parts({"Data": xml}, states={"Data": "veryHidden"})).sheets
    assert (data.name, data.visibility) == ("Data", "very hidden")
    assert data.merges == ((0, 0, 0, 1),)
    assert data.hidden_rows == {0}
    assert data.hidden_columns == {1}
    assert [cell.value for cell in data.cells.values()] == [1, 2]  # what a merge covers is still there


def test_rows_and_cells_out_of_order(tmp_path):
    rows = (
        '<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="C2"><v>2</v></c><c r="A2"><v>1</v></c></row>'
    )
    [data] = book_of(tmp_path, one_sheet(rows)).sheets
    assert {place: cell.value for place, cell in data.cells.items()} == {(1, 0): 1, (1, 2): 2, (4, 0): 5}


def test_a_merge_over_the_whole_sheet_costs_nothing(tmp_path):
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    [data] = book_of(tmp_path, one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>', after=merge)).sheets
    assert data.merges == ((0, 0, 1_048_575, 16_383),)
    assert data.cells == {(0, 0): Cell(0, 0, 1, None)}


def test_a_workbook_as_openpyxl_writes_it(tmp_path):
    book = Workbook()
    page = book.active
    page.title = "NRF"
    page.append(["Project", "Starts", "Done"])
    page.append(["P1 – café", date(2004, 4, 1), 0.38])
    page["C2"].number_format = "0.0%"
    page["D2"] = "=C2*2"
    book.save(tmp_path / "return.xlsx")
    [data] = open_book(tmp_path / "return.xlsx", "return.xlsx").sheets
    assert [tuple(cell) for cell in data.cells.values()] == [
        (0, 0, "Project", None),
        (0, 1, "Starts", None),
        (0, 2, "Done", None),
        (1, 0, "P1 – café", None),
        (1, 1, date(2004, 4, 1), "yyyy-mm-dd"),
        (1, 2, 0.38, "0.0%"),
        (1, 3, CellError("uncalculated"), None),
    ]


@pytest.mark.parametrize("rows", ["", '<row r="1"><c r="A1" s="1"/><c r="B1" t="s"><v>0</v></c></row>'])
def test_a_workbook_without_a_filled_cell_is_refused(tmp_path, rows):
    sentence = "is an empty workbook (no cell is filled in): send the one that is filled in."
    assert refusal(tmp_path, one_sheet(rows, shared=["<t> </t>"], formats=[9])) == f"return.xlsx {sentence}"


def test_remarks_say_what_was_left_out(tmp_path):
    made = parts(
        {"Data": sheet("<row><c><f>B1</f><v>1</v></c></row>"), "Chart": ""},
        workbook='<calcPr fullCalcOnLoad="1"/>',
        more=[("rId8", "externalLink", "externalLinks/1.xml"), ("rId9", "vbaProject", "vbaProject.bin")],
    )
    links = str(made["xl/_rels/workbook.xml.rels"])
    made["xl/_rels/workbook.xml.rels"] = links.replace(
        'worksheet" Target="worksheets/sheet2.xml"', 'chartsheet" Target="chartsheets/sheet1.xml"'
    )
    made["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "threadedComment", "../comments1.xml"))
    made["xl/chartsheets/sheet1.xml"] = str(made.pop("xl/worksheets/sheet2.xml"))
    book = book_of(tmp_path, made)
    assert [data.name for data in book.sheets] == ["Data"]
    assert set(book.remarks) >= {
        "It holds macros; they were not run.",
        "It shows values from other workbooks; they are taken as last saved.",
        "It asks to be calculated again on opening; results are taken as last saved.",
        'The comments on "Data" were not read.',
        '"Chart" is a chart sheet and was not read.',
    }
