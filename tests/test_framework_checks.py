"""Faults of the framework as a whole: what is said of each, and the cell it points to.

Judging a framework takes seconds, so faults that do not touch each other stand in one workbook. Each must
be found all the same, and nothing else with them.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pack_marts
import pytest
from grids import CONTEXT, FIRST_SEEN, contracts, sample_framework
from openpyxl import Workbook, load_workbook
from sample_files import FRAMEWORK

from pipelines.findings import QUERY, REFUSE, Finding
from pipelines.framework_checks import check
from pipelines.house_style.sheet_names import OURS, sheet_of_target
from pipelines.judge.intake import judge_framework
from pipelines.judge.judged import Judged
from pipelines.pack import compose
from pipelines.receipt import take_receipts
from pipelines.submission.opening import open_files
from pipelines.workspace import Workspace

Changes = dict[str, object]  # cell → what is typed there instead; None empties it


class Fault(NamedTuple):
    """What is changed on a sheet, and the finding that must come of it."""

    changes: Changes
    says: str
    sheet: str
    cell: str | None
    consequence: str = REFUSE
    typed: str | None = None


def settings_without(name: str) -> str:
    return f"The settings have no '{name}'. Add a row, spelt exactly so, with "


APART = [
    # Settings
    Fault({"B2": "Salford"}, "Type the area's ref as it stands there: 'salford'.", "settings", "B2"),
    Fault({"A4": "contact"}, settings_without("partnership_contact"), "settings", None),
    Fault({"B6": "10%"}, "should be a share from 0 to 1: type 0.1 for 10%.", "settings", "B6", typed="10%"),
    Fault({"B7": 0}, "'stale_above' is '0', and should be a number above 0", "settings", "B7"),
    Fault(
        {"B8": (0.05, "0%")}, "is '5%', and should be a percentage from 0 to 100 without", "settings", "B8"
    ),
    Fault({"B16": "official, partner"}, "should name some of official, moderated, own", "settings", "B16"),
    Fault({"B17": "best"}, "'element_rule' is 'best', and should be worst or middle.", "settings", "B17"),
    Fault({"B18": 0}, "'review_months' is '0', and should be a whole number of months", "settings", "B18"),
    Fault({"B33": "NRF: spend"}, "a sheet has this name: it may have up to 31 characters", "settings", "B33"),
    Fault({"A25": "title_spend"}, "'title_spend' names no return. The returns are floor_", "settings", "A25"),
    Fault({"A20": "time_zone", "B20": "Lancashire"}, "Type one such as Europe/London", "settings", "B20"),
    Fault({"A21": "schedule_intake", "B21": "at dawn"}, "should be minute, hour, day", "settings", "B21"),
    Fault({"A22": "retention_months", "B22": "twelve"}, "a whole number of months from 1", "settings", "B22"),
    Fault(
        {"A23": "retention_months_pctt", "B23": 12}, "names no partner. Type retention_", "settings", "A23"
    ),
    # Partners
    Fault(
        {"F1": "E-mail", "F2": "a@one.example", "F3": "A@ONE.example"},
        "so nobody could tell from whom",
        *("partners", "F3"),
    ),
    Fault(
        {"F4": "housing at one.example"}, "'housing at one.example' is no e-mail address", "partners", "F4"
    ),
    # Rating scale and spend bands
    Fault(
        {"D3": 0.6, "D4": 0.8}, "must fall from rank to rank, and 0.8 comes after 0.6", "rating_scale", "D4"
    ),
    Fault({"H2": "green"}, "'green' is no colour. Type six hexadecimal digits", "rating_scale", "H2"),
    Fault({"I5": 0}, "'0' is no colour.", "rating_scale", "I5", typed="0"),
    Fault({"C4": 10}, "must rise from band to band, and 10 comes after 15", "spend_bands", "C4"),
    Fault({"C5": 90}, "must be blank in the last row", "spend_bands", "C5"),
    # Calendar and returns
    Fault({"C3": date(2003, 9, 29)}, "type 30 September 2003 here", "calendar", "C3", typed="2003-09-29"),
    Fault(
        {"E6": date(2005, 7, 15)},
        "must come after its end on 30 June 2004 and before the next quarter's on 18 October 2004",
        *("calendar", "E6"),
    ),
    Fault({"F8": date(2005, 1, 18)}, "The Board meets before the cut-off on 19 Jan", "calendar", "F8", QUERY),
    Fault(
        {"D9": date(2005, 4, 10)},
        "10 April 2005, which is a Sunday. The next working",
        "calendar",
        "D9",
        QUERY,
    ),
    Fault(
        {"H1": "Templates go out", "H7": date(2004, 10, 20)},
        "due on 13 October 2004, before they go out",
        *("calendar", "H7"),
    ),
    Fault({"I1": "Last day for late returns", "I2": date(2003, 7, 10)}, "end before the", "calendar", "I2"),
    Fault({"J1": "Reminders go out", "J2": "soon"}, "'soon' is no day. Type days such", "calendar", "J2"),
    Fault({"K1": "Pack is published", "K4": date(2004, 1, 2)}, "before the cut-off", "calendar", "K4"),
    Fault({"B2": "Floor targets"}, "Type 'floor_targets'.", "expected_returns", "B2"),
    Fault(
        {"B3": "crime"},
        "The returns are floor_targets, improvement_plan, nrf_programme, nrf_spend, proxy_indicators, ratings.",
        *("expected_returns", "B3"),
    ),
    Fault({"D4": "2003-04-Q4"}, "from 2004-05-Q1 until 2003-04-Q4, so never", "expected_returns", "D4"),
    Fault({"C5": "2002-03-Q4"}, "The calendar has no 2002-03-Q4.", "expected_returns", "C5", QUERY),
    # Targets
    Fault({"O2": None}, "type ABS_THRESHOLD needs a 'Target value'", "targets", "O2"),
    Fault({"O4": "85%"}, "type it as a plain number", "targets", "O4", typed="85%"),
    Fault({"P9": None}, "type PCT_REDUCTION needs a 'Target change'", "targets", "P9"),
    Fault({"O10": 146.8}, "Leave 'Target value' blank, or choose the type ABS_THR", "targets", "O10"),
    Fault({"J11": None}, "can't be rated without a 'Baseline value'", "targets", "J11", QUERY),
    Fault({"F12": "higher is better"}, "no change for the better where higher is", "targets", "F12", QUERY),
    Fault({"B19": "HO1"}, "'L2' has no measurable part", "parent_targets", "A11", QUERY, "L2"),
    Fault({"A21": "T1_ksi"}, "'T1_ksi' has two definitions with the same 'Since'", "targets", "A20"),
    Fault({}, "'T1_ksi' has two definitions with the same 'Since'", "targets", "A21"),
    Fault(
        {"E10": "yes"},
        "'P_CCARD' is counted in 'people' and 'H4' in another unit",
        *("proxy_links", "E10", QUERY),
    ),
    # Actions and projects
    Fault({"C2": None}, "of the delivery strand needs a 'Floor target ref'", "actions", "C2", QUERY),
    Fault({"D6": None}, "of the partnership strand needs a 'Criterion ref'", "actions", "D6", QUERY),
    Fault({"C2": 50}, "The shares of 'NRF01' add up to 80, and should", "project_targets", "C2", QUERY),
    Fault(
        {"C5": 80}, "As it would count more than once, it is in no target's", "project_targets", "C5", QUERY
    ),
    Fault({"C4": None}, "or choose 'not additive' under 'How it counts'", "project_targets", "C4", QUERY),
    Fault(
        {"C22": 50}, "What is 'not additive' has no 'Share of project (%)'", "project_targets", "C22", QUERY
    ),
]
SCALES = [
    Fault({"D2": 100}, "1 is level with the trajectory: type 0.8 for 80%", "rating_scale", "D2"),
    Fault({"D4": "60%"}, "must be a plain number here", "rating_scale", "D4", typed="60%"),
    Fault({"A4": "B"}, "No rating in a return can be read as 'B'.", "rating_scale", "A4"),
    Fault({"C5": 5}, "number 4 was expected here", "rating_scale", "C5"),
    Fault({"A5": 5, "B4": "B"}, "'Band' must run 1, 2, 3 and so on", "spend_bands", "A5"),
    Fault({"B2": "Manchester"}, "from the column 'Area ref' of the sheet 'Areas'", "settings", "B2"),
    Fault({"A5": "2005-06-Q1"}, "2005-06-Q1 runs from 1 April 2005 to 30 June 2005", "calendar", "B5"),
    Fault({}, "type 30 June 2005 here, or mend the quarter's name", "calendar", "C5"),
    Fault({}, "The calendar goes from 2003-04-Q3 straight to 2004-05-Q1.", "calendar", "A6"),
    Fault({}, "The cut-off of 2005-06-Q1 must come after its end on 30 June 2005.", "calendar", "E5"),
]
ROWS = [
    Fault({"A3": "home_area"}, "The setting 'home_area' can't be used. Two rows have", "settings", "A3"),
    Fault({}, settings_without("partnership_name"), "settings", None),
    Fault({"C5": "n/a"}, "Every row of the sheet 'Rating scale' is needed", "rating_scale", "C5"),
    Fault({}, "Every row of the sheet 'Spend bands' is needed", "spend_bands", "B5", typed="R"),
    Fault({"E6": "mid-July"}, "Every row of the sheet 'Calendar' is needed", "calendar", "E6"),
]
WORKBOOKS = {"apart": APART, "scales": SCALES, "rows": ROWS}


def judged(book: Workbook) -> Judged:
    """A framework's workbook, read and judged as a run does it."""
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.framework.mkdir(parents=True)
        book.save(workspace.framework / "framework.xlsx")
        files, _ = open_files(take_receipts(workspace, FIRST_SEEN), workspace)
        return judge_framework(files, contracts(), CONTEXT)


