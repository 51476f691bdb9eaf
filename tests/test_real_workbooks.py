"""Real and hostile workbooks that nobody here wrote, kept beside the repository: each is read or refused."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.cells import Book, CellError, Unreadable
from pipelines.workbook.reader import Reader

REAL = Path(__file__).parent.parent.parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real workbooks are not there ({REAL})")

SAVE_AGAIN = "open it in Excel, save it as an Excel workbook (.xlsx) and send that copy"
EMPTY = "is an empty workbook (no cell is filled in): send the one that is filled in"
ENTITIES = "its part xl/sharedStrings.xml declares entities, as no spreadsheet program does"
REFUSED = {  # what is wrong, of those that are damaged
    "54764-2.xlsx": ENTITIES,
    "attack_quadratic_blowup.xlsx": ENTITIES,
    "poc-shared-strings.xlsx": 'its sheet "Tabelle1" names "0", a place that no sheet has',
    "clusterfuzz-testcase-minimized-XLSX2CSVFuzzer-5636439151607808.xlsx": (
        "the archive is broken or was not sent whole"
    ),
    "clusterfuzz-testcase-minimized-POIXSSFFuzzer-5937385319563264.xlsx": (
        'its sheet "Exp8" names "231999999999940", a place that no sheet has'
    ),
    "duplicate-filename-case-insensitive.xlsx": (
        "it has the part xl/worksheets/Sheet1.xml twice, and it can't be said which counts"
    ),
    "issue252.xlsx": "its part xl/_rels/workbook.xml.rels fails its checksum",
    "missing-bits.xlsx": "its part xl/workbook.xml is missing",
    "sample-beta.xlsx": "its part xl/workbook.xml is not written as workbooks are",
}
SENTENCES = {
    **{name: f"is damaged ({found}): {SAVE_AGAIN}" for name, found in REFUSED.items()},
    "57893-many-merges.xlsx": EMPTY,
    "60825.xlsx": EMPTY,
    "sheetProtection_allLocked.xlsx": EMPTY,
    "vba.xlsm": EMPTY,
    "BlankSheetTypes.xlsm": EMPTY,
    "protected_passtika.xlsx": "is protected by a password: remove the password, save it and send it again",
    "file_with_no_sheets_in_workbook_xml.xlsx": f"is an empty workbook without a sheet: {SAVE_AGAIN}",
    "sheet_with_all_cell_types.xlsx": f"can't be read in full (it does not open): {SAVE_AGAIN}",
}
# Rows, columns and rows in use, where the list beside the files did not count error cells or blank texts.
COUNTED_OTHERWISE = {
    ("bug67784.xlsx", "Sheet1"): (9, 2, 9),
    ("errors.xlsx", "Feuil1"): (7, 1, 7),
    ("empty_shared_string.xlsx", "Sheet1"): (1, 1, 1),
}
LISTED = re.compile(r"(?:^|, )(.+?) (\d+)×(\d+)(?: \((\d+) used\))?(?: m\d+)?(?: \[(\w+)\])?(?=,|$)")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Book | str]:
    """Every file by name: its book or its sentence. One reader for all, so none may harm the next."""
    found: dict[str, Book | str] = {}
    with Reader() as reader:
        for path in sorted(path for path in REAL.rglob("*") if path.suffix != ".md" and path.is_file()):
            try:
                found[path.name] = reader.read(path, path.name)
            except Unreadable as sentence:
                found[path.name] = str(sentence)
    return found


def test_every_file_is_read_whole_or_refused_with_one_sentence(outcomes):
    for name, outcome in outcomes.items():
        if isinstance(outcome, Book):
            assert all(sheet.counted == len(sheet.cells) for sheet in outcome.sheets), name
        else:
            assert re.fullmatch(rf"{re.escape(name)} (is|has|can't) .*: .*\.", outcome), outcome
            assert "stops the program" not in outcome


def test_files_that_are_no_readable_xlsx_are_refused_for_the_right_reason(outcomes):
    refused = {
        name: text for name, text in outcomes.items() if name.endswith(("x", "m")) and isinstance(text, str)
    }
    assert refused == {name: f"{name} {sentence}." for name, sentence in SENTENCES.items()}


PROTECTED = "is protected by a password: remove the password, save it and send it again"
CUT = f"is damaged (the file is broken or was not sent whole): {SAVE_AGAIN}"
UTF8 = 'save it as "CSV UTF-8" and send it again, or tell us in which encoding you save'
OTHERS_REFUSED = {
    "60284.xls": PROTECTED,
    "xor-encryption-abc.xls": PROTECTED,
    "rc4cryptoapi_password.xls": PROTECTED,
    "encrypted_no_password.xls": PROTECTED,
    "pass_protected.ods": PROTECTED,
    "encrypted-letmein.ods": PROTECTED,
    "64130.xls": "is an empty workbook without a sheet: send the one that is filled in",
    "clusterfuzz-testcase-minimized-POIHSSFFuzzer-5816431116615680.xls": CUT,
    "OOM_alloc3.xls": CUT,
    "empty_file.ods": "is an empty file (0 bytes): send it again",
    "attack_quadratic_blowup.ods": (
        f"is damaged (its part content.xml declares entities, as no spreadsheet program does): {SAVE_AGAIN}"
    ),
    "file_corrupted.ods": f"is damaged (its part content.xml is missing): {SAVE_AGAIN}",
    "null_byte.csv": f"has a NUL, a character that no table holds, in line 2: {UTF8}",
    "test_latin1.csv": (
        f"has letters beyond plain English (in line 3, byte A9) in an encoding that nothing declares: {UTF8}"
    ),
}


def test_files_of_other_kinds_are_refused_for_the_right_reason(outcomes):
    refused = {
        name: text
        for name, text in outcomes.items()
        if name.endswith((".xls", ".ods", ".csv")) and isinstance(text, str)
    }
    assert refused == {name: f"{name} {sentence}." for name, sentence in OTHERS_REFUSED.items()}


def grid(book: Book, number: int = 0) -> list[list[object]]:
    """The values of a sheet, row by row."""
    rows: dict[int, list[object]] = {}
    for (row, _), found in sorted(book.sheets[number].cells.items()):
        rows.setdefault(row, []).append(found.value)
    return list(rows.values())


@pytest.mark.parametrize(
    "file",
    ["csv_delimited_with_pipes", "csv_with_CR_EOL", "csv_with_encoding_cp1252", "csv_with_utf32le_bom"],
)
def test_one_table_in_many_text_files(outcomes, file):
    expected = [[f"csv--{row}{column}" for column in (1, 2, 3)] for row in (1, 2, 3)]
    assert grid(outcomes[f"{file}.csv"]) == expected


def test_text_files_with_oddities(outcomes):
    assert grid(outcomes["csv_with_line_breaks.csv"]) == [["This is,\na comma", "csv--12"]]
    assert grid(outcomes["utf8bom.csv"]) == [["kitten", "win"]]
    assert grid(outcomes["test_utf16_big.csv"])[2] == ["4", "5", "ʤ"]
    [doubt] = outcomes["weird_head_padding.csv"].doubts
    assert doubt.startswith("Lines 7, 8, 9, 78, 79 and 2 more have 2 fields where most lines have 11")


def test_a_file_is_what_its_content_says(outcomes):
    assert outcomes["type_openoffice.xlsx"].sheets[0].cells


def test_open_documents(outcomes):
    assert [row[0] for row in grid(outcomes["number_rows_repeated.ods"])] == ["A", "C", "C", "C", "C"]
    assert sorted(outcomes["merged_cells.ods"].sheets[0].merges)
    assert grid(outcomes["one_sheet_with_strings.ods"]) == [
        ["ods--11", "ods--12", "ods--13"],
        ["ods--21", "ods--22", "ods--23"],
    ]
    assert "Only one of our two readers can open it" in outcomes["one_sheet_with_strings.ods"].doubts[0]


def listed() -> list[tuple[str, str, tuple[int, int, int], str]]:
    """From the list beside the files: file, sheet, (rows, columns, rows in use), visibility."""
    found = []
    for path, what in re.findall(
        r"^\| `([^`]+\.(?:xls[xm]?|ods))` \| (.*?) \|", (REAL / "README.md").read_text(), re.M
    ):
        for sheet, rows, columns, used, state in LISTED.findall(what.partition(" · ")[2]):
            file = path.rpartition("/")[2]
            visibility = {"": "visible", "VeryHidden": "very hidden"}.get(state, state.lower())
            found.append((file, sheet, (int(rows), int(columns), int(used or rows)), visibility))
    return found


def test_sheets_have_the_sizes_that_two_other_readers_found(outcomes):
    compared = 0
    for file, name, size, visibility in listed():
        book = outcomes[file]
        if file in SENTENCES or file in OTHERS_REFUSED or (file, name) == ("any_sheets.xlsx", "Chart"):
            continue
        sheet = next(sheet for sheet in book.sheets if sheet.name == name)
        rows, columns = {row for row, _ in sheet.cells}, {column for _, column in sheet.cells}
        found = (max(rows, default=-1) + 1, max(columns, default=-1) + 1, len(rows))
        assert found == COUNTED_OTHERWISE.get((file, name), size), (file, name)
        assert sheet.visibility == visibility
        compared += 1
    assert compared > 60


def cell(outcomes, file: str, sheet: str, address: str) -> object:
    found = next(found for found in outcomes[file].sheets if found.name == sheet)
    return next(cell.value for cell in found.cells.values() if cell.address == address)


@pytest.mark.parametrize(
    ("file", "sheet", "address", "value"),
    [
        ("PF_Round_1_Success.xlsx", "Finances", "B6", "PF-USER_CREDIBLE-PLAN-START"),
        ("PF_Round_1_Success.xlsx", "Finances", "B18", 120),
        ("PF_Round_1_Success.xlsx", "Finances", "E45", 24),
        ("PF_Round_1_Success.xlsx", "Finances", "I51", 81.41000000000001),
        ("PF_Round_1_Success.xlsx", "Finances", "I52", 158.78000000000003),
        ("PF_Round_1_Success.xlsx", "Outputs", "D19", "sqm\xa0"),
        ("PF_Round_1_Success.xlsx", "Outputs", "C20", "Number of local events or activities supported "),
        ("PF_Round_1_Success.xlsx", "Outputs", "K19", 2097),
        ("PF_Round_1_Success.xlsx", "Progress", "D18", "Amber/Red"),
        ("1a02e39e-59ac-3c05-a11e-51d0bbb58a0f.xlsx", "Adjusted_data", "B308", "E08000006"),
        ("1a02e39e-59ac-3c05-a11e-51d0bbb58a0f.xlsx", "Adjusted_data", "E308", 1303),
        ("TF_Round_4_Corrupt.xlsx", "8 - Review & Sign-Off", "D22", CellError("#REF!")),
        ("bug67784.xlsx", "Sheet1", "A1", False),
        ("bug67784.xlsx", "Sheet1", "A3", CellError("#DIV/0!")),
        ("bug67784.xlsx", "Sheet1", "A7", CellError("#NAME?")),
        ("bug67784.xlsx", "Sheet1", "B4", "this is some text"),
        ("date_iso.xlsx", "Sheet", "A1", date(2021, 1, 1)),
        ("date_iso.xlsx", "Sheet", "A2", datetime(2021, 1, 1, 10, 10, 10)),
        ("1904DateWindowing.xls", "Sheet1", "A1", date(2000, 1, 1)),
        ("1904DateWindowing.xls", "Sheet1", "B1", date(2000, 1, 1)),
        ("date_1904.xls", "Sheet1", "A1", date(2021, 1, 1)),
        ("date_1904.xls", "Sheet1", "A2", date(2021, 1, 2)),
        ("test_ambiguous_date.xlsx", "Sheet1", "A2", date(1900, 1, 1)),
    ],
)
def test_exact_cells(outcomes, file, sheet, address, value):
    found = cell(outcomes, file, sheet, address)
    assert (found, type(found)) == (value, type(value))


def test_all_seven_kinds_of_error(outcomes):
    codes = [cell.value.code for cell in outcomes["errors.xlsx"].sheets[0].cells.values()]
    assert codes == ["#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#REF!", "#NUM!", "#N/A"]


def test_what_was_left_out_is_said(outcomes):
    assert outcomes["any_sheets.xlsx"].remarks == ('"Chart" is a chart sheet and was not read.',)
    assert outcomes["SimpleMacro.xlsm"].remarks == ("It holds macros; they were not run.",)
    links = "It shows values from other workbooks; they are taken as last saved."
    assert outcomes["bug67784.xlsx"].remarks == (links,)


def test_text_files_have_the_records_that_another_reader_found(outcomes):
    compared = 0
    listed_as = re.findall(
        r"^\| `([^`]+\.csv)` \| .*?CSV [^,|]+, (\d+) records", (REAL / "README.md").read_text(), re.M
    )
    for path, records in listed_as:
        book = outcomes[path.rpartition("/")[2]]
        if isinstance(book, Book):
            assert max(row for row, _ in book.sheets[0].cells) + 1 == int(records), path
            compared += 1
    assert compared > 25
