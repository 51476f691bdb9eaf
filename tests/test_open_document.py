"""OpenDocument spreadsheets (.ods) written by hand: what is repeated, hidden, merged, in error or made to mislead."""

from datetime import date, datetime, time

import pytest
from workbooks import zipped

from pipelines.cells import Book, CellError, Unreadable
from pipelines.workbook import open_book
from pipelines.workbook.limits import LIMITS, Limits

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{prefix}="{OASIS}{name}:1.0"'
    for prefix, name in (
        *(("office", "office"), ("table", "table"), ("text", "text"), ("style", "style")),
        *(("number", "datastyle"), ("fo", "xsl-fo-compatible"), ("draw", "drawing")),
    )
)
CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
STYLES = (
    '<number:percentage-style style:name="N1"><number:number number:decimal-places="1"/><number:text>%</number:text>'
    "</number:percentage-style>"
    '<number:date-style style:name="N2"><number:month number:textual="true"/><number:text>-</number:text>'
    "<number:year/></number:date-style>"
    '<style:style style:name="share" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="month" style:family="table-cell" style:data-style-name="N2"/>'
    '<style:style style:name="red" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#ff0000"/>'
    "</style:style>"
    '<style:style style:name="gone" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="back" style:family="table-cell" style:parent-style-name="gone">'
    '<style:text-properties style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="out" style:family="table"><style:table-properties table:display="false"/></style:style>'
)

MANIFEST = f'<?xml version="1.0" encoding="UTF-8"?><m:manifest xmlns:m="{OASIS}manifest:1.0"/>'


def spreadsheet(tables: str, before: str = "") -> bytes:
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {SPACES} {CALC}>'
        f"<office:automatic-styles>{STYLES}</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": xml, "META-INF/manifest.xml": MANIFEST})


def one_table(rows: str) -> bytes:
    return spreadsheet(f'<table:table table:name="Data">{rows}</table:table>')


def cells(*inner: str) -> bytes:
    return one_table(f"<table:table-row>{''.join(inner)}</table:table-row>")


def text(words: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{words}</text:p></table:table-cell>'


def typed(kind: str, value: str, more: str = "") -> str:
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}" {more}><text:p>shown</text:p>'
        "</table:table-cell>"
    )


def book_of(tmp_path, data: bytes, limits: Limits = LIMITS) -> Book:
    path = tmp_path / "received"
    path.write_bytes(data)
    return open_book(path, "return.ods", limits=limits)


def refusal(tmp_path, data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable) as sentence:
        book_of(tmp_path, data, limits)
    return str(sentence.value)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (typed("float", "12"), 12, None),
        (typed("float", "81.41000000000001"), 81.41000000000001, None),
        (typed("percentage", "0.385", 'table:style-name="share"'), 0.385, "0.0%"),
        (typed("currency", "1200", 'office:currency="GBP"'), 1200, None),
        (typed("boolean", "true"), True, None),
        (typed("date", "2004-04-01", 'table:style-name="month"'), date(2004, 4, 1), "mmm-yy"),
        (typed("date", "2004-04-01T10:20:30"), datetime(2004, 4, 1, 10, 20, 30), None),
        (typed("time", "PT18H05M00S"), time(18, 5), None),
        (typed("time", "PT36H00M00S"), 1.5, None),
        (text("plain"), "plain", None),
        (text("  two \n spaces  "), "two spaces", None),
        (text('a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d'), "a  b\tc\nd", None),
        (text("one</text:p><text:p>two <text:span>parts</text:span>"), "one\ntwo parts", None),
        (text("#REF!", 'calcext:value-type="error" office:string-value=""'), CellError("#REF!"), None),
        (text("#N/A", 'table:formula="of:=NA()" office:string-value=""'), CellError("#N/A"), None),
        ('<table:table-cell table:formula="of:=1"/>', CellError("uncalculated"), None),
        (
            text(
                "yes</text:p><draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame><text:p>"
            ),
            "yes\n",
            None,
        ),
        (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
            "<text:p>value</text:p></table:table-cell>",
            "value",
            None,
        ),
    ],
)
def test_values(tmp_path, cell, value, code):
    book = book_of(tmp_path, cells(cell))
    [found] = book.sheets[0].cells.values()
    assert book.doubts == ()
    assert (found.value, type(found.value), found.number_format) == (value, type(value), code)


