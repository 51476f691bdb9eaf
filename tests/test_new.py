"""A new partnership: `lsp init`, the framework filled in by a newcomer, templates, a return and the first pack."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from grids import contracts
from openpyxl import load_workbook
from workspaces import lsp, run

from pipelines.new.book import FIRST, HEAD, draw, starting_rows
from pipelines.new.order import in_order
from pipelines.template.words import START
from pipelines.workspace import Workspace

SAMPLES = re.compile(r"\b(H4|E3_maths|NRF01|P_JSA|IP01|Salford)\b")  # what the sample's framework names
QUARTER = "2031-32-Q1"
AREAS: list[dict[str, Any]] = [{"Area ref": "northmoor", "Area name": "Northmoor", "Area kind": "authority"}]
PARTNERS: list[dict[str, Any]] = [{"Partner ref": "pct", "Partner name": "Northmoor Health"}]
THEMES: list[dict[str, Any]] = [{"Theme ref": "health", "Theme": "Health", "Theme order": 1}]
WORDED = {
    "Floor target ref": "T1", "Floor target": "Smoking", "Wording": "Fewer than 10% smoke.", "Target order": 1,
    "Lead partner": "pct",
}  # fmt: skip
MEASURED = {
    "Target ref": "T1", "Floor target ref": "T1", "Theme ref": "health", "Measure": "Adults who smoke",
    "Target type": "ABS_THRESHOLD", "Polarity": "lower is better", "Unit": "%", "Decimal places": 1,
    "Baseline period": "2029", "Baseline value": 14.2, "Target period": "2035", "Target value": 10,
    "Months between values": 12, "Release lag (months)": 6, "Basis of values": "illustrative",
    "Since": date(2030, 4, 1),
}  # fmt: skip
EXPECTED = {"Partner ref": "pct", "Return": "floor_targets", "From quarter": QUARTER}


def quarter(name: str, starts_on: date, ends_on: date) -> dict[str, Any]:
    days = zip(("Returns due", "Cut-off", "Board meets"), (15, 21, 30), strict=True)
    later = {heading: ends_on + timedelta(n) for heading, n in days}
    return {"Quarter": name, "Quarter starts": starts_on, "Quarter ends": ends_on} | later


CALENDAR = [
    quarter("2030-31-Q4", date(2031, 1, 1), date(2031, 3, 31)),
    quarter(QUARTER, date(2031, 4, 1), date(2031, 6, 30)),
]


def fill_in(path: Path, **sheets: list[dict[str, Any]]) -> None:
    """Type rows under the headings of sheets, named by the entity, and what is blank in the settings."""
    book = load_workbook(path)
    titles = {contract.name: contract.title for contract in contracts().values() if contract.is_framework}
    for name, rows in sheets.items():
        sheet = book[titles[name]]
        columns = {cell.value: cell.column for cell in sheet[HEAD]}
        for line, row in enumerate(rows, start=FIRST):
            for heading, value in row.items():
                sheet.cell(line, columns[heading], value)
    given = {
        "home_area": "northmoor",
        "partnership_name": "Northmoor Partnership",
        "partnership_contact": "The office",
    }
    for line in book["Settings"].iter_rows(min_row=FIRST) if "settings" not in sheets else ():
        line[1].value = given.get(line[0].value, line[1].value)
    book.save(path)


def test_the_sheets_come_in_the_order_in_which_they_refer_to_each_other() -> None:
    book = load_workbook(BytesIO(draw(contracts())))
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    own = [contract for _, its in in_order(contracts()) for contract in its]
    assert visible[0] == START
    assert len(visible) == 1 + len(own)
    assert {contract.full_name for contract in own} == {n for n, c in contracts().items() if c.is_framework}
    # the lead of a target as worded may be judged under an element of the review, which few partnerships have
    late = {"framework.elements", "framework.criteria"}
    place = {contract.full_name: number for number, contract in enumerate(own)}
    for contract in own:
        for column in contract.columns:
            if column.refers_to and column.refers_to not in late:
                assert place[column.refers_to] <= place[contract.full_name], (contract.name, column.name)


def test_start_links_to_every_sheet_and_counts_what_is_filled_in() -> None:
    book = load_workbook(BytesIO(draw(contracts())), data_only=True)
    lines = {line[0].value: line for line in book[START].iter_rows() if line[0].hyperlink}
    assert list(lines) == [s.title for s in book if s.sheet_state == "visible" and s.title != START]
    assert [lines[title][2].value for title in ("Areas", "Rating scale", "Spend bands")] == [0, 4, 4]


def test_every_column_has_its_help_and_those_of_few_words_a_list() -> None:
    book = load_workbook(BytesIO(draw(contracts())))
    sheet = book["Measurable targets"]
    columns = {cell.value: cell.column_letter for cell in sheet[HEAD]}
    checks = {
        str(check.sqref).split(f"{FIRST}:")[0]: check for check in sheet.data_validations.dataValidation
    }
    assert len(checks) == len(columns)
    assert checks[columns["Measure"]].prompt.startswith("What is measured.")
    assert checks[columns["Polarity"]].formula1.startswith("Lists!")
    assert checks[columns["Theme ref"]].formula1 == f"'Themes'!$A${FIRST}:$A$400"


def test_texts_that_look_like_dates_stay_texts() -> None:
    """Excel makes May 2004 of 2004-05 unless the column is of text."""
    book = load_workbook(BytesIO(draw(contracts())))
    sheet = book["What a fund awarded, by year"]
    letters = {cell.value: cell.column_letter for cell in sheet[HEAD]}
    assert sheet.column_dimensions[letters["Financial year"]].number_format == "@"


def test_no_setting_stands_twice() -> None:
    names = [row["setting_id"] for row in starting_rows(contracts()["framework.settings"])]
    assert len(names) == len(set(names))


def test_what_is_still_to_be_filled_in_is_told_sheet_by_sheet(tmp_path: Path) -> None:
    root = tmp_path / "northmoor"
    made = lsp("init", root)
    path = Workspace(root).framework / "framework.xlsx"
    assert str(path) in made.out and "'Start'" in made.out
    told = lsp("doctor", "--root", root, "--port", 9).out.splitlines()
    (number,) = (number for number, line in enumerate(told) if line.startswith("fault  framework"))
    assert told[number].endswith("To fill in next, in this order:")
    assert "sheet 'Areas'" in told[number + 1] and told[number + 1].startswith(" " * 20)
    for command in (("templates", QUARTER), ("check", path)):
        said = lsp(*command, "--root", root)
        assert said.code == 1
        first, *lines = said.err.splitlines()
        assert first == "lsp: The framework is not complete yet. To fill in next, in this order:"
        assert [line.split("'")[1] for line in lines] == [
            *("Areas", "Partners", "Themes", "Calendar", "Targets as worded", "Measurable targets"),
            *["Settings"] * 3,
        ]
        assert lines[1].endswith(
            "Nothing is filled in yet. 'Partners' takes one row per partner, with at least 'Partner ref', "
            "'Partner name'."
        )
        assert (
            "B5: The setting 'home_area' is blank. Fill in the ref of the partnership's own area." in lines[6]
        )


def test_what_was_filled_in_wrongly_is_told_with_its_cell(tmp_path: Path) -> None:
    root = tmp_path / "northmoor"
    lsp("init", root)
    path = Workspace(root).framework / "framework.xlsx"
    fill_in(
        path, areas=AREAS, partners=PARTNERS, themes=THEMES, calendar=CALENDAR, parent_targets=[WORDED],
        targets=[MEASURED | {"Theme ref": "wealth"}],
    )  # fmt: skip
    said = lsp("check", path, "--root", root)
    assert said.code == 1
    assert "'wealth'" in said.err or "Theme ref" in said.err
    assert "Measurable targets" in said.err


def test_all_that_is_wrong_with_a_needed_sheet_is_told_at_once_each_with_its_cell(tmp_path: Path) -> None:
    root = tmp_path / "northmoor"
    lsp("init", root)
    path = Workspace(root).framework / "framework.xlsx"
    blank = {heading: value for heading, value in MEASURED.items() if heading not in ("Measure", "Unit")}
    fill_in(
        path, areas=AREAS, partners=PARTNERS, themes=THEMES, calendar=CALENDAR, parent_targets=[WORDED],
        targets=[blank], expected_returns=[EXPECTED | {"Partner ref": "nobody", "From quarter": "soon"}],
    )  # fmt: skip
    book = load_workbook(path)
    book["Areas"]["B4"].value = book["Areas"]["C5"].value = None
    book.save(path)
    said = lsp("check", path, "--root", root)
    assert (said.code, said.out) == (1, "")
    lines = [line.removeprefix("  framework.xlsx, sheet ") for line in said.err.splitlines()[1:]]
    assert [line.split(":")[0].split(" (")[0] for line in lines] == [
        "'Areas', cell A4", "'Areas', cell C5",
        "'Measurable targets', cell D5", "'Measurable targets', cell G5",
        "'Expected returns', cell C5", "'Expected returns', cell A5",
    ]  # fmt: skip
    assert "The column 'Area name' is missing." in lines[0] and "'Area kind' is blank." in lines[1]
    assert [" has no row that can be used. " in line for line in lines] == [True, False] * 3


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("new") / "northmoor"
    lsp("init", root)
    fill_in(
        Workspace(root).framework / "framework.xlsx",
        areas=AREAS, partners=PARTNERS, themes=THEMES, calendar=CALENDAR, parent_targets=[WORDED],
        targets=[MEASURED], expected_returns=[EXPECTED],
    )  # fmt: skip
    return root


def test_a_framework_filled_in_has_nothing_against_it(newcomer: Path) -> None:
    said = lsp("check", Workspace(newcomer).framework / "framework.xlsx", "--root", newcomer)
    assert (said.code, said.out) == (0, "The framework can be used, and nothing is asked about it.\n")
    assert not list(Workspace(newcomer).framework.glob("*_reply*"))


def fill_and_send(root: Path) -> Path:
    """The template of the one partner, made, filled in for T1 and put with what came back; where it was made."""
    workspace = Workspace(root)
    assert lsp("templates", QUARTER, "--root", root).code == 0
    template = workspace.root / "data" / "templates" / QUARTER / "pct.xlsx"
    book = load_workbook(template)
    (line,) = (row for row in book["Target progress"].iter_rows() if row[0].value == "T1")
    headings = next(row for row in book["Target progress"].iter_rows() if row[0].value == "Target ref")
    for heading, cell in zip(headings, line, strict=True):
        if heading.value in ("Period", "Value"):
            cell.value = {"Period": "2030", "Value": 13.1}[heading.value]
    returned = workspace.raw / QUARTER
    returned.mkdir()
    book.save(returned / "back.xlsx")
    return template


def test_from_init_to_the_first_pack(newcomer: Path) -> None:
    """Proxies, a fund and a plan are left blank: a partnership need not have them."""
    workspace = Workspace(newcomer)
    book = load_workbook(fill_and_send(newcomer))
    prompts = [str(check.prompt) for sheet in book for check in sheet.data_validations.dataValidation]
    assert any("For example: T1." in prompt for prompt in prompts)
    assert not [prompt for prompt in prompts if SAMPLES.search(prompt)]
    ended = run(workspace)
    assert (ended.said.code, ended.said.err) == (0, "")
    assert workspace.pack_file(QUARTER).exists()
    assert ended.select(
        "select target_id, latest_value from marts.floor_targets where quarter = ?", QUARTER
    ) == [("T1", 13.1)]
    assert ended.select("select rule from marts.findings where consequence <> 'note'") == []
    # sheets that we put into its workbook, 'Start' and the hidden 'Lists', are nothing to be told of
    assert ended.select("select because from marts.findings where file_name = 'framework.xlsx'") == []


def test_faults_of_earlier_versions_of_the_framework_are_history(tmp_path: Path) -> None:
    root = tmp_path / "northmoor"
    workspace = Workspace(root)
    lsp("init", root)
    path = workspace.framework / "framework.xlsx"
    sheets = {
        "areas": AREAS, "partners": PARTNERS, "themes": THEMES, "calendar": CALENDAR, "parent_targets": [WORDED],
        "targets": [MEASURED],
    }  # fmt: skip
    # an unknown partner, and the beginning of a waiver, a sheet that the mended version has nothing on
    faulty = {
        "waivers": [{"Waiver ref": "W1"}],
        "expected_returns": [EXPECTED, EXPECTED | {"Partner ref": "nobody"}],
    }
    fill_in(path, **sheets, **faulty)
    wrong = "select is_open, settled_by, settled from marts.findings where file_name = 'framework.xlsx'"
    first = run(workspace)
    assert first.said.code == 1  # no return has come in
    assert {is_open for is_open, *_ in first.select(wrong)} == {True}
    told = lsp("check", path, "--root", root)
    first_line, *lines = told.out.splitlines()
    assert (told.code, first_line) == (3, "The framework can be used, without what is refused of it:")
    assert [line for line in lines if line.startswith("  Refused: ") and "Waivers" in line]
    assert "nobody" in told.out
    path.write_bytes(draw(contracts()))
    fill_in(path, **sheets, expected_returns=[EXPECTED])
    nothing = (0, "The framework can be used, and nothing is asked about it.\n")
    said_before = lsp("check", path, "--root", root)
    assert (said_before.code, said_before.out) == nothing
    fill_and_send(root)
    ended = run(workspace)
    assert (ended.said.code, "framework.xlsx" in ended.said.out) == (0, False)
    said_after = lsp("check", path, "--root", root)
    assert (said_after.code, said_after.out) == nothing
    now = ended.select(wrong)
    assert {(is_open, by) for is_open, by, _ in now} == {(False, "later submission")}
    assert all(re.fullmatch(r"'framework.xlsx' of .* took its place\.", how) for *_, how in now)
    quality = load_workbook(workspace.pack_file(QUARTER))["Quality"]
    assert "framework.xlsx" not in [cell.value for row in quality.iter_rows() for cell in row]


def test_of_an_unopened_version_of_the_framework_nothing_is_said_once_it_was_saved_well(
    tmp_path: Path,
) -> None:
    root = tmp_path / "northmoor"
    lsp("init", root)
    path = Workspace(root).framework / "framework.xlsx"
    whole = path.read_bytes()
    path.write_bytes(whole[:2000])
    assert "framework.xlsx" in run(Workspace(root)).said.err
    path.write_bytes(whole)
    fill_in(
        path, areas=AREAS, partners=PARTNERS, themes=THEMES, calendar=CALENDAR, parent_targets=[WORDED],
        targets=[MEASURED], expected_returns=[EXPECTED],
    )  # fmt: skip
    assert (
        lsp("check", path, "--root", root).out
        == "The framework can be used, and nothing is asked about it.\n"
    )
