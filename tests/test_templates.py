"""Templates: which rows they come with, and that what is typed into them comes back as it was typed.

However they were treated in between: pasted over, sorted, widened, with sheets in another order, by another program.
"""

import shutil
import subprocess
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from grids import sample_framework
from templates import (
    HEADER,
    QUARTER,
    READ,
    column,
    fill,
    fill_in,
    form,
    judge,
    opened,
    saved,
    template,
    told,
    values,
)  # fmt: skip

from pipelines.template.book import template_bytes
from pipelines.template.due import due_periods
from pipelines.template.forms import NoTemplate, forms
from pipelines.template.model import ReturnSheet


def sheet_of(name: str, **of_form: Any) -> ReturnSheet:
    return next(sheet for sheet in form(**of_form).sheets if sheet.contract.name == name)


def shown(sheet: ReturnSheet, *fields: str) -> list[tuple[object, ...]]:
    """What stands in these fields of every row that came with the template."""
    return [
        tuple(row.values[name].value if name in row.values else None for name in fields)
        for row in sheet.rows
        if not row.is_spare
    ]


# Rows and periods


def test_the_rows_are_those_that_the_framework_assigns_with_the_period_that_is_due() -> None:
    sheet = sheet_of("proxy_indicators")
    fields = ("indicator_id", "guide:unit", "period", "last:period", "last:value", "value")
    assert shown(sheet, *fields) == [
        ("P_QUIT", "people", "Jan to Mar 2004", "Oct to Dec 2003", 163, None),
        ("P_BREAST", "%", "Jan to Mar 2004", None, None, None),
        ("P_CCARD", "people", "Apr to Jun 2004", None, None, None),
        ("P_CLINIC", "visits", "Apr to Jun 2004", None, None, None),
    ]


def test_a_monthly_series_has_a_row_for_each_month() -> None:
    rows = shown(sheet_of("proxy_indicators", partner="police"), "indicator_id", "period")
    assert [period for indicator, period in rows if indicator == "P_ROBBERY"] == [
        "Apr 2004",
        "May 2004",
        "Jun 2004",
    ]


def test_a_target_has_a_row_for_the_area_it_is_compared_with() -> None:
    rows = shown(sheet_of("floor_targets"), "target_id", "area_id", "period")
    assert rows[:2] == [("H1_male", "Salford", "2000 to 2002"), ("H1_male", "England", "2000 to 2002")]
    assert ("H4", "England", "2002") in rows
    assert [row for row in rows if row[0] == "H3_cancer"] == [("H3_cancer", "Salford", "2000 to 2002")]


def test_what_was_accepted_already_is_offered_and_not_expected() -> None:
    accepted = {
        "target_id": "H4", "area_id": "salford", "period": "2002-01-01/P1Y", "period_label": "2002",
        "period_start": date(2002, 1, 1), "period_end": date(2002, 12, 31), "value": 53.8, "value_status": "p",
        "rating": "AR", "commentary": "Down.", "quarter": "2003-04-Q4",
    }  # fmt: skip
    sheet = sheet_of("floor_targets", past={"floor_targets": {"pct": [accepted]}})
    rows = shown(sheet, "target_id", "area_id", "value", "last:value", "last:rating", "rating", "commentary")
    assert ("H4", "Salford", "53.8 [p]", "53.8 [p]", "Amber/Red", None, None) in rows
    expected = {(row.key["target_id"], row.key["area_id"]): row.is_expected for row in sheet.expected}
    assert (expected["H4", "salford"], expected["H4", "england"]) == (False, True)


def test_of_a_period_that_was_sent_twice_the_value_sent_last_is_offered() -> None:
    sent = {
        "target_id": "H4", "area_id": "salford", "period": "2002-01-01/P1Y", "period_label": "2002",
        "period_start": date(2002, 1, 1), "period_end": date(2002, 12, 31),
    }  # fmt: skip
    past = [
        sent | {"value": 54.1, "value_status": "p", "quarter": "2003-04-Q3"},
        sent | {"value": 53.8, "quarter": "2003-04-Q4"},
    ]
    rows = shown(
        sheet_of("floor_targets", past={"floor_targets": {"pct": past}}),
        "target_id",
        "area_id",
        "value",
        "last:value",
    )
    assert ("H4", "Salford", 53.8, 53.8) in rows


