"""Small marts for the tests of the pack: the columns that the pack reads, and a few rows of each.

H4 has one measure, C1 three (burglary rated, vehicle not rated, robbery of a type not built). NRF02 serves both.
"""

import copy
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.pack.read import Marts

Q = "2004-05-Q1"
COLUMNS = {
    "about": "row_id text, run_id text, as_at date, code_version text, newest_quarter text",
    "actions": "row_id text, quarter text, action_id text, strand text, target_id text, parent_id text, "
    "criterion text, criterion_title text, title text, owner text, owner_title text, due_on date, status text, "
    "percent_done double, milestone text, milestone_due_on date, rating text, days_overdue bigint, note text, "
    "basis text",
    "calendar": "row_id text, quarter text, starts_on date, ends_on date, due_on date, cut_off_on date, "
    "board_on date, label text",
    "criteria": "row_id text, criterion_id text, title text, criterion_order bigint, basis text",
    "findings": "row_id text, quarter text, partner text, return text, file_name text, sheet text, cell text, "
    "as_typed text, rule text, because text, consequence text",
    "floor_targets": "row_id text, quarter text, target_id text, parent_id text, theme text, theme_title text, "
    "title text, unit text, places bigint, polarity text, target_type text, baseline_value double, "
    "baseline_label text, baseline_basis text, target_value double, target_label text, due_on date, "
    "latest_value double, latest_status text, latest_label text, age_months bigint, is_stale boolean, "
    "previous_value double, trajectory_value double, on_course double, progress double, rating text, "
    "rating_source text, rating_reason text, values_basis text, lead_partner text, note text",
    "nrf_projects": "row_id text, quarter text, project_id text, theme text, theme_title text, title text, "
    "partner text, allocation double, revised_allocation double, profile_year double, profile_to_date double, "
    "actual_this_quarter double, actual_to_date double, committed double, variance double, variance_pct double, "
    "forecast_outturn double, outturn_straight double, outturn_profile double, outturn_plan double, "
    "outturn_partner double, outturn_low double, outturn_high double, burn double, required_run double, "
    "carry_forward double, at_risk double, rating text, output_measure text, output_target double, "
    "output_actual double, rating_delivery text, rating_partner_spend text, basis text, commentary text",
    "nrf_themes": "row_id text, quarter text, theme text, allocation double, profile_to_date double, "
    "actual_to_date double, variance double, projects_expected bigint, projects_received bigint, "
    "projects_refused bigint",
    "parent_targets": "row_id text, parent_id text, title text, wording text, lead_partner text, source text, "
    "target_order bigint",
    "partners": "row_id text, partner_id text, name text, contact text",
    "project_targets": "row_id text, project_id text, parent_id text, weight_pct double",
    "provenance": "figure_id text, input_no bigint, input_kind text, method text, mart text, column_name text, "
    "row_id text, input_figure_id text, file_name text, sha256 text, sheet text, cell text, as_typed text, "
    "partner text, received_at timestamp",
    "proxies": "row_id text, quarter text, target_id text, parent_id text, indicator_id text, title text, "
    "unit text, places bigint, latest_value double, latest_status text, latest_label text, previous_value double, "
    "previous_label text, direction text, age_months bigint, is_stale boolean, partner text, basis text",
    "rating_scale": "row_id text, rating text, word text, rank bigint, lowest_on_course double, glyph text, "
    "fill text, font text, meaning text",
    "returns": "row_id text, quarter text, partner text, return text, due_on date, received_at timestamp, "
    "state text, days_late bigint, rows_read bigint, rows_accepted bigint, rows_refused bigint, file_name text, "
    "sha256 text",
    "revisions": "row_id text, quarter text, item_id text, title text, column_name text, period_label text, "
    "value_was double, value_is double, places bigint, received_at timestamp, file_name text",
    "settings": "row_id text, setting_id text, value text, meaning text, basis text",
    "spend_bands": "row_id text, band bigint, rating text, up_to_pct double, basis text",
    "target_series": "row_id text, target_id text, period_start date, period_end date, period_label text, "
    "value double, status text, lower double, upper double, trajectory_value double, on_course double, "
    "comparator_label text, comparator_value double, gap double, published_on date, basis text",
    "themes": "row_id text, theme_id text, title text, partnership text, theme_order bigint",
}
H4 = dict(
    row_id=f"{Q}|H4", quarter=Q, target_id="H4", parent_id="H4", theme="children",
    theme_title="Children and young people", title="Under-18 conception rate",
    unit="per 1,000 women aged 15-17", places=1, polarity="lower is better", target_type="PCT_REDUCTION",
    baseline_value=61.5, baseline_label="1998", baseline_basis="as later published", target_value=30.75,
    target_label="2010", due_on=date(2010, 12, 31), latest_value=53.8, latest_status=None, latest_label="2002",
    age_months=18, is_stale=False, previous_value=56.7, trajectory_value=51.25, on_course=0.7512,
    progress=0.2504, rating="AR", rating_source="suggested",
    rating_reason="At 53.8 against 51.2 needed on the trajectory by 31 Dec 2002: 75% of the improvement needed.",
    values_basis="as later published", lead_partner="Primary Care Trust", note=None,
)  # fmt: skip
BURGLARY = {
    **H4, **dict(
        row_id=f"{Q}|C1_burglary", target_id="C1_burglary", parent_id="C1", theme="safe", theme_title="Safe city",
        title="Domestic burglary", unit="per 1,000 households", baseline_value=40.0, baseline_label="1998/99",
        baseline_basis="illustrative", target_value=30.0, target_label="2004/05", due_on=date(2005, 3, 31),
        latest_value=30.2, latest_status="p", latest_label="2003/04", age_months=3, previous_value=33.0,
        trajectory_value=31.7, on_course=1.18, progress=0.98, rating="G", rating_source="partner",
        rating_reason="At 30.2 against 31.7 needed on the trajectory by 31 Mar 2004: level with it or ahead.",
        values_basis="illustrative", lead_partner="Police", note="Recorded crime.",
    ),
}  # fmt: skip
VEHICLE = {
    **BURGLARY, **dict(
        row_id=f"{Q}|C1_vehicle", target_id="C1_vehicle", title="Vehicle crime", latest_value=None,
        latest_status="c", latest_label="2003/04", previous_value=None, on_course=None, progress=None,
        rating=None, rating_source=None, rating_reason="Not rated: no value.", age_months=None, is_stale=None,
    ),
}  # fmt: skip
ROBBERY = {
    **BURGLARY, **dict(
        row_id=f"{Q}|C1_robbery", target_id="C1_robbery", title="Robbery", target_type="MAX_MULTIPLE",
        target_value=None, trajectory_value=None, on_course=None, progress=None, rating=None, rating_source=None,
        rating_reason="Method not built for targets of type MAX_MULTIPLE.", is_stale=True, age_months=40,
    ),
}  # fmt: skip
ACTION = dict(
    row_id=f"{Q}|IP01", quarter=Q, action_id="IP01", strand="delivery", target_id="H4", parent_id="H4",
    criterion=None, criterion_title=None, title="Train staff of every school", owner="pct",
    owner_title="Primary Care Trust", due_on=date(2005, 3, 31), status="on track", percent_done=40.0,
    milestone="Training day held", milestone_due_on=date(2004, 9, 30), rating="G", days_overdue=None,
    note='=HYPERLINK("http://example.org")', basis="illustrative",
)  # fmt: skip
PROJECT = dict(
    row_id=f"{Q}|NRF01", quarter=Q, project_id="NRF01", theme="safe", theme_title="Safe city",
    title="Target hardening", partner="police", allocation=240000.0, revised_allocation=240000.0,
    profile_year=240000.0, profile_to_date=80000.0, actual_this_quarter=60000.0, actual_to_date=60000.0,
    committed=10000.0, variance=-20000.0, variance_pct=-25.0, forecast_outturn=220000.0,
    outturn_straight=240000.0, outturn_profile=180000.0, outturn_plan=220000.0, outturn_partner=220000.0,
    outturn_low=180000.0, outturn_high=240000.0, burn=60000.0, required_run=60000.0, carry_forward=12000.0,
    at_risk=48000.0, rating="AR", output_measure="Homes secured", output_target=100.0, output_actual=80.0,
    rating_delivery="AG", rating_partner_spend="G", basis="illustrative", commentary="-2+3 is what it says.",
)  # fmt: skip
ROWS: dict[str, list[dict[str, Any]]] = {
    "about": [dict(row_id="about", run_id="0f3a9c", as_at=date(2004, 7, 20), code_version="c0de", newest_quarter=Q)],
    "actions": [
        ACTION,
        {**ACTION, **dict(row_id=f"{Q}|IP02", action_id="IP02", title="Open a clinic", status=None, note=None,
                          percent_done=None, milestone=None, milestone_due_on=None, rating=None,
                          days_overdue=12)},
        {**ACTION, **dict(row_id=f"{Q}|IP08", action_id="IP08", strand="partnership", target_id=None,
                          parent_id=None, criterion="strategic", criterion_title="Strategic",
                          title="Review the Community Plan", owner="lsp", owner_title="LSP office",
                          status="slipping", rating="AR", days_overdue=None, note="Begun \x07 late.")},
    ],
    "calendar": [
        dict(row_id="2004-05-Q1", quarter="2004-05-Q1", starts_on=date(2004, 4, 1), ends_on=date(2004, 6, 30),
             due_on=date(2004, 7, 9), cut_off_on=date(2004, 7, 14), board_on=date(2004, 7, 21),
             label="Apr to Jun 2004"),
        dict(row_id="2004-05-Q2", quarter="2004-05-Q2", starts_on=date(2004, 7, 1), ends_on=date(2004, 9, 30),
             due_on=date(2004, 10, 8), cut_off_on=date(2004, 10, 13), board_on=date(2004, 10, 20),
             label="Jul to Sep 2004"),
    ],
    "criteria": [
        dict(row_id="inclusive", criterion_id="inclusive", title="Inclusive", criterion_order=2, basis="published"),
        dict(row_id="strategic", criterion_id="strategic", title="Strategic", criterion_order=1, basis="published"),
    ],
    "findings": [
        dict(row_id="f1", quarter=Q, partner="police", **{"return": "nrf_spend"}, file_name="spend.xlsx",
             sheet="Spend", cell="D7", as_typed="=1+1", rule="number", because="This is not a number.",
             consequence="refuse"),
        dict(row_id="f2", quarter=Q, partner="pct", **{"return": "floor_targets"}, file_name="pct.xlsx",
             sheet="Targets", cell="C4", as_typed="60", rule="lower_not_above_value",
             because="The lower limit is above the value.", consequence="query"),
    ],
    "floor_targets": [H4, BURGLARY, VEHICLE, ROBBERY],
    "nrf_projects": [
        PROJECT,
        {**PROJECT, **dict(row_id=f"{Q}|NRF02", project_id="NRF02", title="Detached youth work",
                           partner="network", variance=5000.0, variance_pct=6.3, rating="AG")},
        {**PROJECT, **dict(row_id=f"{Q}|NRF03", project_id="NRF03", title="Alley gates", actual_this_quarter=None,
                           actual_to_date=None, variance=None, variance_pct=None, rating=None, commentary=None,
                           outturn_low=None, outturn_high=None, at_risk=None, output_actual=None)},
    ],
    "nrf_themes": [
        dict(row_id=f"{Q}|safe", quarter=Q, theme="safe", allocation=480000.0, profile_to_date=160000.0,
             actual_to_date=120000.0, variance=-15000.0, projects_expected=3, projects_received=2,
             projects_refused=1),
    ],
    "parent_targets": [
        dict(row_id="C1", parent_id="C1", title="Crime", wording="Cut vehicle crime by 30%, burglary by 25%.",
             lead_partner="Police", source=None, target_order=2),
        dict(row_id="H4", parent_id="H4", title="Under-18 conceptions", wording="Halve the rate by 2010.",
             lead_partner="Primary Care Trust", source="Spending Review 2002", target_order=1),
    ],
    "partners": [
        dict(row_id="lsp", partner_id="lsp", name="LSP office", contact=None),
        dict(row_id="network", partner_id="network", name="Community Network", contact=None),
        dict(row_id="pct", partner_id="pct", name="Primary Care Trust", contact="Performance officer"),
        dict(row_id="police", partner_id="police", name="Police", contact=None),
    ],
    "project_targets": [
        dict(row_id="NRF01|C1", project_id="NRF01", parent_id="C1", weight_pct=100.0),
        dict(row_id="NRF02|C1", project_id="NRF02", parent_id="C1", weight_pct=40.0),
        dict(row_id="NRF02|H4", project_id="NRF02", parent_id="H4", weight_pct=60.0),
        dict(row_id="NRF03|C1", project_id="NRF03", parent_id="C1", weight_pct=100.0),
    ],
    "provenance": [
        dict(figure_id=f"floor_targets:{Q}|H4:latest_value", input_no=1, input_kind="figure", method="Latest value",
             input_figure_id="target_series:H4|2002:value"),
        dict(figure_id=f"floor_targets:{Q}|H4:trajectory_value", input_no=1, input_kind="cell", method="Trajectory",
             file_name="framework.xlsx", sha256="ab" * 32, sheet="targets", cell="J9", as_typed="61.5",
             partner="lsp", received_at=datetime(2004, 4, 1, 9, 0)),
        dict(figure_id=f"floor_targets:{Q}|H4:trajectory_value", input_no=2, input_kind="cell", method="Trajectory",
             file_name="framework.xlsx", sha256="ab" * 32, sheet="targets", cell="K9", as_typed="2010",
             partner="lsp", received_at=datetime(2004, 4, 1, 9, 0)),
        dict(figure_id="target_series:H4|2002:value", input_no=1, input_kind="cell", method="As received",
             file_name="pct.xlsx", sha256="cd" * 32, sheet="Targets", cell="C9", as_typed=" 53.8 ",
             partner="pct", received_at=datetime(2004, 7, 8, 16, 5)),
        dict(figure_id=f"nrf_projects:{Q}|NRF01:variance", input_no=1, input_kind="cell", method="Actual - profile",
             file_name="spend.xlsx", sha256="ef" * 32, sheet="Spend", cell="H5", as_typed="60,000",
             partner="police", received_at=datetime(2004, 7, 9, 11, 30)),
    ],
    "proxies": [
        dict(row_id=f"{Q}|H4|P_CCARD", quarter=Q, target_id="H4", parent_id="H4", indicator_id="P_CCARD",
             title="C-card registrations", unit="count", places=0, latest_value=412.0, latest_status="p",
             latest_label="Apr to Jun 2004", previous_value=388.0, previous_label="Jan to Mar 2004",
             direction="up", age_months=0, is_stale=False, partner="pct", basis="illustrative"),
    ],
    "rating_scale": [
        dict(row_id="G", rating="G", word="Green", rank=1, lowest_on_course=1.0, glyph="●", fill="1B7F5C",
             font="FFFFFF", meaning="Highly likely"),
        dict(row_id="AG", rating="AG", word="Amber/Green", rank=2, lowest_on_course=0.8, glyph="▲", fill="CDE8B5",
             font="0B0C0C", meaning="Probable, but needs constant attention"),
        dict(row_id="AR", rating="AR", word="Amber/Red", rank=3, lowest_on_course=0.6, glyph="◆", fill="F5A742",
             font="0B0C0C", meaning="In doubt"),
        dict(row_id="R", rating="R", word="Red", rank=4, lowest_on_course=None, glyph="■", fill="7B1113",
             font="FFFFFF", meaning="Highly problematic"),
    ],
    "returns": [
        dict(row_id="1", quarter=Q, partner="pct", **{"return": "floor_targets"}, due_on=date(2004, 7, 9),
             received_at=datetime(2004, 7, 8, 16, 5), state="received", days_late=0, rows_read=3, rows_accepted=3,
             rows_refused=0, file_name="pct.xlsx", sha256="cd" * 32),
        dict(row_id="2", quarter=Q, partner="police", **{"return": "nrf_spend"}, due_on=date(2004, 7, 9),
             received_at=datetime(2004, 7, 12, 9, 0), state="late", days_late=3, rows_read=2, rows_accepted=1,
             rows_refused=1, file_name="spend.xlsx", sha256="ef" * 32),
        dict(row_id="3", quarter=Q, partner="pct", **{"return": "improvement_plan"}, due_on=date(2004, 7, 9),
             received_at=None, state="missing", days_late=None, rows_read=None, rows_accepted=None,
             rows_refused=None, file_name=None, sha256=None),
        dict(row_id="4", quarter=Q, partner="network", **{"return": "nrf_spend"}, due_on=date(2004, 7, 9),
             received_at=datetime(2004, 7, 9, 9, 0), state="nil", days_late=0, rows_read=0, rows_accepted=0,
             rows_refused=0, file_name="nil.xlsx", sha256="01" * 32),
        dict(row_id="5", quarter=Q, partner="lsp", **{"return": "improvement_plan"}, due_on=date(2004, 7, 9),
             received_at=datetime(2004, 7, 9, 9, 0), state="refused", days_late=0, rows_read=None,
             rows_accepted=None, rows_refused=None, file_name="plan.doc", sha256="02" * 32),
    ],
    "revisions": [
        dict(row_id="r1", quarter=Q, item_id="C1_burglary", title="Domestic burglary", column_name="value",
             period_label="2002/03", value_was=33.4, value_is=33.0, places=1,
             received_at=datetime(2004, 7, 9, 11, 30), file_name="police.xlsx"),
    ],
    "settings": [
        dict(row_id="contact", setting_id="contact", value="the LSP office", meaning="Whom to ask.", basis=None),
        dict(row_id="cover_note", setting_id="cover_note", value="Sample figures are illustrative.",
             meaning="Said on the cover.", basis="own choice"),
        dict(row_id="partnership_name", setting_id="partnership_name", value="Salford & Partners",
             meaning="The name on the pack.", basis="own choice"),
    ],
    "spend_bands": [
        dict(row_id="1", band=1, rating="G", up_to_pct=5.0, basis="government practice today"),
        dict(row_id="2", band=2, rating="R", up_to_pct=None, basis="government practice today"),
    ],
    "target_series": [
        dict(row_id="H4|2001", target_id="H4", period_start=date(2001, 1, 1), period_end=date(2001, 12, 31),
             period_label="2001", value=56.7, status=None, lower=50.1, upper=63.9, trajectory_value=53.8,
             on_course=0.62, comparator_label="England", comparator_value=42.5, gap=14.2,
             published_on=date(2003, 2, 28), basis="as later published"),
        dict(row_id="H4|2002", target_id="H4", period_start=date(2002, 1, 1), period_end=date(2002, 12, 31),
             period_label="2002", value=53.8, status=None, lower=None, upper=None, trajectory_value=51.25,
             on_course=0.7512, comparator_label="England", comparator_value=42.8, gap=11.0,
             published_on=date(2004, 2, 28), basis="as later published"),
        dict(row_id="H4|2003", target_id="H4", period_start=date(2003, 1, 1), period_end=date(2003, 12, 31),
             period_label="2003", value=60.7, status=None, lower=None, upper=None, trajectory_value=48.7,
             on_course=0.06, comparator_label="England", comparator_value=42.1, gap=18.6,
             published_on=date(2005, 2, 28), basis="as later published"),
        dict(row_id="C1_burglary|2003", target_id="C1_burglary", period_start=date(2003, 4, 1),
             period_end=date(2004, 3, 31), period_label="2003/04", value=30.2, status="p", lower=None, upper=None,
             trajectory_value=31.7, on_course=1.18, comparator_label=None, comparator_value=None, gap=None,
             published_on=date(2004, 6, 30), basis="illustrative"),
        dict(row_id="C1_vehicle|2003", target_id="C1_vehicle", period_start=date(2003, 4, 1),
             period_end=date(2004, 3, 31), period_label="2003/04", value=None, status="c", lower=None, upper=None,
             trajectory_value=18.0, on_course=None, comparator_label=None, comparator_value=None, gap=None,
             published_on=date(2004, 6, 30), basis="illustrative"),
    ],
    "themes": [
        dict(row_id="safe", theme_id="safe", title="Safe city", partnership=None, theme_order=2),
        dict(row_id="children", theme_id="children", title="Children and young people", partnership=None,
             theme_order=4),
    ],
}  # fmt: skip


def sample() -> dict[str, list[dict[str, Any]]]:
    """A copy of the rows, for a test to change."""
    return copy.deepcopy(ROWS)


def marts_of(tables: dict[str, list[dict[str, Any]]]) -> Marts:
    """The rows as marts in a DuckDB of their own, in memory."""
    connection = duckdb.connect()
    connection.execute("create schema marts")
    for name, columns in COLUMNS.items():
        connection.execute(f"create table marts.{name} ({columns})")
        for row in tables[name]:
            marks = ", ".join("?" for _ in row)
            connection.execute(f"insert into marts.{name} ({', '.join(row)}) values ({marks})", [*row.values()])
    return Marts(connection)