# The one fault that shows on another sheet than the one that is changed
CHANGED = {"parent_targets": "targets"}


@cache
def found(name: str) -> list[Finding]:
    """The findings on the sample's framework with all the faults of one workbook."""
    book = load_workbook(FRAMEWORK)
    for fault in WORKBOOKS[name]:
        for cell, value in fault.changes.items():
            typed, number_format = value if isinstance(value, tuple) else (value, "General")
            place = book[CHANGED.get(fault.sheet, fault.sheet)][cell]
            place.value = typed
            if not isinstance(typed, date):
                place.number_format = number_format
    return check(judged(book))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(name, fault, id=f"{name} {fault.sheet} {fault.cell}")
        for name, faults in WORKBOOKS.items()
        for fault in faults
    ],
)
def test_a_fault_is_said_where_it_stands(name: str, fault: Fault) -> None:
    (finding,) = [f for f in found(name) if (f.sheet, f.cell) == (fault.sheet, fault.cell)]
    assert fault.says in finding.because
    assert finding.consequence == fault.consequence
    assert finding.file_id and finding.submission_id
    assert bool(finding.row_id and finding.column_name) == bool(fault.cell)
    if fault.typed:
        assert finding.as_typed == fault.typed


@pytest.mark.parametrize("name", WORKBOOKS)
def test_nothing_else_is_found_with_them(name: str) -> None:
    assert len(found(name)) == len(WORKBOOKS[name])


