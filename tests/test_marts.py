"""The marts: the public interface, every column explained, every value traced, and the figures themselves."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook
from sample_files import RAW
from workspaces import QUARTER, Ran, Sent, lsp, run, workspace_of

from pipelines import measures
from pipelines.marts import MartError, Select, _type_of, in_order

# The public interface. Others build on it: a column may be added, none may go.
INTERFACE = {
    "staging.files": "file_id sha256 file_name received_at received_from state reason",
    "staging.sheets": "file_id sheet cells_counted loaded refused outside",
    "staging.submissions": "submission_id file_id sha256 file_name return partner quarter received_at state "
    "rows_read rows_accepted rows_refused",
    "staging.cells": "file_id submission_id row_id column_name sheet cell as_typed disposition reason",
    "staging.findings": "submission_id row_id column_name sheet cell as_typed rule because consequence",
    "marts.floor_targets": "quarter target_id theme title unit polarity baseline_value target_value due_on "
    "latest_value latest_period published_on age_months is_stale previous_value trajectory_value on_course "
    "progress comparator_value gap position outlook rating_suggested rating_partner rating_moderated "
    "rating_official rating rating_source rating_reason row_id",
    "marts.target_series": "target_id period_start period_end value lower upper trajectory_value "
    "comparator_value status row_id",
    "marts.running_periods": "quarter target_id months months_known so_far at_pace needed outlook reason row_id",
    "marts.proxies": "quarter target_id indicator_id title latest_value latest_period previous_value variation "
    "assurance link_grade age_months is_stale row_id",
    "marts.proxy_series": "indicator_id period_start period_end value lower upper status row_id",
    "marts.proxy_register": "quarter target_id cover indicator_id link_grade age_months is_stale is_disagreeing "
    "warning row_id",
    "marts.benchmarks": "quarter target_id area_id value lower upper benchmark_value comparison row_id",
    "marts.actions": "quarter action_id strand target_id criterion owner due_on status rating days_overdue note "
    "row_id",
    "marts.nrf_projects": "quarter project_id theme title allocation profile_to_date actual_to_date variance "
    "variance_pct forecast_outturn outturn_low outturn_high carry_forward at_risk rating row_id",
    "marts.nrf_funds": "quarter fund award allocation profile_to_date actual_to_date variance outturn_low outturn_high "
    "carry_forward at_risk rating projects_expected projects_received projects_refused row_id",
    "marts.nrf_totals": "quarter kind subject funds allocation actual_to_date variance projects_expected "
    "projects_received projects_refused row_id",
    "marts.funds": "fund title short_name row_id",
    "marts.nrf_programme": "quarter theme state programme_allocation projects_allocation allocation_difference "
    "programme_actual projects_actual actual_difference reconciles sentence row_id",
    "marts.target_money": "quarter parent_id rating allocation profile_to_date actual_to_date variance "
    "projects_expected projects_received projects_refused projects_not_additive actions_live row_id",
    "marts.money_against_progress": "quarter parent_id question sentence rating allocation row_id",
    "marts.nrf_themes": "quarter theme allocation profile_to_date actual_to_date variance projects_expected "
    "projects_received projects_refused row_id",
    "marts.returns": "quarter partner return due_on received_at state days_late rows_read rows_accepted "
    "rows_refused file_name sha256",
    "marts.ratings": "quarter subject subject_kind kind rating reason rated_by rated_on row_id",
    "marts.findings": "row_id",
    "marts.revisions": "row_id",
    "marts.provenance": "figure_id input_no input_kind method mart column_name row_id file_name sha256 sheet cell "
    "as_typed partner received_at correction",
}

# What a mart says of our own: what we received, found or worked out about the receiving. No partner's cell
# holds it, so there is none to lead to. Everything else must lead to one.
OURS = {
    # what these marts were made from, what came in and what was found in it
    "about": "run_id as_at code_version contracts_version framework_version newest_quarter files_received",
    "decisions": "quarter decision_order rule ask answered",
    "inputs": "file_name sha256 folder received_at received_from size_bytes kind became",
    "returns": "quarter partner partner_title return is_expected due_on received_at first_received_at state days_late "
    "rows_read rows_accepted rows_refused rows_queried files_received is_newest_refused file_name sha256",
    "findings": "quarter partner partner_title return file_name sha256 received_at sheet cell as_typed "
    "column_name rule because said consequence source_row_id is_open finding_id row_key is_trial "
    "settled settled_by settled_at",
    # which two files differ, and about what; the values themselves lead to their cells
    "revisions": "quarter cause cause_order kind subject_id title area_id period_label item unit places "
    "was_received_at received_at partner why file_name",
    # our own reckoning of days
    "key_dates": "quarter kind day basis",
    # what came in, counted
    "return_history": "quarter partner partner_title return changed_at state days_late said file_name is_last",
    "partner_quality": "quarter partner partner_title returns_expected returns_on_time returns_late "
    "returns_outstanding returns_nil returns_refused on_time_pct most_days_late files_sent rows_read rows_refused "
    "rows_queried queries_settled",
    # the tables of this database
    "lineage": "table_name column_name from_table from_column",
    # the quarter that a row is about, our words for it, whether we ask about a row, why a rating is as it is
    "calendar": "label",
    "floor_targets": "quarter is_queried rating_source rating_reason rating_differs position_reason outlook_reason "
    "needed_places judged_places",
    "annual_review": "quarter subject subject_kind title subject_order measures rating_source "
    "rating_reason rating_differs",
    "target_series": "is_queried",
    "running_periods": "quarter",
    "target_history": "quarter is_queried needed_places",
    "proxies": "quarter target_id partner is_queried",
    "proxy_series": "is_queried",
    # a target without a proxy is known by there being none
    "proxy_register": "quarter cover partner",
    "benchmarks": "quarter",
    "actions": "quarter is_queried",
    "nrf_projects": "quarter state is_queried",
    "nrf_themes": "quarter theme",
    "nrf_totals": "quarter kind",
    # what a judgement is on, and of which kind, is settled by the return that it came in
    "ratings": "quarter subject_kind subject_title parent_id kind",
    "nrf_funds": "quarter",
    "nrf_programme": "quarter year_label state is_queried",
    "target_money": "quarter",
    "money_against_progress": "quarter",
}


def marts_of(sample: Ran) -> list[str]:
    found = sample.select(
        "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
    )
    return [name for (name,) in found if name != "provenance"]


# What there is


@pytest.mark.parametrize("table", INTERFACE)
def test_query_answers_with_each_table_of_the_public_interface(sample: Ran, table: str) -> None:
    said = lsp("query", f"select * from {table} limit 1", "--format", "json", "--root", sample.root)
    assert said.code == 0
    ((row),) = json.loads(said.out)
    assert set(INTERFACE[table].split()) <= set(row)


def test_every_table_view_and_column_says_what_it_is(sample: Ran) -> None:
    schemas = "('staging', 'framework', 'series', 'measures', 'marts')"
    unsaid = sample.select(
        f"""
        select schema_name, table_name, null from duckdb_tables()
        where schema_name in {schemas} and coalesce(trim(comment), '') = ''
        union all
        select schema_name, view_name, null from duckdb_views()
        where schema_name in {schemas} and coalesce(trim(comment), '') = ''
        union all
        select schema_name, table_name, column_name from duckdb_columns()
        where schema_name in {schemas} and coalesce(trim(comment), '') = ''
        """
    )
    assert unsaid == []


def test_row_id_is_there_and_unique_in_every_mart(sample: Ran) -> None:
    marts = marts_of(sample)
    assert len(marts) >= 15
    for mart in marts:
        rows, ids, filled = sample.select(
            f"select count(*), count(distinct row_id), count(row_id) from marts.{mart}"
        )[0]
        assert (rows, rows) == (ids, filled), mart
        assert ("row_id", "VARCHAR") in [column[:2] for column in sample.select(f"describe marts.{mart}")], (
            mart
        )


def test_marts_that_read_each_other_in_a_circle_are_our_fault() -> None:
    one, two = Select("one", "from marts.two", "", {}), Select("two", "from marts.one", "", {})
    with pytest.raises(MartError, match=r"one, two of sql/marts read each other in a circle"):
        in_order([one, two], "marts")
    after = Select("after", "from marts.before", "", {})
    before = Select("before", "from staging.after", "", {})
    assert in_order([after, before], "marts") == [before, after]


# Where it comes from


def test_every_value_has_provenance_but_for_what_is_our_own(sample: Ran) -> None:
    columns = sample.select(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and table_name <> 'provenance' and column_name <> 'row_id'"
    )
    unsourced = sample.select(
        " union all ".join(
            f"""
            select '{mart}', '{name}' from marts.{mart}
            where {name} is not null and row_id not in (
                select row_id from marts.provenance where mart = '{mart}' and column_name = '{name}'
            )
            """
            for mart, name in columns
        )
    )
    without: dict[str, set[str]] = {}
    for mart, name in unsourced:
        without.setdefault(mart, set()).add(name)
    assert without == {mart: set(columns.split()) for mart, columns in OURS.items()}


def test_every_chain_of_provenance_ends_at_a_cell_or_setting_of_an_archived_file(sample: Ran) -> None:
    links = sample.select("select distinct figure_id, input_kind, input_figure_id from marts.provenance")
    below: dict[str, set[str]] = {}
    for figure, kind, inner in links:
        assert (kind == "figure") == (inner is not None)
        below.setdefault(figure, set()).update([inner] if inner else [])
    grounded = {figure for figure, inner in below.items() if not inner}
    while True:
        more = {figure for figure, inner in below.items() if figure not in grounded and inner <= grounded}
        if not more:
            break
        grounded |= more
    assert set(below) - grounded == set()
    for (sha256,) in sample.select(
        "select distinct sha256 from marts.provenance where input_kind in ('cell', 'setting')"
    ):
        assert (sample.workspace.archive / sha256).is_file()
    assert sample.one(
        "select count(*) from marts.provenance where input_kind <> 'figure' "
        "and (sheet is null or cell is null or as_typed is null or file_name is null or received_at is null)"
    ) == 0  # fmt: skip


def test_a_value_that_is_missing_leads_to_what_was_typed_instead(sample: Ran) -> None:
    typed = sample.select(
        """
        select target_id, period_label, status, as_typed from marts.target_series
        inner join marts.provenance on figure_id = 'target_series:' || target_series.row_id || ':value'
        where value is null order by all
        """
    )
    assert typed == [
        ("L2", "2002/03", "x", ".."),
        ("T1_slight", "2002", "x", "n/a"),
        ("T1_slight", "2003", "x", ".."),
    ]


# What it says: floor targets


def target(sample: Ran, target_id: str, *columns: str, quarter: str = QUARTER) -> tuple[Any, ...]:
    ((*values,),) = sample.select(
        f"select {', '.join(columns)} from marts.floor_targets where quarter = ? and target_id = ?",
        quarter,
        target_id,
    )
    return tuple(values)


@pytest.mark.parametrize(
    ("target_id", "rating", "on_course"),
    [
        ("C1_burglary", "G", 1.118),
        ("H3_circulatory", "G", 1.245),
        ("T1_ksi", "G", 1.575),
        ("E1_lea", "AG", 0.944),
        ("E1_schools", "G", 1.251),
        ("E3_maths", "AR", 0.736),
        ("H1_male", "G", 2.256),
        ("H1_female", "R", -1.515),
        ("H3_cancer", "AR", 0.716),
        ("HO1", "AR", 0.627),
        ("T1_child", "AR", 0.632),
        ("E3_english", "R", 0.536),
        ("C1_robbery", "R", 0.510),
    ],
)
def test_a_target_is_rated_by_its_on_course_ratio(
    sample: Ran, target_id: str, rating: str, on_course: float
) -> None:
    columns = ("position", "overall", "rating_suggested")
    assert target(sample, target_id, *columns) == (rating,) * 3
    assert target(sample, target_id, "outlook", "overall_mark") == (None, "u")  # too few values to look ahead
    assert target(sample, target_id, "on_course")[0] == pytest.approx(on_course, abs=0.0005)
    shown, source, moderated = target(sample, target_id, "rating", "rating_source", "rating_moderated")
    assert (shown, source) == ((moderated, "moderated") if moderated else (rating, "suggested by rule"))


@pytest.mark.parametrize(
    ("target_id", "reason"),
    [
        (
            "C1_vehicle",
            "Not rated: counted anew from 1 Apr 2002 (National Crime Recording Standard: more of what is reported "
            "is recorded from April 2002), so the value can't be compared with the baseline.",
        ),
        (
            "C3",
            "Too early to rate: none of the improvement was needed by 31 Mar 2004. No outlook: 1 value "
            "whose periods don't overlap, and 5 are needed.",
        ),
        (
            "L2",
            "Not rated: the value is too old to judge by. The value for 2002/03 is not available. The next value was "
            "due out on 31 Jul 2003, 11 months before the cut-off.",
        ),
        ("T1_slight", "Not rated: no value. The value for 2003 is not available."),
        (
            "E3_schools",
            "Too early to rate: none of the improvement was needed by 31 Aug 2003. No outlook: 1 value "
            "whose periods don't overlap, and 5 are needed.",
        ),
        (
            "W1_overall",
            "Not rated: at 66.4 on 31 May 2003, and no value since the baseline is known that it could be judged by. "
            "No outlook: 2 values whose periods don't overlap, and 5 are needed.",
        ),
        (
            "W1_lone_parents",
            "Not rated: at 46.8 on 31 May 2003, and no value since the baseline is known that it could be judged by. "
            "No outlook: 2 values whose periods don't overlap, and 5 are needed.",
        ),
    ],
)
def test_a_target_that_cannot_be_rated_says_why(sample: Ran, target_id: str, reason: str) -> None:
    assert target(sample, target_id, "position", "rating_suggested") == (None, None)
    shown, source, why = target(sample, target_id, "rating", "rating_source", "rating_reason")
    assert source == "moderated" or (shown, why) == (None, reason)


def test_every_target_of_the_quarter_is_one_of_these(sample: Ran) -> None:
    assert sample.select(
        "select rating_suggested, count(*) from marts.floor_targets where quarter = ? group by all order by all",
        QUARTER,
    ) == [("AG", 1), ("AR", 4), ("G", 5), ("R", 4), (None, 7)]


def test_under_18_conceptions_against_the_published_series(sample: Ran) -> None:
    """Baseline 61.5 (1998), half of it by 2010: a third of the way in 2002 would be 51.25."""
    columns = ("latest_value", "latest_label", "trajectory_value", "comparator_value", "gap", "target_value")
    *values, gap, goal = target(sample, "H4", *columns)
    assert values == [53.8, "2002", pytest.approx(51.25), 42.8]
    assert (gap, goal) == (pytest.approx(11.0), 30.75)


def test_the_ratio_can_be_worked_out_from_what_is_shown(sample: Ran) -> None:
    """By value, baseline and needed value with the decimals that they are printed with."""
    rows = sample.select(
        "select round(latest_value, places), round(baseline_value, places), round(trajectory_value, needed_places), "
        "round(on_course, 3) from marts.floor_targets where judged_by is null and on_course >= 0 union all "
        "select round(periods.value, places), round(baseline_value, places), "
        "round(periods.trajectory_value, periods.needed_places), round(periods.on_course, 3) "
        "from marts.target_history as periods inner join marts.floor_targets as targets using (quarter, target_id) "
        "where judged_by is null and periods.on_course >= 0"
    )
    assert len(rows) > 30
    for value, baseline, needed, ratio in rows:
        assert (value - baseline) / (needed - baseline) == pytest.approx(ratio, abs=0.0016)


def test_needed_values_of_one_measure_have_as_many_decimals_in_every_period(sample: Ran) -> None:
    mixed = sample.select(
        "select target_id from marts.target_history group by quarter, target_id "
        "having count(distinct needed_places) > 1"
    )
    assert mixed == []


def test_the_ratio_of_a_gap_can_be_worked_out_from_the_sentence_beside_it(sample: Ran) -> None:
    """It is made of the gaps, which no table beside the ratio has: of men's life expectancy 225.6%."""
    ratio, reason = target(sample, "H1_male", "on_course", "rating_reason")
    numbers = r"\(([0-9.]+) in the baseline\): at ([0-9.]+) against ([0-9.]+) needed"
    found = re.search(numbers, reason)
    assert found, reason
    baseline, value, needed = map(float, found.groups())
    assert round((value - baseline) / (needed - baseline), 3) == pytest.approx(round(ratio, 3), abs=0.0016)


