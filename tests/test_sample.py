"""The sample workspace: built the same every time, true to its contracts, honest about what is real."""

import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sample_files import CONTRACTS, FRAMEWORK, LEDGER, RAW, RETURNS, ROOT, SAMPLE, entity, rows, workbook

SERIES = ROOT.parent / "shared" / "figures" / "published_series.csv"
PUBLISHED = rows(SAMPLE / "published_figures.csv")


# Built the same every time


def test_building_again_gives_the_committed_files(tmp_path: Path) -> None:
    program = [sys.executable, str(SAMPLE / "build.py"), "--into", str(tmp_path)]
    subprocess.run(program, check=True, capture_output=True)
    built = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert built.keys() == {Path("receipts.csv"), *(Path(r["folder"], r["original_name"]) for r in LEDGER)}
    assert [str(name) for name, data in built.items() if (RAW / name).read_bytes() != data] == []


def test_a_workbook_tells_nothing_of_the_day_or_machine_it_was_built_on() -> None:
    for line in LEDGER:
        data = (RAW / line["folder"] / line["original_name"]).read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = parts.read("docProps/core.xml").decode()
        assert set(re.findall(r">(\d{4}-\d{2}-\d{2}T[\d:]+)Z<", core)) == {line["first_seen"]}


def test_receipts_are_in_order_of_time_with_the_framework_first() -> None:
    seen = [line["first_seen"] for line in LEDGER]
    assert seen == sorted(seen)
    assert LEDGER[0]["folder"] == "framework"
    assert b"\r" not in (RAW / "receipts.csv").read_bytes()


# The framework


# The sample's framework is of before there were these columns, as many a partnership's will be, and goes on working.
LATER = {"calendar": ("opens_on", "late_until", "reminders_on", "publish_on"), "partners": ("email",)}


def columns_of(name: str) -> dict[str, Any]:
    """The contract's columns, without those that came later."""
    later = LATER.get(name, ())
    assert not any(CONTRACTS[name]["columns"][key].get("required") for key in later)
    return {key: column for key, column in CONTRACTS[name]["columns"].items() if key not in later}


def test_every_contract_has_its_sheet_and_its_headings() -> None:
    found = {sheet.title: [cell.value for cell in sheet[1]] for sheet in workbook(FRAMEWORK)}
    assert found == {name: [column["header"] for column in columns_of(name).values()] for name in found}
    assert set(found) == {path.stem for path in (SAMPLE / "framework").glob("*.csv")}


@pytest.mark.parametrize("name", sorted(path.stem for path in (SAMPLE / "framework").glob("*.csv")))
def test_references_resolve_keys_are_unique_and_required_cells_are_filled(name: str) -> None:
    for key, column in columns_of(name).items():
        values = {row[key] for row in entity(name)} - {None}
        if "refers_to" in column:
            other = column["refers_to"].removeprefix("framework.")
            assert values <= {row[CONTRACTS[other]["key"][0]] for row in entity(other)}, key
        if "choices" in column:
            assert values <= set(column["choices"]), key
        if column.get("required"):
            assert all(row[key] is not None for row in entity(name)), key
    keys = [tuple(row[key] for key in CONTRACTS[name]["key"]) for row in entity(name)]
    assert len(keys) == len(set(keys))


def test_areas_lie_in_areas_and_committees_and_wards_begin_in_june_2004() -> None:
    kinds = {row["area_id"]: row["kind"] for row in entity("areas")}
    within = {"ward": "committee", "committee": "authority", "authority": "county", "county": "region"}
    for row in entity("areas"):
        if row["until"]:
            assert (row["until"].date(), kinds[row["successor_id"]]) == (date(2004, 6, 9), row["kind"])
            continue
        assert kinds.get(row["parent_id"]) == within.get(row["kind"]) or row["kind"] == "region"
        if row["kind"] in ("committee", "ward"):
            assert row["since"].date() == date(2004, 6, 10)
    now = [row["kind"] for row in entity("areas") if not row["until"]]
    assert now.count("committee") == 8
    assert now.count("ward") == 20


def test_the_floor_targets_of_2004_cover_every_theme() -> None:
    parts = {row["target_id"]: row["theme_id"] for row in entity("targets")}
    assert set(parts.values()) == {row["theme_id"] for row in entity("themes")}
    assert {row["parent_id"] for row in entity("targets")} == {
        *("E1", "E3", "H1", "H3", "H4", "C1", "C3", "W1", "HO1", "L2", "T1")
    }
    assert parts["W1_overall"] == "economic"
    assert parts["W1_lone_parents"] == "inclusive"


def test_the_improvement_plan_has_the_reports_25_actions() -> None:
    strands = [row["strand"] for row in entity("actions")]
    assert len(strands) == 25
    for row in entity("actions"):
        assert bool(row["parent_id"]) == (row["strand"] == "delivery")
        assert bool(row["criterion_id"]) == (row["strand"] == "partnership")


def test_the_shares_of_a_project_add_up_to_the_whole() -> None:
    shares: dict[str, int] = {}
    for row in entity("project_targets"):
        assert (row["weight_pct"] is None) == (row["counting"] == "not additive")
        if row["weight_pct"] is not None:
            shares[row["project_id"]] = shares.get(row["project_id"], 0) + row["weight_pct"]
    assert set(shares.values()) == {100}