def test_the_sample_has_no_fault() -> None:
    assert check(sample_framework()) == []


def test_encodings_and_limits_on_files_are_checked_where_they_are_given() -> None:
    book = load_workbook(FRAMEWORK)
    partners, settings = book["partners"], book["settings"]
    partners["E1"], partners["E2"], partners["E3"] = "Encoding of text files", "windows-1252", "klingon"
    for setting, value in (("text_encoding", "rot13"), ("limit_sheets", "many"), ("limit_ships", "3")):
        settings.append([setting, value, "Files.", "own choice"])
    said = {finding.because: finding.cell for finding in check(judged(book))}
    assert [because.split(" ")[0] for because in said] == ["'klingon'", "'text_encoding'", "The", "There"]
    assert "E3" in said.values()
    assert any("The setting 'limit_sheets' is 'many', and should be a whole number." in text for text in said)


# Whole sheets


def test_a_sheet_that_is_missing_is_named_with_its_headings() -> None:
    book = load_workbook(FRAMEWORK)
    del book["themes"], book["settings"]
    book["calendar"].delete_rows(2, 20)
    said = {finding.because: finding for finding in check(judged(book))}
    assert list(said) == [
        "No sheet of the framework has the headings of 'Themes', and no pack can be made without it. "
        "Add a sheet with at least the headings 'Theme ref', 'Theme', 'Theme order'.",
        "Nothing is filled in yet. 'Calendar' takes one row per quarter, with at least 'Quarter', 'Quarter starts', "
        "'Quarter ends', 'Returns due', 'Cut-off', 'Board meets'.",
        "No sheet of the framework has the headings of 'Settings', and no pack can be made without it. "
        "Add a sheet with at least the headings 'Setting', 'Setting value'.",
    ]
    assert [finding.sheet for finding in said.values()] == [None, "calendar", None]
    assert {finding.consequence for finding in said.values()} == {REFUSE}
    assert len({finding.file_id for finding in said.values()}) == 1


