"""The sheets: what each says of small marts drawn in pack_marts.yml."""

import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from pack_marts import QUARTER, Tables, marts_of, sample

from pipelines import pack
from pipelines.pack import (
    PackError,
    PackSummary,
    Standing,
    compose,
    contents,
    provenance,
    revisions,
    write_pack,
)
from pipelines.pack.layout import lay_out
from pipelines.pack.lookups import rating_scale
from pipelines.pack.model import Link, Paragraph, Sheet, Table
from pipelines.pack.sound import check
from pipelines.pack.words import UNROUNDED
from pipelines.workspace import SQL

SENT = datetime(2004, 7, 9, 9, 0)
Shown = list[dict[str, str]]


def all_sheets(tables: Tables | None = None) -> dict[str, Sheet]:
    marts = marts_of(tables or sample())
    sheets = [sheet for module in pack.discover() for sheet in module.sheets(marts, QUARTER)]
    return {sheet.name: sheet for sheet in sheets}


def shown(sheet: Sheet, table: str) -> Shown:
    """A table as a reader sees it: one dictionary per row, by heading."""
    scale = rating_scale(marts_of(sample()))
    laid = lay_out(sheet, scale)
    place = next(place for place in laid.places if place.table.name == table)
    cells = {(cell.row, cell.column): cell.content.shown for cell in laid.cells}
    headings = [column.heading for column in place.table.columns]
    return [
        {heading: cells[row, number] for number, heading in enumerate(headings, 1)}
        for row in range(place.first_row + 1, place.last_row + 1)
    ]


def address(sheet: Sheet, table: str, row: int, heading: str) -> tuple[str, str]:
    """Sheet and cell of a value: the row counted from 0, the column by its heading."""
    place = next(p for p in lay_out(sheet, rating_scale(marts_of(sample()))).places if p.table.name == table)
    number = [column.heading for column in place.table.columns].index(heading) + 1
    return sheet.name, f"{get_column_letter(number)}{place.first_row + 1 + row}"


def said(sheet: Sheet) -> str:
    return " ".join(block.text for block in sheet.blocks if isinstance(block, Paragraph))


def noted(sheet: Sheet, table: str) -> list[str]:
    """What is said of a table's rows under its title."""
    return list(next(one for one in sheet.tables if one.name == table).notes)


def titles(sheet: Sheet) -> dict[str, int]:
    return {table.title: len(table.rows) for table in sheet.tables}


def changed(change: Callable[[Tables], Any]) -> Tables:
    tables = sample()
    change(tables)
    return tables


def test_the_order_of_sheets(tmp_path: Path) -> None:
    summary = write_pack(compose(marts_of(sample()), QUARTER), tmp_path / "new" / "pack.xlsx")
    assert summary.path.exists()
    assert summary.sheets == (
        "Cover", "Contents", "Summary", "Measures", "Decisions", "FT_H4", "FT_C1", "Partnership", "Judgements", "NRF",
        "Quality", "Revisions",
        "Data_Progress", "Data_Charts", "Data_Proxies", "Data_Actions", "Data_Spend", "Provenance", "Inputs", "Notes",
    )  # fmt: skip


def test_the_sample_has_no_column_that_the_marts_lack() -> None:
    """Or these tests would pass on marts that nobody makes."""
    for name, table in sample().items():
        if name == "provenance":
            continue
        text = (SQL / "marts" / f"{name}.sql").read_text(encoding="utf-8")
        documented = set(re.findall(r"^-- (\w+): ", text, flags=re.MULTILINE))
        used = {column.split()[0] for column in re.split(r",\s*", table["columns"])}
        assert used <= documented, f"marts.{name}"


def test_cover_says_what_it_is_and_that_figures_are_illustrative() -> None:
    text = said(all_sheets()["Cover"])
    for part in (
        "Status: DRAFT.",
        "Period: Apr to Jun 2004. Cut-off: 14 Jul 2004. Board: 21 Jul 2004.",
        "As at 20 Jul 2004. Run 0f3a9c.",
        "Next pack: for the Board of 20 Oct 2004, returns due on 8 Oct 2004.",
        "Contact: The LSP office.",
        "Sample figures are illustrative.",
    ):
        assert part in text


def test_the_cover_says_from_where_on_a_rating_is_had_and_what_is_not_in_the_pack() -> None:
    cover = all_sheets()["Cover"]
    rows = {row["Rating in words"]: row for row in shown(cover, "Cover_ratings")}
    assert rows["Green"]["A measure, from"] == "100% of what was needed and 75% chance"
    assert rows["Red"]["A measure, from"] == "less than that"
    assert rows["Green"]["Spend, off its profile"] == "up to 5%"
    assert rows["Red"]["Spend, off its profile"] == "further"
    text = said(cover)
    assert "Not whole: of 6 returns expected 1 not received and 1 refused. Quality says which." in text
    assert "In no total of the fund: " in text and "NRF says more." in text


def test_the_cover_is_short() -> None:
    """A Board member reads it in a minute: the rest stands where it belongs, and is found from here."""
    laid = lay_out(all_sheets()["Cover"], rating_scale(marts_of(sample())))
    (place,) = laid.places
    assert place.title_row <= 28
    facts = [cell.content.shown for cell in laid.cells if 6 < cell.row < place.title_row]
    assert sum(len(line) for line in facts) < 1300


def test_a_correction_makes_no_return_late() -> None:
    def change(tables: Tables) -> None:
        row = tables["returns"]["rows"][0]
        row |= {
            "first_received_at": row["received_at"],
            "received_at": datetime(2004, 9, 17, 9),
        }

    rows = shown(all_sheets(changed(change))["Quality"], "Quality_returns")
    told = {row["What became of it"]: row["Days late"] for row in rows}
    assert told["Received on 17 Sep 2004; the first file of it on 8 Jul 2004."] == "[z]"


def test_the_cover_says_whose_the_rating_of_the_whole_is_and_what_the_rule_says() -> None:
    def change(tables: Tables) -> None:
        row = tables["annual_review"]["rows"][-1]
        row |= {
            "rating": "AG", "rating_source": "official", "rating_official": "AG", "rating_own": "G",
            "rating_moderated": "AG", "rating_suggested": "AR", "rating_differs": "Shown: Amber/Green, official.",
        }  # fmt: skip

    assert (
        "The partnership overall: Amber/Green, official (by rule: Amber/Red). Others differ: Partnership says which, "
        "and why."
    ) in said(all_sheets(changed(change))["Cover"])