def test_every_periods_value_has_one_basis_that_of_the_baseline_where_it_is_the_baseline(sample: Ran) -> None:
    """The baselines of H3 were published, what was sent since is invented."""
    rows = sample.select(
        "select periods.period_label, periods.basis from marts.target_history as periods "
        "where quarter = '2004-05-Q1' and target_id = 'H3_cancer' order by periods.period"
    )
    assert rows[0] == ("1995 to 1997", "published") and {basis for _, basis in rows[1:]} == {"illustrative"}
    differ = sample.select(
        "select target_id from marts.floor_targets as targets inner join marts.target_history as periods "
        "using (quarter, target_id) where baseline_label = period_label and baseline_value = value "
        "and baseline_basis <> basis"
    )
    assert differ == []


def test_what_is_not_said_of_a_chance_has_its_reason(sample: Ran) -> None:
    rows = sample.select("select outlook, outlook_reason, position_reason from marts.floor_targets")
    assert all((outlook is None) == (reason is not None) for outlook, reason, _ in rows)
    assert all(said for *_, said in rows)
    assert target(sample, "E1_schools", "outlook_reason") == (
        "3 values whose periods don't overlap, and 5 are needed.",
    )


def test_a_mark_stands_where_all_measures_with_the_worst_rating_have_it(sample: Ran) -> None:
    marks = dict(
        sample.select("select parent_id, rating_mark from marts.target_money where quarter = ?", QUARTER)
    )
    assert (marks["C1"], marks["E3"], marks["H4"], marks["W1"], marks["C3"]) == ("u", "u", None, None, None)


