"""Real returns that nobody here wrote, read by layouts that were taught as data, with no code for any of them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from grids import contract, judge, opened, receipt, sheet

from pipelines.cells import Book, CellError, Sheet
from pipelines.contract import Column, Contract
from pipelines.findings import REFUSE
from pipelines.framework.references import Reference, References
from pipelines.framework.taught import Layout, layouts_of
from pipelines.judge.judged import Judged
from pipelines.submission import FileRead
from pipelines.submission.file import read_file
from pipelines.workbook import open_book

REAL = Path(__file__).parent.parent.parent / "shared" / "real" / "returns"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real returns are not there ({REAL})")
TOWNS = REAL / "communitiesuk__funding-service-design-post-award-data-store"
REFERENCES: References = {
    "framework.partners": Reference("Partners", ids={"a council": "council"}),
    "framework.calendar": Reference("Calendar", facts={"2022-23-Q4": {}}),
}
Taught = Sequence[tuple[str, ...]]  # heading, place, means; for always also what it says


def grid(path: Path) -> Sheet:
    """A text file as a sheet."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return sheet(
            [[value if value.strip() else None for value in line] for line in csv.reader(lines)], path.stem
        )


def taught(of: Contract, columns: Taught, **more: Any) -> Layout:
    """A layout as the framework's two sheets would have it."""
    empty = {
        "partner_id": "council",
        "sheet": None,
        "header_lines": 1,
        "block": None,
        "starts_at": None,
        "ends_at": None,
    }
    row = {"layout_id": of.name, "return_name": of.name, "shape": "table"} | empty | more
    names = ("heading", "place", "means", "says")
    rows = [
        {"layout_id": row["layout_id"], "unit": None, "says": None} | dict(zip(names, column, strict=False))
        for column in columns
    ]
    (layout,) = layouts_of([row], rows, {of.name: of})
    return layout


def read(book: Iterable[Sheet], *layouts: Layout) -> FileRead:
    came = receipt(folder="2022-23-Q4", received_from="a council")
    return read_file(
        came,
        Book(tuple(book)),
        {layout.contract.name: layout.contract for layout in layouts}.values(),
        REFERENCES,
        layouts,
    )


def rows(file: FileRead) -> list[Mapping[str, Any]]:
    return [row for s in file.submissions.values() for row in s.tidied.rows]


