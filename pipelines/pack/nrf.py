"""The sheet of the fund, under its short name: the whole, themes, what to ask, targets, programme, every project."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.pack.bars import Bars, bar_charts
from pipelines.pack.lookups import financial_year, label, names, project_row
from pipelines.pack.model import Block, Column, Heading, Paragraph, Sheet, Table, rating_columns
from pipelines.pack.nrf_missing import missing_table, missing_words
from pipelines.pack.nrf_projects import (
    ONE_BY_ONE,
    allocations_table,
    money_table,
    outputs_table,
    outturn_table,
    risk_table,
)
from pipelines.pack.nrf_targets import covers, programme_table, question_table, target_outturns, target_table
from pipelines.pack.nrf_widths import BASIS, placed
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import capital, counted, listed

ORDER = 50


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    totals = marts.rows("nrf_themes", quarter=quarter, order=("theme_order", "theme"))
    projects = [project_row(marts, quarter, row) for row in marts.rows("nrf_projects", quarter=quarter)]
    funds = marts.rows("nrf_funds", quarter=quarter)
    named = names(marts)
    blocks: list[Block] = [
        Paragraph(_coverage(totals, is_public=marts.is_public)),
        Paragraph(
            "A total covers the projects received alone: what is missing or refused is in no total. Allocations, "
            f"profiles and actuals are those of {financial_year(quarter)}, unless another year is named."
        ),
        *missing_words(marts, quarter),
        *([] if marts.is_public else _queried(marts.rows("nrf_projects", quarter=quarter))),
        Paragraph(
            "A cap on carry-forward holds for a fund as a whole, in which projects make room for each other: "
            "the fund can carry more forward, and lose less, than its projects would one by one."
        ),
        *_bars(funds, totals, projects),
        _funds(funds, is_public=marts.is_public),
        _fund_outturns(funds, is_public=marts.is_public),
        *missing_table(marts, quarter),
        question_table(marts, quarter),
        _themes(totals, is_public=marts.is_public),
        _theme_outturns(totals),
        target_table(marts, quarter),
        target_outturns(marts, quarter),
        *([] if marts.is_public else [programme_table(marts, quarter)]),
        money_table(projects),
        outturn_table(projects),
        risk_table(projects),
        allocations_table(projects),
        outputs_table(marts, projects),
    ]
    title = f"{named.fund}, {label(marts, quarter)}"
    purpose = "The whole fund: totals, money against progress, the programme, and every project."
    return [Sheet(named.fund_short, title, blocks, purpose)]


def _bars(funds: Sequence[Row], totals: Sequence[Row], projects: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Spend against profile and allocation: funds beside themes, then every project."""
    by_fund = "By fund" if len(funds) > 1 else "The whole fund"
    whole = [
        *bar_charts("Fund_totals", by_fund, funds, "fund_title", "allocation"),
        *bar_charts("Fund_themes", "By theme", totals, "theme_title", "allocation"),
    ]
    each = bar_charts("Fund_projects", "By project", projects, "project", "revised_allocation")
    drawn: list[Block] = [Bars(charts) for charts in (whole, each) if charts]
    return [Heading("Spent, planned by now and allotted"), *drawn] if drawn else []


def _queried(projects: Sequence[Row]) -> list[Paragraph]:
    """What is in the totals though its sender has yet to explain it."""
    asked = [f"{row['project_id']} {row['title']}" for row in projects if row["is_queried"]]
    told = "in the totals as they were sent, and queried: Quality says why"
    return [Paragraph(f"{capital(listed(asked))}: {told}.")] if asked else []


def _coverage(totals: Sequence[Row], *, is_public: bool) -> str:
    expected, received, refused = (
        sum(row[f"projects_{name}"] for row in totals) for name in ("expected", "received", "refused")
    )
    if is_public:
        return f"Figures for {received} of {counted(expected, 'project', 'projects')}."
    return (
        f"Figures for {received} of {counted(expected, 'project', 'projects')}: "
        f"{refused} refused, {expected - received - refused} not in."
    )


EMPTY = "No project of the fund was expected to report in this quarter."
MONEY = [
    Column("allocation", "Revised allocation", "money"),
    Column("profile_to_date", "Profile to date", "money"),
    Column("actual_to_date", "Actual to date", "money"),
    Column("variance", "Variance", "money"),
    Column("variance_pct", "Variance (%)", "number", places=1),
]
HEADING = [
    Column("burn", "Spend per quarter so far", "money"),
    Column("required_run", "Needed per quarter from now", "money"),
    Column("outturn_low", "Outturn, low", "money"),
    Column("outturn_high", "Outturn, high", "money"),
    Column("carry_forward", "Carried forward", "money"),
]


def _funds(funds: Sequence[Row], *, is_public: bool) -> Table:
    rows = [{**row, "covers": covers(row) if is_public else _covers(row)} for row in funds]
    columns = [
        Column("fund_title", "Fund"),
        Column("covers", "Totals cover"),
        *rating_columns("rating", "Spend rating"),
        *MONEY,
        *(
            [Column("award", "Awarded for the year", "money")]
            if any(row["award"] is not None for row in funds)
            else []
        ),
        BASIS,
    ]
    return Table("Fund_totals", "The whole fund", placed(columns), rows, EMPTY, "nrf_funds")


def _fund_outturns(funds: Sequence[Row], *, is_public: bool) -> Table:
    rows = [{**row, "covers": covers(row) if is_public else _covers(row)} for row in funds]
    columns = [
        Column("fund_title", "Fund"),
        Column("covers", "Totals cover"),
        *HEADING,
        Column("at_risk", "At risk, at most", "money"),
        Column("at_risk_least", "At risk, at least", "money"),
        BASIS,
    ]
    return Table(
        "Fund_outturns", "Where the whole fund is heading", placed(columns), rows, EMPTY, "nrf_funds"
    )


def _themes(totals: Sequence[Row], *, is_public: bool) -> Table:
    rows = [{**row, "covers": covers(row)} for row in totals]
    columns = [
        Column("theme_title", "Theme"),
        Column("covers", "Totals cover"),
        Column("projects_expected", "Projects expected", "number"),
        Column("projects_received", "Projects received", "number"),
        *([] if is_public else [Column("projects_refused", "Projects refused", "number")]),
        *MONEY,
        BASIS,
    ]
    return Table("Fund_themes", "Totals by theme", placed(columns), rows, EMPTY, "nrf_themes")


def _theme_outturns(totals: Sequence[Row]) -> Table:
    rows = [{**row, "covers": covers(row)} for row in totals]
    columns = [
        Column("theme_title", "Theme"),
        Column("covers", "Totals cover"),
        *HEADING[:-1],
        Column("carry_forward", "Carried forward, one by one", "money"),
        Column("at_risk", "At risk, one by one", "money"),
        BASIS,
    ]
    return Table(
        "Fund_theme_outturns",
        "Where themes are heading",
        placed(columns),
        rows,
        EMPTY,
        "nrf_themes",
        notes=[ONE_BY_ONE],
    )


def _covers(row: Row) -> str:
    """3 of 4 projects (1 refused, 0 not in), for a fund."""
    expected, received, refused = (row[f"projects_{name}"] for name in ("expected", "received", "refused"))
    if expected == received:
        return covers(row)
    return f"{covers(row)} ({refused} refused, {expected - received - refused} not in)"