def test_the_outlook_is_a_word_and_a_band_with_its_range(sample: Ran) -> None:
    """Five values since 1998: at least as many as are needed, and the only target of the sample to have them."""
    columns = (
        "position",
        "outlook",
        "overall",
        "overall_mark",
        "outlook_word",
        "outlook_band",
        "outlook_points",
    )
    assert target(sample, "H4", *columns) == ("AR", "R", "R", None, "unlikely", "0% to 25%", 5)
    low, high, reason = target(sample, "H4", "outlook_low", "outlook_high", "rating_reason")
    assert 0 < low < 0.25 < high < 1
    assert reason == (
        "At 53.8 against 51.25 needed on the trajectory by 31 Dec 2002: 75.1% of the improvement needed by then. "
        "Outlook for 2010: unlikely, as the middle of the methods lies at 0% to 25%; one by one they give 5% to 38%. "
        "It rests on 5 values. The worse of the two is shown."
    )


def test_a_gap_is_judged_while_level_and_gap_are_shown(sample: Ran) -> None:
    """Women in 2000-02: 78.1 here, England 80.7 as the sample has it; 10% off the gap of 1995-97 by 2008-10."""
    columns = (
        "latest_value",
        "comparator_value",
        "judged_by",
        "judged_baseline",
        "judged_value",
        "judged_target",
    )
    here, there, what, then, now, goal = target(sample, "H1_female", *columns)
    assert what == "Gap to England in %"
    assert now == pytest.approx(100 * (there - here) / there)
    assert goal == pytest.approx(0.9 * then)
    assert target(sample, "H1_female", "gap_pct") == (pytest.approx(now),)
    assert target(sample, "H1_female", "target_value") == (pytest.approx(there * (1 - goal / 100)),)
    assert target(sample, "H1_female", "gap") == (pytest.approx(here - there),)