def test_a_framework_without_a_name_for_the_partnership_is_told_so() -> None:
    tables = changed(lambda tables: tables["settings"]["rows"].pop())
    with pytest.raises(PackError, match="The framework's settings lack partnership_name"):
        all_sheets(tables)


def test_summary_has_one_line_per_measure_in_the_frameworks_order() -> None:
    lines = shown(all_sheets()["Summary"], "Summary_targets")
    assert [line["Measure"].split(",")[0] for line in lines] == [
        "Under-18 conception rate",
        "Domestic burglary",
        "Robbery",
        "Vehicle crime",
    ]
    assert lines[0] == {
        "Floor target": "H4",
        "Measure": "Under-18 conception rate, per 1,000 women aged 15-17",
        "Rating": "■ R",
        "Rating in words": "Red",
        "Rating before": "[z]",
        "Course so far": "",  # a small line is drawn there
        "Latest value": "53.8",
        "Latest period": "2002",
        "Needed by now": "51.25",
        "On course": "75.1%",
        "Target value": "30.8",
        "Target due": "31 Dec 2010",
    }


def test_what_stands_behind_each_line_of_summary_has_a_sheet_of_its_own() -> None:
    """Together on one sheet they were printed so small that nobody could read them."""
    sheets = all_sheets()
    lines, of_summary = (
        shown(sheets[name], table)
        for name, table in (("Measures", "Measures_all"), ("Summary", "Summary_targets"))
    )
    assert [line["Measure"] for line in lines] == [line["Measure"] for line in of_summary]
    assert lines[0] == {
        "Floor target": "H4",
        "Measure": "Under-18 conception rate, per 1,000 women aged 15-17",
        "Rating from": "Suggested by rule",
        "Chance": "Unlikely",
        "Age in months": "18",
        "Previous value": "56.7",
        "Live actions": "2",
        "Actions overdue": "1",
        "Spend against profile": "£3,000",
        "Basis": "as later published",
    }


def moderate(tables: Tables) -> None:
    """Vehicle crime, which no rule rates, gets a moderated rating."""
    row = next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "C1_vehicle")
    row |= {"rating": "AR", "rating_source": "moderated", "rating_moderated": "AR"}
    tables["ratings"]["rows"].append(
        {"row_id": "m", "quarter": QUARTER, "subject": "C1_vehicle", "subject_kind": "target", "kind": "moderated",
         "rating": "AR", "rated_by": "Performance Group", "reason": "Its day has passed and it was missed."}
    )  # fmt: skip


GIVEN = "by Performance Group (Its day has passed and it was missed); by rule: no rating"


def test_a_rating_that_no_rule_suggests_says_who_gave_it_why_and_what_the_rule_says() -> None:
    sheets = all_sheets(changed(moderate))
    line = by_measure(shown(sheets["Measures"], "Measures_all"))["Vehicle crime"]
    assert line["Rating from"] == "Moderated; by rule: no rating"
    (table,) = (block for block in sheets["Summary"].blocks if isinstance(block, Table))
    assert f"C1 Vehicle crime, Amber/Red: moderated {GIVEN}." in table.notes
    assert "Who gave those that are not by rule, and why, stands at the table." in said(sheets["Summary"])
    assert f"Vehicle crime is Amber/Red: moderated {GIVEN}." in said(sheets["FT_C1"])
    standing = by_measure(shown(sheets["FT_C1"], "FT_C1_standing"))["Vehicle crime"]
    assert standing["Rating from"] == "Moderated by Performance Group; by rule: no rating"
    charts = {chart.target_id: chart for chart in compose(marts_of(changed(moderate)), QUARTER).charts}
    assert charts["C1_vehicle"].headline == "Vehicle crime: Amber/Red, moderated"


def test_a_rating_given_that_agrees_with_the_rule_says_so() -> None:
    def change(tables: Tables) -> None:
        moderate(tables)
        next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "C1_vehicle")[
            "rating_suggested"
        ] = "AR"

    line = by_measure(shown(all_sheets(changed(change))["Measures"], "Measures_all"))["Vehicle crime"]
    assert line["Rating from"].endswith("; by rule: the same")


def by_rule(tables: Tables) -> None:
    """Burglary is rated by the rule, by its position alone."""
    row = next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "C1_burglary")
    row["rating_source"] = "suggested by rule"


def test_where_a_rating_rests_on_some_measures_or_half_the_rule_it_says_so_wherever_it_stands() -> None:
    sheets = all_sheets(changed(by_rule))
    page = sheets["FT_C1"]
    assert (page.rated, page.mark, page.rests_on) == ("1 of 3", "u", "[u], on 1 of 3 measures")
    assert "Green [u], the worst of its measures (1 of 3 rated)." in said(page)
    listing = contents.sheet([*sheets.values()])
    rows = {row["Sheet"]: row for row in shown(listing, "Contents_sheets")}
    assert (rows["FT_C1"]["Rating in words"], rows["FT_C1"]["Measures rated, or by whom"]) == (
        "Green [u]",
        "1 of 3",
    )
    charts = {chart.target_id: chart for chart in compose(marts_of(changed(by_rule)), QUARTER).charts}
    assert charts["C1_burglary"].headline == "Domestic burglary: Green [u]"


def test_a_mark_stays_off_where_a_measure_with_the_worst_rating_has_none() -> None:
    def change(tables: Tables) -> None:
        by_rule(tables)
        moderate(tables)
        next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "C1_vehicle")["rating"] = (
            "G"
        )

    page = all_sheets(changed(change))["FT_C1"]
    assert (page.mark, page.rests_on) == (None, "on 2 of 3 measures, 1 moderated")


def test_the_cover_says_what_is_asked_and_what_was_spent() -> None:
    text = said(all_sheets()["Cover"])
    assert "The Board is asked 2 questions: Decisions." in text
    assert "NRF: £120,000 spent of £160,000 planned by now (9.4% less), at most £96,000 at risk." in text
    assert "Ratings since" not in text  # the framework has no quarter before this one


