"""Areas within the partnership's own: beside the whole, in the marts, in the pack and in the public edition."""

from typing import Any

import pytest
from openpyxl import load_workbook
from pack_marts import QUARTER as PACK_QUARTER
from pack_marts import marts_of, sample
from test_replies import TOP
from workspaces import QUARTER, Ran, Sent, lsp, run, workspace_of

from pipelines.measures.community_quarters import measure
from pipelines.pack import communities

HEADINGS = ["Target ref", "Area", "Period", "Value", "Numerator", "Denominator"]
# made up: two wards of a city, one of which differs from it beyond chance
ROWS = [
    ["H4", None, "2002", 53.8, 228, 4238],
    ["H4", "England", "2002", 42.8, None, None],
    ["H4", "Blackfriars", "2002", 100, 30, 300],
    ["H4", "Pendleton", "2001", 52.6, 10, 190],
    ["H4", "Pendleton", "2002", 60, 12, 200],
]


@pytest.fixture(scope="module")
def with_wards(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    sent = Sent("PCT.xlsx", {"Progress": [TOP, [], HEADINGS, *ROWS]})
    return run(workspace_of(tmp_path_factory.mktemp("wards") / "workspace", sent), QUARTER)


def test_each_area_within_stands_beside_the_whole_by_its_own_interval(with_wards: Ran) -> None:
    found = with_wards.select(
        "select area_title, period_label, value, whole_value, round(lower), round(upper), comparison "
        "from marts.communities where quarter = ? order by all",
        QUARTER,
    )
    # 30 of 300 and 12 of 200, per 1,000, by Byar
    assert found == [
        ("Blackfriars", "2002", 100.0, 53.8, 67.0, 143.0, "worse"),
        ("Pendleton", "2002", 60.0, 53.8, 31.0, 105.0, "similar"),
    ]


def test_an_area_within_is_no_other_place(with_wards: Ran) -> None:
    assert with_wards.select(
        "select area_title from marts.benchmarks where quarter = ? order by 1", QUARTER
    ) == [("England",)]


def test_the_pack_has_a_sheet_of_them_and_every_number_on_it_its_source(with_wards: Ran) -> None:
    sheet: Any = load_workbook(with_wards.pack)["Communities"]
    assert (
        sheet["A1"].value == "Communities for Apr to Jun 2004: Blackfriars worse than the whole in 1 measure"
    )
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    head = next(line for line in lines if line[0] == "Area")
    body = [dict(zip(head, line, strict=True)) for line in lines if line[0] in ("Blackfriars", "Pendleton")]
    assert [(one["Value"], one["The whole"], one["Beside the whole"]) for one in body] == [
        (100, 53.8, "Worse"),
        (60, 53.8, "Similar"),
    ]
    numbers = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
    assert len(numbers) == 8
    assert all(cell.hyperlink and cell.hyperlink.location.startswith("'Provenance'!") for cell in numbers)
    place = next(cell.coordinate for cell in numbers if cell.value == 100)
    chain = lsp("trace", f"Communities!{place}", "--quarter", QUARTER, "--root", with_wards.root).out
    assert "PCT.xlsx" in chain and "D6" in chain


def test_the_page_shows_it_too(with_wards: Ran) -> None:
    page = with_wards.workspace.web_file(QUARTER).read_text(encoding="utf-8")
    assert "Communities for Apr to Jun 2004" in page


def test_without_such_values_there_is_no_sheet_and_a_hidden_one_is_marked() -> None:
    tables = sample()
    assert communities.sheets(marts_of(tables), PACK_QUARTER) == []
    row = {
        "row_id": "x", "quarter": PACK_QUARTER, "target_id": "H4", "area_title": "Mill End", "area_kind": "ward",
        "area_depth": 1, "period_label": "2002", "value_status": "c", "whole_value": 53.8,
        "comparison_reason": "Not compared: the area's value has no interval.", "basis": "published",
        "is_queried": False,
    }  # fmt: skip
    tables["communities"]["rows"] = [row]
    (sheet,) = communities.sheets(marts_of(tables), PACK_QUARTER)
    assert sheet.title.endswith("none is worse than the whole beyond chance")
    (table,) = [block for block in sheet.blocks if hasattr(block, "rows")]
    assert (table.rows[0]["value_status"], table.rows[0]["said"]) == ("c", row["comparison_reason"])


def test_where_nothing_is_known_of_the_whole_that_is_the_reason() -> None:
    import pandas as pd

    series = pd.DataFrame(
        {
            "row_id": ["a", "b", "c"], "lower": [1.0, None, None], "upper": [3.0, None, None], "value": [2.0] * 3,
            "numerator": [None] * 3, "denominator": [None] * 3, "per": [None, 100, None], "places": [0] * 3,
            "interval_by": [None] * 3, "benchmark_value": [None, 4.0, 4.0], "polarity": ["lower is better"] * 3,
        }
    )  # fmt: skip
    assert measure(series, {})["comparison_reason"].tolist() == [
        "Not compared: nothing is known of the whole for the same period.",
        "Not compared: the area's value has no interval.",
        "Not compared: a part's count is smaller than the whole's.",
    ]