def test_the_next_value_is_due_a_frequency_and_a_lag_after_the_latest(sample: Ran) -> None:
    assert str(*target(sample, "H4", "next_release_on")) == "2005-02-28"  # 2003, 14 months after its end


def test_values_on_both_sides_of_a_break_are_not_compared(sample: Ran) -> None:
    """Counted anew from April 2002: a baseline of 1998/99 says nothing of 2003/04, nor 2001/02 of 2002/03."""
    columns = ("latest_value", "target_value", "trajectory_value", "on_course", "progress", "outlook_points")
    value, goal, *rest, points = target(sample, "C1_vehicle", *columns)
    assert (value, goal) == (27.2, pytest.approx(25.2))
    assert rest == [None, None, None]
    assert points == 2
    assert target(sample, "C1_vehicle", "latest_label", "previous_value", quarter="2003-04-Q1") == (
        "2002/03",
        None,
    )


def test_a_stale_value_says_that_it_is(sample: Ran) -> None:
    assert target(sample, "L2", "latest_value", "latest_label", "is_stale") == (5.2, "2001/02", True)


# What it says: money


def test_a_themes_money_is_that_of_its_projects(sample: Ran) -> None:
    shared = ["profile_to_date", "actual_to_date", "variance", "outturn_low", "outturn_high", "at_risk"]
    sums, of_projects = ["allocation", *shared], ["revised_allocation", *shared]
    themes = sample.select(f"select quarter, theme, {', '.join(sums)} from marts.nrf_themes order by all")
    added = sample.select(
        f"select quarter, theme, {', '.join(f'sum({name})' for name in of_projects)} from marts.nrf_projects "
        "group by quarter, theme order by all"
    )
    assert len(themes) == 35
    for theme, projects in zip(themes, added, strict=True):
        assert theme == tuple(
            pytest.approx(value) if isinstance(value, float) else value for value in projects
        )


