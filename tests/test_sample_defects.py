"""The sample's returns: which came and when, what adds up, and the faults planted in them."""

import re
from datetime import datetime
from typing import Any

import pytest
from sample_files import RAW, RETURNS, SAMPLE, entity, rows, workbook

DEFECTS = rows(SAMPLE / "defects.csv")


def typed(cell: Any) -> str:
    """What a cell shows, near enough: 0.536 formatted as a percentage is 53.6%."""
    return f"{cell.value * 100:g}%" if "%" in cell.number_format else str(cell.value)


def test_spend_adds_up_except_where_a_defect_is_planted() -> None:
    planted = {
        (row["quarter"], row["partner"]) for row in DEFECTS if row["defect"] in ("refused row", "queried row")
    }

    def pounds(text: str) -> int:
        return 1_200_000 if text == "£1.2m" else int(text.strip("'").replace(",", "") or 0)

    for row in rows(SAMPLE / "returns" / "nrf_spend.csv"):
        money = {
            key: pounds(text)
            for key, text in row.items()
            if re.match("alloc|carry|vire|revis|prof|act|fore", key)
        }
        assert money["allocation"] + money["carry_in"] + money["virement"] == money["revised_allocation"]
        assert sum(money[f"actual_q{n}"] for n in range(1, 5)) == money["actual_to_date"]
        assert sum(money[f"profile_q{n}"] for n in range(1, 5)) == money["revised_allocation"]
        assert (
            money["forecast_outturn"] >= money["actual_to_date"]
            or (row["quarter"], row["partner"]) in planted
        )
        if money["actual_to_date"] > money["revised_allocation"]:
            assert (row["quarter"], row["partner"]) in planted


def test_every_expected_return_came_except_those_planted_as_missing() -> None:
    came = {
        (row["quarter"], row["partner"], name)
        for row in rows(SAMPLE / "returns" / "files.csv")
        for name in row["returns"].split(";")
    }
    quarters = sorted({quarter for quarter, _, _ in came})
    expected = {
        (quarter, row["partner_id"], row["return_name"])
        for row in entity("expected_returns")
        for quarter in quarters
        if row["from_quarter"] <= quarter
    }
    planted = {(d["quarter"], d["partner"], d["return"]) for d in DEFECTS if d["defect"] == "missing return"}
    assert expected - came == planted
    assert came - expected == set()


def test_late_files_are_those_planted_as_late() -> None:
    due = {row["quarter"]: row["due_on"].date() for row in entity("calendar")}
    late = {
        (line["folder"], line["original_name"])
        for line in RETURNS
        if datetime.fromisoformat(line["first_seen"]).date() > due[line["folder"]]
    }
    assert late == {(d["quarter"], d["file"]) for d in DEFECTS if d["defect"] == "late return"}


@pytest.mark.parametrize(
    "defect",
    [row for row in DEFECTS if row["cell"]],
    ids=lambda row: f"{row['defect']}, {row['file']} {row['sheet']} {row['cell']}",
)
def test_a_planted_defect_is_in_its_cell(defect: dict[str, str]) -> None:
    sheet = workbook(RAW / defect["quarter"] / defect["file"])[defect["sheet"]]
    first, _, last = defect["cell"].partition(":")
    cell = sheet[first]
    assert typed(cell) == defect["typed"]
    if last:
        assert defect["cell"] in {str(merged) for merged in sheet.merged_cells.ranges}
    if defect["defect"] in ("number as text", "money in millions", "missing marker", "provisional figure"):
        assert isinstance(cell.value, str)
    if defect["defect"].startswith("percentage"):
        assert isinstance(cell.value, float)
    assert sheet.sheet_state == ("hidden" if defect["defect"] == "hidden sheet" else "visible")


def test_every_kind_of_defect_is_planted() -> None:
    assert {row["defect"] for row in DEFECTS} >= {
        *("title above the table", "table not in A1", "merged theme cells", "totals row"),
        *("footnote under the table", "number as text", "money in millions", "missing marker"),
        *("provisional figure", "percentage as a fraction", "percentage as a whole number", "period label"),
        *("renamed heading", "reordered heading", "resubmission", "late return", "nil return"),
        *("missing return", "refused row", "queried row", "sheet without a table", "hidden sheet"),
    }
    assert {row["typed"] for row in DEFECTS if row["defect"] == "missing marker"} == {"n/a", ".."}
