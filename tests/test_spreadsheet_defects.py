"""Sixty-one things that are wrong with the spreadsheets people send, one test each, through the real line.

Every test writes a workbook with that defect, opens it in the reader's own process, recognises, tidies and judges
it, and says what comes of it: the value, the finding or the refusal. The numbers are those of the list of
defects that was collected from real returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from grids import CONTEXT, contract, contracts, receipt, sample_framework
from ole_files import container, number, old_workbook, text
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.cells import Unreadable
from pipelines.contract import RATING_SCALE, Column, Contract
from pipelines.findings import NOTE, QUERY, REFUSE, Finding
from pipelines.framework.references import Reference, References, refer
from pipelines.judge.intake import judge_returns
from pipelines.judge.judged import Judged
from pipelines.submission.opening import Opened
from pipelines.workbook.reader import Reader

TARGETS = contract(
    Column("target_id", "Target ref", "text"), Column("title", "Measure", "text"), schema="framework"
)
AREAS = contract(
    Column("area_id", "Area ref", "text"), Column("name", "Area name", "text"), schema="framework"
)
YEAR, SCHOOL_YEAR = {"baseline_period_start": date(1998, 4, 1)}, {"baseline_period_start": date(1997, 9, 1)}
REFERENCES: References = {
    "framework.partners": Reference("Partners", ids={"pct": "pct"}),
    "framework.calendar": Reference("Calendar", facts={"2004-05-Q1": {}, "2004-05-Q2": {}}),
    "framework.targets": refer(
        TARGETS,
        [
            {"target_id": "rate", "title": "Conception rate", "unit": "per 1,000 women"} | YEAR,
            {"target_id": "suicide", "title": "Suicide", "unit": "per 100,000"} | YEAR,
            {"target_id": "burglary", "title": "Burglary", "unit": "per 1,000 households"} | YEAR,
            {"target_id": "passes", "title": "Good passes", "unit": "%"} | SCHOOL_YEAR,
            {"target_id": "wait", "title": "Wait", "unit": "days"} | YEAR,
        ],
    ),
    "framework.areas": refer(
        AREAS,
        [
            {"area_id": "salford", "name": "Salford", "code": "E08000006", "also_known_as": "00BR; 355"},
            {"area_id": "weaste", "name": "Weaste and Seedley"},
            {"area_id": "ordsall", "name": "Ordsall"},
            {"area_id": "rct", "name": "Rhondda, Cynon, Taf"},
            {"area_id": "england_wales", "name": "England and Wales"},
        ],
    ),
    RATING_SCALE: Reference(
        "Rating scale",
        facts={
            "G": {"fill": "1B7F5C"},
            "AG": {"fill": "CDE8B5"},
            "AR": {"fill": "F5A742"},
            "R": {"fill": "7B1113"},
        },
    ),
}
PROGRESS = contract(
    Column("target", "Target ref", "text", required=True, refers_to="framework.targets"),
    Column("area", "Area", "text", refers_to="framework.areas"),
    Column("period", "Period", "period", unit_of="target", required=True),
    Column("value", "Value", "measure", unit_of="target", required=True),
    Column("count", "Number", "count"),
    Column("day", "Published on", "date"),
    Column("rating", "Rating", "rating"),
    Column("reason", "Reason", "choice", choices=("Cost escalation", "Delay", "Weather")),
    key=["target", "area", "period"],
    name="progress",
    title="Progress",
    nil_allowed=True,
)
SPEND = contract(
    Column("theme", "Theme", "text", fill_down=True),
    Column("project", "Project ref", "text", required=True),
    Column("period", "Quarter", "period", required=True),
    Column("spend", "Spend (£)", "money", required=True, unit="GBP"),
    Column("note", "Note", "text"),
    key=["project", "period"],
    name="spend",
    title="Spend",
)
TOP = ["Partner:", "PCT", "Quarter:", "Q1 2004/05"]


@dataclass
class Outcome:
    """What came of one file: its rows by column, its findings by cell, and what each cell became."""

    judged: Judged
    rows: list[Mapping[str, Any]] = field(default_factory=list)

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    def found(self, cell: str | None = None, rule: str | None = None) -> list[Finding]:
        return [
            finding
            for finding in self.judged.findings
            if (cell is None or finding.cell == cell) and (rule is None or finding.rule == rule)
        ]

    def sentence(self, cell: str) -> str:
        """The only finding at a cell, in its sender's words."""
        (finding,) = self.found(cell)
        return finding.because

    def consequences(self) -> set[str]:
        return {finding.consequence for finding in self.judged.findings}

    def outside(self, reason: str) -> set[str]:
        """The cells that were declared outside a table for this reason."""
        places = (place for file in self.judged.files for place, why in file.outside.items() if why == reason)
        return {address_of(row, column) for _, row, column in places}