def test_spend_that_lacks_a_project_says_so_on_measures() -> None:
    assert noted(all_sheets()["Measures"], "Measures_all") == [
        "Spend against profile is not whole, by projects: C1 2 of 3 projects."
    ]


@pytest.mark.parametrize(
    ("kind", "is_told"), [("GAP_REL", True), ("FASTER_THAN", True), ("PCT_REDUCTION", False)]
)
def test_summary_says_which_targets_are_judged_by_their_distance(kind: str, is_told: bool) -> None:
    def change(tables: Tables) -> None:
        next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "H4")["target_type"] = kind

    notes = noted(all_sheets(changed(change))["Summary"], "Summary_targets")
    told = [note.split(":")[0] for note in notes if "judged by the distance" in note]
    assert told == ["H4 and C1 Robbery" if is_told else "C1 Robbery"]


def test_the_cover_counts_targets_and_measures_apart() -> None:
    """A target has its worst measure's rating, so the two differ; each count is made of the ratings that it counts."""
    sheet = all_sheets()["Cover"]
    rows = {row["Rating in words"]: row for row in shown(sheet, "Cover_ratings")}
    assert [(word, row["By floor target"], row["By measure"]) for word, row in rows.items()] == [
        ("Green", "1", "1"), ("Amber/Green", "0", "0"), ("Amber/Red", "0", "0"), ("Red", "1", "1"),
        ("No rating", "0", "2"),
    ]  # fmt: skip
    (table,) = sheet.tables
    red = next(row for row in table.rows if row["rating"] == "R")
    assert red["measures"].inputs == red["parents"].inputs == (f"floor_targets:{QUARTER}|H4:rating",)


@pytest.mark.parametrize(
    ("was", "now", "words", "way"),
    [
        ("AR", "R", "Amber/Red: now worse", "none better and 1 worse"),
        ("R", "R", "Red: the same", "none better and none worse"),
        ("R", "R", "Red, before rounding: the same", "none better and none worse"),
        ("R", "G", "Red: now better", "1 better and none worse"),
        ("R", None, "Red: now none", "none better, none worse and 1 no longer rated"),
        (None, "R", "No rating: now rated", "none better, none worse and 1 now rated"),
        (None, None, "No rating: the same", "none better and none worse"),
    ],
)
def test_summary_sets_each_rating_beside_that_of_the_quarter_before(
    was: str | None, now: str | None, words: str, way: str
) -> None:
    def change(tables: Tables) -> None:
        before = tables["calendar"]["rows"][0] | {
            "row_id": "2003-04-Q4", "quarter": "2003-04-Q4", "label": "Jan to Mar 2004"
        }  # fmt: skip
        tables["calendar"]["rows"].append(before)
        row = next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "H4")
        then = {"row_id": "2003-04-Q4|H4", "quarter": "2003-04-Q4", "rating": was}
        if "rounding" in words:  # in public, of figures that beside it would give another
            then["rating_reason"] = UNROUNDED
        tables["floor_targets"]["rows"].append(row | then)
        row["rating"] = now

    sheets = all_sheets(changed(change))
    assert f"Ratings since Jan to Mar 2004: {way}." in said(sheets["Cover"])
    sheet = sheets["Summary"]
    lines = by_measure(shown(sheet, "Summary_targets"))
    assert lines["Under-18 conception rate"]["Rating in Jan to Mar 2004"] == words
    assert lines["Robbery"]["Rating in Jan to Mar 2004"] == "[z]"  # no target then
    assert "The rating in Jan to Mar 2004 is that of its cut-off as it is worked out today" in said(sheet)


def test_what_is_needed_has_the_decimals_that_its_ratio_takes_on_every_sheet() -> None:
    sheets = all_sheets()
    assert shown(sheets["FT_H4"], "FT_H4_standing")[0]["Needed by now"] == "51.25"
    assert shown(sheets["FT_H4"], "FT_H4_a_progress")[1]["Needed on trajectory"] == "51.25"
    assert shown(sheets["Data_Progress"], "Data_Progress")[1]["Needed on the trajectory"] == "51.25"
    charts = {chart.target_id: chart for chart in compose(marts_of(sample()), QUARTER).charts}
    assert "needed on the trajectory in 2002: 51.25" in charts["H4"].description


def test_a_count_of_what_is_overdue_says_by_which_day() -> None:
    sheets = all_sheets()
    day = "at the cut-off, 14 Jul 2004, by what had come as at 20 Jul 2004."
    assert f"1 action is overdue {day}" in said(sheets["Decisions"])
    assert f"1 action, none overdue {day}" in said(sheets["Partnership"])
    assert "Ages and overdue actions are counted to the cut-off, 14 Jul 2004." in said(sheets["Measures"])


def test_where_the_value_is_worse_than_the_baseline_there_is_no_share_of_the_way() -> None:
    def change(tables: Tables) -> None:
        tables["floor_targets"]["rows"][0] |= {"on_course": -1.515, "progress": -0.6}

    sheets = all_sheets(changed(change))
    assert shown(sheets["Summary"], "Summary_targets")[0]["On course"] == "[z]"
    assert shown(sheets["FT_H4"], "FT_H4_standing")[0]["On course"] == "[z]"
    assert shown(sheets["FT_H4"], "FT_H4_definition")[0]["Way made"] == "[z]"


def test_missing_suppressed_and_unbuilt_are_neither_zero_nor_green() -> None:
    lines = {
        line["Measure"].split(",")[0]: line for line in shown(all_sheets()["Summary"], "Summary_targets")
    }
    assert lines["Vehicle crime"]["Latest value"] == "[c]"
    assert lines["Vehicle crime"]["Rating"] == "[c]"
    assert lines["Robbery"]["Rating in words"] == "No rating"
    assert "Robbery: Not rated: the value is too old to judge by." in noted(
        all_sheets()["FT_C1"], "FT_C1_standing"
    )


def test_what_does_not_add_up_to_the_funds_says_so_at_its_line() -> None:
    sheet = all_sheets()["NRF"]
    for name, heads in (
        ("Fund_theme_outturns", {"Carried forward, one by one", "At risk, one by one"}),
        ("Fund_project_risks", {"Carried forward, one by one"}),
        ("Fund_target_outturns", {"At risk, one by one"}),
    ):
        assert heads <= shown(sheet, name)[0].keys()
    for name in ("Fund_theme_outturns", "Fund_project_risks"):
        assert "less carried forward than the fund has as a whole" in " ".join(noted(sheet, name))