def test_a_theme_counts_its_projects_expected_received_and_refused(sample: Ran) -> None:
    counted = sample.select(
        """
        select quarter, theme, count(*), count(*) filter (state = 'received'), count(*) filter (state = 'refused')
        from marts.nrf_projects group by quarter, theme order by all
        """
    )
    columns = "quarter, theme, projects_expected, projects_received, projects_refused"
    assert sample.select(f"select {columns} from marts.nrf_themes order by all") == counted
    short = sample.select(
        f"select {columns} from marts.nrf_themes where projects_received < projects_expected order by all"
    )
    assert short == [("2003-04-Q3", "good_place", 2, 1, 0), (QUARTER, "safe", 4, 3, 1)]


@pytest.mark.parametrize(
    "typed", ["NRF 03", "nrf03", "Drug outreach in custody suites (illustrative programme)"]
)
def test_a_refused_project_is_known_however_its_reference_was_typed(tmp_path: Path, typed: str) -> None:
    book = load_workbook(RAW / QUARTER / "CDRP return Apr-Jun 04.xlsx")
    (cell,) = (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "NRF03")
    cell.value = typed
    book.save(tmp_path / "return.xlsx")
    ran = run(
        workspace_of(
            tmp_path / "workspace",
            Sent("return.xlsx", (tmp_path / "return.xlsx").read_bytes(), sender="police"),
        )
    )
    states = "select state from marts.nrf_projects where quarter = ? and project_id = 'NRF03'"
    assert ran.select(states, QUARTER) == [("refused",)]
    refused = "select projects_refused from marts.nrf_themes where quarter = ? and theme = 'safe'"
    assert ran.select(refused, QUARTER) == [(1,)]