def address_of(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"


Fill = Callable[[Workbook, Worksheet], None]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@dataclass
class Line:
    """The line from a file to its rows, with a framework of a test's own or with the sample's."""

    reader: Reader
    folder: Path
    files: int = 0

    def open(self, content: Workbook | bytes, name: str = "return.xlsx", **of_receipt: Any) -> Opened:
        self.files += 1
        path = self.folder / f"{self.files}"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content.save(path)
        its = receipt(self.files, original_name=name, **of_receipt)
        try:
            return Opened(its, self.reader.read(path, name))
        except Unreadable as refusal:
            return Opened(its, None, str(refusal))

    def judge(self, *files: Opened, of: Sequence[Contract] = (PROGRESS, SPEND)) -> Outcome:
        judged = Judged({one.full_name: one for one in of}, references=dict(REFERENCES))
        return outcome(judge_returns(judged, list(files), CONTEXT))

    def judge_by_sample(self, *files: Opened) -> Outcome:
        judged = sample_framework()
        judged.findings.clear()
        judged.files.clear()
        return outcome(judge_returns(judged, list(files), CONTEXT))

    def sample(self, name: str, *files: Mapping[str, Any], partner: str = "PCT") -> Outcome:
        """The sample's own return of this name, judged by its framework: a file for each of `files`, in order.

        Each is one row by column, with the quarter that it is sent for under `quarter` if that is not the usual one.
        """
        columns = contracts()[f"staging.{name}"].columns
        opened = []
        for row in files:
            named = [column for column in columns if column.name in row]
            quarter = row.get("quarter", "Q1 2004/05")
            book, _ = drawn(
                [
                    ["Partner:", partner],
                    ["Quarter:", quarter],
                    [],
                    [column.header for column in named],
                    [row[column.name] for column in named],
                ]
            )
            opened.append(self.open(book, folder="inbox"))
        return self.judge_by_sample(*opened)

    def progress(self, *rows: Mapping[str, Any], make: Fill | None = None, **headings: str) -> Outcome:
        """A progress return in Excel: the labels in row 1, the headings in row 2, each row's cells from row 3."""
        return self.judge(
            self.open(
                table_of(PROGRESS, {"target": "rate", "period": "2002", "value": 1}, rows, make, headings)
            )
        )

    def spend(self, *rows: Mapping[str, Any], make: Fill | None = None, **headings: str) -> Outcome:
        """The same for a return of money."""
        return self.judge(
            self.open(
                table_of(SPEND, {"project": "A1", "period": "Q1 2004/05", "spend": 1}, rows, make, headings)
            )
        )


def outcome(judged: Judged) -> Outcome:
    rows = [
        row
        for name, frame in judged.frames.items()
        if not name.startswith("framework.")
        for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]
    return Outcome(judged, rows)


def table_of(
    of: Contract,
    usual: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    make: Fill | None,
    headings: Mapping[str, str],
) -> Workbook:
    """A workbook with the labels, the contract's headings (or others) and rows that are usual but for what is said."""
    book, sheet = drawn([TOP, [headings.get(column.name, column.header) for column in of.columns]])
    for line_no, row in enumerate(rows):
        own = dict(usual)
        if "target" in usual and len(rows) > 1:
            own["area"] = ["salford", "weaste", "ordsall", "rct", "england_wales"][line_no % 5]
        if "project" in usual:
            own["project"] = f"A{line_no + 1}"
        put(sheet, line_no + 3, [(own | row).get(column.name) for column in of.columns])
    if make:
        make(book, sheet)
    return book


def drawn(rows: Sequence[Sequence[Any]], name: str = "Data") -> tuple[Workbook, Worksheet]:
    """A workbook of one sheet as drawn, from A1."""
    book = Workbook()
    (sheet,) = book.worksheets
    sheet.title = name
    for line_no, row in enumerate(rows, start=1):
        put(sheet, line_no, row)
    return book, sheet


def put(sheet: Worksheet, line_no: int, row: Sequence[Any]) -> None:
    for place, value in enumerate(row, start=1):
        if value is None:
            continue
        cell = sheet.cell(line_no, place, value)
        if isinstance(value, str) and not value.startswith("=FORMULA"):
            cell.data_type = "s"  # what a partner typed stays a text


@pytest.fixture
def line(reader: Reader, tmp_path: Path) -> Line:
    return Line(reader, tmp_path)


# Shapes


def test_01_merged_header_cells(line: Line) -> None:
    book, sheet = drawn(
        [
            TOP,
            ["Project ref", "2004/05", None, None, None],
            [None, "Q1", "Q2", "Q3", "Q4"],
            ["A1", 10, 20, 30, 40],
        ]
    )
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:E2")
    found = line.judge(line.open(book))
    assert found.column("period_label") == [
        "Apr to Jun 2004", "Jul to Sep 2004", "Oct to Dec 2004", "Jan to Mar 2005",
    ]  # fmt: skip
    assert found.column("spend") == [10, 20, 30, 40]


def test_02_three_row_headers(line: Line) -> None:
    book, sheet = drawn(
        [
            TOP,
            ["Project ref", "Financial Year 2004/05", None, "Financial Year 2005/06", None],
            [None, "Q1", "Q2", "Q1", "Q2"],
            [None, "Actual", "Forecast", "Forecast", "Forecast"],
            ["A1", 10, 20, 30, 40],
        ]
    )
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:E2")
    found = line.judge(line.open(book))
    assert [(row["period_label"], row["spend"], row["spend_status"]) for row in found.rows] == [
        ("Apr to Jun 2004", 10, None),
        ("Jul to Sep 2004", 20, "f"),
        ("Apr to Jun 2005", 30, "f"),
        ("Jul to Sep 2005", 40, "f"),
    ]


def test_03_merged_theme_down_the_rows(line: Line) -> None:
    def merge(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_cells("A3:A4")

    found = line.spend({"theme": "Crime"}, {}, {"theme": None}, make=merge)
    assert found.column("theme") == ["Crime", "Crime", None]


def test_04_cumulative_passed_off_as_discrete(line: Line) -> None:
    spent = {"quarter": "Q3 2004/05", "project_id": "NRF01", "revised_allocation": 60}
    spent |= {f"profile_q{quarter}": 15 for quarter in (1, 2, 3, 4)}
    to_date = {"actual_q1": 10, "actual_q2": 25, "actual_q3": 40, "actual_to_date": 40}
    found = line.sample("nrf_spend", spent | to_date, partner="Police")
    (asked,) = found.found(rule="actuals_are_not_to_date")
    assert asked.consequence == QUERY
    assert (
        "rise like sums to date, and together come to more (£75) than was spent or allocated" in asked.because
    )
    discrete = {"actual_q1": 10, "actual_q2": 15, "actual_q3": 15, "actual_to_date": 40}
    assert not line.sample("nrf_spend", spent | discrete, partner="Police").found(
        rule="actuals_are_not_to_date"
    )


def test_05_total_column_between_the_quarters(line: Line) -> None:
    book, sheet = drawn(
        [
            TOP,
            ["Project ref", "2004/05", None, None, "2004/05", None],
            [None, "Q1", "Q2", "Total", "Q3", "Q4"],
            ["A1", 10, 20, 30, 1, 2],
            ["A2", 10, 20, 35, 1, 2],
        ]
    )
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("E2:F2")
    found = line.judge(line.open(book))
    assert found.column("spend") == [10, 20, 1, 2, 10, 20, 1, 2]
    assert {"D3", "D4", "D5"} <= found.outside("total") | found.outside("header")
    (wrong,) = found.found(rule="total_agrees")
    assert (wrong.cell, wrong.consequence) == ("D5", QUERY)


def test_06_totals_and_subtotals(line: Line) -> None:
    book, _ = drawn(
        [
            TOP,
            [column.header for column in SPEND.columns],
            ["Crime", "A1", "Q1 2004/05", 10],
            ["Crime", "A2", "Q1 2004/05", 20],
            ["Subtotal", None, None, 30],
            ["Health", "A3", "Q1 2004/05", 5],
            ["TOTALS (other funding sources)", None, None, 35],
            ["Grand total", None, None, 36],
        ]
    )
    found = line.judge(line.open(book))
    assert found.column("spend") == [10, 20, 5]
    (wrong,) = found.found()
    assert (wrong.rule, wrong.cell) == ("total_agrees", "D8")
    assert "is 36, but the rows above it add up to 35" in wrong.because


def test_07_hard_typed_total(line: Line) -> None:
    found = line.spend(
        {"spend": 2000}, {"spend": 3000}, {"theme": "Total", "project": None, "period": None, "spend": 0}
    )
    assert found.column("spend") == [2000, 3000]
    (wrong,) = found.found(rule="total_agrees")
    assert (wrong.cell, wrong.as_typed, wrong.consequence) == ("D5", "0", QUERY)


# Values


def test_08_percent_as_fraction(line: Line) -> None:
    def shown_as_percent(_: Workbook, sheet: Worksheet) -> None:
        sheet["D3"].number_format = "0%"

    passes = {"target": "passes", "period": "2002/03"}
    found = line.progress(
        passes | {"value": 0.38}, passes | {"value": "38%"}, passes | {"value": 38}, make=shown_as_percent
    )
    assert found.column("value") == [38, 38, 38]
    assert not found.found()
    unclear = line.progress(passes | {"value": 0.38})
    assert unclear.rows == []
    assert unclear.sentence("D3") == (
        "We can't tell whether 0.38 means 0.38% or 38%. Type it with the sign, for example 38%."
    )


def test_09_percent_and_percentage_points(line: Line) -> None:
    found = line.progress(
        *({"target": "passes", "value": typed} for typed in ("9 percentage points", "+9%", "9pp"))
    )
    assert found.rows == []
    assert all("reads as a change" in found.sentence(f"D{row}") for row in (3, 4, 5))


def test_10_printed_percentage_is_wrong(line: Line) -> None:
    casualties = {"target_id": "T1_ksi", "quarter": "Q4 2003/04", "period": "2002", "value": 1289}
    later = {"target_id": "T1_ksi", "period": "2003", "value": 1180, "change_pct": "-8.9%"}
    found = line.sample("floor_targets", casualties, later, partner="Road safety")
    (asked,) = found.found(rule="printed_change_is_right")
    assert asked.consequence == QUERY
    assert "is not the change on the value before it (1,289 for 2002, so -8.5%)" in asked.because
    right = line.sample("floor_targets", casualties, later | {"change_pct": "-8.5%"}, partner="Road safety")
    assert not right.found(rule="printed_change_is_right")


def test_11_truncated_and_not_rounded(line: Line) -> None:
    rate = {"target_id": "H4", "period": "2003", "numerator": 729, "denominator": 100_000}
    assert not line.sample("floor_targets", rate | {"value": 7.2}).found(rule="not_what_its_parts_give")
    (asked,) = line.sample("floor_targets", rate | {"value": 6.1}).found(rule="not_what_its_parts_give")
    assert "numerator (729) and denominator (100,000) give (7.29)" in asked.because


def test_12_money_as_text(line: Line) -> None:
    typed = ["£1.2m", "1,200k", "£ 1 200", "(3,400)", "£1.2 million", "12 thousand", "two hundred pounds"]
    found = line.spend(*({"spend": one} for one in typed))
    assert found.column("spend") == [1_200_000, 1_200_000, 1200, -3400, 1_200_000, 12_000, 200]
    assert found.column("spend__as_typed") == typed
    assert [finding.cell for finding in found.found()] == ["D9"]  # words are asked about


def test_13_pounds_and_thousands_of_pounds(line: Line) -> None:
    found = line.spend({"spend": 9308}, {"spend": "£1.2m"}, spend="Spend (£000s)")
    assert found.column("spend") == [9_308_000, 1_200_000]
    assert not found.found()
    pounds = line.spend({"spend": 9_308_000}, spend="Spend (£000s)")
    assert "we read 9308000 as 9,308,000,000. Please confirm." in pounds.sentence("D3")


def test_14_missing_markers(line: Line) -> None:
    typed = ["n/a", "N/A", "TBC", "TBE", "-", "..", "z", "Leave blank - see section B"]
    found = line.progress(
        *({"period": f"{2000 + n}", "area": "salford", "value": one} for n, one in enumerate(typed))
    )
    assert [(row["value"], row["value_status"]) for row in found.rows] == [
        *[(None, "x")] * 6, (None, "z"), (None, "x"),
    ]  # fmt: skip
    told = {finding.as_typed: finding for finding in found.found()}
    # of what we ask for nothing is said
    assert list(told) == ["TBC", "TBE", "Leave blank - see section B"]
    assert {finding.consequence for finding in told.values()} == {NOTE}
    assert told["TBC"].because == (
        "'TBC' under 'Value' was taken to say that there is nothing to give yet. "
        "If it is still to come, send it when it is known."
    )


def test_14_a_word_that_comes_again_is_told_once_with_how_often(line: Line) -> None:
    found = line.progress(*({"period": str(2000 + n), "value": "to follow"} for n in range(3)))
    (told,) = found.found()
    assert "as in 2 more of this column" in told.because


def test_15_blank_and_zero(line: Line) -> None:
    book, sheet = drawn(
        [
            TOP,
            [column.header for column in SPEND.columns],
            ["Crime", "A1", "Q1 2004/05", 0],
            ["Crime", "A2", "Q1 2004/05", None],
        ]
    )
    for row in range(5, 30):  # padding
        put(sheet, row, [None, None, None, 0])
    found = line.judge(line.open(book))
    assert [(row["project"], row["spend"]) for row in found.rows] == [("A1", 0)]
    assert "is blank" in found.sentence("D4")
    assert len(found.outside("padding")) == 25


def test_16_suppression(line: Line) -> None:
    typed = ["*", "<5", "c", "1-7", "suppressed"]
    found = line.progress(*({"count": one} for one in typed))
    assert [(row["count"], row["count_status"]) for row in found.rows] == [(None, "c")] * 5
    assert [finding.as_typed for finding in found.found()] == ["<5", "1-7", "suppressed"]
    assert {finding.consequence for finding in found.found()} == {NOTE}
    assert "there is a value that may not be shown" in found.found()[0].because


def test_17_sentinel_numbers(line: Line) -> None:
    found = line.progress({"value": -1, "count": -1})
    assert found.column("value") == [-1]
    assert found.column("count") == [None]
    assert "often stands for 'not available'" in found.sentence("D3")
    assert "a count can't be below zero" in found.sentence("E3")


def test_18_status_suffix(line: Line) -> None:
    found = line.progress(*({"value": one} for one in ("54.9(p)", "61.4(r)", "61.4 (r)", "54.9 e")))
    assert [(row["value"], row["value_status"]) for row in found.rows] == [
        (54.9, "p"), (61.4, "r"), (61.4, "r"), (54.9, "e"),
    ]  # fmt: skip
    assert not found.found()


def test_19_reliability_flag_in_the_next_column(line: Line) -> None:
    book, _ = drawn(
        [
            TOP,
            ["Target ref", "Area", "Period", "Value", None],
            ["rate", "salford", "2002", 23.6, "u"],
            ["rate", "weaste", "2002", 54.9, None],
            ["rate", "ordsall", "2002", 61.4, "r"],
        ]
    )
    found = line.judge(line.open(book))
    assert [(row["value"], row["value_status"]) for row in found.rows] == [
        (23.6, "u"),
        (54.9, None),
        (61.4, "r"),
    ]
    assert not found.found()


@pytest.mark.parametrize(
    "heading", ["Status", "Flag", "Note(s)", "Value marker", "Data quality flag", "Symbol"]
)
def test_19_a_column_of_flags_under_a_heading_that_says_so(line: Line, heading: str) -> None:
    book, _ = drawn(
        [TOP, ["Target ref", "Area", "Period", "Value", heading], ["rate", "salford", "2002", 23.6, "p"]]
    )
    found = line.judge(line.open(book))
    assert [(row["value"], row["value_status"]) for row in found.rows] == [(23.6, "p")]
    assert not found.found()


@pytest.mark.parametrize(
    ("heading", "typed"), [("Checked", "x"), ("RAG", "R"), ("RAG status", "R"), ("Band", "b")]
)
def test_19_letters_under_any_other_heading_are_no_flags(line: Line, heading: str, typed: str) -> None:
    book, _ = drawn(
        [TOP, ["Target ref", "Area", "Period", "Value", heading], ["rate", "salford", "2002", 23.6, typed]]
    )
    found = line.judge(line.open(book))
    assert [(row["value"], row["value_status"]) for row in found.rows] == [(23.6, None)]
    (asked,) = found.found()
    assert (asked.rule, asked.consequence, asked.as_typed) == ("column_known", QUERY, heading)


def test_19_a_flag_of_no_value_beside_a_value_is_asked_about(line: Line) -> None:
    book, _ = drawn(
        [TOP, ["Target ref", "Area", "Period", "Value", None], ["rate", "salford", "2002", 23.6, "x"]]
    )
    found = line.judge(line.open(book))
    assert [(row["value"], row["value_status"]) for row in found.rows] == [(23.6, None)]
    (asked,) = found.found()
    assert (asked.cell, asked.consequence) == ("E3", QUERY)  # where the mark stands
    assert "The mark 'x' beside the value says that it is not available, but there is one" in asked.because


def test_20_footnote_glued_to_a_label(line: Line) -> None:
    found = line.progress({"area": "ENGLAND AND WALES6", "period": "20175"})
    assert found.column("area") == ["england_wales"]
    assert found.column("period_label") == ["2017"]
    assert "without '6'. Please confirm." in found.sentence("B3")
    assert "taking the 5 for the number of a note" in found.sentence("C3")


def test_21_footnotes_under_the_table(line: Line) -> None:
    found = line.progress(
        {},
        {
            "target": "6 England and Wales total includes conceptions to women whose place is not known.",
            "area": None, "period": None, "value": None,
        },
        {"target": "Source: Office for National Statistics", "area": None, "period": None, "value": None},
    )  # fmt: skip
    assert found.column("value") == [1]
    assert found.outside("footnote") == {"A4", "A5"}
    assert not found.found()


def test_22_two_values_in_one_cell(line: Line) -> None:
    found = line.progress({"target": "passes", "value": "99.43%100% A"})
    assert found.rows == []
    assert "'99.43%100% A' holds more than one number" in found.sentence("D3")


def test_23_units_in_the_value(line: Line) -> None:
    wait = {"target": "wait"}
    found = line.progress(
        wait | {"value": "65 days"}, wait | {"value": "31.02days"}, wait | {"value": "2 weeks"}
    )
    assert found.column("value") == [65, 31.02]
    assert "'2 weeks' is in weeks" in found.sentence("D5")


def test_24_unit_slip(line: Line) -> None:
    suicide = {"target": "suicide"}
    found = line.progress(suicide | {"value": "11.4/100000"}, suicide | {"value": "11.4/1000000"})
    assert found.column("value") == [11.4]
    assert "has another base than per 100,000" in found.sentence("D4")


def test_25_two_versions_disagree(line: Line) -> None:
    rate = {"target_id": "H4", "period": "2002"}
    found = line.sample(
        "floor_targets", rate | {"quarter": "Q4 2003/04", "value": 52.2}, rate | {"value": 53.2}
    )
    assert found.column("value") == [52.2, 53.2]  # both are kept, each with the return it came in
    (asked,) = found.found(rule="restated_without_word")
    assert "gave another value for this period (52.2, and now 53.2), and nothing says why" in asked.because


def test_26_baseline_restated(line: Line) -> None:
    found = line.sample("floor_targets", {"target_id": "H4", "period": "1998", "value": 61.6})
    (asked,) = found.found(rule="baseline_as_in_framework")
    assert "The value for the baseline period (61.6) is not the framework's baseline (61.5)" in asked.because


def test_27_local_target_is_not_the_national_one(line: Line) -> None:
    found = line.sample(
        "floor_targets", {"target_id": "H4", "period": "2002", "value": 53.8, "target_stated": 24.6}
    )
    (asked,) = found.found(rule="stated_target_as_in_framework")
    assert asked.consequence == QUERY
    assert "The target you state (24.6) is not the framework's" in asked.because


# Time


def test_28_period_labels(line: Line) -> None:
    quarter = "Apr to Jun 2004"
    labels = ["Q1 04/05", "Apr-Jun 2004", "1st Quarter April to June 2004", "Q1 2004/05", "2004Q2", "Q1"]
    found = line.spend(*({"period": label} for label in labels))
    assert found.column("period_label") == [quarter] * 6
    assert [finding.cell for finding in found.found()] == ["C7", "C8"]
    assert "counting from January" in found.sentence("C7")
    assert "taking the year from the quarter of the return" in found.sentence("C8")
    day = line.spend({"period": "2004-06-30"}, {"period": "Q2"})
    assert day.column("period_label") == ["30 June 2004"]
    assert "If it ends a quarter or a year, type that period." in day.sentence("C3")
    assert "'Q2' doesn't say of which year" in day.sentence("C4")


def test_29_calendar_and_financial_quarters(line: Line) -> None:
    found = line.spend({"period": "2004Q2"}, {"period": "Q1 2004/05"})
    assert set(found.column("period")) == {"2004-04-01/P3M"}
    assert "If it counts from April, type both years, as in" in found.sentence("C3")


def test_30_rolling_labels(line: Line) -> None:
    labels = ["2002-04 (3YR)", "2002/04", "2002-2004", "3 yrs to 2004"]
    found = line.progress(*({"period": label} for label in labels))
    assert set(found.column("period_label")) == {"2002 to 2004"}
    assert not found.found()
    years = line.progress({"target": "passes", "value": "38%", "period": "2002/03"}, {"period": "2002/03"})
    assert years.column("period") == ["2002-09-01/P1Y", "2002-04-01/P1Y"]  # a school year and a financial one


def test_31_excel_ate_the_label(line: Line) -> None:
    def dates(_: Workbook, sheet: Worksheet) -> None:
        for cell in ("C3", "D4"):
            sheet[cell].number_format = "d-mmm"

    found = line.progress({"period": datetime(2012, 5, 4)}, {"value": datetime(2012, 7, 1)}, make=dates)
    assert found.rows == []
    assert "Excel has turned this period into the date 2012-05-04" in found.sentence("C3")
    assert "Excel makes dates of entries such as 1-7 or 3/4" in found.sentence("D4")


def test_32_dates_as_text_and_us_order(line: Line) -> None:
    days = ["13th July 04", "07/13/2004", 38181, "05/06/2004", date(2004, 7, 13)]
    found = line.progress(*({"day": day} for day in days))
    july = date(2004, 7, 13)
    assert found.column("day") == [july, july, july, date(2004, 6, 5), july]
    assert "with the month first" in found.sentence("F4")
    assert "counting days as Excel does" in found.sentence("F5")
    assert "other dates of this column have the month first" in found.sentence("F6")
    assert len(found.found()) == 3

    def count_from_1904(book: Workbook, _: Worksheet) -> None:
        book.epoch = datetime(1904, 1, 1)

    assert line.progress({"day": july}, make=count_from_1904).column("day") == [july]


# Names


def test_33_renamed_and_split_wards(line: Line) -> None:
    found = line.sample(
        "floor_targets", {"target_id": "H4", "area_id": "Blackfriars", "period": "2005", "value": 50}
    )
    assert found.rows == []
    (refusal,) = found.found(rule="area_existed")
    assert (refusal.consequence, refusal.cell) == (REFUSE, "B5")
    assert "Irwell Riverside" in refusal.because
    older = line.sample(
        "floor_targets", {"target_id": "H4", "area_id": "Blackfriars", "period": "2002", "value": 50}
    )
    assert older.column("area_id") == ["blackfriars"]


def test_34_ampersand_and_punctuation(line: Line) -> None:
    found = line.progress(
        {"area": "Weaste & Seedley"}, {"area": "Rhondda\u201a Cynon\u201a Taf"}, {"area": "\u00a0Salford "}
    )
    assert found.column("area") == ["weaste", "rct", "salford"]
    assert not found.found()


def test_35_typing_errors(line: Line) -> None:
    found = line.progress({"area": "Orsdall", "reason": "Cost Escalatiion"})
    assert found.column("area") == ["ordsall"]
    assert found.column("reason") == ["Cost escalation"]
    assert found.sentence("B3") == "We read 'Orsdall' as ordsall. Please confirm."
    assert found.sentence("H3") == "We read 'Cost Escalatiion' as 'Cost escalation'. Please confirm."
    unknown = line.progress({"area": "Ordsall Park", "target": "morality ration"})
    assert unknown.rows == []
    assert "Did you mean ordsall?" in unknown.sentence("B3")


def test_36_old_and_new_codes_mixed(line: Line) -> None:
    codes = ["00BR", "E08000006", "355", 355, "Salford"]
    found = line.progress(*({"area": code, "period": f"{2000 + n}"} for n, code in enumerate(codes)))
    assert found.column("area") == ["salford"] * 5
    assert not found.found()


def test_37_area_name_in_another_column_by_level(line: Line) -> None:
    book, sheet = drawn(
        [
            TOP,
            ["Target ref", "Area", None, None, "Year", "Value"],
            ["rate", "England and Wales", None, None, "2002", 42.8],
            ["rate", None, "Salford", None, "2002", 53.8],
            ["rate", None, None, "Ordsall", "2002", 61.2],
            ["rate", None, "Salford", "Weaste & Seedley", "2002", 50.1],
        ]
    )
    sheet.merge_cells("B2:D2")
    sheet["E2"] = "Period"
    found = line.judge(line.open(book))
    assert found.column("area") == ["england_wales", "salford", "ordsall", "weaste"]
    assert [(asked.rule, asked.cell) for asked in found.found()] == [("cell_under_heading", "C6")]


def test_38_several_tables_on_one_sheet(line: Line) -> None:
    book, _ = drawn(
        [
            ["Partner:", "PCT"],
            ["Quarter:", "Q1 2004/05"],
            [],
            ["Project ref", "A1"],
            ["Quarter", "Q1 2004/05"],
            ["Spend (£)", 100],
            [],
            ["Project ref", "A2"],
            ["Quarter", "Q1 2004/05"],
            ["Spend (£)", 200],
        ]
    )
    blocks = line.judge(line.open(book))
    assert [(row["project"], row["spend"]) for row in blocks.rows] == [("A1", 100), ("A2", 200)]
    assert not blocks.found()
    book, _ = drawn(
        [
            TOP,
            ["Project ref", "Quarter", "Spend (£)"],
            ["A1", "Q1 2004/05", 100],
            [],
            ["Target ref", "Period", "Value"],
            ["rate", "2002", 53.8],
        ]
    )
    tables = line.judge(line.open(book))
    assert len(tables.rows) == 2
    assert not tables.found()


# Clutter


def test_39_hidden_sheets(line: Line) -> None:
    def hide(book: Workbook, sheet: Worksheet) -> None:
        hidden = book.copy_worksheet(sheet)
        hidden.title = "Old"
        hidden.sheet_state = "hidden"

    found = line.progress({}, make=hide)
    assert found.column("value") == [1]
    (told,) = found.found()
    assert (told.rule, told.sheet, told.consequence) == ("hidden_sheet", "Old", NOTE)


def test_40_hidden_rows_and_columns(line: Line) -> None:
    def hide(_: Workbook, sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True

    found = line.progress({"value": 5}, {"value": 6}, make=hide)
    assert found.column("value") == [5, 6]
    (told,) = found.found()
    assert told.consequence == NOTE
    assert "row 3, column D are hidden, but were read like the others" in told.because


def test_41_example_row_left_in(line: Line) -> None:
    found = line.spend(
        {"theme": "Example of how to complete >", "project": "XX1", "spend": 999}, {"spend": 5}
    )
    assert found.column("spend") == [5]
    (told,) = found.found()
    assert (told.rule, told.consequence) == ("line_left_out", NOTE)


def test_42_placeholder_of_a_dropdown(line: Line) -> None:
    found = line.progress({"reason": "< Select >", "rating": "Please select an option"})
    assert (found.column("reason"), found.column("rating")) == ([None], [None])
    assert [finding.consequence for finding in found.found()] == [NOTE, NOTE]
    needed = line.progress({"value": "< Select >", "period": "< Select >"})
    assert needed.rows == []


def test_43_free_text_in_a_dropdown_column(line: Line) -> None:
    found = line.progress({"reason": "the builder went bust"})
    assert found.column("reason") == [None]
    assert found.column("reason__as_typed") == ["the builder went bust"]
    assert "Choose from: Cost escalation, Delay, Weather." in found.sentence("H3")


def test_44_numbers_as_text(line: Line) -> None:
    found = line.progress({"value": "'38.0"}, {"value": "38.0"}, {"value": "38,5"})
    assert found.column("value") == [38, 38, 38.5]
    assert [finding.cell for finding in found.found()] == ["D5"]
    assert "with the comma as a decimal point" in found.sentence("D5")


def test_45_formula_never_calculated(line: Line) -> None:
    def formula(_: Workbook, sheet: Worksheet) -> None:
        sheet["D3"] = "=1+1"

    found = line.progress({}, make=formula)
    assert found.rows == []
    assert "never calculated" in found.sentence("D3")


def test_46_errors_and_links_to_other_files(line: Line) -> None:
    def error(_: Workbook, sheet: Worksheet) -> None:
        sheet["D3"] = "#DIV/0!"
        sheet["D3"].data_type = "e"

    found = line.progress({}, {"value": "#REF!"}, {"value": 3}, make=error)
    assert found.column("value") == [3]
    assert "holds the error #DIV/0!" in found.sentence("D3")
    assert "the error #REF! as text" in found.sentence("D4")

    def link(book: Workbook, sheet: Worksheet) -> None:
        sheet["D3"] = "='[1]Sheet1'!A1"  # to another file, and never calculated

    linked = line.progress({}, make=link)
    assert linked.rows == []
    assert "never calculated" in linked.sentence("D3")


def test_47_repeated_header_names(line: Line) -> None:
    book, _ = drawn(
        [TOP, ["Target ref", "Period", "Value", "Value"], ["rate", "2002", 53.8, 53.9]],
    )
    found = line.judge(line.open(book))
    assert found.column("value") == [53.8]
    assert [(finding.rule, finding.cell) for finding in found.found()] == [("column_once", "D2")]


def test_48_duplicate_rows_and_projects(line: Line) -> None:
    found = line.progress({"area": "Salford"}, {"area": "Salford"}, {"area": "Ordsall"})
    assert found.column("area") == ["ordsall"]
    assert {(one.rule, one.cell, one.consequence) for one in found.found()} == {
        ("one_row_per_key", "A3", REFUSE),
        ("one_row_per_key", "A4", REFUSE),
    }
    headings = [
        "Project ref",
        "Project",
        "Revised allocation (£)",
        *(f"Profile Q{n} (£)" for n in (1, 2, 3, 4)),
    ]
    book, _ = drawn(
        [
            ["Partner:", "Police"],
            ["Quarter:", "Q1 2004/05"],
            [*headings, "Actual to date (£)"],
            ["NRF01", "Alley gates and safer homes", 400, 100, 100, 100, 100, 90],
            ["NRF02", "Alley-gates and Safer Homes", 400, 100, 100, 100, 100, 90],
        ]
    )
    twins = line.judge_by_sample(line.open(book))
    assert twins.column("project_id") == ["NRF01", "NRF02"]
    assert {asked.consequence for asked in twins.found(rule="same_name_once")} == {QUERY}


def test_48_a_project_under_another_reference_in_a_later_file_is_put_right_and_no_duplicate(
    line: Line,
) -> None:
    sent = {
        "project_name": "Alley gates", "revised_allocation": 400, "profile_q1": 100, "profile_q2": 100,
        "profile_q3": 100, "profile_q4": 100, "actual_q1": 90, "actual_to_date": 90,
    }  # fmt: skip
    found = line.sample(
        "nrf_spend", {"project_id": "NRF02"} | sent, {"project_id": "NRF01"} | sent, partner="Police"
    )
    assert found.column("project_id") == ["NRF02", "NRF01"]
    assert found.found(rule="same_name_once") == []


def test_49_columns_reordered_renamed_recased(line: Line) -> None:
    book, _ = drawn([TOP, ["VALUE", " period: ", "target  REF"], [53.8, "2002", "rate"]])
    found = line.judge(line.open(book))
    assert [(row["target"], row["period_label"], row["value"]) for row in found.rows] == [
        ("rate", "2002", 53.8)
    ]
    assert not found.found()


def test_50_colour_is_the_data(line: Line) -> None:
    def fill(_: Workbook, sheet: Worksheet) -> None:
        for cell, colour in {"G3": "E00000", "G4": "CDE8B5", "G5": "FFC000", "G6": "FF0000"}.items():
            sheet[cell].fill = PatternFill("solid", start_color=colour)

    found = line.progress({}, {}, {}, {"rating": "Green"}, make=fill)
    assert found.column("rating") == ["R", "AG", None, "G"]
    assert found.column("rating__as_typed") == [
        "[filled E00000]", "[filled CDE8B5]", "[filled FFC000]", "Green [filled FF0000]",
    ]  # fmt: skip
    assert "filled with red (E00000), which we read as Red. Please confirm." in found.sentence("G3")
    assert "which the scale divides in two" in found.sentence("G5")
    assert "The cell says 'Green' and is filled with red" in found.sentence("G6")
    words = line.progress(*({"rating": one} for one in ("A/G", "AG", "Amber-Green", "\U0001f7e2", "Amber")))
    assert words.column("rating") == ["AG", "AG", "AG", "G", None]
    assert "which the scale divides in two" in words.sentence("G7")


def test_51_change_glued_to_the_value(line: Line) -> None:
    found = line.progress(*({"value": one} for one in ("\u2191", "+3", "same", "38 \u2191")))
    assert found.column("value") == [38]
    assert all("reads as a change since last time" in found.sentence(f"D{row}") for row in (3, 4, 5))
    assert "without '\u2191'. Please confirm." in found.sentence("D6")


def test_52_range_or_approximate(line: Line) -> None:
    found = line.progress(*({"value": one} for one in ("65-70", ">95", "c. 900", "900 approx", "approx 900")))
    assert [(row["value"], row["value_status"]) for row in found.rows] == [(900, "e")] * 3
    assert all("is a range, and one figure was expected" in found.sentence(f"D{row}") for row in (3, 4))
    assert "marked as an estimate. Please confirm." in found.sentence("D5")


SPENT = {"project_id": "NRF01", "revised_allocation": 120_000} | {
    f"profile_q{n}": 30_000 for n in (1, 2, 3, 4)
}


def test_53_actual_in_a_future_quarter(line: Line) -> None:
    early = SPENT | {"actual_q1": 28_500, "actual_q2": 100, "actual_to_date": 28_600}
    found = line.sample("nrf_spend", early, partner="Police")
    assert found.rows == []
    (refusal,) = found.found(rule="no_actual_in_open_quarter")
    assert (refusal.consequence, refusal.column_name) == (REFUSE, "actual_q2")


def test_54_negative_actual(line: Line) -> None:
    reversed_ = SPENT | {"actual_q1": "(2,500)", "actual_to_date": -2500}
    found = line.sample("nrf_spend", reversed_, partner="Police")
    assert found.column("actual_q1") == [-2500]
    (asked,) = found.found(rule="negative_actual_explained")
    assert asked.consequence == QUERY
    told = line.sample("nrf_spend", reversed_ | {"commentary": "A deposit was paid back."}, partner="Police")
    assert not told.found(rule="negative_actual_explained")


def test_55_denominator_swapped(line: Line) -> None:
    burglary = {"target_id": "C1_burglary", "area_id": "Salford", "period": "2001/02", "value": 16.8}
    parts = {"numerator": 3629, "denominator": 216_000}
    found = line.sample("floor_targets", burglary | parts, partner="Police")
    (asked,) = found.found(rule="denominator_of_another_base")
    assert asked.consequence == QUERY
    said = line.progress({"target": "burglary", "value": "16.8 per 1,000 population"})
    assert "without 'per 1,000 population'. Please confirm." in said.sentence("D3")
    headed = line.progress({"target": "burglary", "value": 16.8}, value="Value (per 1,000 population)")
    assert "we took 16.8 to be per 1,000 households. Please confirm." in headed.sentence("D3")


def test_56_definition_break(line: Line) -> None:
    vehicle = {"target_id": "C1_vehicle"}
    found = line.sample(
        "floor_targets",
        vehicle | {"quarter": "Q4 2003/04", "period": "2001/02", "value": 33.5},
        vehicle | {"period": "2002/03", "value": 30.9},
        partner="Police",
    )
    (told,) = found.found(rule="series_breaks_here")
    assert told.consequence == NOTE
    assert "National Crime Recording Standard" in told.because


def test_57_resubmission(line: Line) -> None:
    first, second = (
        table_of(PROGRESS, {"target": "rate", "period": "2002", "value": value}, [{}], None, {})
        for value in (1, 2)
    )
    found = line.judge(line.open(first, "June.xlsx"), line.open(second, "June v2 FINAL (2).xlsx"))
    assert [(row["value"], row["is_current"]) for row in found.rows] == [(1, False), (2, True)]


def test_58_wrong_quarter_s_file(line: Line) -> None:
    book = table_of(PROGRESS, {"target": "rate", "period": "2002", "value": 1}, [{}], None, {})
    found = line.judge(line.open(book, "return Q2 2004-05.xlsx", folder="2004-05-Q2"))
    assert found.rows == []
    (refusal,) = (finding for finding in found.found() if finding.consequence == REFUSE)
    assert "Q1 2004/05" in refusal.because


def test_59_other_formats_and_broken_files(line: Line) -> None:
    book = table_of(PROGRESS, {"target": "rate", "period": "2002", "value": 1}, [{}], None, {})
    good = line.open(book)
    places = ((0, 0, "Target ref"), (0, 1, "Period"), (0, 2, "Value"), (1, 0, "rate"), (1, 1, "2002"))
    old_cells = b"".join(text(*place) for place in places) + number(1, 2, 53.8)
    old = line.open(old_workbook(old_cells), "old.xls", received_from="pct")
    csv = "Target ref,Period,Value\nrate,2003,54.9\n"
    pasted = line.open(csv.encode(), "pasted.csv", received_from="pct")
    found = line.judge(good, old, pasted)
    assert sorted(found.column("value")) == [1, 53.8, 54.9]

    cut = line.open(Path(line.folder / "1").read_bytes()[:3000], "cut.xlsx")
    locked = line.open(container({"EncryptionInfo": b"", "EncryptedPackage": b""}), "locked.xlsx")
    pounds = line.open("Project ref,Spend (£)\nA1,£12\n".encode("cp1252"), "pounds.csv")
    assert [file.book for file in (cut, locked, pounds)] == [None] * 3
    assert "the archive is broken or was not sent whole" in (cut.sentence or "")
    assert "is protected by a password" in (locked.sentence or "")
    assert "tell us in which encoding you save" in (pounds.sentence or "")
    assert len(line.judge(good, cut, locked, pounds).found(rule="file_readable")) == 3


def test_60_commentary_contradicts_the_figures(line: Line) -> None:
    behind = SPENT | {"actual_q1": 16_500, "actual_to_date": 16_500, "commentary": "Spend is on track."}
    found = line.sample("nrf_spend", behind, partner="Police")
    (asked,) = found.found(rule="comment_fits_figures")
    assert (asked.consequence, asked.column_name) == (QUERY, "commentary")
    assert "-45%" in asked.because


def test_61_personal_data_in_comments(line: Line) -> None:
    named = SPENT | {"actual_q1": 30_000, "actual_to_date": 30_000}
    comment = "Mr Jones of 12 Acacia Avenue, Salford M6 5XX, was told."
    found = line.sample("nrf_spend", named | {"commentary": comment}, partner="Police")
    (asked,) = found.found(rule="commentary_without_personal_data")
    assert asked.consequence == QUERY
    shown = [*found.column("commentary"), asked.because, asked.as_typed]
    assert not any("Jones" in str(text) or "Acacia" in str(text) for text in shown)


def test_62_figures_struck_through(line: Line) -> None:
    def strike(_: Workbook, sheet: Worksheet) -> None:
        for place in ("C4", "D4", "D2"):  # a heading that is struck through says nothing of the figures
            sheet[place].font = Font(strike=True)

    found = line.progress({"value": 310}, {"value": 290}, make=strike)
    assert found.column("value") == [310, 290]
    (asked,) = found.found()
    assert (asked.consequence, asked.cell, asked.as_typed) == (QUERY, "D4", "290")
    assert asked.because == (
        "'290' is struck through (so is what stands in C4), but was read like the others. "
        "Delete it if it no longer counts; if it does, take the line off."
    )
    assert [row["is_queried"] for row in found.rows] == [False, True]
