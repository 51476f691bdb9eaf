"""From a figure of the pack back to the cell that a partner typed, and there it stands."""

import hashlib
import math
import re
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from python_calamine import CalamineWorkbook
from sample_files import ROOT
from workspaces import QUARTER, Ran, lsp

from pipelines.personal_data import masked


class Line(NamedTuple):
    """A line of the pack's sheet Provenance."""

    pack_sheet: str
    pack_cell: str
    figure: str
    shown: str
    input_no: float
    kind: str
    through: str
    method: str
    file_name: str
    sheet: str
    cell: str
    as_typed: str
    partner: str
    received_at: datetime
    sha256: str


@cache
def numbered(pack: Path) -> dict[int, Line]:
    """Every line of the sheet, by its row on it."""
    rows = CalamineWorkbook.from_path(pack).get_sheet_by_name("Provenance").to_python()
    start = next(n for n, row in enumerate(rows) if row[:2] == ["Sheet of pack", "Cell of pack"])
    return {number: Line(*row) for number, row in enumerate(rows[start + 1 :], start + 2)}


@cache
def lines(pack: Path) -> list[Line]:
    """The lines about the sheets of floor targets."""
    return [line for line in numbered(pack).values() if line.pack_sheet.startswith("FT_")]


def is_for_reading(sheet: str) -> bool:
    """Whether people read a sheet; the others are for programs."""
    return not sheet.startswith("Data_") and sheet != "Provenance"


@cache
def read_by_people(pack: Path) -> list[Line]:
    """The lines about every sheet for reading."""
    return [line for line in numbered(pack).values() if is_for_reading(line.pack_sheet)]


@cache
def book_of(pack: Path) -> Workbook:
    """The pack, opened once for all tests: they only read it."""
    return load_workbook(pack)


@cache
def numbers(pack: Path) -> dict[tuple[str, str], Any]:
    """Every number and day on every sheet for reading, by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell
        for sheet in book_of(pack)
        if is_for_reading(sheet.title)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float | date)
    }


def rows_of(pack: Path, sheet_name: str, table: str) -> list[dict[str, Any]]:
    """A table of the pack, row by row."""
    sheet = book_of(pack)[sheet_name]
    header, *rows = [[cell.value for cell in row] for row in sheet[sheet.tables[table].ref]]
    return [dict(zip(header, row, strict=True)) for row in rows]


@cache
def archived(sample: Ran, sha256: str) -> Workbook:
    """A file as it was received, opened by another reader than the pipeline's; once for all tests."""
    content = (sample.workspace.archive / sha256).read_bytes()
    return load_workbook(BytesIO(content), data_only=True)


def says(cell: Any, typed: str) -> bool:
    """Whether a cell of a workbook says what we noted as typed: the same text, number, percentage or day."""
    value = cell.value
    if isinstance(value, int | float):
        as_percent = f"{value * 100:.10g}%" if "%" in cell.number_format else None
        return typed in (f"{value:.10g}", str(value), as_percent) or (
            typed.replace(".", "", 1).replace("-", "", 1).isdigit() and math.isclose(float(typed), value)
        )
    if isinstance(value, date):
        return typed.startswith(f"{value:%Y-%m-%d}") or typed == f"{value:%d/%m/%Y}"
    return bool(typed == value)


# Every number on every sheet for reading

# What we counted ourselves when files came in, and the numbers of notes: no partner's cell holds it.
OUR_OWN = {
    "Quality": {
        "Due",
        "Received",
        "Days late",
        "Rows read",
        "Rows accepted",
        "Of these queried",
        "Rows refused",
        "Expected",
        "On time",
        "On time (%)",
        "Days late at most",
        "Queries settled",
    },
    "Decisions": {"Rank"},
    "Inputs": {"Received", "Bytes"},
    "Revisions": {"Received"},
    "Notes": {"Note", "Lowest on-course ratio", "Lowest chance", "Variance up to (%), over or under"},
}