def test_the_only_real_award_is_that_of_2005_06_and_no_pack_of_the_sample_may_show_it() -> None:
    (award,) = entity("fund_years")
    assert (award["fund_id"], award["financial_year"], award["award"]) == ("NRF", "2005-06", 9_308_000)
    assert award["basis"] == "published"
    assert award["source"]
    quarters = {line["folder"] for line in RETURNS}
    assert award["known_on"] > max(
        row["cut_off_on"] for row in entity("calendar") if row["quarter"] in quarters
    )


def test_some_targets_have_no_proxy_as_the_report_complains() -> None:
    linked = {row["target_id"] for row in entity("proxy_links")}
    without = {row["target_id"] for row in entity("targets")} - linked
    assert without == {"E1_schools", "E3_schools", "T1_slight"}


# What is real and what is illustrative


@pytest.mark.skipif(not SERIES.exists(), reason=f"{SERIES} is not here")
def test_published_figures_are_those_of_the_published_series() -> None:
    series = {(row["indicator_id"], row["area_name"], row["period"]): row for row in rows(SERIES)}
    for row in PUBLISHED:
        if row["series"]:
            found = series[row["series"], row["area"], row["series_period"]]
            theirs = found["value"], found["lower_ci"], found["upper_ci"], found["source"]
            assert (row["value"], row["lower"], row["upper"], row["source"]) == theirs


def years(period: object) -> str:
    """1995-97, 1995 to 1997 and 1995-1997 are the same three years."""
    return f"{str(period)[:4]}-{str(period)[-2:]}"


def test_published_values_in_the_workbooks_are_in_the_list_of_published_figures() -> None:
    known = {(row["target_id"], row["area"], years(row["period"])): row for row in PUBLISHED}
    used = set()
    for line in RETURNS:
        if not line["original_name"].upper().count("PCT"):
            continue
        sheet = workbook(RAW / line["folder"] / line["original_name"])["Sheet1"]
        for row in sheet.iter_rows(min_row=7, min_col=2, max_col=7, values_only=True):
            target, area, period, *figures = row
            key = str(target), str(area), years(period)
            if str(target).startswith(("H1", "H4")) or key in known:
                wanted = (known[key][name] for name in ("value", "lower", "upper"))
                assert figures == [float(text) if text else None for text in wanted], key
                used.add(key)
    assert used == set(known)


def test_baselines_called_published_are_in_the_list_of_published_figures() -> None:
    known = {(row["target_id"], years(row["period"])): row for row in PUBLISHED if row["area"] == "Salford"}
    for row in entity("targets"):
        if row["baseline_basis"] != "illustrative":
            published = known[row["target_id"], years(row["baseline_period"])]
            assert (str(row["baseline_value"]), row["baseline_basis"]) == (
                published["value"],
                published["basis"],
            )


def test_values_were_published_before_they_came_in() -> None:
    """H4 and H1 carry no date of their own: period end plus the release lag must not be after the cut-off."""
    lag = {row["target_id"]: row["release_lag_months"] for row in entity("targets")}
    cut_off = {row["quarter"]: row["cut_off_on"].date() for row in entity("calendar")}
    for row in rows(SAMPLE / "returns" / "floor_targets.csv"):
        if row["value"] == "published":
            months = 12 * int(
                "20" + row["period"][-2:] if row["period"][-2] < "5" else "19" + row["period"][-2:]
            )
            months += 12 + lag[row["target_id"]]
            assert date(months // 12, months % 12 + 1, 1) <= cut_off[row["quarter"]], row


def test_what_is_not_published_is_called_illustrative() -> None:
    published = {row["target_id"] for row in PUBLISHED}
    for row in entity("targets"):
        wholly = row["target_id"] in ("H1_male", "H1_female", "H4")
        assert row["values_basis"] == ("as later published" if wholly else "illustrative")
        assert (row["baseline_basis"] == "illustrative") == (row["target_id"] not in published)
        assert "llustrative" in row["note"]
    for name in ("indicators", "projects", "actions", "criteria"):
        assert {row["basis"] for row in entity(name)} == {"illustrative"}
    for name, column in (
        ("proxy_links", "rationale"),
        ("projects", "title"),
        ("calendar", "note"),
        ("actions", "source"),
    ):
        assert all("llustrative" in row[column] for row in entity(name)), name


def test_every_sheet_with_figures_says_that_they_are_illustrative() -> None:
    for line in RETURNS:
        for sheet in workbook(RAW / line["folder"] / line["original_name"]):
            texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
            is_empty = sheet.sheet_state != "visible" or "Nil return" in texts
            assert is_empty or any("llustrative" in text for text in texts), (
                line["original_name"],
                sheet.title,
            )


def test_the_programme_is_never_called_the_allocation_of_salford() -> None:
    note = next(row["value"] for row in entity("settings") if row["setting_id"] == "cover_note")
    assert "illustrative programme and not the allocation of any council" in note
    claim = re.compile(
        r"salford\S*\s+(nrf|neighbourhood renewal|allocation)|(nrf|allocation) (of|for|to) salford", re.I
    )
    for line in LEDGER:
        for sheet in workbook(RAW / line["folder"] / line["original_name"]):
            for row in sheet.iter_rows(values_only=True):
                assert [cell for cell in row if isinstance(cell, str) and claim.search(cell)] == []
