"""Text files as tables: encodings that are known and never guessed, delimiters, quotes, rows of odd lengths."""

import codecs

import pytest

from pipelines.cells import Book, Unreadable
from pipelines.workbook import open_book
from pipelines.workbook.formats.text_tables import NOTHING_DECLARED, Declared
from pipelines.workbook.limits import LIMITS, Limits

TABLE = "Project,Spend\nWardens,£12\n"
SAVE_AGAIN = "open it in Excel, save it as an Excel workbook (.xlsx) or as CSV UTF-8, and send that copy."
UTF8 = 'save it as "CSV UTF-8" and send it again, or tell us in which encoding you save.'


def book_of(
    tmp_path, data: str | bytes, declared: Declared = NOTHING_DECLARED, limits: Limits = LIMITS
) -> Book:
    path = tmp_path / "received"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_book(path, "spend.csv", declared, limits)


def rows(book: Book) -> dict[str, object]:
    return {cell.address: cell.value for cell in book.sheets[0].cells.values()}


def refusal(tmp_path, data: str | bytes, declared: Declared = NOTHING_DECLARED, limits=LIMITS) -> str:
    with pytest.raises(Unreadable) as sentence:
        book_of(tmp_path, data, declared, limits)
    return str(sentence.value)


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TABLE.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TABLE.encode("utf-32-be"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace(",", "|").encode(),
        b'"Project","Spend"\n"Wardens","\xc2\xa312"\n',
    ],
)
def test_one_table_in_whatever_clothing(tmp_path, data):
    book = book_of(tmp_path, data)
    assert rows(book) == {"A1": "Project", "B1": "Spend", "A2": "Wardens", "B2": "£12"}
    assert (book.sheets[0].name, book.sheets[0].counted) == ("CSV", 4)
    assert (book.remarks, book.doubts) == ((), ())


def test_values_stay_as_typed(tmp_path):
    typed = ["007", "1,200", " 5 ", "=1+1", "NaN", "TRUE", "1e5", "01/02/2004", 'said "no"', "two\r\nlines"]
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in typed)
    found = rows(book_of(tmp_path, f"a,b,c,d,e,f,g,h,i,j\r\n{quoted}\r\n"))
    assert [found[f"{letter}2"] for letter in "ABCDEFGHIJ"] == typed


def test_blank_lines_and_blank_fields_keep_their_places(tmp_path):
    found = rows(book_of(tmp_path, "Spend\n\n\nProject,Q1,Q2\n,,3\n ,4,\n"))
    assert found == {"A1": "Spend", "A4": "Project", "B4": "Q1", "C4": "Q2", "C5": "3", "B6": "4"}


# Encodings


@pytest.mark.parametrize(
    ("declared", "sent"),
    [
        (Declared("windows-1252"), TABLE),
        (Declared("utf-16-le"), TABLE),
        (Declared(None, {"pct": "windows-1252"}), f"Partner: PCT\n{TABLE}"),
        (Declared("utf-16-le", {"pct": "windows-1252"}), f"Partner,PCT\n{TABLE}"),
        (Declared("windows-1252", {"pct": "utf-16-le"}), f"Partner: police\n{TABLE}"),
    ],
)
def test_an_encoding_that_is_declared_for_the_sender_or_for_all(tmp_path, declared, sent):
    encoding = "utf-16-le" if declared == Declared("utf-16-le") else "windows-1252"
    assert "£12" in rows(book_of(tmp_path, sent.encode(encoding), declared)).values()


def test_utf8_and_marks_go_before_what_is_declared(tmp_path):
    assert rows(book_of(tmp_path, TABLE, Declared("windows-1252")))["B2"] == "£12"
    marked = codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le")
    assert rows(book_of(tmp_path, marked, Declared("windows-1252")))["B2"] == "£12"


@pytest.mark.parametrize(
    ("data", "declared", "sentence"),
    [
        (
            TABLE.encode("cp1252"),
            NOTHING_DECLARED,
            f"has letters beyond plain English (in line 2, byte A3) in an encoding that nothing declares: {UTF8}",
        ),
        (
            TABLE.encode("cp1252"),
            Declared(None, {"pct": "windows-1252"}),
            f"has letters beyond plain English (in line 2, byte A3) in an encoding that nothing declares: {UTF8}",
        ),
        (
            b"Project,Spend\nWardens,1\x960\n",
            Declared("latin-1"),
            f"is not in the encoding latin-1 that is declared for it (line 2): {UTF8}",
        ),
        (
            b"Project,Spend\nWardens,\x8d\n",
            Declared("windows-1252"),
            f"is not in the encoding windows-1252 that is declared for it (line 2): {UTF8}",
        ),
        (
            b"\xef\xbb\xbfProject,Spend\nWardens,\xa312\n",
            Declared("windows-1252"),
            f"is damaged (says that it is UTF-8, but its byte 23 is not): {UTF8}",
        ),
        (
            b"Project,Spend\nWardens,\x0012\n",
            NOTHING_DECLARED,
            f"has a NUL, a character that no table holds, in line 2: {UTF8}",
        ),
        (
            b"Project,Spend\nWardens,\x0012\n",
            Declared("windows-1252"),
            f"is not in the encoding windows-1252 that is declared for it (line 2): {UTF8}",
        ),
        (
            TABLE.encode("utf-16-le"),
            NOTHING_DECLARED,
            f"has a NUL, a character that no table holds, in line 1: {UTF8}",
        ),
        (
            codecs.BOM_UTF8 + b"Project,Spend\r\nWardens,\x0012\r\n",
            NOTHING_DECLARED,
            f"has a NUL, a character that no table holds, in line 2: {UTF8}",
        ),
        (
            codecs.BOM_UTF16_BE + "Project,Spend\nWardens,12\n\0\n".encode("utf-16-be"),
            Declared("windows-1252"),
            f"has a NUL, a character that no table holds, in line 3: {UTF8}",
        ),
    ],
)
def test_an_encoding_is_never_guessed(tmp_path, data, declared, sentence):
    assert refusal(tmp_path, data, declared).removeprefix("spend.csv ") == sentence


