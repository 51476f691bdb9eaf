"""Nothing is lost between a partner's file and staging, and every planted defect came to what it should.

Cells are counted here again, by openpyxl over the archived file, which the pipeline does not read with.
"""

from collections import Counter
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from grids import contracts
from openpyxl import Workbook, load_workbook
from sample_files import SAMPLE, rows
from workspaces import Ran, lsp

DEFECTS = rows(SAMPLE / "defects.csv")


@cache
def archived(sample: Ran, sha256: str) -> Workbook:
    """A file as it was received, opened by another reader than the pipeline's; once for all tests."""
    return load_workbook(BytesIO((sample.workspace.archive / sha256).read_bytes()))


def is_filled(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


# The sums


def test_every_cell_of_every_sheet_is_loaded_refused_or_outside(sample: Ran) -> None:
    of_files = sample.select(
        "select sha256, sheet, cells_counted, loaded, refused, outside from staging.sheets "
        "inner join staging.files using (file_id)"
    )
    counted = {
        (sha256, sheet.title): sum(is_filled(value) for row in sheet.values for value in row)
        for (sha256,) in sample.select("select sha256 from staging.files")
        for sheet in archived(sample, sha256)
    }
    assert {(sha256, sheet): count for sha256, sheet, count, *_ in of_files} == counted
    assert {
        (sha256, sheet): loaded + refused + outside for sha256, sheet, _, loaded, refused, outside in of_files
    } == counted
    assert sum(counted.values()) > 6000


def test_every_cell_is_accounted_for_by_name_and_not_only_in_sum(sample: Ran) -> None:
    accounted = Counter(
        sample.select(
            "select sha256, sheet, cell from staging.cells inner join staging.files using (file_id)"
        )
    )
    filled = Counter(
        (sha256, sheet.title, cell.coordinate)
        for (sha256,) in sample.select("select sha256 from staging.files")
        for sheet in archived(sample, sha256)
        for row in sheet.iter_rows()
        for cell in row
        if is_filled(cell.value)
    )
    assert accounted == filled


def test_every_cell_that_did_not_enter_says_why(sample: Ran) -> None:
    assert sample.select(
        "select disposition, reason is not null, count(*) > 0 from staging.cells group by all order by all"
    ) == [("loaded", False, True), ("outside", True, True), ("refused", True, True)]


def test_rows_read_are_those_accepted_and_refused(sample: Ran) -> None:
    rows = sample.select("select rows_read, rows_accepted, rows_refused from staging.submissions")
    assert [row for row in rows if row[0] != row[1] + row[2]] == []
    assert sum(refused for *_, refused in rows) == 2


def test_rows_accepted_are_the_rows_in_the_tables(sample: Ran) -> None:
    for name, accepted in sample.select(
        "select return, sum(rows_accepted) from staging.submissions group by return order by return"
    ):
        schema, _, entity = name.rpartition(".")
        table = f"{schema or 'staging'}.received_{entity}"
        assert sample.one(f"select count(*) from {table}") == accepted, name


def test_every_row_and_value_in_the_tables_has_its_cells(sample: Ran) -> None:
    """The other way round: nothing is in staging that no partner typed, but for the area that a blank means."""
    for name in (contract.name for contract in contracts().values() if not contract.is_framework):
        for column, *_ in sample.select(f"describe staging.received_{name}"):
            if column in (
                *("row_id", "submission_id", "file_id", "partner", "quarter", "received_at"),
                *("is_current", "is_queried"),
            ):
                continue
            without = sample.one(
                f"""
                select count(*) from staging.received_{name} as given
                where {column} is not null
                and not ('{column}' = 'area_id' and {column} = (
                    select value from framework.settings where setting_id = 'home_area'
                ))
                and not exists (
                    from staging.row_cells as links
                    where links.row_id = given.row_id and links.column_name = '{column}'
                )
                """
            )
            assert without == 0, f"{name}.{column}"


# What became of each planted defect


def planted(kind: str, outcome: str = "") -> list[Any]:
    """The planted defects of a kind whose outcome says this, as test cases."""
    return [
        pytest.param(
            defect,
            id=f"{defect['quarter']} {defect['file'] or defect['partner']} {defect['return']} {defect['cell']}",
        )
        for defect in DEFECTS
        if defect["defect"] == kind and outcome in defect["outcome"]
    ]


def cell(sample: Ran, defect: dict[str, str]) -> tuple[str, str | None, str | None, str | None]:
    """Disposition, reason, row and column of the (first) cell that a defect is in."""
    ((*found,),) = sample.select(
        """
        select disposition, cells.reason, row_id, column_name from staging.cells
        inner join staging.files using (file_id)
        where folder = ? and file_name = ? and sheet = ? and cell = ?
        """,
        *(defect["quarter"], defect["file"], defect["sheet"], defect["cell"].partition(":")[0]),
    )
    disposition, reason, row_id, column = found
    return disposition, reason, row_id, column


def loaded(sample: Ran, defect: dict[str, str], *more: str) -> tuple[Any, ...]:
    """What the row of a defect's cell holds in that cell's column, and in more columns."""
    disposition, _, row_id, column = cell(sample, defect)
    assert disposition == "loaded"
    names = [str(column), *(name.format(column=column) for name in more)]
    ((*values,),) = sample.select(
        f"select {', '.join(names)} from staging.received_{defect['return']} where row_id = ?", row_id
    )
    return tuple(values)


def state(sample: Ran, defect: dict[str, str]) -> tuple[Any, ...]:
    ((*found,),) = sample.select(
        "select state, days_late, rows_read from marts.returns where quarter = ? and partner = ? and return = ?",
        *(defect["quarter"], defect["partner"], defect["return"]),
    )
    return tuple(found)


def findings_at(sample: Ran, defect: dict[str, str]) -> list[tuple[str, str]]:
    return sample.select(
        "select rule, consequence from marts.findings "
        "where quarter = ? and file_name = ? and sheet = ? and cell is not distinct from ?",
        *(defect["quarter"], defect["file"], defect["sheet"], defect["cell"] or None),
    )


CASES = {
    "title above the table": "title",
    "totals row": "total",
    "footnote under the table": "footnote",
    "renamed heading": "header",
    "reordered heading": "header",
    "table not in A1": "header",
    "sheet without a table": "no table",
    "hidden sheet": "hidden",
    "nil return": "nil",
}


@pytest.mark.parametrize(
    ("kind", "reason", "defect"),
    [(kind, reason, *case.values) for kind, reason in CASES.items() for case in planted(kind)],
)
def test_what_is_no_value_is_left_out_for_what_it_is(
    sample: Ran, kind: str, reason: str, defect: dict[str, str]
) -> None:
    assert cell(sample, defect)[:2] == ("outside", reason)


@pytest.mark.parametrize("defect", planted("totals row"))
def test_a_totals_row_agrees_with_the_rows_above_it(sample: Ran, defect: dict[str, str]) -> None:
    assert sample.one("select count(*) from marts.findings where rule = 'total_agrees'") == 0
    assert state(sample, defect)[0] == "accepted"


@pytest.mark.parametrize(
    ("defect", "themes"),
    [
        (planted("merged theme cells")[0].values[0], ["safe"] * 3),
        (planted("merged theme cells")[1].values[0], ["healthy", "healthy", "children"]),
    ],
)
def test_a_merged_theme_counts_for_each_of_its_rows(
    sample: Ran, defect: dict[str, str], themes: list[str]
) -> None:
    found = sample.select(
        "select theme_id from staging.nrf_spend where quarter = ? and partner = ? order by row_id",
        *(defect["quarter"], defect["partner"]),
    )
    assert [theme for (theme,) in found] == themes


VALUES = {
    # (file, sheet, cell) → value and status
    ("LSP_0603.xlsx", "Register", "C6"): (4310, None),
    ("LSP_0603.xlsx", "Projects", "L6"): (58_000, None),
    ("Housing perf.xlsx", "NRF", "M6"): (1_200_000, None),
    ("roads.xlsx", "Casualties by year", "C13"): (None, "x"),
    ("Env Q2.xlsx", "Recycling", "C2"): (None, "x"),
    ("Env Q4.xlsx", "Recycling", "C2"): (None, "x"),
    ("Env Q4.xlsx", "Kerbside", "C2"): (None, "x"),
    ("LSP_0604.xlsx", "Register", "C8"): (None, "x"),
    ("GCSE and KS2 for LSP.xlsx", "Results", "C2"): (36.1, "p"),
    ("roads (late).xlsx", "Casualties by year", "C7"): (118, "p"),
    ("Housing perf.xlsx", "Decent homes", "A7"): (pytest.approx(53.6), None),
    ("Book1.xlsx", "Results", "C3"): (33.9, None),
}


@pytest.mark.parametrize(
    "defect",
    [
        case
        for kind in (
            *("number as text", "money in millions", "missing marker", "provisional figure"),
            *("percentage as a fraction", "percentage as a whole number"),
        )
        for case in planted(kind)
    ],
)
def test_a_number_is_read_as_it_was_meant(sample: Ran, defect: dict[str, str]) -> None:
    wanted = VALUES[defect["file"], defect["sheet"], defect["cell"]]
    assert loaded(sample, defect, "{column}_status") == wanted


PERIODS = {
    # as typed → first and last day
    "1995-97": (date(1995, 1, 1), date(1997, 12, 31)),
    "1999 to 2001": (date(1999, 1, 1), date(2001, 12, 31)),
    "2002/03": (date(2002, 4, 1), date(2003, 3, 31)),
    "Academic year 2001/02": (date(2001, 9, 1), date(2002, 8, 31)),
    "April 2003": (date(2003, 4, 1), date(2003, 4, 30)),
    "2003Q2": (date(2003, 4, 1), date(2003, 6, 30)),
    "Q1 03/04": (date(2003, 4, 1), date(2003, 6, 30)),
    "1st Quarter April to June 2003": (date(2003, 4, 1), date(2003, 6, 30)),
    "Apr-Jun 2003": (date(2003, 4, 1), date(2003, 6, 30)),
}


@pytest.mark.parametrize("defect", planted("period label"))
def test_a_period_is_read_from_its_label(sample: Ran, defect: dict[str, str]) -> None:
    _, *days = loaded(sample, defect, "period_start", "period_end")
    assert tuple(days) == PERIODS[defect["typed"]]
    is_doubtful = "queried" in defect["outcome"]
    asked = [found for found in findings_at(sample, defect) if found[1] != "note"]
    assert asked == ([("period_clear", "query")] if is_doubtful else [])


@pytest.mark.parametrize("defect", planted("renamed heading") + planted("reordered heading"))
def test_a_renamed_or_reordered_column_is_read(sample: Ran, defect: dict[str, str]) -> None:
    column = {"Project no": "project_id", "Actual": "value"}[defect["typed"]]
    below = cell(sample, {**defect, "cell": defect["cell"][0] + str(int(defect["cell"][1:]) + 1)})
    assert (below[0], below[3]) == ("loaded", column)


def test_the_provisional_result_gives_way_to_the_final_one(sample: Ran) -> None:
    known = sample.select(
        "select latest_value, latest_status from marts.floor_targets "
        "where target_id = 'E1_lea' and quarter in ('2003-04-Q3', '2003-04-Q4') order by quarter"
    )
    assert known == [(36.1, "p"), (35.4, None)]


def test_a_correction_counts_in_the_place_of_what_it_corrects(sample: Ran) -> None:
    first, second = (case.values[0] for case in planted("resubmission"))
    assert loaded(sample, first, "is_current") == (37, False)
    assert loaded(sample, second, "is_current") == (73, True)
    assert sample.select(
        "select latest_value from marts.floor_targets where target_id = 'E3_maths' and quarter = '2003-04-Q4'"
    ) == [(73,)]
    assert sample.select(
        "select file_name, state from staging.submissions "
        "where quarter = '2003-04-Q4' and partner = 'education' and return = 'floor_targets' order by received_at"
    ) == [("Book2.xlsx", "superseded"), ("KS2 maths corrected v2 (2).xlsx", "accepted")]
    # it was put right before a pack had it: to its readers nothing has changed
    assert sample.select("select * from marts.revisions where subject_id = 'E3_maths'") == []


@pytest.mark.parametrize("defect", planted("late return"))
def test_a_late_return_counts_and_is_marked_late(sample: Ran, defect: dict[str, str]) -> None:
    kind, days_late, rows_read = state(sample, defect)
    assert kind == "accepted"
    assert rows_read > 0
    ((is_after_the_day, is_correction),) = sample.select(
        "select cast(received_at as date) > due_on, first_received_at < received_at from marts.returns "
        "where quarter = ? and partner = ? and return = ?",
        *(defect["quarter"], defect["partner"], defect["return"]),
    )
    assert is_after_the_day
    # a correction makes no return late of which the first file came in time
    assert is_correction if days_late is None else days_late > 0


@pytest.mark.parametrize("defect", planted("nil return"))
def test_a_nil_return_counts_as_nil(sample: Ran, defect: dict[str, str]) -> None:
    assert state(sample, defect) == ("nil", None, 0)


@pytest.mark.parametrize("defect", planted("missing return"))
def test_a_missing_return_is_listed(sample: Ran, defect: dict[str, str]) -> None:
    assert state(sample, defect) == ("missing", None, None)


def test_the_project_of_a_missing_return_is_not_received(sample: Ran) -> None:
    assert sample.select(
        "select project_id, state from marts.nrf_projects where quarter = '2003-04-Q3' and state <> 'received'"
    ) == [("NRF13", "missing")]


@pytest.mark.parametrize("defect", planted("refused row"))
def test_a_refused_row_does_not_enter(sample: Ran, defect: dict[str, str]) -> None:
    rule = {"NRF21": "project_id_known", "12500": "no_actual_in_open_quarter"}[defect["typed"]]
    assert findings_at(sample, defect) == [(rule, "refuse")]
    disposition, reason, row_id, _ = cell(sample, defect)
    assert (disposition, reason) == ("refused", rule)
    assert sample.one("select count(*) from staging.received_nrf_spend where row_id = ?", row_id) == 0


@pytest.mark.parametrize("defect", planted("queried row"))
def test_a_queried_row_enters_and_is_flagged(sample: Ran, defect: dict[str, str]) -> None:
    assert findings_at(sample, defect) == [("actual_within_allocation", "query")]
    assert loaded(sample, defect, "is_current", "is_queried") == (127_000, True, True)


def settled_at(sample: Ran, defect: dict[str, str]) -> list[tuple[str, str, str | None, str | None]]:
    """Rule, consequence, as typed and by what it was settled, of every finding at a planted defect."""
    return sample.select(
        "select rule, consequence, as_typed, settled_by from marts.findings "
        "where quarter = ? and file_name = ? and sheet = ? and cell = ?",
        defect["quarter"], defect["file"], defect["sheet"], defect["cell"],
    )  # fmt: skip


def test_a_comment_against_the_figures_is_asked_about_unless_it_is_waived(sample: Ran) -> None:
    asked, waived = (case.values[0] for case in planted("comment against figures"))
    assert settled_at(sample, asked) == [("comment_fits_figures", "query", asked["typed"], None)]
    assert settled_at(sample, waived) == [("comment_fits_figures", "note", waived["typed"], "waiver")]


def test_a_waiver_that_has_ended_says_so_in_the_finding(sample: Ran) -> None:
    told = sample.one("select because from marts.findings where rule = 'actual_within_allocation'")
    assert told.endswith("It was waived by Partnership Manager until 31 March 2004, and that has passed.")


def test_personal_data_is_asked_about_and_stands_nowhere(sample: Ran) -> None:
    (defect,) = (case.values[0] for case in planted("personal data"))
    masked = "The chair, [removed], thanks the office."
    assert settled_at(sample, defect) == [("commentary_without_personal_data", "query", masked, None)]
    for table, column in (
        ("staging.cells", "as_typed"),
        ("staging.row_cells", "as_typed"),
        ("staging.received_nrf_spend", "commentary"),
        ("marts.nrf_projects", "commentary"),
    ):
        said = (
            f"select count(*) filter ({column} = ?), count(*) filter ({column} like '%Example%') from {table}"
        )
        ((kept, told),) = sample.select(said, masked)
        assert kept and not told, table


def test_a_correction_puts_a_slip_right_and_leads_from_the_figure_to_the_reason(sample: Ran) -> None:
    (defect,) = (case.values[0] for case in planted("unit slip"))
    assert settled_at(sample, defect) == [("value_corrected", "note", "1510", "correction")]
    assert loaded(sample, defect, "is_queried") == (151, False)
    figure = "proxy_series:P_NEWDEAL|2003-10-01/P3M:value"
    ((typed, correction),) = sample.select(
        "select as_typed, correction from marts.provenance where figure_id = ?", figure
    )
    assert typed == "1510"
    assert correction.startswith("Read as '151', as corrected by Partnership Office on 14 January 2004: ")
    traced = lsp("trace", figure, "--root", sample.root).out
    assert "'1510'" in traced and correction in traced


@pytest.mark.parametrize(
    ("defect", "rule"),
    [
        *((case.values[0], "sheet_without_table") for case in planted("sheet without a table")),
        *((case.values[0], "hidden_sheet") for case in planted("hidden sheet")),
    ],
)
def test_a_sheet_left_out_is_listed(sample: Ran, defect: dict[str, str], rule: str) -> None:
    assert findings_at(sample, {**defect, "cell": ""}) == [(rule, "note")]


def test_an_old_value_grows_stale_where_no_newer_one_comes(sample: Ran) -> None:
    assert sample.select(
        "select latest_label, is_stale from marts.floor_targets where target_id = 'L2' order by quarter"
    )[-1] == ("2001/02", True)
    assert sample.select(
        "select quarter, latest_label, is_stale from marts.proxies where indicator_id = 'P_KERB' order by quarter"
    )[1:4] == [
        ("2003-04-Q2", "Apr to Jun 2003", False),
        ("2003-04-Q3", "Apr to Jun 2003", True),
        ("2003-04-Q4", "Apr to Jun 2003", True),
    ]


def test_every_kind_of_planted_defect_is_looked_at_here(sample: Ran) -> None:
    assert {row["defect"] for row in DEFECTS} == {
        *CASES,
        *(
            "merged theme cells",
            "number as text",
            "money in millions",
            "missing marker",
            "provisional figure",
        ),
        *("percentage as a fraction", "percentage as a whole number", "period label", "resubmission"),
        *("late return", "missing return", "refused row", "queried row"),
        *("comment against figures", "personal data", "unit slip", "programme against projects"),
    }


def test_nothing_but_what_is_planted_was_refused_or_queried(sample: Ran) -> None:
    """By column: the doubtful label 2003Q2 stands in three rows, and one of them is in the list."""
    found = sample.select(
        "select distinct file_name, sheet, regexp_replace(cell, '[0-9]+', ''), consequence from marts.findings "
        "where consequence <> 'note'"
    )
    assert set(found) == {
        (
            *(row["file"], row["sheet"], row["cell"].rstrip("0123456789")),
            "refuse" if row["defect"] == "refused row" else "query",
        )
        for row in DEFECTS
        if row["defect"] in ("refused row", "queried row") or "queried" in row["outcome"]
    }
