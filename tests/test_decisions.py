"""Decisions: what is in the marts in, what the Board is asked out, the most pressing first."""

from datetime import date
from typing import Any

import duckdb
from sample_files import ROOT

SQL = ROOT / "sql"
TABLES = {
    "rating_scale": "rating text, word text, rank int",
    "calendar": "row_id text, quarter text, next_due_on date, cut_off_on date",
    "parent_targets": "parent_id text, lead_partner text",
    "settings": "setting_id text, value text",
    "money_against_progress": "row_id text, quarter text, parent_id text, title text, question text, "
    "sentence text, basis text",
    "target_money": "quarter text, parent_id text, profile_to_date double, actual_to_date double",
    "floor_targets": "quarter text, target_id text, title text, is_stale boolean, next_release_on date",
    "proxies": "row_id text, quarter text, target_id text, parent_id text, indicator_id text, title text, "
    "warning text, is_disagreeing boolean, link_grade text, link_reason text, is_trial boolean, chart_points int, "
    "basis text",
    "nrf_projects": "row_id text, quarter text, project_id text, title text, partner_title text, rating text, "
    "profile_to_date double, actual_to_date double, at_risk double, basis text",
    "findings": 'quarter text, "return" text, row_key text, settled_by text, settled text, rule text',
    "actions": "row_id text, quarter text, action_id text, title text, parent_id text, owner_title text, due_on date, "
    "days_overdue int, basis text",
    "returns": 'row_id text, quarter text, partner text, partner_title text, "return" text, is_expected boolean, '
    "state text, due_on date",
}
ALWAYS: dict[str, list[dict[str, Any]]] = {
    "rating_scale": [
        {"rating": rating, "word": word, "rank": rank}
        for rank, (rating, word) in enumerate(
            [("G", "Green"), ("AG", "Amber/Green"), ("AR", "Amber/Red"), ("R", "Red")], 1
        )
    ],
    "calendar": [{"quarter": "Q1", "next_due_on": date(2004, 10, 13), "cut_off_on": date(2004, 7, 15)}],
    "parent_targets": [{"parent_id": "T", "lead_partner": "The Trust"}],
}
QUESTION = {
    "row_id": "Q1|T|red", "quarter": "Q1", "parent_id": "T", "title": "Target",
    "sentence": "T is Red, so.", "basis": "illustrative",
}  # fmt: skip
PROJECT = {
    "row_id": "Q1|P1", "quarter": "Q1", "project_id": "P1", "title": "Wardens",
    "partner_title": "Police", "rating": "R",
    "profile_to_date": 500, "actual_to_date": 200, "at_risk": 900,
}  # fmt: skip
PROXY = {
    "row_id": "Q1|M|X", "quarter": "Q1", "target_id": "M", "parent_id": "T", "indicator_id": "X", "title": "Visits",
    "warning": "Disagrees with the headline.", "is_disagreeing": True,
}  # fmt: skip
MEASURE = {
    "quarter": "Q1",
    "target_id": "M",
    "title": "Rate",
    "is_stale": False,
    "next_release_on": date(2005, 2, 28),
}
ACTION = {
    "row_id": "Q1|A1", "quarter": "Q1", "action_id": "A1", "title": "Open it", "parent_id": "T",
    "owner_title": "Police", "due_on": date(2004, 6, 1), "days_overdue": 44,
}  # fmt: skip
RETURN = {
    "row_id": "Q1|p|actions", "quarter": "Q1", "partner": "p", "partner_title": "Police", "return": "actions",
    "is_expected": True, "state": "missing", "due_on": date(2004, 7, 12),
}  # fmt: skip