def expected(name: str) -> list[dict[str, str]]:
    with (TOWNS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def every_cell_has_its_place(file: FileRead) -> bool:
    """Loaded or declared outside, and never both."""
    loaded = {(link.sheet, link.cell) for s in file.submissions.values() for link in s.tidied.links}
    outside = {
        (name, s.cells[row, column].address)
        for s in file.book.sheets
        for (name, row, column) in file.outside
        if name == s.name
    }
    every = {(s.name, cell.address) for s in file.book.sheets for cell in s.cells.values()}
    return loaded | outside == every and not loaded & outside


FUNDING = contract(
    Column("project", "Project", "text", required=True),
    Column("source_name", "Source", "text"),
    Column("source_type", "Kind of source", "text", required=True),
    Column("secured", "Secured", "text"),
    Column("period", "Period", "text", required=True),
    Column("kind", "Actual or forecast", "text"),
    Column("amount", "Amount", "money", required=True),
    name="funding",
    key=["project", "source_name", "source_type", "secured", "period"],
)
HALF_YEARS: Taught = [
    ("Financial Year * / Total", "under", "left out"),
    ("Financial Year * / H# (*) / *", "across", "period / period / kind"),
    ("Grand Total", "under", "left out"),
    ("*", "cells", "amount"),
]
TOWNS_FUND = taught(
    FUNDING,
    [
        ("Project #: …", "block", "project"),
        ("Note: this table should only include*", "under", "source_type"),
        ("Before 2020/21", "under", "left out"),
        ("Beyond 25/26", "under", "left out"),
        *HALF_YEARS,
    ],
    layout_id="funding_towns_fund",
    shape="crosstab",
    header_lines=3,
    block="Project #: …",
    ends_at="Other Funding Sources*",
)
OTHER_SOURCES = taught(
    FUNDING,
    [
        ("Project #: …", "block", "project"),
        ("Funding Source Name*", "under", "source_name"),
        ("Funding Source (Use Dropdown)", "under", "source_type"),
        ("Has this funding source been secured?*", "under", "secured"),
        ("Before 2020/21", "across", "period"),
        ("Beyond 25/26", "across", "period"),
        *HALF_YEARS,
    ],
    layout_id="funding_other_sources",
    shape="crosstab",
    header_lines=3,
    block="Project #: …",
    ends_at="Comments",
)
PERIODS = {"": "Before 2020/21", "01/04/2026": "Beyond 25/26"}


def half_year(start: str) -> str:
    """The heading over a half year that begins on this day."""
    if start in PERIODS:
        return PERIODS[start]
    month, year = int(start[3:5]), int(start[6:])
    return f"{year}/{year % 100 + 1:02d} H{1 if month == 4 else 2}"


def said(period: str) -> str:
    if not period.startswith("Financial Year"):
        return period
    return f"{period[15:22]} {period[period.index('H') :][:2]}"


def test_the_funding_of_every_project_is_what_its_developers_made_of_it() -> None:
    file = read([grid(TOWNS / "funding_profiles_mock.csv")], TOWNS_FUND, OTHER_SOURCES)
    assert every_cell_has_its_place(file)
    mine = sorted(
        (
            row["project"][-1],
            row["source_name"] or "Towns Fund",
            row["source_type"],
            row["secured"] or "",
            said(row["period"]),
            row["kind"] or "",
            row["amount"],
        )
        for row in rows(file)
    )
    theirs = sorted(
        (
            row["Project ID"][-1],
            row["Funding Source Name"].strip(),
            row["Funding Source Type"],
            row["Secured"],
            half_year(row["Start_Date"]),
            row["Actual/Forecast"],
            float(row["Spend for Reporting Period"]),
        )
        for row in expected("funding_data_expected.csv")
        if row["Spend for Reporting Period"]
    )
    assert mine == theirs
    assert len(theirs) == 22


OUTPUTS = contract(
    Column("project", "Project", "text", required=True),
    Column("output", "Output", "text", required=True),
    Column("unit_of_measurement", "Unit", "text"),
    Column("period", "Period", "text", required=True),
    Column("kind", "Actual or forecast", "text"),
    Column("amount", "Amount", "number", required=True),
    name="outputs",
    key=["project", "output", "period"],
)
OUTPUTS_LAYOUT = taught(
    OUTPUTS,
    [
        ("Project #: …", "block", "project"),
        ("Indicator Name", "under", "output"),
        ("Unit of Measurement", "under", "unit_of_measurement"),
        ("Financial Year * / TOTAL", "under", "left out"),
        ("Financial Year * / H# (*) / *", "across", "period / period / kind"),
        ("Beyond April 2026 / TOTAL", "across", "period / left out"),
        ("Grand Total", "under", "left out"),
        ("Additional Information*", "under", "left out"),
        ("*", "cells", "amount"),
    ],
    shape="crosstab",
    header_lines=3,
    block="Project #: …",
    ends_at="END",
)
OUTCOMES = contract(
    Column("outcome", "Outcome", "text", required=True),
    Column("unit_of_measurement", "Unit", "text"),
    Column("project", "Project", "text"),
    Column("geography", "Geography", "text"),
    Column("frequency", "More often", "text"),
    Column("period", "Period", "text", required=True),
    Column("kind", "Actual or forecast", "text"),
    Column("amount", "Amount", "number", required=True),
    name="outcomes",
    key=["project", "outcome", "period"],
)
OUTCOMES_LAYOUT = taught(
    OUTCOMES,
    [
        ("Indicator Name", "under", "outcome"),
        ("Unit of Measurement", "under", "unit_of_measurement"),
        ("Relevant project(s)", "under", "project"),
        ("Geography indicator refers to", "under", "geography"),
        ("Financial Year * / *", "across", "period / kind"),
        ("Please specify if you are able*", "under", "frequency"),
        ("*", "cells", "amount"),
    ],
    shape="crosstab",
    header_lines=2,
    starts_at="SECTION B*",
    ends_at="SECTION C*",
)


FOOTFALL_LAYOUT = taught(
    OUTCOMES,
    [
        ("the outcome", "always", "outcome", "Year on Year monthly % change in footfall"),
        ("its unit", "always", "unit_of_measurement", "Year-on-year % change in monthly footfall"),
        ("Relevant project(s)", "beneath", "project"),
        ("Geography of indicator*", "beneath", "geography"),
        ("Financial Year * / * / *", "across", "left out / period / kind"),
        ("Indicator Name", "under", "left out"),
        ("Unit of Measurement", "under", "left out"),
        ("Relevant project(s)", "under", "left out"),
        ("Geography of indicator*", "under", "left out"),
        ("For additional footfall tables*", "under", "left out"),
        ("*", "cells", "amount"),
    ],
    layout_id="footfall",
    shape="crosstab",
    header_lines=3,
    starts_at="SECTION C*",
    block="Indicator Name",
    ends_at="END",
)


def test_the_outputs_of_every_project() -> None:
    file = read([grid(TOWNS / "outputs_mock.csv")], OUTPUTS_LAYOUT)
    assert every_cell_has_its_place(file)
    mine = sorted(
        (r["project"][-1], r["output"], r["unit_of_measurement"], r["kind"] or "", r["amount"])
        for r in rows(file)
    )
    theirs = sorted(
        (r["Project ID"][-1], r["Output"], r["Unit of Measurement"], r["Actual/Forecast"], float(r["Amount"]))
        for r in expected("outputs_data_expected.csv")
        if r["Amount"]
    )
    assert mine == theirs
    assert len(theirs) > 10


def test_the_outcomes() -> None:
    file = read([grid(TOWNS / "outcomes_mock.csv")], OUTCOMES_LAYOUT, FOOTFALL_LAYOUT)
    assert every_cell_has_its_place(file)
    mine = sorted(
        (r["outcome"], r["unit_of_measurement"], r["geography"], r["frequency"] or "", r["kind"], r["amount"])
        for r in rows(file)
    )
    theirs = sorted(
        (
            r["Outcome"],
            r["UnitofMeasurement"],
            r["GeographyIndicator"],
            r["Higher Frequency"],
            r["Actual/Forecast"],
            float(r["Amount"]),
        )
        for r in expected("outcomes_data_expected.csv")
        if r["Amount"]
    )
    assert mine == theirs


RISKS = contract(
    Column("project", "Project", "text"),
    Column("risk", "Risk", "text", required=True),
    *(
        Column(name, name.replace("_", " "), "text")
        for name in (
            *("category", "short_description", "full_description", "consequences", "impact_before"),
            *("likelihood_before", "mitigations", "impact_after", "likelihood_after", "proximity", "owner"),
        )
    ),
    name="risks",
    key=["project", "risk"],
)
RISK_HEADINGS: Taught = [
    ("No.", "under", "left out"),
    ("Risk Name", "under", "risk"),
    ("Risk Category", "under", "category"),
    ("Short description of the Risk", "under", "short_description"),
    ("Full Description", "under", "full_description"),
    ("Consequences", "under", "consequences"),
    ("Pre-mitigated Impact", "under", "impact_before"),
    ("Pre-mitigated Likelihood", "under", "likelihood_before"),
    ("Pre-mitigated Raw Total Score", "under", "left out"),
    ("Mitigations", "under", "mitigations"),
    ("Post-mitigated Impact", "under", "impact_after"),
    ("Post-mitigated Likelihood", "under", "likelihood_after"),
    ("Post-mitigated Raw Total Score", "under", "left out"),
    ("Proximity", "under", "proximity"),
    ("Risk Owner/Role", "under", "owner"),
]
RISK_LAYOUTS = (
    taught(RISKS, RISK_HEADINGS, layout_id="programme", starts_at="SECTION A*", ends_at="SECTION B*"),
    taught(
        RISKS,
        [("Project #:", "block", "project"), *RISK_HEADINGS],
        layout_id="projects",
        starts_at="SECTION B*",
        ends_at="Risk Categories",
        block="Project #:",
    ),
)


def test_the_risks_of_the_programme_and_of_its_projects() -> None:
    file = read([grid(TOWNS / "risk_mock.csv")], *RISK_LAYOUTS)
    assert every_cell_has_its_place(file)
    names = [column.name for column in RISKS.columns if column.name != "project"]
    mine = sorted(
        (row["project"] or "", *(row[name] or "" for name in names)) for row in rows(file) if row["risk"]
    )
    projects = {"": "", "TD-FAK-01": "Test Project 1", "TD-FAK-02": "Test Project 2"}
    theirs = sorted(
        (projects[row["Project ID"]], *(value.strip() for value in list(row.values())[3:]))
        for row in expected("risks_expected.csv")
    )
    assert mine == theirs
    # one has no name: its row is read, and will be refused for it
    assert [row["short_description"] for row in rows(file) if not row["risk"]] == [
        "Test - no name, should not be extracted"
    ]


# Pathfinders: stacked tables between marks, single answers, totals within

RATINGS = contract(
    Column("project", "Project name", "text", required=True),
    Column("spend", "Spend rating", "text"),
    Column("delivery", "Delivery rating", "text"),
    Column("reason", "Reason", "text"),
    name="ratings",
)
RATINGS_LAYOUT = taught(
    RATINGS,
    [
        ("Project name", "under", "project"),
        ("Spend RAG rating", "under", "spend"),
        ("Delivery RAG rating", "under", "delivery"),
        ("Why have you given these ratings*", "under", "reason"),
    ],
    sheet="Progress",
    starts_at="PF-USER_PROJECT-PROGRESS-START",
    ends_at="PF-USER_PROJECT-PROGRESS-END",
)
SPEND = contract(
    Column("what", "Type of spend", "text", required=True),
    Column("period", "Period", "period", required=True),
    Column("amount", "Amount", "money", required=True),
    name="spend",
    key=["what", "period"],
)
SPEND_LAYOUT = taught(
    SPEND,
    [
        ("Type of spend", "under", "what"),
        ("Financial year * / (*) / *", "across", "period / period / kind"),
        ("Financial year * / Total", "under", "left out"),
        ("Grand total", "under", "left out"),
        ("April 2026 and after", "under", "left out"),
        ("*", "cells", "amount"),
    ],
    shape="crosstab",
    sheet="Finances",
    header_lines=3,
    ends_at="PF-USER_FORECAST-AND-ACTUAL-SPEND-END",
)
UNDERSPEND = contract(
    Column("total", "Total underspend", "money", required=True),
    Column("current", "Current underspend", "money", required=True),
    Column("plan", "Credible plan", "text", required=True),
    name="underspend",
)
UNDERSPEND_LAYOUT = taught(
    UNDERSPEND,
    [
        ("Select 'Yes' or 'No'*", "beneath", "plan"),
        ("PF-USER_TOTAL-UNDERSPEND-END", "above", "total"),
        ("PF-USER_CURRENT-UNDERSPEND-END", "above", "current"),
    ],
    shape="form",
    sheet="Finances",
    ends_at="Forecast and actual spend",
)


@pytest.mark.parametrize(
    ("name", "projects", "total"),
    [("PF_Round_1_Success.xlsx", 9, 120), ("PF_Round_1_Cross_Table_Validation_Failures.xlsx", 10, None)],
)
def test_a_pathfinders_return(name: str, projects: int, total: float | None) -> None:
    book = open_book(TOWNS / name, name)
    file = read(book.sheets, RATINGS_LAYOUT, SPEND_LAYOUT, UNDERSPEND_LAYOUT)
    assert every_cell_has_its_place(file)
    by_return = {s.contract.name: s.tidied.rows for s in file.submissions.values()}
    ratings = {row["project"][:10]: (row["spend"], row["delivery"]) for row in by_return["ratings"]}
    assert len(ratings) == projects
    assert ratings["PF-BOL-003"] == ("Amber", "Amber/Red")
    assert ratings["PF-BOL-009"] == ("Green", "Amber/Green")
    (underspend,) = by_return["underspend"]
    assert (underspend["total"], underspend["current"], underspend["plan"]) == (total, 120, "Yes")
    spend = {(row["what"][:16], row["period_label"]): row["amount"] for row in by_return["spend"]}
    assert len(by_return["spend"]) == 5 * 9  # lines 45 to 52 but for the three totals, nine quarters
    assert spend["Freedom and flex", "Jan to Mar 2024"] == 2
    assert spend["Freedom and flex", "Jul to Sep 2025"] == 6


def test_a_towns_fund_return_in_which_a_column_was_deleted_is_stopped() -> None:
    admin = contract(
        Column("project", "Project", "text", required=True),
        Column("theme", "Theme", "text", required=True),
        Column("single", "Single location", "text", required=True),
        Column("postcode", "Post code", "text"),
        name="admin",
    )
    layout = taught(
        admin,
        [
            ("Project Name", "under", "project"),
            ("Primary Intervention Theme", "under", "theme"),
            ("Does the project have a single location*", "under", "single"),
            ("Single location / Project Location - Post Code*", "under", "postcode"),
            ("* / Project Location*", "under", "left out"),
            ("* / Are you providing a GIS map*", "under", "left out"),
        ],
        sheet="2 - Project Admin",
        header_lines=2,
        starts_at="SECTION B*",
    )
    name = "TF_Round_4_Corrupt.xlsx"
    book = open_book(TOWNS / name, name)
    file = read([sheet for sheet in book.sheets if sheet.name == "2 - Project Admin"], layout)
    assert rows(file) == []
    (drifted,) = [finding for finding in file.findings if finding.rule == "return_recognised"]
    assert drifted.consequence == "refuse"
    assert "the heading 'Does the project have a single location*' is missing" in drifted.because
    sign_off = next(sheet for sheet in book.sheets if sheet.name == "8 - Review & Sign-Off")
    assert [cell.value for cell in sign_off.cells.values() if cell.address == "D22"] == [CellError("#REF!")]


# One indicator per row; a table that begins somewhere; the same return from seven councils

UPLOAD = contract(
    *(
        Column(name, heading, "text", required=True)
        for name, heading in (
            ("indicator", "IndicatorId"),
            ("year", "Year"),
            ("sex", "SexId"),
            ("area", "AreaCode"),
        )
    ),
    Column("count", "Count", "number"),
    Column("value", "Value", "number", required=True),
    Column("lower", "LowerCI95", "number"),
    Column("upper", "UpperCI95", "number"),
    Column("denominator", "Denominator", "number"),
    *(
        Column(f"{name.lower()}_no", name, "text")
        for name in ("YearRange", "Quarter", "Month", "AgeId", "ValueNoteId", "CategoryTypeId", "CategoryId")
    ),
    Column("second", "Denominator_2", "number"),
    name="upload",
    key=["indicator", "year", "sex", "area"],
)
FINGERTIPS = REAL / "ukhsa-collaboration__fingertips-open"


@pytest.mark.parametrize(
    ("name", "count"),
    [("upload-new-data.xlsx", 2), ("upload-duplicate-rows_complex_grouping.xlsx", 2819)],
)
def test_an_indicator_upload_needs_no_layout(name: str, count: int) -> None:
    book = open_book(FINGERTIPS / name, name)
    came = receipt(folder="2022-23-Q4", received_from="a council")
    file = read_file(came, Book(book.sheets), [UPLOAD], REFERENCES)
    assert every_cell_has_its_place(file)
    assert len(rows(file)) == count
    sentinels = [row["count__remark"] for row in rows(file) if row["count"] == -1]
    assert all("often stands for 'not available'" in remark for remark in sentinels)
    assert bool(sentinels) == (count == 2)


def test_columns_in_another_order() -> None:
    file = read_file(
        receipt(received_from="a council", folder="2022-23-Q4"),
        Book((grid(FINGERTIPS / "upload-new-data-columns-different-order.csv"),)),
        [UPLOAD],
        REFERENCES,
    )
    assert [(row["indicator"], row["sex"], row["value"], row["lower"]) for row in rows(file)] == [
        ("91491", "1", 35.3, 34.9),
        ("91491", "2", 23.4, 23.0),
    ]


# The same contract as its receiver holds it: no column may be blank, and what -1 says is for them to know
STRICT = replace(
    UPLOAD,
    columns=tuple(
        replace(column, type="text", required=True, aliases=(column.header.removesuffix("95"),))
        for column in UPLOAD.columns
    ),
    key=(
        *("indicator", "year", "yearrange_no", "quarter_no", "month_no", "ageid_no", "sex", "area"),
        *("categorytypeid_no", "categoryid_no"),
    ),
)


def judged(name: str) -> Judged:
    """An upload judged by the strict contract."""
    book = open_book(FINGERTIPS / name, name)
    return judge(opened(1, *book.sheets, original_name=name, received_from="pct"), of=[STRICT])


def refused(found: Judged) -> set[tuple[str, str | None]]:
    """Rule and cell of every refusal."""
    return {(finding.rule, finding.cell) for finding in found.findings if finding.consequence == REFUSE}


def test_a_good_upload_stands() -> None:
    good = judged("upload-new-data.xlsx")
    assert refused(good) == set()
    assert good.frames["staging.upload"]["value"].tolist() == ["35.3", "23.4"]


def test_an_upload_whose_columns_of_time_are_empty_is_refused_cell_by_cell() -> None:
    faulty = judged("upload-new-data-empty-time-columns.xlsx")
    assert refused(faulty) == {
        (f"{name}_no_given", f"{column}{row}")
        for name, column in (("quarter", "D"), ("month", "E"))
        for row in (2, 3)
    }
    assert len(faulty.frames["staging.upload"]) == 0


def test_an_upload_with_a_row_twice_is_refused_in_both_places() -> None:
    faulty = judged("upload-duplicate-rows.xlsx")
    assert refused(faulty) == {("one_row_per_key", "A2"), ("one_row_per_key", "A3")}


def test_of_many_rows_those_that_come_twice_are_refused_and_no_other() -> None:
    faulty = judged("upload-duplicate-rows_complex_grouping.xlsx")
    twice = refused(faulty)
    assert {rule for rule, _ in twice} == {"one_row_per_key"}
    assert (len(twice), len(faulty.frames["staging.upload"])) == (24, 2819 - 24)


def test_an_upload_without_two_of_its_columns_is_refused_and_both_are_named() -> None:
    faulty = judged("upload-new-data-missing-columns.csv")
    missing = [finding for finding in faulty.findings if finding.rule == "column_present"]
    assert [(finding.column_name, finding.consequence) for finding in missing] == [
        ("categorytypeid_no", REFUSE),
        ("categoryid_no", REFUSE),
    ]
    assert all("is missing" in finding.because for finding in missing)
    assert len(faulty.frames["staging.upload"]) == 0


# What a council must publish, as it publishes it

COUNCIL = REAL / "traffordDataLab__council_open_data"
PAYMENT = contract(
    Column("period", "Financial year", "period", required=True),
    Column("on_time", "Invoices paid on time", "percent", required=True, unit="%"),
    Column("interest_paid", "Interest paid", "money", required=True, unit="GBP"),
    Column("interest_due", "Interest that was due", "money", required=True, unit="GBP"),
    Column("late", "Invoices paid late", "count", required=True),
    name="payment",
)
PAYMENT_LAYOUT = taught(
    PAYMENT,
    [
        ("Organisation*", "under", "left out"),
        ("EffectiveDate", "under", "left out"),
        ("FinancialYear", "under", "period"),
        ("ProportionPaidOnTime", "under", "on_time"),
        ("InterestPaid", "under", "interest_paid"),
        ("LiableInterest", "under", "interest_due"),
        ("NumberNotPaidOnTime", "under", "late"),
    ],
)
FRAUD = contract(
    Column("up_to", "Year to", "date", required=True),
    Column("occasions", "Times that powers were used", "count", required=True),
    Column("staff", "Staff", "count", required=True),
    Column("staff_fte", "Staff, full-time equivalents", "number", required=True),
    Column("spent", "Spent", "money", required=True, unit="GBP"),
    Column("cases", "Cases looked into", "count", required=True),
    Column("found", "Cases of fraud", "count", required=True),
    Column("recovered", "Recovered", "money", required=True, unit="GBP"),
    name="fraud",
)
FRAUD_LAYOUT = taught(
    FRAUD,
    [
        ("EffectiveDate", "under", "up_to"),
        ("TotalOccasionsFraudPowers", "under", "occasions"),
        ("TotalFraudEmployeesCount", "under", "staff"),
        ("FTEFraudEmployeesCount", "under", "staff_fte"),
        ("FraudSpentAmount", "under", "spent"),
        ("TotalInvestigatedFraud", "under", "cases"),
        ("TotalIdentifiedFraud", "under", "found"),
        ("ValueFraudRecovered", "under", "recovered"),
        ("*", "under", "left out"),
    ],
)


def published(name: str) -> list[dict[str, str]]:
    with (COUNCIL / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_how_promptly_a_council_pays() -> None:
    name = "prompt_payment.csv"
    file = read(open_book(COUNCIL / name, name).sheets, PAYMENT_LAYOUT)
    assert every_cell_has_its_place(file)
    names = ("on_time", "interest_paid", "interest_due", "late")
    headings = ("ProportionPaidOnTime", "InterestPaid", "LiableInterest", "NumberNotPaidOnTime")
    assert [(row["period_label"], *(row[name] for name in names)) for row in rows(file)] == [
        (row["FinancialYear"], *(float(row[heading]) for heading in headings)) for row in published(name)
    ]
    assert [row["period_start"].isoformat() for row in rows(file)][:2] == ["2017-04-01", "2018-04-01"]
    assert len(rows(file)) == 8


def test_what_a_council_does_against_fraud() -> None:
    name = "trafford_counter_fraud.csv"
    file = read(open_book(COUNCIL / name, name).sheets, FRAUD_LAYOUT)
    assert every_cell_has_its_place(file)
    mine = [
        (str(row["up_to"]), row["occasions"], row["staff"], row["staff_fte"], row["spent"], row["cases"])
        for row in rows(file)
    ]
    headings = (
        *("TotalOccasionsFraudPowers", "TotalFraudEmployeesCount", "FTEFraudEmployeesCount"),
        *("FraudSpentAmount", "TotalInvestigatedFraud"),
    )
    assert mine == [
        (row["EffectiveDate"], *(float(row[heading]) for heading in headings)) for row in published(name)
    ]
    assert len(mine) == 12
    # "NA" is not available and never nought
    for row in rows(file):
        assert (row["found"], row["found_status"], row["recovered"]) == (None, "x", None)
        assert row["found__as_typed"] == "NA"


def test_a_layout_of_the_wrong_file_is_not_used() -> None:
    name = "prompt_payment.csv"
    file = read(open_book(COUNCIL / name, name).sheets, FRAUD_LAYOUT)
    assert rows(file) == []
    assert [finding.consequence for finding in file.findings] == [REFUSE]


def test_a_table_that_begins_in_column_b_with_lines_that_part_its_regions() -> None:
    obesity = contract(
        Column("code", "Area Code", "text", required=True),
        Column("area", "Area name", "text", required=True),
        Column("base", "Base", "number"),
        Column("underweight", "% Underweight", "number"),
        name="obesity",
    )
    layout = taught(
        obesity,
        [
            ("Area Code", "under", "code"),
            ("Area Name", "under", "area"),
            ("Unweighted Sample", "under", "base"),
            ("% Underweight", "under", "underweight"),
            ("*", "under", "left out"),
        ],
        sheet="Adjusted_data",
    )
    path = next((REAL / "FutureCitiesCatapult__TomboloDigitalConnector").glob("*.xlsx"))
    book = open_book(path, path.name)
    file = read([sheet for sheet in book.sheets if sheet.name == "Adjusted_data"], layout)
    assert every_cell_has_its_place(file)
    assert len(rows(file)) == 363
    (salford,) = [row for row in rows(file) if row["code"] == "E08000006"]
    assert (salford["area"], salford["base"]) == ("Salford", 1303)
    assert [
        link.cell
        for s in file.submissions.values()
        for link in s.tidied.links
        if link.row_id == salford["row_id"]
    ][:2] == ["B308", "C308"]


LIBRARIES = contract(
    Column("service", "Service", "text", required=True),
    Column("name", "Name", "text", required=True),
    *(Column(name, name.title(), "text") for name in ("address", "postcode", "type", "email", "website")),
    name="libraries",
    key=["service", "name"],
)


@pytest.mark.parametrize(
    ("council", "count"),
    [
        ("bolton", 15),
        ("bury", 14),
        ("oldham", 12),
        ("salford", 16),
        ("stockport", 15),
        ("trafford", 12),
        ("wigan", 15),
    ],
)
def test_the_same_return_from_seven_councils(council: str, count: int) -> None:
    page = grid(REAL / "traffordDataLab__open_data" / f"libraries_{council}.csv")
    file = read_file(
        receipt(received_from="a council", folder="2022-23-Q4"), Book((page,)), [LIBRARIES], REFERENCES
    )
    assert every_cell_has_its_place(file)
    assert len(rows(file)) == count