def test_what_a_project_was_allotted_last_says_of_which_year(sample: Ran) -> None:
    assert sample.select(
        "select project_id, last_allocation, last_year, last_label from marts.nrf_projects "
        "where quarter = ? and last_allocation is not null",
        QUARTER,
    ) == [("NRF03", 240000, "2003/04", "Jan to Mar 2004")]
    assert sample.one("select distinct year_label from marts.nrf_programme where quarter = ?", QUARTER) == (
        "2004/05"
    )


@pytest.mark.parametrize(("quarter", "state"), [("2003-04-Q3", "missing"), (QUARTER, "refused")])
def test_a_project_without_figures_has_no_figures_rather_than_zeros(
    sample: Ran, quarter: str, state: str
) -> None:
    numbers = [
        name
        for name, kind, *_ in sample.select("describe marts.nrf_projects")
        if kind in ("DOUBLE", "BIGINT") and name != "last_allocation"  # of an earlier return, and called so
    ]
    assert len(numbers) > 15
    assert sample.select(
        f"select {', '.join(numbers)}, rating from marts.nrf_projects where quarter = ? and state = ?",
        quarter,
        state,
    ) == [(None,) * (len(numbers) + 1)]


def test_every_project_counts_once_for_its_fund_and_its_theme(sample: Ran) -> None:
    shown = ("allocation", "profile_to_date", "actual_to_date", "variance", "outturn_low", "outturn_high")
    for mart in ("nrf_funds", "nrf_themes"):
        sums = sample.select(
            f"select quarter, {', '.join(f'sum({name})' for name in shown)} from marts.{mart} group by all order by all"
        )
        projects = sample.select(
            f"""
            select quarter, {", ".join(f"sum({name})" for name in ("revised_allocation", *shown[1:]))}
            from marts.nrf_projects group by all order by all
            """
        )
        assert [quarter for quarter, *_ in sums] == [quarter for quarter, *_ in projects]
        for given, wanted in zip(sums, projects, strict=True):
            assert given[1:] == pytest.approx(wanted[1:]), mart