def test_what_is_queried_says_so_wherever_it_stands() -> None:
    tables = sample()
    for name in ("floor_targets", "target_history", "proxies", "nrf_projects"):
        for row in tables[name]["rows"]:
            row["is_queried"] = True
    sheets = {
        sheet.name: sheet for module in pack.discover() for sheet in module.sheets(marts_of(tables), QUARTER)
    }
    queried = "(queried: see Quality)"
    for sheet, table, column in (
        ("Summary", "Summary_targets", "Measure"),
        ("Measures", "Measures_all", "Measure"),
        ("FT_H4", "FT_H4_standing", "Measure"),
        ("NRF", "Fund_projects", "Project"),
    ):
        lines = shown(sheets[sheet], table)
        assert lines
        assert all(queried in line[column] for line in lines)
    for table in ("FT_H4_a_progress", "FT_H4_b_proxies"):
        assert all("queried" in line["Status"] for line in shown(sheets["FT_H4"], table))
    assert "NRF01 Target hardening, NRF02 Detached youth work" in said(sheets["NRF"])
    assert "in the totals as they were sent, and queried: Quality says why." in said(sheets["NRF"])
    assert queried not in "".join(
        line["Measure"] for line in shown(all_sheets()["Summary"], "Summary_targets")
    )


def test_the_board_is_asked_the_most_pressing_first_with_its_evidence() -> None:
    first, second = shown(all_sheets()["Decisions"], "Decisions_asked")
    assert (first["Rank"], first["Evidence"], first["At stake"]) == ("1", "FT_C1", "[z]")
    assert first["Who answers for it"] == "not named"
    assert (second["Rank"], second["Evidence"], second["At stake"]) == ("2", "NRF", "£96,000")
    assert second["By when"] == "8 Oct 2004"


def test_decisions_say_the_cut_off_what_lies_below_it_and_what_is_answered() -> None:
    sheet = all_sheets()["Decisions"]
    assert said(sheet).startswith("2 questions found by rule.")
    assert "is more than 5% off its profile, so that it is rated Amber/Red or Red (spend bands" in said(sheet)
    (answered,) = shown(sheet, "Decisions_answered")
    assert (answered["What answers it"], answered["At stake"]) == (
        "Waived until 31 March 2005 by Manager.",
        "£9,000",
    )
    (below,) = shown(sheet, "Decisions_below")
    assert (below["Project"], below["Variance (%)"], below["At risk, at most"]) == (
        "NRF02 Detached youth work",
        "6.3",
        "£48,000",
    )


def test_a_floor_target_shows_its_parts_its_worst_rating_and_four_tables() -> None:
    sheet = all_sheets()["FT_C1"]
    assert "The target: Cut vehicle crime by 30%, burglary by 25%." in said(sheet)
    assert (
        "Rating of the floor target for Apr to Jun 2004: Green, the worst of its measures (1 of 3 rated)."
        in said(sheet)
    )
    assert sheet.rating is not None and sheet.rating.value == "G"
    assert titles(sheet) == {
        "Where we stand": 3,
        "What the partner says": 1,
        "What the manager says": 0,
        "From where to where": 3,
        "a. Progress of the target": 2,
        "b. Proxies": 0,
        "c. Improvement Plan actions": 0,
        "d. Neighbourhood Renewal Fund: spend and projects": 3,
    }


def by_measure(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row["Measure"].split(",")[0]: row for row in rows}


def judged(table: str) -> dict[str, dict[str, str]]:
    """The lines of a table of Judgements by their measure."""
    return by_measure(shown(all_sheets()["Judgements"], table))


def test_an_outlook_is_a_word_and_a_band_with_the_range_of_its_methods() -> None:
    lines = judged("Judgements_ahead")
    line = lines["Under-18 conception rate"]
    assert line["Chance of reaching the target"] == "Unlikely"
    assert {block.text for block in all_sheets()["Judgements"].blocks if isinstance(block, Paragraph)} >= {
        "Under-18 conception rate: Unlikely: the middle of the methods lies at 0% to 25%; one by one they give 5% to "
        "38%.",
        "Domestic burglary: Not said: 2 values whose periods don't overlap, and 5 are needed.",
        "Vehicle crime: Not said, nor a position: no value.",
        "Robbery: Not said: 1 value whose periods don't overlap, and 5 are needed. No position: the value is too old "
        "to judge by.",
    }
    assert (line["Position"], line["Outlook"], line["Suggested by rule"]) == ("◆ AR", "■ R", "■ R")
    assert lines["Domestic burglary"]["Chance of reaching the target"] == "Not said"
    assert lines["Domestic burglary"]["Outlook"] == "[x]"
    assert (
        lines["Domestic burglary"]["Suggested by rule"],
        lines["Domestic burglary"]["Suggested by rule in words"],
    ) == (
        "● G",
        "Green [u]",
    )
    assert lines["Robbery"]["Suggested by rule"] == "[x]"


def test_a_setting_that_ends_in_a_full_stop_has_one() -> None:
    def change(tables: Tables) -> None:
        row = next(row for row in tables["settings"]["rows"] if row["setting_id"] == "cover_note")
        row |= {"meaning": "A note to every reader.", "basis": "Our own choice"}

    told = {
        row["About"]: row["Text"] for row in shown(all_sheets(changed(change))["Notes"], "Notes_settings")
    }
    assert (
        told["cover_note"]
        == "Sample figures are illustrative. A note to every reader. Basis: Our own choice."
    )


def test_level_and_gap_stand_beside_each_other_and_a_published_gap_is_kept_apart() -> None:
    lines = judged("Judgements_gap")
    line = lines["Under-18 conception rate"]
    assert (line["Level here"], line["Level there"], line["Gap"]) == ("53.8", "42.8", "11.0")
    assert (line["Gap (%)"], line["Gap as published"]) == ("25.7", "26.0")
    assert "Domestic burglary" not in lines  # it is compared with nothing