def test_money_of_the_same_year_is_carried_on_and_that_of_the_last_is_not() -> None:
    spend = {
        "project_id": "NRF04",
        "quarter": "2003-04-Q4",
        "allocation": 210000.0,
        "actual_to_date": 205000.0,
    }
    now = dict(spend, quarter="2004-05-Q1", allocation=218000.0, actual_to_date=53000.0)
    past = {"nrf_spend": {"pct": [spend, now]}}
    fields = ("project_id", "allocation", "last:actual_to_date", "actual_to_date")
    row = shown(sheet_of("nrf_spend", quarter="2004-05-Q2", past=past), *fields)[0]
    assert row == ("NRF04", 218000, 53000, None)
    row = shown(sheet_of("nrf_spend", past={"nrf_spend": {"pct": [spend]}}), *fields)[0]
    assert row == ("NRF04", None, 205000, None)


def test_a_project_that_has_ended_and_an_action_not_begun_are_left_out() -> None:
    assert shown(sheet_of("improvement_plan", partner="lsp"), "action_id") != []
    early = sheet_of("floor_targets", partner="police", quarter="2003-04-Q1")
    assert "C3" not in {row[0] for row in shown(early, "target_id")}  # its definition holds from April 2004


def test_a_return_of_which_nothing_is_due_says_nil_until_somebody_says_otherwise() -> None:
    accepted = [
        {"target_id": row.key["target_id"], "area_id": row.key["area_id"], "period": row.key["period"],
         "period_label": "x", "period_end": date(2003, 12, 31), "value": 1.0, "quarter": "2003-04-Q4"}
        for row in sheet_of("floor_targets").expected
    ]  # fmt: skip
    sheet = sheet_of("floor_targets", past={"floor_targets": {"pct": accepted}})
    assert sheet.is_nil
    assert not sheet_of("floor_targets").is_nil


@pytest.mark.parametrize(
    ("frequency", "lag", "due"),
    [(3, 0, ["Apr to Jun 2004"]), (3, 1, ["Jan to Mar 2004"]), (1, 1, ["Mar 2004", "Apr 2004", "May 2004"]),
     (12, 0, ["2003/04"]), (0, 0, []), (None, 0, [])],
)  # fmt: skip
def test_periods_are_due_once_their_value_is_out(frequency: int | None, lag: int, due: list[str]) -> None:
    facts = {"frequency_months": frequency, "release_lag_months": lag}
    periods = due_periods(facts, date(2004, 4, 1), date(2004, 4, 22), date(2004, 7, 15))
    assert [period.label for period in periods] == due


@pytest.mark.parametrize(
    "partner", ["police", "pct", "education", "jobcentre", "housing", "environment", "road_safety"]
)
def test_every_period_that_is_written_is_read_as_the_one_that_is_expected(
    partner: str, tmp_path: Path
) -> None:
    book, expected = opened(template(partner)), 0
    for sheet in form(partner).sheets:
        if any(what.name == "period" for what in sheet.fields):
            for number, _ in enumerate(sheet.expected, start=HEADER + 1):
                fill(book[sheet.title], number, {"Value": 50})
            expected += len(sheet.expected)
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert (
        sum(len(judged.frames[f"staging.{name}"]) for name in ("floor_targets", "proxy_indicators"))
        == expected
    )
    # 50 is nobody's baseline
    assert {rule for rule, _ in told(judged)} <= {"sheet_filled_in", "baseline_as_in_framework"}


# Who is asked


def test_what_cannot_be_asked_is_told_in_a_sentence() -> None:
    with pytest.raises(NoTemplate, match=r"calendar has no 2099-00-Q1\. It has: 2003-04-Q1, "):
        form(quarter="2099-00-Q1")
    with pytest.raises(
        NoTemplate, match=r"'fire' is no partner of the framework\. The partners are: police, "
    ):
        form("fire")
    judged = sample_framework()
    with pytest.raises(NoTemplate, match="expects no return from any partner in 2004-05-Q1"):
        forms(judged.contracts, judged.references, [], QUARTER, {}, date(2004, 6, 25))


def test_a_partner_may_be_named_by_any_of_its_names() -> None:
    assert form("Salford PCT").partner == "pct"


# Bytes


def test_the_same_form_gives_the_same_bytes() -> None:
    assert template_bytes(form(), "test") == template()


def test_text_of_the_framework_is_never_a_formula() -> None:
    hostile = replace(form(), partner_name='=HYPERLINK("http://example.org")')
    sheet = openpyxl.load_workbook(BytesIO(template_bytes(hostile, "test")))["Start"]
    assert {sheet["B4"].data_type, sheet["A1"].data_type} == {"s"}


# Filled in by people


def sort_rows(book: Any) -> None:
    """As Excel sorts: values and formats move, formulas above the table stay."""
    for title in ("Proxy indicators", "NRF spend and projects"):
        sheet = book[title]
        rows = [
            [(copy(c.value), copy(c._style)) for c in row] for row in sheet.iter_rows(HEADER + 1, HEADER + 4)
        ]
        for number, row in enumerate(sorted(rows, key=lambda row: str(row[0][0] or "~")), start=HEADER + 1):
            for place, (value, style) in enumerate(row, start=1):
                cell = sheet.cell(number, place)
                cell.value, cell._style = value, style