def test_without_any_framework_every_needed_sheet_is_named() -> None:
    said = check(judge_framework([], contracts(), CONTEXT))
    assert [finding.because.split("'")[1] for finding in said] == [
        "Areas",
        "Partners",
        "Themes",
        "Calendar",
        "Targets as worded",
        "Measurable targets",
        "Settings",
        "Rating scale",
        "Spend bands",
    ]
    assert {finding.file_id for finding in said} == {None}


# Single values


def altered(entity: str, row: int, **values: Any) -> Judged:
    """The judged sample with other values in one row of a sheet; the rows count from 0."""
    judged = sample_framework()
    frame = judged.frames[f"framework.{entity}"].copy()
    for column, value in values.items():
        frame.loc[row, column] = value
    return replace(judged, frames=judged.frames | {f"framework.{entity}": frame})


def consequences(judged: Judged) -> list[str]:
    return [finding.consequence for finding in check(judged)]


EARLY_SHARE, STALE_ABOVE, CARRY_CAP = 4, 5, 6  # rows of the sample's settings


@pytest.mark.parametrize(
    ("row", "value", "expected"),
    [
        (EARLY_SHARE, "0", []),
        (EARLY_SHARE, "1", []),
        (EARLY_SHARE, "1.1", [REFUSE]),
        (EARLY_SHARE, "-0.1", [REFUSE]),
        (EARLY_SHARE, "a tenth", [REFUSE]),
        (EARLY_SHARE, "nan", [REFUSE]),
        (STALE_ABOVE, "1.5", []),
        (STALE_ABOVE, "inf", [REFUSE]),
        (CARRY_CAP, "0", []),
        (CARRY_CAP, "100", []),
        (CARRY_CAP, "101", [REFUSE]),
        (CARRY_CAP, "0.05", [QUERY]),
    ],
)
def test_a_setting_must_be_a_number_that_makes_sense(row: int, value: str, expected: list[str]) -> None:
    assert consequences(altered("settings", row, value=value)) == expected


CIRCULATORY = 7  # row of the sample's targets: 40% less of 192.2, lower is better


@pytest.mark.parametrize(
    ("target_type", "polarity", "change", "expected"),
    [
        ("PCT_REDUCTION", "lower is better", 40.0, []),
        ("PCT_REDUCTION", "lower is better", -40.0, [QUERY]),
        ("PCT_REDUCTION", "higher is better", -40.0, []),
        ("PCT_REDUCTION", "lower is better", 0.0, [QUERY]),
        ("PP_CHANGE", "lower is better", 4.0, []),
        ("PP_CHANGE", "higher is better", 4.0, []),
        ("PP_CHANGE", "higher is better", -4.0, [QUERY]),
        ("GAP_REL", "higher is better", 10.0, [QUERY]),  # and no place to compare it with
        ("GAP_REL", "higher is better", None, [QUERY, QUERY]),
        ("UNIT_FLOOR", "lower is better", None, []),
    ],
)
def test_a_change_must_be_for_the_better(
    target_type: str, polarity: str, change: float | None, expected: list[str]
) -> None:
    framework = altered(
        "targets", CIRCULATORY, target_type=target_type, polarity=polarity, target_change=change
    )
    assert consequences(framework) == expected


KSI = 17  # row of the sample's indicators: casualties, which add up to T1_ksi
SCHOOLS = 1  # row of the sample's targets: secondary schools below a floor