def test_limits_that_were_worked_out_stand_beside_the_latest_value_and_those_sent_beside_theirs() -> None:
    def limits(sheet: str) -> list[tuple[str, str]]:
        rows = shown(all_sheets()[sheet], f"{sheet}_a_progress")
        return [(row["Lower 95% limit"], row["Upper 95% limit"]) for row in rows]

    assert limits("FT_C1")[0] == ("28.9", "31.5")
    assert limits("FT_H4") == [
        ("50.1", "63.9"),
        ("[x]", "[x]"),
    ]  # of the latest none were sent, and none follow


def test_progress_shows_only_what_was_published_by_the_cut_off() -> None:
    rows = shown(all_sheets()["FT_H4"], "FT_H4_a_progress")
    assert [(row["Period"], row["Value"], row["Status"], row["Gap"]) for row in rows] == [
        ("2001", "56.7", "none", "14.2"),
        ("2002", "53.8", "none", "11.0"),
    ]
    assert (rows[1]["Lower 95% limit"], rows[1]["Value, England"]) == ("[x]", "42.8")


def test_where_there_is_nothing_to_compare_with_it_is_not_applicable() -> None:
    (first, _) = shown(all_sheets()["FT_C1"], "FT_C1_a_progress")
    assert (first["Measure"], first["Value there"], first["Gap"]) == ("Domestic burglary", "[z]", "[z]")


def test_a_proxy_shows_its_chart_its_link_and_that_it_disagrees() -> None:
    sheet = all_sheets()["FT_H4"]
    (told,) = noted(sheet, "FT_H4_b_proxies")
    assert told.startswith("C-card registrations, for Under-18 conception rate: ")
    assert told.endswith(
        "More than its usual ups and downs: improving (outside the limits), its limits still rough on 6 values. Its "
        "own target: missed whatever its usual ups and downs. Evidence for it, from A (best) to D: B. Moves as the "
        "link says, probably not by chance."
    )
    warning = "Disagrees with the headline: it speaks for a better result."
    assert f"Warning from a proxy, c-card registrations: {warning}" in said(sheet)
    assert "Warning from a proxy" not in said(all_sheets()["FT_C1"])


@pytest.mark.parametrize(
    ("value", "period", "why"),
    [
        (None, None, "no value"),
        (5.0, "2003-04-01/P1Y", "its latest value is not of a month or a quarter"),
        (5.0, "2004-05-01/P1M", "too few values as often as it comes"),
    ],
)
def test_a_proxy_without_a_chart_says_why(value: float | None, period: str | None, why: str) -> None:
    def change(tables: Tables) -> None:
        row = next(row for row in tables["proxies"]["rows"] if row["target_id"] == "H4")
        row |= {"variation": None, "latest_value": value, "latest_period": period}

    (told,) = noted(all_sheets(changed(change))["FT_H4"], "FT_H4_b_proxies")
    assert f"No control chart: {why}." in told


def test_the_latest_value_stands_beside_other_places_where_there_are_some() -> None:
    rows = shown(all_sheets()["Judgements"], "Judgements_benchmarks")
    assert [
        (row["Other place"], row["This place beside the other"], row["Lower 95% limit"]) for row in rows
    ] == [
        ("England", "Not compared: the value here has no interval.", "[x]"),
        ("North West", "Worse", "47.0"),
    ]


def test_an_action_without_a_status_says_what_became_of_the_return() -> None:
    def with_state(state: str) -> Tables:
        return changed(lambda tables: tables["returns"]["rows"][2].update(state=state, received_at=SENT))

    assert [row["Status"] for row in shown(all_sheets()["FT_H4"], "FT_H4_c_actions")] == [
        "On track",
        "Return not received",
    ]
    for state, words in {
        "nil": "Nil return",
        "refused": "Return refused",
        "due": "Return not due yet",
        "accepted": "Not in the return received",
    }.items():
        rows = shown(all_sheets(with_state(state))["FT_H4"], "FT_H4_c_actions")
        assert rows[1]["Status"] == words


def test_a_shared_project_says_that_it_is_not_additive() -> None:
    rows = shown(all_sheets()["FT_C1"], "FT_C1_d_spend")
    assert [(row["Project"], row["Share of project (%)"]) for row in rows] == [
        ("NRF01 Target hardening", "100"),
        ("NRF02 Detached youth work (counted by its share)", "40"),
        ("NRF03 Alley gates", "100"),
    ]
    assert rows[2]["Commentary"] == "No figures: what was sent was refused; see Quality."
    assert rows[2]["Actual to date"] == "[x]"


def test_totals_say_how_much_they_cover() -> None:
    sheet = all_sheets()["NRF"]
    assert "Figures for 2 of 3 projects: 1 refused, 0 not in." in said(sheet)
    (total,) = shown(sheet, "Fund_themes")
    assert (total["Totals cover"], total["Actual to date"]) == ("2 of 3 projects", "£120,000")
    (whole,) = shown(sheet, "Fund_totals")
    assert (whole["Totals cover"], whole["Actual to date"]) == (
        "2 of 3 projects (1 refused, 0 not in)",
        "£120,000",
    )
    assert "Awarded for the year" not in whole  # nobody knows it


def test_money_stands_beside_progress_with_what_it_asks_first_and_once() -> None:
    sheet = all_sheets()["NRF"]
    asked = shown(sheet, "Fund_questions")
    assert [row["Money against progress"] for row in asked] == [
        "Red without a live action",
        "Red and underspent",
    ]
    assert asked[0]["What the figures say"] == "C1 (Crime) is Red, and the plan has no action for it."
    assert [
        (row["Floor target"], row["What is counted"], row["At risk, one by one"])
        for row in shown(sheet, "Fund_target_outturns")
    ] == [
        ("H4 Under-18 conceptions", "No project serves it by share; 2 further ones, not additive", "[x]"),
        ("C1 Crime", "Shares of 2 of 3 projects (1 refused)", "£67,200"),
    ]


def test_a_programme_is_not_compared_with_some_of_its_projects() -> None:
    (row,) = shown(all_sheets()["NRF"], "Fund_programme")
    assert row["What the comparison says"].startswith("Can't be said: figures for 2 of 3 projects are in")
    assert (row["Difference in allocation"], row["Difference in actual"]) == ("[x]", "[x]")