def test_what_counts_towards_targets_and_what_does_not_make_up_the_fund(sample: Ran) -> None:
    """NRF15 is declared not additive and NRF16 serves no floor target; everything else counts once."""
    counted = dict(sample.select("select quarter, sum(actual_to_date) from marts.target_money group by all"))
    left_out = dict(
        sample.select(
            "select quarter, sum(actual_to_date) from marts.nrf_projects "
            "where project_id in ('NRF15', 'NRF16') group by all"
        )
    )
    fund = dict(sample.select("select quarter, actual_to_date from marts.nrf_funds"))
    assert {quarter: counted[quarter] + left_out[quarter] for quarter in fund} == pytest.approx(fund)


def test_a_fund_is_at_risk_of_no_more_than_its_projects_one_by_one(sample: Ran) -> None:
    rows = sample.select(
        """
        select funds.at_risk, funds.at_risk_least, sum(projects.at_risk), funds.carry_forward, funds.allocation
        from marts.nrf_funds as funds inner join marts.nrf_projects as projects on projects.quarter = funds.quarter
        group by all
        """
    )
    assert len(rows) == 5
    for at_risk, least, one_by_one, carried, allocation in rows:
        assert 0 <= least <= at_risk <= one_by_one
        assert carried <= 0.05 * allocation + 0.01


def test_the_cap_of_a_fund_comes_from_the_funds_own_row(sample: Ran) -> None:
    inputs = sample.select(
        "select input_kind, sheet, as_typed from marts.provenance where figure_id = ? order by input_no",
        f"nrf_projects:{QUARTER}|NRF02:at_risk",
    )
    assert inputs[-1] == ("cell", "funds", "5%")


def test_an_award_that_was_not_yet_known_is_in_no_quarter(sample: Ran) -> None:
    assert sample.select("select financial_year, award, basis from marts.fund_awards") == [
        ("2005-06", 9_308_000, "published")
    ]
    assert sample.select("select distinct award from marts.nrf_funds") == [(None,)]