def heading(cell: Any) -> str:
    """The heading that a cell of a table stands under."""
    for table in cell.parent.tables.values():
        left, top, right, bottom = range_boundaries(table.ref)
        if left <= cell.column <= right and top < cell.row <= bottom:
            return str(cell.parent.cell(top, cell.column).value)
    return ""


def test_every_number_of_the_pack_is_a_figure_with_a_source_or_our_own_count(sample: Ran) -> None:
    traced = {(line.pack_sheet, line.pack_cell) for line in read_by_people(sample.pack)}
    without = {place: cell for place, cell in numbers(sample.pack).items() if place not in traced}
    wrong = [place for place, cell in without.items() if heading(cell) not in OUR_OWN.get(place[0], ())]
    assert wrong == []
    assert len(numbers(sample.pack)) - len(without) > 1300


def test_the_counts_of_the_cover_lead_to_what_is_counted(sample: Ran) -> None:
    sheet = book_of(sample.pack)["Cover"]
    counted = [cell for (name, _), cell in numbers(sample.pack).items() if name == "Cover"]
    assert {heading(cell) for cell in counted} == {"By floor target", "By measure"} and len(counted) == 10
    by_measure = [cell for cell in counted if heading(cell) == "By measure"]
    assert sum(cell.value for cell in by_measure) == len(rows_of(sample.pack, "Summary", "Summary_targets"))
    assert all(cell.hyperlink for cell in counted if cell.value) and sheet.title == "Cover"


def test_every_number_links_to_its_own_line_of_provenance(sample: Ran) -> None:
    by_row = numbered(sample.pack)
    first = {}
    for row, line in by_row.items():
        first.setdefault((line.pack_sheet, line.pack_cell), row)
    wrong = [
        place
        for place, cell in numbers(sample.pack).items()
        if place in first
        and (not cell.hyperlink or cell.hyperlink.location != f"'Provenance'!A{first[place]}")
    ]
    assert wrong == []


def test_every_line_ends_at_a_cell_but_for_counts_of_nothing(sample: Ran) -> None:
    for line in read_by_people(sample.pack):
        if line.kind == "none":
            assert line.shown == "0" and line.method.startswith("Counted: "), line
        else:
            assert line.kind in ("cell", "setting") and line.cell and line.method, line


def test_in_every_such_cell_of_the_file_with_that_hash_stands_what_was_typed(sample: Ran) -> None:
    cells = {
        (
            line.file_name,
            line.sha256,
            line.sheet,
            line.cell,
            str(line.as_typed),
            str(line.partner),
            line.received_at,
        )
        for line in read_by_people(sample.pack)
        if line.kind != "none"
    }
    received = {
        sha256: (name, moment)
        for sha256, name, moment in sample.select("select sha256, file_name, received_at from staging.files")
    }
    assert len(cells) > 900
    wrong = []
    for file_name, sha256, sheet, cell, typed, _, moment in sorted(cells, key=repr):
        content = (sample.workspace.archive / sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
        assert received[sha256] == (file_name, moment)
        found = archived(sample, sha256)[sheet][cell]
        if not (masked(str(found.value)) == typed if "[removed]" in typed else says(found, typed)):
            wrong.append((file_name, sheet, cell, typed, found.value))
    assert wrong == []


def test_a_number_shown_as_typed_is_the_number_in_its_cell_on_every_sheet(sample: Ran) -> None:
    shown = numbers(sample.pack)
    compared = 0
    for line in read_by_people(sample.pack):
        cell = shown.get((line.pack_sheet, line.pack_cell))
        if line.method != "As typed in the cell" or cell is None or not isinstance(cell.value, int | float):
            continue
        found = archived(sample, line.sha256)[line.sheet][line.cell]
        if isinstance(found.value, int | float):
            times = 100 if "%" in found.number_format and "%" not in cell.number_format else 1
            assert cell.value == pytest.approx(found.value * times), line
            compared += 1
    assert compared > 250


def test_our_own_counts_are_those_of_the_ledger_the_archive_and_the_returns(sample: Ran) -> None:
    for row in rows_of(sample.pack, "Inputs", "Inputs_files"):
        assert row["Bytes"] == (sample.workspace.archive / row["SHA-256 of file"]).stat().st_size
    for table in ("Notes_methods", "Notes_settings"):
        notes = [row["Note"] for row in rows_of(sample.pack, "Notes", table)]
        assert notes == list(range(1, len(notes) + 1))
    counted = sample.select(
        "select file_name, rows_read, rows_accepted, rows_refused from staging.submissions where quarter = ?",
        QUARTER,
    )
    received = rows_of(sample.pack, "Quality", "Quality_returns")
    assert received
    for row in received:
        if isinstance(row["Rows read"], int | float):
            assert (row["File"], row["Rows read"], row["Rows accepted"], row["Rows refused"]) in counted


# Every figure on a floor target's sheet


def test_every_number_on_a_floor_targets_sheet_is_a_figure_with_a_source(sample: Ran) -> None:
    traced = {(line.pack_sheet, line.pack_cell) for line in lines(sample.pack)}
    book = book_of(sample.pack)
    untraced = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book
        if sheet.title.startswith("FT_")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float | date) and (sheet.title, cell.coordinate) not in traced
    ]
    assert len(traced) > 500
    assert untraced == []