def test_a_project_that_is_declared_not_additive_has_no_share() -> None:
    def declare(tables: Tables) -> None:
        tables["project_targets"]["rows"][0].update(weight_pct=None, counting="not additive", share=None)

    first = shown(all_sheets(changed(declare))["FT_C1"], "FT_C1_d_spend")[0]
    assert (first["Project"], first["Share of project (%)"]) == (
        "NRF01 Target hardening (counted for no target)",
        "[z]",
    )


def test_partnership_lists_criteria_in_order_and_those_without_an_action() -> None:
    sheet = all_sheets()["Partnership"]
    assert "Criteria without an action: Inclusive." in said(sheet)
    (row,) = shown(sheet, "Partnership_actions")
    assert (row["Action"], row["Serves"], row["Partner's rating in words"]) == (
        "IP08 Review the Community Plan",
        "Strategic",
        "Amber/Red",
    )


def test_the_annual_review_has_the_judgements_beside_the_suggestion() -> None:
    sheet = all_sheets()["Partnership"]
    housing, whole = shown(sheet, "Partnership_review")
    assert (housing["Rating in words"], housing["Rating from"]) == ("Amber/Red", "Official")
    assert housing["Official since"] == "15 Sep 2004"
    housing, whole = shown(sheet, "Partnership_ratings")
    assert housing["Suggested by rule in words"] == "Amber/Green"
    assert [housing["Other ratings"], whole["Other ratings"]] == ["Differ", "No other"]
    (told,) = noted(sheet, "Partnership_ratings")
    assert told.startswith("Housing: ") and "Suggested by rule Amber/Green" in told
    assert noted(sheet, "Partnership_review")[0] == "Housing: Official rating by Government Office."
    assert sheet.rating is not None and sheet.rating.value == "AG"
    assert "The partnership overall: Amber/Green, suggested by rule." in said(all_sheets()["Cover"])


def test_a_framework_without_an_annual_review_has_none() -> None:
    tables = sample()
    tables["annual_review"]["rows"] = []
    sheets = {
        sheet.name: sheet for module in pack.discover() for sheet in module.sheets(marts_of(tables), QUARTER)
    }
    assert sheets["Partnership"].rating is None
    assert "overall" not in said(sheets["Cover"])


def test_a_managers_commentary_is_signed_and_dated() -> None:
    (row,) = shown(all_sheets()["FT_H4"], "FT_H4_commentary")
    assert (row["Commentary"], row["By"], row["On"]) == (
        "The clinics are new.",
        "Partnership Manager",
        "8 Jul 2004",
    )


def test_a_floor_target_says_which_rating_is_shown_and_why_others_differ() -> None:
    tables = sample()
    first = next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "H4")
    first |= {
        "rating_official": "R",
        "rating_differs": "Shown: Red, official. Suggested by rule Amber/Red: so.",
    }
    for module in pack.discover():
        for sheet in module.sheets(marts_of(tables), QUARTER):
            if sheet.name == "Judgements":
                row = by_measure(shown(sheet, "Judgements_ratings"))["Under-18 conception rate"]
                told = said(sheet)
            if sheet.name == "Summary":
                assert "Others differ for 1 measure: Judgements says which, and why." in said(sheet)
    assert (row["Official in words"], row["Moderated in words"]) == ("Red", "No rating")
    assert row["Other ratings"] == "Differ"
    assert "Under-18 conception rate: Shown: Red, official. Suggested by rule Amber/Red: so." in told


def test_quality_says_of_each_return_what_became_of_it() -> None:
    sheet = all_sheets()["Quality"]
    assert "6 returns expected: 1 received, 1 received, with queries, 1 nil return" in said(sheet)
    assert [(row["Partner"], row["What became of it"]) for row in shown(sheet, "Quality_returns")] == [
        ("Community Network", "Not in yet, and not due before 9 Jul 2004."),
        ("Community Network", "Nil return of 9 Jul 2004: nothing to report."),
        ("LSP office", "Refused. It came on 9 Jul 2004, and nothing of it is in the pack."),
        ("Police", "Received on 12 Jul 2004, 3 days late. 1 row refused. 1 row to be explained."),
        ("Primary Care Trust", "Received on 8 Jul 2004."),
        ("Primary Care Trust", "Not received. It was due on 9 Jul 2004."),
    ]


def test_quality_names_the_cell_what_was_typed_there_and_why_it_was_refused() -> None:
    first, second = shown(all_sheets()["Quality"], "Quality_findings")
    assert (first["What follows"], first["Sheet of file"], first["Cell"], first["As typed"]) == (
        "Refused: not in the pack",
        "Spend",
        "D7",
        "=1+1",
    )
    assert second["Because"] == "The lower limit is above the value."


def test_what_is_queried_shows_what_its_sender_said_beside_it() -> None:
    sheet = all_sheets()["Quality"]
    first, second = shown(sheet, "Quality_findings")
    assert (first["What its sender says beside it"], second["What its sender says beside it"]) == (
        "[z]",
        "The interval was printed so.",
    )
    assert second["What follows"] == "Queried: in the pack, with a comment of its sender"
    assert "1 query has a comment of its sender beside the figures: please judge" in said(sheet)


def test_money_that_is_in_no_total_is_named_with_its_size() -> None:
    sheets = all_sheets()
    for name in ("NRF", "Quality"):
        assert (
            "In no total of the fund: NRF03 Alley gates (refused): £230,000 was its revised allocation for "
            "2003/04 in its last return, of Jan to Mar 2004; for 2004/05 the programme's return allots Safe city "
            "£240,000 more than the totals here hold."
        ) in said(sheets[name])
    (row,) = shown(sheets["NRF"], "Fund_missing")
    assert (row["Project"], row["Revised allocation, last return"], row["Allocation of"]) == (
        "NRF03 Alley gates",
        "£230,000",
        "2003/04",
    )
    assert "those of 2004/05, unless another year is named" in said(sheets["NRF"])


def test_quality_lists_targets_without_proxy_and_with_old_values() -> None:
    sheet = all_sheets()["Quality"]
    assert [(row["Measure"], row["What there is"]) for row in shown(sheet, "Quality_no_proxy")] == [
        ("Domestic burglary, per 1,000 households", "No proxy has been found."),
        ("Robbery, per 1,000 households", "Only stale: Robberies recorded (Jan to Mar 2003, 15 months old)."),
        ("Vehicle crime, per 1,000 households", "No proxy has been found."),
    ]
    assert [row["Age in months"] for row in shown(sheet, "Quality_old")] == ["40", "[x]"]
    too_old = "Too old to rate by: the latest value of Robbery, per 1,000 households, for 2003/04."
    assert too_old in said(all_sheets()["FT_C1"])