def reorder_sheets(book: Any) -> None:
    book.move_sheet("NRF spend and projects", -4)
    book.move_sheet("Start", 3)


def rename_sheets(book: Any) -> None:
    book["Proxy indicators"].title = "Local measures"
    book["NRF spend and projects"].title = "NRF (final)"


def widen_columns(book: Any) -> None:
    for sheet in book.worksheets:
        for letter in "ABCDEF":
            sheet.column_dimensions[letter].width = 60
        sheet.row_dimensions[3].hidden = False


def insert_columns(book: Any) -> None:
    book["Proxy indicators"].insert_cols(8)
    book["Improvement Plan actions"].insert_cols(2, 2)


def paste_rows_over(book: Any) -> None:
    """Values pasted from a sheet of their own: locked cells too, numbers as text, keys in another case."""
    sheet = book["Proxy indicators"]
    for number in range(HEADER + 1, HEADER + 5):
        for place in range(1, sheet.max_column + 1):
            cell = sheet.cell(number, place)
            if isinstance(cell.value, str):
                cell.value = f"{cell.value} "
            elif isinstance(cell.value, int) and place != column(sheet, "Last time: Value"):
                cell.value = f" {cell.value}"


def leave_rows_between(book: Any) -> None:
    """A row that was cut out and pasted further down, into the spare rows."""
    sheet = book["Proxy indicators"]
    for place in range(1, sheet.max_column + 1):
        spare, row = sheet.cell(HEADER + 8, place), sheet.cell(HEADER + 2, place)
        if not str(row.value).startswith("Guide:"):
            spare.value, row.value = row.value, None


TREATMENTS: list[Callable[[Any], None]] = [
    sort_rows, reorder_sheets, rename_sheets, widen_columns, insert_columns, paste_rows_over, leave_rows_between,
]  # fmt: skip


def test_what_was_typed_is_read_and_nothing_is_asked(tmp_path: Path) -> None:
    judged = judge(saved(fill_in(opened()), tmp_path / "Return.xlsx"))
    assert (values(judged), told(judged)) == (READ, [])
    submissions = [s for file in judged.files for s in file.submissions.values()]
    assert {(s.partner, s.quarter) for s in submissions} == {("pct", QUARTER)}
    assert [s.contract.name for s in submissions if s.is_nil] == ["floor_targets"]


@pytest.mark.parametrize("treat", TREATMENTS, ids=lambda treat: treat.__name__)
def test_however_it_was_treated_it_reads_the_same(treat: Callable[[Any], None], tmp_path: Path) -> None:
    book = fill_in(opened())
    treat(book)
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert (values(judged), told(judged)) == (READ, [])


def test_a_row_of_ones_own_is_a_row(tmp_path: Path) -> None:
    book = fill_in(opened())
    own = {"Indicator ref": "P_QUIT", "Period": "Oct to Dec 2003", "Value": 165, "Commentary": "Corrected."}
    fill(book["Proxy indicators"], HEADER + 7, own)
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert values(judged)["proxy_indicators"] == sorted([*READ["proxy_indicators"], ("P_QUIT", 165.0)])
    assert told(judged) == []


def test_a_template_sent_back_untouched_brings_nothing(tmp_path: Path) -> None:
    judged = judge(saved(opened(), tmp_path / "Return.xlsx"))
    assert values(judged) == {}
    assert told(judged) == [("sheet_filled_in", "query")] * 4


def test_a_sheet_that_was_deleted_is_missed(tmp_path: Path) -> None:
    book = fill_in(opened())
    del book["NRF spend and projects"]
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert told(judged) == [("sheet_present", "query")]
    assert "'NRF spend and projects'" in judged.findings[0].because


def test_a_sheet_copied_out_of_its_template_is_read_by_headings_and_labels(tmp_path: Path) -> None:
    book = fill_in(opened())
    for name in ("_meta", "Start", "Lists", "Sign-off", "Floor target progress", "NRF spend and projects"):
        del book[name]
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert values(judged) == {name: READ[name] for name in ("proxy_indicators", "improvement_plan")}
    assert told(judged) == []


def test_without_its_identity_a_row_left_blank_is_not_passed_over(tmp_path: Path) -> None:
    book = fill_in(opened())
    sheet = book["Proxy indicators"]
    sheet.cell(HEADER + 1, column(sheet, "Value")).value = None
    sheet.cell(HEADER + 1, column(sheet, "Commentary")).value = None
    del book["_meta"]
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert ("value_given", "refuse") in told(judged)