def test_every_source_of_a_floor_targets_figure_is_a_cell(sample: Ran) -> None:
    assert {line.kind for line in lines(sample.pack)} <= {"cell", "setting"}


def test_in_that_cell_of_that_file_stands_what_was_typed(sample: Ran) -> None:
    wrong = []
    for file_name, sha256, sheet, cell, typed in sorted(
        {(line.file_name, line.sha256, line.sheet, line.cell, line.as_typed) for line in lines(sample.pack)}
    ):
        found = archived(sample, sha256)[sheet][cell]
        if "[removed]" in str(typed):  # personal data stands in the file, and nowhere else
            assert masked(str(found.value)) == typed
        elif not says(found, str(typed)):
            wrong.append((file_name, sheet, cell, typed, found.value))
    assert wrong == []


def test_a_figure_shown_as_typed_is_what_stands_in_its_cell(sample: Ran) -> None:
    """Where no method lies between, the number in the pack is the number in the partner's cell."""
    pack = book_of(sample.pack)
    compared = 0
    for line in lines(sample.pack):
        shown = pack[line.pack_sheet][line.pack_cell].value
        found = archived(sample, line.sha256)[line.sheet][line.cell]
        if line.method != "As typed in the cell" or not isinstance(found.value, int | float):
            continue
        if isinstance(shown, int | float):
            assert shown == pytest.approx(found.value * (100 if "%" in found.number_format else 1)), line
            compared += 1
    assert compared > 100


# The command


def test_a_cell_of_the_pack_leads_to_file_sheet_cell_sender_and_time(sample: Ran) -> None:
    latest = next(
        line for line in lines(sample.pack) if line.figure == f"floor_targets:{QUARTER}|H4:latest_value"
    )
    said = lsp("trace", f"{latest.pack_sheet}!{latest.pack_cell}", "--root", sample.root)
    assert said.code == 0
    assert said.out.splitlines() == [
        f"FT_H4!{latest.pack_cell} of LSP_pack_{QUARTER}.xlsx shows 53.8",
        f"  floor_targets:{QUARTER}|H4:latest_value = 53.8",
        "    As typed in the cell:",
        f"      {latest.file_name}, sheet 'Sheet1', cell {latest.cell}: '53.8'",
        f"        from pct, received {latest.received_at:%d %b %Y %H:%M}, SHA-256 {latest.sha256}",
    ]
    assert archived(sample, latest.sha256)["Sheet1"][latest.cell].value == 53.8