def test_what_is_written_once_and_repeated(tmp_path):
    rows = (
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>'
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573">'
        '<table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    [sheet] = book_of(tmp_path, one_table(rows)).sheets
    assert sorted(sheet.cells) == [(row, column) for row in range(3) for column in (2, 3)]
    assert {cell.value for cell in sheet.cells.values()} == {7}


def test_what_else_is_known_of_a_sheet(tmp_path):
    rows = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        "<table:table-row>"
        + text("a", 'table:number-columns-spanned="2" table:number-rows-spanned="2"')
        + "<table:covered-table-cell/>"
        + text("", 'table:style-name="red"')
        + "</table:table-row>"
        '<table:table-row table:visibility="collapse">'
        + text("b")
        + text("")
        + typed("float", "3", 'table:formula="of:=1+2" table:style-name="red"')
        + "</table:table-row>"
    )
    row = f"<table:table-row>{text('x')}</table:table-row>"
    hidden = f'<table:table table:name="Lists" table:style-name="out">{row}</table:table>'
    book = book_of(tmp_path, spreadsheet(f'<table:table table:name="Data">{rows}</table:table>{hidden}'))
    data, lists = book.sheets
    assert data.merges == ((0, 0, 1, 1),)
    assert (data.hidden_rows, data.hidden_columns) == ({1}, {1, 2})
    assert (data.formulas, data.fills) == ({(1, 2)}, {(0, 2): "FF0000", (1, 2): "FF0000"})
    assert (data.visibility, lists.visibility, data.counted) == ("visible", "hidden", 3)
    assert (book.remarks, book.doubts) == ((), ())


def test_text_that_is_struck_through(tmp_path):
    rows = cells(text("a"), *(text("b", f'table:style-name="{style}"') for style in ("gone", "back", "red")))
    assert book_of(tmp_path, rows).sheets[0].struck == {(0, 1)}


def test_cells_that_are_on_no_sheet(tmp_path):
    """Deleted cells that the file keeps, and copies of sheets in other files."""
    deleted = (
        f"<table:tracked-changes><table:deletion><table:cell-content-deletion>{text('gone')}"
        "</table:cell-content-deletion></table:deletion></table:tracked-changes>"
    )
    there = f'<table:table table:name="Data"><table:table-row>{text("here")}</table:table-row></table:table>'
    copy = (
        "<table:table table:name=\"'file:///c.ods'#$A\"><table:table-source/>"
        f"<table:table-row>{text('elsewhere')}</table:table-row></table:table>"
    )
    book = book_of(tmp_path, spreadsheet(deleted + there + copy))
    assert [cell.value for sheet in book.sheets for cell in sheet.cells.values()] == ["here"]
    assert book.remarks == ("\"'file:///c.ods'#$A\" is a copy of a sheet in another file and was not read.",)


FAR = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'


@pytest.mark.parametrize(
    ("data", "limits", "found"),
    [
        (
            spreadsheet("", '<!DOCTYPE x [<!ENTITY a "ha">]>'),
            LIMITS,
            "its part content.xml declares entities",
        ),
        (
            cells(text("x", 'table:number-columns-repeated="99999999"')),
            LIMITS,
            'names "99999999", a place that no sheet has',
        ),
        (
            one_table(
                f'<table:table-row table:number-rows-repeated="1048576">{text("x") * 2}</table:table-row>'
            ),
            LIMITS,
            "brings the file to over 1,000,000 cells",
        ),
        (
            one_table(f"{FAR}<table:table-row>{'<table:table-cell/>' * 20}{text('far')}</table:table-row>"),
            LIMITS,
            "reaches 1,048,576 rows down and 21 columns across",
        ),
        (cells(text('<text:s text:c="70000"/>x')), LIMITS, "has a cell of"),
        (cells(typed("float", "seven")), LIMITS, 'a cell of its sheet "Data" is no float, as it says it is'),
        (
            cells(typed("date", "01/04/2004")),
            LIMITS,
            'a cell of its sheet "Data" is no date, as it says it is',
        ),
        (spreadsheet(""), LIMITS, "is an empty workbook without a sheet"),
        (cells(text(" ")), LIMITS, "is an empty workbook (no cell is filled in)"),
        (
            cells(
                f'<table:table-cell><table:table table:name="In">{text("x")}</table:table></table:table-cell>'
            ),
            LIMITS,
            'its sheet "Data" has a table inside a cell',
        ),
        (
            spreadsheet("".join(f'<table:table table:name="S{n}"/>' for n in range(201))),
            LIMITS,
            "has 201 sheets and we take 200",
        ),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
            LIMITS,
            "its part content.xml is missing",
        ),
    ],
)
def test_spreadsheets_that_are_refused(tmp_path, data, limits, found):
    assert found in refusal(tmp_path, data, limits)