@pytest.mark.parametrize(
    ("row", "counted", "floor", "expected"),
    [
        (SCHOOLS, "E1_lea", 25.0, []),
        (SCHOOLS, "E1_lea", None, [REFUSE]),
        (SCHOOLS, "E9", 25.0, [REFUSE]),
        (SCHOOLS, "E1_schools", 25.0, [REFUSE]),
        (CIRCULATORY, "E1_lea", 25.0, [REFUSE]),
    ],
)
def test_units_are_counted_of_another_target_against_a_floor(
    row: int, counted: str, floor: float | None, expected: list[str]
) -> None:
    framework = altered("targets", row, counted_target_id=counted, unit_floor=floor)
    assert consequences(framework) == expected


@pytest.mark.parametrize(("share", "expected"), [(69.9, []), (70.5, []), (69.0, [QUERY]), (71.0, [QUERY])])
def test_shares_add_up_but_for_rounding(share: float, expected: list[str]) -> None:
    assert consequences(altered("project_targets", 0, weight_pct=share)) == expected


def test_a_rating_of_one_colour_can_be_read() -> None:
    assert consequences(altered("rating_scale", 1, rating="A")) == []


def test_a_row_that_does_not_count_is_not_looked_at() -> None:
    assert consequences(altered("targets", CIRCULATORY, target_change=None, is_current=True)) == [REFUSE]
    assert consequences(altered("targets", CIRCULATORY, target_change=None, is_current=False)) == []


@pytest.mark.parametrize(("unit", "expected"), [("Casualties ", []), ("people", [QUERY])])
def test_a_proxy_adds_up_to_a_target_of_its_own_unit(unit: str, expected: list[str]) -> None:
    assert consequences(altered("indicators", KSI, unit=unit)) == expected


def test_a_measured_target_without_a_lead_partner_would_be_asked_of_nobody() -> None:
    (finding,) = check(altered("parent_targets", 2, lead_partner_id=None))
    assert (finding.rule, finding.consequence) == ("target_has_lead", QUERY)
    assert finding.because == "Nobody is asked for the values of 'H1': fill in 'Lead partner'."


def test_a_proxy_that_nobody_sends_is_no_fault() -> None:
    assert consequences(altered("indicators", 0, partner_id=None)) == []


# Names of sheets


@pytest.mark.parametrize(
    ("entity", "values", "says"),
    [
        (
            "parent_targets",
            {"parent_id": "H4/1"},
            "called 'FT_H4/1' after this ref. Excel allows no square brackets",
        ),
        ("parent_targets", {"parent_id": "H" * 28}, ""),
        (
            "parent_targets",
            {"parent_id": "H" * 29},
            "of which 29 characters are too many: it may have 28. Give the target",
        ),
        (
            "parent_targets",
            {"parent_id": "h1"},
            "'h1' and 'H1' differ only in capitals or signs: Excel takes their",
        ),
        (
            "funds",
            {"short_name": "Quality"},
            "called 'Quality', and the pack has another sheet of that name. Type another",
        ),
        ("funds", {"short_name": "ft_h4"}, "the pack has another sheet of that name."),
        ("funds", {"short_name": "Working Neighbourhoods"}, ""),
        (
            "funds",
            {"short_name": None, "fund_id": "N" * 32},
            "which is 32 characters, and 31 are the most. Fill in 'Fund sh",
        ),
        ("funds", {"short_name": None, "fund_id": "NRF/WNF"}, "Excel allows no square brackets, colons"),
    ],
)
def test_what_names_a_sheet_can_name_one(entity: str, values: dict[str, object], says: str) -> None:
    """The pack would not be written otherwise; and a floor target that was renamed has no part any more."""
    found = [
        one
        for one in check(altered(entity, 0, **values))
        if one.rule in ("ref_names_sheet", "fund_names_sheet")
    ]
    assert len(found) == bool(says)
    for finding in found:
        assert says in finding.because and finding.consequence == REFUSE
        assert (finding.sheet, finding.cell is not None) == (entity, True)


def test_the_names_that_are_kept_for_sheets_of_our_own_are_those_of_the_pack() -> None:
    tables = pack_marts.sample()
    made = {page.sheet.name for page in compose(pack_marts.marts_of(tables), pack_marts.QUARTER).laid}
    named = {sheet_of_target(row["parent_id"]) for row in tables["parent_targets"]["rows"]} | {"NRF"}
    assert made - named <= set(OURS)
    assert set(OURS) - made == {"Communities"}, "which is there where there are areas within"
