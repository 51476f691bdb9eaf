"""One workbook in every format that LibreOffice writes, read to the same cells."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from pipelines.cells import NOTES_BY, Book, CellError
from pipelines.workbook import open_book

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here")
VALUES = {
    "A1": "Spend return",
    "A3": "Project",
    "B3": "Spend (£)",
    "C3": "Share",
    "D3": "As at",
    "A4": "Wardens & co",
    "B4": 1200.5,
    "C4": 0.385,
    "D4": date(2004, 4, 1),
    "A5": "Two\nlines",
    "B5": 81.41,
    "D5": CellError("#DIV/0!"),
    "B6": 1281.91,
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Book]:
    """The book by format."""
    folder = tmp_path_factory.mktemp("converted")
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Data"
    for address, value in VALUES.items():
        sheet[address] = value if not isinstance(value, CellError) else "=1/0"
    sheet["B6"] = "=B4+B5"
    sheet["C4"].number_format, sheet["D4"].number_format = "0.0%", "dd/mm/yyyy"
    sheet["A4"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet["E5"].fill = PatternFill("solid", fgColor="FF00B050")
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["C"].hidden = True
    lists = workbook.create_sheet("Lists")
    lists["A1"], lists.sheet_state = "Green", "hidden"
    workbook.save(folder / "return.xlsx")
    found = {}
    for kind in ("xls", "ods", "xlsx"):
        out = folder / kind
        command = [
            OFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
        ]
        subprocess.run(
            [*command, "--outdir", str(out), str(folder / "return.xlsx")],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        found[kind] = open_book(Path(out / f"return.{kind}"), f"return.{kind}")
    return found


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_the_cells_are_the_same(books, kind):
    data, lists = books[kind].sheets
    found = {cell.address: cell.value for cell in data.cells.values()}
    assert found.pop("B6") == pytest.approx(VALUES["B6"])
    assert found == {address: value for address, value in VALUES.items() if address != "B6"}
    assert (lists.visibility, len(lists.cells)) == ("hidden", 1)
    assert books[kind].doubts == ()


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_what_else_is_known_is_the_same(books, kind):
    data = books[kind].sheets[0]
    assert data.merges == ((0, 0, 0, 3),)
    assert (data.hidden_rows, data.hidden_columns) == ({4}, {2})
    assert data.formulas == {(4, 3), (5, 1)}
    assert data.fills[3, 0] == "FF0000"
    assert data.fills[4, 4] == ("00B050" if kind != "xls" else data.fills[4, 4])  # .xls has 56 colours
    assert "%" in data.cells[3, 2].number_format
    assert "yyyy" in data.cells[3, 3].number_format.lower()


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
@pytest.mark.parametrize(("note", "is_told"), [("[query 2] Why so much?", False), ("A remark of mine", True)])
def test_our_notes_on_queried_cells_are_not_told_to_their_sender(
    tmp_path: Path, kind: str, note: str, is_told: bool
) -> None:
    """LibreOffice drops the author of a note, so ours are known by how they begin."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Data"
    sheet["A1"], sheet["B1"] = "Project", 3
    sheet["A1"].comment = Comment("[query 1] Please confirm.", NOTES_BY)
    sheet["B1"].comment = Comment(note, NOTES_BY)
    workbook.save(tmp_path / "return.xlsx")
    command = [
        OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind, "--outdir",
        str(tmp_path / "out"), str(tmp_path / "return.xlsx"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    remarks = open_book(tmp_path / "out" / f"return.{kind}", f"return.{kind}").remarks
    assert ('The comments on "Data" were not read.' in remarks) == is_told