def decisions(**rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.execute(
            "create schema framework; create table framework.settings (setting_id text, row_id text)"
        )
        connection.execute("create schema marts")
        for name, columns in TABLES.items():
            connection.execute(f"create table marts.{name} ({columns})")
            for row in (ALWAYS | rows).get(name, []):
                names = ", ".join(f'"{column}"' for column in row)
                connection.execute(
                    f"insert into marts.{name} ({names}) values ({', '.join('?' for _ in row)})",
                    [*row.values()],
                )
        connection.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        query = (SQL / "marts" / "decisions.sql").read_text(encoding="utf-8")
        answer = connection.execute(f"select * from ({query}) order by decision_order")
        named = [column[0] for column in answer.description or ()]
        return [dict(zip(named, row, strict=True)) for row in answer.fetchall()]


def test_where_nothing_is_the_matter_nothing_is_asked() -> None:
    assert decisions() == []
    calm = {
        "nrf_projects": [PROJECT | {"rating": "AG"}, PROJECT | {"at_risk": 0}, PROJECT | {"at_risk": None}],
        "proxies": [PROXY | {"is_disagreeing": False}, PROXY | {"is_disagreeing": None}],
        "floor_targets": [MEASURE],
        "actions": [ACTION | {"days_overdue": None}],
        "returns": [RETURN | {"state": state} for state in ("accepted", "nil", "due", "queried")]
        + [RETURN | {"is_expected": False}],
        "money_against_progress": [QUESTION | {"question": "money on green"}],
        "target_money": [{"quarter": "Q1", "parent_id": "T"}],
    }
    assert decisions(**calm) == []


def test_the_most_pressing_comes_first() -> None:
    asked = decisions(
        money_against_progress=[QUESTION | {"question": "red without a live action"}],
        target_money=[{"quarter": "Q1", "parent_id": "T"}],
        floor_targets=[MEASURE],
        proxies=[PROXY],
        nrf_projects=[PROJECT, PROJECT | {"project_id": "P2", "row_id": "Q1|P2", "at_risk": 5000}],
        actions=[ACTION],
        returns=[RETURN],
    )
    assert [(row["decision_order"], row["rule"], row["subject"]) for row in asked] == [
        (1, "red without a live action", "T"),
        (2, "a proxy disagrees", "M by X"),
        (3, "money at risk", "P2"),
        (4, "money at risk", "P1"),
        (5, "an action is overdue", "A1"),
        (6, "a return is missing", "p actions"),
    ]
    assert {row["by_on"] for row in asked} == {date(2004, 10, 13)}
    assert [row["owner_title"] for row in asked] == [
        "The Trust",
        "The Trust",
        "Police",
        "Police",
        "Police",
        "Police",
    ]


def test_each_says_what_is_the_matter_and_what_is_asked() -> None:
    [row] = decisions(nrf_projects=[PROJECT])
    assert row["issue"] == (
        "P1 (Wardens) has spent £200 of the £500 planned by now; at its lowest outturn £900 cannot be carried forward."
    )
    assert row["ask"] == "Agree how it is spent by the year's end, or moved to other projects."
    assert row["amount"] == 900
    [row] = decisions(proxies=[PROXY], floor_targets=[MEASURE | {"is_stale": True}])
    assert row["issue"] == "Visits, while the target's own value is stale: Disagrees with the headline."
    assert row["ask"] == "Agree whether to act on it before the target's next value is out on 28 Feb 2005."
    [row] = decisions(proxies=[PROXY], floor_targets=[MEASURE | {"next_release_on": date(2003, 7, 31)}])
    assert row["ask"].endswith("next value is out, which was due on 31 Jul 2003 and is overdue.")
    [row] = decisions(returns=[RETURN | {"state": "refused"}])
    assert row["issue"] == "What Police sent for actions was refused; it was due on 12 Jul 2004."
    [row] = decisions(returns=[RETURN])
    assert row["issue"] == "Nothing has come from Police for actions; it was due on 12 Jul 2004."
    [row] = decisions(returns=[RETURN], settings=[{"setting_id": "title_actions", "value": "Plan actions"}])
    assert row["issue"] == "Nothing has come from Police for Plan actions; it was due on 12 Jul 2004."


def test_what_red_and_underspent_puts_at_stake_is_what_was_planned_and_not_spent() -> None:
    [row] = decisions(
        money_against_progress=[QUESTION | {"question": "red and underspent"}],
        target_money=[{"quarter": "Q1", "parent_id": "T", "profile_to_date": 500, "actual_to_date": 320}],
    )
    assert row["amount"] == 180
    assert row["amount__from"]["inputs"]


WAIVER = {
    "quarter": "Q1", "return": "nrf_spend", "row_key": "P1", "settled_by": "waiver",
    "settled": "Waived by the Manager.", "rule": "comment_fits_figures",
}  # fmt: skip


def test_what_a_waiver_on_record_answers_comes_last_with_its_words() -> None:
    other = PROJECT | {"project_id": "P2", "row_id": "Q1|P2", "at_risk": 1}
    asked = decisions(nrf_projects=[PROJECT, other], findings=[WAIVER, WAIVER])
    assert [(row["subject"], row["answered"]) for row in asked] == [
        ("P2", None),
        ("P1", "Waived by the Manager."),
    ]


def test_what_settles_a_finding_otherwise_answers_no_question_of_money() -> None:
    for change in (
        {"settled_by": "answer"}, {"return": "proxy_indicators"}, {"row_key": "P9"}, {"quarter": "Q0"},
        {"rule": "commentary_without_personal_data"},
    ):  # fmt: skip
        [row] = decisions(nrf_projects=[PROJECT], findings=[WAIVER | change])
        assert row["answered"] is None


def test_a_proxy_that_disagrees_says_how_sure_it_is() -> None:
    known = {
        "link_grade": "C",
        "link_reason": "Plausible, but not tested: 0 pairs of changes, and 8 are needed.",
        "chart_points": 6,
    }
    [row] = decisions(proxies=[PROXY | known | {"is_trial": True}], floor_targets=[MEASURE])
    assert row["issue"] == (
        "Visits: Disagrees with the headline. How sure: its evidence is graded C, from A (best) to D: plausible, but "
        "not tested; the limits of its chart still rough on 6 values."
    )
    [row] = decisions(proxies=[PROXY | known | {"is_trial": False}], floor_targets=[MEASURE])
    assert row["issue"].endswith("plausible, but not tested.")
