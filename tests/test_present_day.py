"""A second framework, of today, over the same code: from illustrative returns to its pack, under its own names."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_files import ROOT
from workspaces import Ran, lsp, run

from pipelines.workspace import Workspace

SAMPLE = ROOT / "samples" / "present_day"
QUARTER, NEXT = "2025-26-Q3", "2025-26-Q4"
# words of the other framework, as people would read them; a figure's reference keeps the mart's name
OTHERS = re.compile(
    r"\bNRF\b|Neighbourhood Renewal|Salford|Improvement Plan|floor target|Government Office|Community Plan|\b2004\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    root = tmp_path_factory.mktemp("present day") / "workspace"
    program = [sys.executable, str(SAMPLE / "build.py"), "--into", str(root / "data" / "raw")]
    subprocess.run(program, check=True, capture_output=True)
    return run(Workspace(root))


def texts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Sheet, cell and text of whatever a reader of the workbook sees, and the names of its sheets."""
    for sheet in load_workbook(path):
        if sheet.sheet_state != "visible":
            continue
        yield sheet.title, "", sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and not re.match(r"\w+:\d{4}-\d\d-Q\d\|", cell.value):
                    yield sheet.title, cell.coordinate, cell.value


def test_it_goes_from_returns_to_its_pack(ran: Ran) -> None:
    assert (ran.said.code, ran.said.err) == (0, "")
    assert ran.select("select distinct state from marts.returns where quarter = ?", QUARTER) == [
        ("accepted",)
    ]
    assert ran.select(
        "select target_id, rating_suggested, rating, rating_source from marts.floor_targets "
        "where quarter = ? and target_id = 'HL_TA'",
        QUARTER,
    ) == [("HL_TA", "G", "A", "moderated")]
    spent = "select actual_to_date from marts.nrf_projects where quarter = ? order by project_id"
    assert ran.select(spent, QUARTER) == [(164_000,), (310_000,)]


def test_a_quarter_stands_beside_its_year_and_leads_to_every_value_it_was_made_of(ran: Ran) -> None:
    assert ran.select(
        "select target_id, period_label, round(four_quarters, 3), year_ago_value from marts.target_series "
        "where four_quarters is not null or year_ago_value is not null order by all"
    ) == [
        ("HL_BB", "Jan to Mar 2025", None, 28),
        ("HL_TA", "Apr to Jun 2025", 3.4, None),
        ("HL_TA", "Jan to Mar 2025", None, 3.6),
    ]
    made_of = (
        "select as_typed from marts.provenance where mart = 'target_series' and row_id like ? "
        "and column_name = ? order by input_no"
    )
    assert ran.select(made_of, "HL_BB|2025-01-01%", "year_ago_value") == [("28",)]
    assert ran.select(made_of, "HL_TA|2025-04-01%", "four_quarters") == [
        ("3.5",),
        ("3.5",),
        ("3.4",),
        ("3.2",),
    ]


def test_a_floor_for_every_unit_is_counted_from_what_is_sent_for_each(ran: Ran) -> None:
    """Two estates of three were below 40% in the baseline year, one is now; of 2023/24 one estate is not known."""
    assert ran.select(
        "select period_label, value, status from marts.target_series where target_id = 'HQ_ESTATES' order by 1"
    ) == [("2022/23", 2, None), ("2023/24", None, "x"), ("2024/25", 1, None)]
    assert ran.select(
        "select baseline_value, latest_value, judged_target, position from marts.floor_targets "
        "where quarter = ? and target_id = 'HQ_ESTATES'",
        QUARTER,
    ) == [(2, 1, 0, "G")]
    assert ran.select(
        "select method, as_typed, partner from marts.provenance where mart = 'floor_targets' and row_id = ? "
        "and column_name = 'latest_value' order by as_typed",
        f"{QUARTER}|HQ_ESTATES",
    ) == [("Counted from its units", typed, "asset") for typed in ("35.5", "43", "46.7")]
    units = ran.select(
        "select area_title, value, is_below from marts.target_units where quarter = ? order by 1", QUARTER
    )
    assert units == [
        ("Mill Street estate", 35.5, True),
        ("Quarry estate", 43, False),
        ("Town End estate", 46.7, False),
    ]
    assert not ran.select("select * from marts.benchmarks where area_title like '%estate'")
    sheet = load_workbook(ran.workspace.pack_file(QUARTER))["FT_HQ"]
    assert "Units and their floor" in [cell.value for cell in sheet["A"]]


def test_its_pack_has_its_own_names_and_says_that_it_is_illustrative(ran: Ran) -> None:
    pack = load_workbook(ran.workspace.pack_file(QUARTER))
    assert {"FT_HL", "FT_HQ", "Pride in Place", "Partnership"} <= set(pack.sheetnames)
    assert str(pack["Pride in Place"]["A1"].value).startswith("Pride in Place Programme, Oct to Dec 2025")
    cover = " ".join(str(cell.value) for cell in pack["Cover"]["A"] if cell.value)
    assert "every figure, target, comment and project is illustrative" in cover
    assert "Regeneration Plan" in " ".join(text for _, _, text in texts(ran.workspace.pack_file(QUARTER)))


def test_nothing_that_people_read_has_the_other_frameworks_names(ran: Ran) -> None:
    assert lsp("templates", NEXT, "--root", ran.root).code == 0
    folders = [
        ran.workspace.pack_file(QUARTER).parent,
        ran.workspace.replies,
        ran.root / "data" / "templates",
    ]
    made = [path for folder in folders for path in sorted(folder.rglob("*.xlsx"))]
    assert len(made) > 6
    found = [
        (path.name, *where, text) for path in made for *where, text in texts(path) if OTHERS.search(text)
    ]
    assert found == []


def test_a_template_is_named_as_the_framework_names_the_return(ran: Ran) -> None:
    lsp("templates", NEXT, "--root", ran.root)
    book = load_workbook(ran.workspace.template_file(NEXT, "asset"))
    assert {"Outcome measures", "Pride in Place spend", "Regeneration Plan actions"} <= set(book.sheetnames)


def test_there_is_no_code_of_its_own() -> None:
    assert [path.name for path in SAMPLE.rglob("*.py")] == ["build.py"]
    for path in (ROOT / "pipelines").rglob("*.py"):
        assert not re.search(r"Pride in Place|Northbridge|Outcomes Framework", path.read_text("utf-8")), path
