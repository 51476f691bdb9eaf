"""Two worlds that differ in hidden counts alone have the same public pack: whatever differed would tell which it is.

All counts are invented. The hidden ones are 1 in the one world and 7 in the other: of a target, which is queried as
far from the year before in the one and not in the other; of a school; behind a rate, alone and beside what it is of;
behind a baseline; of an output; and of a proxy.
"""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook
from sample_files import RAW
from workspaces import QUARTER, Ran, Sent, run, workspace_of

WORLDS = (1, 7)
PROGRESS = ["Target ref", "Area", "Period", "Value", "Numerator", "Denominator", "Published on", "Rating"]
NRF = ["Theme", "Project ref", "Project", "Revised allocation", "Profile Q1", "Profile Q2", "Profile Q3", "Profile Q4",
       "Actual Q1", "Actual to date", "Output", "Output target", "Output actual", "RAG delivery"]  # fmt: skip
CLEARED = [(kind, "all", "yes") for kind in ("target", "proxy", "project", "action", "element")]
PLANTED = "Plantedname"


def framework(path: Path, hidden: int) -> Path:
    """The sample's, with all of it cleared, three schools, and a baseline that is hidden."""
    book = load_workbook(RAW / "framework" / "framework.xlsx")
    sheet = book.create_sheet("clearances")
    sheet.append(["What is cleared", "Cleared ref", "Public", "Counts people or events", "Clearance note"])
    for line in (*CLEARED, ("text", "nrf_spend.output_measure", "yes")):
        sheet.append([*line, None, None])
    for letter in "ABC":
        book["areas"].append([f"school_{letter.lower()}", f"School {letter}", "unit", "salford"])
    for band in book["spend_bands"].iter_rows(min_row=2):
        band[3].value = f"As {PLANTED} has asked"
    headings = [cell.value for cell in book["targets"][1]]
    of = {
        cells[0].value: dict(zip(headings, cells, strict=False))
        for cells in book["targets"].iter_rows(min_row=2)
    }
    of["E1_schools"]["Counts units of"].value, of["E1_schools"]["Floor of each unit"].value = "E1_lea", 25
    of["T1_child"]["Baseline value"].value = hidden
    # of 1,000, as in the years that were sent
    of["H4"]["Baseline value"].value = hidden
    book.save(path)
    return path


def world(folder: Path, hidden: int) -> Ran:
    def progress(partner: str, *rows: list[Any]) -> dict[str, Any]:
        lines = [[*row, *[None] * (6 - len(row)), "2004-05-01"] for row in rows]
        return {"Progress": [["Target progress"], ["Partner", partner], [], PROGRESS, *lines]}

    children = [
        ["T1_child", None, str(year), count] for year, count in ((2001, 23), (2002, 30), (2003, hidden))
    ]
    schools = [
        ["E1_lea", f"School {letter}", f"Academic year {year}", 100 * good / pupils, good, pupils]
        for year in ("2001/02", "2002/03")
        for letter, good, pupils in (
            ("A", hidden if year == "2002/03" else 15, 40),
            ("B", 10, 50),
            ("C", 30, 60),
        )
    ]
    # in 2002 beside what it is of, in 2000 alone
    rates = [
        ["H4", None, "2001", 40.0, 40, 1000],
        ["H4", None, "2002", hidden, hidden, 1000],
        ["H4", None, "2000", hidden],
    ]
    counted = [("Oct to Dec 2003", 21), ("Jan to Mar 2004", 22), ("Apr to Jun 2004", hidden)]
    roads = progress("road_safety", *children) | {
        "Proxies": [["Proxy indicators"], ["Partner", "road_safety"], [], ["Indicator ref", "Period", "Value"],
                    *(["P_CYCLE", *one] for one in counted)]
    }  # fmt: skip
    spend = {"NRF": [["NRF"], ["Partner", "police"], [], NRF, [
        "Safe city", "NRF01", "Alley gates and safer homes", 422000, 100000, 105000, 105000, 112000, 98000, 98000,
        "Gates fitted", 24, hidden, "Red"]]}  # fmt: skip
    workspace = workspace_of(
        folder / "workspace",
        Sent("roads.xlsx", roads, QUARTER, "road_safety"),
        Sent("education.xlsx", progress("education", *schools), QUARTER, "education"),
        Sent("pct.xlsx", progress("pct", *rates), QUARTER, "pct"),
        Sent("police.xlsx", spend, QUARTER, "police"),
        framework=framework(folder / "framework.xlsx", hidden),
    )
    ran = run(workspace, QUARTER)
    assert ran.said.code in (0, 3), ran.said
    return ran


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[Ran]:
    return [world(tmp_path_factory.mktemp(f"of{hidden}"), hidden) for hidden in WORLDS]


def parts(ran: Ran) -> dict[str, str]:
    """Every part of the workbook, the page and the manifest; not the run, which is known by the hashes of all files."""
    path = ran.workspace.public_file(QUARTER)
    manifest = json.loads(path.with_suffix(".manifest.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(path) as book:
        found = {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}
    found["page"] = path.with_suffix(".html").read_text(encoding="utf-8")
    found["manifest"] = re.sub(r"[0-9a-f]{64}", "", json.dumps(manifest))
    return {name: text.replace(manifest["run_id"], "") for name, text in found.items()}


def test_nothing_in_the_public_pack_tells_the_one_world_from_the_other(worlds: list[Ran]) -> None:
    one, other = map(parts, worlds)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert PLANTED not in "".join(one.values())


def test_and_the_worlds_do_differ_where_it_matters(worlds: list[Ran]) -> None:
    """Or the test above would prove nothing."""
    told = []
    for ran in worlds:
        with duckdb.connect(str(ran.workspace.database), read_only=True) as connection:
            told.append(connection.execute(
                "select value, is_queried from staging.floor_targets where target_id = 'T1_child' "
                "and period_label = '2003'"
            ).fetchone())  # fmt: skip
    assert told == [(1, True), (7, False)]