def test_revisions_show_was_and_is() -> None:
    sheet = all_sheets()["Revisions"]
    (row,) = shown(sheet, "Revisions_Restated")
    assert (row["Was"], row["Is"], row["Status"], row["Period"]) == ("33.4", "33.0", "[r]", "2002/03")
    assert (row["Why"], row["Changed by"]) == ("Recounted.", "Police")


def test_revisions_are_split_by_cause() -> None:
    sheet = all_sheets()["Revisions"]
    assert [title.split(":")[0] for title in titles(sheet)] == [
        "Re-rated",
        "Restated",
        "Re-targeted",
        "Re-defined",
    ]
    assert "1 restated, 1 re-targeted, 1 re-defined." in said(sheet)
    (row,) = shown(sheet, "Revisions_Re_targeted")
    assert (row["Was"], row["Is"], row["What of it"], row["Why"]) == (
        "30.8", "28", "Target value", "No reason was given.",
    )  # fmt: skip
    (row,) = shown(sheet, "Revisions_Re_defined")
    assert (row["Was"], row["Is"]) == ("higher is better", "lower is better")


def test_a_rating_given_after_the_board_stands_beside_what_the_rule_suggests() -> None:
    sheet = all_sheets()["Revisions"]
    (row,) = shown(sheet, "Revisions_Re_rated")
    assert row == {
        "Kind": "Overall", "Whose rating": "Official rating", "Of": "The partnership overall",
        "For the quarter": "Apr to Jun 2004", "Was": "none", "Is": "Amber/Green", "Suggested by rule": "Amber/Green",
        "Sent by": "LSP office", "Received": "17 Sep 2004", "Why": "Given by Government Office.",
        "In the file": "ratings.xlsx",
    }  # fmt: skip
    assert (
        "Ratings that somebody gave: 1 was given, changed or taken back since the Board of that quarter"
        in said(sheet)
    )


def test_where_ratings_changed_and_no_figure_nothing_says_that_nothing_was_changed() -> None:
    def change(tables: Tables) -> None:
        tables["revisions"]["rows"] = tables["revisions"]["rows"][:1]

    sheet = all_sheets(changed(change))["Revisions"]
    assert [title.split(":")[0] for title in titles(sheet)] == ["Re-rated"]
    assert ": nothing. Ratings that somebody gave: 1 was given" in said(sheet)


def test_revisions_say_where_a_rating_stands_that_only_the_rule_has_changed() -> None:
    marts = marts_of(sample())
    assert "nothing is listed until a version of this pack has been issued" in said(
        revisions.sheets(marts, QUARTER)[0]
    )
    tables = sample()
    tables["issues"]["rows"].append({"row_id": "i", "quarter": QUARTER, "version": 1})
    again = marts_of(tables)
    again.standing = Standing(changes=())
    assert "it stands above, among what has changed since the version before" in said(
        revisions.sheets(again, QUARTER)[0]
    )


def test_a_rating_by_rule_has_its_mark_on_revisions_too() -> None:
    def change(tables: Tables) -> None:
        tables["revisions"]["rows"][0] |= {"kind": "target", "subject_id": "C1_burglary"}
        next(row for row in tables["floor_targets"]["rows"] if row["target_id"] == "C1_burglary")[
            "rating_suggested"
        ] = "G"

    (row,) = shown(all_sheets(changed(change))["Revisions"], "Revisions_Re_rated")
    assert row["Suggested by rule"] == "Green [u]"


def test_inputs_calls_returns_partners_and_quarters_by_their_names() -> None:
    first, second = shown(all_sheets()["Inputs"], "Inputs_files")
    assert (first["From"], first["What became of it"]) == ("LSP office", "in force")
    assert (
        second["What became of it"] == "Floor targets of pct for Apr to Jun 2004: accepted"
    )  # no such partner


def test_what_rounds_to_nought_has_no_minus() -> None:
    def change(tables: Tables) -> None:
        tables["floor_targets"]["rows"][0] |= {"latest_value": -0.04, "on_course": -0.0}

    line = shown(all_sheets(changed(change))["Summary"], "Summary_targets")[0]
    assert (line["Latest value"], line["On course"]) == ("0.0", "0.0%")


def test_data_sheets_name_their_figures() -> None:
    rows = shown(all_sheets()["Data_Progress"], "Data_Progress")
    assert [(row["Target"], row["Value"], row["Status"], row["Figure reference"]) for row in rows] == [
        ("H4", "56.7", "none", "target_history:H4|2001:value"),
        ("H4", "53.8", "none", "target_history:H4|2002:value"),
        ("C1_burglary", "30.2", "[p]", "target_history:C1_burglary|2003:value"),
        ("C1_vehicle", "", "[c]", "target_history:C1_vehicle|2003:value"),
    ]


def test_notes_take_thresholds_from_the_framework() -> None:
    sheet = all_sheets()["Notes"]
    assert [row["Lowest on-course ratio"] for row in shown(sheet, "Notes_scale")] == [
        "100.0%",
        "80.0%",
        "60.0%",
        "[z]",
    ]
    assert [row["Variance up to (%), over or under"] for row in shown(sheet, "Notes_bands")] == ["5", "[z]"]


def test_a_quarter_in_which_nobody_sent_anything_has_a_pack_all_the_same(tmp_path: Path) -> None:
    tables = sample()
    for name in ("actions", "benchmarks", "decisions", "findings", "floor_targets", "money_against_progress",
                 "nrf_funds", "nrf_programme", "nrf_projects", "nrf_themes", "proxies", "proxy_register",
                 "returns", "revisions", "target_money", "target_history", "provenance", "parent_targets"):  # fmt: skip
        tables[name]["rows"] = []
    summary = write_pack(compose(marts_of(tables), QUARTER), tmp_path / "pack.xlsx")
    assert "Quality" in summary.sheets