def test_a_cell_may_be_written_as_excel_writes_it(sample: Ran) -> None:
    cell = next(line.pack_cell for line in lines(sample.pack) if line.pack_sheet == "FT_H4")
    plain = lsp("trace", f"FT_H4!{cell}", "--root", sample.root)
    quoted = lsp("trace", f"'FT_H4'!${cell[0].lower()}${cell[1:]}", "--root", sample.root)
    small = lsp("trace", f"ft_h4!{cell}", "--root", sample.root)
    assert plain.out and quoted == small == plain


def test_a_cell_beside_a_figure_names_the_nearest_ones(sample: Ran) -> None:
    """A manager who counts a row or column wrongly finds it all the same."""
    latest = next(
        line for line in lines(sample.pack) if line.figure == f"floor_targets:{QUARTER}|H4:latest_value"
    )
    said = lsp("trace", f"{latest.pack_sheet}!D{latest.pack_cell[1:]}", "--root", sample.root)
    row = latest.pack_cell[1:]
    assert said.err == (
        f"lsp: FT_H4!D{row} of LSP_pack_{QUARTER}.xlsx shows no figure. The nearest that do are C{row}, E{row}, "
        f"G{row}; its sheet Provenance lists all.\n"
    )


def test_the_cell_that_the_readme_names_shows_a_figure(sample: Ran) -> None:
    (cell,) = set(re.findall(r"\w+![A-Z]+\d+", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert lsp("trace", cell, "--root", sample.root).code == 0


def test_there_is_no_public_edition_where_nothing_is_cleared(sample: Ran) -> None:
    said = lsp("trace", "FT_H4!E15", "--edition", "public", "--root", sample.root)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"lsp: There is no pack of {QUARTER}, public edition: ")


def test_a_figure_made_of_figures_leads_to_every_cell_below(sample: Ran) -> None:
    said = lsp("trace", f"floor_targets:{QUARTER}|H4:gap", "--root", sample.root)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[:2] == [
        f"floor_targets:{QUARTER}|H4:gap = 11",
        "  Latest value less the comparator for the same period:",
    ]
    assert any(line.endswith("|H4:latest_value = 53.8") for line in lines)
    assert any(line.endswith("|H4:comparator_value = 42.8") for line in lines)
    assert [line.rpartition(": ")[2] for line in lines if ", cell " in line] == ["'53.8'", "'42.8'"]


def test_a_row_of_a_mart_gives_the_chain_of_each_of_its_figures(sample: Ran) -> None:
    row = f"floor_targets:{QUARTER}|H4"
    said = lsp("trace", row, "--root", sample.root)
    assert said.code == 0
    heads = [line for line in said.out.splitlines() if line.startswith(row)]
    figures = sample.one(
        "select count(distinct figure_id) from marts.provenance where mart || ':' || row_id = ?", row
    )
    assert len(heads) == figures > 20


def test_a_figure_of_an_older_quarters_pack_needs_that_pack(sample: Ran) -> None:
    said = lsp("trace", "FT_H4!C12", "--quarter", "2003-04-Q4", "--root", sample.root)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("lsp: There is no pack ")
    assert said.err.endswith("Make it with 'lsp run', or name its quarter with --quarter.\n")


@pytest.mark.parametrize(
    ("figure", "sentence"),
    [
        ("FT_H4!A1", "FT_H4!A1 of LSP_pack_2004-05-Q1.xlsx shows no figure."),
        ("FT_H99!C12", "LSP_pack_2004-05-Q1.xlsx has no sheet FT_H99 that shows figures."),
        ("floor_targets:2004-05-Q1|H99:gap", "There is no figure 'floor_targets:2004-05-Q1|H99:gap'"),
        ("nonsense", "There is no figure 'nonsense'"),
        ("", "There is no figure ''"),
    ],
)
def test_a_figure_that_is_not_there_is_one_sentence(sample: Ran, figure: str, sentence: str) -> None:
    said = lsp("trace", figure, "--root", sample.root)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"lsp: {sentence}")
    assert said.err.count("\n") == 1