def test_last_quarters_template_cannot_be_used_again(tmp_path: Path) -> None:
    book = fill_in(opened())
    for sheet in book.worksheets:
        for row in sheet.iter_rows(max_row=5):
            for cell in row:
                if cell.value == "Q1 2004/05 (Apr to Jun 2004)":
                    cell.value = "Q2 2004/05"
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert values(judged) == {}
    assert {rule for rule, _ in told(judged)} == {"quarter_agrees", "our_text_unchanged"}


def test_what_is_typed_over_an_offered_value_is_a_new_value(tmp_path: Path) -> None:
    accepted = {
        "target_id": "H4", "area_id": "salford", "period": "2002-01-01/P1Y", "period_label": "2002",
        "period_start": date(2002, 1, 1), "period_end": date(2002, 12, 31), "value": 53.8, "quarter": "2003-04-Q4",
    }  # fmt: skip
    made = form(past={"floor_targets": {"pct": [accepted]}})
    row = next(n for n, key in enumerate(made.sheets[0].expected) if key.key == {
        "target_id": "H4", "area_id": "salford", "period": "2002-01-01/P1Y"})  # fmt: skip
    for typed, read in (({"Value": 53.9}, [53.9]), ({"Your rating": "Red"}, [53.8]), ({}, [])):
        book = openpyxl.load_workbook(BytesIO(template_bytes(made, "test")))
        fill(book["Floor target progress"], HEADER + 1 + row, typed)
        judged = judge(saved(book, tmp_path / "Return.xlsx"))
        assert judged.frames["staging.floor_targets"]["value"].tolist() == read


def test_a_template_sent_for_somebody_else_is_refused(tmp_path: Path) -> None:
    judged = judge(saved(fill_in(opened()), tmp_path / "Return.xlsx"), received_from="police")
    assert values(judged) == {}
    assert {rule for rule, _ in told(judged)} == {"partner_agrees"}
    assert all("'pct'" in finding.because and "'police'" in finding.because for finding in judged.findings)


def test_a_sheet_of_another_partners_template_is_refused(tmp_path: Path) -> None:
    book = fill_in(opened())
    book["Proxy indicators"]["B5"] = "Jobcentre Plus"
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert ("partner_agrees", "refuse") in told(judged)
    assert "proxy_indicators" not in values(judged)
    assert values(judged)["nrf_spend"] == READ["nrf_spend"]


def test_a_provisional_return_is_noted(tmp_path: Path) -> None:
    book = fill_in(opened())
    book["Sign-off"]["B9"] = "Provisional"
    judged = judge(saved(book, tmp_path / "Return.xlsx"))
    assert (values(judged), told(judged)) == (READ, [("provisional", "note")])


# Through LibreOffice


def converted(path: Path, kind: str) -> Path:
    """The file as LibreOffice saves it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    folder = path.parent / f"as {kind}"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)],
        capture_output=True, timeout=180, check=True,
    )  # fmt: skip
    return folder / f"{path.stem}.{kind}"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_saved_by_libreoffice_it_reads_the_same(kind: str, tmp_path: Path) -> None:
    judged = judge(converted(saved(fill_in(opened()), tmp_path / "Return.xlsx"), kind))
    assert (values(judged), told(judged)) == (READ, [])


def test_its_lists_and_counters_survive_libreoffice(tmp_path: Path) -> None:
    path = tmp_path / "Return.xlsx"
    path.write_bytes(template())
    before, after = opened(), openpyxl.load_workbook(converted(path, "xlsx"), data_only=True)
    assert after.sheetnames == before.sheetnames
    for title in before.sheetnames[1:5]:
        kinds = [
            sorted(
                str(check.type) for check in sheet.data_validations.dataValidation for _ in check.sqref.ranges
            )
            for sheet in (before[title], after[title])
        ]
        assert kinds[0].count("list") == kinds[1].count("list") > 0
        assert after[title].protection.sheet
    assert after["Start"]["A16"].value == openpyxl.load_workbook(path, data_only=True)["Start"]["A16"].value


def test_the_counters_count_as_they_say(tmp_path: Path) -> None:
    book = fill_in(opened())
    book["Proxy indicators"].cell(HEADER + 1, column(book["Proxy indicators"], "Value")).value = None
    counted = openpyxl.load_workbook(converted(saved(book, tmp_path / "Return.xlsx"), "xlsx"), data_only=True)
    left = [cell.value for row in counted["Start"].iter_rows() for cell in row if "left" in str(cell.value)]
    assert "1 required cells left" in left