@pytest.mark.parametrize(
    ("theme", "state", "difference", "reconciles", "says"),
    [
        ("healthy", "received", 0, "yes", "Agrees with its 2 projects."),
        ("learning", "received", 10_000, "no", "Against its 2 projects the programme holds £10,000 more and"),
        (
            "safe",
            "received",
            None,
            None,
            "Can't be said: figures for 3 of 4 projects are in (1 refused, 0 not",
        ),
    ],
)
def test_the_programme_is_compared_with_its_projects_where_all_came_in(
    sample: Ran, theme: str, state: str, difference: float | None, reconciles: str | None, says: str
) -> None:
    ((*found, sentence),) = sample.select(
        "select state, allocation_difference, reconciles, sentence from marts.nrf_programme "
        "where quarter = ? and theme = ?",
        QUARTER,
        theme,
    )
    assert found == [state, difference, reconciles]
    assert sentence.startswith(says)


def test_before_the_programme_sent_returns_none_was_due(sample: Ran) -> None:
    assert sample.select(
        "select distinct state, reconciles, programme_actual from marts.nrf_programme where quarter < ?",
        QUARTER,
    ) == [("not due", None, None)]


def test_money_against_progress_asks_what_the_figures_raise(sample: Ran) -> None:
    asked = dict(
        sample.select("select parent_id || ' ' || question, sentence from marts.money_against_progress "
                      "where quarter = '2003-04-Q3'")
    )  # fmt: skip
    assert asked["T1 red and underspent"] == (
        "T1 (Road casualties) is Red [u] as far as it is rated (2 of 3 measures), and £90,000 was spent on it of the "
        "£110,000 planned by now (18.2% less)."
    )
    assert asked["C1 red without a live action"].endswith("and the plan has no action for it.")
    for name in asked:
        parent, _, question = name.partition(" ")
        rating = sample.one(
            "select rating from marts.target_money where quarter = '2003-04-Q3' and parent_id = ?", parent
        )
        assert (
            rating
            == {"red": "R", "money on green": "G", "money on no rating": None}[
                question if question in ("money on green", "money on no rating") else "red"
            ]
        )


# What it says: nothing missing is a number


def test_a_value_that_is_not_there_is_not_zero(sample: Ran) -> None:
    for mart, status in (("target_series", "status"), ("proxy_series", "status")):
        marked = sample.select(f"select value from marts.{mart} where {status} = 'x'")
        assert set(marked) == {(None,)}, mart
    assert sample.select(
        "select distinct latest_value from marts.floor_targets where latest_period is null"
    ) == [(None,)]


def test_an_action_nobody_reported_on_has_no_status(sample: Ran) -> None:
    reported = sample.one("select count(*) from staging.improvement_plan where quarter = ?", QUARTER)
    with_status = sample.one(
        "select count(status) from marts.actions where quarter = ? and percent_done is not null", QUARTER
    )
    assert 0 < with_status <= reported


def test_a_nil_return_is_neither_missing_nor_read_as_rows(sample: Ran) -> None:
    assert sample.select(
        "select partner, return, state, rows_read from marts.returns where state in ('nil', 'missing') order by all"
    ) == [
        ("environment", "floor_targets", "missing", None),
        ("environment", "nrf_spend", "missing", None),
        ("environment", "proxy_indicators", "missing", None),
        ("jobcentre", "floor_targets", "nil", 0),
        ("road_safety", "floor_targets", "nil", 0),
    ]


def test_a_measure_has_the_same_types_where_it_has_no_row(sample: Ran) -> None:
    """A partnership without proxies, or without a fund, has its marts too."""
    with duckdb.connect(str(sample.workspace.database), read_only=True) as connection:
        views = connection.execute("select view_name from duckdb_views() where schema_name = 'framework'")
        framework = {name: connection.execute(f"from framework.{name}").df() for (name,) in views.fetchall()}
        for measure in measures.discover():
            series = connection.execute(f"from series.{measure.reads} order by row_id").df()
            full, empty = (measure.measure(rows, framework) for rows in (series, series.head(0)))
            kinds = [{name: _type_of(frame[name]) for name in frame} for frame in (full, empty)]
            assert kinds[0] == kinds[1], measure.name