# Delimiters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Name;Spend\nA;1,5\nB;2,5\n",
            {"A1": "Name", "B1": "Spend", "A2": "A", "B2": "1,5", "A3": "B", "B3": "2,5"},
        ),
        ("A;1,5\nB;2,5\nC;3\n", {"A1": "A", "B1": "1,5", "A2": "B", "B2": "2,5", "A3": "C", "B3": "3"}),
        ("One column\nof values\n", {"A1": "One column", "A2": "of values"}),
        ("sep=;\nA;1,5\nB;2,5\n", {"A2": "A", "B2": "1,5", "A3": "B", "B3": "2,5"}),
        (
            "A\tsome, text\nB\tmore\n",
            {"A1": "A", "B1": "some, text", "A2": "B", "B2": "more"},
        ),
    ],
)
def test_the_delimiter_is_found(tmp_path, text, expected):
    assert rows(book_of(tmp_path, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A;1,5\nB;2,5\n",
        "1,200;1,200\n1,200;1,200\n",
        "Return, first quarter\n" + "A;1,5\n" * 9,
        "Return, first quarter\n" + "A;1,5;2\n" * 9,
    ],
)
def test_where_two_delimiters_fit_alike_neither_is_guessed(tmp_path, text):
    assert "can't be read for certain (both a " in refusal(tmp_path, text)
    assert " could stand between its fields): " + SAVE_AGAIN in refusal(tmp_path, text)


def test_commas_of_names_and_of_figures_are_no_rivals(tmp_path):
    names = "Name\tPlace\tSpend\n" + "Smith, J\tSalford\t1\n" * 20
    assert rows(book_of(tmp_path, names))["A2"] == "Smith, J"
    figures = "Name;Spend\n" + "Wardens;£1,200\n" * 20
    assert rows(book_of(tmp_path, figures))["B2"] == "£1,200"


# Rows and quotes


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (
            "Project,Q1,Q2\nA,1,2\nB,1,200,3\nC,1,2\n",
            "Line 3 has 4 fields where most lines have 3: a comma inside a value must stand in quotation marks. "
            "Check these lines.",
        ),
        (
            "Project,Q1,Q2\nA,1,2\nB,1\nC,1\nD,1,2\nE,1,2\n",
            "Lines 3, 4 have 2 fields where most lines have 3: what is left out must keep its place. "
            "Check these lines.",
        ),
        (
            'Project,Q1,Q2\n"A\nor B",1,2\nC,1\nD,1,2\n',
            "Line 4 has 2 fields where most lines have 3: what is left out must keep its place. "
            "Check these lines.",
        ),
    ],
)
def test_ragged_rows_are_reported_and_stay_where_they_are(tmp_path, text, doubt):
    book = book_of(tmp_path, text)
    assert book.doubts == (doubt,)
    assert rows(book)["A1"] == "Project"


def test_titles_above_and_notes_below_are_not_ragged(tmp_path):
    text = "Spend return\nPartner: PCT\nProject,Q1,Q2\nA,1,2\nB,1,2\nC,1,2\nProvisional\n"
    assert book_of(tmp_path, text).doubts == ()


def test_an_end_without_a_line_end(tmp_path):
    whole = book_of(tmp_path, "Project,Q1,Q2\nA,1,2\nB,1,2")
    assert whole.remarks == (
        "Its last line has no line end, so it can't be told from a file that was cut off there.",
    )
    cut = book_of(tmp_path, "Project,Q1,Q2\nA,1,2\nB,1")
    assert cut.doubts[1] == (
        "The last line (3) has no line end and is shorter than the others, as in a file that was cut off on its "
        "way. Check that nothing is missing below it."
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Project,Q1\n"A,1\nB,2\n', "the quotation mark that opens in line 2 or below never closes"),
        ('Project,Q1\n"A"x,1\nB,2\n', "in line 2 a quotation mark closes in the middle of a field"),
    ],
)
def test_quotation_marks_that_do_not_match(tmp_path, text, found):
    assert refusal(tmp_path, text) == f"spend.csv is damaged ({found}): {SAVE_AGAIN}"


@pytest.mark.parametrize(
    ("text", "limits", "found"),
    [
        ("A,B\n" * 3, Limits(cells=5), 'is too large, its sheet "CSV" brings the file to over 5 cells'),
        ("A,B\nabcdef,1\n", Limits(cell_text=5), "a field has over 5 characters"),
        ("A,B\n" + "\n" * 50 + "C,D\n", Limits(grid=100), "reaches 52 rows down and 2 columns across"),
        (" \n \n", LIMITS, "is an empty file (no character but blanks)"),
        (",,\n,,\n", LIMITS, "holds delimiters but no value"),
    ],
)
def test_text_files_beyond_the_limits_or_empty(tmp_path, text, limits, found):
    assert found in refusal(tmp_path, text, limits=limits)