def test_a_missing_column_and_a_missing_mart_are_errors_for_people(tmp_path: Path) -> None:
    tables = sample()
    tables["floor_targets"]["columns"] = tables["floor_targets"]["columns"].replace("commentary text,", "")
    for row in tables["floor_targets"]["rows"]:
        del row["commentary"]
    with pytest.raises(
        PackError, match=r"marts\.floor_targets has no column commentary, which the pack needs"
    ):
        write_pack(compose(marts_of(tables), QUARTER), tmp_path / "pack.xlsx")
    del (tables := sample())["proxies"]
    with pytest.raises(PackError, match="The marts lack something that the pack needs"):
        write_pack(compose(marts_of(tables), QUARTER), tmp_path / "pack.xlsx")
    assert not list(tmp_path.iterdir())


def test_an_unknown_quarter_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"one row of marts.calendar \(quarter 2009-10-Q1\) and found 0"):
        write_pack(compose(marts_of(sample()), "2009-10-Q1"), tmp_path / "pack.xlsx")


def lines_of(tables: Tables) -> provenance.Lines:
    marts = marts_of(tables)
    scale = rating_scale(marts)
    laid = [lay_out(sheet, scale) for module in pack.discover() for sheet in module.sheets(marts, QUARTER)]
    return provenance.lines(laid, marts)


def test_provenance_follows_a_figure_to_the_partners_cell() -> None:
    lines = lines_of(sample())
    at = address(all_sheets()["FT_H4"], "FT_H4_standing", 0, "Latest value")
    line = lines.rows[lines.first[at]]
    assert line == {
        "pack_sheet": "FT_H4",
        "pack_cell": at[1],
        "figure": f"floor_targets:{QUARTER}|H4:latest_value",
        "shown": "53.8",
        "input_no": 1,
        "input_kind": "cell",
        "through": "target_history:H4|2002:value",
        "method": "Latest value",
        "file_name": "pct.xlsx",
        "sheet": "Targets",
        "cell": "C9",
        "as_typed": " 53.8 ",
        "partner": "pct",
        "received_at": line["received_at"],
        "sha256": "cd" * 32,
    }


def test_provenance_lists_every_input_and_says_so_where_none_is_recorded() -> None:
    lines = lines_of(sample())
    sheet = all_sheets()["FT_H4"]
    first = lines.first[address(sheet, "FT_H4_standing", 0, "Needed by now")]
    assert [(row["input_no"], row["cell"]) for row in lines.rows[first : first + 2]] == [(1, "J9"), (2, "K9")]
    unsourced = lines.rows[lines.first[address(sheet, "FT_H4_standing", 0, "On course")]]
    assert (unsourced["input_kind"], unsourced["method"]) == ("none", "No source is recorded for this figure")
    assert 0 < lines.unsourced < lines.figures


def test_provenance_of_what_a_sheet_adds_up_names_each_figure_that_was_added() -> None:
    sheet = all_sheets()["Measures"]
    lines = lines_of(sample())
    line = lines.rows[lines.first[address(sheet, "Measures_all", 1, "Spend against profile")]]
    assert (line["figure"], line["through"], line["as_typed"]) == (
        f"target_money:{QUARTER}|C1:variance",
        f"nrf_projects:{QUARTER}|NRF01:variance",
        "60,000",
    )
    assert line["method"] == "Sum, each times its share"
    nothing = lines.rows[lines.first[address(sheet, "Measures_all", 1, "Actions overdue")]]
    assert (nothing["shown"], nothing["method"]) == ("0", "Counted: its actions that are overdue")


def test_provenance_of_a_missing_figure_is_nothing_to_list() -> None:
    at = address(all_sheets()["FT_C1"], "FT_C1_standing", 2, "Latest value")
    assert at not in lines_of(sample()).first


def test_provenance_that_runs_in_a_circle_ends() -> None:
    tables = sample()
    tables["provenance"]["rows"] = [
        {"figure_id": f"target_history:H4|2001:{one}", "input_no": 1, "input_kind": "figure",
         "method": "From the other", "input_figure_id": f"target_history:H4|2001:{other}"}
        for one, other in (("value", "lower"), ("lower", "value"))
    ]  # fmt: skip
    assert lines_of(tables).first


SPOTLIGHT = '''
"""Spotlight stock take."""
from pipelines.pack.model import Column, Sheet, Table

ORDER = 45

def sheets(marts, quarter):
    rows = marts.rows("criteria")
    table = Table("Spotlight_t", "Stock take", [Column("title", "Criterion")], rows, "None.")
    return [Sheet("Spotlight", "Spotlight stock take", [table], "What was promised.")]
'''


def test_a_module_put_into_the_folder_is_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spotlight_stock_take.py").write_text(SPOTLIGHT, encoding="utf-8")
    monkeypatch.setattr(pack, "__path__", [*pack.__path__, str(tmp_path)])
    summary: PackSummary = write_pack(compose(marts_of(sample()), QUARTER), tmp_path / "pack.xlsx")
    monkeypatch.delitem(sys.modules, "pipelines.pack.spotlight_stock_take")
    assert summary.sheets[7:11] == ("Partnership", "Judgements", "Spotlight", "NRF")


def test_contents_lists_every_other_sheet_with_its_rating() -> None:
    others = list(all_sheets().values())
    sheet = contents.sheet(others)
    check([*others, sheet, provenance.sheet([])], rating_scale(marts_of(sample())))
    rows = {row["Sheet"]: row for row in shown(sheet, "Contents_sheets")}
    assert list(rows) == [other.name for other in others]
    assert (rows["FT_H4"]["Rating"], rows["FT_H4"]["Measures rated, or by whom"]) == ("■ R", "1 of 1")
    assert (rows["NRF"]["Rating in words"], rows["NRF"]["Measures rated, or by whom"]) == (
        "Not applicable",
        "[z]",
    )
    links = [row["link"] for row in sheet.tables[0].rows]
    assert all(isinstance(link, Link) for link in links)
    # on one page, unless it could not be read there
    assert sheet.is_one_page
    assert not contents.sheet([*others, *others]).is_one_page


def test_a_hidden_output_is_confidential_and_not_missing() -> None:
    def hide(tables: Tables) -> None:
        tables["nrf_projects"]["rows"][0].update(output_actual=None, output_actual_status="c")

    (first, *_) = shown(all_sheets(changed(hide))["NRF"], "Fund_outputs")
    assert (first["Output target to date"], first["Output actual to date"]) == ("100", "[c]")
